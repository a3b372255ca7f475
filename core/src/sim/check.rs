//! Invariant checkers: what must hold at every moment of every run.
//!
//! They look at the servers from outside, after every event, and remember what no server may: who
//! led which epoch, what was proposed, and the one order in which transactions were delivered. They
//! share no code with the protocol.
//!
//! ```text
//!   proposed     by epoch: what its leader gave a zxid to
//!   delivered    1·1  1·2  1·3  2·1  …     the order, as the first server to deliver fixed it
//!                           ▲         ▲
//!                           s3        s1, s2    each server walks along it, skipping nothing
//! ```

use crate::chunks::Chunks;
use crate::config::Ensemble;
use crate::sim::world::ServerSlot;
use crate::txn::Txn;
use crate::types::{Phase, ServerId, ServerState, Time, Zxid};
use crate::zab::log::Files;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// What is checked, in the order of ZooKeeper's TLA+ specification.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Invariant {
    /// No two servers lead the same epoch at the same time.
    Leadership1,
    /// Over the whole run at most one server leads an epoch.
    Leadership2,
    /// Any two servers' committed histories agree as far as both go.
    PrefixConsistency,
    /// Whatever is delivered was proposed, and is delivered once.
    Integrity,
    /// Servers deliver in the same order.
    TotalOrder,
    /// On each disk acceptedEpoch ≥ currentEpoch ≥ the epoch of the last logged transaction, and
    /// neither ever falls.
    Epochs,
    /// Zxids in a log strictly increase, without gaps inside an epoch.
    Log,
    /// What is committed is on the disks of a quorum.
    Committedness,
    /// Servers that have processed the same zxid have the same tree and sessions.
    Determinism,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Invariant; 9] = [
        Invariant::Leadership1,
        Invariant::Leadership2,
        Invariant::PrefixConsistency,
        Invariant::Integrity,
        Invariant::TotalOrder,
        Invariant::Epochs,
        Invariant::Log,
        Invariant::Committedness,
        Invariant::Determinism,
    ];
}

/// A broken guarantee, and the facts that clash.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// The event after which it was seen.
    pub index: u32,
    /// When.
    pub at: Time,
    /// Who is involved.
    pub servers: Rc<[ServerId]>,
    /// One fact, as `key=value` words of the protocol.
    pub one: Rc<str>,
    /// The fact that clashes with it.
    pub other: Rc<str>,
    /// The zxid it is about, if about one.
    pub zxid: Option<Zxid>,
}

/// One delivered transaction.
#[derive(Clone, Copy, Debug)]
struct Delivered {
    zxid: Zxid,
    /// Of the transaction.
    digest: u64,
    /// Of the znodes it touched, after it.
    effect: u64,
    /// Others may lie before it that nobody delivered while being watched: the server that fixed
    /// its place had them in a snapshot.
    is_after_hole: bool,
}

/// What is remembered of one server.
#[derive(Clone, Debug, Default)]
struct Watched {
    /// Processed transactions since it last began to serve, to be looked at.
    applied: Vec<Zxid>,
    /// The last transaction it delivered, once it serves.
    last: Option<Zxid>,
    accepted_epoch: u32,
    current_epoch: u32,
    /// How much of its durable log has been looked at: files, and entries of the last one.
    log_seen: (usize, usize),
}

/// Looks after every event, and remembers.
#[derive(Clone, Debug)]
pub struct Checker {
    servers: BTreeMap<ServerId, Watched>,
    /// Who led each epoch.
    leaders: BTreeMap<u32, ServerId>,
    /// What each epoch's leader proposed, in order.
    proposed: BTreeMap<u32, Chunks<(Zxid, u64)>>,
    delivered: Chunks<Delivered>,
    broken: BTreeMap<Invariant, Violation>,
}

/// A look at one server: where it happens and what was found.
struct Look<'a> {
    id: ServerId,
    index: u32,
    at: Time,
    servers: &'a BTreeMap<ServerId, ServerSlot>,
    found: Vec<Violation>,
}

impl Look<'_> {
    fn clash(
        &mut self,
        invariant: Invariant,
        others: &[ServerId],
        zxid: Option<Zxid>,
        one: String,
        other: String,
    ) {
        let servers = std::iter::once(self.id).chain(others.iter().copied()).collect();
        let (index, at) = (self.index, self.at);
        let (one, other) = (one.into(), other.into());
        self.found.push(Violation { invariant, index, at, servers, one, other, zxid });
    }
}

