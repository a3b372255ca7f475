//! Timers that run. A timer that is set again and again, as read timeouts are with every packet,
//! costs one entry in the world's queue, not one each time: an entry that comes too early finds that
//! the timer has moved and is put back.

use crate::sorted::Map;
use crate::types::Time;

/// A timer that runs.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    /// When it fires.
    pub due: Time,
    /// When it was set.
    pub set_at: Time,
    /// The event in which it was set.
    cause: u32,
    /// An entry of the queue will look at it no later than then.
    queued: Time,
}

/// What an entry of the queue finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// The timer fires now; it was set in this event.
    Fires(u32),
    /// It has moved: look again then.
    Moved(Time),
    /// It does not run any more, or another entry will look at it.
    Nothing,
}

/// The timers of one process.
#[derive(Clone, Debug)]
pub struct Timers<T>(Map<T, Running>);

impl<T> Default for Timers<T> {
    fn default() -> Timers<T> {
        Timers(Map::new())
    }
}

impl<T: Ord + Copy> Timers<T> {
    /// Sets a timer. Returns when the queue must look at it, unless it will anyway.
    pub fn set(&mut self, timer: T, now: Time, after_us: u64, cause: u32) -> Option<Time> {
        let due = now.plus_us(after_us);
        let known = self.0.get(&timer).map(|running| running.queued);
        let queued = known.filter(|queued| now <= *queued && *queued <= due);
        let running = Running { due, set_at: now, cause, queued: queued.unwrap_or(due) };
        self.0.insert(timer, running);
        queued.is_none().then_some(due)
    }

    /// Stops a timer.
    pub fn cancel(&mut self, timer: T) {
        self.0.remove(&timer);
    }

    /// Stops all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// An entry of the queue looks at a timer.
    pub fn look(&mut self, timer: T, now: Time) -> Found {
        let Some(running) = self.0.get_mut(&timer) else { return Found::Nothing };
        if running.due <= now {
            let cause = running.cause;
            self.0.remove(&timer);
            return Found::Fires(cause);
        }
        if now < running.queued {
            return Found::Nothing;
        }
        running.queued = running.due;
        Found::Moved(running.due)
    }

    /// Those that run.
    pub fn iter(&self) -> impl Iterator<Item = (T, Running)> + '_ {
        self.0.iter().map(|(timer, running)| (*timer, *running))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: u8 = 1;

    #[test]
    fn a_timer_set_again_later_is_looked_at_once_and_put_back() {
        let mut timers = Timers::default();
        assert_eq!(timers.set(T, Time(0), 10, 1), Some(Time(10)));
        assert_eq!(timers.set(T, Time(5), 10, 2), None);
        assert_eq!(timers.look(T, Time(10)), Found::Moved(Time(15)));
        assert_eq!(timers.look(T, Time(15)), Found::Fires(2));
        assert_eq!(timers.look(T, Time(15)), Found::Nothing);
    }

    #[test]
    fn a_timer_set_again_earlier_is_looked_at_earlier() {
        let mut timers = Timers::default();
        assert_eq!(timers.set(T, Time(0), 10, 1), Some(Time(10)));
        assert_eq!(timers.set(T, Time(1), 2, 2), Some(Time(3)));
        assert_eq!(timers.look(T, Time(3)), Found::Fires(2));
    }

    #[test]
    fn a_cancelled_timer_does_not_fire() {
        let mut timers = Timers::default();
        timers.set(T, Time(0), 10, 1);
        timers.cancel(T);
        assert_eq!(timers.look(T, Time(10)), Found::Nothing);
    }
}
