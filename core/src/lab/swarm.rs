//! Random faults and random clients, many seeds: does anything ever break?
//!
//! Each seed decides an ensemble, a list of faults and a list of requests with their moments. At
//! the end everything is made whole, and after a while the ensemble must serve again: a run that
//! does not is *stuck*.

use crate::client::session::Library;
use crate::lab::scenario::Scenario;
use crate::lab::unrest;
use crate::mistake::Mistakes;
use crate::sim::action::Action;
use crate::sim::check::Violation;
use crate::sim::link::{NetworkAction, Unsafety};
use crate::sim::rng::Rng;
use crate::sim::trace::Trace;
use crate::sim::world::World;
use crate::txn::{CreateMode, Op, open_acl};
use crate::types::{ClientId, ServerId, Time};
use std::rc::Rc;

/// What a swarm is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Voters.
    pub participants: u8,
    /// Observers.
    pub observers: u8,
    /// Clients.
    pub clients: u8,
    /// Faults and requests together.
    pub actions: u32,
    /// What the protocol does wrong on purpose.
    pub mistakes: Mistakes,
    /// Whether the network misbehaves too: one-way cuts, latencies, held and lost packets.
    pub has_network_faults: bool,
    /// What an unsafe network does to packets between servers.
    pub unsafety: Unsafety,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            participants: 5,
            observers: 0,
            clients: 3,
            actions: 120,
            has_network_faults: false,
            unsafety: Unsafety::OFF,
            mistakes: Mistakes::NONE,
        }
    }
}

/// What came of one seed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How many events there were.
    pub events: u32,
    /// What broke.
    pub violations: Vec<Violation>,
    /// Whether the ensemble, whole and quiet again, did not come to serve.
    pub is_stuck: bool,
    /// What was done, with its moments.
    pub actions: Vec<(Time, Action)>,
}

/// Milliseconds that an ensemble made whole may take to serve again.
const RECOVERY_MS: u64 = 120_000;
/// The same after network faults: a server may hold several connections of which the other side knows
/// nothing any more. It finds out when it sends its vote again, which after the longest back-off is
/// every 60 s, and is answered only the time after.
const NETWORK_RECOVERY_MS: u64 = 300_000;

struct Swarm {
    world: World,
    trace: Trace,
    rng: Rng,
    actions: Vec<(Time, Action)>,
    all: Rc<[ServerId]>,
}

/// Runs one seed.
///
/// # Panics
/// If the plan has no participants, or a machine breaks one of its own assumptions.
pub fn run(plan: Plan, seed: u64) -> Outcome {
    let config = [("tickTime", "500"), ("snapCount", "40"), ("extendedTypesEnabled", "true")];
    let scenario = Scenario {
        participants: plan.participants,
        observers: plan.observers,
        seed,
        config: config.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec(),
        mistakes: plan.mistakes,
    };
    let world = scenario.world().expect("a swarm's plan has at least one participant");
    let all: Rc<[ServerId]> = world.servers.keys().copied().collect();
    let rng = Rng::new(seed ^ 0x5eed);
    let mut swarm = Swarm { world, trace: Trace::default(), rng, actions: Vec::new(), all };
    swarm.begin(plan);
    for _ in 0..plan.actions {
        swarm.pass_time();
        let action = swarm.draw(plan);
        swarm.act(action);
        // The trace is for people; a swarm has none to show.
        swarm.trace = Trace::default();
        if swarm.world.checker.violations().next().is_some() {
            break;
        }
    }
    swarm.end(plan)
}

impl Swarm {
    fn act(&mut self, action: Action) {
        self.world.act(&action, &mut self.trace);
        self.actions.push((self.world.now, action));
    }

    fn begin(&mut self, plan: Plan) {
        if plan.unsafety != Unsafety::OFF {
            self.act(Action::Network(NetworkAction::Unsafe(plan.unsafety)));
        }
        self.act(Action::Start(self.all.clone()));
        for n in 0..plan.clients {
            let first = self.rng.below(self.all.len() as u32) as usize;
            let mut servers = self.all.to_vec();
            servers.rotate_left(first);
            let timeout_ms = 2000 + self.rng.below(6000);
            let is_java = self.rng.below(2) == 0;
            self.act(Action::Connect {
                name: format!("c{}", n + 1).into(),
                servers: servers.into(),
                timeout_ms,
                can_be_read_only: false,
                library: if is_java { Library::Java } else { Library::Kazoo },
            });
        }
    }

