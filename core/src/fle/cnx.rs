//! The connections that votes travel on: one per pair of servers.
//!
//! Both ends of a pair want to talk, but one connection is enough. Only a connection dialled by the
//! *larger* id survives: a smaller id that dials says who it is, and is then dialled back.
//!
//! ```text
//!   s1 ──dial, Hello(1)──▶ s2     s2: 1 < 2, close it and
//!   s1 ◀──dial, Hello(2)── s2     dial back; this one stays
//! ```
//!
//! What cannot be sent yet waits in a queue of **one**: a newer vote replaces an older one, since
//! only the newest matters. The last vote sent is sent again on a new connection.
//!
//! ZooKeeper: `QuorumCnxManager`. Simplified: a dial does not hold up other dials.

use crate::sorted::Map;
use crate::types::{ConnId, ServerId};
use crate::why::Why;
use crate::wire::{Message, Notification};

/// What the connections ask for. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Dial a server's election port; the connection will have this id.
    Dial {
        /// The new connection.
        conn: ConnId,
        /// Whom.
        to: ServerId,
    },
    /// Send on a connection.
    Send {
        /// Which.
        conn: ConnId,
        /// What.
        message: Message,
    },
    /// Close a connection.
    Close(ConnId),
    /// Hand a vote to the election.
    Deliver {
        /// Whose.
        from: ServerId,
        /// The vote.
        notification: Notification,
    },
    /// A decision.
    Explain(Why),
}

/// One peer.
#[derive(Clone, Debug, Default)]
struct Peer {
    /// Carries votes both ways.
    conn: Option<ConnId>,
    /// Dialled, not yet up.
    dialling: Option<ConnId>,
    /// Waits to be sent.
    queued: Option<Notification>,
    /// Was sent last.
    last_sent: Option<Notification>,
}

/// All election connections of one server.
#[derive(Clone, Debug)]
pub struct Connections {
    id: ServerId,
    peers: Map<ServerId, Peer>,
    /// Accepted; who dialled is not known yet.
    strangers: Vec<ConnId>,
}

impl Connections {
    /// None yet.
    pub fn new(id: ServerId) -> Connections {
        Connections { id, peers: Map::new(), strangers: Vec::new() }
    }

    /// Whether the connection is one of these.
    pub fn owns(&self, conn: ConnId) -> bool {
        self.strangers.contains(&conn) || self.peer_of(conn).is_some()
    }

    /// Closes all and forgets all peers: the members are others (`QuorumCnxManager.halt`).
    pub fn halt(&mut self, effects: &mut Vec<Effect>) {
        let conns = self.peers.values().flat_map(|peer| [peer.conn, peer.dialling]).flatten();
        effects.extend(conns.chain(self.strangers.iter().copied()).map(Effect::Close));
        self.peers.clear();
        self.strangers.clear();
    }

    /// Whether at least one peer has nothing waiting to be sent to it (`haveDelivered`).
    pub fn has_delivered(&self) -> bool {
        self.peers.values().any(|peer| peer.queued.is_none())
    }

    /// Sends a vote, dialling first if need be. `fresh` gives out new connection ids.
    pub fn send(
        &mut self,
        to: ServerId,
        notification: Notification,
        fresh: &mut dyn FnMut() -> ConnId,
        effects: &mut Vec<Effect>,
    ) {
        let peer = self.peers.entry(to).or_default();
        peer.queued = Some(notification);
        flush(peer, effects);
        self.dial(to, fresh, effects);
    }

    /// Dials every peer that there was a vote for and that is not connected.
    pub fn connect_all(&mut self, fresh: &mut dyn FnMut() -> ConnId, effects: &mut Vec<Effect>) {
        let peers: Vec<ServerId> = self.peers.keys().copied().collect();
        for peer in peers {
            self.dial(peer, fresh, effects);
        }
    }

