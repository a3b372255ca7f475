//! Sessions: how long a client may be silent, and who notices.
//!
//! Only the leader expires sessions. Time is cut into buckets of one tick, and a session lives in
//! the bucket in which its timeout ends, rounded up:
//!
//! ```text
//!   deadline = (now + timeout) / tick × tick + tick
//! ```
//!
//! so it dies in the window (timeout, timeout + tick] after the last word. Followers and observers
//! only note whom they have heard from and tell the leader in their answers to its pings.
//!
//! ZooKeeper: `SessionTrackerImpl`, `ExpiryQueue`, `LearnerSessionTracker`.

use crate::error::KeeperError;
use crate::sorted::{Map, Set};
use crate::types::{ConnId, ServerId, SessionId, Time};

/// Through whom a session speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// Through the leader itself.
    Leader,
    /// Through the learner on this connection.
    Learner(ConnId),
}

#[derive(Clone, Debug)]
struct Session {
    timeout_ms: u32,
    deadline: Time,
    is_closing: bool,
    /// `None` after a failover: the first to speak for it owns it.
    owner: Option<Owner>,
}

/// A session whose time is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expired {
    /// Which.
    pub session: SessionId,
    /// Its timeout.
    pub timeout_ms: u32,
    /// The end of its bucket.
    pub deadline: Time,
}

/// The leader's list of sessions.
#[derive(Clone, Debug, Default)]
pub struct SessionTracker {
    tick_ms: u64,
    sessions: Map<SessionId, Session>,
    buckets: Map<Time, Set<SessionId>>,
}

impl SessionTracker {
    /// Tracks these sessions, each with its full timeout from `now` on, as a new leader does.
    pub fn new<'a>(
        now: Time,
        tick_ms: u64,
        sessions: impl Iterator<Item = (&'a SessionId, &'a u32)>,
    ) -> SessionTracker {
        let mut tracker = SessionTracker { tick_ms, ..SessionTracker::default() };
        sessions.for_each(|(session, timeout_ms)| tracker.track(now, *session, *timeout_ms));
        tracker
    }

    /// Begins to track a session.
    pub fn track(&mut self, now: Time, session: SessionId, timeout_ms: u32) {
        let deadline = Time::ZERO;
        let entry = Session { timeout_ms, deadline, is_closing: false, owner: None };
        self.sessions.entry(session).or_insert(entry);
        self.touch(now, session, timeout_ms);
    }

    /// The end of the bucket that a session is in.
    pub fn deadline(&self, session: SessionId) -> Option<Time> {
        self.sessions.get(&session).map(|entry| entry.deadline)
    }

    /// Whether the session is known, closing or not.
    pub fn is_tracking(&self, session: SessionId) -> bool {
        self.sessions.contains_key(&session)
    }

    /// The timeout of a session, in milliseconds.
    pub fn timeout_ms(&self, session: SessionId) -> Option<u32> {
        self.sessions.get(&session).map(|entry| entry.timeout_ms)
    }

    /// Something was heard from a session. Returns whether it is alive.
    pub fn touch(&mut self, now: Time, session: SessionId, timeout_ms: u32) -> bool {
        let deadline = self.bucket(now, timeout_ms);
        let Some(entry) = self.sessions.get_mut(&session) else { return false };
        if entry.is_closing {
            return false;
        }
        if entry.deadline == deadline {
            return true;
        }
        if let Some(bucket) = self.buckets.get_mut(&entry.deadline) {
            bucket.remove(&session);
        }
        entry.deadline = deadline;
        self.buckets.entry(deadline).or_default().insert(session);
        true
    }

    fn bucket(&self, now: Time, timeout_ms: u32) -> Time {
        let tick_us = self.tick_ms * 1000;
        let end = now.plus_ms(u64::from(timeout_ms)).0;
        Time((end / tick_us + 1) * tick_us)
    }

    /// Whether a request of the session that came through `owner` may pass.
    ///
    /// # Errors
    /// `SessionExpired` if it is unknown or closing, `SessionMoved` if it speaks through another.
    pub fn check(&mut self, session: SessionId, owner: Owner) -> Result<(), KeeperError> {
        let Some(entry) = self.sessions.get_mut(&session) else {
            return Err(KeeperError::SessionExpired);
        };
        if entry.is_closing {
            return Err(KeeperError::SessionExpired);
        }
        if *entry.owner.get_or_insert(owner) != owner {
            return Err(KeeperError::SessionMoved);
        }
        Ok(())
    }

    /// From now on the session speaks through `owner`.
    pub fn set_owner(&mut self, session: SessionId, owner: Owner) {
        if let Some(entry) = self.sessions.get_mut(&session) {
            entry.owner = Some(owner);
        }
    }

    /// A request to close the session is on its way: nothing else of it may pass.
    pub fn set_closing(&mut self, session: SessionId) {
        if let Some(entry) = self.sessions.get_mut(&session) {
            entry.is_closing = true;
        }
    }

    /// The session has been closed.
    pub fn remove(&mut self, session: SessionId) {
        if let Some(entry) = self.sessions.remove(&session)
            && let Some(bucket) = self.buckets.get_mut(&entry.deadline)
        {
            bucket.remove(&session);
        }
    }

    /// When the next bucket ends, if there is one.
    pub fn next_deadline(&mut self) -> Option<Time> {
        while let Some((end, bucket)) = self.buckets.first_key_value() {
            if !bucket.is_empty() {
                return Some(*end);
            }
            self.buckets.pop_first();
        }
        None
    }

    /// Takes out every session whose bucket has ended and marks it as closing.
    pub fn expire(&mut self, now: Time) -> Vec<Expired> {
        let mut expired = Vec::new();
        while let Some(deadline) = self.next_deadline()
            && deadline <= now
        {
            for session in self.buckets.remove(&deadline).unwrap_or_default() {
                let Some(entry) = self.sessions.get_mut(&session) else { continue };
                if !std::mem::replace(&mut entry.is_closing, true) {
                    expired.push(Expired { session, timeout_ms: entry.timeout_ms, deadline });
                }
            }
        }
        expired
    }
}

