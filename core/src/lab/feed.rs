//! What is worth a row in the feed or a mark on the timeline, found once as the trace grows.

mod kind;

pub use kind::FeedKind;

use crate::lab::look;
use crate::lab::view::{FeedItem, FeedRow};
use crate::sim::action::Action;
use crate::sim::link::NetworkAction;
use crate::sim::trace::{EventKind, Loss, NoteKind, Trace};
use crate::types::{Actor, Phase, ServerId, ServerState, Time};
use crate::why::Why;
use crate::wire::{Message, Packet};

/// A moment worth a mark on the timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The event.
    pub index: u32,
    /// When.
    pub at: Time,
    /// What.
    pub kind: MarkKind,
}

/// What a mark marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkKind {
    /// A leader of this epoch begins to serve.
    Elected(ServerId, u32),
    /// A server gave up leading.
    LostLeader(ServerId),
    /// A server was killed, or exited.
    Crash(ServerId),
    /// A server was started.
    Restart(ServerId),
    /// The network was parted, or a way of it cut.
    Partition,
    /// It was healed.
    Heal,
    /// Something happened to a disk.
    Disk(ServerId),
    /// An invariant broke.
    Violation,
}

/// A row: an event, or a note of one.
#[derive(Clone, Copy, Debug)]
struct Row {
    event: u32,
    note: Option<u32>,
}

/// Rows and marks of a trace.
#[derive(Clone, Debug, Default)]
pub struct FeedIndex {
    rows: Vec<Row>,
    marks: Vec<Mark>,
    events_read: u32,
    notes_read: u32,
}

impl FeedIndex {
    /// Takes in what the trace has grown by.
    pub fn update(&mut self, trace: &Trace) {
        self.forget(trace);
        if self.events_read < trace.kept_from() {
            // It was forgotten before it was read.
            self.events_read = trace.kept_from();
            let read = trace.notes.partition_point(|note| note.event < self.events_read);
            self.notes_read = read as u32;
        }
        let mut notes = trace.notes.iter_from(self.notes_read as usize).peekable();
        for event in trace.events.iter_from(self.events_read as usize) {
            let index = self.events_read;
            self.events_read += 1;
            if is_told(&event.kind) {
                self.rows.push(Row { event: index, note: None });
            }
            if let EventKind::Act(action) = &event.kind {
                self.mark_action(index, event.at, action);
            }
            while let Some(note) = notes.next_if(|note| note.event == index) {
                let row = Row { event: index, note: Some(self.notes_read) };
                self.notes_read += 1;
                let server = match note.actor {
                    Actor::Server(id) => Some(id),
                    Actor::Client(_) => None,
                };
                let (is_row, kind) = match &note.what {
                    // A session that goes on living is no news.
                    NoteKind::Decision(Why::SessionBucket { from: Some(_), .. }) => (false, None),
                    NoteKind::Decision(_) => (true, None),
                    NoteKind::Violated(_) => (true, Some(MarkKind::Violation)),
                    NoteKind::StateChanged { from, to } => {
                        (true, server.and_then(|id| leadership(trace, index, id, *from, *to)))
                    }
                    NoteKind::Exited => (false, server.map(MarkKind::Crash)),
                    NoteKind::Completed { .. }
                    | NoteKind::Watch(_)
                    | NoteKind::ClientState(_)
                    | NoteKind::Told { .. } => (false, None),
                };
                self.rows.extend(is_row.then_some(row));
                self.marks.extend(kind.map(|kind| Mark { index, at: event.at, kind }));
            }
        }
    }