impl Checker {
    /// Nothing has happened.
    pub fn new(servers: impl Iterator<Item = ServerId>) -> Checker {
        Checker {
            servers: servers.map(|id| (id, Watched::default())).collect(),
            leaders: BTreeMap::new(),
            proposed: BTreeMap::new(),
            delivered: Chunks::default(),
            broken: BTreeMap::new(),
        }
    }

    /// The first violation of an invariant, if there was one.
    pub fn violation(&self, invariant: Invariant) -> Option<&Violation> {
        self.broken.get(&invariant)
    }

    /// The first violation of each broken invariant.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> + '_ {
        self.broken.values()
    }

    /// The last transaction in the order of delivery.
    pub fn last_delivered(&self) -> Zxid {
        self.delivered.last().map(|delivered| delivered.zxid).unwrap_or_default()
    }

    /// A server has processed a transaction, or begins to serve with everything up to it.
    pub fn applied(&mut self, id: ServerId, zxid: Zxid) {
        if let Some(watched) = self.servers.get_mut(&id) {
            watched.applied.push(zxid);
        }
    }

    /// A server's process has begun anew.
    pub fn booted(&mut self, id: ServerId) {
        if let Some(watched) = self.servers.get_mut(&id) {
            watched.applied.clear();
            watched.last = None;
        }
    }

    /// Looks at a server after an event. Returns violations of invariants that held so far.
    pub fn look(
        &mut self,
        id: ServerId,
        index: u32,
        at: Time,
        ensemble: &Ensemble,
        servers: &BTreeMap<ServerId, ServerSlot>,
    ) -> Vec<Violation> {
        let mut look = Look { id, index, at, servers, found: Vec::new() };
        self.check_leadership(&mut look);
        self.note_proposals(&look);
        self.check_delivery(ensemble, &mut look);
        self.check_disk(&mut look);
        let mut fresh = Vec::new();
        for violation in look.found {
            if let Entry::Vacant(unbroken) = self.broken.entry(violation.invariant) {
                unbroken.insert(violation.clone());
                fresh.push(violation);
            }
        }
        fresh
    }

    fn check_leadership(&mut self, look: &mut Look<'_>) {
        let Some(epoch) = led_epoch(look.servers, look.id) else { return };
        let leader = *self.leaders.entry(epoch).or_insert(look.id);
        if leader != look.id {
            let one = format!("{} leads epoch {epoch}", look.id);
            let other = format!("{leader} led epoch {epoch}");
            look.clash(Invariant::Leadership2, &[leader], None, one, other);
        }
        let mut others = look.servers.keys().copied().filter(|other| *other != look.id);
        if let Some(other) = others.find(|other| led_epoch(look.servers, *other) == Some(epoch)) {
            let one = format!("{} leads epoch {epoch}", look.id);
            let same = format!("{other} leads epoch {epoch}");
            look.clash(Invariant::Leadership1, &[other], None, one, same);
        }
    }

    /// Remembers what a leader has given a zxid to.
    fn note_proposals(&mut self, look: &Look<'_>) {
        let server = look.servers.get(&look.id).and_then(|slot| slot.process.as_ref());
        let Some(leader) = server.and_then(|server| server.as_leader()) else { return };
        let last = leader.last_proposed();
        if !leader.is_serving() || last.is_new_epoch() {
            return;
        }
        let list = self.proposed.entry(last.epoch()).or_default();
        let known = list.last().map(|(zxid, _)| *zxid).unwrap_or_default();
        if known < last {
            let fresh = leader.outstanding_txns().filter(|txn| known < txn.zxid);
            fresh.for_each(|txn| list.push((txn.zxid, digest(txn))));
        }
    }

    fn check_delivery(&mut self, ensemble: &Ensemble, look: &mut Look<'_>) {
        let Some(watched) = self.servers.get_mut(&look.id) else { return };
        let applied = std::mem::take(&mut watched.applied);
        let server = look.servers.get(&look.id).and_then(|slot| slot.process.as_ref());
        let Some(server) = server else { return };
        if !server.is_serving() {
            watched.last = None;
            return;
        }
        if applied.is_empty() {
            return;
        }
        let since = watched.last;
        let log = server.database().committed_log();
        match since {
            // All it has taken in since it was last looked at.
            Some(since) => {
                let skip = log.partition_point(|txn| txn.zxid <= since);
                let fresh = log.iter().skip(skip);
                fresh.for_each(|txn| self.deliver(txn, Some(since), ensemble, look));
            }
            // It begins to serve: its whole history is delivered now, as far as it still has it.
            None => {
                let last = self.last_delivered();
                let remembered = log.iter().take_while(|txn| txn.zxid <= last);
                remembered.for_each(|txn| self.deliver(txn, None, ensemble, look));
                let Some(slot) = look.servers.get(&look.id) else { return };
                let up_to = server.database().last_processed();
                let fresh = slot.disk().after(last).take_while(|txn| txn.zxid <= up_to);
                fresh.for_each(|txn| self.deliver(txn, None, ensemble, look));
            }
        }
        let last = server.database().last_processed();
        if let Some(watched) = self.servers.get_mut(&look.id) {
            watched.last = Some(last);
        }
        if since.is_none() {
            check_same_state(look);
        }
    }

    /// One transaction of one server against the order.
    fn deliver(
        &mut self,
        txn: &Rc<Txn>,
        since: Option<Zxid>,
        ensemble: &Ensemble,
        look: &mut Look<'_>,
    ) {
        let mine = digest(txn);
        let at = self.delivered.partition_point(|delivered| delivered.zxid < txn.zxid);
        match self.delivered.get(at).copied() {
            Some(known) if known.zxid == txn.zxid => {
                if known.digest != mine {
                    let one = format!("{} {:?}", look.id, txn.body);
                    let other = format!("delivered before: digest {:x}", known.digest);
                    look.clash(Invariant::PrefixConsistency, &[], Some(txn.zxid), one, other);
                }
                self.check_effect(at, txn, since, look);
            }
            Some(next) if next.is_after_hole => {}
            Some(next) => {
                let one = format!("{} delivers {}", look.id, txn.zxid);
                let other = format!("others went on with {}", next.zxid);
                look.clash(Invariant::TotalOrder, &[], Some(txn.zxid), one, other);
            }
            None => self.extend(txn, mine, since, ensemble, look),
        }
        self.check_no_gap(at, txn, since, look);
    }

    /// What a server delivers follows what it delivered before, without leaving anything out.
    fn check_no_gap(&mut self, at: usize, txn: &Txn, since: Option<Zxid>, look: &mut Look<'_>) {
        let (Some(last), Some(before)) = (since, at.checked_sub(1)) else { return };
        let Some(before) = self.delivered.get(before) else { return };
        if self.delivered.get(at).is_some_and(|delivered| delivered.is_after_hole) {
            return;
        }
        let log = look.servers.get(&look.id).and_then(|slot| slot.process.as_ref());
        let Some(log) = log.map(|server| server.database().committed_log()) else { return };
        let mine = log.partition_point(|other| other.zxid < txn.zxid);
        let previous = mine.checked_sub(1).and_then(|i| log.get(i)).map_or(last, |t| t.zxid);
        if previous.max(last) < before.zxid {
            let one = format!("{} delivers {} after {}", look.id, txn.zxid, previous.max(last));
            let other = format!("{} lies between", before.zxid);
            look.clash(Invariant::TotalOrder, &[], Some(txn.zxid), one, other);
        }
    }

    /// The first server to deliver a transaction fixes its place.
    fn extend(
        &mut self,
        txn: &Rc<Txn>,
        mine: u64,
        since: Option<Zxid>,
        ensemble: &Ensemble,
        look: &mut Look<'_>,
    ) {
        let zxid = txn.zxid;
        let proposed = self.proposed.get(&zxid.epoch());
        let at = proposed.map(|list| (list, list.partition_point(|(z, _)| *z < zxid)));
        let found = at.and_then(|(list, at)| list.get(at)).copied();
        if found != Some((zxid, mine)) {
            let one = format!("{} delivers {zxid}", look.id);
            let other = format!("proposed in epoch {}: {found:?}", zxid.epoch());
            look.clash(Invariant::Integrity, &[], Some(zxid), one, other);
        }
        let holders: std::collections::BTreeSet<ServerId> = look
            .servers
            .iter()
            .filter(|(_, slot)| is_on_disk(slot.disk(), zxid))
            .map(|(id, _)| *id)
            .collect();
        if !ensemble.is_quorum(&holders) {
            let one = format!("{} delivers {zxid}", look.id);
            let other = format!("on the disks of {holders:?} only");
            look.clash(Invariant::Committedness, &[], Some(zxid), one, other);
        }
        // Only right after the transaction is its effect to be seen.
        let server = look.servers.get(&look.id).and_then(|slot| slot.process.as_ref());
        let is_last = server.is_some_and(|s| s.database().last_processed() == zxid);
        let effect = if since.is_some() && is_last { effect(look, txn) } else { 0 };
        let last = self.last_delivered();
        let follows = last.next() == zxid || last.epoch() != zxid.epoch() && zxid.counter() == 1;
        let holds_last =
            look.servers.get(&look.id).is_some_and(|slot| has_logged(slot.disk(), last));
        let is_after_hole = since.is_none() && !(follows && holds_last);
        self.delivered.push(Delivered { zxid, digest: mine, effect, is_after_hole });
    }

    /// The same transaction has the same effect everywhere. Only looked at right after it.
    fn check_effect(&mut self, at: usize, txn: &Rc<Txn>, since: Option<Zxid>, look: &mut Look<'_>) {
        let Some(known) = self.delivered.get(at).copied() else { return };
        let server = look.servers.get(&look.id).and_then(|slot| slot.process.as_ref());
        let is_last = server.is_some_and(|s| s.database().last_processed() == txn.zxid);
        if since.is_none() || known.effect == 0 || !is_last {
            return;
        }
        let mine = effect(look, txn);
        if mine != known.effect {
            let one = format!("{}: digest {mine:x} after {}", look.id, txn.zxid);
            let other = format!("others: digest {:x}", known.effect);
            look.clash(Invariant::Determinism, &[], Some(txn.zxid), one, other);
        }
    }

    fn check_disk(&mut self, look: &mut Look<'_>) {
        let Some(slot) = look.servers.get(&look.id) else { return };
        let Some(watched) = self.servers.get_mut(&look.id) else { return };
        let disk = slot.disk();
        let accepted = disk.accepted_epoch.unwrap_or_default();
        let current = disk.current_epoch.unwrap_or_default();
        let logged = disk.last_logged().unwrap_or_default().epoch();
        if accepted < current || current < logged {
            let one = format!("acceptedEpoch {accepted}, currentEpoch {current}");
            let other = format!("last logged epoch {logged}");
            look.clash(Invariant::Epochs, &[], None, one, other);
        }
        if accepted < watched.accepted_epoch || current < watched.current_epoch {
            let one = format!("acceptedEpoch {accepted}, currentEpoch {current}");
            let before = (watched.accepted_epoch, watched.current_epoch);
            let other = format!("before: {} and {}", before.0, before.1);
            look.clash(Invariant::Epochs, &[], None, one, other);
        }
        (watched.accepted_epoch, watched.current_epoch) = (accepted, current);
        watched.log_seen = check_log(disk, watched.log_seen, look);
    }
}

