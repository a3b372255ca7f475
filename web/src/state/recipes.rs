//! Recipes: clients that start, what a release costs, prepared scenarios.

use super::{Chores, State};
use crate::notice::{Notice, NoticeKind};
use crate::ui_action::Selection;
use crate::ui_action::recipes::{Order, Part, RecipeAction};
use std::rc::Rc;
use zklab_core::client::session::Library;
use zklab_core::lab::Lab;
use zklab_core::lab::cost::ReleaseCost;
use zklab_core::lab::view::{Counts, RecipeView, View};
use zklab_core::lab::zkcli::recipes::write;
use zklab_core::recipe::{Ask, OnLost, OnSuspended, Terms, Use, What};
use zklab_core::sim::action::{Action, Contest};
use zklab_core::tree::path;
use zklab_core::txn::Path;
use zklab_core::types::SessionId;

/// The session timeout of new clients, in milliseconds.
const TIMEOUT_MS: u32 = 10_000;
/// How many clients a release is measured with.
pub const SIZES: [u16; 3] = [10, 50, 200];
/// Events between two looks at the clock.
const EVENTS_A_LOOK: u32 = 300;

/// What a release costs: for so many clients, by herd and by queue, as far as it is known.
pub type Measured = Vec<(u16, What, Option<Counts>)>;

/// What the panel of the recipes shows.
#[derive(Clone, Debug)]
pub struct RecipeState {
    /// The part that was chosen.
    pub part: Option<Part>,
    /// The path that was chosen.
    path: Option<Path>,
    /// The znode that was chosen, here or in the trees.
    pub znode: Option<Path>,
    /// What the form says.
    pub order: Order,
    /// The run that is being measured.
    run: Option<Box<ReleaseCost>>,
    /// What was measured.
    pub measured: Rc<Measured>,
    /// The list of prepared scenarios, once it has come.
    pub list: Option<Rc<str>>,
}

impl Default for RecipeState {
    fn default() -> RecipeState {
        RecipeState {
            part: None,
            path: None,
            znode: None,
            order: Order {
                what: What::Lock,
                count: 5,
                path: "/locks/a".into(),
                hold_ms: None,
                on_suspended: OnSuspended::Doubt,
                on_lost: OnLost::Stop,
            },
            run: None,
            measured: Rc::default(),
            list: None,
        }
    }
}

impl RecipeState {
    /// The part that is seen: who waits, if there is anybody, else the form.
    pub fn part(&self, view: &View) -> Part {
        let is_empty = view.recipes.is_empty();
        self.part.unwrap_or(if is_empty { Part::Start } else { Part::Line })
    }

    /// The recipe that is looked at: the chosen one, or the first.
    pub fn recipe<'a>(&self, view: &'a View) -> Option<&'a Rc<RecipeView>> {
        let chosen = view.recipes.iter().find(|recipe| Some(&recipe.path) == self.path.as_ref());
        chosen.or(view.recipes.first())
    }

    /// Whether the chosen znode is part of a recipe.
    pub fn has_znode(&self, view: &View) -> bool {
        let Some(path) = &self.znode else { return false };
        let has_it = |recipe: &Rc<RecipeView>| {
            recipe.path == *path || recipe.nodes.iter().any(|node| node.path == *path)
        };
        view.recipes.iter().any(has_it)
    }

    /// Whether something is being measured.
    pub fn is_measuring(&self) -> bool {
        self.run.is_some()
    }

    fn begin_next(&mut self) {
        let done = self.measured.len();
        let size = SIZES.get(done / 2).copied();
        let what = if done.is_multiple_of(2) { What::HerdLock } else { What::Lock };
        self.run = size.and_then(|size| ReleaseCost::new(what, size).ok()).map(Box::new);
    }
}

impl State {
    pub(super) fn on_recipe(&mut self, action: RecipeAction) -> Chores {
        match action {
            RecipeAction::Show(part) => self.recipes.part = Some(part),
            RecipeAction::Look(path) => {
                self.recipes.path = Some(path);
                self.recipes.part = Some(Part::Line);
            }
            RecipeAction::Znode(path) => self.choose_znode(path),
            RecipeAction::Edit(order) => self.recipes.order = order,
            RecipeAction::Start => return self.start_contenders(),
            RecipeAction::Release(client, path) => {
                let before = self.future();
                self.lab.command(client, &write(&Ask::Unlock(path)));
                return self.after_change(before);
            }
            RecipeAction::Measure => {
                self.recipes.measured = Rc::default();
                self.recipes.begin_next();
            }
            RecipeAction::Listed(list) => {
                if list.is_none() {
                    self.tell(NoticeKind::NoPrepared);
                }
                self.recipes.list = list;
            }
            RecipeAction::Prepared(title, text) => {
                let opened = text.and_then(|text| Lab::open(&text).ok());
                let Some(lab) = opened else {
                    self.tell(NoticeKind::NoPrepared);
                    return Chores::NONE;
                };
                return self.open_prepared(lab, &title);
            }
        }
        Chores::NONE
    }

