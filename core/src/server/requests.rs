//! What happens to a request.
//!
//! ```text
//!  at the leader     Prep ─▶ Proposal ─▶ Commit ─▶ Final       a learner's REQUEST enters at Prep
//!                              ├─ PROPOSAL to followers
//!                              └─ Sync ─fsync─▶ ACK to itself
//!  at a follower     Follower ─▶ Commit ─▶ Final               writes and syncs go to the leader
//!                      └─ REQUEST                              as well
//!                    PROPOSAL ─▶ Sync ─fsync─▶ ACK
//! ```
//!
//! The PROPOSAL leaves before the leader has logged it itself. In *Commit* a session's requests wait
//! behind its own writes. *Final* applies, fires watches, and answers.
//!
//! ZooKeeper: `PrepRequestProcessor`, `ProposalRequestProcessor`, `FollowerRequestProcessor`,
//! `CommitProcessor`, `FinalRequestProcessor`. Simplified: what is handed from one to the next is
//! handed over at once.

use crate::error::KeeperError;
use crate::mistake::Mistake;
use crate::server::local::Upgrade;
use crate::server::pipeline::Waiting;
use crate::server::{Effect, Moment, Role, Server};
use crate::session::Owner;
use crate::tree::data_tree::Change;
use crate::tree::prep::SessionCheck;
use crate::tree::quota::Resource;
use crate::tree::{acl, data_tree, read};
use crate::txn::{CreateMode, Op, Path, Reply, Request, Txn, TxnBody, WatchEvent, WatchKind};
use crate::types::{ConnId, SessionId, Xid, Zxid};
use crate::why::Why;
use crate::wire::Message;
use crate::zab::{leader, learner};
use std::rc::Rc;

impl Server {
    /// A client connected here asks for something.
    pub(crate) fn submit(
        &mut self,
        conn: ConnId,
        cxid: Xid,
        op: Op,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Some(client) = self.clients.get(&conn) else { return };
        let request = Request { session: client.session, cxid, op, auth: client.auth.clone() };
        if let Op::AddAuth { scheme, auth } = &request.op {
            self.authenticate(conn, cxid, scheme, auth, out);
            return;
        }
        let request = Rc::new(request);
        if self.is_read_only {
            self.submit_read_only(conn, request, out);
            return;
        }
        let refusal = match self.upgrade(&request, out) {
            Upgrade::None => None,
            Upgrade::First(upgrade) => {
                self.order_upgrade(&upgrade, moment, out);
                None
            }
            Upgrade::Refused => Some(KeeperError::EphemeralOnLocalSession),
        };
        if matches!(self.role, Role::Leading(_)) {
            self.order(&request, Some(conn), refusal, moment, out);
            return;
        }
        let needs_commit = (request.op.is_write() && !self.is_local_close(&request))
            || matches!(request.op, Op::Sync { .. });
        let asked = request.clone();
        let waiting = Waiting::Request { conn, request: asked, needs_commit, refusal };
        let ready = self.commits.submit(request.session, waiting);
        if needs_commit {
            self.learner_step(learner::Input::Forward(request), moment, out);
        }
        ready.into_iter().for_each(|waiting| self.finish(waiting, out));
    }

    /// The end of a local session concerns nobody else.
    fn is_local_close(&self, request: &Request) -> bool {
        request.op == Op::CloseSession && self.is_local(request.session)
    }

    /// A learner's client asks: REQUEST at the leader.
    pub(crate) fn on_forwarded(
        &mut self,
        conn: ConnId,
        request: &Rc<Request>,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        if let Op::Sync { .. } = request.op {
            let input = leader::Input::Sync { conn, session: request.session, cxid: request.cxid };
            self.leader_step(input, moment, out);
            return;
        }
        let body = self.prepare(request, Owner::Learner(conn), None, moment, out);
        self.propose(request, body, moment, out);
    }

    /// A request enters the leader's own pipeline, from a client of its own or from itself.
    pub(crate) fn order(
        &mut self,
        request: &Rc<Request>,
        conn: Option<ConnId>,
        refusal: Option<KeeperError>,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        if !request.op.is_write() || self.is_local_close(request) {
            let Some(conn) = conn else { return };
            // A refusal keeps its place among the session's replies, too.
            let refusal = self.check_session(request.session, Owner::Leader, None).any.err();
            let request = request.clone();
            let session = request.session;
            let waiting = Waiting::Request { conn, request, needs_commit: false, refusal };
            let ready = self.commits.submit(session, waiting);
            ready.into_iter().for_each(|waiting| self.finish(waiting, out));
            return;
        }
        let body = self.prepare(request, Owner::Leader, refusal, moment, out);
        if let Some(conn) = conn {
            let request = request.clone();
            let session = request.session;
            let waiting = Waiting::Request { conn, request, needs_commit: true, refusal: None };
            self.commits.submit(session, waiting);
        }
        self.propose(request, body, moment, out);
    }

