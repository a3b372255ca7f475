//! The page: one [`State`], the browser's events that change it, and the frame that holds its parts.

mod class;
mod course;

use crate::components::branches::branches_panel;
use crate::components::caption::caption;
use crate::components::console::{Console, history};
use crate::components::course::course_panel;
use crate::components::faults::{Faults, faults};
use crate::components::feed::Feed;
use crate::components::glossary::GlossaryView;
use crate::components::help::Help;
use crate::components::lanes::Lanes;
use crate::components::notice::notice_bar;
use crate::components::packet_panel::packet_panel;
use crate::components::panel::{all_tabs, group_tabs};
use crate::components::predict::predict_card;
use crate::components::recipes::recipes_panel;
use crate::components::scenario_panel::ScenarioPanel;
use crate::components::server_detail::server_panel;
use crate::components::servers::Servers;
use crate::components::sessions::sessions_panel;
use crate::components::stage::Stage;
use crate::components::term::term_card;
use crate::components::top_bar::{Standing, TopBar};
use crate::components::transport::transport;
use crate::components::trees::Trees;
use crate::components::turns::{Part, Turns};
use crate::components::ui::Ui;
use crate::components::why_panel::why_panel;
use crate::components::work_menu::{WorkMenuProps, on_read};
use crate::i18n::Language;
use crate::keymap::action_for;
use crate::notice::{Notice, NoticeKind};
use crate::platform::dismiss::dismissals;
use crate::platform::frames::{Frames, now_ms};
use crate::platform::keys::Listener;
use crate::platform::notes::Notes;
use crate::platform::{address, document, export, files, storage};
use crate::prefs::Preferences;
use crate::state::class::Layout;
use crate::state::speaker::Sign;
use crate::state::{Chores, State};
use crate::ui_action::class::ClassAction;
use crate::ui_action::export::{ExportAction, Format};
use crate::ui_action::{Group, Panel, Selection, UiAction, WorkAction};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use yew::{Callback, Component, Context, ContextProvider, DragEvent, Html, classes, html};
use zklab_core::lab::script::MOST_BYTES;
use zklab_core::types::ServerId;

/// Milliseconds that a frame has, for simulating and for drawing what came of it.
const FRAME_MS: f64 = 14.0;
/// What of them simulating has at least, so that time goes on, and at most.
const LEAST_BUDGET_MS: f64 = 2.5;
const MOST_BUDGET_MS: f64 = 9.0;
/// How fast it is forgotten that a frame took long to draw.
const FORGETS: f64 = 0.85;

/// How long, in the reader's microseconds, the mark of a lost packet stays.
const LOST_MARK_US: f64 = 600_000.0;
/// While it plays, where it has come to is saved after so many milliseconds: a tab may crash.
const SAVE_MS: f64 = 2_000.0;
/// Saving must take less than this part of the time.
const SAVE_SHARE: f64 = 0.01;
/// Milliseconds that a passing message stays.
const NOTICE_MS: u32 = 12_000;

/// What reaches the page.
pub enum Message {
    /// The reader does something.
    Ui(UiAction),
    /// A frame of the screen, so many milliseconds after the one before.
    Frame(f64),
}

