//! Why, where a client follows a recipe: locks, elections, barriers and what else is built on znodes.

use crate::error::KeeperError;
use crate::txn::Path;
use crate::types::Zxid;

/// A decision of a client that follows a recipe.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum RecipeWhy {
    /// Its node has come to be: it stands in line.
    JoinedLine {
        /// Its node.
        node: Path,
    },
    /// The reply to a create was lost: whether the node is there is unknown. It will look for a node
    /// with its own mark.
    CreateUncertain {
        /// The node's path, without the number.
        path: Path,
        /// Whether its name bears a mark of its creator. If not, it is created again blindly.
        is_protected: bool,
    },
    /// The create whose reply was lost had succeeded: its mark was found.
    FoundOwnNode {
        /// The node.
        node: Path,
    },
    /// The create whose reply was lost had not succeeded: no node has its mark.
    OwnNodeMissing {
        /// Where it looked.
        parent: Path,
    },
    /// Its node is the first that counts: it holds.
    Granted {
        /// Its node.
        node: Path,
        /// The node's czxid: it grows from grant to grant.
        token: Zxid,
        /// How many stand in line.
        line: u32,
    },
    /// Others come before it: it waits for one of them to go.
    WaitsBehind {
        /// Its own node.
        node: Path,
        /// The node it watches.
        watched: Path,
        /// How many stand before it.
        before: u32,
    },
    /// Somebody else's node is there: it waits until that goes, as all others do.
    HerdWaits {
        /// The node that all want.
        node: Path,
    },
    /// What it watched has changed: it looks again.
    Woken {
        /// What it watched.
        watched: Path,
    },
    /// The node to watch had gone before the watch was left: it looks again.
    WatchedGone {
        /// That node.
        watched: Path,
    },
    /// It gives back what it held.
    Released {
        /// Its node.
        node: Path,
    },
    /// It gives up waiting.
    GaveUp {
        /// Its path.
        path: Path,
    },
    /// The connection ended: it cannot know whether it still holds.
    Suspended {
        /// Of what.
        path: Path,
        /// Whether it goes on as if it held.
        trusts: bool,
    },
    /// The connection is back in the same session: its node is still there, it still holds.
    StillHolds {
        /// Of what.
        path: Path,
    },
    /// The session is over, and its nodes with it.
    LostHold {
        /// Of what.
        path: Path,
        /// Whether it goes on as if it held.
        ignores: bool,
    },
    /// The same client asks for what it holds: it counts.
    Reentered {
        /// Of what.
        path: Path,
        /// How often it holds now.
        count: u32,
    },
    /// One of several holds of the same client is given back.
    LeftOnce {
        /// Of what.
        path: Path,
        /// How often it still holds.
        count: u32,
    },
    /// Two clients believe at the same moment that they hold what only one can.
    TwoBelieve {
        /// Of what.
        path: Path,
        /// The node of the one that has held longer.
        older: Path,
        /// The node of the one that holds from now on.
        newer: Path,
        /// Whether the older one's session was over by then.
        is_expired: bool,
    },
    /// A write reached the resource that is guarded.
    ResourceWritten {
        /// By which lock.
        path: Path,
        /// The writer's token.
        token: Zxid,
        /// The largest token that the resource has seen.
        largest: Zxid,
    },
    /// The resource refused a write: its token is older than one that was seen.
    ResourceRefused {
        /// By which lock.
        path: Path,
        /// The writer's token.
        token: Zxid,
        /// The largest token that the resource has seen.
        largest: Zxid,
    },
    /// The path is locked for writing by this client itself: it may read.
    Downgraded {
        /// Of what.
        path: Path,
    },
    /// It asks the holder to give back.
    RevokeAsked {
        /// The holder's node.
        node: Path,
    },
    /// It is asked to give back.
    Revoked {
        /// Its own node.
        node: Path,
    },
    /// It holds some of several locks.
    HoldsSome {
        /// The first one's path.
        path: Path,
        /// How many it holds.
        held: u32,
        /// Of how many.
        of: u32,
    },
    /// More leases are out than there are, its own included: it waits until one comes back.
    NoLease {
        /// Of which semaphore.
        path: Path,
        /// How many are out.
        leases: u32,
        /// How many there are.
        most: u32,
    },
    /// The connection ended: it leads no more, and will stand in line again.
    GaveUpLead {
        /// Of what.
        path: Path,
    },
    /// The barrier is there: it waits.
    BarrierUp {
        /// Its path.
        path: Path,
    },
    /// The barrier is not there: it passes.
    BarrierGone {
        /// Its path.
        path: Path,
    },
    /// It counts who has come.
    CountedIn {
        /// Where.
        path: Path,
        /// How many have.
        present: u32,
        /// How many must.
        needed: u32,
    },
    /// All have come: it goes on.
    AllArrived {
        /// Where.
        path: Path,
        /// How many.
        needed: u32,
    },
    /// Others have not left yet: it waits for one of them to go.
    LeavesAfter {
        /// Where.
        path: Path,
        /// Whose going it waits for.
        watched: Path,
    },
    /// It has added something.
    Added {
        /// The new node.
        node: Path,
    },
    /// There is nothing to take: it waits.
    QueueEmpty {
        /// Where.
        path: Path,
    },
    /// It has taken something: its delete was the one that succeeded.
    Took {
        /// What.
        node: Path,
    },
    /// Somebody else was quicker: it tries the next one.
    TakenByOther {
        /// What.
        node: Path,
    },
    /// It is there under its name.
    Present {
        /// Its node.
        node: Path,
    },
    /// It sees who is there.
    MembersSeen {
        /// Where.
        path: Path,
        /// How many are.
        members: u32,
    },
    /// It sees what is written.
    ConfigSeen {
        /// Where.
        path: Path,
        /// In which version.
        version: i32,
    },
    /// There is nothing to see yet: it waits for the node to come to be.
    NothingYet {
        /// Where.
        path: Path,
    },
    /// It picks the next one of those it has seen.
    Picked {
        /// Which.
        node: Path,
    },
    /// It has counted on: nobody else has, since it read.
    Counted {
        /// Where.
        path: Path,
        /// What is there now.
        value: i64,
    },
    /// Somebody else has counted since it read: it reads again.
    CountedMeanwhile {
        /// Where.
        path: Path,
        /// The version it had read.
        version: i32,
    },
    /// It has voted.
    Voted {
        /// On what.
        path: Path,
        /// For it.
        is_commit: bool,
    },
    /// A vote has come to the coordinator.
    VoteCame {
        /// On what.
        path: Path,
        /// For it.
        is_commit: bool,
        /// How many have come.
        votes: u32,
        /// Of how many.
        of: u32,
    },
    /// The coordinator decides: to commit if all are for it.
    Decided {
        /// On what.
        path: Path,
        /// To commit.
        is_commit: bool,
        /// How many votes had come.
        votes: u32,
        /// Of how many.
        of: u32,
    },
    /// A server refused what the recipe cannot do without.
    RecipeFailed {
        /// Of which recipe.
        path: Path,
        /// The refusal.
        error: KeeperError,
    },
    /// The reply to a delete was lost, of a node whose name may be somebody else's by now: after a
    /// write it will look whose it is.
    DeleteUncertain {
        /// The node.
        node: Path,
    },
    /// The delete whose reply was lost had not been carried out, its mark still stands in the node: it
    /// deletes again.
    DeletesAgain {
        /// The node.
        node: Path,
    },
}
