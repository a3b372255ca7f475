//! The stretch of time that the lanes show: how long, and whether it follows the cursor.

use std::ops::Range;
use zklab_core::types::Time;

/// The shortest, in microseconds.
const SHORTEST_US: u64 = 1_000;
/// The longest: an hour.
const LONGEST_US: u64 = 3_600_000_000;

/// A stretch of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// How long, in microseconds.
    pub span_us: u64,
    /// Where it begins; `None` follows the cursor.
    pub start: Option<Time>,
}

impl Default for Stretch {
    fn default() -> Stretch {
        Stretch { span_us: 1_000_000, start: None }
    }
}

impl Stretch {
    /// From when to when, with the cursor at `now`.
    pub fn during(self, now: Time) -> Range<Time> {
        let start = match self.start {
            Some(start) => start.0,
            // The cursor stands at five sixths, so that what is on its way has room.
            None => now.0.saturating_sub(self.span_us / 6 * 5),
        };
        Time(start)..Time(start + self.span_us)
    }

    /// Closer or wider, `part` of the width staying where it is.
    pub fn zoomed(self, is_closer: bool, part: f64, now: Time) -> Stretch {
        let span = if is_closer { self.span_us * 2 / 3 } else { self.span_us * 3 / 2 };
        let span_us = span.clamp(SHORTEST_US, LONGEST_US);
        let start = self.start.map(|_| {
            let fixed = self.during(now).start.0 as f64 + part * self.span_us as f64;
            Time((fixed - part * span_us as f64).max(0.0) as u64)
        });
        Stretch { span_us, start }
    }

    /// Moved by `part` of the width; it stays there.
    pub fn moved(self, part: f64, now: Time) -> Stretch {
        let start = self.during(now).start.0 as f64 + part * self.span_us as f64;
        Stretch { start: Some(Time(start.max(0.0) as u64)), ..self }
    }

    /// Follows the cursor again.
    pub fn following(self) -> Stretch {
        Stretch { start: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_place_under_the_pointer() {
        let now = Time::from_ms(1000);
        let stretch = Stretch { span_us: 600_000, start: Some(Time::from_ms(300)) };
        let closer = stretch.zoomed(true, 0.5, now).during(now);
        assert_eq!((closer.start.ms() + closer.end.ms()) / 2, 600);
        assert_eq!(closer.end.0 - closer.start.0, 400_000);
        let back = stretch.zoomed(true, 0.25, now).zoomed(false, 0.25, now).during(now);
        assert_eq!(back.start.ms(), 300);
    }

    #[test]
    fn it_follows_until_it_is_moved() {
        let stretch = Stretch { span_us: 600_000, start: None };
        assert_eq!(stretch.during(Time::from_ms(1000)).start.ms(), 500);
        assert_eq!(stretch.during(Time::from_ms(2000)).start.ms(), 1500);
        let moved = stretch.moved(-0.5, Time::from_ms(1000));
        assert_eq!(moved.during(Time::from_ms(9000)).start.ms(), 200);
        assert_eq!(moved.following().during(Time::from_ms(2000)).start.ms(), 1500);
    }

    #[test]
    fn there_is_nothing_before_the_beginning() {
        let stretch = Stretch::default().moved(-5.0, Time::from_ms(10));
        assert_eq!(stretch.during(Time::from_ms(10)).start, Time::ZERO);
    }
}
