//! The roles of a server and how one becomes another: `QuorumPeer`.
//!
//! ```text
//!          ┌────────────── Looking ◀───────────────┐
//!          │ Elected           │ Elected           │ disk at rest, log fast-forwarded
//!          ▼                   ▼                   │
//!       Leading            Learning ──Abandon──▶ Leaving
//!          └────────Abandon───────────────────────▲
//! ```
//!
//! On leaving a role everything logged is applied, committed or not (ZOOKEEPER-2845), so that the
//! next vote tells the whole log. An unfinished SNAP or TRUNC is thrown away and the disk loaded
//! again (ZOOKEEPER-3642).

use crate::config::{Config, Ensemble, Views};
use crate::fle::{self, Election, cnx};
use crate::image::Image;
use crate::mistake::Mistake;
use crate::server::pipeline::{CommitProcessor, SyncRequestProcessor};
use crate::server::{Effect, Input, Moment, Role, Server, Space, Timer, Unsaved, WriteFor};
use crate::session::SessionTracker;
use crate::sorted::{Map, Set};
use crate::tree::prep::{Prep, Settings};
use crate::types::{ConnId, Phase, Port, ServerId, ServerState, SessionId, Vote, Zxid};
use crate::watch::WatchManager;
use crate::why::Why;
use crate::wire::Message;
use crate::zab::database::Database;
use crate::zab::leader::{self, Leader};
use crate::zab::learner::{self, Background, Learner};
use crate::zab::log::{Files, Storage};
use std::collections::VecDeque;
use std::rc::Rc;

impl Server {
    pub(crate) fn new(
        id: ServerId,
        (initial, views): (Rc<Ensemble>, Views),
        config: Rc<Config>,
        files: Files,
        empty: Image,
    ) -> Server {
        let settings = Settings {
            are_extended_types_enabled: config.are_extended_types_enabled,
            is_quota_enforced: config.is_quota_enforced,
            skip_acl: config.skip_acl,
            super_digest: config.super_digest.as_deref().map(Rc::from),
            is_read_needed_for_exists: false,
            mistakes: config.mistakes,
        };
        let election = Election::new(
            id,
            views.clone(),
            config.min_notification_interval_ms,
            config.max_notification_interval_ms,
        )
        .with_mistakes(config.mistakes);
        let mistakes = config.mistakes;
        let prealloc = config.prealloc_bytes;
        Server {
            id,
            db: Database::new(empty, config.commit_log_count),
            initial,
            views,
            is_appointed: false,
            config,
            settings: Rc::new(settings),
            state: ServerState::Looking,
            phase: Phase::Election,
            has_changed_state: false,
            storage: Storage::open(files, prealloc).with_mistakes(mistakes),
            writes: VecDeque::new(),
            unsaved: None,
            is_blank: false,
            election,
            connections: cnx::Connections::new(id),
            role: Role::Looking,
            leader_conn: None,
            is_serving: false,
            last_zxid: Zxid::ZERO,
            prep: Prep::default(),
            commits: CommitProcessor::default(),
            log_queue: SyncRequestProcessor::default(),
            tracker: SessionTracker::default(),
            locals: None,
            upgrading: Set::new(),
            is_read_only: false,
            throttled: Set::new(),
            due_containers: Default::default(),
            touched: Map::new(),
            next_session: SessionId(0),
            clients: Map::new(),
            revalidating: Map::new(),
            watches: WatchManager::new(mistakes.has(Mistake::WatchFiresTwice)),
            space: Space::default(),
        }
    }

    /// Takes one input and appends what it leads to.
    pub fn step(&mut self, input: Input, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        match input {
            Input::Accepted { conn, port } => match port {
                Port::Election => self.connections.on_accepted(conn),
                Port::Quorum => self.leader_step(leader::Input::Accepted(conn), moment, out),
                Port::Client => self.on_client_accepted(conn, out),
            },
            Input::Connected(conn) => self.on_connected(conn, moment, out),
            Input::Closed(conn) => self.on_closed(conn, moment, out),
            Input::Received { conn, message } => self.on_received(conn, &message, moment, out),
            Input::Timer(timer) => self.on_timer(timer, moment, out),
            Input::Written { took_us } => self.on_written(took_us, moment, out),
            Input::WriteFailed(error) => self.on_write_failed(error, moment, out),
        }
        if !self.throttled.is_empty() {
            self.read_on(moment, out);
        }
    }

