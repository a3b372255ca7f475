//! Sessions: through whom they speak, when they end, and that nothing comes after.
//!
//! ```text
//!   REQUEST, client's packet ──▶ heard: when the leader last heard of each
//!   REVALIDATE, first request ──▶ owner: through whom each speaks in this epoch
//!   createSession … closeSession in the history ──▶ alive
//! ```

use super::history::Delivery;
use super::{Found, Invariant, Look};
use crate::error::KeeperError;
use crate::image::Image;
use crate::sorted::{Map, Set};
use crate::txn::{Op, Txn, TxnBody};
use crate::types::{ConnId, ServerId, ServerState, SessionId, Time, Xid};
use crate::wire::{ConnectResponse, Message, Packet};
use std::rc::Rc;

/// The client at the other end of a server's connection.
#[derive(Clone, Copy, Debug)]
struct Attached {
    /// The one it asked for, then the one it got.
    session: SessionId,
    /// 0 until it has got one.
    timeout_ms: u32,
}

/// What a leader has heard in its epoch.
#[derive(Clone, Debug, Default)]
struct Term {
    epoch: u32,
    /// When it began to serve: every session it inherited had its full timeout then.
    since: Time,
    /// When it last heard of a session, and that session's timeout in milliseconds.
    heard: Map<SessionId, (Time, u32)>,
    /// Through whom each session speaks.
    owners: Map<SessionId, ServerId>,
    /// Through whom each write came that has no zxid yet.
    asked: Map<(SessionId, Xid), ServerId>,
}

/// All sessions.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions {
    /// Timeouts, in milliseconds, of those that the history has opened and not closed.
    alive: Rc<Map<SessionId, u32>>,
    /// Where sessions may be local: those that the history has closed. Of a local one it knows
    /// nothing, and that may write.
    closed: Option<Rc<Set<SessionId>>>,
    attached: Map<ConnId, Attached>,
    terms: Map<ServerId, Term>,
    /// Of which session a learner was told last that it is not valid.
    invalid: Map<ServerId, SessionId>,
}

impl Sessions {
    /// Whether the history has opened it and not closed it.
    pub(super) fn is_alive(&self, session: SessionId) -> bool {
        self.alive.contains_key(&session)
    }

    /// Sessions may be local (`localSessionsEnabled`).
    pub(super) fn allow_locals(&mut self) {
        self.closed = Some(Rc::default());
    }

    fn is_closed(&self, session: SessionId) -> bool {
        let is_known = |closed: &Rc<Set<SessionId>>| closed.contains(&session);
        !self.alive.contains_key(&session) && self.closed.as_ref().is_none_or(is_known)
    }

    // --- What leaders hear

    fn heard(&mut self, leader: ServerId, session: SessionId, timeout_ms: u32, now: Time) {
        if let Some(term) = self.terms.get_mut(&leader) {
            term.heard.insert(session, (now, timeout_ms));
        }
    }

    fn asked(&mut self, leader: ServerId, via: ServerId, session: SessionId, cxid: Xid, op: &Op) {
        if let Some(term) = self.terms.get_mut(&leader)
            && op.is_write()
        {
            term.asked.insert((session, cxid), via);
        }
    }

    /// A client's packet was taken in.
    pub(super) fn server_hears_client(
        &mut self,
        id: ServerId,
        conn: ConnId,
        message: &Message,
        now: Time,
    ) {
        if let Message::Connect(request) = message {
            let attached = Attached { session: request.session, timeout_ms: 0 };
            self.attached.insert(conn, attached);
            return;
        }
        let Some(Attached { session, timeout_ms }) = self.attached.get(&conn).copied() else {
            return;
        };
        if timeout_ms == 0 {
            return;
        }
        self.heard(id, session, timeout_ms, now);
        if let Message::Request { xid, op } = message {
            self.asked(id, id, session, *xid, op);
        }
    }

