//! What waits where: the request processors of a server's role, and the requests in each.
//!
//! ```text
//!   leader      LeaderRequestProcessor ▶ Prep ▶ Proposal ▶ Commit ▶ ToBeApplied ▶ Final
//!                                                 └▶ Sync ▶ Ack
//!   follower    FollowerRequestProcessor ▶ Commit ▶ Final        PROPOSAL ▶ Sync ▶ SendAck
//!   observer    ObserverRequestProcessor ▶ Commit ▶ Final        INFORM ▶ Sync
//!   read-only   ReadOnlyRequestProcessor ▶ Prep ▶ Final
//! ```
//!
//! ZooKeeper gives most of them a thread and a queue; here a request passes through at once, unless
//! it waits for the disk (`SyncRequestProcessor`) or for agreement (`CommitProcessor`). The other
//! queues are empty because that is so, not for show.

use crate::server::pipeline::Waiting;
use crate::server::{Role, Server};
use crate::txn::{Request, Txn};
use crate::types::{ServerState, SessionId, Zxid};

/// A request processor, by the name of its class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Processor {
    /// Upgrades local sessions, at the leader.
    LeaderRequestProcessor,
    /// Sends writes to the leader, at a follower.
    FollowerRequestProcessor,
    /// The same at an observer.
    ObserverRequestProcessor,
    /// Refuses what is not a read.
    ReadOnlyRequestProcessor,
    /// Checks writes, gives them their zxids.
    PrepRequestProcessor,
    /// Sends proposals.
    ProposalRequestProcessor,
    /// Logs.
    SyncRequestProcessor,
    /// Tells the leader itself that it has logged.
    AckRequestProcessor,
    /// Tells the leader that a follower has logged.
    SendAckRequestProcessor,
    /// Keeps requests in order and waits for commits.
    CommitProcessor,
    /// What is committed and not applied yet, at the leader.
    ToBeAppliedRequestProcessor,
    /// Applies and answers.
    FinalRequestProcessor,
}

impl Processor {
    /// The class.
    pub const fn name(self) -> &'static str {
        match self {
            Processor::LeaderRequestProcessor => "LeaderRequestProcessor",
            Processor::FollowerRequestProcessor => "FollowerRequestProcessor",
            Processor::ObserverRequestProcessor => "ObserverRequestProcessor",
            Processor::ReadOnlyRequestProcessor => "ReadOnlyRequestProcessor",
            Processor::PrepRequestProcessor => "PrepRequestProcessor",
            Processor::ProposalRequestProcessor => "ProposalRequestProcessor",
            Processor::SyncRequestProcessor => "SyncRequestProcessor",
            Processor::AckRequestProcessor => "AckRequestProcessor",
            Processor::SendAckRequestProcessor => "SendAckRequestProcessor",
            Processor::CommitProcessor => "CommitProcessor",
            Processor::ToBeAppliedRequestProcessor => "ToBeAppliedRequestProcessor",
            Processor::FinalRequestProcessor => "FinalRequestProcessor",
        }
    }
}

/// One that waits.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Queued<'a> {
    /// A client's request, and its zxid if it is known here already.
    Request(&'a Request, Option<Zxid>),
    /// A client's ping.
    Ping(SessionId),
    /// A transaction.
    Txn(&'a Txn),
}

impl Server {
    /// The chain of its role, in the order in which requests pass; empty if it serves nobody.
    pub fn processors(&self) -> &'static [Processor] {
        use Processor as P;
        const LEADER: &[P] = &[
            P::LeaderRequestProcessor,
            P::PrepRequestProcessor,
            P::ProposalRequestProcessor,
            P::SyncRequestProcessor,
            P::AckRequestProcessor,
            P::CommitProcessor,
            P::ToBeAppliedRequestProcessor,
            P::FinalRequestProcessor,
        ];
        const FOLLOWER: &[P] = &[
            P::FollowerRequestProcessor,
            P::CommitProcessor,
            P::FinalRequestProcessor,
            P::SyncRequestProcessor,
            P::SendAckRequestProcessor,
        ];
        const OBSERVER: &[P] = &[
            P::ObserverRequestProcessor,
            P::CommitProcessor,
            P::FinalRequestProcessor,
            P::SyncRequestProcessor,
        ];
        const READ_ONLY: &[P] =
            &[P::ReadOnlyRequestProcessor, P::PrepRequestProcessor, P::FinalRequestProcessor];
        match self.state {
            ServerState::Leading if self.is_serving => LEADER,
            ServerState::Following if self.is_serving => FOLLOWER,
            ServerState::Observing if self.is_serving => OBSERVER,
            ServerState::Looking if self.is_read_only => READ_ONLY,
            ServerState::Leading
            | ServerState::Following
            | ServerState::Observing
            | ServerState::Looking => &[],
        }
    }

    /// What waits in one of them, first in line first.
    pub fn queued(&self, processor: Processor) -> Vec<Queued<'_>> {
        match processor {
            Processor::SyncRequestProcessor => {
                let written = self.storage.pending_txns().map(|txn| &**txn);
                written.chain(self.log_queue.waiting()).map(Queued::Txn).collect()
            }
            Processor::CommitProcessor => self.awaiting_commit(),
            Processor::LeaderRequestProcessor
            | Processor::FollowerRequestProcessor
            | Processor::ObserverRequestProcessor
            | Processor::ReadOnlyRequestProcessor
            | Processor::PrepRequestProcessor
            | Processor::ProposalRequestProcessor
            | Processor::AckRequestProcessor
            | Processor::SendAckRequestProcessor
            | Processor::ToBeAppliedRequestProcessor
            | Processor::FinalRequestProcessor => Vec::new(),
        }
    }

    /// At the leader every proposal waits there, from whatever server it came.
    fn awaiting_commit(&self) -> Vec<Queued<'_>> {
        let proposed: Vec<&Txn> = match &self.role {
            Role::Leading(leader) => leader.outstanding_txns().map(|txn| &**txn).collect(),
            Role::Learning(learner) => learner.pending_txns().collect(),
            Role::Leaving | Role::Looking => Vec::new(),
        };
        let zxid_of = |request: &Request| {
            let is_it = |txn: &&&Txn| txn.session == request.session && txn.cxid == request.cxid;
            proposed.iter().find(is_it).map(|txn| txn.zxid)
        };
        let mut queued: Vec<Queued<'_>> = self
            .commits
            .waiting()
            .map(|(session, waiting)| match waiting {
                Waiting::Request { request, needs_commit, .. } => {
                    let zxid = if *needs_commit { zxid_of(request) } else { None };
                    Queued::Request(request, zxid)
                }
                Waiting::Ping(_) => Queued::Ping(session),
            })
            .collect();
        if self.is_leading() {
            let is_here = |txn: &&Txn| {
                queued.iter().any(
                    |entry| matches!(entry, Queued::Request(_, Some(zxid)) if *zxid == txn.zxid),
                )
            };
            let elsewhere: Vec<&Txn> =
                proposed.iter().copied().filter(|txn| !is_here(txn)).collect();
            queued.extend(elsewhere.into_iter().map(Queued::Txn));
        }
        queued
    }
}