/// The page.
pub struct App {
    state: State,
    ui: Ui,
    turns: Turns,
    frames: Option<Frames>,
    passing: Option<(Notice, Timeout)>,
    has_warned: bool,
    notes: Option<Notes>,
    told: Option<Sign>,
    is_to_fit: bool,
    /// When the last frame began to be drawn, and how long drawing takes at present, in milliseconds.
    draws_since_ms: f64,
    drawing_ms: f64,
    saves_at_ms: f64,
    _listeners: [Option<Listener>; 9],
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let prefs = storage::preferences().map(|text| Preferences::parse(&text));
        let prefs = prefs.unwrap_or_default();
        let language = prefs.language.unwrap_or_else(|| Language::for_tag(&document::language()));
        // Somebody else's page: what is kept here is not for it.
        let is_guest = class::is_embedded();
        let is_fresh = document::take_fresh_start() || is_guest;
        let saved = if is_fresh { None } else { storage::work() };
        let is_still = document::prefers_reduced_motion();
        let mut state =
            State::new(saved.as_deref(), &storage::history(), prefs, language, is_still);
        let is_back =
            |notice: &Notice| matches!(notice.kind, NoticeKind::Restored | NoticeKind::Diverged(_));
        if !is_guest && !state.notice.as_ref().is_some_and(is_back) {
            storage::set_work_aside();
            storage::save_work(&state.saved());
        }
        state.work.before = storage::work_before();
        let dispatch = ctx.link().callback(Message::Ui);
        let keys = dispatch.clone();
        let on_key = move |key| match action_for(&key) {
            Some(action) => {
                keys.emit(action);
                true
            }
            None => false,
        };
        let follow = |link: String| UiAction::Work(WorkAction::Follow(link.into()));
        let [pressed, escaped, chosen] = dismissals(dispatch.reform(|()| UiAction::CloseMenus));
        let listeners = [
            pressed,
            escaped,
            chosen,
            Listener::keys(on_key),
            Listener::hidden(dispatch.reform(|()| UiAction::Leave)),
            Listener::left(dispatch.reform(|()| UiAction::Leave)),
            address::follow(dispatch.reform(follow)),
            Listener::fragment(dispatch.reform(course::address)),
            Listener::resized(dispatch.reform(|()| UiAction::Class(ClassAction::TellNotes))),
        ];
        let ui = Ui { language, dispatch, glossary: Rc::default() };
        let mut app = App {
            state,
            ui,
            turns: Turns::default(),
            frames: None,
            passing: None,
            has_warned: false,
            notes: None,
            told: None,
            is_to_fit: true,
            draws_since_ms: now_ms(),
            drawing_ms: 0.0,
            saves_at_ms: now_ms() + SAVE_MS,
            _listeners: listeners,
        };
        app.turns.all(now_ms());
        app.begin_course();
        app.state.want_glossary();
        app.do_class_chores(ctx);
        app.do_course_chores(ctx);
        app.put_into_effect();
        if let Some(link) = address::take_link() {
            let chores = app.state.apply(follow(link));
            app.do_chores(chores);
        }
        app.set_timers(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Frame(ms) => {
                let start = now_ms();
                let (was_playing, is_behind) = (self.state.is_playing, self.turns.is_behind());
                let budget_ms = (FRAME_MS - self.drawing_ms).clamp(LEAST_BUDGET_MS, MOST_BUDGET_MS);
                let has_moved = self.state.frame(ms, || now_ms() - start < budget_ms);
                if self.state.is_playing {
                    self.turns.frame(start);
                    self.save_now_and_then(start);
                } else {
                    if was_playing || has_moved {
                        self.turns.all(start);
                    } else {
                        self.turns.catch_up(start);
                    }
                    self.set_timers(ctx);
                }
                self.read_texts();
                self.tell_notes(false);
                self.draws_since_ms = now_ms();
                has_moved || is_behind
            }
            Message::Ui(action) => {
                let is_dragged = matches!(action, UiAction::SeekTime(_));
                let chores = self.state.apply(action);
                self.do_chores(chores);
                if chores.copy {
                    self.copy_link(ctx);
                }
                self.do_class_chores(ctx);
                self.do_course_chores(ctx);
                if is_dragged {
                    self.turns.later();
                } else {
                    self.turns.all(now_ms());
                }
                self.read_texts();
                self.set_timers(ctx);
                true
            }
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _is_first: bool) {
        // What it is made of has been drawn before.
        let taken = now_ms() - self.draws_since_ms;
        self.drawing_ms = taken.max(self.drawing_ms * FORGETS);
        self.fit();
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let state = &self.state;
        let seen = match (&state.class.sheet, state.class.layout) {
            (Some(sheet), _) => self.sheet(sheet),
            (None, Layout::Lab) => self.lab(),
            (None, Layout::Present) => self.present(),
            (None, Layout::Embed) => self.embed(),
        };
        html! {
            <ContextProvider<Ui> context={self.ui.clone()}>
                { seen }
                <p class="spoken" aria-live="polite">{ state.spoken.to_string() }</p>
                { self.over() }
                if state.glossary.shows_all {
                    <GlossaryView index={state.course.index.clone()} has_failed={state.glossary.has_failed} />
                }
                { term_card(&self.ui, &state.glossary, &state.course.index) }
                if state.shows_help {
                    <Help on_close={self.ui.dispatch.reform(|()| UiAction::ToggleHelp)} />
                }
            </ContextProvider<Ui>>
        }
    }
}