    /// What is chosen in one place is chosen in all: the znode, the client it belongs to, and the
    /// recipe it is part of.
    fn choose_znode(&mut self, path: Path) {
        let view = self.moment.view.clone();
        for recipe in &view.recipes {
            let Some(node) = recipe.nodes.iter().find(|node| node.path == path) else {
                if recipe.path == path {
                    self.recipes.path = Some(path.clone());
                }
                continue;
            };
            self.recipes.path = Some(recipe.path.clone());
            if let Some(client) = node.client {
                self.selected = Some(Selection::Client(client));
            }
        }
        self.recipes.znode = Some(path);
    }

    /// The session of the chosen client, if it has one.
    pub fn selected_session(&self) -> Option<SessionId> {
        let id = self.selected.and_then(Selection::client)?;
        let client = self.moment.view.clients.iter().find(|client| client.id == id)?;
        Some(client.session).filter(|session| *session != SessionId(0))
    }

    /// Whether the servers would refuse some of the contenders that the form tells of, who all come
    /// from one address: how many connections each server takes from it, and how many are too many.
    pub fn refused_contenders(&self) -> Option<(u32, usize)> {
        let limit = self.lab.world().config.max_client_cnxns;
        let view = &self.moment.view;
        let room = limit as usize * view.servers.len();
        let there = view.clients.iter().filter(|client| client.state.is_alive()).count();
        let refused = (there + usize::from(self.recipes.order.count)).saturating_sub(room);
        (0 < limit && 0 < refused).then_some((limit, refused))
    }

    fn open_prepared(&mut self, mut lab: Lab, title: &str) -> Chores {
        // It is seen from its beginning, without the first election.
        lab.seek(0);
        self.keep_work();
        self.close_lesson();
        self.begin_other(lab);
        self.recipes.part = Some(Part::Line);
        self.recipes.path = None;
        self.recipes.znode = None;
        self.is_playing = true;
        let kind = NoticeKind::Opened(Some(title.to_owned()));
        self.notice = Some(Notice { kind, can_undo: true });
        Chores { save: true, keep_before: true, ..Chores::NONE }
    }

    fn start_contenders(&mut self) -> Chores {
        let order = self.recipes.order.clone();
        if path::validate(&order.path).is_err() || &*order.path == "/" {
            self.tell(NoticeKind::NoRecipePath(order.path.to_string()));
            return Chores::NONE;
        }
        let terms = Terms {
            hold_us: order.hold_ms.map(|ms| u64::from(ms) * 1000),
            on_suspended: order.on_suspended,
            on_lost: order.on_lost,
            ..Terms::default()
        };
        let wanted = Use { what: order.what, path: order.path.clone(), terms };
        let view = &self.moment.view;
        let contest = Contest {
            name: free_letter(view).into(),
            count: order.count.clamp(1, Contest::MOST),
            servers: view.servers.iter().map(|server| server.id).collect(),
            timeout_ms: TIMEOUT_MS,
            library: Library::Java,
            ask: Ask::Use(Rc::new(wanted)),
        };
        let chores = self.act(Action::Contend(contest));
        if chores.save {
            self.recipes.path = Some(order.path);
            self.recipes.part = Some(Part::Line);
            self.is_playing = true;
        }
        chores
    }

    /// Goes on with what is being measured for a frame. Answers whether anything was.
    pub(super) fn measure(&mut self, has_time: &impl Fn() -> bool) -> bool {
        let Some(run) = &mut self.recipes.run else { return false };
        let found = loop {
            match run.go_on(EVENTS_A_LOOK) {
                None if has_time() => {}
                found => break found,
            }
        };
        if let Some(counts) = found {
            let (clients, what) = (run.clients, run.what.clone());
            Rc::make_mut(&mut self.recipes.measured).push((clients, what, counts));
            self.recipes.begin_next();
        }
        true
    }
}

/// The letter that new clients' names begin with: `c`, or the next that no client's does.
fn free_letter(view: &View) -> String {
    let is_free =
        |letter: &char| !view.clients.iter().any(|client| client.name.starts_with(*letter));
    ('c'..='z').find(is_free).map_or_else(|| "x".to_owned(), String::from)
}