    /// A packet between learner and leader was taken in.
    pub(super) fn server_hears_packet(
        &mut self,
        id: ServerId,
        from: ServerId,
        packet: &Packet,
        now: Time,
    ) {
        match packet {
            Packet::Ping { touched, .. } => {
                for (session, timeout_ms) in touched.iter() {
                    self.heard(id, *session, *timeout_ms, now);
                }
            }
            Packet::Revalidate { session, timeout_ms, is_valid: None } => {
                self.heard(id, *session, *timeout_ms, now);
            }
            Packet::Revalidate { session, is_valid: Some(false), .. } => {
                self.invalid.insert(id, *session);
            }
            Packet::Request(request) => {
                self.asked(id, from, request.session, request.cxid, &request.op);
            }
            Packet::Revalidate { is_valid: Some(true), .. }
            | Packet::FollowerInfo { .. }
            | Packet::ObserverInfo { .. }
            | Packet::LeaderInfo { .. }
            | Packet::AckEpoch { .. }
            | Packet::Diff { .. }
            | Packet::Trunc { .. }
            | Packet::Snap { .. }
            | Packet::NewLeader { .. }
            | Packet::UpToDate
            | Packet::Proposal(_)
            | Packet::Ack { .. }
            | Packet::Commit { .. }
            | Packet::Inform(_)
            | Packet::CommitAndActivate { .. }
            | Packet::InformAndActivate { .. }
            | Packet::Sync { .. } => {}
        }
    }

    // --- What servers say

    /// A packet between learner and leader was sent.
    pub(super) fn server_sends_packet(
        &mut self,
        id: ServerId,
        to: ServerId,
        packet: &Packet,
        found: &mut Found,
    ) {
        match packet {
            // The leader has confirmed that the session moved to that learner.
            Packet::Revalidate { session, is_valid: Some(true), .. } => {
                if let Some(term) = self.terms.get_mut(&id) {
                    term.owners.insert(*session, to);
                }
            }
            // A client numbers its requests from 1: this one is the learner's own.
            Packet::Request(request)
                if request.op == Op::CloseSession && request.cxid == Xid(0) =>
            {
                let session = request.session;
                let one = format!("{id} asks to close session {session}, its client did not");
                let other = format!("only the leader expires sessions, and that is {to}");
                found.clash(Invariant::Session, &[id, to], None, one, other);
            }
            Packet::Request(_)
            | Packet::Revalidate { .. }
            | Packet::FollowerInfo { .. }
            | Packet::ObserverInfo { .. }
            | Packet::LeaderInfo { .. }
            | Packet::AckEpoch { .. }
            | Packet::Diff { .. }
            | Packet::Trunc { .. }
            | Packet::Snap { .. }
            | Packet::NewLeader { .. }
            | Packet::UpToDate
            | Packet::Proposal(_)
            | Packet::Ack { .. }
            | Packet::Commit { .. }
            | Packet::Inform(_)
            | Packet::CommitAndActivate { .. }
            | Packet::InformAndActivate { .. }
            | Packet::Ping { .. }
            | Packet::Sync { .. } => {}
        }
    }

    /// A server answers a client's first words.
    pub(super) fn server_answers(
        &mut self,
        id: ServerId,
        conn: ConnId,
        response: &ConnectResponse,
        now: Time,
        is_open: &dyn Fn(&ConnId) -> bool,
        found: &mut Found,
    ) {
        let (session, timeout_ms) = (response.session, response.timeout_ms);
        if timeout_ms == 0 {
            self.check_refusal(id, conn, found);
            return;
        }
        // A new session was heard of when it was proposed, not now that it is committed.
        let is_resumed = self.attached.get(&conn).is_some_and(|asked| asked.session == session);
        self.attached.retain(|conn, _| is_open(conn));
        self.attached.insert(conn, Attached { session, timeout_ms });
        if let Some(term) = self.terms.get_mut(&id) {
            term.owners.insert(session, id);
            if is_resumed {
                term.heard.insert(session, (now, timeout_ms));
            }
        }
    }

    /// A learner says that a session has expired only if the leader has said so.
    fn check_refusal(&mut self, id: ServerId, conn: ConnId, found: &mut Found) {
        let invalid = self.invalid.remove(&id);
        let Some(Attached { session, .. }) = self.attached.remove(&conn) else { return };
        if self.alive.contains_key(&session)
            && invalid != Some(session)
            && !self.terms.contains_key(&id)
        {
            let one = format!("{id} tells its client that session {session} has expired");
            let other = format!("session {session} is alive, and the leader did not say otherwise");
            found.clash(Invariant::Session, &[id], None, one, other);
        }
    }

