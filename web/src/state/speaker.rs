//! What the speaker's notes say at this moment.

use super::State;
use super::class::Layout;
use crate::course::{Open, expected, said};
use zklab_core::lab::lesson::{Step, Task, Words};

/// A field of the speaker's notes: its name there, and its text.
pub type Field = (&'static str, String);

/// When nothing of this has changed, the notes have not either.
pub type Sign = (usize, [bool; 5], String);

impl State {
    /// By what the notes are known to have changed; nothing unless the page presents.
    pub fn speaker_sign(&self) -> Option<Sign> {
        if self.class.layout != Layout::Present {
            return None;
        }
        let is_zh = self.language != crate::i18n::Language::English;
        let open = self.course.open.as_ref();
        let flags = open.map_or([false; 5], |open| {
            [true, open.is_solved, open.is_running, self.class.is_black, is_zh]
        });
        let key = open.map_or_else(String::new, Open::key);
        Some((open.map_or(0, |open| open.step), flags, key))
    }

    /// What they say, field by field; `scripts/notes.js` puts each where its name stands.
    pub fn speaker_fields(&self) -> Vec<Field> {
        let t = self.strings();
        let (words, lessons) = (t.on_class.speaker, t.lessons);
        let mut fields = vec![
            ("language", self.language.tag().to_owned()),
            ("title", words.title.to_owned()),
            ("name-now", words.now.to_owned()),
            ("name-say", words.say.to_owned()),
            ("name-about", t.on_class.about.to_owned()),
            ("name-question", words.question.to_owned()),
            ("name-answer", words.answer.to_owned()),
            ("name-next", words.next.to_owned()),
            ("name-elapsed", words.elapsed.to_owned()),
            ("again", words.again.to_owned()),
            ("on", lessons.next.to_owned()),
            ("back", lessons.previous.to_owned()),
        ];
        let Some(open) = &self.course.open else {
            fields.push(("press", words.none.to_owned()));
            return fields;
        };
        let lesson = &open.lesson;
        let text = |words: &Words| said(words, self.language).to_owned();
        let optional = |words: Option<&Words>| words.map(text).unwrap_or_default();
        let step = open.current();
        let number = if open.best().is_some() { lessons.challenge } else { lessons.lesson };
        let all = lesson.steps.len();
        let next = match lesson.steps.get(open.step + 1) {
            Some(next) => text(&next.text),
            None if step.is_some() => lessons.remember.to_owned(),
            None => self.next_lesson().map_or_else(String::new, |entry| text(&entry.title)),
        };
        let press = match (step, open.is_running, open.is_solved) {
            _ if self.class.is_black => words.is_black,
            (_, true, _) => words.press_skips,
            (None, ..) => words.press_ends,
            (Some(Step { task: Task::Ask(_), .. }), _, false) => words.press_answers,
            (Some(Step { task: Task::Do(_), .. }), _, false) => words.press_does,
            (Some(_), ..) => words.press_on,
        };
        let answer = step.map(|step| expected(step, self.language)).unwrap_or_default();
        let now = step.map_or(lesson.remember.as_ref(), |step| Some(&step.text));
        let question = step.and_then(Step::question).map(|ask| &ask.question);
        fields.extend([
            ("lesson", format!("{} · {}", number(lesson.number), text(&lesson.title))),
            ("step", (lessons.step_of)((open.step + 1).min(all), all)),
            ("planned", (words.planned)(lesson.minutes)),
            ("press", press.to_owned()),
            ("now", optional(now)),
            ("say", optional(step.and_then(|step| step.notes.as_ref()))),
            ("about", optional(lesson.notes.as_ref())),
            ("question", optional(question)),
            ("answer", answer.join("\n\n")),
            ("next", next),
        ]);
        fields
    }
}
