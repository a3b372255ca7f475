//! What each client has asked, seen and waits for.
//!
//! Replies come in the order of requests; the zxid in them never falls; a change is not seen before
//! the watch that waits for it has fired; and a one-shot watch fires once for each time it is left.
//!
//! The checker stands at the client's end of its connection, so it sees exactly what the client
//! does. After a reconnect a client sends its watches again: what happened meanwhile is told before
//! the answer to that, and each watch is either told or left again.

use super::Found;
use crate::error::KeeperError;
use crate::sorted::Map;
use crate::txn::{EventType, Op, Path, Reply, Stat, WatchEvent, WatchKind, WatcherType};
use crate::types::{ClientId, ConnId, SessionId, Xid, Zxid};
use crate::wire::Message;
use std::collections::VecDeque;
use std::rc::Rc;

/// What is watched: as the server has it, exists and getData are one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Slot {
    Data,
    Child,
    Persistent,
    Recursive,
}

/// A watch that waits.
#[derive(Clone, Copy, Debug)]
struct Left {
    /// The zxid of the reply that said so.
    since: Zxid,
    /// Whether the znode was there.
    was_there: bool,
}

/// One client.
#[derive(Clone, Debug, Default)]
struct Watched {
    conn: Option<ConnId>,
    session: Option<SessionId>,
    /// Sent on this connection, not answered.
    asked: VecDeque<(Xid, Rc<Message>)>,
    /// The largest zxid in a reply.
    seen: Zxid,
    /// Proofs of identity on their way: they are answered out of turn.
    out_of_turn: Vec<Xid>,
    /// Left on this connection.
    left: Map<(Path, Slot), Left>,
    /// Sent again after a reconnect, not answered yet.
    sent_again: Vec<(Path, WatchKind)>,
}

/// All clients.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients {
    clients: Map<ClientId, Watched>,
}

/// Where what is found goes.
struct Case<'a> {
    id: ClientId,
    zxid: Option<Zxid>,
    found: &'a mut Found,
}

impl Case<'_> {
    fn clash(&mut self, one: String, other: String) {
        self.found.of_client(self.id, self.zxid, one, other);
    }
}

impl Clients {
    /// The session a client is in.
    pub(super) fn session(&self, id: ClientId) -> Option<SessionId> {
        self.clients.get(&id)?.session
    }

    pub(super) fn begins(&mut self, id: ClientId) {
        self.clients.insert(id, Watched::default());
    }

    pub(super) fn sends(&mut self, id: ClientId, conn: ConnId, message: &Rc<Message>) {
        let client = self.clients.entry(id).or_default();
        match &**message {
            // First on every connection.
            Message::Connect(_) => {
                let (session, seen) = (client.session, client.seen);
                let conn = Some(conn);
                *client = Watched { conn, session, seen, ..Watched::default() };
            }
            Message::Request { xid, op } => {
                if let Op::SetWatches { watches, .. } = op {
                    client.sent_again = watches.to_vec();
                }
                if matches!(op, Op::AddAuth { .. }) {
                    client.out_of_turn.push(*xid);
                } else {
                    client.asked.push_back((*xid, message.clone()));
                }
            }
            Message::Hello(_)
            | Message::Notification(_)
            | Message::Quorum(_)
            | Message::Connected(_)
            | Message::Reply { .. }
            | Message::Watch(_)
            | Message::ClientPing
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPong { .. } => {}
        }
    }

    pub(super) fn hears(
        &mut self,
        id: ClientId,
        conn: ConnId,
        message: &Message,
        found: &mut Found,
    ) {
        let Some(client) = self.clients.get_mut(&id) else { return };
        if client.conn != Some(conn) {
            return;
        }
        match message {
            Message::Connected(response) => {
                client.session = (response.timeout_ms != 0).then_some(response.session);
            }
            Message::Reply { xid, zxid, result } => {
                let case = &mut Case { id, zxid: Some(*zxid), found };
                client.on_reply(*xid, *zxid, result, case);
            }
            Message::Watch(event) => {
                client.on_event(event, &mut Case { id, zxid: None, found });
            }
            Message::Hello(_)
            | Message::Notification(_)
            | Message::Quorum(_)
            | Message::Connect(_)
            | Message::Request { .. }
            | Message::ClientPing
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPong { .. } => {}
        }
    }
}