/// The epoch a server leads, from synchronization on.
fn led_epoch(servers: &BTreeMap<ServerId, ServerSlot>, id: ServerId) -> Option<u32> {
    let server = servers.get(&id)?.process.as_ref()?;
    let is_past_discovery = matches!(server.phase(), Phase::Synchronization | Phase::Broadcast);
    let is_leading = server.state() == ServerState::Leading && is_past_discovery;
    let epoch = server.as_leader()?.epoch();
    is_leading.then_some(epoch)
}

/// New entries of a durable log: increasing, and without gaps inside an epoch unless a snapshot
/// bridges them. Returns how far it looked.
fn check_log(disk: &Files, seen: (usize, usize), look: &mut Look<'_>) -> (usize, usize) {
    let now = (disk.logs.len(), disk.logs.last().map_or(0, |log| log.txns.len()));
    if now == seen {
        return seen;
    }
    // After a cut there is less than there was: begin one file earlier.
    let (files, entries) = if now < seen { (0, 0) } else { seen };
    let file = files.saturating_sub(1);
    let mut previous: Option<Zxid> = entries
        .checked_sub(1)
        .and_then(|before| disk.logs.get(file)?.txns.get(before))
        .map(|txn| txn.zxid);
    for (n, log) in disk.logs.iter().enumerate().skip(file) {
        let skip = if n == file { entries } else { 0 };
        for txn in log.txns.iter_from(skip.min(log.txns.len())) {
            if let Some(previous) = previous {
                let is_next = previous < txn.zxid
                    && (previous.next() == txn.zxid || previous.epoch() != txn.zxid.epoch());
                let bridge = Zxid(txn.zxid.0 - 1);
                let is_bridged = previous < txn.zxid && disk.snapshots.contains_key(&bridge);
                if !is_next && !is_bridged {
                    let one = format!("{} logged after {previous}", txn.zxid);
                    let other = "zxids increase, without gaps inside an epoch".to_owned();
                    look.clash(Invariant::Log, &[], Some(txn.zxid), one, other);
                }
            }
            previous = Some(txn.zxid);
        }
    }
    now
}