/// The first session id that a server gives out if its tracker starts at `now`: its own id in the
/// top byte, then 40 bits of clock (`initializeNextSessionId`).
pub fn first_session_id(server: ServerId, now: Time) -> SessionId {
    let clock = (now.ms() & 0xff_ffff_ffff) << 16;
    SessionId((u64::from(server.0) << 56 | clock) as i64)
}

/// The password of a session: any server can compute it. Simplified: a mixing function for
/// ZooKeeper's seeded generator.
pub fn password(session: SessionId) -> u64 {
    let mut mixed = session.0 as u64 ^ 0xb341_5c00;
    for _ in 0..2 {
        mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: SessionId = SessionId(7);

    fn tracker() -> SessionTracker {
        SessionTracker::new(Time::from_ms(1100), 500, [(&S, &2000)].into_iter())
    }

    #[test]
    fn expires_at_the_end_of_its_bucket_and_not_before() {
        let mut tracker = tracker();
        assert_eq!(tracker.next_deadline(), Some(Time::from_ms(3500)));
        assert_eq!(tracker.expire(Time::from_ms(3499)), []);
        let expired = tracker.expire(Time::from_ms(3500));
        assert_eq!(expired.iter().map(|e| e.session).collect::<Vec<_>>(), [S]);
        assert_eq!(tracker.check(S, Owner::Leader), Err(KeeperError::SessionExpired));
        assert!(!tracker.touch(Time::from_ms(3501), S, 2000));
    }

    #[test]
    fn a_touch_moves_it_to_a_later_bucket() {
        let mut tracker = tracker();
        assert!(tracker.touch(Time::from_ms(3000), S, 2000));
        assert_eq!(tracker.expire(Time::from_ms(5499)), []);
        assert_eq!(tracker.expire(Time::from_ms(5500)).len(), 1);
    }

    #[test]
    fn the_first_to_speak_owns_it_until_it_moves() {
        let mut tracker = tracker();
        let other = Owner::Learner(ConnId(3));
        assert_eq!(tracker.check(S, Owner::Leader), Ok(()));
        assert_eq!(tracker.check(S, other), Err(KeeperError::SessionMoved));
        tracker.set_owner(S, other);
        assert_eq!(tracker.check(S, other), Ok(()));
        assert_eq!(tracker.check(S, Owner::Leader), Err(KeeperError::SessionMoved));
    }
}