impl Watched {
    fn on_reply(
        &mut self,
        xid: Xid,
        zxid: Zxid,
        result: &Result<Reply, KeeperError>,
        case: &mut Case<'_>,
    ) {
        let id = case.id;
        if zxid < self.seen {
            let one = format!("{id} gets a reply at {zxid}");
            case.clash(one, format!("it has seen {}", self.seen));
        }
        self.seen = self.seen.max(zxid);
        if let Some(at) = self.out_of_turn.iter().position(|out_of_turn| *out_of_turn == xid) {
            self.out_of_turn.remove(at);
            return;
        }
        let next = self.asked.front().map(|(next, _)| *next);
        if next != Some(xid) {
            let one = format!("{id} gets the reply to request {xid}");
            case.clash(
                one,
                match next {
                    Some(next) => format!("the next reply due is that to request {next}"),
                    None => "no reply is due".to_owned(),
                },
            );
            self.asked.retain(|(asked, _)| *asked != xid);
            return;
        }
        let Some((_, message)) = self.asked.pop_front() else { return };
        if let Message::Request { op, .. } = &*message {
            self.on_answer(op, result, zxid, case);
        }
    }

    /// What an answer shows and what it leaves.
    fn on_answer(
        &mut self,
        op: &Op,
        result: &Result<Reply, KeeperError>,
        zxid: Zxid,
        case: &mut Case<'_>,
    ) {
        match (op, result) {
            (Op::Multi(ops) | Op::MultiRead(ops), Ok(Reply::Multi(results))) => {
                for (op, result) in ops.iter().zip(results.iter()) {
                    self.check_seen(op, result, case);
                }
            }
            _ => self.check_seen(op, result, case),
        }
        let is_there = result.is_ok();
        let now = Left { since: zxid, was_there: true };
        match op {
            Op::GetData { path, watch: true } if is_there => self.leave(path, Slot::Data, now),
            Op::GetChildren { path, watch: true } if is_there => self.leave(path, Slot::Child, now),
            Op::Exists { path, watch: true } if is_there => self.leave(path, Slot::Data, now),
            Op::Exists { path, watch: true } if *result == Err(KeeperError::NoNode) => {
                self.leave(path, Slot::Data, Left { was_there: false, ..now });
            }
            Op::AddWatch { path, is_recursive } if is_there => {
                let slot = if *is_recursive { Slot::Recursive } else { Slot::Persistent };
                self.leave(path, slot, now);
            }
            Op::RemoveWatches { path, kind } if is_there => self.remove(path, *kind),
            Op::SetWatches { .. } => {
                for (path, kind) in std::mem::take(&mut self.sent_again) {
                    let was_there = kind != WatchKind::Exist;
                    self.leave(&path, slot(kind), Left { was_there, ..now });
                }
            }
            _ => {}
        }
    }

    fn leave(&mut self, path: &Path, slot: Slot, left: Left) {
        // What is left already is left no later.
        self.left.entry((path.clone(), slot)).or_insert(left);
    }

    fn remove(&mut self, path: &Path, kind: WatcherType) {
        let slots: &[Slot] = match kind {
            WatcherType::Children => &[Slot::Child],
            WatcherType::Data => &[Slot::Data],
            WatcherType::Persistent => &[Slot::Persistent],
            WatcherType::PersistentRecursive => &[Slot::Recursive],
            WatcherType::Any => &[Slot::Data, Slot::Child, Slot::Persistent, Slot::Recursive],
        };
        for slot in slots {
            self.left.remove(&(path.clone(), *slot));
        }
    }

