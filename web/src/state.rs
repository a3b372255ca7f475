//! Everything the page knows, and what every action of the reader changes. No DOM.
//!
//! [`State::apply`] is the only place where anything changes. It answers with what the browser has
//! to do about it ([`Chores`]); `app` does that through `platform`.

pub mod class;
pub mod console;
mod course;
pub mod feed;
pub mod glossary;
mod predict;
pub mod recipes;
pub mod scenario;
pub mod speaker;
mod stage;
mod time;
mod work;

pub use class::ClassState;
pub use console::Consoles;
pub use predict::Predict;
pub use recipes::RecipeState;
pub use stage::StageState;
pub use time::TimeState;
pub use work::WorkState;

use scenario::Draft;

use crate::components::lanes::Drawn;
use crate::components::packet::is_drawn;
use crate::components::why_panel::Explained;
use crate::course::Course;
use crate::explain::{Sentence, sentence, server_of};
use crate::i18n::{Language, Strings};
use crate::moment::Moment;
use crate::notice::{Notice, NoticeKind};
use crate::pace::{Pace, Pacing};
use crate::prefs::{Preferences, Theme};
use crate::stretch::Stretch;
use crate::ui_action::export::ExportAction;
use crate::ui_action::{Panel, Panels, Selection, UiAction};
use std::cell::RefCell;
use std::rc::Rc;
use zklab_core::lab::history::Window;
use zklab_core::lab::view::{FeedItem, FeedRow};
use zklab_core::lab::{Lab, Scenario};
use zklab_core::sim::action::Action;
use zklab_core::sorted::Set;
use zklab_core::types::ServerId;

/// The session timeout of the console's client: what zkCli asks for.
const CLIENT_TIMEOUT_MS: u32 = 30_000;

/// How far a chain of causes is followed.
const LONGEST_CHAIN: usize = 60;
/// The most arrows that the lanes draw.
const MOST_ARROWS: usize = 700;

/// What the browser has to do after an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Chores {
    /// Save the work.
    pub save: bool,
    /// Save the preferences, and put them into effect.
    pub remember: bool,
    /// Keep the work before this one.
    pub keep_before: bool,
    /// Write the work to a file.
    pub download: bool,
    /// Copy the link.
    pub copy: bool,
    /// Save this drawing or trace as a file.
    pub export: Option<ExportAction>,
}

impl Chores {
    const NONE: Chores = Chores {
        save: false,
        remember: false,
        keep_before: false,
        download: false,
        copy: false,
        export: None,
    };
    const SAVE: Chores = Chores { save: true, ..Chores::NONE };
    const REMEMBER: Chores = Chores { remember: true, ..Chores::NONE };
}

/// Which panels of text show what was, and not this moment.
#[derive(Clone, Copy, Debug, Default)]
struct Unread {
    consoles: bool,
    feed: bool,
}

/// Everything the page knows.
pub struct State {
    lab: Lab,
    /// The consoles that are seen, and what was typed.
    pub consoles: Consoles,
    /// Which rows of the feed are shown.
    pub feed_filter: feed::FeedFilter,
    pace: Pace,
    before: Option<Box<Lab>>,
    /// Branches, and what is waited for.
    pub time: TimeState,
    /// Recipes.
    pub recipes: RecipeState,
    /// Files and links.
    pub work: WorkState,
    /// What components draw.
    pub moment: Moment,
    /// Whether it plays.
    pub is_playing: bool,
    /// The side that a partition would cut off, if it was chosen by hand.
    side: Option<Set<ServerId>>,
    /// What is chosen.
    pub selected: Option<Selection>,
    /// The row of the feed whose reason is shown, by its event; otherwise the last decision.
    pub explained: Option<u32>,
    /// The stretch of time that the lanes show.
    pub stretch: Stretch,
    /// The event under the pointer, in the lanes.
    pub hovered: Option<u32>,
    /// The panels that are seen.
    pub panels: Panels,
    /// Whether the help is open.
    pub shows_help: bool,
    /// Whether the list of invariants is open.
    pub shows_invariants: bool,
    /// A message.
    pub notice: Option<Notice>,
    /// What the reader prefers.
    pub prefs: Preferences,
    /// The language in use.
    pub language: Language,
    /// Whether the system asks for little movement.
    pub is_still: bool,
    /// The scenario of the next fresh start, as it is edited.
    pub draft: Rc<Draft>,
    /// How the stage is seen.
    pub stage: StageState,
    /// Participants and observers of the next fresh start.
    pub chosen: (u8, u8),
    /// Lessons and challenges.
    pub course: Course,
    /// The classroom.
    pub class: ClassState,
    /// Predict mode.
    pub predict: Predict,
    /// What the words mean.
    pub glossary: glossary::GlossaryState,
    /// What a screen reader is told.
    pub spoken: Rc<str>,
    unread: Unread,
    /// What the lanes have shown while it played, of which branch: it need not be read again.
    lanes_seen: RefCell<(u32, Window)>,
}

