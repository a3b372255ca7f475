//! The classroom: the presenter's layout, the teacher's page, hand-outs, what is embedded elsewhere.

use super::{Chores, State};
use crate::components::lanes::Drawn;
use crate::components::packet::is_drawn;
use crate::course::{Entry, Open};
use crate::explain::Names;
use crate::i18n::Language;
use crate::moment::Shared;
use crate::notice::NoticeKind;
use crate::prefs::Theme;
use crate::ui_action::class::ClassAction;
use crate::ui_action::lesson::LessonAction;
use crate::ui_action::{Panel, UiAction, WorkAction};
use std::ops::Range;
use std::rc::Rc;
use zklab_core::lab::lesson::{Lesson, parse};
use zklab_core::lab::view::{EventWhat, View};
use zklab_core::lab::{Lab, Mark, link};
use zklab_core::sorted::{Map, Set};
use zklab_core::types::Time;

/// The most arrows that a figure of a hand-out has: more cannot be told apart on paper.
const MOST_ARROWS: usize = 160;

/// What the page looks like as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Layout {
    /// The lab with all its panels.
    #[default]
    Lab,
    /// Large and with little on it, for a projector.
    Present,
    /// The stage alone, in a page of somebody else.
    Embed,
}

impl Layout {
    /// Its name in attributes.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Layout::Lab => None,
            Layout::Present => Some("present"),
            Layout::Embed => Some("embed"),
        }
    }
}

/// A page that takes the place of the lab for a while.
#[derive(Clone, Debug)]
pub enum Sheet {
    /// All lessons and challenges, for whoever teaches with them.
    Teacher,
    /// A lesson on paper; nothing in it until its file has come.
    HandOut(Option<Rc<HandOut>>),
}

/// A lesson on paper.
#[derive(Debug)]
pub struct HandOut {
    /// What it says.
    pub lesson: Rc<Lesson>,
    /// What happens in it.
    pub figures: Vec<Figure>,
}

/// What happens in a step, drawn as lanes.
#[derive(Debug)]
pub struct Figure {
    /// In which step.
    pub step: usize,
    /// Whether it follows from an answer, or from what was done: it would give that away.
    pub is_after: bool,
    /// The end of it.
    pub view: Shared<View>,
    /// Marks of the whole timeline.
    pub marks: Shared<[Mark]>,
    /// What clients are called.
    pub names: Shared<Names>,
    /// Its packets.
    pub drawn: Rc<Drawn>,
}

/// What the page knows about the classroom.
#[derive(Clone, Debug, Default)]
pub struct ClassState {
    /// What the page looks like.
    pub layout: Layout,
    /// Whether the screen is blacked out.
    pub is_black: bool,
    /// What takes the place of the lab.
    pub sheet: Option<Sheet>,
    /// The link whose code is shown over the whole page.
    pub code: Option<Rc<str>>,
    /// Lessons whose expected answers were looked up, by their files.
    pub lessons: Map<Rc<str>, Rc<Lesson>>,
    /// Those whose expected answers are shown.
    pub opened: Set<Rc<str>>,
    /// Whether a hand-out has the answers in it.
    pub has_key: bool,
    /// Whether it plays on when the lab comes back.
    plays_on: bool,
    /// What could not be read.
    pub trouble: Option<Rc<str>>,
    /// The link to what an embedded stage shows, without the page's address.
    pub link: Rc<str>,
    /// What the browser has to do.
    pub chores: ClassChores,
}

/// What the browser has to do about the classroom.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ClassChores {
    /// Fetch this file of the index.
    pub fetch: Option<Rc<str>>,
    /// Open the window with the speaker's notes.
    pub open_notes: bool,
    /// Tell the speaker's notes everything, whether it has changed or not.
    pub tell_notes: bool,
    /// Print the page.
    pub print: bool,
}

impl State {
    /// What an action means to whoever presents: the arrows of a clicker lead through a lesson, and
    /// whatever leads on brings a black screen back first. Nothing if it means nothing more.
    pub(super) fn as_presented(&mut self, action: UiAction) -> Option<UiAction> {
        if self.class.layout != Layout::Present {
            return Some(action);
        }
        let leads_on = matches!(
            action,
            UiAction::Lesson(LessonAction::Next | LessonAction::Previous)
                | UiAction::Step
                | UiAction::Back
                | UiAction::TogglePlaying
                | UiAction::Escape
        );
        if self.class.is_black && leads_on {
            self.class.is_black = false;
            return None;
        }
        let has_lesson = self.course.open.is_some();
        match action {
            UiAction::Step if has_lesson => Some(UiAction::Lesson(LessonAction::Next)),
            UiAction::Back if has_lesson => Some(UiAction::Lesson(LessonAction::Previous)),
            // One press too many at the end leads nowhere.
            UiAction::Lesson(LessonAction::Next)
                if self.course.open.as_ref().is_some_and(|open| open.current().is_none()) =>
            {
                None
            }
            other => Some(other),
        }
    }