    // --- Watches

    fn is_left(&self, path: &str, slot: Slot) -> bool {
        self.left.contains_key(&(Path::from(path), slot))
    }

    fn on_event(&mut self, event: &WatchEvent, case: &mut Case<'_>) {
        let WatchEvent { event: what, path } = event;
        if self.take_sent_again(*what, path) {
            return;
        }
        let slots: &[Slot] = match what {
            EventType::NodeCreated | EventType::NodeDataChanged => &[Slot::Data],
            EventType::NodeDeleted => &[Slot::Data, Slot::Child],
            EventType::NodeChildrenChanged => &[Slot::Child],
            EventType::DataWatchRemoved
            | EventType::ChildWatchRemoved
            | EventType::PersistentWatchRemoved => return,
        };
        let mut is_awaited = false;
        for slot in slots {
            is_awaited |= self.left.remove(&(path.clone(), *slot)).is_some();
        }
        is_awaited |= self.is_left(path, Slot::Persistent);
        let may_recurse = *what != EventType::NodeChildrenChanged;
        is_awaited |= may_recurse && self.is_left_above(path);
        if !is_awaited {
            let one = format!("{} gets {} {path}", case.id, what.name());
            case.clash(one, format!("no watch of its waits for that: {}", self.left_on(path)));
        }
    }

    fn is_left_above(&self, path: &str) -> bool {
        let mut at = path;
        loop {
            if self.is_left(at, Slot::Recursive) {
                return true;
            }
            match at.rfind('/') {
                _ if at == "/" => return false,
                Some(0) => at = "/",
                Some(slash) => at = &at[..slash],
                None => return false,
            }
        }
    }

    fn left_on(&self, path: &str) -> String {
        let on = self.left.iter().filter(|((left, _), _)| **left == *path);
        let on: Vec<String> =
            on.map(|((_, slot), left)| format!("{slot:?} since {}", left.since)).collect();
        if on.is_empty() { "none is left there".to_owned() } else { on.join(", ") }
    }

    /// An event that answers a watch sent again.
    fn take_sent_again(&mut self, what: EventType, path: &Path) -> bool {
        let kinds: &[WatchKind] = match what {
            EventType::NodeCreated => &[WatchKind::Exist],
            EventType::NodeDataChanged => &[WatchKind::Data],
            EventType::NodeDeleted => &[WatchKind::Data, WatchKind::Child],
            EventType::NodeChildrenChanged => &[WatchKind::Child],
            EventType::DataWatchRemoved
            | EventType::ChildWatchRemoved
            | EventType::PersistentWatchRemoved => &[],
        };
        let is_it = |(again, kind): &(Path, WatchKind)| again == path && kinds.contains(kind);
        match self.sent_again.iter().position(is_it) {
            Some(at) => {
                self.sent_again.remove(at);
                true
            }
            None => false,
        }
    }

    /// What an answer shows of a znode may not be newer than a watch that still waits for it.
    fn check_seen(&self, op: &Op, result: &Result<Reply, KeeperError>, case: &mut Case<'_>) {
        if self.left.is_empty() {
            return;
        }
        let Some(path) = op.path() else { return };
        match result {
            Ok(Reply::Stat(stat)) if !matches!(op, Op::SetAcl { .. }) => {
                self.check_stat(path, stat, case);
            }
            Ok(Reply::Data { stat, .. } | Reply::Children { stat, .. }) => {
                self.check_stat(path, stat, case);
            }
            Ok(Reply::Created { path, stat }) => self.check_stat(path, stat, case),
            Ok(Reply::Done) if matches!(op, Op::Delete { .. }) => self.check_gone(path, case),
            Err(KeeperError::NoNode) if is_read(op) => self.check_gone(path, case),
            _ => {}
        }
    }

