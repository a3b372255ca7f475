//! Changing the members while the ensemble runs.
//!
//! ```text
//!   client ─ reconfig ─▶ leader: check, parse, is a quorum of the new members synchronized?
//!                          ├─ PROPOSAL ────────▶ last seen configuration, `.next` on disk
//!                          │  quorum of the old and of the new members
//!                          └─ COMMITANDACTIVATE ▶ current configuration, on disk and in the tree;
//!                                                 a new role or another leader: start over
//! ```
//!
//! Who looks for a leader goes by a newer configuration as soon as it hears of one.
//!
//! ZooKeeper: `PrepRequestProcessor` (`OpCode.reconfig`), `QuorumPeer.processReconfig`,
//! `setLastSeenQuorumVerifier`, the receiver thread of `FastLeaderElection`. Simplified: new peers
//! are dialled when there is something to tell them; the files are written at once.

use crate::config::{Config, Ensemble, MembershipError, Views, text};
use crate::error::KeeperError;
use crate::server::{Effect, Moment, Role, Server};
use crate::tree::data_tree::Change;
use crate::tree::{acl, data_tree};
use crate::txn::{Perms, ReconfigRequest, Request, TxnBody};
use crate::types::{ServerId, Vote, Zxid};
use crate::why::{MembersWhy, QuorumCheck, QuorumFact, Why};
use crate::wire::Notification;
use crate::zab::log::Files;
use std::rc::Rc;

impl Server {
    /// Turns a reconfiguration into a transaction, or says what forbids it. The order of the checks
    /// is ZooKeeper's.
    pub(crate) fn prepare_reconfig(
        &self,
        request: &Request,
        asked: &ReconfigRequest,
        zxid: Zxid,
        out: &mut Vec<Effect>,
    ) -> Result<TxnBody, KeeperError> {
        let Role::Leading(leader) = &self.role else { return Err(KeeperError::Unimplemented) };
        let is_standalone = self.config.is_standalone_enabled;
        if is_standalone && self.initial.voters().count() < 2 {
            return Err(KeeperError::Unimplemented);
        }
        let last_seen = &self.views.last_seen;
        if last_seen.version != self.views.current.version {
            return Err(KeeperError::ReconfigInProgress);
        }
        if asked.from_config != -1 && asked.from_config as u64 != last_seen.version.0 {
            return Err(KeeperError::BadVersion);
        }
        let mut config = wanted(last_seen, asked)?;
        config.version = zxid;
        let least = if is_standalone { 2 } else { 1 };
        if config.voters().count() < least {
            return Err(KeeperError::BadArguments);
        }
        let synced = leader.synced_voters(&config);
        if !config.is_quorum(&synced) {
            let facts = Rc::new([QuorumFact::of(&config, &synced)]);
            let check = QuorumCheck::Reconfig(zxid);
            out.push(Effect::Explain(Why::Members(MembersWhy::QuorumChecked { check, facts })));
            return Err(KeeperError::NewConfigNoQuorum);
        }
        let node = self.db.image.node(data_tree::CONFIG).ok_or(KeeperError::NoNode)?;
        acl::check(&node.acl, Perms::WRITE, &request.auth, &self.settings)?;
        Ok(TxnBody::Reconfig { config: config.text().into() })
    }

    /// A configuration was proposed.
    pub(crate) fn see_config(&mut self, config: Rc<Ensemble>) {
        let is_known = config.version == self.views.last_seen.version;
        if !self.config.is_reconfig_enabled || is_known {
            return;
        }
        self.storage.files.next_config = Some(config.clone());
        self.views.last_seen = config;
        self.election.set_views(self.views.clone());
    }

    /// A configuration is committed: go by it. Returns whether the role or the leader is another
    /// now.
    pub(crate) fn process_reconfig(
        &mut self,
        config: &Rc<Ensemble>,
        designated: Option<ServerId>,
        out: &mut Vec<Effect>,
    ) -> bool {
        if !self.config.is_reconfig_enabled {
            return false;
        }
        let before = self.views.current.clone();
        let is_newer = before.version < config.version;
        if is_newer {
            self.views.activate(config.clone());
            self.storage.files.config = Some(config.clone());
            if self.views.last_seen.version == config.version {
                self.storage.files.next_config = None;
            }
            self.election.set_views(self.views.clone());
            out.push(Effect::ConfigActivated(config.clone()));
        }
        self.show_config();
        // Written here and once more by the transaction: a persistent watch fires twice.
        if is_newer && self.is_serving {
            let changed = [Change::DataChanged(data_tree::CONFIG.into())];
            self.fire_watches(config.version, &changed, out);
        }
        if !is_newer || before.is_same(config) {
            return false;
        }
        out.push(Effect::Explain(Why::Members(MembersWhy::ConfigActivated {
            from: before.version,
            to: config.version,
            voters: config.voters().collect(),
            observers: config.observers().collect(),
        })));
        self.restart_election(out);
        self.is_changed_by(&before, config, designated)
    }

