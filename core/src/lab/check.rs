//! Which actions cannot be, and why.

use crate::config::MembershipError;
use crate::config::text;
use crate::lab::scenario::MOST_SERVERS;
use crate::sim::action::{Action, Contest};
use crate::sim::fault::{
    ConfigFile, DiskAction, DiskFault, EpochFile, LARGEST_FACTOR, LONGEST_ADDED_US,
};
use crate::sim::link::{
    LONGEST_LATENCY_US, LinkEnd, NetworkAction, PER_MILLE, Traffic, Unsafety, Way,
};
use crate::sim::world::World;
use crate::types::{ClientId, ServerId};
use std::fmt;

/// An action that cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ActionError {
    /// There is no such server.
    NoServer(ServerId),
    /// There is no such client.
    NoClient(ClientId),
    /// A client must know a server.
    NoServers,
    /// A server stands on two sides of a partition.
    TwoSides(ServerId),
    /// There is such a server already.
    IsThere(ServerId),
    /// A new server's configuration must name itself and a voter, and its number must be possible.
    NotInItsConfig(ServerId),
    /// A new server's configuration cannot be.
    Membership(MembershipError),
    /// A server can be added only where reconfiguration is enabled.
    NoReconfig,
    /// No packet ever goes this way.
    NoWay(Way),
    /// There is no such packet on its way.
    NoPacket(u64),
    /// This packet cannot arrive: its way is cut.
    CutOff(u64),
    /// A latency of nothing, too long, or whose bounds are the wrong way round.
    Latency {
        /// The least, in microseconds.
        least_us: u32,
        /// The most.
        most_us: u32,
    },
    /// A bandwidth of nothing.
    NoBandwidth,
    /// More than a thousand of a thousand.
    Permille(u16),
    /// Files are damaged only while their server is down.
    Runs(ServerId),
    /// A disk cannot be slowed down that way.
    Slowness,
    /// There is nothing of that kind on the disk to be damaged.
    NothingThere(ServerId),
    /// That many clients cannot contend at once.
    Contenders(u16),
    /// A paused client asks for nothing.
    Paused(ClientId),
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ActionError::NoServer(id) => write!(f, "there is no server {id}"),
            ActionError::NoClient(id) => write!(f, "there is no client {id}"),
            ActionError::NoServers => f.write_str("a client must know at least one server"),
            ActionError::TwoSides(id) => write!(f, "{id} cannot be on two sides of a partition"),
            ActionError::IsThere(id) => write!(f, "there is a server {id} already"),
            ActionError::NotInItsConfig(id) => {
                write!(f, "the configuration of {id} must name itself and a participant")
            }
            ActionError::Membership(error) => error.fmt(f),
            ActionError::NoReconfig => f.write_str("servers can be added if reconfigEnabled=true"),
            ActionError::NoWay(way) => {
                write!(f, "no packet ever goes from {} to {}", way.from, way.to)
            }
            ActionError::NoPacket(id) => write!(f, "packet {id} is not on its way"),
            ActionError::CutOff(id) => write!(f, "packet {id} cannot arrive: its way is cut"),
            ActionError::Latency { least_us, most_us } => write!(
                f,
                "a latency must be from 1 to {LONGEST_LATENCY_US} µs, the least before the most: \
                 {least_us} to {most_us} µs"
            ),
            ActionError::NoBandwidth => {
                f.write_str("a bandwidth must be at least 1 byte per second; cut the way instead")
            }
            ActionError::Runs(id) => {
                write!(f, "{id} runs: its files are damaged only while it is down")
            }
            ActionError::Slowness => write!(
                f,
                "a disk gets 1 to {LARGEST_FACTOR} times as slow and at most {LONGEST_ADDED_US} µs \
                 on top"
            ),
            ActionError::NothingThere(id) => {
                write!(f, "the disk of {id} holds nothing of that kind")
            }
            ActionError::Paused(id) => write!(f, "{id} is paused: it asks for nothing"),
            ActionError::Contenders(_) => {
                write!(f, "from 1 to {} clients can contend at once", Contest::MOST)
            }
            ActionError::Permille(value) => {
                write!(f, "{value} of {PER_MILLE} packets is more than all")
            }
        }
    }
}

