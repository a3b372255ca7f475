//! Recipes: what is built on znodes, as state machines of a client that does nothing but ask its
//! servers, as any application can.
//!
//! ```text
//!   application ──Ask──▶ ┌─────────┐ ──Submit──▶ ┌────────┐ ──▶ servers
//!                        │ Recipes │             │ client │
//!   application ◀─Told── └─────────┘ ◀─answers── └────────┘ ◀──
//!                                      watches, states
//! ```
//!
//! [`Recipes`] is what one client process runs: each [`Use`] of a recipe is a small machine of its
//! own, in a file of its own, one [`Step`] for each request. What they have in common is here: how
//! long something is held, how often it is asked for, and what the holder believes when the
//! connection or the session ends. The requests themselves, asked again when they got no answer, are
//! the business of [`desk`].
//!
//! *To hold* and *to believe that one holds* are two things. The first is a matter of znodes, the
//! second of what a client has heard: a client that has heard nothing for long, or was asleep, may
//! believe what is not so any more.
//!
//! ZooKeeper: the documentation's recipes and `zookeeper-recipes`; Apache Curator's
//! `curator-recipes`.

pub mod ask;
mod barrier;
mod desk;
mod herd;
mod line;
mod machine;
mod multi;
mod once;
mod presence;
mod queue;
mod semaphore;
mod two_phase;
mod watch_all;

pub use ask::{Ask, OnLost, OnSuspended, RecipeKind, Resource, Terms, Use, What};
pub use watch_all::Seen;

use crate::client::session::{Library, State};
use crate::error::KeeperError;
use crate::pack::pack_enum;
use crate::sorted::Map;
use crate::txn::{CreateMode, Op, Path, Reply, WatchEvent};
use crate::types::{SessionId, Zxid};
use crate::why::RecipeWhy;
use machine::{Call, Machine, Recipe, Said, Turn};
use std::rc::Rc;

/// What can happen to the recipes of a client.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// The application asks.
    Ask(&'a Ask),
    /// A request was answered.
    Answered {
        /// The number the client gave it.
        request: u32,
        /// The answer.
        answer: &'a Result<Reply, KeeperError>,
    },
    /// A watch fired.
    Watch(&'a WatchEvent),
    /// The client's state changed, and in which session.
    State(State, SessionId),
    /// A timer ran out.
    Timer(Timer),
}

/// The timers of recipes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// It was held as long as it should be.
    Hold(u32),
}

/// What recipes ask for. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Ask a server. The number the client gives the request goes to [`Recipes::numbered`].
    Submit {
        /// Who asks.
        by: Ticket,
        /// What.
        op: Op,
    },
    /// Call with [`Input::Timer`] after that many microseconds.
    SetTimer {
        /// Which timer.
        timer: Timer,
        /// After how long.
        after_us: u64,
    },
    /// Never mind.
    CancelTimer(Timer),
    /// The application is told something.
    Told {
        /// Of which use, if of one: its number, and what was asked for.
        of: Option<(u32, Rc<Use>)>,
        /// Where.
        path: Path,
        /// What.
        told: Told,
    },
    /// The holder writes to what the lock guards.
    WriteResource {
        /// Which lock.
        path: Path,
        /// The fencing token.
        token: Zxid,
        /// What the resource does with tokens.
        resource: Resource,
    },
    /// The use of this number believes from now on that it holds.
    Believes(u32),
    /// What was held is being given back, by this use.
    Released(Path, u32),
    /// A decision.
    Explain(RecipeWhy),
}

/// Which request of which use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ticket {
    number: u32,
    ticket: u32,
}

/// What the application is told.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Told {
    /// It holds.
    Granted {
        /// Its node.
        node: Path,
        /// The fencing token: the node's czxid.
        token: Zxid,
    },
    /// It is done, and this came of it.
    Done(Rc<str>),
    /// What it watches is so now.
    Sees(Rc<str>),
    /// It holds no more.
    Released,
    /// The connection ended: perhaps it still holds.
    Suspended,
    /// It still holds.
    StillHolds,
    /// The session is over.
    Lost,
    /// A server refused.
    Failed(KeeperError),
    /// There is nothing to give back.
    NothingHeld,
}

/// How a use stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// It has no node yet.
    Begins,
    /// It has, and waits.
    Waits,
    /// It holds, and believes it.
    Holds,
    /// It has held, and does not know whether it still does.
    Doubts,
    /// It gives back.
    Ends,
}

