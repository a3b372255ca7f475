//! How playback turns the reader's time into virtual time.

use zklab_core::lab::Lab;
use zklab_core::types::Time;

/// Virtual milliseconds per millisecond, one of [`SPEEDS`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Speed(usize);

/// From slow enough to watch a packet fly to fast enough to let a session expire.
const SPEEDS: [(f64, &str); 12] = [
    (0.001, "0.001"),
    (0.02, "0.02"),
    (0.1, "0.1"),
    (0.25, "0.25"),
    (0.5, "0.5"),
    (1.0, "1"),
    (2.0, "2"),
    (5.0, "5"),
    (10.0, "10"),
    (25.0, "25"),
    (50.0, "50"),
    (100.0, "100"),
];

impl Default for Speed {
    fn default() -> Self {
        Speed(1)
    }
}

impl Speed {
    /// The factor.
    pub fn factor(self) -> f64 {
        SPEEDS.get(self.0).map_or(1.0, |(factor, _)| *factor)
    }

    /// The factor as text.
    pub fn name(self) -> &'static str {
        SPEEDS.get(self.0).map_or("1", |(_, name)| name)
    }

    /// The next faster one, or itself.
    pub fn faster(self) -> Speed {
        Speed((self.0 + 1).min(SPEEDS.len() - 1))
    }

    /// The next slower one, or itself.
    pub fn slower(self) -> Speed {
        Speed(self.0.saturating_sub(1))
    }

    /// The one with that factor.
    pub fn parse(text: &str) -> Option<Speed> {
        SPEEDS.iter().position(|(_, name)| *name == text).map(Speed)
    }
}

/// Who may use how much time for a frame, and how it is spent.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    /// Virtual microseconds owed but not yet played: fractions, and steps of reduced motion.
    owed_us: f64,
    /// Milliseconds since the last step of reduced motion.
    waited_ms: f64,
}

/// How playback is meant to go.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pacing {
    /// How fast.
    pub speed: Speed,
    /// Where nothing is in flight, not slower than real time.
    pub skips_idle: bool,
    /// Whether a ping in flight counts as something to see.
    pub shows_pings: bool,
    /// Discrete steps, without movement in between.
    pub is_stepwise: bool,
    /// Not beyond this moment.
    pub until: Option<Time>,
}

/// With reduced motion the picture changes this often.
const STEP_MS: f64 = 500.0;
/// So much virtual time passes between two looks at the clock, at least, and for each time as fast as
/// real time: when a lock wakes hundreds of clients, even that much is a thousand events.
const SLICE_US: f64 = 500.0;
const SLICE_US_FOR_SPEED: f64 = 150.0;
/// The most that is owed: more is forgotten, so that a slow machine shows slower time instead of
/// hanging.
const MOST_OWED_MS: f64 = 100.0;

impl Pace {
    /// Forgets what is owed.
    pub fn rest(&mut self) {
        *self = Pace::default();
    }

    /// Plays a frame of `real_ms`. Stops when `has_time` says so, and after the event after which
    /// `is_done`. Answers whether anything moved.
    pub fn play(
        &mut self,
        lab: &mut Lab,
        real_ms: f64,
        pacing: Pacing,
        has_time: impl Fn() -> bool,
        is_done: impl Fn(&Lab) -> bool,
    ) -> bool {
        let mut ms = real_ms;
        if pacing.is_stepwise {
            self.waited_ms += real_ms;
            if self.waited_ms < STEP_MS {
                return false;
            }
            ms = self.waited_ms;
            self.waited_ms = 0.0;
        }
        let speed = pacing.speed.factor();
        let hurry = if pacing.skips_idle { speed.max(1.0) } else { speed };
        let slice_us = SLICE_US.max(hurry * SLICE_US_FOR_SPEED);
        let looks_out = speed < hurry;
        let mut left_ms = ms + (self.owed_us / 1000.0 / hurry).min(MOST_OWED_MS);
        self.owed_us = 0.0;
        let mut has_moved = false;
        while left_ms > 0.0 {
            let is_idle = looks_out && lab.is_quiet(pacing.shows_pings);
            let (rate, most_us) =
                if is_idle { (hurry, until_next(lab)) } else { (speed, slice_us) };
            let rest = pacing.until.map(|until| until.since_us(lab.world().now) as f64);
            if rest == Some(0.0) {
                // The events of this very moment.
                lab.advance_until(0, &is_done);
                return true;
            }
            let us = (left_ms * 1000.0 * rate).min(most_us).min(rest.unwrap_or(f64::INFINITY));
            if us < 1.0 {
                break;
            }
            if lab.advance_until(us as u64, &is_done) {
                return true;
            }
            has_moved = true;
            left_ms -= us.floor() / 1000.0 / rate;
            if !has_time() {
                return true;
            }
        }
        self.owed_us = left_ms.max(0.0) * 1000.0 * hurry;
        has_moved
    }
}

/// Microseconds until the next thing happens: until then nothing can set out.
fn until_next(lab: &Lab) -> f64 {
    let us = lab.next_due().map(|due| due.since_us(lab.world().now).max(1));
    us.map_or(f64::INFINITY, |us| us as f64)
}
