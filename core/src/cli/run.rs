//! `zklab run FILE` and `zklab format FILE`: scenario scripts without a page.

use crate::lab::script::run::{Finding, MOST_EVENTS, Run};
use crate::lab::script::text::time;
use crate::lab::script::{self, MOST_BYTES, Script, ScriptError};
use serde_json::{Value, json};
use std::io::{self, Read, Write};

/// What `zklab help` says of them.
pub const USAGE: &str = "\
  zklab run [OPTION]… FILE
                  run a scenario script and tell which expectations held; - is standard
                  input. Scripts are described in docs/scenarios.md
      --trace     print everything that happens as well
      --json      print one JSON object a line
      --seed N    another seed than the script's
      --events N  give up after so many events (otherwise 5000000)
                  exit status: 0 all expectations held, 1 one did not or the script could
                  not go on, 2 the script cannot be understood
  zklab format FILE
                  print a scenario script in its canonical form
";

/// All went well.
pub const HELD: u8 = 0;
/// An expectation did not hold, or the script could not go on.
pub const FAILED: u8 = 1;
/// The arguments or the script cannot be understood.
pub const BAD: u8 = 2;

/// What `zklab run` was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Options {
    file: String,
    is_traced: bool,
    is_json: bool,
    seed: Option<u64>,
    most_events: u32,
}

fn options(arguments: &[&str]) -> Result<Options, String> {
    let mut file = None;
    let mut options = Options {
        file: String::new(),
        is_traced: false,
        is_json: false,
        seed: None,
        most_events: MOST_EVENTS,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = |what: &str| {
            arguments.next().ok_or_else(|| format!("{argument} needs {what}")).copied()
        };
        match *argument {
            "--trace" => options.is_traced = true,
            "--json" => options.is_json = true,
            "--seed" => {
                let text = value("a whole number")?;
                let wrong = |_| format!("--seed: expected a whole number, found {text:?}");
                options.seed = Some(text.parse().map_err(wrong)?);
            }
            "--events" => {
                let text = value("a whole number")?;
                let wrong = |_| format!("--events: expected a whole number, found {text:?}");
                options.most_events = text.parse().map_err(wrong)?;
            }
            "-" => file = Some("-"),
            unknown if unknown.starts_with('-') => {
                return Err(format!("there is no option {unknown}"));
            }
            name if file.is_none() => file = Some(name),
            other => return Err(format!("one file at a time: {other:?} is another")),
        }
    }
    options.file = file.ok_or("which file?")?.to_owned();
    Ok(options)
}

/// Runs a script as the arguments say. Returns the exit status.
///
/// # Errors
/// If nobody takes what is printed.
pub fn run(arguments: &[&str], out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let options = match options(arguments) {
        Ok(options) => options,
        Err(problem) => {
            writeln!(err, "zklab run: {problem}\n\n{USAGE}")?;
            return Ok(BAD);
        }
    };
    let Some(script) = read(&options.file, options.is_json, out, err)? else { return Ok(BAD) };
    let mut scenario = script.scenario();
    scenario.seed = options.seed.unwrap_or(scenario.seed);
    let mut run = match Run::of(&script, &scenario) {
        Ok(run) => run.with_most_events(options.most_events),
        Err(error) => {
            writeln!(err, "{}: {error}", options.file)?;
            return Ok(BAD);
        }
    };
    let mut printed = Printed::default();
    while run.step() {
        printed.rest(&run, &options, out)?;
    }
    summary(&run, &options, out)?;
    Ok(if run.has_held() { HELD } else { FAILED })
}

/// Prints a script in its canonical form. Returns the exit status.
///
/// # Errors
/// If nobody takes what is printed.
pub fn format(arguments: &[&str], out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let [file] = arguments else {
        writeln!(err, "zklab format: expected one file\n\n{USAGE}")?;
        return Ok(BAD);
    };
    let Some(script) = read(file, false, out, err)? else { return Ok(BAD) };
    write!(out, "{}", script::format(&script))?;
    Ok(HELD)
}

