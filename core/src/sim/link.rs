//! What can be done to the network, in named types: which way, which traffic, how slow.
//!
//! A setting is about a [`Way`], and ways may overlap: *servers to servers* and *s1 to s2*. The last
//! word about a direction counts, whoever said it more broadly before. [`Rules`] keeps these words.

use crate::sim::rng::Rng;
use crate::types::{Actor, ClientId, ServerId};
use crate::wire::{Message, Packet};
use std::fmt;
use std::str::FromStr;

/// The longest latency that may be set: an hour, in microseconds.
pub const LONGEST_LATENCY_US: u32 = 3_600_000_000;
/// One in how many a permille is.
pub const PER_MILLE: u16 = 1000;

/// One end of a way: an actor or several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LinkEnd {
    /// This server.
    Server(ServerId),
    /// This client.
    Client(ClientId),
    /// Every server.
    Servers,
    /// Every client.
    Clients,
    /// Everybody.
    Anyone,
}

impl LinkEnd {
    /// Whether it stands for this actor, among others.
    pub fn includes(self, actor: Actor) -> bool {
        match (self, actor) {
            (LinkEnd::Server(id), Actor::Server(actor)) => id == actor,
            (LinkEnd::Client(id), Actor::Client(actor)) => id == actor,
            (LinkEnd::Servers, Actor::Server(_))
            | (LinkEnd::Clients, Actor::Client(_))
            | (LinkEnd::Anyone, _) => true,
            (LinkEnd::Server(_) | LinkEnd::Servers, Actor::Client(_))
            | (LinkEnd::Client(_) | LinkEnd::Clients, Actor::Server(_)) => false,
        }
    }

    /// Whether it stands for everybody for whom `other` does.
    pub fn covers(self, other: LinkEnd) -> bool {
        match other {
            LinkEnd::Server(id) => self.includes(Actor::Server(id)),
            LinkEnd::Client(id) => self.includes(Actor::Client(id)),
            LinkEnd::Servers | LinkEnd::Clients | LinkEnd::Anyone => {
                self == other || self == LinkEnd::Anyone
            }
        }
    }

    fn overlaps(self, other: LinkEnd) -> bool {
        self.covers(other) || other.covers(self)
    }
}

impl From<Actor> for LinkEnd {
    fn from(actor: Actor) -> LinkEnd {
        match actor {
            Actor::Server(id) => LinkEnd::Server(id),
            Actor::Client(id) => LinkEnd::Client(id),
        }
    }
}

/// A direction, or several: packets from one end to the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Way {
    /// Who sends.
    pub from: LinkEnd,
    /// Who receives.
    pub to: LinkEnd,
}

impl Way {
    /// Every direction there is.
    pub const EVERY: Way = Way { from: LinkEnd::Anyone, to: LinkEnd::Anyone };
    /// Every direction between two servers.
    pub const BETWEEN_SERVERS: Way = Way { from: LinkEnd::Servers, to: LinkEnd::Servers };

    /// From one actor to another.
    pub fn between(from: Actor, to: Actor) -> Way {
        Way { from: from.into(), to: to.into() }
    }

    /// The same way back.
    pub fn back(self) -> Way {
        Way { from: self.to, to: self.from }
    }

    /// Whether packets from one actor to another go this way.
    pub fn includes(self, from: Actor, to: Actor) -> bool {
        self.from.includes(from) && self.to.includes(to)
    }

    /// Whether it can be used at all: clients don't talk to one another, nor an actor to itself.
    pub fn is_real(self) -> bool {
        let is_client = |end| matches!(end, LinkEnd::Client(_) | LinkEnd::Clients);
        let is_one = matches!(self.from, LinkEnd::Server(_) | LinkEnd::Client(_));
        let are_clients = is_client(self.from) && is_client(self.to);
        let is_itself = is_one && self.from == self.to;
        !are_clients && !is_itself
    }
}

/// Some of what goes some way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Traffic {
    /// Which way.
    pub way: Way,
    /// Only packets of this type; `None` is all.
    pub only: Option<PacketType>,
}

impl Traffic {
    /// Everything that goes this way.
    pub fn all(way: Way) -> Traffic {
        Traffic { way, only: None }
    }