    fn check_stat(&self, path: &Path, stat: &Stat, case: &mut Case<'_>) {
        let shown =
            [(Slot::Data, stat.mzxid.max(stat.czxid), "mzxid"), (Slot::Child, stat.pzxid, "pzxid")];
        for (slot, changed, name) in shown {
            if let Some(Left { since, .. }) = self.left.get(&(path.clone(), slot))
                && *since < changed
            {
                let one = format!("{} sees {name} {changed} of {path}", case.id);
                case.clash(one, format!("its {slot:?} watch, left at {since}, has not fired"));
            }
        }
    }

    /// It is gone: who watched it while it was there was told.
    fn check_gone(&self, path: &Path, case: &mut Case<'_>) {
        for slot in [Slot::Data, Slot::Child] {
            if let Some(Left { since, was_there: true }) = self.left.get(&(path.clone(), slot)) {
                let one = format!("{} sees that {path} is gone", case.id);
                case.clash(one, format!("its {slot:?} watch, left at {since}, has not fired"));
            }
        }
    }
}

fn slot(kind: WatchKind) -> Slot {
    match kind {
        WatchKind::Data | WatchKind::Exist => Slot::Data,
        WatchKind::Child => Slot::Child,
        WatchKind::Persistent => Slot::Persistent,
        WatchKind::PersistentRecursive => Slot::Recursive,
    }
}

fn is_read(op: &Op) -> bool {
    matches!(op, Op::Exists { .. } | Op::GetData { .. } | Op::GetChildren { .. })
}

#[cfg(test)]
mod tests {
    use super::super::testing::only;
    use super::*;
    use crate::sim::check::{Checker, Invariant, Violation};
    use crate::sim::trace::EventKind;
    use crate::types::{Actor, ServerId, Time};
    use crate::wire::{ConnectRequest, ConnectResponse};

    const C1: ClientId = ClientId(1);

    /// A client and what it has asked so far.
    struct Talk {
        checker: Checker,
        conn: ConnId,
        xid: i32,
    }

    impl Talk {
        fn new() -> Talk {
            let mut talk =
                Talk { checker: Checker::new(std::iter::empty()), conn: ConnId(0), xid: 0 };
            talk.connect();
            talk
        }

        fn connect(&mut self) {
            self.conn = ConnId(self.conn.0 + 1);
            self.send(Message::Connect(ConnectRequest {
                session: SessionId(0),
                password: 0,
                timeout_ms: 4000,
                last_zxid_seen: Zxid::ZERO,
                can_be_read_only: false,
            }));
            let session = SessionId(7);
            let is_read_only = false;
            let response = ConnectResponse { session, password: 0, timeout_ms: 4000, is_read_only };
            self.hear(Message::Connected(response));
        }

        fn send(&mut self, message: Message) {
            self.checker.client_sends(C1, self.conn, &Rc::new(message));
        }

        fn ask(&mut self, op: Op) -> Xid {
            self.xid += 1;
            let xid = Xid(self.xid);
            self.send(Message::Request { xid, op });
            xid
        }

        fn hear(&mut self, message: Message) {
            let (from, to) = (Actor::Server(ServerId(1)), Actor::Client(C1));
            let kind =
                EventKind::Delivered { conn: self.conn, from, to, message: Rc::new(message) };
            self.checker.client_hears(C1, &kind);
        }

        fn reply(&mut self, xid: Xid, zxid: u64, result: Result<Reply, KeeperError>) {
            self.hear(Message::Reply { xid, zxid: Zxid(zxid), result });
        }

        fn event(&mut self, event: EventType) {
            self.hear(Message::Watch(WatchEvent { event, path: "/a".into() }));
        }

        fn watch_data(&mut self, zxid: u64) {
            let xid = self.ask(get());
            self.reply(xid, zxid, data(zxid));
        }

        fn found(&mut self) -> Vec<Violation> {
            self.checker.fresh(0, Time::ZERO)
        }
    }

    fn get() -> Op {
        Op::GetData { path: "/a".into(), watch: true }
    }