impl std::error::Error for ActionError {}

/// Whether an action is possible in this world.
pub fn action(world: &World, action: &Action) -> Result<(), ActionError> {
    let known = |ids: &[ServerId]| match ids.iter().find(|id| !world.has_server(**id)) {
        Some(id) => Err(ActionError::NoServer(*id)),
        None => Ok(()),
    };
    match action {
        Action::Start(ids) | Action::Kill(ids) | Action::Pause(ids) | Action::Resume(ids) => {
            known(ids)
        }
        Action::AddServer { server, members } => add_server(world, *server, members),
        Action::Partition(groups) => {
            let mut all: Vec<ServerId> = groups.iter().flat_map(|g| g.iter().copied()).collect();
            known(&all)?;
            all.sort_unstable();
            let twice = all.windows(2).find(|pair| pair[0] == pair[1]);
            twice.map_or(Ok(()), |pair| Err(ActionError::TwoSides(pair[0])))
        }
        Action::Heal => Ok(()),
        Action::Network(action) => network(world, action),
        Action::Disk(action) => {
            known(&action.servers)?;
            disk(world, action)
        }
        Action::Connect { servers, .. } | Action::MoveClient { servers, .. }
            if servers.is_empty() =>
        {
            Err(ActionError::NoServers)
        }
        Action::Connect { servers, .. } => known(servers),
        Action::MoveClient { client: id, servers } => {
            client(world, *id)?;
            known(servers)
        }
        Action::Submit { client: id, .. }
        | Action::CloseSession(id)
        | Action::Recipe { client: id, .. } => {
            client(world, *id)?;
            let is_paused = world.clients.get(id).is_some_and(|slot| slot.is_paused);
            if is_paused { Err(ActionError::Paused(*id)) } else { Ok(()) }
        }
        Action::Vanish(id) | Action::PauseClient(id) | Action::ResumeClient(id) => {
            client(world, *id)
        }
        Action::Contend(contest) => {
            known(&contest.servers)?;
            if contest.servers.is_empty() {
                return Err(ActionError::NoServers);
            }
            let is_possible = (1..=Contest::MOST).contains(&contest.count);
            if is_possible { Ok(()) } else { Err(ActionError::Contenders(contest.count)) }
        }
    }
}

fn add_server(world: &World, id: ServerId, members: &str) -> Result<(), ActionError> {
    if !world.config.is_reconfig_enabled {
        return Err(ActionError::NoReconfig);
    }
    if world.has_server(id) {
        return Err(ActionError::IsThere(id));
    }
    let config = text::parse(members).map_err(ActionError::Membership)?;
    if let Some(error) = text::clash(&config) {
        return Err(ActionError::Membership(error));
    }
    let is_possible = (1..=MOST_SERVERS).contains(&id.0) && config.members.contains_key(&id);
    let has_voter = config.voters().next().is_some();
    if is_possible && has_voter { Ok(()) } else { Err(ActionError::NotInItsConfig(id)) }
}

fn client(world: &World, id: ClientId) -> Result<(), ActionError> {
    world.clients.contains_key(&id).then_some(()).ok_or(ActionError::NoClient(id))
}