/// Whether a disk holds a transaction: in its log, or in a snapshot.
fn is_on_disk(disk: &Files, zxid: Zxid) -> bool {
    if disk.snapshots.keys().next_back().is_some_and(|newest| zxid <= *newest) {
        return true;
    }
    has_logged(disk, zxid)
}

/// Whether the log holds a transaction; that before the first one it always does.
fn has_logged(disk: &Files, zxid: Zxid) -> bool {
    let holds = |log: &crate::zab::log::LogFile| {
        let at = log.txns.partition_point(|txn| txn.zxid < zxid);
        log.txns.get(at).is_some_and(|txn| txn.zxid == zxid)
    };
    zxid == Zxid::ZERO || disk.logs.iter().rev().any(holds)
}

/// A server that begins to serve has the same tree and sessions as any other at the same zxid.
fn check_same_state(look: &mut Look<'_>) {
    let image = |id: &ServerId| {
        let server = look.servers.get(id)?.process.as_ref()?;
        server.is_serving().then(|| &server.database().image)
    };
    let Some(mine) = image(&look.id) else { return };
    let differs =
        |id: &&ServerId| image(id).is_some_and(|other| other.zxid == mine.zxid && other != mine);
    let zxid = mine.zxid;
    if let Some(other) = look.servers.keys().find(differs).copied() {
        let one = format!("{} at {zxid}", look.id);
        let same = format!("{other} at {zxid}, another tree or other sessions");
        look.clash(Invariant::Determinism, &[other], Some(zxid), one, same);
    }
}