    pub(super) fn on_class(&mut self, action: ClassAction) -> Chores {
        match action {
            ClassAction::TogglePresenting => self.toggle_presenting(),
            ClassAction::ToggleBlack => self.toggle_black(),
            ClassAction::Dot if self.class.layout == Layout::Present => self.toggle_black(),
            ClassAction::Dot => self.toggle_playing(),
            ClassAction::OpenNotes => {
                self.class.chores.open_notes = true;
                Chores::NONE
            }
            ClassAction::TellNotes => {
                self.class.chores.tell_notes = true;
                Chores::NONE
            }
            ClassAction::ToggleTeacher if self.class.sheet.is_some() => self.close_sheet(),
            ClassAction::ToggleTeacher => {
                self.show_sheet(Sheet::Teacher, "teacher".to_owned());
                Chores::NONE
            }
            ClassAction::Close if self.class.code.take().is_some() => Chores::NONE,
            ClassAction::Close => self.close_sheet(),
            ClassAction::ToggleKey => {
                self.class.has_key = !self.class.has_key;
                Chores::NONE
            }
            ClassAction::ToggleAnswers(file) => {
                if !self.class.opened.remove(&file) {
                    let is_there = self.class.lessons.contains_key(&file);
                    self.class.chores.fetch = (!is_there).then(|| file.clone());
                    self.class.opened.insert(file);
                }
                Chores::NONE
            }
            ClassAction::Fetched(file, text) => self.class_fetched(&file, text.as_deref()),
            ClassAction::Verify(text) => self.verify(&text),
            ClassAction::ShowCode(link) => {
                self.work.shows_menu = false;
                self.class.code = Some(link);
                Chores::NONE
            }
            ClassAction::Print => {
                self.class.chores.print = true;
                Chores::NONE
            }
        }
    }

    // --- Presenting

    fn toggle_presenting(&mut self) -> Chores {
        self.class.is_black = false;
        self.class.sheet = None;
        self.class.layout = match self.class.layout {
            Layout::Present => Layout::Lab,
            Layout::Lab | Layout::Embed => Layout::Present,
        };
        self.work.shows_menu = false;
        self.selected = None;
        self.class.chores.tell_notes = true;
        self.course.chores.address = Some(self.place());
        Chores { remember: true, ..Chores::NONE }
    }

    fn toggle_black(&mut self) -> Chores {
        self.class.is_black = self.class.layout == Layout::Present && !self.class.is_black;
        Chores::NONE
    }

    fn place(&self) -> String {
        self.place_of(self.course.open.as_ref())
    }

    /// Where the reader is, for the address, with this lesson open.
    pub(super) fn place_of(&self, open: Option<&Open>) -> String {
        let place = open.map(Open::address).unwrap_or_default();
        match (self.class.layout, place.strip_prefix("lesson/")) {
            (Layout::Present, Some(lesson)) => format!("present/{lesson}"),
            (Layout::Lab | Layout::Present | Layout::Embed, _) => place,
        }
    }

    /// The panel that the step of the presented lesson is about.
    pub fn presented_panel(&self) -> Option<Panel> {
        let show = self.course.open.as_ref().and_then(Open::current).map(|step| &step.show)?;
        let name = show.panel.as_deref()?;
        Panel::ALL.into_iter().find(|panel| panel.name() == name)
    }

    /// The lesson after the open one.
    pub fn next_lesson(&self) -> Option<&Entry> {
        let open = self.course.open.as_ref().filter(|open| open.best().is_none())?;
        let number = open.lesson.number + 1;
        self.course.index.iter().find(|entry| !entry.is_challenge() && entry.number == number)
    }

    /// Closes what is open of the classroom. Whether anything was.
    pub(super) fn escape_class(&mut self) -> bool {
        let is_open = self.shows_help
            || self.shows_invariants
            || self.work.shows_menu
            || self.glossary.shows_all;
        if self.class.code.take().is_some() {
            true
        } else if is_open || self.time.shows_goals {
            false
        } else if self.class.sheet.is_some() {
            self.close_sheet();
            true
        } else if self.class.layout == Layout::Present {
            self.toggle_presenting();
            true
        } else {
            false
        }
    }

    // --- Addresses