    /// `updateLearnerType` and `updateVote`.
    fn is_changed_by(
        &mut self,
        before: &Ensemble,
        config: &Ensemble,
        designated: Option<ServerId>,
    ) -> bool {
        let has_new_role = before.is_observer(self.id) != config.is_observer(self.id);
        let leader = self.election.vote().leader;
        let has_new_leader = match designated {
            Some(designated) => {
                self.election.appoint(designated, config.version);
                self.is_appointed |= has_new_role || designated != leader;
                designated != leader
            }
            // Nobody says who leads: if the leader has not stayed a voter, it must be elected.
            None => {
                self.is_appointed = false;
                let address = |ensemble: &Ensemble| {
                    let voter = ensemble.is_voter(leader).then(|| ensemble.members.get(&leader));
                    voter.flatten().map(|member| member.address.clone())
                };
                address(before).is_none() || address(before) != address(config)
            }
        };
        has_new_role || has_new_leader
    }

    /// Leaves the role that the configuration has changed.
    pub(crate) fn leave_changed_role(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        out.push(Effect::Explain(Why::Members(MembersWhy::RoleChanged {
            version: self.views.current.version,
            leader: self.is_appointed.then(|| self.election.vote().leader),
            is_observer: self.views.current.is_observer(self.id),
        })));
        self.abandon(moment, out);
    }

    /// The vote that an election begins with (`getInitId`, `getInitLastLoggedZxid`). An observer's
    /// loses to every other; so does that of one that is no member, which still tells its history.
    pub(crate) fn initial_vote(&self) -> Vote {
        if self.views.current.is_observer(self.id) {
            return Vote::NOBODY;
        }
        let is_voter = self.views.current.is_voter(self.id);
        Vote {
            peer_epoch: self.storage.files.current_epoch.unwrap_or_default(),
            zxid: if self.is_blank { Zxid::UNKNOWN } else { self.db.last_processed() },
            leader: if is_voter { self.id } else { Vote::NOBODY.leader },
        }
    }

    /// What clients read at `/zookeeper/config`.
    pub(crate) fn show_config(&mut self) {
        let current = &self.views.current;
        data_tree::set_config(&mut self.db.image, &current.text(), current.version);
    }

    /// `restartLeaderElection`: connections and rounds are those of other members.
    fn restart_election(&mut self, out: &mut Vec<Effect>) {
        let mut effects = Vec::new();
        self.connections.halt(&mut effects);
        for effect in effects {
            if let crate::fle::cnx::Effect::Close(conn) = effect {
                out.push(Effect::Close(conn));
            }
        }
        self.election.restart();
    }

    /// A vote came with a newer configuration. Returns whether the election begins anew for it.
    pub(crate) fn learn_config(
        &mut self,
        from: ServerId,
        notification: &Notification,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) -> bool {
        let config = &notification.config;
        let mine = self.views.current.clone();
        let is_looking = matches!(self.role, Role::Looking);
        if !self.config.is_reconfig_enabled || !is_looking || config.version <= mine.version {
            return false;
        }
        let is_same = mine.is_same(config);
        if !is_same {
            let (mine, theirs) = (mine.version, config.version);
            out.push(Effect::Explain(Why::Members(MembersWhy::ConfigLearned {
                from,
                mine,
                theirs,
            })));
        }
        self.process_reconfig(config, None, out);
        if !is_same {
            self.look(moment, out);
        }
        !is_same
    }
}

/// What a server goes by at boot: what its disk says, else what it is started with.
pub(crate) fn views_at_boot(initial: &Rc<Ensemble>, config: &Config, files: &Files) -> Views {
    let mut views = Views::new(files.config.clone().unwrap_or_else(|| initial.clone()));
    if let Some(next) = files.next_config.clone().filter(|_| config.is_reconfig_enabled) {
        views.last_seen = next;
    }
    views
}

/// The members asked for: all of them, or what is added to and removed from those there are.
fn wanted(last_seen: &Ensemble, asked: &ReconfigRequest) -> Result<Ensemble, KeeperError> {
    let refused = |_: MembershipError| KeeperError::BadArguments;
    if !asked.new_members.is_empty() {
        return text::parse(&asked.new_members.join("\n")).map_err(refused);
    }
    if last_seen.is_hierarchical {
        return Err(KeeperError::BadArguments);
    }
    let mut config = last_seen.clone();
    for id in &asked.leaving {
        // What is no number is no request that could be read.
        let id: i64 = id.trim().parse().map_err(|_| KeeperError::MarshallingError)?;
        if let Ok(id) = u8::try_from(id) {
            config.members.remove(&ServerId(id));
        }
    }
    for line in &asked.joining {
        let (key, value) = line.split_once('=').ok_or(KeeperError::BadArguments)?;
        let id = key.rsplit('.').next().unwrap_or_default().trim();
        let id: u8 = id.parse().map_err(|_| KeeperError::MarshallingError)?;
        let member = text::member(ServerId(id), value.trim()).map_err(refused)?;
        if member.client.is_none() {
            return Err(KeeperError::BadArguments);
        }
        config.members.insert(ServerId(id), member);
        if text::clash(&config).is_some() {
            return Err(KeeperError::BadArguments);
        }
    }
    Ok(config)
}
