//! The two processors in which requests wait: for the disk, and for their commit.
//!
//! ZooKeeper: `SyncRequestProcessor`, `CommitProcessor`.

use crate::error::KeeperError;
use crate::txn::{Reply, Request, Txn};
use crate::types::{ConnId, SessionId, Xid, Zxid};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// The most transactions one fsync covers: `maxBatchSize`.
const MAX_BATCH: usize = 1000;

/// Logs transactions: while one batch is fsynced, the next gathers.
#[derive(Clone, Debug, Default)]
pub struct SyncRequestProcessor {
    queue: VecDeque<Rc<Txn>>,
    is_flushing: bool,
    /// Since the last snapshot.
    pub logged: u32,
    /// A snapshot is due when that many have been logged; chosen anew each time.
    pub snapshot_at: u32,
}

impl SyncRequestProcessor {
    /// Adds a transaction. Returns a batch to write if the disk is idle.
    pub fn push(&mut self, txn: Rc<Txn>) -> Option<Rc<[Rc<Txn>]>> {
        self.queue.push_back(txn);
        self.next_batch()
    }

    /// The batch being written is durable. Returns the next one, if any.
    pub fn flushed(&mut self) -> Option<Rc<[Rc<Txn>]>> {
        self.is_flushing = false;
        self.next_batch()
    }

    fn next_batch(&mut self) -> Option<Rc<[Rc<Txn>]>> {
        if self.is_flushing || self.queue.is_empty() {
            return None;
        }
        self.is_flushing = true;
        Some(self.queue.drain(..self.queue.len().min(MAX_BATCH)).collect())
    }

    /// What waits for the batch being written to be durable, oldest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Txn> + '_ {
        self.queue.iter().map(|txn| &**txn)
    }

    /// Everything that waits, for the last write of a role.
    pub fn drain(&mut self) -> Rc<[Rc<Txn>]> {
        self.queue.drain(..).collect()
    }

    /// The last one that waits.
    pub fn last(&self) -> Option<Zxid> {
        self.queue.back().map(|txn| txn.zxid)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

/// Something of a client that waits for its turn.
#[derive(Clone, Debug)]
pub enum Waiting {
    /// A request.
    Request {
        /// Who gets the reply.
        conn: ConnId,
        /// Which.
        request: Rc<Request>,
        /// Whether it waits for a commit (or, a sync, for the leader's word).
        needs_commit: bool,
        /// What it will be answered, if this server has refused it already. It takes its way
        /// through the ensemble all the same.
        refusal: Option<KeeperError>,
    },
    /// A ping: answered in order like anything else.
    Ping(ConnId),
}

/// A request of a client connected here, whose commit has come.
#[derive(Clone, Debug)]
pub struct Local {
    /// Who gets the reply.
    pub conn: ConnId,
    /// Which.
    pub request: Rc<Request>,
    refusal: Option<KeeperError>,
}

impl Local {
    /// The answer, given what applying it came to. Results of a multi speak for themselves.
    pub fn outcome(&self, outcome: Result<Reply, KeeperError>) -> Result<Reply, KeeperError> {
        match (outcome, self.refusal) {
            (Err(_), Some(refusal)) => Err(refusal),
            (outcome, _) => outcome,
        }
    }
}

/// Keeps each session's requests in order: reads behind a write of their own session wait, those of
/// other sessions do not.
#[derive(Clone, Debug, Default)]
pub struct CommitProcessor {
    sessions: BTreeMap<SessionId, VecDeque<Waiting>>,
}

impl CommitProcessor {
    /// All that wait, session by session, each in order.
    pub fn waiting(&self) -> impl Iterator<Item = (SessionId, &Waiting)> + '_ {
        let of = |(session, queue): (&SessionId, _)| (*session, queue);
        let all = self.sessions.iter().map(of);
        all.flat_map(|(session, queue): (SessionId, &VecDeque<Waiting>)| {
            queue.iter().map(move |waiting| (session, waiting))
        })
    }

    /// Takes a request in. Returns it if it need not wait.
    pub fn submit(&mut self, session: SessionId, waiting: Waiting) -> Option<Waiting> {
        let needs_commit = matches!(&waiting, Waiting::Request { needs_commit: true, .. });
        if needs_commit {
            self.sessions.entry(session).or_default().push_back(waiting);
            return None;
        }
        match self.sessions.get_mut(&session) {
            Some(queue) => {
                queue.push_back(waiting);
                None
            }
            None => Some(waiting),
        }
    }

    /// Whether this is the request that the session waits for.
    fn is_head(&self, session: SessionId, cxid: Xid) -> bool {
        let head = self.sessions.get(&session).and_then(VecDeque::front);
        matches!(head, Some(Waiting::Request { request, .. }) if request.cxid == cxid)
    }

    /// Takes out the local request that this commit answers, if it is one of ours.
    pub fn commit(&mut self, session: SessionId, cxid: Xid) -> Option<Local> {
        if !self.is_head(session, cxid) {
            return None;
        }
        match self.sessions.get_mut(&session)?.pop_front()? {
            Waiting::Request { conn, request, refusal, .. } => {
                Some(Local { conn, request, refusal })
            }
            Waiting::Ping(_) => None,
        }
    }

    /// What need not wait any more, up to the session's next write.
    pub fn released(&mut self, session: SessionId) -> Vec<Waiting> {
        let mut released = Vec::new();
        let Some(queue) = self.sessions.get_mut(&session) else { return released };
        while let Some(head) = queue.front() {
            if matches!(head, Waiting::Request { needs_commit: true, .. }) {
                break;
            }
            released.extend(queue.pop_front());
        }
        if queue.is_empty() {
            self.sessions.remove(&session);
        }
        released
    }

    /// How many wait, over all sessions.
    pub fn len(&self) -> usize {
        self.sessions.values().map(VecDeque::len).sum()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }
}