    // --- What leaders decide

    /// Looks at a server; `proposals` are what it has just given a zxid to.
    pub(super) fn look(&mut self, look: &Look<'_>, proposals: &[Rc<Txn>], found: &mut Found) {
        self.note_term(look);
        for txn in proposals {
            let Some(term) = self.terms.get_mut(&look.id) else { return };
            term.check_owner(txn, look, found);
            match txn.body {
                TxnBody::CreateSession { timeout_ms } => {
                    term.heard.insert(txn.session, (look.at, timeout_ms));
                }
                // Clients number their requests from 1: this is the leader's own.
                TxnBody::CloseSession { .. } if txn.cxid == Xid(0) => {
                    let timeout_ms = self.alive.get(&txn.session).copied().unwrap_or_default();
                    term.check_expiry(txn, timeout_ms, look, found);
                }
                _ => {}
            }
        }
    }

    fn note_term(&mut self, look: &Look<'_>) {
        let leading = look
            .process()
            .filter(|server| server.state() == ServerState::Leading && server.is_serving());
        let epoch = leading.and_then(|server| server.as_leader()).map(|leader| leader.epoch());
        match (epoch, self.terms.get(&look.id).map(|term| term.epoch)) {
            (Some(epoch), known) if known != Some(epoch) => {
                let since = look.at;
                self.terms.insert(look.id, Term { epoch, since, ..Term::default() });
            }
            (None, Some(_)) => {
                self.terms.remove(&look.id);
            }
            _ => {}
        }
    }

    // --- What the history says

    /// A server has delivered something; `image` is its state after it.
    pub(super) fn follow(
        &mut self,
        id: ServerId,
        delivery: &Delivery,
        image: &Image,
        found: &mut Found,
    ) {
        if delivery.has_hole {
            self.alive = image.sessions.clone();
            return;
        }
        for txn in &delivery.fresh {
            let session = txn.session;
            let mut clash = |one: String, other: String| {
                found.clash(Invariant::Session, &[id], Some(txn.zxid), one, other);
            };
            match &txn.body {
                TxnBody::CreateSession { timeout_ms } => {
                    if Rc::make_mut(&mut self.alive).insert(session, *timeout_ms).is_some() {
                        let one = format!("session {session} is created at {}", txn.zxid);
                        clash(one, "it was there before".to_owned());
                    }
                }
                TxnBody::CloseSession { .. } => {
                    if self.alive.contains_key(&session) {
                        Rc::make_mut(&mut self.alive).remove(&session);
                        if let Some(closed) = &mut self.closed {
                            Rc::make_mut(closed).insert(session);
                        }
                    }
                }
                TxnBody::Error(_) | TxnBody::MultiError(_) | TxnBody::DeleteContainer { .. } => {}
                TxnBody::Create { .. }
                | TxnBody::Delete { .. }
                | TxnBody::SetData { .. }
                | TxnBody::SetAcl { .. }
                | TxnBody::Check { .. }
                | TxnBody::Multi(_)
                | TxnBody::Reconfig { .. } => {
                    if session != SessionId(0) && self.is_closed(session) {
                        let one = format!("{} of session {session} is delivered", txn.zxid);
                        clash(one, "that session is closed".to_owned());
                    }
                }
            }
        }
    }
}