    fn dial(&mut self, to: ServerId, fresh: &mut dyn FnMut() -> ConnId, effects: &mut Vec<Effect>) {
        let peer = self.peers.entry(to).or_default();
        if peer.conn.is_some() || peer.dialling.is_some() {
            return;
        }
        let conn = fresh();
        peer.dialling = Some(conn);
        effects.push(Effect::Dial { conn, to });
    }

    /// A connection we dialled is up: say who we are, and drop it if we are the smaller id.
    pub fn on_connected(&mut self, conn: ConnId, effects: &mut Vec<Effect>) {
        let Some(to) = self.peer_of(conn) else { return };
        effects.push(Effect::Send { conn, message: Message::Hello(self.id) });
        let id = self.id;
        let peer = self.peers.entry(to).or_default();
        peer.dialling = None;
        if id < to {
            effects.push(Effect::Close(conn));
            return;
        }
        if let Some(old) = peer.conn.replace(conn) {
            effects.push(Effect::Close(old));
        }
        resend(peer, effects);
    }

    /// Somebody dialled us.
    pub fn on_accepted(&mut self, conn: ConnId) {
        self.strangers.push(conn);
    }

    /// Something came.
    pub fn on_message(
        &mut self,
        conn: ConnId,
        message: &Message,
        fresh: &mut dyn FnMut() -> ConnId,
        effects: &mut Vec<Effect>,
    ) {
        match message {
            Message::Hello(from) => self.on_hello(conn, *from, fresh, effects),
            Message::Notification(notification) => {
                if let Some(from) = self.peer_of(conn) {
                    effects.push(Effect::Deliver { from, notification: notification.clone() });
                }
            }
            Message::Quorum(_)
            | Message::Connect(_)
            | Message::Connected(_)
            | Message::Request { .. }
            | Message::Reply { .. }
            | Message::Watch(_)
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPing
            | Message::ClientPong { .. } => {
                unreachable!("nothing else is sent to an election port")
            }
        }
    }

    fn on_hello(
        &mut self,
        conn: ConnId,
        from: ServerId,
        fresh: &mut dyn FnMut() -> ConnId,
        effects: &mut Vec<Effect>,
    ) {
        self.strangers.retain(|stranger| *stranger != conn);
        let id = self.id;
        let peer = self.peers.entry(from).or_default();
        if from < id {
            // The smaller id has lost its connection to us, or never had one.
            effects.push(Effect::Explain(Why::DialledBack { peer: from }));
            effects.push(Effect::Close(conn));
            if let Some(old) = peer.conn.take() {
                effects.push(Effect::Close(old));
            }
            self.dial(from, fresh, effects);
            return;
        }
        if let Some(old) = peer.conn.replace(conn) {
            effects.push(Effect::Close(old));
        }
        resend(peer, effects);
    }

    /// A connection ended, or a dial failed.
    pub fn on_closed(&mut self, conn: ConnId) {
        self.strangers.retain(|stranger| *stranger != conn);
        for peer in self.peers.values_mut() {
            if peer.conn == Some(conn) {
                peer.conn = None;
            }
            if peer.dialling == Some(conn) {
                peer.dialling = None;
            }
        }
    }

    fn peer_of(&self, conn: ConnId) -> Option<ServerId> {
        let is_peer = |peer: &Peer| peer.conn == Some(conn) || peer.dialling == Some(conn);
        self.peers.iter().find(|(_, peer)| is_peer(peer)).map(|(id, _)| *id)
    }
}

/// On a new connection: what waits, or else what was sent last, which may have been lost.
fn resend(peer: &mut Peer, effects: &mut Vec<Effect>) {
    if peer.queued.is_none() {
        peer.queued = peer.last_sent.clone();
    }
    flush(peer, effects);
}

fn flush(peer: &mut Peer, effects: &mut Vec<Effect>) {
    let Some(conn) = peer.conn else { return };
    let Some(notification) = peer.queued.take() else { return };
    peer.last_sent = Some(notification.clone());
    effects.push(Effect::Send { conn, message: Message::Notification(notification) });
}
