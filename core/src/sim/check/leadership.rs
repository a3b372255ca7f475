//! Who leads, with whose promise, and with which history: Leadership1, Leadership2, and of
//! InitialHistory what an epoch begins with.

use super::history::History;
use super::quorum::is_quorum;
use super::{Found, Invariant, Look};
use crate::config::{Member, Role};
use crate::sim::world::ServerSlot;
use crate::sorted::Map;
use crate::types::{Phase, ServerId, ServerState, Zxid};
use crate::zab::log::Files;

/// Remembers who led.
#[derive(Clone, Debug, Default)]
pub(super) struct Leadership {
    /// Who led each epoch.
    leaders: Map<u32, ServerId>,
    /// The last epoch that each server began to serve.
    serving: Map<ServerId, u32>,
}

impl Leadership {
    pub(super) fn look(&mut self, look: &Look<'_>, history: &mut History, found: &mut Found) {
        check_vote(look, found);
        let Some(epoch) = led_epoch(look.slot) else { return };
        match self.leaders.get(&epoch).copied() {
            None => {
                self.leaders.insert(epoch, look.id);
                check_promise(epoch, look, found);
                history.check_initial(epoch, look, found);
            }
            Some(leader) if leader != look.id => {
                let one = format!("{} leads epoch {epoch}", look.id);
                let other = format!("{leader} led epoch {epoch}");
                let both = [look.id, leader];
                found.clash(Invariant::Leadership2, &both, None, one, other);
            }
            Some(_) => {}
        }
        let mut others = look.servers.iter().filter(|(other, _)| **other != look.id);
        if let Some((other, _)) = others.find(|(_, slot)| led_epoch(slot) == Some(epoch)) {
            let one = format!("{} leads epoch {epoch}", look.id);
            let same = format!("{other} leads epoch {epoch}");
            found.clash(Invariant::Leadership1, &[look.id, *other], None, one, same);
        }
        let is_serving = look.process().is_some_and(|server| server.is_serving());
        if is_serving && self.serving.insert(look.id, epoch) != Some(epoch) {
            check_history_is_shared(epoch, look, found);
        }
    }
}

/// The epoch a server leads, from synchronization on.
fn led_epoch(slot: &ServerSlot) -> Option<u32> {
    let server = slot.process.as_ref()?;
    let is_past_discovery = matches!(server.phase(), Phase::Synchronization | Phase::Broadcast);
    let is_leading = server.state() == ServerState::Leading && is_past_discovery;
    let epoch = server.as_leader()?.epoch();
    is_leading.then_some(epoch)
}

/// Who looks for a leader votes for itself with its whole log (ZOOKEEPER-2845), and for another
/// only if that one's history is not behind its own.
fn check_vote(look: &Look<'_>, found: &mut Found) {
    let Some(server) = look.process().filter(|s| s.state() == ServerState::Looking) else { return };
    // Who may not win votes for whoever may; observers vote for nobody.
    let may_win = |member: &Member| member.role == Role::Participant && member.weight != Some(0);
    if !server.views().current.members.get(&look.id).is_some_and(may_win) {
        return;
    }
    let (vote, disk) = (server.vote(), look.slot.disk());
    let last_logged = disk.last_logged().unwrap_or_default();
    let current_epoch = disk.current_epoch.unwrap_or_default();
    if (vote.peer_epoch, vote.zxid) < (current_epoch, last_logged) {
        let whom = vote.leader;
        let (epoch, zxid) = (vote.peer_epoch, vote.zxid);
        let one = format!("{} votes for {whom} with epoch {epoch}, zxid {zxid}", look.id);
        let other = format!("its own epoch is {current_epoch}, its log ends with {last_logged}");
        let both = [look.id, whom];
        found.clash(Invariant::InitialHistory, &both, Some(last_logged), one, other);
    }
}

/// An epoch begins with the promise of a quorum to follow no older one.
fn check_promise(epoch: u32, look: &Look<'_>, found: &mut Found) {
    let has_promised = |disk: &Files| disk.accepted_epoch.is_some_and(|accepted| epoch <= accepted);
    let promised = look.those(has_promised);
    // Of the members it goes by: those that are only proposed are asked for the history.
    let config = look.process().map_or(look.ensemble, |server| &server.views().current);
    if !is_quorum(config, &promised) {
        let one = format!("{} leads epoch {epoch}", look.id);
        let other = format!("acceptedEpoch is {epoch} or more only at {promised:?}");
        found.clash(Invariant::InitialHistory, &[look.id], None, one, other);
    }
}

/// A leader serves once a quorum has its history, and says so on disk.
fn check_history_is_shared(epoch: u32, look: &Look<'_>, found: &mut Found) {
    let has_entered = |disk: &Files| disk.current_epoch.is_some_and(|current| epoch <= current);
    let entered = look.those(has_entered);
    if !look.is_quorum(Zxid::new(epoch, 0), &entered) {
        let one = format!("{} begins to serve in epoch {epoch}", look.id);
        let other = format!("currentEpoch is {epoch} or more only at {entered:?}");
        found.clash(Invariant::InitialHistory, &[look.id], None, one, other);
    }
}
