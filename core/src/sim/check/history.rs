//! The one history: what was proposed, and the order in which it is delivered. PrefixConsistency,
//! Integrity, Agreement, TotalOrder, LocalPrimaryOrder, GlobalPrimaryOrder, PrimaryIntegrity,
//! Committedness and Determinism.
//!
//! ```text
//!   proposed     by epoch: what its leader gave a zxid to
//!   delivered    1·1  1·2  1·3  2·1  …     the order, as the first server to deliver fixed it
//!                           ▲         ▲
//!                           s3        s1, s2    each server walks along it, skipping nothing
//! ```

use super::tree::effect;
use super::{Found, Invariant, Look};
use crate::chunks::Chunks;
use crate::sorted::{Map, Set};
use crate::txn::Txn;
use crate::txn::list::{Shelf, TxnList};
use crate::types::{ServerId, Zxid};
use crate::zab::log::{Files, LogFile};
use std::rc::Rc;

/// Of so many transactions, the last ones, it is remembered what they led to. Who serves is never so far
/// behind.
const MOST_EFFECTS: usize = 4096;

/// What is remembered of one server.
#[derive(Clone, Debug, Default)]
struct Walker {
    /// Processed transactions since it was last looked at.
    applied: Vec<Zxid>,
    /// The last transaction it delivered, once it serves.
    last: Option<Zxid>,
    /// The last one it ever delivered.
    ever: Zxid,
    /// How far it ever served; (e,0) if nothing of that epoch was processed yet.
    served: Zxid,
}

/// What a look at a server has brought.
#[derive(Clone, Debug, Default)]
pub(super) struct Delivery {
    /// What it has delivered.
    pub(super) txns: Vec<Rc<Txn>>,
    /// Of these, those that nobody had delivered before.
    pub(super) fresh: Vec<Rc<Txn>>,
    /// Something may be missing before the fresh ones.
    pub(super) has_hole: bool,
}

impl Delivery {
    pub(super) fn is_empty(&self) -> bool {
        self.txns.is_empty()
    }
}

/// The history and everybody's place in it.
#[derive(Clone, Debug)]
pub(super) struct History {
    walkers: Map<ServerId, Walker>,
    /// What each epoch's leader proposed, in order.
    proposed: Map<u32, TxnList>,
    /// In the order in which they were delivered.
    delivered: TxnList,
    /// Of each of the last of these a digest of the znodes it touched, after it; 0 if nobody looked.
    effects: Chunks<u64>,
    /// Those before which others may lie that nobody delivered while being watched: the server that
    /// fixed their places had them in a snapshot.
    after_holes: Set<Zxid>,
    /// By epoch: the last transaction that its leader began with.
    initial: Map<u32, Zxid>,
    /// Everything up to this was in a snapshot that somebody began to serve with.
    served: Zxid,
    /// The counter after which each epoch begins: `testingonly.initialZxid`.
    pub(super) initial_counter: u32,
}

impl History {
    pub(super) fn new(servers: &[ServerId]) -> History {
        History {
            walkers: servers.iter().map(|id| (*id, Walker::default())).collect(),
            proposed: Map::new(),
            delivered: TxnList::default(),
            effects: Chunks::default(),
            after_holes: Set::new(),
            initial: Map::new(),
            served: Zxid::ZERO,
            initial_counter: 0,
        }
    }

    pub(super) fn add_server(&mut self, id: ServerId) {
        self.walkers.entry(id).or_default();
    }

    pub(super) fn last_delivered(&self) -> Zxid {
        self.delivered.last().map(|txn| txn.zxid).unwrap_or_default()
    }

    /// The last transaction that anybody is known to have delivered, also with a snapshot.
    pub(super) fn last_known(&self) -> Zxid {
        self.last_delivered().max(self.served)
    }