    /// Goes to `teacher`, `handout/NAME`, `present/NAME/STEP` or `embed,…`. Whether that was it; what
    /// is left to be opened is answered.
    pub(super) fn go_to_class(&mut self, address: &str) -> Option<Chores> {
        let (kind, rest) = address.split_once('/').unwrap_or((address, ""));
        match kind {
            "teacher" => {
                self.show_sheet(Sheet::Teacher, address.to_owned());
                Some(Chores::NONE)
            }
            "handout" => {
                if self.course.index.is_empty() {
                    self.course.asked = Some(address.into());
                    self.want_index();
                    return Some(Chores::NONE);
                }
                let is_it = |entry: &&Entry| !entry.is_challenge() && *entry.id == *rest;
                let found = self.course.index.iter().find(is_it).map(|entry| entry.file.clone());
                match found {
                    Some(file) => Some(self.hand_out(&file)),
                    None => {
                        let trouble = (self.strings().lessons.unknown)(rest);
                        self.class.trouble = Some(trouble.into());
                        self.show_sheet(Sheet::Teacher, "teacher".to_owned());
                        Some(Chores::NONE)
                    }
                }
            }
            "present" => {
                self.class.sheet = None;
                let is_new = self.class.layout != Layout::Present;
                self.class.layout = Layout::Present;
                let mut chores = self.go_to(&format!("lesson/{rest}"));
                chores.remember |= is_new;
                Some(chores)
            }
            _other if address == "embed" || address.starts_with("embed,") => {
                Some(self.embed(address))
            }
            _other => {
                self.class.sheet = None;
                None
            }
        }
    }

    /// `embed`, and after commas a language, a theme and a link.
    fn embed(&mut self, address: &str) -> Chores {
        self.class.layout = Layout::Embed;
        let mut chores = Chores { remember: true, ..Chores::NONE };
        for part in address.split(',').skip(1) {
            match part {
                "en" => self.language = Language::English,
                "zh" => self.language = Language::Chinese,
                "light" => self.prefs.theme = Theme::Light,
                "dark" => self.prefs.theme = Theme::Dark,
                link => {
                    chores = self.do_work(WorkAction::Follow(link.into()));
                    chores.remember = true;
                    // Nobody who only looks at slides has work to go back to.
                    self.notice = self
                        .notice
                        .take()
                        .filter(|notice| !matches!(notice.kind, NoticeKind::Opened(_)));
                }
            }
        }
        self.renew_link();
        chores
    }

    /// The link to what an embedded stage shows: as it is when it stands.
    pub(super) fn renew_link(&mut self) {
        if self.class.layout == Layout::Embed && (!self.is_playing || self.class.link.is_empty()) {
            self.class.link = link::write(&self.lab).into();
        }
    }

    // --- Pages

    fn show_sheet(&mut self, sheet: Sheet, address: String) {
        self.want_index();
        self.class.is_black = false;
        self.work.shows_menu = false;
        if self.class.sheet.is_none() {
            self.class.plays_on = std::mem::take(&mut self.is_playing);
        }
        self.class.sheet = Some(sheet);
        self.course.chores.address = Some(address);
    }

    fn close_sheet(&mut self) -> Chores {
        self.class.trouble = None;
        let is_hand_out = matches!(self.class.sheet, Some(Sheet::HandOut(_)));
        if is_hand_out {
            self.show_sheet(Sheet::Teacher, "teacher".to_owned());
        } else {
            self.class.sheet = None;
            self.is_playing = self.class.plays_on;
            self.course.chores.address = Some(self.place());
        }
        Chores::NONE
    }

    fn hand_out(&mut self, file: &Rc<str>) -> Chores {
        let entry = self.course.index.iter().find(|entry| entry.file == *file);
        let address = entry.map_or_else(String::new, |entry| format!("handout/{}", entry.id));
        let lesson = self.class.lessons.get(file).cloned();
        if lesson.is_none() {
            self.class.chores.fetch = Some(file.clone());
        }
        self.class.trouble = None;
        self.show_sheet(Sheet::HandOut(None), address);
        match lesson {
            Some(lesson) => self.draw_hand_out(lesson),
            None => Chores::NONE,
        }
    }

