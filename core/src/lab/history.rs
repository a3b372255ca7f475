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

/// The packets of a stretch of time that moves along: what was in it before is not read again. Valid
/// for one trace as long as that only grows.
#[derive(Clone, Default, Debug)]
pub struct Window {
    /// The events between these two have been looked at, each of them whose index is a multiple of the stride.
    first: usize,
    end: usize,
    /// A power of two; 0 before the first look.
    stride: usize,
    /// Oldest first.
    packets: Vec<EventView>,
}

impl Window {
    /// Moves on to `during`. Then it has the packets that arrived or died in it, oldest first, of the
    /// families that `shows` wants (always the same ones), and the outside's actions: at most `most`,
    /// so of a longer time only every so many-th event is looked at.
    pub fn move_to(
        &mut self,
        trace: &Trace,
        during: Range<Time>,
        shows: impl Fn(PacketKind) -> bool,
        most: usize,
    ) {
        let place = |time: Time| trace.events.partition_point(|event| event.at < time);
        let (first, end) = (place(during.start), place(during.end));
        let events = end.saturating_sub(first);
        let least = events.div_ceil(most.max(1) * LOOKED_AT).max(1).next_power_of_two();
        // It has skipped more than there is a reason for, or it comes from elsewhere.
        let is_coarse = least < self.stride && self.packets.len() < most / 4;
        let is_near = (self.first..=self.end).contains(&first) && self.end <= end;
        if self.stride == 0 || !is_near || is_coarse {
            *self = Window { first, end: first, stride: least, packets: Vec::new() };
        }
        let old = self.packets.partition_point(|event| (event.index as usize) < first);
        self.packets.drain(..old);
        self.first = first;
        if self.stride < least {
            self.thin(least);
        }
        let mut next = self.end.next_multiple_of(self.stride);
        while next < end {
            if trace.events.look(next, |event| is_shown(event, &shows)) == Some(true) {
                self.packets.extend(event(trace, next as u32));
            }
            if most < self.packets.len() {
                self.thin(self.stride * 2);
            }
            next = (next + 1).next_multiple_of(self.stride);
        }
        self.end = end;
    }

    /// What it has.
    pub fn packets(&self) -> &[EventView] {
        &self.packets
    }

    /// One of so many events was looked at.
    pub fn stride(&self) -> usize {
        self.stride
    }

    fn thin(&mut self, stride: usize) {
        self.stride = stride;
        self.packets.retain(|event| (event.index as usize).is_multiple_of(stride));
    }
}

fn is_shown(event: &Event, shows: impl Fn(PacketKind) -> bool) -> bool {
    match &event.kind {
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
    }
}

/// The events that this one caused, of the next `reach` events, at most `most`.
pub fn effects(trace: &Trace, index: u32, reach: u32, most: usize) -> Vec<EventView> {
    let last = trace.len().min(index.saturating_add(reach));
    let is_its =
        |other: &u32| trace.events.look(*other as usize, |event| event.cause) == Some(index);
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
    let sent = cause.and_then(|cause| trace.events.look(cause as usize, |event| event.at));
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