    /// The history up to a zxid, the newest first. Also what nobody was seen to deliver, since it came
    /// with a snapshot: of each epoch what was proposed up to there, then what its leader began with.
    pub(super) fn backwards(&self, from: Zxid) -> impl Iterator<Item = Rc<Txn>> + '_ {
        let before = |zxid: &Zxid| {
            let initial = self.initial.get(&zxid.epoch()).copied();
            initial.filter(|initial| initial.epoch() < zxid.epoch())
        };
        std::iter::successors(Some(from), before).flat_map(|up_to| {
            let list = self.proposed.get(&up_to.epoch());
            let end = list.map_or(0, |list| list.partition_point(|txn| txn.zxid <= up_to));
            list.into_iter().flat_map(move |list| list.iter_back(end))
        })
    }

    pub(super) fn delivered(&self) -> impl Iterator<Item = Rc<Txn>> + '_ {
        self.delivered.iter()
    }

    /// Keeps what is old in less memory.
    pub(super) fn pack(&mut self, shelf: &mut Shelf) {
        self.delivered.pack(shelf);
        self.proposed.values_mut().for_each(|list| _ = list.pack(shelf));
        self.effects.forget(self.effects.len().saturating_sub(MOST_EFFECTS));
    }

    /// As if nobody had delivered this and what follows.
    #[cfg(test)]
    pub(super) fn forget(&mut self, zxid: Zxid) {
        let at = self.delivered.partition_point(|delivered| delivered.zxid < zxid);
        self.delivered.truncate(at);
        self.effects.truncate(at);
        let last = self.last_delivered();
        for walker in self.walkers.values_mut() {
            walker.ever = walker.ever.min(last);
            walker.served = walker.served.min(last);
        }
    }

    /// As if somebody had delivered this before everything else.
    #[cfg(test)]
    pub(super) fn insert_delivered(&mut self, txn: Rc<Txn>) {
        let (mut delivered, mut effects) = (TxnList::default(), Chunks::default());
        std::iter::once(txn).chain(self.delivered.iter()).for_each(|txn| delivered.push(txn));
        std::iter::once(&0).chain(self.effects.iter()).for_each(|effect| effects.push(*effect));
        (self.delivered, self.effects) = (delivered, effects);
    }

    /// The last transaction that a server ever delivered.
    pub(super) fn delivered_by(&self, id: ServerId) -> Zxid {
        self.walkers.get(&id).map(|walker| walker.ever).unwrap_or_default()
    }

    pub(super) fn applied(&mut self, id: ServerId, zxid: Zxid) {
        self.walkers.entry(id).or_default().applied.push(zxid);
    }

    /// It begins anew, from its own history.
    pub(super) fn forget_place(&mut self, id: ServerId) {
        let walker = self.walkers.entry(id).or_default();
        walker.applied.clear();
        walker.last = None;
    }

    /// The last transaction of an epoch that was proposed.
    pub(super) fn last_proposed(&self, epoch: u32) -> Zxid {
        let list = self.proposed.get(&epoch);
        list.and_then(|list| list.last()).map(|txn| txn.zxid).unwrap_or_default()
    }

    /// What an epoch's leader proposed under this zxid.
    pub(super) fn proposal(&self, zxid: Zxid) -> Option<Rc<Txn>> {
        let list = self.proposed.get(&zxid.epoch())?;
        list.get(list.partition_point(|txn| txn.zxid < zxid)).filter(|txn| txn.zxid == zxid)
    }

    /// Remembers what a leader has given a zxid to since it was last looked at, and returns it.
    pub(super) fn note_proposals(&mut self, look: &Look<'_>, found: &mut Found) -> Vec<Rc<Txn>> {
        let Some(leader) = look.process().and_then(|server| server.as_leader()) else {
            return Vec::new();
        };
        let last = leader.last_proposed();
        if !leader.is_serving() || last.is_new_epoch() {
            return Vec::new();
        }
        let list = self.proposed.entry(last.epoch()).or_default();
        let known = list.last().map(|txn| txn.zxid).unwrap_or_default();
        if last <= known {
            return Vec::new();
        }
        let fresh = leader.outstanding_txns().filter(|txn| known < txn.zxid).cloned();
        let fresh: Vec<Rc<Txn>> = fresh.collect();
        fresh.iter().for_each(|txn| list.push(txn.clone()));
        if let Some(first) = fresh.first() {
            self.check_primary(first, look, found);
        }
        fresh
    }

    /// The last transaction delivered by anybody before an epoch began.
    fn last_before(&self, epoch: u32) -> Option<Rc<Txn>> {
        // No transaction is (e,0).
        self.last_up_to(Zxid::new(epoch, 0))
    }

    fn check_primary(&self, first: &Txn, look: &Look<'_>, found: &mut Found) {
        let Some(last) = self.last_before(first.zxid.epoch()) else { return };
        let zxid = last.zxid;
        // What it has only in a snapshot it delivered when it began to serve, perhaps before anybody
        // was seen to deliver it.
        let is_in_log = has_logged(look.slot.disk(), zxid).is_some();
        let served = self.walkers.get(&look.id).map(|walker| walker.served).unwrap_or_default();
        let has_passed = self.delivered_by(look.id) >= zxid || !is_in_log && served >= zxid;
        if !has_passed || !has_it(look, &last) {
            let one = format!("{} proposes {}", look.id, first.zxid);
            let other = format!("it has not delivered {zxid}, others have");
            found.clash(Invariant::PrimaryIntegrity, &[look.id], Some(zxid), one, other);
        }
    }

    /// What was delivered before an epoch is in the history its leader begins with.
    pub(super) fn check_initial(&mut self, epoch: u32, look: &Look<'_>, found: &mut Found) {
        let initial = look.process().map(|server| server.database().last_processed());
        self.initial.insert(epoch, initial.unwrap_or_default());
        let Some(last) = self.last_before(epoch) else { return };
        if !has_it(look, &last) {
            let zxid = last.zxid;
            let one = format!("{} leads epoch {epoch} without {zxid}", look.id);
            let other = format!("{zxid} was delivered in epoch {}", zxid.epoch());
            found.clash(Invariant::InitialHistory, &[look.id], Some(zxid), one, other);
        }
    }

    /// What a server has delivered in this event, against the order.
    pub(super) fn look(&mut self, look: &Look<'_>, found: &mut Found) -> Delivery {
        let mut delivery = Delivery::default();
        let Some(walker) = self.walkers.get_mut(&look.id) else { return delivery };
        if walker.applied.is_empty() && walker.last.is_none() {
            return delivery;
        }
        let mut applied = std::mem::take(&mut walker.applied);
        let since = walker.last;
        let Some(server) = look.process() else { return delivery };
        if !server.is_serving() {
            walker.last = None;
            return delivery;
        }
        if applied.is_empty() {
            return delivery;
        }
        let database = server.database();
        let log = database.committed_log();
        match since {
            // All it has taken in since it was last looked at, in that order.
            Some(mut previous) => {
                // A short committed log may have forgotten the first of them.
                let forgotten = applied.len().saturating_sub(log.len());
                let forgotten = applied[..forgotten].iter();
                let forgotten = forgotten.filter_map(|zxid| self.proposal(*zxid));
                let skip = log.len().saturating_sub(applied.len());
                let txns = forgotten.chain(log.iter().skip(skip).cloned()).collect::<Vec<_>>();
                for txn in &txns {
                    self.deliver(txn, Some(previous), look, &mut delivery, found);
                    previous = txn.zxid;
                }
                delivery.txns = txns;
            }
            // It begins to serve: its whole history is delivered now, as far as it still has it.
            None => {
                let last = self.last_delivered();
                let remembered = log.iter().take_while(|txn| txn.zxid <= last);
                let up_to = database.last_processed();
                let fresh = look.slot.disk().after(last).take_while(|txn| txn.zxid <= up_to);
                let txns = remembered.cloned().chain(fresh).collect::<Vec<_>>();
                txns.iter().for_each(|txn| self.deliver(txn, None, look, &mut delivery, found));
                delivery.txns = txns;
                // What came by SNAP is in no log here.
                let snapshots = look.slot.disk().snapshots.range(..=up_to);
                let newest = snapshots.map(|(zxid, _)| *zxid).next_back();
                let newest = newest.filter(|zxid| !zxid.is_new_epoch()).unwrap_or_default();
                self.served = self.served.max(newest);
                self.check_prefix(up_to, look, found);
                check_same_state(look, found);
            }
        }
        let last = database.last_processed();
        // (e,0) is no transaction.
        let real = match self.last_up_to(last) {
            _ if !last.is_new_epoch() => last,
            Some(delivered) => delivered.zxid,
            None => Zxid::ZERO,
        };
        applied.clear();
        if let Some(walker) = self.walkers.get_mut(&look.id) {
            walker.applied = applied;
            walker.last = Some(last);
            walker.ever = walker.ever.max(real);
            walker.served = walker.served.max(last);
        }
        delivery
    }

    /// The last transaction delivered by anybody that is not after `zxid`.
    fn last_up_to(&self, zxid: Zxid) -> Option<Rc<Txn>> {
        let after = self.delivered.partition_point(|delivered| delivered.zxid <= zxid);
        self.delivered.get(after.checked_sub(1)?)
    }

    /// Who begins to serve up to `up_to` has what was delivered last before that.
    fn check_prefix(&self, up_to: Zxid, look: &Look<'_>, found: &mut Found) {
        let Some(last) = self.last_up_to(up_to) else { return };
        // What was committed meanwhile may be on its way to the disk.
        let log = look.process().map(|server| server.database().committed_log());
        let is_recent = log.is_some_and(|log| log.iter().rev().any(|txn| is_same(txn, &last)));
        if !is_recent && !has_it(look, &last) {
            let zxid = last.zxid;
            let one = format!("{} serves with everything up to {up_to}", look.id);
            let other = format!("it does not have {zxid}, which was delivered");
            found.clash(Invariant::PrefixConsistency, &[look.id], Some(zxid), one, other);
        }
    }

    /// One transaction of one server against the order.
    fn deliver(
        &mut self,
        txn: &Rc<Txn>,
        previous: Option<Zxid>,
        look: &Look<'_>,
        delivery: &mut Delivery,
        found: &mut Found,
    ) {
        let zxid = txn.zxid;
        let at = self.delivered.partition_point(|delivered| delivered.zxid < zxid);
        let next = self.delivered.get(at);
        let is_hole = next.as_ref().is_some_and(|next| self.after_holes.contains(&next.zxid));
        if let Some(previous) = previous {
            self.check_step(at, is_hole, zxid, previous, look, found);
        }
        match next {
            Some(known) if known.zxid == zxid => {
                if !is_same(&known, txn) {
                    let one = format!("{} delivers {zxid} {:?}", look.id, txn.body);
                    let other = format!("others delivered {zxid} {:?}", known.body);
                    let id = [look.id];
                    found.clash(Invariant::PrefixConsistency, &id, Some(zxid), one, other);
                }
                if previous.is_some() {
                    self.check_effect(at, txn, look, found);
                }
            }
            Some(_) if is_hole => {}
            Some(next) => {
                let next = next.zxid;
                let one = format!("{} delivers {zxid}", look.id);
                let other = format!("others went on with {next}");
                found.clash(Invariant::TotalOrder, &[look.id], Some(zxid), one, other);
                self.check_agreement(zxid, next, look, found);
            }
            None => self.extend(txn, previous, look, delivery, found),
        }
    }

    /// What a server delivers follows what it delivered before, without leaving anything out.
    fn check_step(
        &self,
        at: usize,
        is_hole: bool,
        zxid: Zxid,
        previous: Zxid,
        look: &Look<'_>,
        found: &mut Found,
    ) {
        let id = [look.id];
        let one = || format!("{} delivers {zxid} after {previous}", look.id);
        if zxid == previous {
            let other = format!("{zxid} was delivered before");
            found.clash(Invariant::Integrity, &id, Some(zxid), one(), other);
        } else if zxid < previous {
            let (invariant, other) = if zxid.epoch() < previous.epoch() {
                let other = format!("epoch {} comes before {}", zxid.epoch(), previous.epoch());
                (Invariant::GlobalPrimaryOrder, other)
            } else {
                (Invariant::TotalOrder, format!("{zxid} comes before {previous}"))
            };
            found.clash(invariant, &id, Some(zxid), one(), other);
        }
        let before = at.checked_sub(1).and_then(|before| self.delivered.get(before));
        if let Some(before) = before.map(|before| before.zxid)
            && previous < before
            && !is_hole
        {
            let other = format!("{before} lies between");
            found.clash(Invariant::TotalOrder, &id, Some(zxid), one(), other);
            self.check_agreement(zxid, before, look, found);
        }
        let Some(list) = self.proposed.get(&zxid.epoch()) else { return };
        let first = list.partition_point(|txn| txn.zxid < zxid);
        let first = first.checked_sub(1).and_then(|before| list.get(before)).map(|txn| txn.zxid);
        if let Some(first) = first.filter(|first| previous < *first) {
            let other = format!("{first} was proposed before {zxid}");
            found.clash(Invariant::LocalPrimaryOrder, &id, Some(zxid), one(), other);
        }
    }

    /// This server has delivered `mine` and not `theirs`: nobody may have it the other way round.
    fn check_agreement(&self, mine: Zxid, theirs: Zxid, look: &Look<'_>, found: &mut Found) {
        let has_theirs = |(id, walker): &(&ServerId, &Walker)| {
            **id != look.id && theirs <= walker.ever && walker.ever != mine
        };
        if let Some((other, _)) = self.walkers.iter().find(has_theirs) {
            let one = format!("{} delivered {mine}, not {theirs}", look.id);
            let same = format!("{other} delivered {theirs}, not {mine}");
            found.clash(Invariant::Agreement, &[look.id, *other], Some(mine), one, same);
        }
    }

    /// The first server to deliver a transaction fixes its place.
    fn extend(
        &mut self,
        txn: &Rc<Txn>,
        previous: Option<Zxid>,
        look: &Look<'_>,
        delivery: &mut Delivery,
        found: &mut Found,
    ) {
        let zxid = txn.zxid;
        let proposed = self.proposal(zxid);
        if !proposed.as_ref().is_some_and(|proposed| is_same(proposed, txn)) {
            let one = format!("{} delivers {zxid} {:?}", look.id, txn.body);
            let other = match proposed {
                Some(proposed) => format!("proposed was {zxid} {:?}", proposed.body),
                None => format!("nobody proposed {zxid}"),
            };
            found.clash(Invariant::Integrity, &[look.id], Some(zxid), one, other);
        }
        let holders = look.those(|disk| is_on_disk(disk, zxid));
        if !look.is_quorum(zxid, &holders) {
            let one = format!("{} delivers {zxid}", look.id);
            let other = format!("it is on the disks of {holders:?} only");
            found.clash(Invariant::Committedness, &[look.id], Some(zxid), one, other);
        }
        // Only right after the transaction is its effect to be seen.
        let image = look.process().map(|server| &server.database().image);
        let image = image.filter(|image| image.zxid == zxid && previous.is_some());
        let effect = image.map_or(0, |image| effect(image, txn));
        let last = self.last_delivered();
        let is_first = zxid.counter() == self.initial_counter + 1;
        let follows = last.next() == zxid || last.epoch() != zxid.epoch() && is_first;
        let holds_last = last == Zxid::ZERO || has_logged(look.slot.disk(), last).is_some();
        let is_after_served = last < self.served && self.served < zxid;
        let is_after_hole = is_after_served || previous.is_none() && !(follows && holds_last);
        self.delivered.push(txn.clone());
        self.effects.push(effect);
        if is_after_hole {
            self.after_holes.insert(zxid);
        }
        delivery.fresh.push(txn.clone());
        delivery.has_hole |= is_after_hole;
    }

    /// The same transaction has the same effect everywhere. Only looked at right after it.
    fn check_effect(&self, at: usize, txn: &Txn, look: &Look<'_>, found: &mut Found) {
        let known = self.effects.get(at).copied().unwrap_or_default();
        let image = look.process().map(|server| &server.database().image);
        let Some(image) = image.filter(|image| image.zxid == txn.zxid && known != 0) else {
            return;
        };
        let mine = effect(image, txn);
        if mine != known {
            let one = format!("{} after {}: digest {mine:x}", look.id, txn.zxid);
            let other = format!("others after {}: digest {known:x}", txn.zxid);
            found.clash(Invariant::Determinism, &[look.id], Some(txn.zxid), one, other);
        }
    }
}