impl Term {
    /// A session speaks through one server; a request that came through another is refused.
    fn check_owner(&mut self, txn: &Txn, look: &Look<'_>, found: &mut Found) {
        let session = txn.session;
        let Some(via) = self.asked.remove(&(session, txn.cxid)) else { return };
        let is_let_through = match &txn.body {
            TxnBody::CreateSession { .. } => {
                self.owners.insert(session, via);
                false
            }
            TxnBody::CloseSession { .. } => false,
            TxnBody::Error(error) => is_past_owner(*error),
            // The first operation meets the check: if it passed, so did the session.
            TxnBody::MultiError(errors) => {
                errors.first().copied().flatten().is_none_or(is_past_owner)
            }
            // The owner is looked at for each operation.
            TxnBody::Multi(bodies) => !bodies.is_empty(),
            TxnBody::Create { .. }
            | TxnBody::Delete { .. }
            | TxnBody::SetData { .. }
            | TxnBody::SetAcl { .. }
            | TxnBody::Check { .. }
            | TxnBody::DeleteContainer { .. }
            | TxnBody::Reconfig { .. } => true,
        };
        if !is_let_through {
            return;
        }
        let owner = *self.owners.entry(session).or_insert(via);
        if owner != via {
            let one = format!("{} accepts {} of {session}", look.id, txn.zxid);
            let one = format!("{one}, which came through {via}");
            let other = format!("session {session} speaks through {owner}");
            let zxid = Some(txn.zxid);
            found.clash(Invariant::Session, &[look.id, via, owner], zxid, one, other);
        }
    }

    /// A session ends only after its whole timeout in silence.
    fn check_expiry(&mut self, txn: &Txn, timeout_ms: u32, look: &Look<'_>, found: &mut Found) {
        let inherited = (self.since, timeout_ms);
        let (heard, timeout_ms) = self.heard.remove(&txn.session).unwrap_or(inherited);
        if look.at < heard.plus_ms(u64::from(timeout_ms)) {
            let session = txn.session;
            let one = format!("{} expires session {session} at {}", look.id, look.at);
            let other = format!("it heard of it at {heard}, its timeout is {timeout_ms} ms");
            found.clash(Invariant::Session, &[look.id], Some(txn.zxid), one, other);
        }
    }
}

/// Whether a request was refused for something that is looked at after its session's owner. What
/// cannot be decoded, a TTL that cannot be, a reconfig where there is none and an upgrade that failed
/// are refused before.
fn is_past_owner(error: KeeperError) -> bool {
    !matches!(
        error,
        KeeperError::SessionMoved
            | KeeperError::SessionExpired
            | KeeperError::MarshallingError
            | KeeperError::Unimplemented
            | KeeperError::BadArguments
            | KeeperError::ReconfigDisabled
            | KeeperError::EphemeralOnLocalSession
    )
}

#[cfg(test)]
mod tests {
    use super::super::Violation;
    use super::super::testing::{Bench, S1, S2, S3, among, only, txn, write};
    use super::*;
    use crate::txn::Request;
    use crate::types::Zxid;

    const Z4: Zxid = Zxid::new(1, 4);

    fn of(session: SessionId, cxid: i32, body: TxnBody) -> Rc<Txn> {
        let mut txn = (*txn(Z4, body)).clone();
        (txn.session, txn.cxid) = (session, Xid(cxid));
        Rc::new(txn)
    }

    #[test]
    fn nothing_of_a_session_comes_after_its_end() {
        let mut bench = Bench::new();
        let stranger = SessionId(0x77);
        bench.apply(S1, &of(stranger, 1, write(Z4, 1).body.clone()));
        let found = bench.look(S1);
        let facts = ("0x100000004 of session 0x77 is delivered", "that session is closed");
        assert_eq!(among(&found, Invariant::Session), facts);
    }

    #[test]
    fn a_session_is_created_once() {
        let mut bench = Bench::new();
        let session = bench.session();
        bench.apply(S1, &of(session, 0, TxnBody::CreateSession { timeout_ms: 1 }));
        let found = bench.look(S1);
        let one = format!("session {session} is created at 0x100000004");
        assert_eq!(among(&found, Invariant::Session), (&*one, "it was there before"));
    }

    #[test]
    fn a_session_does_not_expire_early() {
        let mut bench = Bench::new();
        let session = bench.session();
        bench.propose(S3, &of(session, 0, TxnBody::CloseSession { paths: Rc::new([]) }));
        let found = bench.look(S3);
        let (one, other) = only(&found, Invariant::Session);
        assert!(one.starts_with(&format!("s3 expires session {session} at ")), "{one}");
        assert!(other.ends_with("its timeout is 10000 ms"), "{other}");
    }