    fn on_connected(&mut self, conn: ConnId, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        if self.leader_conn == Some(conn) {
            self.learner_step(learner::Input::Connected, moment, out);
            return;
        }
        let mut effects = Vec::new();
        self.connections.on_connected(conn, &mut effects);
        self.carry_out_cnx(effects, moment, out);
    }

    fn on_closed(&mut self, conn: ConnId, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        if self.leader_conn == Some(conn) {
            self.leader_conn = None;
            self.learner_step(learner::Input::Closed, moment, out);
        } else if self.connections.owns(conn) {
            self.connections.on_closed(conn);
        } else if self.clients.contains_key(&conn) {
            self.forget_client(conn);
        } else if matches!(&self.role, Role::Leading(leader) if leader.owns(conn)) {
            out.push(Effect::CancelTimer(Timer::LearnerRead(conn)));
            self.leader_step(leader::Input::Closed(conn), moment, out);
        }
    }

    fn on_received(
        &mut self,
        conn: ConnId,
        message: &Message,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        match message {
            Message::Hello(_) | Message::Notification(_) => {
                let mut effects = Vec::new();
                let mut fresh = || moment.fresh_conn();
                self.connections.on_message(conn, message, &mut fresh, &mut effects);
                self.carry_out_cnx(effects, moment, out);
            }
            Message::Quorum(packet) if self.leader_conn == Some(conn) => {
                self.learner_step(learner::Input::Packet(packet.clone()), moment, out);
            }
            Message::Quorum(packet) => {
                let packet = packet.clone();
                self.leader_step(leader::Input::Packet { conn, packet }, moment, out);
            }
            Message::Connect(_)
            | Message::Connected(_)
            | Message::Request { .. }
            | Message::Reply { .. }
            | Message::Watch(_)
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPing
            | Message::ClientPong { .. } => self.on_client_message(conn, message, moment, out),
        }
    }

    fn on_timer(&mut self, timer: Timer, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        match timer {
            Timer::Silence => {
                let has_delivered = self.connections.has_delivered();
                self.election_step(fle::Input::Silence { has_delivered }, moment, out);
            }
            Timer::Finalize => self.election_step(fle::Input::Finalize, moment, out),
            Timer::Gate => self.leader_step(leader::Input::GateTimeout, moment, out),
            Timer::HalfTick => self.leader_step(leader::Input::HalfTick, moment, out),
            Timer::LearnerRead(conn) => {
                self.leader_step(leader::Input::Silent(conn), moment, out);
            }
            Timer::LeaderRead => self.learner_step(learner::Input::Silent, moment, out),
            Timer::Retry => self.learner_step(learner::Input::Retry, moment, out),
            Timer::SessionExpiry => self.on_session_expiry(moment, out),
            Timer::Containers => self.on_containers(moment, out),
            Timer::ReadOnly => self.start_read_only(moment.now, out),
            Timer::Flush => self.on_flush_due(out),
            Timer::Purge => self.on_purge(out),
        }
    }

    // --- Roles

    /// Begins a new election.
    pub(crate) fn look(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        self.role = Role::Looking;
        self.set_state(ServerState::Looking, Phase::Election, out);
        self.await_read_only(out);
        self.is_appointed = false;
        let vote = self.initial_vote();
        self.election_step(fle::Input::Start(vote), moment, out);
    }

    fn set_state(&mut self, state: ServerState, phase: Phase, out: &mut Vec<Effect>) {
        let from = (self.state, self.phase);
        let to = (state, phase);
        if from != to {
            (self.state, self.phase) = to;
            self.has_changed_state = true;
            out.push(Effect::StateChanged { from, to });
        }
    }