    fn refuse_read(
        &mut self,
        conn: ConnId,
        request: &Request,
        error: KeeperError,
        out: &mut Vec<Effect>,
    ) {
        if error == KeeperError::SessionMoved {
            out.push(Effect::Explain(Why::SessionMoved { session: request.session }));
            self.close_client(conn, out);
        } else {
            self.reply(conn, request.cxid, Err(error), out);
        }
    }

    /// `PrepRequestProcessor`: the zxid is taken first, so a refused write has one too.
    fn prepare(
        &mut self,
        request: &Request,
        owner: Owner,
        refusal: Option<KeeperError>,
        moment: &Moment<'_>,
        out: &mut Vec<Effect>,
    ) -> TxnBody {
        self.last_zxid = self.last_zxid.next();
        let (zxid, now) = (self.last_zxid, moment.now);
        let session = request.session;
        let check = match &request.op {
            Op::CreateSession { timeout_ms } => {
                self.track(session, *timeout_ms, now, out);
                self.tracker.set_owner(session, owner);
                self.arm_expiry(now, out);
                SessionCheck::PASSED
            }
            Op::CloseSession => {
                self.tracker.set_closing(session);
                SessionCheck::PASSED
            }
            // From the leader itself, for no session.
            Op::DeleteContainer { .. } => SessionCheck::PASSED,
            Op::Create { .. }
            | Op::Delete { .. }
            | Op::SetData { .. }
            | Op::Check { .. }
            | Op::SetAcl { .. }
            | Op::Multi(_)
            | Op::Reconfig(_) => self.check_session(session, owner, refusal),
            Op::Exists { .. }
            | Op::GetData { .. }
            | Op::GetChildren { .. }
            | Op::GetAllChildrenNumber { .. }
            | Op::GetEphemerals { .. }
            | Op::GetAcl { .. }
            | Op::Sync { .. }
            | Op::MultiRead(_)
            | Op::AddWatch { .. }
            | Op::RemoveWatches { .. }
            | Op::SetWatches { .. }
            | Op::WhoAmI
            | Op::AddAuth { .. } => unreachable!("reads are not prepared"),
        };
        let body = match (check.any, &request.op) {
            // Asked before anything else, the session too.
            (_, Op::Reconfig(_)) if !self.config.is_reconfig_enabled => {
                TxnBody::Error(KeeperError::ReconfigDisabled)
            }
            (Err(error), Op::Reconfig(_)) => TxnBody::Error(error),
            (Ok(()), Op::Reconfig(asked)) => {
                self.prepare_reconfig(request, asked, zxid, out).unwrap_or_else(TxnBody::Error)
            }
            (Ok(()) | Err(_), _) => {
                let image = &self.db.image;
                self.prep.prepare(image, request, check, zxid, now, &self.settings)
            }
        };
        let mistake = Mistake::SequenceFromChildren;
        if self.config.mistakes.has(mistake) && request.op.creates(CreateMode::is_sequential) {
            out.push(Effect::Explain(Why::Mistaken { mistake }));
        }
        for excess in self.prep.warnings() {
            out.push(Effect::Explain(Why::QuotaWarning {
                zxid,
                prefix: excess.prefix.clone(),
                is_bytes: excess.resource == Resource::Bytes,
                would_be: excess.would_be,
                limit: excess.limit,
            }));
        }
        let error = match &body {
            TxnBody::Error(error) => Some(*error),
            TxnBody::MultiError(results) => results.iter().flatten().next().copied(),
            TxnBody::Create { .. }
            | TxnBody::Delete { .. }
            | TxnBody::SetData { .. }
            | TxnBody::SetAcl { .. }
            | TxnBody::Check { .. }
            | TxnBody::CreateSession { .. }
            | TxnBody::CloseSession { .. }
            | TxnBody::DeleteContainer { .. }
            | TxnBody::Multi(_)
            | TxnBody::Reconfig { .. } => None,
        };
        if let Some(error) = error {
            let path = request.op.path().cloned();
            out.push(Effect::Explain(Why::Refused { zxid, error, path }));
        }
        body
    }

