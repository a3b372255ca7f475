//! `zklab lesson FILE`: what is wrong with a lesson, for its author.

use super::run::{BAD, FAILED, HELD, bytes};
use crate::lab::lesson::{self, Kind, Lesson, MOST_BYTES};
use crate::lab::script::ScriptError;
use std::io::{self, Write};

/// What `zklab help` says of it.
pub const USAGE: &str = "\
  zklab lesson FILE…
                  go through lessons and challenges and tell what does not come out as they
                  say; how to write one is told in docs/lessons.md
                  exit status: 0 all is well, 1 something is not, 2 one cannot be understood
";

/// Checks lessons. Returns the exit status.
///
/// # Errors
/// If nobody takes what is printed.
pub fn lesson(arguments: &[&str], out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    if arguments.is_empty() {
        writeln!(err, "zklab lesson: which file?\n\n{USAGE}")?;
        return Ok(BAD);
    }
    let mut status = HELD;
    for file in arguments {
        status = status.max(one(file, out, err)?);
    }
    Ok(status)
}

fn one(file: &str, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let bytes = match bytes(file, MOST_BYTES as u64 + 1) {
        Ok(bytes) => bytes,
        Err(error) => {
            writeln!(err, "{file}: {error}")?;
            return Ok(BAD);
        }
    };
    let lesson = match lesson::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(lesson) => lesson,
        Err(errors) => {
            for ScriptError { line, column, message } in errors {
                writeln!(err, "{file}:{line}:{column}: {message}")?;
            }
            return Ok(BAD);
        }
    };
    let troubles = lesson::check(&lesson);
    for trouble in &troubles {
        writeln!(out, "{file}:{}: {}", trouble.line, trouble.message)?;
    }
    if troubles.is_empty() {
        writeln!(out, "{file}: {}", summary(&lesson))?;
    }
    Ok(if troubles.is_empty() { HELD } else { FAILED })
}

fn summary(lesson: &Lesson) -> String {
    let kind = match lesson.kind {
        Kind::Lesson => "lesson",
        Kind::Challenge { .. } => "challenge",
    };
    let Lesson { number, id, steps, .. } = lesson;
    let questions = steps.iter().filter(|step| step.question().is_some()).count();
    let goals = steps.iter().filter(|step| step.goal().is_some()).count();
    let steps = steps.len();
    format!("ok, {kind} {number} {id}: {steps} steps, {questions} questions, {goals} goals")
}
