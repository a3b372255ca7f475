//! Lessons and challenges: what the reader's steps through them change.

use super::{Chores, State};
use crate::course::{Given, INDEX, Open, Progress, Reached, read_index};
use crate::notice::{Notice, NoticeKind};
use crate::pace::Speed;
use crate::ui_action::lesson::LessonAction;
use crate::ui_action::{Panel, Selection};
use std::rc::Rc;
use zklab_core::lab::Lab;
use zklab_core::lab::lesson::{Goal, Lesson, Task, Trouble, parse};
use zklab_core::types::{Actor, Time};

/// After so many milliseconds what a step brings about is played faster: nobody waits long.
const PATIENCE_MS: f64 = 5000.0;

impl State {
    /// What the reader does with lessons.
    pub(super) fn lesson(&mut self, action: LessonAction) -> Chores {
        match action {
            LessonAction::Toggle => {
                self.want_index();
                self.panels.sheet = Panel::Course;
                self.prefer(|prefs| prefs.shows_course = !prefs.shows_course)
            }
            LessonAction::Open(file, rest) => self.fetch_lesson(file, rest),
            LessonAction::Fetched(file, text) => self.fetched(&file, text.as_deref()),
            LessonAction::Read(text) => self.read_lesson(&text, ""),
            LessonAction::Address(address) => self.go_to(&address),
            LessonAction::Next => self.next(),
            LessonAction::Previous => match self.course.open.as_ref().map(|open| open.step) {
                Some(step) => self.enter(step.saturating_sub(1), true),
                None => self.travel(Lab::back_decision),
            },
            LessonAction::Again => match self.course.open.as_ref().map(|open| open.step) {
                Some(step) => self.enter(step, true),
                None => Chores::NONE,
            },
            LessonAction::Answer(given) => self.answer(Some(given)),
            LessonAction::Hint => {
                self.course.open.iter_mut().for_each(|open| open.has_hint = true);
                self.course.chores.to_news = true;
                Chores::NONE
            }
            LessonAction::Leave => self.leave_lesson(),
            LessonAction::Restore => self.restore_kept(),
            LessonAction::Import(text) => {
                let read = Progress::parse(&text);
                self.course.trouble = None;
                if read.count() == 0 {
                    return self.trouble(self.strings().lessons.not_imported.to_owned());
                }
                self.course.progress.merge(&read);
                self.course.chores.keep = true;
                self.tell(NoticeKind::Imported(read.count()));
                Chores::NONE
            }
        }
    }

    // --- Files

    /// Asks for the index, unless it is there.
    pub fn want_index(&mut self) {
        if self.course.index.is_empty() {
            self.course.chores.fetch = Some(INDEX.into());
        }
    }

