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

/// The events that happened in `during`, oldest first, at most `most`: if there are more, an even
/// choice of them.
pub fn events(trace: &Trace, during: Range<Time>, most: usize) -> Vec<EventView> {
    let place = |time: Time| trace.events.partition_point(|event| event.at < time);
    let (first, end) = (place(during.start), place(during.end));
    let stride = (end - first.min(end)).div_ceil(most.max(1)).max(1);
    let indexes = (first..end).step_by(stride);
    indexes.filter_map(|index| event(trace, index as u32)).collect()
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
        EventKind::ServerTimer(..) | EventKind::ClientTimer(..) => EventWhat::Timer,
        EventKind::Written(..) => EventWhat::Written,
    }
}