impl State {
    /// The page at its start: the saved work if there is any and it can be read.
    pub fn new(
        saved: Option<&str>,
        history: &str,
        prefs: Preferences,
        language: Language,
        is_still: bool,
    ) -> State {
        let restored = saved.map(Lab::restore);
        let (lab, notice) = match restored {
            Some(Ok(lab)) => {
                let said = lab.divergence().map_or(NoticeKind::Restored, NoticeKind::Diverged);
                (lab, Some(said))
            }
            Some(Err(error)) => (fresh(3, 0), Some(NoticeKind::Unreadable(error.to_string()))),
            None => (fresh(3, 0), None),
        };
        // Work that comes back goes on if it went on when the page was left.
        let is_back = matches!(notice, Some(NoticeKind::Restored | NoticeKind::Diverged(_)));
        let is_playing = prefs.was_playing || !is_back;
        let chosen = (lab.scenario().participants, lab.scenario().observers);
        let mut state = State {
            consoles: Consoles::new(history),
            feed_filter: feed::FeedFilter::default(),
            moment: Moment::of(&lab),
            draft: Rc::new(Draft::of(lab.scenario())),
            lab: lab.clone(),
            time: TimeState::default(),
            recipes: RecipeState::default(),
            work: WorkState::default(),
            pace: Pace::default(),
            before: None,
            is_playing,
            side: None,
            selected: None,
            explained: None,
            stretch: Stretch::default(),
            hovered: None,
            panels: Panels::default(),
            shows_help: false,
            shows_invariants: false,
            notice: notice.map(|kind| Notice { kind, can_undo: false }),
            prefs,
            language,
            is_still,
            stage: StageState::default(),
            chosen,
            course: Course::default(),
            class: ClassState::default(),
            predict: Predict::default(),
            glossary: glossary::GlossaryState::default(),
            spoken: Rc::from(""),
            unread: Unread::default(),
            lanes_seen: RefCell::default(),
        };
        state.adopt(lab);
        state.read_consoles();
        state.read_feed();
        state
    }

