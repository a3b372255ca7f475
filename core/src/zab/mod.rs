//! ZAB, ZooKeeper's atomic broadcast: one history for everybody.
//!
//! # The problem
//!
//! Every server must apply the same transactions in the same order, whatever crashes, as long as a
//! majority lives; and what a client was told is done must never be undone.
//!
//! # The idea
//!
//! One leader at a time gives each transaction its place, the zxid, and a transaction is committed
//! once a quorum has it on disk. Leaders are numbered by *epochs*; an epoch needs a quorum's promise
//! to follow no older one.
//!
//! ```text
//!            leader                          learner
//!  DISCOVERY        ◀── FOLLOWERINFO(acceptedEpoch)
//!   (quorum)        LEADERINFO(e) ──▶        acceptedEpoch = e on disk: the promise
//!                   ◀── ACKEPOCH(last zxid, currentEpoch)
//!  SYNCHRONIZATION  DIFF | TRUNC | SNAP ──▶  history made equal
//!   (quorum)        PROPOSAL, COMMIT … ──▶
//!                   NEWLEADER(e,0) ──▶       on disk, then currentEpoch = e
//!                   ◀── ACK(e,0)
//!  BROADCAST        UPTODATE ──▶             serves clients
//!   (quorum each)   PROPOSAL(z) ──▶          log, fsync
//!                   ◀── ACK(z)
//!                   COMMIT(z) ──▶            apply
//! ```
//!
//! # Why it is safe
//!
//! Two quorums always share a server. What was committed is on the disks of a quorum; a new epoch's
//! quorum shares one of them, which has told the leader its last zxid, and the leader leads only
//! if nobody in its quorum is ahead of it. So the leader has all that was committed, and after
//! NEWLEADER a quorum has it too. What an old leader still sends is refused by everyone who promised
//! the new epoch, and they are a majority, so nothing of it can be committed.
//!
//! # Simplified
//!
//! Threads of one server hand over at once. The snapshot a new leader takes does not hold discovery
//! up. No learner waits for a turn to be synchronized (`LearnerSyncThrottler`).
//!
//! # Left out
//!
//! Reconfiguration, learner masters other than the leader, the oracle.
//!
//! ZooKeeper: `Leader`, `LearnerHandler`, `Learner`, `Follower`, `Observer`.

pub mod database;
pub mod leader;
pub mod learner;
pub mod log;
pub mod snapshot;
pub mod sync;
