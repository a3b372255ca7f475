//! Reading a lesson. Structure is by indentation; what is wrong is told with its place, all at once.
//!
//! A step may name its parts in any order. Those that name servers and clients are read last, in the
//! order in which they happen, so that each knows what is there.

use super::lines::{Line, Lines};
use super::text::{join, open_mark};
use super::{
    Answer, Ask, Block, Choice, Clause, Do, Kind, Lesson, MOST_BYTES, Show, Step, Task, VERSION,
    Words,
};
use crate::lab::script::text::Cursor;
use crate::lab::script::{self, MOST_ERRORS, Scope, ScriptError, expect, verbs};

/// The longest name, in characters.
const LONGEST_NAME: usize = 40;

type Outcome<T = ()> = Result<T, ScriptError>;

/// Understands a lesson.
///
/// # Errors
/// With every mistake in it, in order, but no more than [`MOST_ERRORS`].
pub fn parse(text: &str) -> Result<Lesson, Vec<ScriptError>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if MOST_BYTES < text.len() {
        let message = format!("the text has more than {MOST_BYTES} bytes");
        return Err(vec![ScriptError { line: 1, column: 1, message }]);
    }
    let mut parser = Parser { lines: Lines::new(text) };
    let lesson = parser.lesson();
    let mut errors = parser.lines.errors;
    errors.sort_by_key(|error| (error.line, error.column));
    errors.truncate(MOST_ERRORS);
    match lesson {
        Some(lesson) if errors.is_empty() => Ok(lesson),
        Some(_) | None => Err(errors),
    }
}

/// A text on its way: which of its languages are there.
#[derive(Default)]
struct Draft {
    en: Option<String>,
    zh: Option<String>,
}

/// Statements that are not read yet: the line they belong to, and theirs.
struct Raw<'a> {
    above: Line<'a>,
    lines: Vec<Line<'a>>,
}

/// What stands at the margin.
#[derive(Default)]
struct Top<'a> {
    minutes: Option<u32>,
    best: Option<u32>,
    title: Option<Words>,
    summary: Option<Words>,
    sources: Vec<String>,
    scenario: Option<Raw<'a>>,
    steps: Vec<RawStep<'a>>,
    remember: Option<Words>,
    notes: Option<Words>,
}

/// A step on its way.
struct RawStep<'a> {
    name: String,
    line: Line<'a>,
    text: Draft,
    scenario: Option<Raw<'a>>,
    run: Option<Raw<'a>>,
    show: Option<Line<'a>>,
    ask: Option<RawAsk<'a>>,
    goal: Option<Vec<(Line<'a>, Words)>>,
    hint: Option<Words>,
    reveal: Option<Words>,
    solution: Option<Raw<'a>>,
    near_misses: Vec<(String, Raw<'a>)>,
    after: Option<Raw<'a>>,
    notes: Option<Words>,
}

/// A question on its way.
struct RawAsk<'a> {
    line: Line<'a>,
    text: Draft,
    choices: Vec<Choice>,
}

struct Parser<'a> {
    lines: Lines<'a>,
}

impl<'a> Parser<'a> {
    fn lesson(&mut self) -> Option<Lesson> {
        let first = self.lines.next();
        if first.is_none_or(|line| line.text.trim_end() != VERSION) {
            let message = format!("expected {VERSION:?}: what it is, and the version of the form");
            self.lines.wrong(ScriptError { line: 1, column: 1, message });
            return None;
        }
        let Some(line) = self.lines.next() else {
            let message = "expected lesson or challenge, found the end of the text".to_owned();
            self.lines.wrong(ScriptError { line: 1, column: 1, message });
            return None;
        };
        let head = self.head(line);
        let head = head.map_err(|error| self.lines.wrong(error)).ok();
        let mut top = Top::default();
        while let Some(line) = self.lines.next().filter(|_| !self.lines.is_enough()) {
            if 0 < line.indent {
                self.lines.wrong(line.error("nothing stands above it that it could belong to"));
            } else if let Err(error) = self.top(line, &mut top) {
                self.lines.wrong(error);
                self.lines.raw(line);
            }
        }
        let (is_challenge, id, number) = head?;
        self.finish(line, top, is_challenge, id, number)
    }