    /// `ProposalRequestProcessor`: to the followers first, then to its own log.
    fn propose(
        &mut self,
        request: &Request,
        body: TxnBody,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let zxid = self.last_zxid;
        if zxid.counter() == u32::MAX {
            out.push(Effect::Explain(Why::CounterRolledOver { zxid }));
            self.abandon(moment, out);
            return;
        }
        let (session, cxid) = (request.session, request.cxid);
        let txn = Rc::new(Txn { zxid, session, cxid, time: moment.now, body });
        self.leader_step(leader::Input::Propose(txn.clone()), moment, out);
        self.log(txn, moment.now, out);
    }

    /// A commit arrived: apply it, answer it if it was asked for here, and let through what waited
    /// behind it.
    pub(crate) fn apply_committed(&mut self, txn: &Rc<Txn>, out: &mut Vec<Effect>) {
        let local = self.commits.commit(txn.session, txn.cxid);
        let applied = data_tree::apply(&mut self.db.image, txn);
        self.prep.applied(txn.zxid);
        self.db.add_committed(txn.clone());
        self.storage.applied(txn);
        out.push(Effect::Applied(txn.zxid));
        self.fire_watches(txn.zxid, &applied.changes, out);
        if let TxnBody::CreateSession { .. } = txn.body {
            self.on_session_committed(txn.session, out);
        }
        if let Some(local) = local {
            let outcome = local.outcome(applied.outcome);
            self.answer_write(local.conn, &local.request, outcome, out);
        }
        if let TxnBody::CloseSession { .. } = txn.body {
            self.on_session_closed(txn.session, out);
        }
        for waiting in self.commits.released(txn.session) {
            self.finish(waiting, out);
        }
    }

    fn on_session_closed(&mut self, session: SessionId, out: &mut Vec<Effect>) {
        self.tracker.remove(session);
        self.touched.remove(&session);
        if let Some(conn) = self.client_of(session) {
            self.close_client(conn, out);
        }
    }

    pub(crate) fn fire_watches(&mut self, zxid: Zxid, changes: &[Change], out: &mut Vec<Effect>) {
        for change in changes {
            let (path, fired) = match change {
                Change::Created(path) => (path, self.watches.trigger_created(path)),
                Change::DataChanged(path) => (path, self.watches.trigger_data_changed(path)),
                Change::Deleted(path) => (path, self.watches.trigger_deleted(path)),
            };
            if self.config.mistakes.has(Mistake::WatchFiresTwice)
                && fired.iter().any(|(conn, event)| self.has_one_shot(*conn, &event.path))
            {
                out.push(Effect::Explain(Why::Mistaken { mistake: Mistake::WatchFiresTwice }));
            }
            if !fired.is_empty() {
                let (path, count) = (path.clone(), fired.len());
                out.push(Effect::Explain(Why::WatchesFired { zxid, path, count }));
            }
            for (conn, event) in fired {
                out.push(Effect::Send { conn, message: Message::Watch(event) });
            }
        }
    }

    fn has_one_shot(&self, conn: ConnId, path: &Path) -> bool {
        let watches = self.watches.on_path(path);
        let is_one_shot = |kind: WatchKind| match kind {
            WatchKind::Data | WatchKind::Exist | WatchKind::Child => true,
            WatchKind::Persistent | WatchKind::PersistentRecursive => false,
        };
        watches.iter().any(|(watching, kind)| *watching == conn && is_one_shot(*kind))
    }

    fn answer_write(
        &mut self,
        conn: ConnId,
        request: &Request,
        outcome: Result<Reply, KeeperError>,
        out: &mut Vec<Effect>,
    ) {
        // Of a multi the leader itself hangs up; a learner passes the errors on.
        let is_moved = match &outcome {
            Err(error) => *error == KeeperError::SessionMoved,
            Ok(Reply::Multi(results)) => {
                self.is_leading() && results.contains(&Err(KeeperError::SessionMoved))
            }
            Ok(_) => false,
        };
        if is_moved {
            out.push(Effect::Explain(Why::SessionMoved { session: request.session }));
            self.close_client(conn, out);
        } else if let Op::CreateSession { .. } = request.op {
            out.push(Effect::Explain(Why::SessionOpened { session: request.session }));
            self.answer_connect(conn, true, out);
        } else {
            self.reply(conn, request.cxid, outcome, out);
        }
    }

    /// The leader answers a sync: everything committed before it has been applied here.
    pub(crate) fn on_synced(&mut self, session: SessionId, cxid: Xid, out: &mut Vec<Effect>) {
        if let Some(local) = self.commits.commit(session, cxid) {
            self.reply(local.conn, cxid, Ok(Reply::Done), out);
        }
        for waiting in self.commits.released(session) {
            self.finish(waiting, out);
        }
    }

