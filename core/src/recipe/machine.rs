//! What one use of a recipe sees and says, and which machine it is.

use super::desk::{Answer, Desk};
use super::watch_all::Seen;
use super::{
    Standing, Use, What, barrier, herd, line, multi, once, presence, queue, semaphore, two_phase,
    watch_all,
};
use crate::error::KeeperError;
use crate::txn::{CreateMode, Op, Path, WatchEvent};
use crate::types::{SessionId, Zxid};
use crate::why::RecipeWhy;
use std::rc::Rc;

/// What can happen to one use of a recipe.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call<'a> {
    /// It is asked for.
    Begin,
    /// It is to be given back, or given up.
    End,
    /// A request of its own was answered.
    Answered(u32, &'a Answer),
    /// Some watch of the client fired.
    Changed(&'a WatchEvent),
    /// The connection is back.
    Back,
    /// It is back, and what was held before counts no more.
    Reset,
}

/// What one use says.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// Ask a server.
    Ask { ticket: u32, op: Op },
    /// It waits for others.
    Waits,
    /// It holds.
    Granted { node: Path, token: Zxid },
    /// It is done, and this came of it.
    Done(Rc<str>),
    /// What it watches is so now.
    Sees(Rc<str>),
    /// It is asked to give back.
    Revoked,
    /// What it held is given back.
    Ended,
    /// It cannot go on.
    Failed(KeeperError),
    /// A decision.
    Explain(RecipeWhy),
}

/// The surroundings of one step, and what is said in it.
pub(super) struct Turn {
    pub(super) path: Path,
    pub(super) session: SessionId,
    pub(super) is_connected: bool,
    pub(super) is_protected: bool,
    /// Whether the same client holds the path to write.
    pub(super) holds_write: bool,
    pub(super) forgets_watches: bool,
    pub(super) parent_mode: CreateMode,
    pub(super) mark: (u32, u32),
    pub(super) said: Vec<Said>,
}

impl Turn {
    pub(super) fn say(&mut self, said: Said) {
        self.said.push(said);
    }

    pub(super) fn explain(&mut self, why: RecipeWhy) {
        self.said.push(Said::Explain(why));
    }

    /// Lets a part of a recipe take its step on another path. Returns what it says, but for what goes
    /// on from it: requests and reasons are its own already.
    pub(super) fn within(&mut self, path: Path, step: impl FnOnce(&mut Turn)) -> Vec<Said> {
        let path = std::mem::replace(&mut self.path, path);
        let before = std::mem::take(&mut self.said);
        step(self);
        self.path = path;
        std::mem::replace(&mut self.said, before)
    }

    /// What names of protected nodes begin with: Curator's `_c_` and a guid.
    pub(super) fn mark(&self) -> String {
        format!("_c_{:08x}-{:x}-", self.mark.0, self.mark.1)
    }
}

/// One recipe: what it does with each answer. What it asks for goes through its [`Desk`].
pub(super) trait Recipe {
    /// What its requests are for.
    type Step: Copy;

    fn desk(&mut self) -> &mut Desk<Self::Step>;

    /// It is asked for.
    fn begin(&mut self, turn: &mut Turn);

    /// A request was answered, neither lost nor refused for want of a session.
    fn answered(&mut self, step: Self::Step, answer: Answer, turn: &mut Turn);

    /// A watch of the client fired, perhaps one of its own.
    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn);

    /// The library has forgotten its watches: looks again at what it waits for.
    fn look_again(&mut self, turn: &mut Turn);

    /// It is to be given back, or given up.
    fn end(&mut self, turn: &mut Turn);

    fn standing(&self) -> Standing;

    /// The connection is back, and what was held counts no more.
    fn reset(&mut self, turn: &mut Turn) {
        self.look_again(turn);
    }

    fn step(&mut self, call: Call<'_>, turn: &mut Turn) {
        match call {
            Call::Begin => self.begin(turn),
            Call::End => self.end(turn),
            Call::Answered(ticket, answer) => {
                if let Some((step, answer)) = self.desk().answered(ticket, answer, turn) {
                    self.answered(step, answer, turn);
                }
            }
            Call::Changed(event) => self.changed(event, turn),
            Call::Back => {
                self.desk().back(turn);
                if turn.forgets_watches {
                    self.look_again(turn);
                }
            }
            Call::Reset => {
                self.desk().back(turn);
                self.reset(turn);
            }
        }
    }
}

/// Any recipe.
#[derive(Clone, Debug)]
pub(super) enum Machine {
    Line(line::Line),
    Herd(herd::Herd),
    Multi(multi::Multi),
    Semaphore(semaphore::Semaphore),
    Barrier(barrier::Barrier),
    Double(barrier::Double),
    Take(queue::Take),
    Presence(presence::Presence),
    WatchAll(watch_all::WatchAll),
    Once(once::Once),
    Coordinator(two_phase::Coordinator),
    Site(two_phase::Site),
}