    /// Whether a packet is part of it.
    pub fn includes(self, from: Actor, to: Actor, packet: PacketType) -> bool {
        self.only.is_none_or(|only| only == packet) && self.way.includes(from, to)
    }

    fn covers(self, other: Traffic) -> bool {
        let is_covered = self.only.is_none() || self.only == other.only;
        is_covered && self.way.from.covers(other.way.from) && self.way.to.covers(other.way.to)
    }

    fn overlaps(self, other: Traffic) -> bool {
        let is_shared = self.only.is_none() || other.only.is_none() || self.only == other.only;
        let (one, two) = (self.way, other.way);
        is_shared && one.from.overlaps(two.from) && one.to.overlaps(two.to)
    }
}

/// How long a packet takes from one end to the other, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Latency {
    /// Always the same.
    Fixed {
        /// So long.
        us: u32,
    },
    /// Anything between two bounds, each as likely as the other.
    Uniform {
        /// Not less.
        least_us: u32,
        /// Not more.
        most_us: u32,
    },
    /// Mostly little, seldom much (a Pareto distribution with exponent 2): half of the packets take
    /// at most 1.4 times the least, one in a hundred takes ten times the least or more.
    LongTail {
        /// Not less.
        least_us: u32,
        /// Not more, however unlucky.
        most_us: u32,
    },
}

impl Latency {
    /// The bounds.
    pub fn bounds(self) -> (u32, u32) {
        match self {
            Latency::Fixed { us } => (us, us),
            Latency::Uniform { least_us, most_us } | Latency::LongTail { least_us, most_us } => {
                (least_us, most_us)
            }
        }
    }

    /// How long the next packet takes: at least a microsecond, so that time goes on. A fixed one
    /// draws nothing.
    pub fn draw(self, rng: &mut Rng) -> u64 {
        let us = match self {
            Latency::Fixed { us } => u64::from(us),
            Latency::Uniform { least_us, most_us } => {
                let spread = most_us.saturating_sub(least_us).saturating_add(1);
                u64::from(least_us) + u64::from(rng.below(spread))
            }
            Latency::LongTail { least_us, most_us } => {
                // least / √u for u in (0, 1], in 32 bits behind the point.
                let u = (u64::from(rng.any()) << 32) | 0xffff_ffff;
                let root = u128::from(u.isqrt()) + 1;
                let us = ((u128::from(least_us) << 32) / root).min(u128::from(most_us));
                us as u64
            }
        };
        us.max(1)
    }
}

/// What an unsafe network does to packets between servers, each in so many of a thousand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Unsafety {
    /// Lost for good.
    pub loss: u16,
    /// Late, so that others overtake it.
    pub reorder: u16,
    /// Delivered twice.
    pub duplicate: u16,
}

impl Unsafety {
    /// Nothing: TCP as it is.
    pub const OFF: Unsafety = Unsafety { loss: 0, reorder: 0, duplicate: 0 };
}

/// Something done to the network from outside. Packets are named by the ids of their views.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NetworkAction {
    /// Packets that go this way die from now on. TCP sends them again, with growing delays.
    /// Simplified: TCP's own acknowledgements are not packets here, so the way back works as before.
    Cut(Way),
    /// They don't any more. `Action::Heal` mends all ways and partitions.
    Mend(Way),
    /// Packets sent this way take so long; `None` is as before. Those on their way are not changed,
    /// and no packet overtakes another on its connection.
    Latency(Way, Option<Latency>),
    /// So many bytes a second go this way, on all connections together; `None` is no limit.
    Bandwidth(Way, Option<u64>),
    /// Such packets wait from now on, those on their way at their places, and what is behind one on
    /// its connection waits with it.
    Hold(Traffic),
    /// Such packets go on, and new ones are not held any more.
    Release(Traffic),
    /// This packet waits, and what is behind it on its connection with it.
    HoldPacket(u64),
    /// It goes on.
    ReleasePacket(u64),
    /// It arrives now, and so does everything before it on its connection: TCP keeps order.
    DeliverPacket(u64),
    /// It is lost. A packet inside a TCP stream cannot be lost alone: TCP would send it again. So
    /// the connection breaks; what is behind the packet is lost with it, and both sides hear of it.
    LosePacket(u64),
    /// Packets between servers are lost, late or delivered twice from now on, as if ZooKeeper ran
    /// without TCP. It exists to show why ZAB needs FIFO channels. [`Unsafety::OFF`] ends it.
    Unsafe(Unsafety),
}