    /// Goes to `lesson/NAME/STEP`, `challenge/NAME` or `result/NAME/RESULT`. Anything else is no
    /// business of the course.
    pub(super) fn go_to(&mut self, address: &str) -> Chores {
        let address = address.trim_start_matches('#');
        if let Some(chores) = self.go_to_class(address) {
            return chores;
        }
        let mut parts = address.splitn(3, '/');
        let (kind, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let rest = parts.next().unwrap_or_default();
        if !matches!(kind, "lesson" | "challenge" | "result") {
            return Chores::NONE;
        }
        if self.course.open.as_ref().is_some_and(|open| address == open.address()) {
            return Chores::NONE;
        }
        self.prefs.shows_course = true;
        if self.course.index.is_empty() {
            self.course.asked = Some(address.into());
            self.want_index();
            return Chores::NONE;
        }
        let is_it = |entry: &&crate::course::Entry| {
            entry.is_challenge() == (kind != "lesson") && *entry.id == *id
        };
        match self.course.index.iter().find(is_it) {
            Some(entry) => self.fetch_lesson(entry.file.clone(), rest.into()),
            None => self.trouble((self.strings().lessons.unknown)(id)),
        }
    }

    fn fetch_lesson(&mut self, file: Rc<str>, rest: Rc<str>) -> Chores {
        self.course.chores.fetch = Some(format!("{file}.lesson").into());
        self.course.wanted = Some((file, rest));
        Chores::NONE
    }

    fn fetched(&mut self, file: &str, text: Option<&str>) -> Chores {
        let Some(text) = text else {
            let words = self.strings().lessons;
            return self.trouble(words.not_fetched.to_owned());
        };
        if file == INDEX {
            self.course.index = read_index(text).into();
            return match self.course.asked.take() {
                Some(address) => self.go_to(&address),
                None => Chores::NONE,
            };
        }
        match self.course.wanted.take() {
            Some((wanted, rest)) if file.strip_suffix(".lesson") == Some(&*wanted) => {
                self.read_lesson(text, &rest)
            }
            // Something else is wanted by now.
            other => {
                self.course.wanted = other;
                Chores::NONE
            }
        }
    }

    fn read_lesson(&mut self, text: &str, rest: &str) -> Chores {
        let lesson = match parse(text) {
            Ok(lesson) => Rc::new(lesson),
            Err(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                return self.trouble((self.strings().lessons.unreadable)(&lines.join("\n")));
            }
        };
        if self.course.open.is_none() && self.course.kept.is_none() {
            let work = self.lab.save();
            self.course.chores.aside = Some(work.clone());
            self.course.kept = Some(work);
        }
        self.prefs.shows_course = true;
        self.forget_prediction();
        let is_challenge = Open::at(lesson.clone(), 0).best().is_some();
        if is_challenge && !rest.is_empty() {
            return self.check_result(lesson, rest);
        }
        let step = if rest == "end" { lesson.steps.len() } else { lesson.step(rest).unwrap_or(0) };
        self.course.open = Some(Open::at(lesson, step));
        self.enter(step, true)
    }

    fn trouble(&mut self, text: String) -> Chores {
        self.course.trouble = Some(text.into());
        Chores::NONE
    }

    fn leave_lesson(&mut self) -> Chores {
        self.course.open = None;
        self.course.trouble = None;
        self.course.chores.address = Some(String::new());
        self.course.chores.to_top = true;
        self.want_index();
        if let Some(kept) = &self.course.kept {
            self.before = Lab::restore(kept).ok().map(Box::new);
            let can_undo = self.before.is_some();
            self.notice = Some(Notice { kind: NoticeKind::LessonLeft, can_undo });
        }
        Chores::SAVE
    }

    /// Other work takes the place of the open lesson's.
    pub(super) fn close_lesson(&mut self) {
        if self.course.open.take().is_some() {
            self.course.trouble = None;
            self.course.chores.address = Some(String::new());
            self.want_index();
        }
        self.panels.sheet = Panel::Servers;
    }

    /// The work from before the lessons comes back.
    fn restore_kept(&mut self) -> Chores {
        let kept = self.course.kept.take().unwrap_or_default();
        self.course.chores.aside = Some(String::new());
        match Lab::restore(&kept) {
            Ok(lab) => self.begin_other(lab),
            Err(error) => self.tell(NoticeKind::Refused(error.to_string())),
        }
        Chores::SAVE
    }

    // --- Steps

    /// Begins a step: where the last one ended, or where the lesson says, `anew`.
    fn enter(&mut self, step: usize, anew: bool) -> Chores {
        let Some(open) = &self.course.open else { return Chores::NONE };
        let lesson = open.lesson.clone();
        let key = open.key();
        let step = step.min(lesson.steps.len());
        let mut open = Open::at(lesson.clone(), step);
        let is_done = step == lesson.steps.len();
        self.course.progress.add(&key, Reached { steps: step, is_done, actions: None });
        self.course.trouble = None;
        self.course.chores.keep = true;
        self.course.chores.to_top = true;
        self.course.chores.address = Some(self.place_of(Some(&open)));
        self.panels.sheet = Panel::Course;
        self.notice = None;
        if is_done {
            self.course.open = Some(open);
            return Chores::SAVE;
        }
        let goes_on = !anew && lesson.steps[step].scenario.is_none();
        let begun = goes_on.then(|| lesson.steps[step].enter(&self.lab)).flatten();
        let begun = match begun {
            Some(after) => {
                let mut before = self.lab.clone();
                before.live();
                Ok((before, after))
            }
            None => {
                open.is_moved = goes_on;
                begin(&lesson, step)
            }
        };
        match begun {
            Ok((before, after)) => {
                open.goal = lesson.steps[step].goal().map(|_| Goal::from_now(&after));
                self.course.open = Some(open);
                self.selected = None;
                self.side = None;
                self.before = None;
                self.show_what_it_shows();
                self.play(&before, after);
                self.check_goal();
            }
            Err(error) => {
                self.course.open = Some(open);
                let text = (self.strings().lessons.unreadable)(&error.to_string());
                self.course.trouble = Some(text.into());
            }
        }
        Chores { save: true, remember: true, ..Chores::NONE }
    }

    fn show_what_it_shows(&mut self) {
        let Some(step) = self.course.open.as_ref().and_then(Open::current) else { return };
        let show = step.show.clone();
        if let (Some("server"), [Actor::Server(id)]) = (show.panel.as_deref(), &show.actors[..]) {
            self.selected = Some(Selection::Server(*id));
        }
        let panel =
            Panel::ALL.into_iter().find(|panel| Some(panel.name()) == show.panel.as_deref());
        if let Some(panel) = panel {
            self.panels.show(panel);
        }
        self.panels.sheet = Panel::Course;
    }

    /// Plays what lies between two states of a run.
    fn play(&mut self, before: &Lab, after: Lab) {
        let (events, now) = (before.timeline().len(), before.timeline().tip().now);
        self.adopt(after);
        let tip = self.lab.timeline().tip();
        let has_more = events < tip.events || now < tip.now;
        let (is_event, at) = (events < tip.events, now);
        if has_more {
            if is_event {
                self.lab.seek(events);
            }
            if self.lab.world().now < at {
                self.lab.seek_time(at);
            }
        } else {
            self.lab.live();
        }
        if let Some(open) = &mut self.course.open {
            open.is_running = has_more;
            open.watched_ms = 0.0;
            open.servers = self.lab.view().servers.iter().map(|server| server.id).collect();
        }
        self.is_playing = has_more;
        self.pace.rest();
        self.refresh();
    }

    /// To the end of what is played.
    fn end_run(&mut self) {
        if let Some(open) = &mut self.course.open {
            open.is_running = false;
        }
        self.lab.live();
        self.is_playing = false;
        self.pace.rest();
        self.refresh();
        self.check_goal();
    }

    fn next(&mut self) -> Chores {
        let Some(open) = &self.course.open else { return self.travel(Lab::step_decision) };
        if open.is_running {
            self.end_run();
            return Chores::SAVE;
        }
        let Some(step) = open.current() else { return self.leave_lesson() };
        match step.task {
            Task::Ask(_) if !open.is_solved => self.answer(None),
            Task::Do(_) if !open.is_solved => self.solve(),
            Task::Read | Task::Ask(_) | Task::Do(_) => {
                let next = open.step + 1;
                self.enter(next, false)
            }
        }
    }

    // --- Questions

    /// Takes an answer, or gives it if the reader has none.
    fn answer(&mut self, given: Option<Given>) -> Chores {
        let Some(open) = self.course.open.as_mut().filter(|open| !open.is_solved) else {
            return Chores::NONE;
        };
        if open.is_running || open.current().is_none_or(|step| step.question().is_none()) {
            return Chores::NONE;
        }
        open.given = given;
        open.is_solved = true;
        self.course.chores.to_news = true;
        open.is_shown = given.is_none();
        let is_right = match (open.current().and_then(|step| step.question()), given) {
            (Some(ask), Some(given)) => Some(given.is_right(&ask.answer)),
            (Some(_) | None, _) => None,
        };
        let words = self.strings().lessons;
        let said = match is_right {
            Some(true) => words.right,
            Some(false) => words.wrong,
            None => "",
        };
        self.spoken = Rc::from(said);
        self.play_after();
        Chores::SAVE
    }

    /// A click on a server is the answer, if one is asked for. Whether it was.
    pub(super) fn answers_with(&mut self, selection: Selection) -> bool {
        let is_asked = self.course.open.as_ref().is_some_and(Open::asks_server);
        match selection {
            Selection::Server(id) if is_asked => {
                self.answer(Some(Given::Server(id)));
                true
            }
            Selection::Server(_)
            | Selection::Client(_)
            | Selection::Packet(_)
            | Selection::Link(..) => false,
        }
    }

    fn play_after(&mut self) {
        let Some(open) = &mut self.course.open else { return };
        let Some(step) = open.current().filter(|step| step.after.is_some()) else { return };
        let mut before = self.lab.clone();
        before.live();
        let after = step.finish(&before).map(|after| (before, after)).or_else(|| {
            let before = open.lesson.solved(open.step).ok()?;
            let after = step.finish(&before)?;
            Some((before, after))
        });
        if let Some((before, after)) = after {
            self.play(&before, after);
        }
    }

    // --- Goals

    /// Does what is to be done.
    fn solve(&mut self) -> Chores {
        let Some(open) = self.course.open.as_mut().filter(|open| !open.is_solved) else {
            return Chores::NONE;
        };
        let (lesson, step) = (open.lesson.clone(), open.step);
        let Some(current) = lesson.steps.get(step).filter(|step| step.goal().is_some()) else {
            return Chores::NONE;
        };
        open.is_shown = true;
        let solved = current.solve(&self.lab).map(|after| (self.lab.clone(), after));
        let solved = solved.or_else(|| {
            let begun = lesson.at(step).ok()?;
            let after = current.solve(&begun)?;
            Some((begun, after))
        });
        if let Some((mut before, after)) = solved {
            before.live();
            open.goal = Some(Goal::from_now(&before));
            self.play(&before, after);
        }
        Chores::SAVE
    }

    /// What the reader is doing for the open step, if that has a goal that is not reached yet.
    pub(super) fn lesson_task(&self) -> Option<Doing> {
        let open = self.course.open.as_ref().filter(|open| !open.is_solved && !open.is_running)?;
        let (lesson, step) = (open.lesson.clone(), open.step);
        lesson.steps.get(step)?.goal()?;
        Some(Doing { lesson, step, goal: open.goal.clone()? })
    }

    /// Looks which parts of the goal hold now.
    fn check_goal(&mut self) {
        let Some(open) = &mut self.course.open else { return };
        if open.is_solved || open.is_running {
            return;
        }
        let lesson = open.lesson.clone();
        let Some(task) = lesson.steps.get(open.step).and_then(|step| step.goal()) else { return };
        let Some(goal) = &open.goal else { return };
        open.holding = goal.holding(task, &self.lab);
        open.actions = goal.actions(&self.lab);
        if open.holding.contains(&false) {
            return;
        }
        open.is_solved = true;
        self.course.chores.to_news = true;
        if !open.is_shown && !open.is_handed_in {
            let actions = open.best().map(|_| open.actions);
            if actions.is_some() {
                open.result = Some(lesson.result(goal, &self.lab).into());
            }
            let is_done = actions.is_some();
            let reached = Reached { steps: open.step + 1, is_done, actions };
            self.course.progress.add(&open.key(), reached);
            self.course.chores.keep = true;
        }
        self.spoken = Rc::from(self.strings().lessons.reached);
        self.play_after();
    }

    /// After the reader did something.
    pub(super) fn lesson_acted(&mut self) {
        let Some(open) = &mut self.course.open else { return };
        let Some(step) = open.current() else { return };
        let has_goal = step.goal().is_some();
        if open.is_running {
            // What would have come is dropped.
            open.is_running = false;
            open.goal = has_goal.then(|| Goal::from_now(&self.lab));
        }
        if has_goal && !open.is_solved {
            self.is_playing = true;
        }
        self.check_goal();
    }

    /// How fast to play, and up to when.
    pub(super) fn lesson_pace(&self) -> (Speed, Option<Time>) {
        let mut speed = self.prefs.speed;
        let running = self.course.open.as_ref().filter(|open| open.is_running);
        let Some(open) = running else { return (speed, None) };
        for _ in 0..(open.watched_ms / PATIENCE_MS) as u32 {
            speed = speed.faster();
        }
        (speed, Some(self.lab.timeline().tip().now))
    }

    /// After a frame of so many milliseconds.
    pub(super) fn lesson_frame(&mut self, ms: f64) {
        let Some(open) = &mut self.course.open else { return };
        open.watched_ms += ms;
        if open.is_running {
            let (world, tip) = (self.lab.world(), self.lab.timeline().tip());
            if tip.events <= world.events && tip.now <= world.now {
                self.end_run();
            }
        } else {
            self.check_goal();
        }
    }

    // --- Results

    /// Plays what somebody has handed in.
    fn check_result(&mut self, lesson: Rc<Lesson>, result: &str) -> Chores {
        let verified = lesson.verify(0, result).and_then(|verified| Ok((lesson.at(0)?, verified)));
        self.course.open = Some(Open::at(lesson.clone(), 0));
        match verified {
            Ok((before, (after, goal))) => {
                let mut open = Open::at(lesson, 0);
                open.is_handed_in = true;
                open.goal = Some(goal);
                self.course.open = Some(open);
                self.panels.sheet = Panel::Course;
                self.play(&before, after);
                Chores::SAVE
            }
            Err(error) => {
                let chores = self.enter(0, true);
                let text = (self.strings().lessons.bad_result)(&error.to_string());
                self.course.trouble = Some(text.into());
                chores
            }
        }
    }
}

/// A goal on the way: it may hold between two events of one frame only.
pub(super) struct Doing {
    lesson: Rc<Lesson>,
    step: usize,
    goal: Goal,
}

impl Doing {
    /// Whether it is reached at the end of the run.
    pub(super) fn is_reached(&self, lab: &Lab) -> bool {
        let task = self.lesson.steps.get(self.step).and_then(|step| step.goal());
        task.is_some_and(|task| self.goal.is_reached(task, lab))
    }
}

/// The state before and after a step's `run`, as the lesson has them.
fn begin(lesson: &Lesson, step: usize) -> Result<(Lab, Lab), Trouble> {
    Ok((lesson.before(step)?, lesson.at(step)?))
}