impl App {
    /// The lab with all its panels.
    fn lab(&self) -> Html {
        let state = &self.state;
        let (moment, turns) = (&state.moment, &self.turns);
        let is_split = (1 < moment.consoles.len()).then_some("main--split");
        let on_read = on_read(&self.ui);
        let ondrop = Callback::from(move |event: DragEvent| {
            files::read_dropped(&event, MOST_BYTES, on_read.clone());
        });
        html! {
            <>
                <TopBar standing={Standing::of(&moment.view)} shows_invariants={state.shows_invariants}
                    work={self.work_menu()} />
                <main class={classes!("main", format!("main--{}", state.panels.sheet.name()), is_split,
                        state.prefs.shows_course.then_some("main--with-course"))}
                    ondragover={|event: DragEvent| event.prevent_default()} {ondrop}>
                    { self.stage() }
                    { turns.draw(Part::Course, || html! {
                        <>
                            { self.panel(Panel::Course) }
                            { all_tabs(&self.ui, state.panels) }
                            { group_tabs(&self.ui, Group::Lower, state.panels) }
                        </>
                    }) }
                    // Once shown the trees stay, at the front or not: a change marked there is not drawn anew.
                    <div class={classes!("lower", format!("lower--{}", state.panels.lower.name()))}>
                        { self.lower() }
                        if state.panels.has_shown_znodes {
                            { turns.draw(Part::Trees, || self.panel(Panel::Znodes)) }
                        }
                    </div>
                    { turns.draw(Part::Console, || self.panel(Panel::Console)) }
                    <div class="side">
                        { self.inspector() }
                        { turns.draw(Part::Feed, || html! {
                            <>
                                { group_tabs(&self.ui, Group::Feed, state.panels) }
                                { self.panel(Panel::Feed) }
                            </>
                        }) }
                    </div>
                </main>
                { transport(&self.ui, &self.turns, moment, state) }
            </>
        }
    }

    fn work_menu(&self) -> WorkMenuProps {
        let work = &self.state.work;
        let (link, has_before) = (work.link.clone(), self.state.has_before());
        WorkMenuProps { is_open: work.shows_menu, link, has_before }
    }

    /// What is below the stage, beside the trees.
    fn lower(&self) -> Html {
        match self.state.panels.lower {
            Panel::Lanes => self.turns.draw(Part::Lanes, || self.panel(Panel::Lanes)),
            Panel::Znodes => Html::default(),
            other => self.turns.draw(Part::Lower, || self.panel(other)),
        }
    }

    /// What is chosen. The table of servers says at every frame what the stage says.
    fn inspector(&self) -> Html {
        let panels = self.state.panels;
        let draw = || {
            html! {
                <>
                    { group_tabs(&self.ui, Group::Inspector, panels) }
                    <div class="inspector">{ self.panel(panels.inspector) }</div>
                </>
            }
        };
        match panels.inspector {
            Panel::Servers => self.turns.draw(Part::Servers, draw),
            _other => self.turns.draw(Part::Inspector, draw),
        }
    }