/// What was last said about traffic, setting by setting.
#[derive(Clone, Debug)]
pub struct Rules<T> {
    rules: Vec<(Traffic, Option<T>)>,
}

impl<T> Default for Rules<T> {
    fn default() -> Rules<T> {
        Rules { rules: Vec::new() }
    }
}

impl<T: Copy> Rules<T> {
    /// From now on this is so; `None` is as if nothing had been said.
    pub fn set(&mut self, traffic: Traffic, value: Option<T>) {
        self.rules.retain(|(older, _)| !traffic.covers(*older));
        if value.is_some() || self.rules.iter().any(|(older, _)| traffic.overlaps(*older)) {
            self.rules.push((traffic, value));
        }
    }

    /// What holds for a packet of this type.
    pub fn get(&self, from: Actor, to: Actor, packet: PacketType) -> Option<T> {
        let last = self.rules.iter().rev().find(|(rule, _)| rule.includes(from, to, packet));
        last.and_then(|(_, value)| *value)
    }

    /// What holds for a direction, of a setting that makes no difference between packets.
    pub fn of(&self, from: Actor, to: Actor) -> Option<T> {
        let last = self.rules.iter().rev().find(|(rule, _)| rule.way.includes(from, to));
        last.and_then(|(_, value)| *value)
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// All that was said and still matters, oldest first; later rules win.
    pub fn iter(&self) -> impl Iterator<Item = (Traffic, Option<T>)> + '_ {
        self.rules.iter().copied()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.rules.clear();
    }
}

macro_rules! packet_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a packet is, without its content: ZooKeeper's packet types, the messages of
        /// elections and clients, and the packets of TCP itself.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum PacketType {
            $($(#[$doc])* $variant,)*
        }

        impl PacketType {
            /// All of them.
            pub const ALL: &'static [PacketType] = &[$(PacketType::$variant,)*];

            /// Its name, as ZooKeeper or TCP has it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(PacketType::$variant => $name,)*
                }
            }
        }
    };
}

packet_types! {
    /// A connection is asked for.
    Syn = "SYN",
    /// And granted.
    SynAck = "SYNACK",
    /// A connection is closed.
    Fin = "FIN",
    /// There is no such connection.
    Rst = "RST",
    /// First words on an election connection.
    Hello = "HELLO",
    /// A vote.
    Notification = "NOTIFICATION",
    /// A participant reports to the leader.
    FollowerInfo = "FOLLOWERINFO",
    /// An observer does.
    ObserverInfo = "OBSERVERINFO",
    /// The leader proposes an epoch.
    LeaderInfo = "LEADERINFO",
    /// The learner promises.
    AckEpoch = "ACKEPOCH",
    /// Missing transactions follow.
    Diff = "DIFF",
    /// The log is to be cut.
    Trunc = "TRUNC",
    /// The whole state.
    Snap = "SNAP",
    /// End of history.
    NewLeader = "NEWLEADER",
    /// Clients may be served.
    UpToDate = "UPTODATE",
    /// Log this.
    Proposal = "PROPOSAL",
    /// It is logged.
    Ack = "ACK",
    /// Apply it.
    Commit = "COMMIT",
    /// Apply it, for an observer.
    Inform = "INFORM",
    /// A reconfiguration is committed.
    CommitAndActivate = "COMMITANDACTIVATE",
    /// The same for an observer.
    InformAndActivate = "INFORMANDACTIVATE",
    /// Alive?
    Ping = "PING",
    /// Is this session alive?
    Revalidate = "REVALIDATE",
    /// A sync has come through.
    Sync = "SYNC",
    /// A learner forwards a request.
    Request = "REQUEST",
    /// A client's first words.
    Connect = "CONNECT",
    /// The answer to them.
    Connected = "CONNECTED",
    /// A client asks.
    ClientRequest = "CLIENTREQUEST",
    /// A server answers.
    Reply = "REPLY",
    /// A watch fired.
    Watch = "WATCH",
    /// A client asks whether a server writes, too.
    IsReadOnly = "ISRO",
    /// It says so, or not.
    IsReadOnlyAnswer = "ISROANSWER",
    /// A client is alive.
    ClientPing = "CLIENTPING",
    /// So is its server.
    ClientPong = "CLIENTPONG",
}