fn network(world: &World, action: &NetworkAction) -> Result<(), ActionError> {
    match action {
        NetworkAction::Cut(on) | NetworkAction::Mend(on) => way(world, *on),
        NetworkAction::Latency(on, latency) => {
            way(world, *on)?;
            let (least_us, most_us) = latency.map_or((1, 1), |latency| latency.bounds());
            let is_wrong = least_us == 0 || most_us < least_us || LONGEST_LATENCY_US < most_us;
            if is_wrong { Err(ActionError::Latency { least_us, most_us }) } else { Ok(()) }
        }
        NetworkAction::Bandwidth(_, Some(0)) => Err(ActionError::NoBandwidth),
        NetworkAction::Bandwidth(on, _) => way(world, *on),
        NetworkAction::Hold(Traffic { way: on, only: _ })
        | NetworkAction::Release(Traffic { way: on, only: _ }) => way(world, *on),
        NetworkAction::HoldPacket(id)
        | NetworkAction::ReleasePacket(id)
        | NetworkAction::LosePacket(id) => {
            world.network.find(*id).map(|_| ()).ok_or(ActionError::NoPacket(*id))
        }
        NetworkAction::DeliverPacket(id) => {
            let found = world.network.find(*id).ok_or(ActionError::NoPacket(*id))?;
            let (conn, lane, _) = found;
            let link = world.network.links.get(&conn).ok_or(ActionError::NoPacket(*id))?;
            let (from, to) = (link.ends[lane].actor, link.ends[1 - lane].actor);
            let is_cut = world.network.is_cut(from, to);
            if is_cut { Err(ActionError::CutOff(*id)) } else { Ok(()) }
        }
        NetworkAction::Unsafe(Unsafety { loss, reorder, duplicate }) => {
            let too_many = [*loss, *reorder, *duplicate].into_iter().find(|n| PER_MILLE < *n);
            too_many.map_or(Ok(()), |value| Err(ActionError::Permille(value)))
        }
    }
}

fn disk(world: &World, action: &DiskAction) -> Result<(), ActionError> {
    if let DiskFault::Slow { factor, added_us } = action.fault {
        let is_possible = (1..=LARGEST_FACTOR).contains(&factor) && added_us <= LONGEST_ADDED_US;
        return if is_possible { Ok(()) } else { Err(ActionError::Slowness) };
    }
    for id in action.servers.iter().filter(|_| action.fault.is_damage()) {
        let Some(slot) = world.servers.get(id) else { continue };
        if slot.process.is_some() {
            return Err(ActionError::Runs(*id));
        }
        let files = slot.disk();
        let is_there = match action.fault {
            DiskFault::TornTail | DiskFault::CorruptRecord(None) => files.last_logged().is_some(),
            DiskFault::CorruptRecord(Some(zxid)) => files.record(zxid).is_some(),
            DiskFault::CorruptSnapshot(None) | DiskFault::LostSnapshots => {
                !files.snapshots.is_empty()
            }
            DiskFault::CorruptSnapshot(Some(zxid)) => files.snapshots.contains_key(&zxid),
            DiskFault::LostEpoch(EpochFile::Accepted) => files.accepted_epoch.is_some(),
            DiskFault::LostEpoch(EpochFile::Current) => files.current_epoch.is_some(),
            DiskFault::UnfinishedEpoch => files.epoch_before.is_some(),
            DiskFault::LostConfig(ConfigFile::Dynamic) => files.config.is_some(),
            DiskFault::LostConfig(ConfigFile::Next) => files.next_config.is_some(),
            DiskFault::OldConfig => files.config.is_some() || files.is_config_lost,
            DiskFault::CopiedConfig => {
                world.servers.values().any(|slot| slot.disk().config.is_some())
            }
            DiskFault::LostData
            | DiskFault::Slow { .. }
            | DiskFault::Failing
            | DiskFault::Full
            | DiskFault::Mended => true,
        };
        if !is_there {
            return Err(ActionError::NothingThere(*id));
        }
    }
    Ok(())
}

fn way(world: &World, way: Way) -> Result<(), ActionError> {
    for end in [way.from, way.to] {
        match end {
            LinkEnd::Server(id) if !world.has_server(id) => return Err(ActionError::NoServer(id)),
            LinkEnd::Client(id) => client(world, id)?,
            LinkEnd::Server(_) | LinkEnd::Servers | LinkEnd::Clients | LinkEnd::Anyone => {}
        }
    }
    if way.is_real() { Ok(()) } else { Err(ActionError::NoWay(way)) }
}