    fn stage(&self) -> Html {
        let state = &self.state;
        let moment = &state.moment;
        html! {
            <>
                <Stage view={moment.view.clone()} feed={moment.feed.clone()}
                    names={moment.names.clone()} selected={state.selected} stage={state.stage}
                    side={state.side().into_iter().collect::<Vec<_>>()}
                    lit={state.course.lit()} is_playing={state.is_playing} shows_pings={state.prefs.shows_pings}
                    recent_us={(state.prefs.speed.factor() * LOST_MARK_US) as u64} />
                { notice_bar(&self.ui, state.notice.as_ref()) }
                { predict_card(&self.ui, &state.predict, &moment.names) }
                { self.faults() }
                { caption(&self.ui, state.caption(), &state.prefs) }
            </>
        }
    }

    fn read_texts(&mut self) {
        let is_due = |part| self.turns.is_due(part);
        self.state.read_texts(is_due(Part::Console), is_due(Part::Feed));
    }

    /// What is done to the ensemble as a whole: always at hand.
    fn faults(&self) -> Html {
        let state = &self.state;
        let servers = &state.moment.view.servers;
        let side: Vec<ServerId> = state.side().into_iter().collect();
        let can = Faults {
            kill: state.moment.leader().is_some(),
            restart: servers.iter().any(|server| !server.is_up),
            cut: !side.is_empty() && side.len() < servers.len(),
            heal: state.moment.is_cut(),
        };
        faults(&self.ui, can, &side)
    }

    fn panel(&self, panel: Panel) -> Html {
        let (ui, state) = (&self.ui, &self.state);
        let moment = &state.moment;
        let view = &moment.view;
        match panel {
            Panel::Servers => html! {
                <Servers servers={view.servers.clone()}
                    side={state.side().into_iter().collect::<Vec<_>>()}
                    selected={state.selected.and_then(Selection::server)} chosen={state.chosen} />
            },
            Panel::Server => {
                let id = state.selected.and_then(Selection::server);
                let chosen = view.servers.iter().find(|server| Some(server.id) == id);
                let before = id.and_then(|id| moment.before.as_deref()?.server(id));
                server_panel(ui, chosen.map(|server| &**server), before)
            }
            Panel::Sessions => sessions_panel(ui, &view.clients, state.selected),
            Panel::Packet => packet_panel(ui, view, &moment.names, state.selected),
            Panel::Scenario => html! {
                <ScenarioPanel draft={state.draft.clone()} can_reconfig={state.can_reconfig()}
                    skips_acl={state.skips_acl()}
                    servers={view.servers.iter().map(|server| server.id).collect::<Vec<_>>()} />
            },
            Panel::Why => why_panel(ui, state.explained().as_ref(), &moment.names),
            Panel::Lanes => html! {
                <Lanes view={view.clone()} marks={moment.marks.clone()} names={moment.names.clone()}
                    drawn={Rc::new(state.lanes())} stretch={state.stretch}
                    shows_pings={state.prefs.shows_pings} selected={state.selected}
                    hovered={state.hovered} />
            },
            Panel::Znodes => html! {
                <Trees servers={view.servers.clone()} leader={view.leader}
                    trees={moment.trees.clone()} before={moment.before.clone()}
                    clients={view.clients.clone()} active={state.consoles.active(view)}
                    session={state.selected_session()} marked={state.recipes.znode.clone()}
                    is_in_recipe={state.recipes.has_znode(view)} />
            },
            Panel::Recipes => recipes_panel(ui, state),
            Panel::Branches => branches_panel(
                ui,
                &moment.branches,
                state.time.comparison.as_ref(),
                &moment.names,
                moment.forgotten,
            ),
            Panel::Feed => html! {
                <Feed rows={moment.shown_feed.clone()} names={moment.names.clone()} index={view.index}
                    filter={state.feed_filter.clone()}
                    servers={view.servers.iter().map(|server| server.id).collect::<Vec<_>>()} />
            },
            Panel::Course => course_panel(ui, &state.course, &state.predict),
            Panel::Console => html! {
                <Console clients={view.clients.clone()} consoles={moment.consoles.clone()}
                    servers={view.servers.iter().map(|server| server.id).collect::<Vec<_>>()}
                    active={state.consoles.active(view)} next={state.next_client()}
                    history={state.consoles.history.clone()} />
            },
        }
    }