    /// Mostly a little, so that faults meet packets in flight; now and then long enough to recover.
    fn pass_time(&mut self) {
        let us = match self.rng.below(10) {
            0..=4 => self.rng.below(6_000),
            5..=7 => self.rng.below(300_000),
            8 => self.rng.below(3_000_000),
            _ => self.rng.below(9_000_000),
        };
        let end = self.world.now.plus_us(u64::from(us));
        self.world.run_until(end, &mut self.trace);
    }

    fn server(&mut self) -> ServerId {
        self.all[self.rng.below(self.all.len() as u32) as usize]
    }

    fn draw(&mut self, plan: Plan) -> Action {
        if plan.has_network_faults && self.rng.below(4) == 0 {
            return Action::Network(unrest::draw(&mut self.rng, &self.world));
        }
        let one = self.server();
        let just_one: Rc<[ServerId]> = Rc::new([one]);
        match self.rng.below(24) {
            0 | 1 => Action::Kill(just_one),
            2..=4 => Action::Start(just_one),
            5 => Action::Pause(just_one),
            6 | 7 => Action::Resume(self.all.clone()),
            8 => self.partition(),
            9 | 10 => Action::Heal,
            11 => Action::Start(self.all.clone()),
            12 if self.rng.below(4) == 0 => Action::Kill(self.all.clone()),
            13 if self.rng.below(4) == 0 => Action::Vanish(self.client(plan)),
            _ => Action::Submit { client: self.client(plan), op: self.request(), line: None },
        }
    }

    fn client(&mut self, plan: Plan) -> ClientId {
        ClientId(self.rng.below(u32::from(plan.clients.max(1))) as u16 + 1)
    }

    fn partition(&mut self) -> Action {
        let sides = 2 + self.rng.below(2);
        let mut groups: Vec<Vec<ServerId>> = vec![Vec::new(); sides as usize];
        for id in self.all.clone().iter() {
            groups[self.rng.below(sides) as usize].push(*id);
        }
        Action::Partition(groups.into_iter().map(Rc::from).collect())
    }

    fn path(&mut self) -> Rc<str> {
        const PATHS: [&str; 6] = ["/a", "/b", "/a/x", "/a/y", "/b/z", "/a/x/q"];
        PATHS[self.rng.below(PATHS.len() as u32) as usize].into()
    }

    fn request(&mut self) -> Op {
        let path = self.path();
        let watch = self.rng.below(2) == 0;
        let data: Option<Rc<[u8]>> = Some(self.rng.any().to_le_bytes().as_slice().into());
        match self.rng.below(12) {
            0..=3 => Op::Create {
                path,
                data,
                acl: open_acl(),
                mode: CreateMode::ALL[self.rng.below(5) as usize],
                ttl_ms: -1,
            },
            4 | 5 => Op::SetData { path, data, version: -1 },
            6 => Op::Delete { path, version: -1 },
            7 => Op::Multi(Rc::new([
                Op::Check { path: path.clone(), version: -1 },
                Op::SetData { path, data, version: -1 },
            ])),
            8 => Op::GetData { path, watch },
            9 => Op::GetChildren { path, watch },
            10 => Op::Exists { path, watch },
            _ => Op::Sync { path },
        }
    }

    /// Makes everything whole and waits for it to serve.
    fn end(mut self, plan: Plan) -> Outcome {
        let all = self.all.clone();
        self.act(Action::Heal);
        if plan.has_network_faults || plan.unsafety != Unsafety::OFF {
            unrest::END.into_iter().for_each(|action| self.act(Action::Network(action)));
        }
        self.act(Action::Resume(all.clone()));
        self.act(Action::Start(all));
        let ms = if plan.has_network_faults { NETWORK_RECOVERY_MS } else { RECOVERY_MS };
        let limit = self.world.now.plus_ms(ms);
        while !self.is_whole() && self.world.step(limit, &mut self.trace) {}
        Outcome {
            events: self.world.events,
            violations: self.world.checker.violations().cloned().collect(),
            is_stuck: !self.is_whole(),
            actions: self.actions,
        }
    }

    fn is_whole(&self) -> bool {
        self.world
            .servers
            .values()
            .all(|slot| slot.process.as_ref().is_some_and(|s| s.is_serving()))
    }
}