/// A use that goes on.
#[derive(Clone, Debug)]
pub struct Running {
    /// What was asked for.
    pub wanted: Rc<Use>,
    /// How it stands.
    pub phase: Phase,
    /// How often this client holds it.
    pub count: u32,
    /// The fencing token, once it is granted.
    pub token: Option<Zxid>,
    /// How often it is still to be asked for, this time included.
    left: u32,
    /// Whether the machine was told to begin.
    has_begun: bool,
    /// Whether it must begin again once the connection is back.
    is_reset: bool,
    /// What tells this time from all other times, in names of nodes. Curator: the protected id, which
    /// each create has anew.
    mark: u32,
    machine: Machine,
}

impl Running {
    /// Whether the application goes on as if it held.
    pub fn believes(&self) -> bool {
        self.phase == Phase::Holds
    }

    /// Its node, and the nodes it watches.
    pub fn standing(&self) -> Standing {
        self.machine.standing()
    }

    /// The same of the recipe at this path only, if it is about that. One that takes several locks is
    /// about those that it has begun to take.
    pub fn standing_at(&self, path: &Path) -> Option<Standing> {
        match &self.machine {
            Machine::Multi(multi) => multi.standing_at(path),
            other => (self.wanted.path == *path).then(|| other.standing()),
        }
    }

    /// What it saw when it looked last, if it keeps an eye on something.
    pub fn seen(&self) -> Option<&Seen> {
        self.machine.seen()
    }
}

/// Where a use stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Its own node.
    pub node: Option<Path>,
    /// The nodes whose change it waits for.
    pub watches: Vec<Path>,
}

/// The recipes of one client process.
#[derive(Clone, Debug)]
pub struct Recipes {
    library: Library,
    /// Marks of this process begin with it: different for each process.
    mark: u32,
    running: Map<u32, Running>,
    /// Uses are numbered in the order in which they were asked for.
    begun: u32,
    /// Marks that were given: one for each time that a use began.
    marks: u32,
    /// By the client's number for each request.
    asked: Map<u32, Ticket>,
    state: State,
    session: SessionId,
}

impl Recipes {
    /// Nothing is asked for. `mark` must differ between processes.
    pub fn new(library: Library, mark: u32, state: State, session: SessionId) -> Recipes {
        Recipes {
            library,
            mark,
            running: Map::new(),
            begun: 0,
            marks: 0,
            asked: Map::new(),
            state,
            session,
        }
    }