/// The script in a file; nothing if there is none, which has been told then.
fn read(
    file: &str,
    is_json: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Option<Script>> {
    // One more than a script may have: what is longer is refused, not read to its end.
    let bytes = match bytes(file, MOST_BYTES as u64 + 1) {
        Ok(bytes) => bytes,
        Err(error) => {
            writeln!(err, "{file}: {error}")?;
            return Ok(None);
        }
    };
    match script::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(script) => Ok(Some(script)),
        Err(errors) => {
            for ScriptError { line, column, message } in errors {
                if is_json {
                    let error = json!({ "error": message, "line": line, "column": column });
                    writeln!(out, "{error}")?;
                }
                writeln!(err, "{file}:{line}:{column}: {message}")?;
            }
            Ok(None)
        }
    }
}

/// The first bytes of a file, at most so many; `-` is standard input.
pub(super) fn bytes(file: &str, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match file {
        "-" => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
        file => std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// How much has been printed.
#[derive(Default)]
struct Printed {
    events: u32,
    findings: usize,
}

impl Printed {
    fn rest(&mut self, run: &Run, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        if options.is_traced {
            self.events(run, options.is_json, out)?;
        }
        for finding in &run.findings()[self.findings..] {
            match options.is_json {
                true => writeln!(out, "{}", finding_json(finding))?,
                false => writeln!(out, "{}", finding_text(finding))?,
            }
        }
        self.findings = run.findings().len();
        out.flush()
    }

    fn events(&mut self, run: &Run, is_json: bool, out: &mut dyn Write) -> io::Result<()> {
        let trace = run.lab().timeline().trace();
        let mut notes = trace.notes_from(self.events).peekable();
        for (offset, event) in trace.events.iter_from(self.events as usize).enumerate() {
            let index = self.events + offset as u32;
            let mut told = Vec::new();
            while let Some(note) = notes.next_if(|note| note.event == index) {
                told.push(note.to_string());
            }
            if is_json {
                let actor = event.kind.actor().map(|actor| actor.to_string());
                let at = event.at.to_string();
                let text = event.to_string();
                let event = json!({ "index": index, "at": at, "actor": actor, "event": text, "notes": told });
                writeln!(out, "{event}")?;
            } else {
                writeln!(out, "{index} {event}")?;
                told.iter().try_for_each(|note| writeln!(out, "  {note}"))?;
            }
        }
        self.events = trace.len();
        Ok(())
    }
}

fn finding_text(finding: &Finding) -> String {
    let Finding { line, statement, has_held, found, at, .. } = finding;
    match has_held {
        true => format!("ok    {line:>4}  {statement}"),
        false => format!("FAIL  {line:>4}  {statement}\n            at {}: {found}", time(at.0)),
    }
}

fn finding_json(finding: &Finding) -> Value {
    let Finding { line, at, events, statement, has_held, found } = finding;
    let found = (!has_held).then_some(found);
    json!({
        "line": line, "statement": statement, "held": has_held, "found": found,
        "at": at.to_string(), "events": events,
    })
}

fn summary(run: &Run, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let failed = run.findings().iter().filter(|finding| !finding.has_held).count();
    let held = run.findings().len() - failed;
    let tip = run.lab().timeline().tip();
    let (events, hash) = (tip.events, run.lab().hash());
    if options.is_json {
        let stop =
            run.stop().map(|stop| json!({ "line": stop.line, "reason": stop.reason.to_string() }));
        let end = json!({
            "held": held, "failed": failed, "stopped": stop, "events": events,
            "at": tip.now.to_string(), "hash": format!("{hash:016x}"),
        });
        return writeln!(out, "{end}");
    }
    if let Some(stop) = run.stop() {
        writeln!(out, "STOP  {:>4}  {}", stop.line, stop.reason)?;
    }
    let now = time(tip.now.0);
    writeln!(out, "{held} held, {failed} failed; {events} events, {now}, hash {hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_may_come_in_any_order() {
        let read = options(&["--json", "a.zk", "--seed", "7", "--trace"]).expect("they are right");
        assert!(read.is_json && read.is_traced && read.seed == Some(7) && read.file == "a.zk");
        for wrong in [&["--seed"][..], &["a", "b"], &[], &["--seed", "x", "a"], &["-x", "a"]] {
            assert!(options(wrong).is_err(), "{wrong:?}");
        }
    }
}