    #[test]
    fn a_session_may_expire_after_its_timeout() {
        let mut bench = Bench::new();
        bench.act(crate::sim::action::Action::Vanish(crate::types::ClientId(1)));
        bench.run(20_000);
        assert!(bench.server(S3).database().image.sessions.is_empty());
        assert_eq!(bench.violations(), []);
    }

    /// What is found when a request that came through s2 becomes this; its session speaks
    /// through s1.
    fn through_another(body: TxnBody) -> Vec<Violation> {
        let mut bench = Bench::new();
        let session = bench.session();
        let op = Op::SetData { path: "/a".into(), data: None, version: -1 };
        let request = Request { session, cxid: Xid(50), op, auth: Rc::new([]) };
        let packet = Packet::Request(Rc::new(request));
        bench.checker().sessions.server_hears_packet(S3, S2, &packet, Time::ZERO);
        bench.propose(S3, &of(session, 50, body));
        bench.look(S3)
    }

    #[test]
    fn a_session_speaks_through_one_server() {
        let session = Bench::new().session();
        let found = through_another(write(Z4, 1).body.clone());
        let (one, other) = only(&found, Invariant::Session);
        assert_eq!(one, format!("s3 accepts 0x100000004 of {session}, which came through s2"));
        assert_eq!(other, format!("session {session} speaks through s1"));
        assert_eq!(found[0].servers[..], [S3, S2, S1]);
    }

    #[test]
    fn a_multi_through_another_server_may_be_refused_for_it() {
        let errors = [KeeperError::SessionMoved, KeeperError::RuntimeInconsistency];
        assert_eq!(through_another(TxnBody::MultiError(errors.map(Some).into())), []);
        // Who looks for the znode has let the session pass.
        let errors = [KeeperError::NoNode, KeeperError::RuntimeInconsistency];
        let found = through_another(TxnBody::MultiError(errors.map(Some).into()));
        let (one, _) = among(&found, Invariant::Session);
        assert!(one.ends_with("which came through s2"), "{one}");
        // Its first operation has passed.
        let errors = [None, Some(KeeperError::SessionMoved)];
        among(&through_another(TxnBody::MultiError(errors.into())), Invariant::Session);
    }

    #[test]
    fn what_is_refused_before_anyone_looks_for_the_owner_may_come_through_another() {
        for error in [KeeperError::SessionMoved, KeeperError::ReconfigDisabled] {
            assert_eq!(through_another(TxnBody::Error(error)), []);
        }
        assert_eq!(through_another(TxnBody::Multi(Rc::new([]))), []);
        among(&through_another(TxnBody::Error(KeeperError::NoNode)), Invariant::Session);
    }

    #[test]
    fn no_follower_expires_a_session() {
        let (mut sessions, mut found) = (Sessions::default(), Found::default());
        let session = SessionId(7);
        let request = Request { session, cxid: Xid(0), op: Op::CloseSession, auth: Rc::new([]) };
        let packet = Packet::Request(Rc::new(request));
        sessions.server_sends_packet(S1, S3, &packet, &mut found);
        let [clash] = &found.0[..] else { panic!("one, not {found:?}") };
        assert_eq!(clash.invariant, Invariant::Session);
        assert_eq!(clash.servers, [S1, S3]);
        assert_eq!(clash.one, "s1 asks to close session 0x7, its client did not");
        assert_eq!(clash.other, "only the leader expires sessions, and that is s3");
    }

    #[test]
    fn no_follower_says_by_itself_that_a_session_is_gone() {
        let mut bench = Bench::new();
        let session = bench.session();
        let checker = bench.checker();
        let conn = ConnId(99);
        let attached = Attached { session, timeout_ms: 0 };
        checker.sessions.attached.insert(conn, attached);
        let response = ConnectResponse {
            session: SessionId(0),
            password: 0,
            timeout_ms: 0,
            is_read_only: false,
        };
        let (sessions, found) = (&mut checker.sessions, &mut checker.found);
        sessions.server_answers(S1, conn, &response, Time::ZERO, &|_| true, found);
        let found = checker.fresh(0, Time::ZERO);
        let one = format!("s1 tells its client that session {session} has expired");
        let other = format!("session {session} is alive, and the leader did not say otherwise");
        assert_eq!(only(&found, Invariant::Session), (&*one, &*other));
    }
}
