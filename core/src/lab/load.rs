//! A workload for measuring: an ensemble and ten clients that never rest. Each asks for something as
//! soon as it has the answer to what it asked before, writes and reads in turn.

use crate::client::session::{Library, State};
use crate::lab::scenario::Scenario;
use crate::lab::timeline::Timeline;
use crate::sim::action::Action;
use crate::sim::rng::Rng;
use crate::txn::{Acl, Bytes, CreateMode, Op, Path, open_acl};
use crate::types::{Actor, ClientId, Phase, ServerId, ServerState, Time};
use std::rc::Rc;

/// Clients.
const CLIENTS: u16 = 10;
/// Znodes that each client works on.
const NODES: u32 = 8;

/// Ten clients that never rest.
#[derive(Debug)]
pub struct Load {
    /// The run.
    pub timeline: Timeline,
    rng: Rng,
    acl: Rc<[Acl]>,
    data: Vec<Bytes>,
    paths: Vec<Path>,
    /// How much each client has asked for.
    asked: Vec<u32>,
}

impl Load {
    /// An ensemble that starts, and its clients. The checkers are on or off.
    pub fn new(servers: u8, is_checking: bool) -> Load {
        let scenario = Scenario { participants: servers, ..Scenario::default() };
        let mut world = scenario.world().expect("there are participants, and no settings");
        world.is_checked = is_checking;
        let mut timeline = Timeline::new(world);
        let ids: Vec<ServerId> = (1..=servers).map(ServerId).collect();
        timeline.act(Action::Start(ids.as_slice().into()));
        for n in 0..CLIENTS {
            let mut known = ids.clone();
            known.rotate_left(usize::from(n) % ids.len());
            timeline.act(Action::Connect {
                name: format!("c{}", n + 1).into(),
                servers: known.into(),
                timeout_ms: 10_000,
                can_be_read_only: false,
                library: Library::Java,
            });
        }
        let path = |client, node| Path::from(format!("/c{client}-{node}"));
        let nodes = |client| (0..NODES).map(move |node| path(client, node));
        Load {
            timeline,
            rng: Rng::new(7),
            acl: open_acl(),
            data: (0..16_u8).map(|n| Bytes::from([b'a' + n; 16])).collect(),
            paths: (1..=CLIENTS).flat_map(nodes).collect(),
            asked: vec![0; usize::from(CLIENTS) + 1],
        }
    }

    /// Lets one more event happen, without asking for anything. Returns whether one did.
    pub fn extend(&mut self) -> bool {
        self.timeline.extend(Time(u64::MAX))
    }

    /// Lets events happen until there are `events` of them.
    pub fn run_to(&mut self, events: u32) {
        while self.timeline.len() < events {
            if !self.timeline.extend(Time(u64::MAX)) {
                return;
            }
            if let Some(client) = self.idle() {
                let op = self.next_op(client);
                self.timeline.act(Action::Submit { client, op, line: None });
            }
        }
    }

    /// The client that the last event was for, if it is connected and waits for nothing.
    fn idle(&self) -> Option<ClientId> {
        let last = self.timeline.trace().events.last()?;
        let client = match last.kind.actor()? {
            Actor::Client(id) => id,
            Actor::Server(_) => return None,
        };
        let slot = self.timeline.tip().clients.get(&client)?;
        let is_idle = slot.process.state() == State::Connected && slot.process.pending() == 0;
        is_idle.then_some(client)
    }

    /// Lets events happen until there are so many more znodes below `/`, under names in no order.
    pub fn create(&mut self, znodes: u32) {
        let mut left = znodes;
        while 0 < left && self.extend() {
            let Some(client) = self.idle() else { continue };
            left -= 1;
            let path = Path::from(format!("/{:08x}-{left}", self.rng.below(u32::MAX)));
            let (acl, data) = (self.acl.clone(), Some(self.data[0].clone()));
            let op = Op::Create { path, data, acl, mode: CreateMode::Persistent, ttl_ms: -1 };
            self.timeline.act(Action::Submit { client, op, line: None });
        }
    }

    /// Creates its znodes, then writes and reads in turn; now and then something else.
    fn next_op(&mut self, client: ClientId) -> Op {
        let mine = usize::from(client.0 - 1) * NODES as usize;
        let asked = &mut self.asked[usize::from(client.0)];
        *asked += 1;
        let data = Some(self.data[self.rng.below(self.data.len() as u32) as usize].clone());
        let create = |path: Path, data, acl: &Rc<[Acl]>| Op::Create {
            path,
            data,
            acl: acl.clone(),
            mode: CreateMode::Persistent,
            ttl_ms: -1,
        };
        if *asked <= NODES {
            return create(self.paths[mine + *asked as usize - 1].clone(), data, &self.acl);
        }
        let path = self.paths[mine + self.rng.below(NODES) as usize].clone();
        let any = self.rng.below(self.paths.len() as u32) as usize;
        let other = self.paths[any].clone();
        let is_write = (*asked).is_multiple_of(2);
        match (is_write, self.rng.below(8)) {
            (true, 0) => Op::Delete { path, version: -1 },
            (true, 1 | 2) => create(path, data, &self.acl),
            (true, _) => Op::SetData { path, data, version: -1 },
            (false, 0) => Op::GetChildren { path: Path::from("/"), watch: false },
            (false, 1) => Op::Exists { path, watch: true },
            (false, _) => Op::GetData { path: other, watch: false },
        }
    }

    /// Whether a leader serves.
    pub fn has_leader(&self) -> bool {
        let leads = |state, phase| state == ServerState::Leading && phase == Phase::Broadcast;
        let slots = self.timeline.tip().servers.values();
        slots.filter_map(|slot| slot.process.as_ref()).any(|s| leads(s.state(), s.phase()))
    }
}