    /// `lesson NAME NUMBER` or `challenge NAME NUMBER`.
    fn head(&mut self, line: Line<'a>) -> Outcome<(bool, String, u32)> {
        let mut cursor = line.cursor();
        let is_challenge = cursor.takes("challenge");
        if !is_challenge && !cursor.takes("lesson") {
            return Err(cursor.expected_at(line.indent, "lesson or challenge"));
        }
        let id = name(&mut cursor)?;
        let number = cursor.number("its number")?;
        cursor.end()?;
        Ok((is_challenge, id, number))
    }

    fn top(&mut self, line: Line<'a>, top: &mut Top<'a>) -> Outcome {
        let mut cursor = line.cursor();
        if cursor.takes("minutes") {
            let minutes = cursor.number("how many minutes it takes")?;
            once(line, &mut top.minutes, minutes)?;
        } else if cursor.takes("best") {
            let best = cursor.number("the fewest actions that are known to do it")?;
            once(line, &mut top.best, best)?;
        } else if cursor.takes("title") {
            let words = self.words(line);
            once(line, &mut top.title, words)?;
        } else if cursor.takes("summary") {
            let words = self.words(line);
            once(line, &mut top.summary, words)?;
        } else if cursor.takes("remember") {
            let words = self.words(line);
            once(line, &mut top.remember, words)?;
        } else if cursor.takes("notes") {
            let words = self.words(line);
            once(line, &mut top.notes, words)?;
        } else if cursor.takes("source") {
            top.sources.push(cursor.text("a class or a setting of ZooKeeper")?);
        } else if cursor.takes("scenario") {
            let raw = self.raw(line);
            once(line, &mut top.scenario, raw)?;
        } else if cursor.takes("step") {
            let place = cursor.at();
            let name = name(&mut cursor)?;
            if top.steps.iter().any(|step| step.name == name) {
                self.lines.wrong(cursor.error_at(place, "another step has this name"));
            }
            let step = self.step(line, name);
            top.steps.push(step);
        } else {
            let expected = "minutes, title, summary, source, scenario, step, best, remember or notes at the margin";
            return Err(cursor.expected_at(line.indent, expected));
        }
        cursor.end().map(|_| ())
    }

    /// Calls `read` for each line that belongs to `above`, at its first word.
    fn each(
        &mut self,
        above: Line<'a>,
        mut read: impl FnMut(&mut Self, Line<'a>, &mut Cursor<'a>) -> Outcome,
    ) {
        let mut depth = None;
        while let Some(line) = self.lines.below(above, &mut depth) {
            let mut cursor = line.cursor();
            let end = read(self, line, &mut cursor).and_then(|()| cursor.end());
            if let Err(error) = end {
                self.lines.wrong(error);
                self.lines.raw(line);
            }
        }
    }

