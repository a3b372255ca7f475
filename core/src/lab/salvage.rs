//! What can be read of damaged work: its lines up to the first that cannot be understood.

use crate::lab::script::{self, Statement};
use crate::lab::{Lab, RestoreError};

/// The most events that happen again of what was read: it comes at once.
const MOST_EVENTS: u32 = 400_000;

/// The beginning of a damaged work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// Its text.
    pub text: String,
    /// How many actions and other steps it has.
    pub steps: usize,
}

/// What can be read of a text that [`Lab::open`] refuses. Nothing if that is no more than the
/// ensemble. Where the damage may change a line so that it is a good line still, `is_doubtful`, the
/// last good line is left out, too.
pub fn salvage(text: &str, is_doubtful: bool) -> Option<Rest> {
    let first = match script::parse(text) {
        Ok(_) => text.lines().count(),
        Err(errors) => (errors.iter().map(|error| error.line).min()? as usize).saturating_sub(1),
    };
    let kept = first.saturating_sub(usize::from(is_doubtful));
    let text = text.lines().take(kept).map(|line| format!("{line}\n")).collect::<String>();
    let script = script::parse(&text).ok()?;
    let is_step = |line: &&script::Line| matches!(line.statement, Some(Statement::Step(_)));
    let steps = script.lines.iter().filter(is_step).count();
    (0 < steps).then_some(Rest { text, steps })
}

impl Lab {
    /// The run of what was read of a damaged work. What cannot be done is left out.
    ///
    /// # Errors
    /// If not even that can be.
    pub fn open_rest(rest: &Rest) -> Result<Lab, RestoreError> {
        Lab::take_up(&rest.text, Some(MOST_EVENTS))
    }
}
