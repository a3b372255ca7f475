//! What can be done to the world from outside.

use crate::client::session::Library;
use crate::recipe::Ask;
use crate::sim::fault::DiskAction;
use crate::sim::link::NetworkAction;
use crate::txn::Op;
use crate::types::{ClientId, ServerId};
use std::rc::Rc;

/// Something done to the world from outside. A scenario is a configuration, a seed and a list of
/// these, each with its moment.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// Boot these servers from their disks. Those that run are left alone.
    Start(Rc<[ServerId]>),
    /// A new machine: an empty disk, and a configuration file that names itself and the ensemble, as
    /// ZooKeeper's manual asks of who is to join. It does not run yet.
    AddServer {
        /// Its `myid`.
        server: ServerId,
        /// Its configuration: `server.N=…` lines, separated by commas.
        members: Rc<str>,
    },
    /// SIGKILL: memory and writes not yet fsynced are lost, peers see the connections end.
    Kill(Rc<[ServerId]>),
    /// Stop these processes for a while, as a long garbage collection does.
    Pause(Rc<[ServerId]>),
    /// Let them go on.
    Resume(Rc<[ServerId]>),
    /// Packets between different groups die from now on. A server in no group is alone with the
    /// other ungrouped ones. Clients reach every server.
    Partition(Rc<[Rc<[ServerId]>]>),
    /// No partition any more, and no way that is cut.
    Heal,
    /// Something done to the network: latencies, one-way cuts, single packets.
    Network(NetworkAction),
    /// Something happens to disks: they get slow, fail, fill up, or lose what they held.
    Disk(DiskAction),
    /// A new client process, or a new handle for an old name.
    Connect {
        /// The client's name.
        name: Rc<str>,
        /// The servers it knows, in the order it tries them.
        servers: Rc<[ServerId]>,
        /// The session timeout it asks for, in milliseconds.
        timeout_ms: u32,
        /// Whether a read-only server will do.
        can_be_read_only: bool,
        /// Whose habits it has.
        library: Library,
    },
    /// A client sends a request.
    Submit {
        /// Which client.
        client: ClientId,
        /// What it asks.
        op: Op,
        /// As typed, if it was typed: for the transcript.
        line: Option<Rc<str>>,
    },
    /// A client is given another list of servers, and leaves its server if that is not on it:
    /// `ZooKeeper.updateServerList`. Its session moves with it.
    MoveClient {
        /// Which client.
        client: ClientId,
        /// The servers it knows from now on, in the order it tries them.
        servers: Rc<[ServerId]>,
    },
    /// A client closes its session.
    CloseSession(ClientId),
    /// A client process dies without a word.
    Vanish(ClientId),
    /// A client process is stopped for a while, as a long garbage collection does.
    PauseClient(ClientId),
    /// It goes on.
    ResumeClient(ClientId),
    /// A client asks something of a recipe.
    Recipe {
        /// Which client.
        client: ClientId,
        /// What it asks.
        ask: Ask,
        /// As typed: for the transcript.
        line: Rc<str>,
    },
    /// Several clients ask the same of a recipe at the same moment. Those that are not there come to
    /// be.
    Contend(Contest),
}

/// Clients that want the same: `c1` to `c5`, for five with the name `c`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Contest {
    /// What their names begin with; a number follows.
    pub name: Rc<str>,
    /// How many.
    pub count: u16,
    /// The servers that new ones know. Each tries another one first.
    pub servers: Rc<[ServerId]>,
    /// The session timeout that new ones ask for, in milliseconds.
    pub timeout_ms: u32,
    /// Whose habits new ones have.
    pub library: Library,
    /// What all ask.
    pub ask: Ask,
}

impl Contest {
    /// The most clients of one contest.
    pub const MOST: u16 = 300;

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = Rc<str>> + '_ {
        (1..=self.count).map(|n| format!("{}{n}", self.name).into())
    }
}