    /// What goes on, by number.
    pub fn running(&self) -> impl Iterator<Item = (u32, &Running)> + '_ {
        self.running.iter().map(|(number, running)| (*number, running))
    }

    /// What goes on under that number.
    pub fn get(&self, number: u32) -> Option<&Running> {
        self.running.get(&number)
    }

    /// How many uses were asked for.
    pub fn begun(&self) -> u32 {
        self.begun
    }

    /// The path that a request of a recipe is about: whose books it goes into.
    pub fn path_of(&self, by: Ticket) -> Option<&Path> {
        self.running.get(&by.number).map(|running| &running.wanted.path)
    }

    /// Of those begun after the first `begun`, or on that path: whether one has not come as far as it
    /// was asked to.
    pub fn is_pending(&self, begun: u32, path: &Path) -> bool {
        self.running.iter().any(|(number, running)| match running.phase {
            Phase::Begins | Phase::Waits => begun < *number,
            Phase::Ends => begun < *number || running.wanted.path == *path,
            Phase::Holds | Phase::Doubts => false,
        })
    }

    /// Whether a use waits for this change, and on which paths.
    pub fn waits_for(&self, event: &WatchEvent) -> Vec<Path> {
        let waits = |running: &&Running| running.standing().watches.contains(&event.path);
        self.running.values().filter(waits).map(|running| running.wanted.path.clone()).collect()
    }

    /// The client has given a request this number.
    pub fn numbered(&mut self, by: Ticket, request: u32) {
        self.asked.insert(request, by);
    }

    /// Takes one input and appends what it leads to.
    pub fn step(&mut self, input: Input<'_>, out: &mut Vec<Effect>) {
        match input {
            Input::Ask(Ask::Use(wanted)) => self.on_use(wanted, out),
            Input::Ask(Ask::Unlock(path)) => self.on_unlock(path, out),
            Input::Answered { request, answer } => {
                if let Some(Ticket { number, ticket }) = self.asked.remove(&request) {
                    self.call(number, Call::Answered(ticket, answer), out);
                }
            }
            Input::Watch(event) => {
                for number in self.numbers() {
                    self.call(number, Call::Changed(event), out);
                }
            }
            Input::State(state, session) => self.on_state(state, session, out),
            Input::Timer(Timer::Hold(number)) => self.on_hold_over(number, out),
        }
    }

    fn numbers(&self) -> Vec<u32> {
        self.running.keys().copied().collect()
    }

    // --- What the application asks

    fn on_use(&mut self, wanted: &Rc<Use>, out: &mut Vec<Effect>) {
        if wanted.what == What::Mutex && self.reenters(wanted, out) {
            return;
        }
        if wanted.what == What::Pick {
            self.pick(&wanted.path, out);
            return;
        }
        self.begun += 1;
        self.marks += 1;
        let number = self.begun;
        let running = Running {
            machine: Machine::of(wanted),
            wanted: wanted.clone(),
            phase: Phase::Begins,
            count: 1,
            token: None,
            left: wanted.terms.times,
            has_begun: false,
            is_reset: false,
            mark: self.marks,
        };
        self.running.insert(number, running);
        if matches!(self.state, State::Expired | State::Closed) {
            self.finish(number, Told::Failed(KeeperError::SessionExpired), out);
            return;
        }
        self.call(number, Call::Begin, out);
    }

    /// The next of those that this client has seen there.
    fn pick(&mut self, path: &Path, out: &mut Vec<Effect>) {
        let watching = self.running.values_mut().filter(|running| running.wanted.path == *path);
        let picked = watching.filter_map(|running| running.machine.pick()).next();
        let told = match picked {
            Some(name) => {
                let node = crate::tree::path::join(path, &name).into();
                out.push(Effect::Explain(RecipeWhy::Picked { node }));
                Told::Done(name)
            }
            None => Told::Failed(KeeperError::NoNode),
        };
        out.push(Effect::Told { of: None, path: path.clone(), told });
    }

    /// A re-entrant mutex that this client holds already: it counts.
    fn reenters(&mut self, wanted: &Use, out: &mut Vec<Effect>) -> bool {
        let is_it = |running: &Running| {
            let Use { what, path, terms: _ } = &*running.wanted;
            running.phase == Phase::Holds && *what == wanted.what && *path == wanted.path
        };
        let Some((number, running)) = self.running.iter_mut().find(|(_, r)| is_it(r)) else {
            return false;
        };
        let number = *number;
        running.count += 1;
        let (path, count) = (wanted.path.clone(), running.count);
        out.push(Effect::Explain(RecipeWhy::Reentered { path: path.clone(), count }));
        if let (Some(node), Some(token)) = (running.standing().node, running.token) {
            let told = Told::Granted { node, token };
            out.push(running.told(number, told));
        }
        true
    }

    /// The newest that is held, or else the newest that waits.
    fn on_unlock(&mut self, path: &Path, out: &mut Vec<Effect>) {
        let of_path = |held: bool| {
            let those = self.running.iter().filter(|(_, r)| r.wanted.path == *path);
            let is_it = |r: &Running| match r.phase {
                Phase::Holds | Phase::Doubts => held,
                Phase::Begins | Phase::Waits => !held,
                Phase::Ends => false,
            };
            those.filter(|(_, r)| is_it(r)).map(|(number, _)| *number).next_back()
        };
        let Some(number) = of_path(true).or_else(|| of_path(false)) else {
            out.push(Effect::Told { of: None, path: path.clone(), told: Told::NothingHeld });
            return;
        };
        let Some(running) = self.running.get_mut(&number) else { return };
        running.left = 1;
        if 1 < running.count {
            running.count -= 1;
            let count = running.count;
            out.push(Effect::Explain(RecipeWhy::LeftOnce { path: path.clone(), count }));
            return;
        }
        self.end(number, out);
    }

    fn on_hold_over(&mut self, number: u32, out: &mut Vec<Effect>) {
        if self.running.contains_key(&number) {
            self.end(number, out);
        }
    }

    /// Gives back what is held, or gives up waiting.
    fn end(&mut self, number: u32, out: &mut Vec<Effect>) {
        let Some(running) = self.running.get_mut(&number) else { return };
        let path = running.wanted.path.clone();
        out.push(Effect::CancelTimer(Timer::Hold(number)));
        match running.phase {
            Phase::Holds => {
                running.write_resource(out);
                let node = running.standing().node.unwrap_or_else(|| path.clone());
                out.push(Effect::Explain(RecipeWhy::Released { node }));
                out.push(Effect::Released(path, number));
            }
            Phase::Begins | Phase::Waits => {
                out.push(Effect::Explain(RecipeWhy::GaveUp { path: path.clone() }));
            }
            Phase::Doubts => out.push(Effect::Released(path, number)),
            Phase::Ends => return,
        }
        running.phase = Phase::Ends;
        running.is_reset = false;
        // Where nothing was asked of a server in this session, no answer will say that it is over.
        let is_nothing_there = !running.has_begun;
        if is_nothing_there || matches!(self.state, State::Expired | State::Closed) {
            self.finish(number, Told::Released, out);
        } else {
            self.call(number, Call::End, out);
        }
    }

    // --- Sessions

    fn on_state(&mut self, state: State, session: SessionId, out: &mut Vec<Effect>) {
        self.state = state;
        self.session = session;
        match state {
            // A server that only reads is none that holds could rest on.
            State::Connecting | State::ConnectedReadOnly => {
                for number in self.numbers() {
                    self.suspend(number, out);
                }
            }
            State::Connected => {
                for number in self.numbers() {
                    self.resume(number, out);
                }
            }
            State::Expired | State::Closed => {
                self.asked.clear();
                for number in self.numbers() {
                    self.lose(number, out);
                }
            }
        }
    }

    fn suspend(&mut self, number: u32, out: &mut Vec<Effect>) {
        let Some(running) = self.running.get_mut(&number) else { return };
        if running.phase != Phase::Holds {
            return;
        }
        if running.wanted.what == What::Latch {
            running.phase = Phase::Begins;
            running.is_reset = true;
            out.push(Effect::CancelTimer(Timer::Hold(number)));
            let path = running.wanted.path.clone();
            out.push(Effect::Explain(RecipeWhy::GaveUpLead { path: path.clone() }));
            out.push(Effect::Released(path.clone(), number));
            out.push(running.told(number, Told::Suspended));
            return;
        }
        let trusts = running.wanted.terms.on_suspended == OnSuspended::Trust;
        let path = running.wanted.path.clone();
        out.push(Effect::Explain(RecipeWhy::Suspended { path: path.clone(), trusts }));
        if !trusts {
            running.phase = Phase::Doubts;
            out.push(running.told(number, Told::Suspended));
        }
    }

    fn resume(&mut self, number: u32, out: &mut Vec<Effect>) {
        let Some(running) = self.running.get_mut(&number) else { return };
        if running.phase == Phase::Doubts {
            running.phase = Phase::Holds;
            let path = running.wanted.path.clone();
            out.push(Effect::Explain(RecipeWhy::StillHolds { path: path.clone() }));
            out.push(Effect::Believes(number));
            out.push(running.told(number, Told::StillHolds));
        }
        let call = match (running.has_begun, std::mem::take(&mut running.is_reset)) {
            (false, _) => Call::Begin,
            (true, true) => Call::Reset,
            (true, false) => Call::Back,
        };
        self.call(number, call, out);
    }

    /// The session is over: nodes are gone. What was asked for more than once, or for good, begins
    /// anew if the library gets a session again.
    fn lose(&mut self, number: u32, out: &mut Vec<Effect>) {
        let Some(running) = self.running.get_mut(&number) else { return };
        let path = running.wanted.path.clone();
        let is_held = matches!(running.phase, Phase::Holds | Phase::Doubts);
        let ignores = running.wanted.terms.on_lost == OnLost::Ignore;
        if is_held {
            out.push(Effect::Explain(RecipeWhy::LostHold { path, ignores }));
        }
        if running.phase == Phase::Holds && ignores {
            // It goes on until its work is done.
            return;
        }
        out.push(Effect::CancelTimer(Timer::Hold(number)));
        self.finish(number, Told::Lost, out);
    }

    // --- One use

    fn call(&mut self, number: u32, call: Call<'_>, out: &mut Vec<Effect>) {
        let parent_mode = match self.library {
            Library::Java => CreateMode::Container,
            Library::Kazoo => CreateMode::Persistent,
        };
        let Some(path) = self.get(number).map(|running| running.wanted.path.clone()) else {
            return;
        };
        let holds_write = self.running.values().any(|running| {
            let is_write = running.wanted.what == What::WriteLock;
            is_write && running.phase == Phase::Holds && running.wanted.path == path
        });
        let Some(running) = self.running.get_mut(&number) else { return };
        let mut turn = Turn {
            path,
            session: self.session,
            is_connected: self.state == State::Connected,
            is_protected: running.wanted.terms.is_protected,
            holds_write,
            forgets_watches: self.library == Library::Kazoo,
            parent_mode,
            mark: (self.mark, running.mark),
            said: Vec::new(),
        };
        running.has_begun = true;
        running.machine.step(call, &mut turn);
        for said in turn.said {
            self.on_said(number, said, out);
        }
    }

    fn on_said(&mut self, number: u32, said: Said, out: &mut Vec<Effect>) {
        let Some(running) = self.running.get_mut(&number) else { return };
        match said {
            Said::Ask { ticket, op } => {
                out.push(Effect::Submit { by: Ticket { number, ticket }, op });
            }
            Said::Explain(why) => out.push(Effect::Explain(why)),
            Said::Waits => {
                if running.phase == Phase::Begins {
                    running.phase = Phase::Waits;
                }
            }
            Said::Granted { node, token } => {
                // Who gave up meanwhile gives back at once.
                if running.phase == Phase::Ends {
                    return;
                }
                running.phase = Phase::Holds;
                running.token = Some(token);
                out.push(Effect::Believes(number));
                let told = Told::Granted { node, token };
                out.push(running.told(number, told));
                running.write_resource(out);
                if let Some(after_us) = running.wanted.terms.hold_us {
                    out.push(Effect::SetTimer { timer: Timer::Hold(number), after_us });
                }
            }
            Said::Sees(text) => {
                running.phase = Phase::Waits;
                out.push(running.told(number, Told::Sees(text)));
            }
            Said::Done(text) => {
                if 1 < running.left && running.phase != Phase::Ends {
                    running.left -= 1;
                    self.marks += 1;
                    running.begin_anew(self.marks);
                    self.asked.retain(|_, ticket| ticket.number != number);
                    out.push(running.told(number, Told::Done(text)));
                    self.call(number, Call::Begin, out);
                } else {
                    self.finish(number, Told::Done(text), out);
                }
            }
            Said::Revoked => self.end(number, out),
            Said::Ended => {
                if 1 < running.left {
                    running.left -= 1;
                    self.marks += 1;
                    running.begin_anew(self.marks);
                    self.asked.retain(|_, ticket| ticket.number != number);
                    out.push(running.told(number, Told::Released));
                    self.call(number, Call::Begin, out);
                } else {
                    self.finish(number, Told::Released, out);
                }
            }
            Said::Failed(error) => {
                let path = running.wanted.path.clone();
                out.push(Effect::Explain(RecipeWhy::RecipeFailed { path, error }));
                self.finish(number, Told::Failed(error), out);
            }
        }
    }

    fn finish(&mut self, number: u32, told: Told, out: &mut Vec<Effect>) {
        let Some(running) = self.running.get_mut(&number) else { return };
        out.push(running.told(number, told.clone()));
        let has_more = told == Told::Lost && self.library == Library::Kazoo && 0 < running.left;
        if has_more && self.state == State::Expired {
            self.marks += 1;
            running.begin_anew(self.marks);
        } else {
            self.running.remove(&number);
        }
    }
}

impl Running {
    fn begin_anew(&mut self, mark: u32) {
        self.mark = mark;
        self.machine = Machine::of(&self.wanted);
        self.phase = Phase::Begins;
        self.count = 1;
        self.token = None;
        self.has_begun = false;
        self.is_reset = false;
    }

    fn told(&self, number: u32, told: Told) -> Effect {
        let (of, path) = (Some((number, self.wanted.clone())), self.wanted.path.clone());
        Effect::Told { of, path, told }
    }

    fn write_resource(&self, out: &mut Vec<Effect>) {
        if let (Some(resource), Some(token)) = (self.wanted.terms.resource, self.token) {
            let path = self.wanted.path.clone();
            out.push(Effect::WriteResource { path, token, resource });
        }
    }
}

pub use line::standing_of;
pub use queue::priority;

/// The number at the end of the name of a sequential node.
pub fn number(name: &str) -> Option<u64> {
    line::number(name)
}

pack_enum!(Timer { Hold(a) });
pack_enum!(Told { Granted { node, token }, Done(a), Sees(a), Released, Suspended, StillHolds, Lost, Failed(a), NothingHeld });