    /// `FinalRequestProcessor` for what needs no agreement.
    pub(crate) fn finish(&mut self, waiting: Waiting, out: &mut Vec<Effect>) {
        match waiting {
            Waiting::Ping(conn) => self.answer_ping(conn, out),
            Waiting::Request { conn, request, refusal: Some(error), .. } => {
                self.refuse_read(conn, &request, error, out);
            }
            Waiting::Request { conn, request, .. } if request.op == Op::CloseSession => {
                self.reply(conn, request.cxid, Ok(Reply::Done), out);
                self.end_local(request.session, out);
            }
            Waiting::Request { conn, request, .. } => {
                if self.clients.contains_key(&conn) {
                    let (result, events) = self.read(conn, &request);
                    for event in events {
                        out.push(Effect::Send { conn, message: Message::Watch(event) });
                    }
                    self.reply(conn, request.cxid, result, out);
                }
            }
        }
    }

    /// Reads the local tree and leaves watches on it.
    fn read(
        &mut self,
        conn: ConnId,
        request: &Request,
    ) -> (Result<Reply, KeeperError>, Vec<WatchEvent>) {
        match &request.op {
            Op::Sync { .. } => (Ok(Reply::Done), Vec::new()),
            Op::AddWatch { path, is_recursive } => {
                let kind = if *is_recursive {
                    WatchKind::PersistentRecursive
                } else {
                    WatchKind::Persistent
                };
                self.watches.add(path, kind, conn);
                (Ok(Reply::Done), Vec::new())
            }
            Op::RemoveWatches { path, kind } => {
                let removed = self.watches.remove(path, *kind, conn);
                (removed.map(|_| Reply::Done), Vec::new())
            }
            Op::SetWatches { relative_zxid, watches } => {
                let image = &self.db.image;
                let events = self.watches.set_watches(image, *relative_zxid, watches, conn);
                (Ok(Reply::Done), events)
            }
            other => {
                let image = &self.db.image;
                let (session, auth) = (request.session, &request.auth);
                let result = read::read(image, other, session, auth, &self.settings);
                self.leave_watch(conn, other, &result);
                (result, Vec::new())
            }
        }
    }

    /// A read that finds nothing leaves no watch, but for exists.
    fn leave_watch(&mut self, conn: ConnId, op: &Op, result: &Result<Reply, KeeperError>) {
        let (path, kind) = match op {
            Op::GetData { path, watch: true } if result.is_ok() => (path, WatchKind::Data),
            Op::GetChildren { path, watch: true } if result.is_ok() => (path, WatchKind::Child),
            Op::Exists { path, watch: true } => match result {
                Ok(_) => (path, WatchKind::Data),
                Err(KeeperError::NoNode) => (path, WatchKind::Exist),
                Err(_) => return,
            },
            Op::GetData { .. }
            | Op::GetChildren { .. }
            | Op::Exists { watch: false, .. }
            | Op::Create { .. }
            | Op::Delete { .. }
            | Op::SetData { .. }
            | Op::Check { .. }
            | Op::GetAllChildrenNumber { .. }
            | Op::GetEphemerals { .. }
            | Op::GetAcl { .. }
            | Op::SetAcl { .. }
            | Op::Sync { .. }
            | Op::Multi(_)
            | Op::MultiRead(_)
            | Op::AddWatch { .. }
            | Op::RemoveWatches { .. }
            | Op::SetWatches { .. }
            | Op::WhoAmI
            | Op::AddAuth { .. }
            | Op::Reconfig(_)
            | Op::CreateSession { .. }
            | Op::CloseSession
            | Op::DeleteContainer { .. } => return,
        };
        self.watches.add(path, kind, conn);
    }

    fn authenticate(
        &mut self,
        conn: ConnId,
        cxid: Xid,
        scheme: &str,
        auth: &str,
        out: &mut Vec<Effect>,
    ) {
        let Some(client) = self.clients.get_mut(&conn) else { return };
        match acl::authenticate(scheme, auth, &self.settings) {
            Ok(proved) => {
                let known = client.auth.clone();
                let fresh = proved.into_iter().filter(|info| !known.contains(info));
                client.auth = known.iter().cloned().chain(fresh).collect();
                self.reply(conn, cxid, Ok(Reply::Done), out);
            }
            Err(error) => {
                self.reply(conn, cxid, Err(error), out);
                self.close_client(conn, out);
            }
        }
    }

    pub(crate) fn reply(
        &mut self,
        conn: ConnId,
        xid: Xid,
        result: Result<Reply, KeeperError>,
        out: &mut Vec<Effect>,
    ) {
        if self.clients.contains_key(&conn) {
            let zxid = self.db.last_processed();
            out.push(Effect::Send { conn, message: Message::Reply { xid, zxid, result } });
            self.count_reply(conn, xid, out);
        }
    }
}