impl PacketType {
    /// What a message is.
    pub fn of(message: &Message) -> PacketType {
        match message {
            Message::Hello(_) => PacketType::Hello,
            Message::Notification(_) => PacketType::Notification,
            Message::Quorum(packet) => PacketType::of_quorum(packet),
            Message::Connect(_) => PacketType::Connect,
            Message::Connected(_) => PacketType::Connected,
            Message::Request { .. } => PacketType::ClientRequest,
            Message::Reply { .. } => PacketType::Reply,
            Message::Watch(_) => PacketType::Watch,
            Message::IsReadOnly => PacketType::IsReadOnly,
            Message::IsReadOnlyAnswer { .. } => PacketType::IsReadOnlyAnswer,
            Message::ClientPing => PacketType::ClientPing,
            Message::ClientPong { .. } => PacketType::ClientPong,
        }
    }

    fn of_quorum(packet: &Packet) -> PacketType {
        match packet {
            Packet::FollowerInfo { .. } => PacketType::FollowerInfo,
            Packet::ObserverInfo { .. } => PacketType::ObserverInfo,
            Packet::LeaderInfo { .. } => PacketType::LeaderInfo,
            Packet::AckEpoch { .. } => PacketType::AckEpoch,
            Packet::Diff { .. } => PacketType::Diff,
            Packet::Trunc { .. } => PacketType::Trunc,
            Packet::Snap { .. } => PacketType::Snap,
            Packet::NewLeader { .. } => PacketType::NewLeader,
            Packet::UpToDate => PacketType::UpToDate,
            Packet::Proposal(_) => PacketType::Proposal,
            Packet::Ack { .. } => PacketType::Ack,
            Packet::Commit { .. } => PacketType::Commit,
            Packet::Inform(_) => PacketType::Inform,
            Packet::CommitAndActivate { .. } => PacketType::CommitAndActivate,
            Packet::InformAndActivate { .. } => PacketType::InformAndActivate,
            Packet::Ping { .. } => PacketType::Ping,
            Packet::Revalidate { .. } => PacketType::Revalidate,
            Packet::Sync { .. } => PacketType::Sync,
            Packet::Request(_) => PacketType::Request,
        }
    }
}

impl fmt::Display for PacketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PacketType {
    type Err = String;

    fn from_str(text: &str) -> Result<PacketType, String> {
        let found = PacketType::ALL.iter().find(|known| known.name().eq_ignore_ascii_case(text));
        found.copied().ok_or_else(|| format!("expected a packet type such as ACK, found {text:?}"))
    }
}

impl fmt::Display for LinkEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkEnd::Server(id) => write!(f, "s{}", id.0),
            LinkEnd::Client(id) => write!(f, "c{}", id.0),
            LinkEnd::Servers => f.write_str("servers"),
            LinkEnd::Clients => f.write_str("clients"),
            LinkEnd::Anyone => f.write_str("any"),
        }
    }
}

impl FromStr for LinkEnd {
    type Err = String;

