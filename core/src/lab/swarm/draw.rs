//! What is drawn: the scenario, the clients, the pauses between actions, the requests.

use super::{Mood, Plan, Swarm};
use crate::client::session::Library;
use crate::lab::scenario::Scenario;
use crate::sim::action::Action;
use crate::sim::link::{Latency, LinkEnd, NetworkAction, Unsafety, Way};
use crate::sim::rng::Rng;
use crate::txn::{Acl, CreateMode, Op, Perms, WatcherType, open_acl};
use crate::types::{ClientId, ServerId};
use std::rc::Rc;

/// What a run of this mood starts from.
pub(super) fn scenario(plan: Plan, mood: Mood, seed: u64, rng: &mut Rng) -> Scenario {
    let mut config = vec![("tickTime", "500"), ("snapCount", "40")];
    config.push(("extendedTypesEnabled", "true"));
    let drawn = match mood {
        Mood::Even => 0,
        Mood::Observers => 2,
        Mood::Storm
        | Mood::Isolation
        | Mood::Lag
        | Mood::Handover
        | Mood::Sessions
        | Mood::Promises
        | Mood::Members
        | Mood::Disks
        | Mood::Returns => rng.below(8).saturating_sub(5) as u8,
    };
    if mood != Mood::Even {
        match rng.below(3) {
            0 => config[1].1 = "6",
            1 => config[1].1 = "100000",
            _ => {}
        }
    }
    let config = config.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    let mut scenario = Scenario {
        participants: plan.participants,
        observers: plan.observers.unwrap_or(drawn),
        seed,
        config: config.collect(),
        servers: Vec::new(),
        mistakes: plan.mistakes,
    };
    if plan.has_reconfig {
        super::members::allow(&mut scenario, rng);
    }
    scenario
}

impl Swarm {
    pub(super) fn begin(&mut self) {
        if self.plan.unsafety != Unsafety::OFF {
            self.act(Action::Network(NetworkAction::Unsafe(self.plan.unsafety)));
        }
        if self.mood != Mood::Even && self.rng.below(2) == 0 {
            self.draw_latencies();
        }
        self.act(Action::Start(self.all.clone()));
        for n in 1..=self.plan.clients {
            let connect = self.connect(n.into());
            self.act(connect);
        }
    }

    /// Each way between two servers has its own.
    fn draw_latencies(&mut self) {
        for from in self.all.clone().iter() {
            for to in self.all.clone().iter().filter(|to| *to != from) {
                let most_us = match self.rng.below(4) {
                    0 => 20_000,
                    1 => 60_000,
                    _ => continue,
                };
                let way = Way { from: LinkEnd::Server(*from), to: LinkEnd::Server(*to) };
                let latency = Latency::Uniform { least_us: 1_000, most_us };
                self.act(Action::Network(NetworkAction::Latency(way, Some(latency))));
            }
        }
    }

    /// A client, or a new handle of one.
    pub(super) fn connect(&mut self, client: u16) -> Action {
        let first = self.rng.below(self.all.len() as u32) as usize;
        let mut servers = self.all.to_vec();
        servers.rotate_left(first);
        let timeout_ms = 2000 + self.rng.below(6000);
        let is_java = self.rng.below(2) == 0;
        Action::Connect {
            name: format!("c{client}").into(),
            servers: servers.into(),
            timeout_ms,
            can_be_read_only: false,
            library: if is_java { Library::Java } else { Library::Kazoo },
        }
    }

    /// Mostly a little, so that faults meet packets in flight; now and then long enough to recover.
    pub(super) fn pass_time(&mut self) {
        let us = match self.rng.below(10) {
            0..=4 => self.rng.below(6_000),
            5..=7 => self.rng.below(300_000),
            8 => self.rng.below(3_000_000),
            _ => self.rng.below(9_000_000),
        };
        self.pass(us);
    }

    pub(super) fn pass(&mut self, us: u32) {
        let end = self.world.now.plus_us(u64::from(us));
        super::run_to(&mut self.world, end, &mut self.trace);
    }

    pub(super) fn server(&mut self) -> ServerId {
        self.all[self.rng.below(self.all.len() as u32) as usize]
    }

    pub(super) fn client(&mut self) -> ClientId {
        ClientId(self.rng.below(u32::from(self.plan.clients.max(1))) as u16 + 1)
    }