impl Machine {
    pub(super) fn of(wanted: &Use) -> Machine {
        use line::Rule;
        use once::Task;
        let line = |rule| Machine::Line(line::Line::new(rule, 0));
        let once = |task| Machine::Once(once::Once::new(task));
        match &wanted.what {
            What::Lock | What::Mutex => line(Rule::Exclusive),
            What::RevocableLock => line(Rule::Revocable),
            What::ReadLock => line(Rule::Read),
            What::WriteLock => line(Rule::Write),
            What::Elect | What::Latch => line(Rule::Election),
            What::HerdLock => Machine::Herd(herd::Herd::default()),
            What::SemaphoreMutex => Machine::Semaphore(semaphore::Semaphore::new(1)),
            What::Semaphore(most) => Machine::Semaphore(semaphore::Semaphore::new(*most)),
            What::MultiLock(more) => Machine::Multi(multi::Multi::new(&wanted.path, more)),
            What::Revoke => once(Task::Revoke),
            What::SetBarrier => once(Task::Create),
            What::LiftBarrier => once(Task::Delete),
            What::AwaitBarrier => Machine::Barrier(barrier::Barrier::default()),
            What::DoubleBarrier(needed) => Machine::Double(barrier::Double::new(*needed, false)),
            What::Gather(needed) => Machine::Double(barrier::Double::new(*needed, true)),
            What::Put { data, priority } => {
                let part = priority.map_or("qn-".to_owned(), |first| format!("qn-{first:02}-"));
                once(Task::Add { part: part.into(), data: data.clone() })
            }
            What::Take => Machine::Take(queue::Take::default()),
            What::Join { name, data } => Machine::Presence(presence::Presence::new(name, data)),
            What::Members | What::Pick => Machine::WatchAll(watch_all::WatchAll::new(true)),
            What::Subscribe => Machine::WatchAll(watch_all::WatchAll::new(false)),
            What::Publish(data) => once(Task::Publish(data.clone())),
            What::Name => once(Task::Add { part: "name-".into(), data: "".into() }),
            What::Count(by) => once(Task::Count(*by)),
            What::Commit(sites) => Machine::Coordinator(two_phase::Coordinator::new(sites)),
            What::Vote { site, is_commit } => Machine::Site(two_phase::Site::new(site, *is_commit)),
        }
    }

    pub(super) fn step(&mut self, call: Call<'_>, turn: &mut Turn) {
        match self {
            Machine::Line(machine) => machine.step(call, turn),
            Machine::Herd(machine) => machine.step(call, turn),
            Machine::Multi(machine) => machine.step(call, turn),
            Machine::Semaphore(machine) => machine.step_both(call, turn),
            Machine::Barrier(machine) => machine.step(call, turn),
            Machine::Double(machine) => machine.step(call, turn),
            Machine::Take(machine) => machine.step(call, turn),
            Machine::Presence(machine) => machine.step(call, turn),
            Machine::WatchAll(machine) => machine.step(call, turn),
            Machine::Once(machine) => machine.step(call, turn),
            Machine::Coordinator(machine) => machine.step(call, turn),
            Machine::Site(machine) => machine.step(call, turn),
        }
    }

    pub(super) fn standing(&self) -> Standing {
        match self {
            Machine::Line(machine) => machine.standing(),
            Machine::Herd(machine) => machine.standing(),
            Machine::Multi(machine) => machine.standing(),
            Machine::Semaphore(machine) => machine.standing(),
            Machine::Barrier(machine) => machine.standing(),
            Machine::Double(machine) => machine.standing(),
            Machine::Take(machine) => machine.standing(),
            Machine::Presence(machine) => machine.standing(),
            Machine::WatchAll(machine) => machine.standing(),
            Machine::Once(machine) => machine.standing(),
            Machine::Coordinator(machine) => machine.standing(),
            Machine::Site(machine) => machine.standing(),
        }
    }

    pub(super) fn seen(&self) -> Option<&Seen> {
        match self {
            Machine::WatchAll(machine) => machine.seen(),
            Machine::Line(_)
            | Machine::Herd(_)
            | Machine::Multi(_)
            | Machine::Semaphore(_)
            | Machine::Barrier(_)
            | Machine::Double(_)
            | Machine::Take(_)
            | Machine::Presence(_)
            | Machine::Once(_)
            | Machine::Coordinator(_)
            | Machine::Site(_) => None,
        }
    }

    pub(super) fn pick(&mut self) -> Option<Rc<str>> {
        match self {
            Machine::WatchAll(machine) => machine.pick(),
            Machine::Line(_)
            | Machine::Herd(_)
            | Machine::Multi(_)
            | Machine::Semaphore(_)
            | Machine::Barrier(_)
            | Machine::Double(_)
            | Machine::Take(_)
            | Machine::Presence(_)
            | Machine::Once(_)
            | Machine::Coordinator(_)
            | Machine::Site(_) => None,
        }
    }
}