    fn mark_action(&mut self, index: u32, at: Time, action: &Action) {
        let mut mark = |kind| self.marks.push(Mark { index, at, kind });
        match action {
            Action::Start(ids) => ids.iter().for_each(|id| mark(MarkKind::Restart(*id))),
            Action::Kill(ids) => ids.iter().for_each(|id| mark(MarkKind::Crash(*id))),
            Action::Partition(_) => mark(MarkKind::Partition),
            Action::Heal => mark(MarkKind::Heal),
            Action::Disk(action) => {
                action.servers.iter().for_each(|id| mark(MarkKind::Disk(*id)));
            }
            Action::Network(action) => match action {
                NetworkAction::Cut(_) => mark(MarkKind::Partition),
                NetworkAction::Mend(_) => mark(MarkKind::Heal),
                NetworkAction::Latency(..)
                | NetworkAction::Bandwidth(..)
                | NetworkAction::Hold(_)
                | NetworkAction::Release(_)
                | NetworkAction::HoldPacket(_)
                | NetworkAction::ReleasePacket(_)
                | NetworkAction::DeliverPacket(_)
                | NetworkAction::LosePacket(_)
                | NetworkAction::Unsafe(_) => {}
            },
            Action::Pause(_)
            | Action::AddServer { .. }
            | Action::Resume(_)
            | Action::Connect { .. }
            | Action::Submit { .. }
            | Action::CloseSession(_)
            | Action::MoveClient { .. }
            | Action::Vanish(_)
            | Action::PauseClient(_)
            | Action::ResumeClient(_)
            | Action::Recipe { .. }
            | Action::Contend(_) => {}
        }
    }

    /// Forgets what is not in the trace any more, after it was cut.
    pub fn cut(&mut self, trace: &Trace) {
        self.cut_at(trace.len(), trace);
    }

    /// The same, for a trace that has grown again since it was cut at event `end`.
    pub fn cut_at(&mut self, end: u32, trace: &Trace) {
        self.rows.retain(|row| row.event < end);
        self.marks.retain(|mark| mark.index < end);
        self.events_read = self.events_read.min(end);
        let notes = trace.notes.partition_point(|note| note.event < end) as u32;
        self.notes_read = self.notes_read.min(notes);
    }

    /// Forgets the rows of what the trace has forgotten; not the marks.
    pub fn forget(&mut self, trace: &Trace) {
        let from = trace.kept_from();
        let gone = self.rows.partition_point(|row| row.event < from);
        // Not a few at a time: all others are moved.
        if self.rows.len() / 4 < gone {
            self.rows.drain(..gone);
        }
    }

    /// All marks.
    pub fn marks(&self) -> Vec<Mark> {
        self.marks.clone()
    }

    /// The rows of one event.
    pub fn rows_of(&self, trace: &Trace, index: u32) -> Vec<FeedRow> {
        let from = self.rows.partition_point(|row| row.event < index);
        let rows = self.rows[from..].iter().take_while(|row| row.event == index);
        rows.filter_map(|row| told(trace, *row)).collect()
    }

    /// The rows of one event, of a trace that nobody has read.
    pub fn told_of(trace: &Trace, index: u32) -> Vec<FeedRow> {
        let Some(event) = trace.events.get(index as usize) else { return Vec::new() };
        let first = trace.notes.partition_point(|note| note.event < index);
        let notes = trace.notes.iter_from(first).take_while(|note| note.event == index);
        let notes = (first as u32..).zip(notes).map(|(n, _)| Some(n));
        let event = is_told(&event.kind).then_some(None);
        let rows = event.into_iter().chain(notes).map(|note| Row { event: index, note });
        rows.filter_map(|row| told(trace, row)).collect()
    }

    /// Rows that are wanted, oldest first: the last `most` before event `end`, and the next `ahead`.
    /// At most `looked_at` are looked at each way.
    pub fn rows_where(
        &self,
        trace: &Trace,
        end: u32,
        (most, ahead, looked_at): (usize, usize, usize),
        is_wanted: impl Fn(&FeedRow) -> bool,
    ) -> Vec<FeedRow> {
        let to = self.rows.partition_point(|row| row.event < end);
        let before = self.rows[..to].iter().rev().take(looked_at);
        let before = before.filter_map(|row| told(trace, *row)).filter(&is_wanted);
        let mut rows: Vec<FeedRow> = before.take(most).collect();
        rows.reverse();
        let after = self.rows[to..].iter().take(looked_at);
        rows.extend(after.filter_map(|row| told(trace, *row)).filter(&is_wanted).take(ahead));
        rows
    }