/// A digest of the znodes that a transaction touches, as they are now.
fn effect(look: &Look<'_>, txn: &Txn) -> u64 {
    use crate::txn::TxnBody as B;
    fn paths(body: &B, into: &mut Vec<Rc<str>>) {
        match body {
            B::Create { path, .. }
            | B::Delete { path }
            | B::SetData { path, .. }
            | B::SetAcl { path, .. }
            | B::DeleteContainer { path } => into.push(path.clone()),
            B::CloseSession { paths } => into.extend(paths.iter().cloned()),
            B::Multi(bodies) => bodies.iter().for_each(|body| paths(body, into)),
            B::Check { .. }
            | B::CreateSession { .. }
            | B::Error(_)
            | B::MultiError(_)
            | B::Reconfig { .. } => {}
        }
    }
    let server = look.servers.get(&look.id).and_then(|slot| slot.process.as_ref());
    let Some(server) = server else { return 0 };
    let image = &server.database().image;
    let mut touched = Vec::new();
    paths(&txn.body, &mut touched);
    let mut hasher = Fnv::default();
    for path in &touched {
        let parent = path.rfind('/').map_or("/", |at| &path[..at.max(1)]);
        image.node(path).hash(&mut hasher);
        let parent =
            image.node(parent).map(|node| (node.cversion, node.pzxid, node.children.len()));
        parent.hash(&mut hasher);
    }
    image.sessions.get(&txn.session).hash(&mut hasher);
    hasher.finish() | 1
}

fn digest(value: &impl Hash) -> u64 {
    let mut hasher = Fnv::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// FNV-1a over the same bytes on every platform.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }
}