    pub(crate) fn on_elected(
        &mut self,
        vote: Vote,
        state: ServerState,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        self.stop_read_only(out);
        self.set_state(state, Phase::Election, out);
        let accepted_epoch = self.storage.files.accepted_epoch.unwrap_or_default();
        let current_epoch = self.storage.files.current_epoch.unwrap_or_default();
        if state == ServerState::Leading {
            let leader = Leader::new(self.id, self.views.clone(), self.config.clone());
            self.role = Role::Leading(Box::new(leader));
            // `loadData` of a new leader takes a snapshot.
            self.save_snapshot(WriteFor::Nobody, out);
            let start = leader::Input::Start { accepted_epoch, current_epoch };
            self.leader_step(start, moment, out);
            return;
        }
        let background = Background {
            accepted_epoch,
            current_epoch,
            last_zxid: self.db.last_processed(),
            config_version: self.views.current.version,
        };
        let is_observer = state == ServerState::Observing;
        let config = self.config.clone();
        let learner = Learner::new(self.id, vote.leader, is_observer, config, background);
        self.role = Role::Learning(Box::new(learner));
        self.learner_step(learner::Input::Start, moment, out);
    }

    /// Leaves a role: no clients, no leader, no learners; the log's writer is joined first.
    pub(crate) fn abandon(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        let timers = [
            Timer::Gate,
            Timer::HalfTick,
            Timer::LeaderRead,
            Timer::Retry,
            Timer::SessionExpiry,
            Timer::Containers,
            Timer::Flush,
        ];
        out.extend(timers.map(Effect::CancelTimer));
        if let Role::Leading(leader) = &self.role {
            for conn in leader.connections() {
                out.push(Effect::CancelTimer(Timer::LearnerRead(conn)));
                out.push(Effect::Close(conn));
            }
        }
        out.extend(self.leader_conn.take().map(Effect::Close));
        self.stop_serving(out);
        let rest = self.log_queue.drain();
        if !rest.is_empty() {
            self.write_log(rest, WriteFor::Nobody, out);
        }
        self.role = Role::Leaving;
        if self.writes.is_empty() {
            self.finish_leaving(moment, out);
        }
    }

    // --- The machines and what they ask for

    pub(crate) fn leader_step(
        &mut self,
        input: leader::Input,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Role::Leading(leader) = &mut self.role else { return };
        // Space that is used again and again; who comes here meanwhile finds none.
        let mut effects = std::mem::take(&mut self.space.leader);
        leader.step(moment.now, input, &self.db, &self.storage.files, &mut effects);
        for effect in effects.drain(..) {
            if !matches!(self.role, Role::Leading(_)) {
                break;
            }
            self.carry_out_leader(effect, moment, out);
        }
        self.space.leader = effects;
    }

    fn carry_out_leader(
        &mut self,
        effect: leader::Effect,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        use leader::Effect as E;
        match effect {
            E::Send { conn, packet } => {
                out.push(Effect::Send { conn, message: Message::Quorum(packet) });
            }
            E::Close(conn) => {
                out.push(Effect::CancelTimer(Timer::LearnerRead(conn)));
                out.push(Effect::Close(conn));
            }
            E::GateTimer(after_ms) => set_timer(Timer::Gate, after_ms, out),
            E::HalfTickTimer(after_ms) => {
                out.push(Effect::CancelTimer(Timer::Gate));
                set_timer(Timer::HalfTick, after_ms, out);
            }
            E::ReadTimer { conn, after_ms } => set_timer(Timer::LearnerRead(conn), after_ms, out),
            E::SetAcceptedEpoch(epoch) => self.set_accepted_epoch(epoch, moment, out),
            E::SetCurrentEpoch(epoch) => self.set_current_epoch(epoch, moment, out),
            E::Phase(phase) => self.set_state(self.state, phase, out),
            E::Activate(epoch) => self.activate(epoch, moment, out),
            E::Commit(txn) => self.apply_committed(&txn, out),
            E::ConfigSeen(config) => self.see_config(config),
            // A leader goes on leading, if only until its learners have left.
            E::ConfigActivated { config, designated } => {
                self.process_reconfig(&config, Some(designated), out);
            }
            E::Forwarded { conn, request } => self.on_forwarded(conn, &request, moment, out),
            E::Touched { learner, sessions } => {
                for (session, timeout_ms) in sessions.iter() {
                    self.heard_from(*session, *timeout_ms, Some(learner), moment.now, out);
                }
                self.arm_expiry(moment.now, out);
            }
            E::Revalidate { conn, session, timeout_ms } => {
                self.on_revalidate(conn, session, timeout_ms, moment.now, out);
            }
            E::Abandon => self.abandon(moment, out),
            E::Explain(why) => out.push(Effect::Explain(why)),
        }
    }