    /// The last rows before event `end`, oldest first.
    pub fn rows(&self, trace: &Trace, end: u32, most: usize) -> Vec<FeedRow> {
        let to = self.rows.partition_point(|row| row.event < end);
        let rows = &self.rows[to.saturating_sub(most)..to];
        rows.iter().filter_map(|row| told(trace, *row)).collect()
    }
}

fn leadership(
    trace: &Trace,
    index: u32,
    id: ServerId,
    from: (ServerState, Phase),
    to: (ServerState, Phase),
) -> Option<MarkKind> {
    if to == (ServerState::Leading, Phase::Broadcast) {
        let epoch = trace.notes_from(index).find_map(|note| {
            let NoteKind::Decision(Why::NewLeaderQuorum { epoch, .. }) = &note.what else {
                return None;
            };
            Some(*epoch)
        });
        return Some(MarkKind::Elected(id, epoch.unwrap_or_default()));
    }
    (from.0 == ServerState::Leading && to.0 != ServerState::Leading)
        .then_some(MarkKind::LostLeader(id))
}

/// Whether an event is a row by itself.
fn is_told(kind: &EventKind) -> bool {
    match kind {
        EventKind::Act(action) => !matches!(**action, Action::Submit { line: None, .. }),
        // That nobody is there to take a packet any more is everyday life of a closed connection.
        EventKind::Lost { loss: Loss::NobodyThere, .. } => false,
        EventKind::Lost { message: Some(message), .. } => match &**message {
            Message::Quorum(Packet::Ping { .. })
            | Message::ClientPing
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. } => false,
            Message::Hello(_)
            | Message::Notification(_)
            | Message::Quorum(_)
            | Message::Connect(_)
            | Message::Connected(_)
            | Message::Request { .. }
            | Message::Reply { .. }
            | Message::Watch(_)
            | Message::ClientPong { .. } => true,
        },
        EventKind::Lost { message: None, .. }
        | EventKind::Delivered { .. }
        | EventKind::Accepted { .. }
        | EventKind::Connected { .. }
        | EventKind::Closed { .. }
        | EventKind::ServerTimer(..)
        | EventKind::ClientTimer(..)
        | EventKind::RecipeTimer(..)
        | EventKind::Written(..)
        | EventKind::WriteFailed(..) => false,
    }
}

fn told(trace: &Trace, row: Row) -> Option<FeedRow> {
    let event = trace.events.get(row.event as usize)?;
    let (actor, what) = match row.note {
        None => (event.kind.actor(), told_event(&event.kind)?),
        Some(note) => {
            let note = trace.notes.get(note as usize)?;
            let what = match &note.what {
                NoteKind::Decision(why) => FeedItem::Decision(why.clone()),
                NoteKind::StateChanged { from, to } => {
                    FeedItem::StateChanged { from: *from, to: *to }
                }
                NoteKind::Violated(violation) => FeedItem::Violated(violation.clone()),
                NoteKind::Exited
                | NoteKind::Completed { .. }
                | NoteKind::Watch(_)
                | NoteKind::ClientState(_)
                | NoteKind::Told { .. } => return None,
            };
            (Some(note.actor), what)
        }
    };
    Some(FeedRow { index: row.event, at: event.at, actor, what })
}

fn told_event(kind: &EventKind) -> Option<FeedItem> {
    match kind {
        EventKind::Act(action) => Some(FeedItem::Act((**action).clone())),
        EventKind::Lost { from, to, message: Some(message), .. } => {
            Some(FeedItem::Lost { from: *from, to: *to, label: look::label(message).0.into() })
        }
        EventKind::Lost { message: None, .. }
        | EventKind::Delivered { .. }
        | EventKind::Accepted { .. }
        | EventKind::Connected { .. }
        | EventKind::Closed { .. }
        | EventKind::ServerTimer(..)
        | EventKind::ClientTimer(..)
        | EventKind::RecipeTimer(..)
        | EventKind::Written(..)
        | EventKind::WriteFailed(..) => None,
    }
}
