//! The two processors in which requests wait: for the disk, and for their commit.
//!
//! ZooKeeper: `SyncRequestProcessor`, `CommitProcessor`.

use crate::config::Config;
use crate::error::KeeperError;
use crate::sorted::Map;
use crate::txn::{Reply, Request, Txn};
use crate::types::{ConnId, SessionId, Time, Xid, Zxid};
use std::collections::VecDeque;
use std::rc::Rc;

/// Logs transactions: while one batch is fsynced, the next gathers.
#[derive(Clone, Debug, Default)]
pub struct SyncRequestProcessor {
    queue: VecDeque<Rc<Txn>>,
    is_flushing: bool,
    /// When the last flush ended.
    flushed_at: Time,
    /// Since the last snapshot.
    pub logged: u32,
    /// A snapshot is due when that many have been logged; chosen anew each time.
    pub snapshot_at: u32,
    /// A snapshot is due when the log is longer than that many bytes; chosen anew each time.
    pub snapshot_at_bytes: u64,
}

/// What the log's writer does with what has gathered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Flush {
    /// Writes this, with one fsync.
    Now(Rc<[Rc<Txn>]>),
    /// Looks again after that many milliseconds, unless another transaction comes.
    After(u64),
    /// Nothing: it is writing already, or there is nothing.
    Not,
}

impl SyncRequestProcessor {
    /// Adds a transaction.
    pub fn push(&mut self, txn: Rc<Txn>, now: Time, config: &Config) -> Flush {
        self.queue.push_back(txn);
        self.decide(now, config)
    }

    /// The batch being written is durable.
    pub fn flushed(&mut self, now: Time, config: &Config) -> Flush {
        self.is_flushing = false;
        self.flushed_at = now;
        self.decide(now, config)
    }

    /// Nothing more has come for a while: it flushes.
    pub fn polled(&mut self, config: &Config) -> Flush {
        if self.is_flushing || self.queue.is_empty() {
            return Flush::Not;
        }
        self.batch(config)
    }

    /// `shouldFlush`, and, if it should not, how long the queue is polled. Without `flushDelay` it
    /// flushes whenever the queue is empty.
    fn decide(&mut self, now: Time, config: &Config) -> Flush {
        if self.is_flushing || self.queue.is_empty() {
            return Flush::Not;
        }
        let past_ms = now.since_us(self.flushed_at) / 1000;
        let remaining_ms = config.flush_delay_ms.saturating_sub(past_ms);
        let is_full = 0 < config.max_batch_size && config.max_batch_size as usize <= self.len();
        let wait_ms = remaining_ms.min(config.write_queue_poll_ms());
        if is_full || wait_ms == 0 {
            return self.batch(config);
        }
        Flush::After(wait_ms)
    }

    fn batch(&mut self, config: &Config) -> Flush {
        self.is_flushing = true;
        let most = match config.max_batch_size {
            0 => self.queue.len(),
            most => self.queue.len().min(most as usize),
        };
        Flush::Now(self.queue.drain(..most).collect())
    }

    /// The writer has died with what it had.
    pub fn abort(&mut self) {
        self.queue.clear();
        self.is_flushing = false;
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
    sessions: Map<SessionId, VecDeque<Waiting>>,
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
