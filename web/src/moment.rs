//! One moment as components draw it.

use crate::explain::Names;
use std::ops::Deref;
use std::rc::Rc;
use zklab_core::lab::view::{
    ClientView, ConsoleLine, FeedItem, FeedRow, ServerView, View, ZnodeView,
};
use zklab_core::lab::{Lab, Mark};
use zklab_core::types::{ClientId, ServerId, ServerState};

/// The name of the console's client.
pub const CLIENT: &str = "a";
/// Rows of the feed that are shown.
const FEED_ROWS: usize = 100;

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

/// What components draw: the view, and what is read off the lab beside it.
#[derive(Clone)]
pub struct Moment {
    /// The moment.
    pub view: Shared<View>,
    /// The last rows up to it, oldest first.
    pub feed: Shared<[FeedRow]>,
    /// Marks of the whole timeline.
    pub marks: Shared<[Mark]>,
    /// The tree of each server.
    pub trees: Rc<[(ServerId, Rc<[ZnodeView]>)]>,
    /// What clients are called.
    pub names: Shared<Names>,
    /// The console's client.
    pub client: Option<ClientId>,
    /// Its lines.
    pub console: Rc<[ConsoleLine]>,
    /// Its prompt.
    pub prompt: Rc<str>,
}

impl Moment {
    /// Reads it off the lab.
    pub fn of(lab: &Lab) -> Moment {
        let view = lab.view();
        let client = client_of(&view);
        let trees = view.servers.iter().map(|server| (server.id, lab.znodes(server.id).into()));
        Moment {
            feed: lab.feed(FEED_ROWS).into(),
            marks: lab.marks().into(),
            trees: trees.collect(),
            names: Names::of(&view).into(),
            client,
            console: client.map(|client| lab.console(client)).unwrap_or_default().into(),
            prompt: client.map(|client| lab.prompt(client)).unwrap_or_default().into(),
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

    /// The console's client.
    pub fn client_view(&self) -> Option<Rc<ClientView>> {
        let id = self.client?;
        self.view.clients.iter().find(|client| client.id == id).cloned()
    }

    /// The last decision up to this moment.
    pub fn last_decision(&self) -> Option<&FeedRow> {
        self.feed.iter().rev().find(|row| matches!(row.what, FeedItem::Decision(_)))
    }
}

fn client_of(view: &View) -> Option<ClientId> {
    view.clients.iter().rev().find(|client| &*client.name == CLIENT).map(|client| client.id)
}