    fn from_str(text: &str) -> Result<LinkEnd, String> {
        let numbered = |letter| text.strip_prefix(letter);
        let end = match text {
            "servers" => Some(LinkEnd::Servers),
            "clients" => Some(LinkEnd::Clients),
            "any" => Some(LinkEnd::Anyone),
            _ => match (numbered('s'), numbered('c')) {
                (Some(id), _) => id.parse().ok().map(|id| LinkEnd::Server(ServerId(id))),
                (_, Some(id)) => id.parse().ok().map(|id| LinkEnd::Client(ClientId(id))),
                (None, None) => None,
            },
        };
        let expected = "expected s1, c1, servers, clients or any";
        end.ok_or_else(|| format!("{expected}, found {text:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S1: Actor = Actor::Server(ServerId(1));
    const S2: Actor = Actor::Server(ServerId(2));
    const C1: Actor = Actor::Client(ClientId(1));

    fn on(from: impl Into<LinkEnd>, to: impl Into<LinkEnd>) -> Traffic {
        Traffic::all(Way { from: from.into(), to: to.into() })
    }

    #[test]
    fn the_last_word_about_a_direction_counts() {
        let mut rules = Rules::default();
        rules.set(on(LinkEnd::Servers, LinkEnd::Servers), Some(1));
        rules.set(on(S1, S2), Some(2));
        assert_eq!(rules.of(S1, S2), Some(2));
        assert_eq!(rules.of(S2, S1), Some(1));
        assert_eq!(rules.of(C1, S1), None);
        rules.set(on(S1, LinkEnd::Anyone), None);
        assert_eq!(rules.of(S1, S2), None, "an exception from what was said before");
        assert_eq!(rules.of(S2, S1), Some(1));
        rules.set(Traffic::all(Way::EVERY), None);
        assert!(rules.is_empty(), "what no longer matters is not kept");
    }

    #[test]
    fn a_rule_may_be_about_one_type_of_packet() {
        let mut rules = Rules::default();
        rules.set(Traffic { only: Some(PacketType::Ack), ..on(S2, S1) }, Some(()));
        assert_eq!(rules.get(S2, S1, PacketType::Ack), Some(()));
        assert_eq!(rules.get(S2, S1, PacketType::Ping), None);
        assert_eq!(rules.get(S1, S2, PacketType::Ack), None);
        rules.set(on(S2, S1), None);
        assert!(rules.is_empty());
    }

    #[test]
    fn clients_do_not_talk_to_one_another() {
        assert!(!Way { from: LinkEnd::Clients, to: LinkEnd::Client(ClientId(1)) }.is_real());
        assert!(!Way::between(S1, S1).is_real());
        assert!(Way { from: LinkEnd::Anyone, to: LinkEnd::Clients }.is_real());
    }

    fn draws(latency: Latency) -> Vec<u64> {
        let mut rng = Rng::new(7);
        let mut drawn: Vec<u64> = (0..10_000).map(|_| latency.draw(&mut rng)).collect();
        drawn.sort_unstable();
        drawn
    }

    #[test]
    fn a_fixed_latency_is_fixed_and_draws_nothing() {
        assert!(draws(Latency::Fixed { us: 5000 }).iter().all(|us| *us == 5000));
        let (mut one, mut other) = (Rng::new(1), Rng::new(1));
        Latency::Fixed { us: 1 }.draw(&mut one);
        assert_eq!(one.any(), other.any());
    }

    #[test]
    fn a_uniform_latency_reaches_both_bounds() {
        let drawn = draws(Latency::Uniform { least_us: 10, most_us: 19 });
        assert_eq!((drawn[0], drawn[9_999]), (10, 19));
        let low = drawn.iter().filter(|us| **us < 15).count();
        assert!((4_700..5_300).contains(&low), "{low} of 10000 in the lower half");
    }

    #[test]
    fn a_long_tail_is_mostly_short() {
        let drawn = draws(Latency::LongTail { least_us: 1000, most_us: 50_000 });
        assert!(1000 <= drawn[0] && drawn[9_999] <= 50_000);
        assert!((1350..1480).contains(&drawn[5_000]), "the median is {}", drawn[5_000]);
        let tenfold = drawn.iter().filter(|us| 10_000 <= **us).count();
        assert!((70..140).contains(&tenfold), "{tenfold} of 10000 take tenfold");
        assert!(drawn.contains(&50_000), "the unluckiest are cut off at the most");
    }

    #[test]
    fn bounds_that_are_extreme_are_kept() {
        let most = Latency::LongTail { least_us: LONGEST_LATENCY_US, most_us: LONGEST_LATENCY_US };
        assert!(draws(most).iter().all(|us| *us == u64::from(LONGEST_LATENCY_US)));
        assert!(draws(Latency::Uniform { least_us: 0, most_us: 0 }).iter().all(|us| *us == 1));
    }

    #[test]
    fn names_are_read_back() {
        for end in ["s1", "c12", "servers", "clients", "any"] {
            assert_eq!(end.parse::<LinkEnd>().map(|end| end.to_string()).as_deref(), Ok(end));
        }
        for wrong in ["", "s", "s300", "x1", "1", "cé"] {
            assert!(wrong.parse::<LinkEnd>().is_err(), "{wrong:?}");
        }
        for packet in PacketType::ALL {
            assert_eq!(packet.name().parse(), Ok(*packet));
        }
    }
}