    fn raw(&mut self, above: Line<'a>) -> Raw<'a> {
        Raw { above, lines: self.lines.raw(above) }
    }

    // --- Text

    /// A text that belongs to a line.
    fn words(&mut self, above: Line<'a>) -> Words {
        let mut draft = Draft::default();
        self.each(above, |parser, line, cursor| {
            match parser.language(line, cursor, &mut draft)? {
                true => Ok(()),
                false => Err(cursor.expected_at(line.indent, "en or zh and a text")),
            }
        });
        self.finish_words(above, draft)
    }

    /// Reads the line, and those below it, if it begins with a language.
    fn language(
        &mut self,
        line: Line<'a>,
        cursor: &mut Cursor<'a>,
        draft: &mut Draft,
    ) -> Outcome<bool> {
        let place = if cursor.takes("en") {
            &mut draft.en
        } else if cursor.takes("zh") {
            &mut draft.zh
        } else {
            return Ok(false);
        };
        let first = cursor.rest();
        let lines = self.lines.raw(line);
        let text = join(std::iter::once(first).chain(lines.iter().map(|line| line.text)));
        if text.is_empty() {
            return Err(line.error("the text is empty"));
        }
        for paragraph in text.split("\n\n") {
            if let Some(mark) = open_mark(paragraph) {
                let message = format!("a paragraph of this text has {mark} without its end");
                self.lines.wrong(line.error(message));
            }
        }
        once(line, place, text).map(|()| true)
    }

    /// Both languages, or an error for the one that is missing.
    fn finish_words(&mut self, above: Line<'a>, draft: Draft) -> Words {
        for (text, language) in
            [(&draft.en, "the English text, en,"), (&draft.zh, "the Chinese text, zh,")]
        {
            if text.is_none() {
                self.lines.wrong(above.error(format!("{language} is missing")));
            }
        }
        Words { en: draft.en.unwrap_or_default(), zh: draft.zh.unwrap_or_default() }
    }

    // --- Steps

    fn step(&mut self, above: Line<'a>, name: String) -> RawStep<'a> {
        let mut step = RawStep {
            name,
            line: above,
            text: Draft::default(),
            scenario: None,
            run: None,
            show: None,
            ask: None,
            goal: None,
            hint: None,
            reveal: None,
            solution: None,
            near_misses: Vec::new(),
            after: None,
            notes: None,
        };
        self.each(above, |parser, line, cursor| parser.part(line, cursor, &mut step));
        step
    }

    /// A line below a step.
    fn part(&mut self, line: Line<'a>, cursor: &mut Cursor<'a>, step: &mut RawStep<'a>) -> Outcome {
        if self.language(line, cursor, &mut step.text)? {
            return Ok(());
        }
        if cursor.takes("scenario") {
            let raw = self.raw(line);
            once(line, &mut step.scenario, raw)
        } else if cursor.takes("run") {
            let raw = self.raw(line);
            once(line, &mut step.run, raw)
        } else if cursor.takes("after") {
            let raw = self.raw(line);
            once(line, &mut step.after, raw)
        } else if cursor.takes("solution") {
            let raw = self.raw(line);
            once(line, &mut step.solution, raw)
        } else if cursor.takes("near-miss") {
            let near = name(cursor)?;
            step.near_misses.push((near, self.raw(line)));
            Ok(())
        } else if cursor.takes("show") {
            cursor.rest();
            once(line, &mut step.show, line)
        } else if cursor.takes("hint") {
            let words = self.words(line);
            once(line, &mut step.hint, words)
        } else if cursor.takes("reveal") {
            let words = self.words(line);
            once(line, &mut step.reveal, words)
        } else if cursor.takes("notes") {
            let words = self.words(line);
            once(line, &mut step.notes, words)
        } else if cursor.takes("ask") {
            cursor.rest();
            let ask = self.question(line);
            once(line, &mut step.ask, ask)
        } else if cursor.takes("do") {
            let goal = self.goal(line);
            once(line, &mut step.goal, goal)
        } else {
            let expected = "en, zh, scenario, run, show, ask, do, hint, reveal, after, notes, \
                            solution or near-miss in a step";
            Err(cursor.expected_at(line.indent, expected))
        }
    }

    fn question(&mut self, above: Line<'a>) -> RawAsk<'a> {
        let mut ask = RawAsk { line: above, text: Draft::default(), choices: Vec::new() };
        self.each(above, |parser, line, cursor| {
            if parser.language(line, cursor, &mut ask.text)? {
                return Ok(());
            }
            let is_right = cursor.takes("right");
            if !is_right && !cursor.takes("wrong") {
                return Err(cursor.expected_at(line.indent, "en, zh, right or wrong in a question"));
            }
            let mut text = Draft::default();
            let mut because = None;
            parser.each(line, |parser, line, cursor| {
                if parser.language(line, cursor, &mut text)? {
                    Ok(())
                } else if cursor.takes("because") {
                    let words = parser.words(line);
                    once(line, &mut because, words)
                } else {
                    Err(cursor.expected_at(line.indent, "en, zh or because in an answer"))
                }
            });
            let text = parser.finish_words(line, text);
            ask.choices.push(Choice { text, is_right, because });
            Ok(())
        });
        ask
    }

    fn goal(&mut self, above: Line<'a>) -> Vec<(Line<'a>, Words)> {
        let mut clauses = Vec::new();
        self.each(above, |parser, line, cursor| {
            if !cursor.takes("goal") {
                return Err(cursor.expected_at(line.indent, "goal and a condition"));
            }
            cursor.rest();
            clauses.push((line, parser.words(line)));
            Ok(())
        });
        if clauses.is_empty() {
            self.lines.wrong(above.error("expected goal and a condition below it"));
        }
        clauses
    }

    // --- The end: what names servers and clients, in the order in which it happens

    fn finish(
        &mut self,
        head: Line<'a>,
        top: Top<'a>,
        is_challenge: bool,
        id: String,
        number: u32,
    ) -> Option<Lesson> {
        let missing = [
            (top.minutes.is_none(), "minutes"),
            (top.title.is_none(), "title"),
            (top.summary.is_none(), "summary"),
            (top.scenario.is_none(), "scenario"),
            (top.steps.is_empty(), "step"),
            (!is_challenge && top.remember.is_none(), "remember"),
            (!is_challenge && top.sources.is_empty(), "source"),
            (is_challenge && top.best.is_none(), "best"),
        ];
        for (_, what) in missing.into_iter().filter(|(is_missing, _)| *is_missing) {
            self.lines.wrong(head.error(format!("{what} is missing")));
        }
        if is_challenge {
            self.check_challenge(&top.steps);
        } else if top.best.is_some() {
            self.lines.wrong(head.error("best is for challenges"));
        }
        let mut scope = None;
        let before = self.lines.errors.len();
        let scenario = self.block(top.scenario?, &mut scope);
        if before < self.lines.errors.len() {
            // Without servers nothing else makes sense.
            return None;
        }
        let steps = top.steps.into_iter();
        let steps = steps.map(|step| self.finish_step(step, &mut scope)).collect();
        let kind = match top.best {
            Some(best) if is_challenge => Kind::Challenge { best },
            Some(_) | None => Kind::Lesson,
        };
        Some(Lesson {
            kind,
            id,
            number,
            minutes: top.minutes?,
            title: top.title?,
            summary: top.summary?,
            sources: top.sources,
            scenario,
            steps,
            remember: top.remember,
            notes: top.notes,
        })
    }

    fn check_challenge(&mut self, steps: &[RawStep<'a>]) {
        for step in steps.iter().skip(1) {
            self.lines.wrong(step.line.error("a challenge has one step"));
        }
        let Some(step) = steps.first() else { return };
        let missing = [
            (step.goal.is_none(), "do"),
            (step.hint.is_none(), "hint"),
            (step.reveal.is_none(), "reveal"),
        ];
        for (_, what) in missing.into_iter().filter(|(is_missing, _)| *is_missing) {
            self.lines.wrong(step.line.error(format!("{what} is missing in a challenge")));
        }
    }

    fn block(&mut self, raw: Raw<'a>, scope: &mut Option<Scope>) -> Block {
        let above = raw.above.number;
        let first = raw.lines.first().map_or(above, |line| line.number - 1);
        let known = scope.clone();
        let lines = raw.lines.iter().map(|line| (line.number, line.text));
        let (script, errors) = script::parse_part(lines, above, scope);
        self.lines.errors.extend(errors);
        if raw.lines.is_empty() {
            self.lines.wrong(raw.above.error("expected statements below it"));
        }
        let servers = || scope.iter().flat_map(|scope| scope.servers.iter().copied()).collect();
        let scope = known.unwrap_or_else(|| Scope { servers: servers(), clients: Vec::new() });
        Block { above: first, scope, script }
    }

    fn finish_step(&mut self, raw: RawStep<'a>, scope: &mut Option<Scope>) -> Step {
        let line = raw.line;
        let text = self.finish_words(line, raw.text);
        let scenario = raw.scenario.map(|raw| {
            *scope = None;
            self.block(raw, scope)
        });
        let run = raw.run.map(|raw| self.block(raw, scope));
        let show = match raw.show.map(|line| show(line, scope.as_ref())) {
            Some(Ok(show)) => show,
            Some(Err(error)) => {
                self.lines.wrong(error);
                Show::default()
            }
            None => Show::default(),
        };
        if let (Some(ask), Some(_)) = (&raw.ask, &raw.goal) {
            self.lines.wrong(ask.line.error("a step has one of ask and do, not both"));
        }
        if raw.goal.is_none() {
            let solution = raw.solution.iter();
            for raw in solution.chain(raw.near_misses.iter().map(|(_, raw)| raw)) {
                self.lines.wrong(raw.above.error("this step has no do that this could be for"));
            }
        }
        let task = if let Some(ask) = raw.ask {
            self.finish_ask(ask, scope.as_ref()).map_or(Task::Read, Task::Ask)
        } else if let Some(goal) = raw.goal {
            if raw.solution.is_none() {
                self.lines.wrong(line.error("solution is missing: what reaches the goal"));
            }
            let (clauses, errors): (Vec<_>, Vec<_>) = goal
                .into_iter()
                .map(|(line, text)| clause(line, text, scope.as_ref()))
                .partition(Result::is_ok);
            self.lines.errors.extend(errors.into_iter().filter_map(Result::err));
            let near_misses = raw.near_misses.into_iter();
            let near_misses = near_misses
                .map(|(name, raw)| (name, self.block(raw, &mut scope.clone())))
                .collect();
            let solution = raw.solution.map(|raw| self.block(raw, scope)).unwrap_or_default();
            let clauses = clauses.into_iter().filter_map(Result::ok).collect();
            Task::Do(Do { clauses, solution, near_misses })
        } else {
            Task::Read
        };
        let after = raw.after.map(|raw| self.block(raw, scope));
        let (hint, reveal, notes) = (raw.hint, raw.reveal, raw.notes);
        Step {
            name: raw.name,
            line: line.number,
            text,
            scenario,
            run,
            show,
            task,
            hint,
            reveal,
            after,
            notes,
        }
    }

    fn finish_ask(&mut self, raw: RawAsk<'a>, scope: Option<&Scope>) -> Option<Ask> {
        let RawAsk { line, text, choices } = raw;
        let question = self.finish_words(line, text);
        match answer(line, choices, scope) {
            Ok(answer) => Some(Ask { question, answer }),
            Err(error) => {
                self.lines.wrong(error);
                None
            }
        }
    }
}

/// Something that may be said once.
fn once<T>(line: Line, place: &mut Option<T>, value: T) -> Outcome {
    match place.replace(value) {
        Some(_) => Err(line.error("this was said already")),
        None => Ok(()),
    }
}

/// A name in addresses.
fn name(cursor: &mut Cursor) -> Outcome<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    cursor.read("a name of small letters, digits and -", |word| {
        let is_name = word.len() <= LONGEST_NAME && word.chars().all(is_part);
        is_name.then(|| word.to_owned())
    })
}

/// `show s1 c1 panel NAME`.
fn show(line: Line, scope: Option<&Scope>) -> Outcome<Show> {
    let scope = scope.cloned().unwrap_or_default();
    let mut cursor = line.cursor();
    cursor.takes("show");
    let mut show = Show::default();
    while !cursor.is_over() {
        if cursor.takes("panel") {
            let panel = name(&mut cursor)?;
            once(line, &mut show.panel, panel)?;
        } else {
            show.actors.push(expect::actor(&mut cursor, &scope)?);
        }
    }
    cursor.end().map(|_| show)
}

/// `goal [no] CONDITION`.
fn clause(line: Line, text: Words, scope: Option<&Scope>) -> Outcome<Clause> {
    let scope = scope.cloned().unwrap_or_default();
    let mut cursor = line.cursor();
    cursor.takes("goal");
    let is_not = cursor.takes("no");
    let condition = expect::read(&mut cursor, &scope)?;
    cursor.end()?;
    Ok(Clause { line: line.number, condition, is_not, text })
}

/// `ask server s1`, `ask number 2`, `ask choice`.
fn answer(line: Line, choices: Vec<Choice>, scope: Option<&Scope>) -> Outcome<Answer> {
    let scope = scope.cloned().unwrap_or_default();
    let mut cursor = line.cursor();
    cursor.takes("ask");
    let at = cursor.at();
    let answer = if cursor.takes("server") {
        let mut servers = vec![verbs::server_at(&mut cursor, &scope)?];
        while !cursor.is_over() {
            servers.push(verbs::server_at(&mut cursor, &scope)?);
        }
        Answer::Server(servers)
    } else if cursor.takes("number") {
        let mut numbers = vec![cursor.number("the answer, a whole number")?];
        while !cursor.is_over() {
            numbers.push(cursor.number("another answer, a whole number")?);
        }
        Answer::Number(numbers)
    } else if cursor.takes("choice") {
        cursor.end()?;
        let rights = choices.iter().filter(|choice| choice.is_right).count();
        if rights == 0 || rights == choices.len() {
            return Err(line.error("a choice needs a right answer and a wrong one"));
        }
        return Ok(Answer::Choice(choices));
    } else {
        return Err(cursor.expected_at(at, "server, number or choice"));
    };
    match choices.is_empty() {
        true => Ok(answer),
        false => Err(line.error("right and wrong are for ask choice")),
    }
}