    fn do_chores(&mut self, mut chores: Chores) {
        if self.state.class.layout == Layout::Embed {
            if chores.remember {
                self.put_into_effect();
            }
            chores = Chores { download: chores.download, ..Chores::default() };
        }
        if chores.save && !storage::save_work(&self.state.saved()) && !self.has_warned {
            self.has_warned = true;
            self.state.tell(NoticeKind::NotSaved);
        }
        if chores.save {
            storage::save_history(&history::print(&self.state.consoles.history));
        }
        if chores.keep_before
            && let Some(text) = self.state.saved_before()
        {
            storage::save_work_before(&text);
        }
        if chores.download {
            files::download(&self.state.saved(), files::TEXT, "zklab.zk");
        }
        if let Some(what) = chores.export {
            self.export(what);
        }
        if chores.remember {
            storage::save_preferences(&self.state.prefs.print());
            self.put_into_effect();
        }
    }

    /// What was done is saved at once; how far it has played since, a little later.
    fn save_now_and_then(&mut self, now: f64) {
        if self.saves_at_ms <= now {
            let chores = self.state.apply(UiAction::Leave);
            self.do_chores(chores);
            let taken = now_ms() - now;
            self.saves_at_ms = now + SAVE_MS.max(taken / SAVE_SHARE);
        }
    }

    fn copy_link(&self, ctx: &Context<Self>) {
        if let Some(link) = self.state.link() {
            let done = ctx
                .link()
                .callback(|is_copied| Message::Ui(UiAction::Work(WorkAction::Shared(is_copied))));
            address::copy(&address::with_link(link), done);
        }
    }

    /// Saves a drawing or the trace as a file.
    fn export(&mut self, what: ExportAction) {
        let is_saved = match what {
            ExportAction::Drawing(drawing, format) => {
                let name = format!("zklab-{}.{}", drawing.name(), format.name());
                match format {
                    Format::Svg => export::save_svg(drawing.selector(), &name),
                    Format::Png => export::save_png(drawing.selector(), &name),
                }
            }
            ExportAction::Trace => {
                files::download(&self.state.trace_text(), files::TEXT, "zklab-trace.txt").is_some()
            }
        };
        if !is_saved {
            let words = self.state.strings().on_export;
            self.state.tell(NoticeKind::Refused(words.not_seen.to_owned()));
        }
    }

    /// Language and theme belong to the whole document.
    fn put_into_effect(&mut self) {
        let language = self.state.language;
        document::set_language(language.tag(), language.strings().title);
        document::set_theme(self.state.prefs.theme.attribute());
        self.ui.language = language;
    }

    /// Frames are asked for only while something plays or is to be drawn; passing messages go after a while.
    fn set_timers(&mut self, ctx: &Context<Self>) {
        let passing = self.state.notice.clone().filter(|notice| notice.kind.is_passing());
        if self.passing.as_ref().map(|(notice, _)| notice) != passing.as_ref() {
            let dismiss = ctx.link().callback(|()| Message::Ui(UiAction::Dismiss));
            self.passing =
                passing.map(|notice| (notice, Timeout::new(NOTICE_MS, move || dismiss.emit(()))));
        }
        let is_busy = self.state.recipes.is_measuring() || self.turns.is_behind();
        if !self.state.is_playing && !is_busy {
            self.frames = None;
        } else if self.frames.is_none() {
            self.frames = Some(Frames::start(ctx.link().callback(Message::Frame)));
        }
    }
}
