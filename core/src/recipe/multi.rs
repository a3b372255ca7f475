//! Several locks as one: taken in the order in which they were named, given back the other way round.
//!
//! Two clients that name the same locks in different orders may each hold what the other waits for:
//! ZooKeeper knows nothing of that, and they wait for ever.
//!
//! Curator: `InterProcessMultiLock`.

use super::line::{Line, Rule};
use super::{Call, Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::txn::Path;
use crate::types::Zxid;
use crate::why::RecipeWhy;
use std::rc::Rc;

/// The locks of one holder.
#[derive(Clone, Debug)]
pub(super) struct Multi {
    locks: Vec<(Path, Line)>,
    /// How many it holds.
    held: usize,
    is_ending: bool,
    /// Why one of them cannot be had.
    failure: Option<KeeperError>,
}

impl Multi {
    pub(super) fn new(first: &Path, more: &Rc<[Path]>) -> Multi {
        let paths = std::iter::once(first).chain(more.iter());
        let lock =
            |(lane, path): (usize, &Path)| (path.clone(), Line::new(Rule::Exclusive, lane as u32));
        Multi {
            locks: paths.enumerate().map(lock).collect(),
            held: 0,
            is_ending: false,
            failure: None,
        }
    }

    pub(super) fn step(&mut self, call: Call<'_>, turn: &mut Turn) {
        match call {
            Call::Begin => self.pass(0, Call::Begin, turn),
            Call::End => {
                self.is_ending = true;
                // What it waits for goes too.
                let last = self.held.min(self.locks.len() - 1);
                self.pass(last, Call::End, turn);
            }
            Call::Answered(ticket, _) => {
                self.pass(super::desk::lane(ticket) as usize, call, turn);
            }
            Call::Changed(_) | Call::Back | Call::Reset => {
                for place in 0..self.locks.len() {
                    self.pass(place, call, turn);
                }
            }
        }
    }

    fn pass(&mut self, place: usize, call: Call<'_>, turn: &mut Turn) {
        let Some((path, line)) = self.locks.get_mut(place) else { return };
        let said = turn.within(path.clone(), |turn| line.step(call, turn));
        for said in said {
            match said {
                Said::Granted { node, token } => self.on_granted(place, node, token, turn),
                Said::Ended => match place.checked_sub(1) {
                    Some(before) => self.pass(before, Call::End, turn),
                    None => turn.say(self.failure.map_or(Said::Ended, Said::Failed)),
                },
                // Those that it holds are given back first.
                Said::Failed(error) if 0 < place => {
                    self.is_ending = true;
                    self.failure = Some(error);
                    self.pass(place - 1, Call::End, turn);
                }
                other => turn.say(other),
            }
        }
    }

    fn on_granted(&mut self, place: usize, node: Path, token: Zxid, turn: &mut Turn) {
        if self.is_ending {
            return;
        }
        self.held = place + 1;
        let (path, held, of) = (turn.path.clone(), self.held as u32, self.locks.len() as u32);
        turn.explain(RecipeWhy::HoldsSome { path, held, of });
        if self.held == self.locks.len() {
            turn.say(Said::Granted { node, token });
        } else {
            self.pass(self.held, Call::Begin, turn);
        }
    }

    /// Of all its locks: the node of the first one, and what it watches.
    pub(super) fn standing(&self) -> Standing {
        let mut standing = Standing::default();
        for (_, line) in &self.locks {
            let one = line.standing();
            standing.node = standing.node.or(one.node);
            standing.watches.extend(one.watches);
        }
        standing
    }

    /// Of the lock at this path, if it has begun to take that.
    pub(super) fn standing_at(&self, path: &Path) -> Option<Standing> {
        let (place, (_, line)) = self.locks.iter().enumerate().find(|(_, (at, _))| at == path)?;
        let standing = line.standing();
        (place == 0 || standing != Standing::default()).then_some(standing)
    }
}