    pub(crate) fn learner_step(
        &mut self,
        input: learner::Input,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Role::Learning(learner) = &mut self.role else { return };
        let mut effects = std::mem::take(&mut self.space.learner);
        learner.step(moment.now, input, &mut effects);
        for effect in effects.drain(..) {
            if !matches!(self.role, Role::Learning(_)) {
                break;
            }
            self.carry_out_learner(effect, moment, out);
        }
        self.space.learner = effects;
    }

    fn carry_out_learner(
        &mut self,
        effect: learner::Effect,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        use learner::Effect as E;
        match effect {
            E::Dial => self.dial_leader(moment, out),
            E::Send(packet) => {
                let message = Message::Quorum(packet);
                out.extend(self.leader_conn.map(|conn| Effect::Send { conn, message }));
            }
            E::RetryTimer(after_ms) => set_timer(Timer::Retry, after_ms, out),
            E::ReadTimer(after_ms) => set_timer(Timer::LeaderRead, after_ms, out),
            E::SetAcceptedEpoch(epoch) => self.set_accepted_epoch(epoch, moment, out),
            E::Phase(phase) => self.set_state(self.state, phase, out),
            E::Replace(image) => {
                self.unsaved = Some(Unsaved::Received);
                let mistake = Mistake::SnapKeepsLog;
                if self.config.mistakes.has(mistake) && !self.storage.files.logs.is_empty() {
                    out.push(Effect::Explain(Why::Mistaken { mistake }));
                }
                self.db.replace(&image);
            }
            E::Truncate(zxid) => self.truncate(zxid, moment, out),
            E::Apply(txn) => self.apply_unserved(&txn),
            E::Persist { is_snapshot_needed, txns, epoch } => {
                self.persist(is_snapshot_needed, txns, epoch, moment, out);
            }
            E::Log(txn) => self.log(txn, moment.now, out),
            E::Commit(txn) => self.apply_committed(&txn, out),
            E::ConfigSeen(config) => self.see_config(config),
            E::ConfigActivated { config, designated, txn } => {
                if self.process_reconfig(&config, designated, out) {
                    // It is in the log and is applied on leaving; its client is not answered, since
                    // its connection ends first.
                    self.leave_changed_role(moment, out);
                } else {
                    txn.into_iter().for_each(|txn| self.apply_committed(&txn, out));
                }
            }
            E::Synced { session, cxid } => self.on_synced(session, cxid, out),
            E::Revalidated { session, is_valid } => self.on_revalidated(session, is_valid, out),
            E::Pong(zxid) => self.pong(zxid, out),
            E::Serve(epoch) => {
                self.election.update_epoch(epoch);
                self.start_serving(moment.now, out);
            }
            E::Abandon => self.abandon(moment, out),
            E::Exit => out.push(Effect::Exit),
            E::Explain(why) => out.push(Effect::Explain(why)),
        }
    }

    fn dial_leader(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        let Some(to) = self.leader() else { return };
        let conn = moment.fresh_conn();
        self.leader_conn = Some(conn);
        out.push(Effect::Dial { conn, to, port: Port::Quorum });
    }
}

pub(crate) fn set_timer(timer: Timer, after_ms: u64, out: &mut Vec<Effect>) {
    out.push(Effect::SetTimer { timer, after_us: after_ms * 1000 });
}