    fn data(mzxid: u64) -> Result<Reply, KeeperError> {
        let stat = Stat { mzxid: Zxid(mzxid), ..Stat::default() };
        Ok(Reply::Data { data: None, stat })
    }

    #[test]
    fn replies_come_in_the_order_of_requests() {
        let mut talk = Talk::new();
        let (one, two) = (talk.ask(get()), talk.ask(get()));
        talk.reply(two, 1, data(1));
        talk.reply(one, 1, data(1));
        let found = talk.found();
        assert_eq!(
            only(&found, Invariant::Client),
            ("c1 gets the reply to request 2", "the next reply due is that to request 1")
        );
        assert_eq!(found[0].client, Some(C1));
    }

    #[test]
    fn what_a_client_has_seen_is_not_undone_even_on_another_server() {
        let mut talk = Talk::new();
        talk.watch_data(5);
        talk.connect();
        talk.watch_data(4);
        assert_eq!(
            only(&talk.found(), Invariant::Client),
            ("c1 gets a reply at 0x4", "it has seen 0x5")
        );
    }

    #[test]
    fn the_watch_comes_before_the_change_is_seen() {
        let mut talk = Talk::new();
        talk.watch_data(5);
        let xid = talk.ask(get());
        talk.reply(xid, 6, data(6));
        assert_eq!(
            only(&talk.found(), Invariant::Client),
            ("c1 sees mzxid 0x6 of /a", "its Data watch, left at 0x5, has not fired")
        );
    }

    #[test]
    fn who_watches_a_znode_is_told_before_it_sees_that_it_is_gone() {
        let mut talk = Talk::new();
        talk.watch_data(5);
        let xid = talk.ask(get());
        talk.reply(xid, 6, Err(KeeperError::NoNode));
        assert_eq!(
            only(&talk.found(), Invariant::Client).1,
            "its Data watch, left at 0x5, has not fired"
        );
    }

    #[test]
    fn a_one_shot_watch_fires_once_for_each_time_it_is_left() {
        let mut talk = Talk::new();
        talk.watch_data(5);
        talk.event(EventType::NodeDataChanged);
        talk.watch_data(6);
        talk.event(EventType::NodeDataChanged);
        assert_eq!(talk.found(), []);
        talk.event(EventType::NodeDataChanged);
        assert_eq!(
            only(&talk.found(), Invariant::Client),
            ("c1 gets NodeDataChanged /a", "no watch of its waits for that: none is left there")
        );
    }

    #[test]
    fn after_a_reconnect_watches_are_told_or_left_again() {
        let mut talk = Talk::new();
        talk.watch_data(5);
        talk.connect();
        let watches: Rc<[_]> = Rc::new([("/a".into(), WatchKind::Data)]);
        let set = Op::SetWatches { relative_zxid: Zxid(5), watches };
        talk.send(Message::Request { xid: Xid::SET_WATCHES, op: set.clone() });
        talk.event(EventType::NodeDataChanged);
        talk.reply(Xid::SET_WATCHES, 7, Ok(Reply::Done));
        talk.connect();
        talk.send(Message::Request { xid: Xid::SET_WATCHES, op: set });
        talk.reply(Xid::SET_WATCHES, 8, Ok(Reply::Done));
        talk.event(EventType::NodeDataChanged);
        assert_eq!(talk.found(), []);
        talk.event(EventType::NodeDataChanged);
        only(&talk.found(), Invariant::Client);
    }

    #[test]
    fn a_persistent_watch_fires_again_and_again() {
        let mut talk = Talk::new();
        let xid = talk.ask(Op::AddWatch { path: "/".into(), is_recursive: true });
        talk.reply(xid, 1, Ok(Reply::Done));
        talk.event(EventType::NodeCreated);
        talk.event(EventType::NodeDataChanged);
        assert_eq!(talk.found(), []);
        talk.event(EventType::NodeChildrenChanged);
        only(&talk.found(), Invariant::Client);
    }
}
