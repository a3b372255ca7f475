//! What happened, as lines between actors: for lanes, and for the chain of causes of a decision.

use crate::lab::look;
use crate::lab::view::{EventView, EventWhat, PacketKind};
use crate::sim::link::PacketType;
use crate::sim::trace::{Event, EventKind, NO_CAUSE, Trace};
use crate::types::{Actor, Time};
use std::ops::Range;

/// The event of this index, if it has happened.
pub fn event(trace: &Trace, index: u32) -> Option<EventView> {
    let event = trace.events.get(index as usize)?;
    Some(look_at(trace, index, &event))
}

/// How many events are looked at for each that may be shown, before some are skipped.
const LOOKED_AT: usize = 8;

/// The packets that arrived or died in `during`, oldest first, of the families that `shows` wants,
/// and the outside's actions. At most `most`: of a longer time only every so many-th event is
/// looked at, and the second value says which.
pub fn packets(
    trace: &Trace,
    during: Range<Time>,
    shows: impl Fn(PacketKind) -> bool,
    most: usize,
) -> (Vec<EventView>, usize) {
    let place = |time: Time| trace.events.partition_point(|event| event.at < time);
    let (first, end) = (place(during.start), place(during.end));
    let stride = end.saturating_sub(first).div_ceil(most.max(1) * LOOKED_AT).max(1);
    let is_shown = |index: &usize| {
        trace.events.get(*index).is_some_and(|event| match &event.kind {
            EventKind::Act(_) => true,
            EventKind::Delivered { message, .. } => shows(look::family(PacketType::of(message))),
            EventKind::Lost { message, .. } => {
                message.as_ref().is_some_and(|m| shows(look::family(PacketType::of(m))))
            }
            EventKind::Accepted { .. } | EventKind::Connected { .. } | EventKind::Closed { .. } => {
                shows(PacketKind::Connection)
            }
            EventKind::ServerTimer(..)
            | EventKind::ClientTimer(..)
            | EventKind::RecipeTimer(..)
            | EventKind::Written(..)
            | EventKind::WriteFailed(..) => false,
        })
    };
    let shown: Vec<usize> = (first..end).step_by(stride).filter(is_shown).collect();
    let thin = shown.len().div_ceil(most.max(1)).max(1);
    let views = shown.into_iter().step_by(thin);
    (views.filter_map(|index| event(trace, index as u32)).collect(), stride * thin)
}

/// The events that this one caused, of the next `reach` events, at most `most`.
pub fn effects(trace: &Trace, index: u32, reach: u32, most: usize) -> Vec<EventView> {
    let last = trace.len().min(index.saturating_add(reach));
    let is_its =
        |other: &u32| trace.events.get(*other as usize).is_some_and(|event| event.cause == index);
    let found = (index.saturating_add(1)..last).filter(is_its).take(most);
    found.filter_map(|index| event(trace, index)).collect()
}

/// The event, what caused it, what caused that, and so on, at most `most`, the latest first.
pub fn causes(trace: &Trace, index: u32, most: usize) -> Vec<EventView> {
    let mut chain = Vec::new();
    let mut next = Some(index);
    while let Some(found) = next.and_then(|index| event(trace, index)) {
        next = found.cause;
        chain.push(found);
        if chain.len() == most {
            break;
        }
    }
    chain
}

fn look_at(trace: &Trace, index: u32, event: &Event) -> EventView {
    let cause = (event.cause != NO_CAUSE).then_some(event.cause);
    let sent = cause.and_then(|cause| trace.events.get(cause as usize)).map(|event| event.at);
    EventView {
        index,
        at: event.at,
        cause,
        sent,
        actor: event.kind.actor(),
        what: what(&event.kind),
    }
}

fn what(kind: &EventKind) -> EventWhat {
    let packet = |from: Actor, to: Actor, message: Option<&crate::wire::Message>, is_lost| {
        let kind = message.map_or(PacketKind::Connection, |m| look::family(PacketType::of(m)));
        let (label, epoch) = message.map(look::label).unwrap_or_default();
        EventWhat::Packet { from, to, label: label.into(), kind, epoch, is_lost }
    };
    match kind {
        EventKind::Act(action) => EventWhat::Act(action.clone()),
        EventKind::Delivered { from, to, message, .. } => packet(*from, *to, Some(message), false),
        EventKind::Lost { from, to, message, .. } => packet(*from, *to, message.as_deref(), true),
        EventKind::Accepted { from, to, .. } => packet(*from, *to, None, false),
        // The answer to a dial comes from the one that was dialled.
        EventKind::Connected { from, to, .. } => packet(*to, *from, None, false),
        EventKind::Closed { at, peer, .. } => packet(*peer, *at, None, false),
        EventKind::ServerTimer(..) | EventKind::ClientTimer(..) | EventKind::RecipeTimer(..) => {
            EventWhat::Timer
        }
        EventKind::Written(..) => EventWhat::Written,
        EventKind::WriteFailed(..) => EventWhat::WriteFailed,
    }
}