    fn class_fetched(&mut self, file: &Rc<str>, text: Option<&str>) -> Chores {
        let words = self.strings().lessons;
        let lesson = match text.map(parse) {
            None => Err(words.not_fetched.to_owned()),
            Some(Ok(lesson)) => Ok(Rc::new(lesson)),
            Some(Err(errors)) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Err((words.unreadable)(&lines.join("\n")))
            }
        };
        match lesson {
            Ok(lesson) => {
                self.class.lessons.insert(file.clone(), lesson.clone());
                match self.class.sheet {
                    Some(Sheet::HandOut(None)) => self.draw_hand_out(lesson),
                    Some(Sheet::HandOut(Some(_)) | Sheet::Teacher) | None => Chores::NONE,
                }
            }
            Err(trouble) => {
                self.class.opened.remove(file);
                self.class.trouble = Some(trouble.into());
                Chores::NONE
            }
        }
    }

    fn draw_hand_out(&mut self, lesson: Rc<Lesson>) -> Chores {
        let passed = match lesson.passed() {
            Ok(passed) => passed,
            Err(trouble) => {
                let text = (self.strings().lessons.unreadable)(&trouble.to_string());
                self.class.trouble = Some(text.into());
                return Chores::NONE;
            }
        };
        let mut figures = Vec::new();
        for (step, passed) in passed.iter().enumerate() {
            let at = passed.at.timeline().tip().now;
            figures.extend(figures_of(step, false, &passed.at, passed.from));
            figures.extend(figures_of(step, true, &passed.done, at));
        }
        self.class.sheet = Some(Sheet::HandOut(Some(Rc::new(HandOut { lesson, figures }))));
        Chores::NONE
    }

    /// Opens what somebody has handed in: its link, or what stands after `#` in it.
    fn verify(&mut self, text: &str) -> Chores {
        match text.trim().find("result/") {
            Some(at) => {
                let address = text.trim()[at..].to_owned();
                self.class.sheet = None;
                self.class.trouble = None;
                self.course.chores.address = Some(address.clone());
                self.go_to(&address)
            }
            None => {
                self.class.trouble = Some(self.strings().on_class.no_result.into());
                Chores::NONE
            }
        }
    }
}

/// A pause longer than this part of all is left out: a figure ends, and another begins.
const LONG_PAUSE: u64 = 4;
/// A step has no more figures than this.
const MOST_FIGURES: usize = 3;

/// What happened from then on to the end of a run. Nothing if nothing did.
fn figures_of(step: usize, is_after: bool, lab: &Lab, from: Time) -> Vec<Figure> {
    let end = lab.timeline().tip().now;
    if end <= from {
        return Vec::new();
    }
    let mut lab = lab.clone();
    lab.live();
    let view = lab.view();
    let names: Shared<Names> = Names::of(&view).into();
    let (view, marks): (Shared<View>, Shared<[Mark]>) = (view.into(), lab.marks().into());
    let packets_of = |during: Range<Time>| {
        let shows = |kind| is_drawn(kind, false);
        lab.packets(during, shows, MOST_ARROWS)
    };
    let is_arrow = |what: &EventWhat| matches!(what, EventWhat::Packet { .. });
    let (packets, _) = packets_of(from.plus_us(1)..end.plus_us(1));
    let seen = packets.iter().filter(|event| is_arrow(&event.what));
    let seen = seen.map(|event| (event.sent.unwrap_or(event.at).max(from), event.at));
    let marked = marks.iter().filter(|mark| from <= mark.at && mark.at <= end);
    let mut spans: Vec<(Time, Time)> = seen.chain(marked.map(|mark| (mark.at, mark.at))).collect();
    spans.sort();
    stretches(&spans)
        .into_iter()
        .map(|(first, last)| {
            let room = (last.since_us(first) / 12).max(2_000);
            let during = Time(first.0.saturating_sub(room))..last.plus_us(room);
            let (packets, stride) = packets_of(during.clone());
            Figure {
                step,
                is_after,
                view: view.clone(),
                marks: marks.clone(),
                names: names.clone(),
                drawn: Rc::new(Drawn { during, packets, stride, lit: Vec::new() }),
            }
        })
        .collect()
}

/// When something goes on, without the longest pauses. `spans` are in the order of their beginnings.
fn stretches(spans: &[(Time, Time)]) -> Vec<(Time, Time)> {
    let mut all: Vec<(Time, Time)> = Vec::new();
    for (first, last) in spans {
        match all.last_mut() {
            Some(before) if *first <= before.1 => before.1 = before.1.max(*last),
            Some(_) | None => all.push((*first, *last)),
        }
    }
    let whole = match (all.first(), all.last()) {
        (Some(first), Some(last)) => last.1.since_us(first.0),
        (None, _) | (_, None) => return all,
    };
    let pause = |all: &[(Time, Time)], n: usize| all[n + 1].0.since_us(all[n].1);
    // The shortest pauses are filled until few enough are left, and long ones only.
    while let Some(n) = (0..all.len() - 1).min_by_key(|n| pause(&all, *n)) {
        if all.len() <= MOST_FIGURES && whole < LONG_PAUSE * pause(&all, n) {
            break;
        }
        all[n].1 = all.remove(n + 1).1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_pauses_part_figures_and_short_ones_do_not() {
        let ms = |(from, to): (u64, u64)| (Time::from_ms(from), Time::from_ms(to));
        let of = |spans: &[(u64, u64)]| {
            stretches(&spans.iter().map(|span| ms(*span)).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), []);
        assert_eq!(of(&[(0, 5), (3, 4), (6, 9)]), [ms((0, 9))]);
        assert_eq!(of(&[(0, 5), (90, 95), (96, 100)]), [ms((0, 5)), ms((90, 100))]);
        assert_eq!(of(&[(0, 1), (30, 31), (60, 61), (90, 91)]).len(), MOST_FIGURES);
    }
}