    pub(super) fn submit(&mut self, op: Op) {
        let client = self.client();
        self.act(Action::Submit { client, op, line: None });
    }

    /// Several writes at nearly the same time.
    pub(super) fn burst(&mut self, most: u32) {
        for _ in 0..=self.rng.below(most) {
            let op = self.write();
            self.submit(op);
            let us = self.rng.below(3_000);
            self.pass(us);
        }
    }

    pub(super) fn path(&mut self) -> Rc<str> {
        const PATHS: [&str; 6] = ["/a", "/b", "/a/x", "/a/y", "/b/z", "/a/x/q"];
        PATHS[self.rng.below(PATHS.len() as u32) as usize].into()
    }

    fn data(&mut self) -> Option<Rc<[u8]>> {
        Some(self.rng.any().to_le_bytes().as_slice().into())
    }

    fn write(&mut self) -> Op {
        let path = self.path();
        let data = self.data();
        match self.rng.below(2) {
            0 => {
                Op::Create { path, data, acl: open_acl(), mode: CreateMode::Persistent, ttl_ms: -1 }
            }
            _ => Op::SetData { path, data, version: -1 },
        }
    }

    /// A child of something, as some server knows it: the only way to name a sequential one.
    fn known_child(&mut self) -> Option<Rc<str>> {
        let id = self.server();
        let image = &self.world.server(id)?.database().image;
        let parent = if self.rng.below(2) == 0 { "/a" } else { "/b" };
        let children = &image.node(parent)?.children;
        let index = self.rng.below(children.len().max(1) as u32) as usize;
        children.iter().nth(index).map(|name| format!("{parent}/{name}").into())
    }

    /// As of old: its draws are a file format.
    pub(super) fn even_request(&mut self) -> Op {
        let path = self.path();
        let watch = self.rng.below(2) == 0;
        let data = self.data();
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

    pub(super) fn request(&mut self) -> Op {
        let path = self.path();
        let watch = self.rng.below(2) == 0;
        let data = self.data();
        let version = if self.rng.below(4) == 0 { self.rng.below(3) as i32 } else { -1 };
        match self.rng.below(24) {
            0..=3 => self.even_request(),
            4..=6 => {
                let mode = CreateMode::ALL[self.rng.below(7) as usize];
                let ttl_ms = if mode.is_ttl() { 1 + i64::from(self.rng.below(5000)) } else { -1 };
                Op::Create { path, data, acl: open_acl(), mode, ttl_ms }
            }
            7 | 8 => {
                let path: Rc<str> = if watch { "/a/n-".into() } else { "/b/n-".into() };
                let is_ephemeral = self.rng.below(2) == 0;
                let mode = match is_ephemeral {
                    true => CreateMode::EphemeralSequential,
                    false => CreateMode::PersistentSequential,
                };
                Op::Create { path, data, acl: open_acl(), mode, ttl_ms: -1 }
            }
            9..=11 => Op::SetData { path, data, version },
            12 => Op::Delete { path, version },
            13 => match self.known_child() {
                Some(path) => Op::Delete { path, version: -1 },
                None => Op::Sync { path },
            },
            14 => {
                let other = self.path();
                let mode = CreateMode::ALL[self.rng.below(4) as usize];
                Op::Multi(Rc::new([
                    Op::Create { path: other, data: None, acl: open_acl(), mode, ttl_ms: -1 },
                    Op::SetData { path: path.clone(), data, version },
                    Op::Check { path, version: -1 },
                ]))
            }
            15 => Op::SetAcl { path, acl: self.acl(), version: -1 },
            16 => Op::AddAuth { scheme: "digest".into(), auth: "u:p".into() },
            17 => Op::AddWatch { path, is_recursive: watch },
            18 => Op::RemoveWatches { path, kind: WatcherType::Any },
            19 => Op::MultiRead(Rc::new([
                Op::GetData { path: path.clone(), watch: false },
                Op::GetChildren { path, watch: false },
            ])),
            20 => Op::GetData { path, watch: true },
            21 => Op::GetChildren { path, watch: true },
            22 => Op::Exists { path, watch: true },
            _ => Op::GetAcl { path },
        }
    }

    /// Open again, or only for those who know a password.
    fn acl(&mut self) -> Rc<[Acl]> {
        match self.rng.below(2) {
            0 => open_acl(),
            _ => Rc::new([Acl { perms: Perms::ALL, scheme: "auth".into(), id: "".into() }]),
        }
    }
}