    /// The words.
    pub fn strings(&self) -> &'static Strings {
        self.language.strings()
    }

    /// The link that was made last, without the page's address.
    pub fn link(&self) -> Option<&str> {
        self.work.link.as_deref()
    }

    /// What has happened up to the cursor, as text.
    pub fn trace_text(&self) -> String {
        self.lab.trace_text()
    }

    /// The work as text.
    pub fn saved(&self) -> String {
        self.lab.save()
    }

    /// The servers that a partition would cut off: those chosen by hand, or the leader alone.
    pub fn side(&self) -> Set<ServerId> {
        match &self.side {
            Some(side) => side.clone(),
            None => self.moment.leader().into_iter().collect(),
        }
    }

    /// Plays a frame that took `real_ms`. Answers whether anything is to be redrawn.
    pub fn frame(&mut self, real_ms: f64, has_time: impl Fn() -> bool) -> bool {
        let is_measuring = self.measure(&has_time);
        if !self.is_playing {
            return is_measuring;
        }
        if self.play_hunt(&has_time) {
            return true;
        }
        let world = self.lab.world();
        let (from, broken) = (world.events, world.checker.violations().count());
        let (speed, until) = self.lesson_pace();
        let until = until.or_else(|| self.predict_until());
        let pacing = Pacing {
            speed,
            until,
            skips_idle: self.prefs.skips_idle,
            shows_pings: self.prefs.shows_pings,
            is_stepwise: self.is_still,
        };
        let task = self.lesson_task();
        let is_done = |lab: &Lab| task.as_ref().is_some_and(|task| task.is_reached(lab));
        let has_moved = self.pace.play(&mut self.lab, real_ms, pacing, has_time, is_done);
        if has_moved {
            self.stop_at_violation(from, broken);
            self.tell_limit();
            self.refresh();
            self.lesson_frame(real_ms);
            self.predict_frame();
            if !self.is_playing {
                self.read_feed();
            }
        }
        has_moved || is_measuring
    }

    /// Carries out what the reader does.
    pub fn apply(&mut self, action: UiAction) -> Chores {
        self.lanes_seen.take();
        let Some(action) = self.as_presented(action) else { return Chores::NONE };
        let chores = self.carry_out(action);
        self.renew_link();
        chores
    }

    fn carry_out(&mut self, action: UiAction) -> Chores {
        match action {
            UiAction::TogglePlaying => self.toggle_playing(),
            UiAction::Faster => self.prefer(|prefs| prefs.speed = prefs.speed.faster()),
            UiAction::Slower => self.prefer(|prefs| prefs.speed = prefs.speed.slower()),
            UiAction::Step => self.travel(Lab::step),
            UiAction::Back => self.travel(Lab::back),
            UiAction::StepDecision => self.travel(Lab::step_decision),
            UiAction::BackDecision => self.travel(Lab::back_decision),
            UiAction::Seek(index) => self.travel(|lab| lab.seek(index)),
            UiAction::SeekTime(time) => self.travel(|lab| lab.seek_time(time)),
            UiAction::Live => self.live(),
            UiAction::Act(action) => self.act(action),
            UiAction::Together(actions) => self.act_together(&actions),
            UiAction::Scenario(action) => self.on_scenario(action),
            UiAction::Stage(action) => self.on_stage(action),
            UiAction::KillLeader => match self.moment.leader() {
                Some(leader) => self.act(Action::Kill(Rc::new([leader]))),
                None => Chores::NONE,
            },
            UiAction::RestartAll => self.restart_all(),
            UiAction::Partition(alone) => self.partition(alone),
            UiAction::TogglePartition if !self.moment.is_cut() => self.partition(None),
            UiAction::TogglePartition | UiAction::Heal => self.act(Action::Heal),
            UiAction::ToggleMember(id) => self.toggle_member(id),
            UiAction::Console(action) => self.on_console(action),
            UiAction::Select(selection) if self.answers_with(selection) => Chores::SAVE,
            UiAction::Feed(action) => self.on_feed(action),
            UiAction::Export(action) => Chores { export: Some(action), ..Chores::NONE },
            UiAction::Select(selection) => {
                let is_new = self.selected != Some(selection);
                self.selected = is_new.then_some(selection);
                self.panels.show(if is_new { selection.panel() } else { Panel::Servers });
                Chores::NONE
            }
            UiAction::Explain(index) => {
                self.explained = Some(index);
                self.panels.show(Panel::Why);
                Chores::NONE
            }
            UiAction::Show(panel) => {
                self.panels.show(panel);
                Chores::NONE
            }
            UiAction::Lanes(stretch) => {
                self.stretch = stretch;
                Chores::NONE
            }
            UiAction::Hover(index) => {
                self.hovered = index;
                Chores::NONE
            }
            UiAction::TogglePings => self.prefer(|prefs| prefs.shows_pings = !prefs.shows_pings),
            UiAction::ToggleSkipIdle => self.prefer(|prefs| prefs.skips_idle = !prefs.skips_idle),
            UiAction::ToggleHelp => {
                self.shows_help = !self.shows_help;
                Chores::NONE
            }
            UiAction::ToggleInvariants => {
                self.shows_invariants = !self.shows_invariants;
                Chores::NONE
            }
            UiAction::Escape => self.escape(),
            UiAction::CloseMenus => self.close_menus(),
            UiAction::Dismiss => {
                self.notice = None;
                Chores::NONE
            }
            UiAction::Undo => self.undo(),
            UiAction::Time(action) => self.do_time(action),
            UiAction::Recipe(action) => self.on_recipe(action),
            UiAction::Work(action) => self.do_work(action),
            UiAction::ToggleLanguage => {
                self.language = self.language.other();
                self.prefs.language = Some(self.language);
                self.read_feed();
                Chores::REMEMBER
            }
            UiAction::ToggleTheme { is_system_dark } => {
                self.prefer(|prefs| prefs.theme = Theme::toggled(prefs.theme, is_system_dark))
            }
            UiAction::Choose(participants, observers) => {
                self.chosen = (participants, observers);
                Chores::NONE
            }
            UiAction::Lesson(action) => self.lesson(action),
            UiAction::Class(action) => self.on_class(action),
            UiAction::Glossary(action) => self.on_glossary(action),
            UiAction::Predict(action) => self.do_predict(action),
            UiAction::Reset => self.reset(),
            UiAction::Leave => {
                self.prefs.was_playing = self.is_playing;
                Chores { save: true, remember: true, ..Chores::NONE }
            }
        }
    }

    /// Tells the reader something.
    pub fn tell(&mut self, kind: NoticeKind) {
        self.notice = Some(Notice { kind, can_undo: false });
    }

    fn toggle_playing(&mut self) -> Chores {
        self.is_playing = !self.is_playing;
        self.stop_hunt();
        self.pace.rest();
        self.read_feed();
        if self.is_playing { Chores::NONE } else { Chores::SAVE }
    }

    fn prefer(&mut self, change: impl FnOnce(&mut Preferences)) -> Chores {
        change(&mut self.prefs);
        Chores::REMEMBER
    }

    /// Moves the cursor by hand, which pauses, and says where it has come to.
    fn travel(&mut self, how: impl FnOnce(&mut Lab)) -> Chores {
        how(&mut self.lab);
        self.stop_hunt();
        self.is_playing = false;
        self.pace.rest();
        self.refresh();
        self.speak();
        Chores::NONE
    }

    fn live(&mut self) -> Chores {
        self.lab.live();
        self.refresh();
        Chores::NONE
    }

    fn act(&mut self, action: Action) -> Chores {
        let before = self.future();
        if let Err(error) = self.lab.act(action) {
            self.tell(NoticeKind::Refused(error.to_string()));
            return Chores::NONE;
        }
        self.after_change(before)
    }

    /// The branch and, if anything lies after the cursor, the work: acting there makes a branch.
    fn future(&self) -> (u32, Option<Box<Lab>>) {
        let view = &self.moment.view;
        let before = (view.index < view.end).then(|| Box::new(self.lab.clone()));
        (self.lab.branch().number, before)
    }

    /// After something was done: if that made a branch, the work `before` can be had back.
    fn after_change(&mut self, (branch, before): (u32, Option<Box<Lab>>)) -> Chores {
        self.stop_hunt();
        self.refresh();
        self.notice = None;
        if self.lab.branch().number != branch {
            self.before = before;
            self.notice = Some(Notice { kind: NoticeKind::Forked(branch), can_undo: true });
        }
        self.lesson_acted();
        self.forget_prediction();
        self.speak();
        Chores::SAVE
    }

    fn restart_all(&mut self) -> Chores {
        let view = &self.moment.view;
        let down: Vec<ServerId> =
            view.servers.iter().filter(|server| !server.is_up).map(|server| server.id).collect();
        if down.is_empty() {
            return Chores::NONE;
        }
        self.act(Action::Start(down.into()))
    }

    fn partition(&mut self, alone: Option<ServerId>) -> Chores {
        let side = match alone {
            Some(id) => Set::from([id]),
            None => self.side(),
        };
        let all = self.moment.view.servers.iter().map(|server| server.id);
        let rest: Vec<ServerId> = all.filter(|id| !side.contains(id)).collect();
        if side.is_empty() || rest.is_empty() {
            return Chores::NONE;
        }
        let groups: [Rc<[ServerId]>; 2] = [side.into_iter().collect(), rest.into()];
        self.forget_side();
        self.act(Action::Partition(Rc::new(groups)))
    }

    fn toggle_member(&mut self, id: ServerId) -> Chores {
        let mut side = self.side();
        if !side.remove(&id) {
            side.insert(id);
        }
        self.side = Some(side);
        Chores::NONE
    }

    fn escape(&mut self) -> Chores {
        if self.escape_class() {
            return Chores::REMEMBER;
        }
        let is_open = self.shows_help || self.shows_invariants || self.glossary.shows_all;
        if is_open || self.time.shows_goals || self.work.shows_menu {
            self.shows_help = false;
            self.shows_invariants = false;
            self.glossary.shows_all = false;
            return self.close_menus();
        } else if self.stage.has_lasso {
            self.forget_side();
        } else if self.notice.is_some() {
            self.notice = None;
        } else {
            self.selected = None;
        }
        Chores::NONE
    }

    fn close_menus(&mut self) -> Chores {
        self.time.shows_goals = false;
        self.work.shows_menu = false;
        Chores::NONE
    }

    fn undo(&mut self) -> Chores {
        let Some(before) = self.before.take() else { return Chores::NONE };
        self.notice = None;
        self.begin_other(*before);
        self.is_playing = false;
        Chores::SAVE
    }

    fn reset(&mut self) -> Chores {
        let (participants, observers) = self.chosen;
        self.begin(fresh(participants, observers))
    }

    /// Begins with another lab; the one before can be had back.
    fn begin(&mut self, lab: Lab) -> Chores {
        self.keep_work();
        self.begin_other(lab);
        self.is_playing = true;
        self.notice = Some(Notice { kind: NoticeKind::WasReset, can_undo: true });
        Chores { save: true, keep_before: true, ..Chores::NONE }
    }

    /// Reads off the lab what components draw; what hangs on events only if there was one.
    fn refresh(&mut self) {
        let view = self.lab.view();
        let old = &self.moment.view;
        let is_same = view.index == old.index && view.end == old.end && view.now >= old.now;
        if is_same && !view.servers.is_empty() && self.is_playing {
            self.moment.view = view.into();
        } else {
            let before = match view.index == old.index {
                true => self.moment.before.clone(),
                false => Some(self.moment.as_before()).filter(|_| !self.is_playing),
            };
            self.moment = Moment { before, ..self.moment.next(&self.lab, view) };
            self.unread = Unread { consoles: true, feed: true };
        }
    }

    /// Reads what panels of text show, if they are to be drawn: while it plays that is not in every frame.
    pub fn read_texts(&mut self, draws_consoles: bool, draws_feed: bool) {
        if draws_consoles && self.unread.consoles {
            self.read_consoles();
        }
        if draws_feed && self.unread.feed {
            self.read_feed();
        }
    }

    /// Says the decisions of this very event, for those who don't see the stage.
    fn speak(&mut self) {
        let t = self.strings();
        let index = self.moment.view.index;
        let here = self.moment.feed.iter().filter(|row| row.index + 1 == index);
        let said: Vec<String> =
            here.map(|row| sentence(row, &self.moment.names, t).text(t)).collect();
        if !said.is_empty() {
            self.spoken = said.join(". ").into();
        }
    }

    /// What the lanes show.
    pub fn lanes(&self) -> Drawn {
        let view = &self.moment.view;
        let during = self.stretch.during(view.now);
        let shows = |kind| is_drawn(kind, self.prefs.shows_pings);
        let branch = self.lab.branch().number;
        let mut seen = self.lanes_seen.borrow_mut();
        if seen.0 != branch {
            *seen = (branch, Window::default());
        }
        self.lab.move_window(&mut seen.1, during.clone(), shows, MOST_ARROWS);
        let (packets, stride) = (seen.1.packets().to_vec(), seen.1.stride());
        let lit = self.hovered.filter(|index| *index < view.end).map(|index| {
            let mut lit = self.lab.causes(index, LONGEST_CHAIN);
            lit.extend(self.lab.effects(index, LONGEST_CHAIN));
            lit
        });
        Drawn { during, packets, stride, lit: lit.unwrap_or_default() }
    }

    /// The decision whose reason is shown: the chosen one, or the last, and what caused it.
    pub fn explained(&self) -> Option<Explained> {
        let is_decision = |row: &FeedRow| matches!(row.what, FeedItem::Decision(_));
        let chosen = self.explained.map(|index| self.lab.rows_of(index)).unwrap_or_default();
        let chosen = chosen.iter().find(|row| is_decision(row)).or(chosen.first());
        let row = chosen.or(self.moment.decision.as_deref())?.clone();
        let causes = self.lab.causes(row.index, LONGEST_CHAIN).into_iter();
        let causes = causes.map(|event| {
            let rows = self.lab.rows_of(event.index);
            (event, rows)
        });
        Some(Explained { causes: causes.collect(), row })
    }

    /// The last decision up to this moment, and the epoch of the server that took it.
    pub fn caption(&self) -> Option<(Sentence, u32)> {
        let row = self.moment.decision.as_deref()?;
        let id = server_of(row);
        let server = self.moment.view.servers.iter().find(|server| Some(server.id) == id);
        let epoch = server.map_or(0, |server| server.current_epoch);
        Some((sentence(row, &self.moment.names, self.strings()), epoch))
    }
}

/// A fresh scenario: all servers start at once, and the console's client connects.
fn fresh(participants: u8, observers: u8) -> Lab {
    let scenario = Scenario { participants, observers, ..Scenario::default() };
    let built = Lab::new(&scenario).or_else(|_| Lab::new(&Scenario::default()));
    let mut lab = built.expect("the default scenario is sound");
    let view = lab.view();
    let all: Rc<[ServerId]> = view.servers.iter().map(|server| server.id).collect();
    let started = lab.act(Action::Start(all));
    let connected = lab.act(console::connect(&view));
    debug_assert!(started.is_ok() && connected.is_ok(), "a fresh ensemble can be started");
    lab
}
