//! A semaphore with leases: at most so many hold at the same time.
//!
//! ```text
//!   /sem/locks   a lock by queue: who has it looks for a lease, one at a time
//!   /sem/leases  one node for each lease that is out; its watch is left by one client only
//! ```
//!
//! All must agree on how many leases there are. With one lease it is a mutex that its holder cannot
//! take again.
//!
//! Curator: `InterProcessSemaphoreV2`, `InterProcessSemaphoreMutex`.

use super::desk::{Answer, Desk};
use super::line::{Line, Rule};
use super::{Call, Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{CreateMode, Op, Path, Reply, WatchEvent};
use crate::types::Zxid;
use crate::why::RecipeWhy;

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Its lease.
    Lease,
    /// How many are out.
    Count,
    /// Its lease goes.
    Delete,
}

/// One that wants a lease.
#[derive(Clone, Debug)]
pub(super) struct Semaphore {
    most: u32,
    gate: Line,
    desk: Desk<Step>,
    lease: Option<(Path, Zxid)>,
    is_counting: bool,
    leases: Option<Path>,
    is_ending: bool,
    is_gate_open: bool,
}

/// The lane of requests for the lease; the gate's are in the first.
const LEASES: u32 = 1;

impl Semaphore {
    pub(super) fn new(most: u32) -> Semaphore {
        Semaphore {
            most,
            gate: Line::new(Rule::Exclusive, 0),
            desk: Desk::new(LEASES),
            lease: None,
            is_counting: false,
            leases: None,
            is_ending: false,
            is_gate_open: false,
        }
    }

    fn leases(turn: &Turn) -> Path {
        path::join(&turn.path, "leases").into()
    }

    /// Everything goes to the gate or to the leases; some to both.
    pub(super) fn step_both(&mut self, call: Call<'_>, turn: &mut Turn) {
        match call {
            Call::Begin => self.gate(call, turn),
            Call::Answered(ticket, _) if super::desk::lane(ticket) != LEASES => {
                self.gate(call, turn);
            }
            Call::Answered(..) => self.step(call, turn),
            Call::Changed(_) | Call::Back | Call::Reset => {
                self.gate(call, turn);
                self.step(call, turn);
            }
            Call::End => self.step(call, turn),
        }
    }

    fn gate(&mut self, call: Call<'_>, turn: &mut Turn) {
        let path: Path = path::join(&turn.path, "locks").into();
        let gate = &mut self.gate;
        for said in turn.within(path, |turn| gate.step(call, turn)) {
            match said {
                Said::Granted { .. } if !self.is_ending => self.begin(turn),
                Said::Granted { .. } => self.gate(Call::End, turn),
                Said::Ended => {
                    self.is_gate_open = true;
                    self.perhaps_ended(turn);
                }
                other => turn.say(other),
            }
        }
    }

    /// It is over when its lease and its place at the gate are gone and nothing is under way.
    fn perhaps_ended(&mut self, turn: &mut Turn) {
        let has_nothing = self.lease.is_none() && self.desk.is_idle();
        if self.is_ending && self.is_gate_open && has_nothing {
            turn.say(Said::Ended);
        }
    }

    fn count(&mut self, turn: &mut Turn) {
        let op = Op::GetChildren { path: Self::leases(turn), watch: true };
        self.desk.ask(Step::Count, op, turn);
    }

    fn on_count(&mut self, out: usize, turn: &mut Turn) {
        let Some((node, token)) = self.lease.clone() else { return };
        let (leases, most) = (out as u32, self.most);
        if most < leases {
            self.is_counting = true;
            turn.explain(RecipeWhy::NoLease { path: turn.path.clone(), leases, most });
            turn.say(Said::Waits);
            return;
        }
        self.is_counting = false;
        turn.explain(RecipeWhy::Granted { node: node.clone(), token, line: leases });
        turn.say(Said::Granted { node, token });
        self.gate(Call::End, turn);
    }
}

impl Recipe for Semaphore {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let parent = Self::leases(turn);
        self.leases = Some(parent.clone());
        let mode = CreateMode::EphemeralSequential;
        self.desk.create_own(Step::Lease, (&parent, "lease-"), Some([].into()), mode, turn);
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            (Step::Lease, Ok(Reply::Created { path, stat })) => {
                self.lease = Some((path, stat.czxid));
                if self.is_ending { self.end(turn) } else { self.count(turn) }
            }
            (Step::Count, Ok(Reply::Children { children, .. })) => {
                if self.is_ending {
                    self.perhaps_ended(turn);
                } else {
                    self.on_count(children.len(), turn);
                }
            }
            (Step::Delete, Ok(_) | Err(KeeperError::NoNode)) => {
                self.lease = None;
                self.perhaps_ended(turn);
            }
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        // A count that is under way will show the change.
        let counts = self.is_counting && !self.is_ending && self.desk.is_idle();
        if counts && event.path == Self::leases(turn) {
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.count(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.is_counting && !self.is_ending && self.desk.is_idle() {
            self.count(turn);
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        let was_ending = std::mem::replace(&mut self.is_ending, true);
        if let Some((node, _)) = &self.lease {
            let op = Op::Delete { path: node.clone(), version: -1 };
            self.desk.ask(Step::Delete, op, turn);
        }
        if !was_ending && !self.is_gate_open {
            self.gate(Call::End, turn);
        }
    }

    fn standing(&self) -> Standing {
        let node = self.lease.as_ref().map(|(node, _)| node.clone());
        let mut standing = Standing { node, ..self.gate.standing() };
        if self.is_counting {
            standing.watches.extend(self.leases.clone());
        }
        standing
    }
}
