//! From facts to sentences: what every row of the feed says.
//!
//! The machines give reasons as values ([`zklab_core::why`]). Here are the parts that no language
//! changes: which field decided between two votes, how a duration is written. The words are in
//! [`en`] and [`zh`], one function a kind of fact, each complete by exhaustive `match`.

mod disk;
pub mod en;
mod invariants;
pub mod keys;
mod members;
pub mod mistakes;
mod network;
mod recipe;
pub mod zh;

use crate::i18n::Strings;
use std::rc::Rc;
use zklab_core::lab::view::{ClientView, FeedItem, FeedRow, View};
use zklab_core::types::{Actor, ClientId, ServerId, Vote};

/// A sentence: what happened, and the facts by which it was decided (may be empty).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    /// What happened, as in `s3 adopts s2's vote`.
    pub what: String,
    /// The facts, as in `same epoch 1, newer zxid 0x100000007 > 0x100000005`.
    pub why: String,
}

impl Sentence {
    /// A sentence of two parts.
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Sentence {
        Sentence { what: what.into(), why: why.into() }
    }

    /// The whole sentence, for a screen reader.
    pub fn text(&self, t: &Strings) -> String {
        if self.why.is_empty() {
            return self.what.clone();
        }
        format!("{}{}{}", self.what, t.colon, self.why)
    }
}

/// What clients are called.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names {
    clients: Vec<(ClientId, Rc<str>)>,
}

impl Names {
    /// The names of this moment.
    pub fn of(view: &View) -> Names {
        let named =
            |client: &Rc<ClientView>| (client.id, shortened(&client.name, MOST_OF_NAME).into());
        let clients = view.clients.iter().map(named).collect();
        Names { clients }
    }

    /// All clients and their names.
    pub fn clients(&self) -> impl Iterator<Item = &(ClientId, Rc<str>)> {
        self.clients.iter()
    }

    /// The client's name, or its number if it has none yet.
    pub fn client(&self, id: ClientId) -> String {
        let found = self.clients.binary_search_by_key(&id, |(client, _)| *client);
        found.map_or_else(|_| id.to_string(), |place| self.clients[place].1.to_string())
    }
}

/// The most letters of a client's name that sentences repeat.
pub const MOST_OF_NAME: usize = 24;

/// The beginning of a name: whoever wrote it may have made it as long as they liked.
pub fn shortened(name: &str, most: usize) -> String {
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The first field, in the order in which votes are compared, in which two votes differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deciding {
    /// The epochs differ.
    Epoch,
    /// The epochs are the same, the zxids differ.
    Zxid,
    /// Only the servers' ids differ.
    Id,
    /// They are the same vote.
    Nothing,
}

/// Which field decides between two votes.
pub fn deciding(one: Vote, other: Vote) -> Deciding {
    if one.peer_epoch != other.peer_epoch {
        Deciding::Epoch
    } else if one.zxid != other.zxid {
        Deciding::Zxid
    } else if one.leader != other.leader {
        Deciding::Id
    } else {
        Deciding::Nothing
    }
}

/// `s1, s2, s3`, with the separator of the language.
pub fn list(servers: &[ServerId], separator: &str) -> String {
    let names: Vec<String> = servers.iter().map(ServerId::to_string).collect();
    names.join(separator)
}

/// Whole milliseconds below a second, seconds above, as in `200 ms` and `2.5 s`.
pub fn millis(ms: u64) -> String {
    if ms < 1000 {
        return format!("{ms} ms");
    }
    let (seconds, rest) = (ms / 1000, ms % 1000);
    if rest == 0 {
        return format!("{seconds} s");
    }
    let digits = format!("{rest:03}");
    format!("{seconds}.{} s", digits.trim_end_matches('0'))
}

/// What a row of the feed says.
pub fn sentence(row: &FeedRow, names: &Names, t: &Strings) -> Sentence {
    let who = row.actor.map_or_else(String::new, |actor| (t.actor)(names, actor));
    match &row.what {
        FeedItem::Decision(why) => (t.why)(&who, why),
        FeedItem::Act(action) => (t.act)(names, action),
        FeedItem::StateChanged { from, to } => (t.state_changed)(&who, *from, *to),
        FeedItem::Lost { from, to, label } => {
            (t.lost)(&(t.actor)(names, *from), &(t.actor)(names, *to), label)
        }
        FeedItem::Violated(violation) => (t.violated)(violation),
    }
}

/// The server a row is about, for its colour.
pub fn server_of(row: &FeedRow) -> Option<ServerId> {
    match row.actor {
        Some(Actor::Server(id)) => Some(id),
        Some(Actor::Client(_)) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zklab_core::types::Zxid;
    use zklab_core::why::Why;

    fn vote(peer_epoch: u32, zxid: u64, leader: u8) -> Vote {
        Vote { peer_epoch, zxid: Zxid(zxid), leader: ServerId(leader) }
    }

    #[test]
    fn the_first_field_that_differs_decides() {
        assert_eq!(deciding(vote(2, 1, 1), vote(1, 9, 9)), Deciding::Epoch);
        assert_eq!(deciding(vote(1, 2, 1), vote(1, 1, 9)), Deciding::Zxid);
        assert_eq!(deciding(vote(1, 1, 1), vote(1, 1, 2)), Deciding::Id);
        assert_eq!(deciding(vote(1, 1, 1), vote(1, 1, 1)), Deciding::Nothing);
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(millis(0), "0 ms");
        assert_eq!(millis(200), "200 ms");
        assert_eq!(millis(2000), "2 s");
        assert_eq!(millis(2500), "2.5 s");
        assert_eq!(millis(10_050), "10.05 s");
    }

    #[test]
    fn a_better_vote_is_explained_by_the_field_that_decided() {
        let why = Why::AdoptedBetterVote {
            voter: ServerId(2),
            mine: vote(1, 0x1_0000_0005, 3),
            theirs: vote(1, 0x1_0000_0007, 2),
        };
        let english = en::why("s3", &why);
        assert_eq!(english.what, "s3 adopts s2’s vote for s2");
        assert_eq!(english.why, "same epoch 1, newer zxid 0x100000007 > 0x100000005");
        let chinese = zh::why("s3", &why);
        assert_eq!(chinese.why, "epoch 同为 1，zxid 更新：0x100000007 > 0x100000005");
    }
}
