//! One moment as components draw it.

use crate::explain::Names;
use std::ops::Deref;
use std::rc::Rc;
use zklab_core::image::DataNode;
use zklab_core::lab::view::{
    ClientView, ConsoleLine, FeedItem, FeedRow, ServerView, View, WatchView,
};
use zklab_core::lab::{BranchView, Lab, Mark};
use zklab_core::sorted::LargeMap;
use zklab_core::txn::Path;
use zklab_core::types::{ClientId, ServerId, ServerState};

/// The name of the first client.
pub const CLIENT: &str = "a";
/// Requests, answers and events of a console that are shown.
const CONSOLE_LINES: usize = 300;
/// Rows of the feed that the stage and the voice look at.
const LAST_ROWS: usize = 40;
/// So many rows are looked at for the last decision.
const ROWS_FOR_DECISION: usize = 500;

/// A shared value that equals only itself: props compare it by one look at its address.
#[derive(Debug)]
pub struct Shared<T: ?Sized>(Rc<T>);

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(Rc::clone(&self.0))
    }
}

impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized, U: Into<Rc<T>>> From<U> for Shared<T> {
    fn from(value: U) -> Self {
        Shared(value.into())
    }
}

/// A client's console.
#[derive(Clone, PartialEq, Debug)]
pub struct ConsoleView {
    /// Whose.
    pub client: Rc<ClientView>,
    /// The end of what was typed and said.
    pub lines: Rc<[ConsoleLine]>,
    /// What stands before the line that is being typed.
    pub prompt: Rc<str>,
    /// The tree as its server has it, for completing paths.
    pub tree: Shared<LargeMap<Path, Rc<DataNode>>>,
}

/// One server's tree.
#[derive(Clone, PartialEq, Debug)]
pub struct TreeOf {
    /// Whose.
    pub server: ServerId,
    /// The tree, shared with the server.
    pub nodes: Shared<LargeMap<Path, Rc<DataNode>>>,
    /// Its watches.
    pub watches: Rc<[WatchView]>,
}

/// What was before the last step.
#[derive(Clone, PartialEq, Debug)]
pub struct Before {
    /// The servers.
    pub servers: Vec<Rc<ServerView>>,
    trees: Rc<[TreeOf]>,
}

impl Before {
    /// One server's tree.
    pub fn tree(&self, server: ServerId) -> Option<&TreeOf> {
        self.trees.iter().find(|tree| tree.server == server)
    }

    /// One server.
    pub fn server(&self, id: ServerId) -> Option<&ServerView> {
        self.servers.iter().map(|server| &**server).find(|server| server.id == id)
    }
}

/// What components draw: the view, and what is read off the lab beside it.
#[derive(Clone)]
pub struct Moment {
    /// The moment.
    pub view: Shared<View>,
    /// The last rows up to it, oldest first.
    pub feed: Shared<[FeedRow]>,
    /// The last decision up to it.
    pub decision: Option<Rc<FeedRow>>,
    /// The rows that the feed shows: filtered, with some after it.
    pub shown_feed: Shared<[FeedRow]>,
    /// Marks of the whole timeline.
    pub marks: Shared<[Mark]>,
    /// All branches.
    pub branches: Shared<[BranchView]>,
    /// How many events, the first ones, are not remembered in detail.
    pub forgotten: u32,
    /// The tree of each server.
    pub trees: Rc<[TreeOf]>,
    /// What was before the last step; `None` while it plays.
    pub before: Option<Rc<Before>>,
    /// What clients are called.
    pub names: Shared<Names>,
    /// The consoles that are seen.
    pub consoles: Rc<[ConsoleView]>,
}

impl Moment {
    /// Reads it off the lab.
    pub fn of(lab: &Lab) -> Moment {
        Moment::of_view(lab, lab.view())
    }

    /// The moment after this one: what has not changed is the same as before, and not drawn anew.
    pub fn next(&self, lab: &Lab, view: View) -> Moment {
        let mut next = Moment::of_view(lab, view);
        if *next.names == *self.names {
            next.names = self.names.clone();
        }
        next.shown_feed = self.shown_feed.clone();
        next.consoles = self.consoles.clone();
        next
    }

    fn of_view(lab: &Lab, view: View) -> Moment {
        let trees = view.servers.iter().map(|server| TreeOf {
            server: server.id,
            nodes: lab.tree(server.id).into(),
            watches: lab.watches(server.id).into(),
        });
        let is_decision = |row: &FeedRow| matches!(row.what, FeedItem::Decision(_));
        let decision = lab.feed_where(1, 0, ROWS_FOR_DECISION, is_decision).pop();
        Moment {
            feed: lab.feed(LAST_ROWS).into(),
            decision: decision.map(Rc::new),
            shown_feed: Vec::new().into(),
            marks: lab.marks().into(),
            branches: lab.branches().into(),
            forgotten: lab.forgotten(),
            trees: trees.collect(),
            before: None,
            names: Names::of(&view).into(),
            consoles: Rc::default(),
            view: view.into(),
        }
    }

    /// Who leads: the one that serves, or one that has been elected and is on the way to it.
    pub fn leader(&self) -> Option<ServerId> {
        let is_leading =
            |server: &&Rc<ServerView>| server.is_up && server.state == ServerState::Leading;
        let elected = self.view.servers.iter().filter(is_leading);
        let newest = elected.max_by_key(|server| server.accepted_epoch).map(|server| server.id);
        self.view.leader.or(newest)
    }

    /// Whether there is anything to heal: a partition, or a way that is cut.
    pub fn is_cut(&self) -> bool {
        !self.view.partition.is_empty() || !self.view.network.cuts.is_empty()
    }

    /// Reads off the lab what these clients' consoles show.
    pub fn read_consoles(&mut self, lab: &Lab, shown: &[ClientId]) {
        let console = |id: &ClientId| {
            let client = self.view.clients.iter().find(|client| client.id == *id)?.clone();
            let tree = self.trees.iter().find(|tree| Some(tree.server) == client.server);
            Some(ConsoleView {
                lines: lab.console_end(*id, CONSOLE_LINES).into(),
                prompt: lab.prompt(*id).into(),
                tree: tree.map_or_else(|| LargeMap::new().into(), |tree| tree.nodes.clone()),
                client,
            })
        };
        self.consoles = shown.iter().filter_map(console).collect();
    }

    /// What the next moment is compared with.
    pub fn as_before(&self) -> Rc<Before> {
        Rc::new(Before { servers: self.view.servers.clone(), trees: self.trees.clone() })
    }
}