/// Transactions are shared, so most often they are the same one.
pub(super) fn is_same(one: &Rc<Txn>, other: &Rc<Txn>) -> bool {
    Rc::ptr_eq(one, other) || one == other
}

/// Whether a server's own history has a transaction: in its log, or in a snapshot.
fn has_it(look: &Look<'_>, txn: &Rc<Txn>) -> bool {
    let disk = look.slot.disk();
    match has_logged(disk, txn.zxid) {
        Some(logged) => is_same(&logged, txn),
        None => disk.snapshots.keys().next_back().is_some_and(|newest| txn.zxid <= *newest),
    }
}

/// Whether a disk holds a transaction: in its log, or in a snapshot.
pub(super) fn is_on_disk(disk: &Files, zxid: Zxid) -> bool {
    let is_in_snapshot = disk.snapshots.keys().next_back().is_some_and(|newest| zxid <= *newest);
    is_in_snapshot || has_logged(disk, zxid).is_some()
}

/// The transaction in the log.
pub(super) fn has_logged(disk: &Files, zxid: Zxid) -> Option<Rc<Txn>> {
    let find = |log: &'_ LogFile| log.txns.partition_point(|txn| txn.zxid < zxid);
    let mut logs = disk.logs.iter().rev();
    logs.find_map(|log| log.txns.get(find(log)).filter(|txn| txn.zxid == zxid))
}

/// A server that begins to serve has the same tree and sessions as any other at the same zxid.
fn check_same_state(look: &Look<'_>, found: &mut Found) {
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
        found.clash(Invariant::Determinism, &[look.id, other], Some(zxid), one, same);
    }
}
