//! What every recipe does alike: asking again what got no answer, parents that are not there yet,
//! and a create whose reply was lost.
//!
//! ```text
//!   ask ──▶ answered ──▶ to the recipe
//!    ▲         │ CONNECTIONLOSS
//!    └─ back ──┴▶ parked until the connection is back
//!
//!   own node:  create ──NONODE──▶ parents, create
//!                 │ CONNECTIONLOSS: is it there?
//!                 └─ back ──▶ delete, getChildren ──its mark is there──▶ exists ──▶ as if answered
//!                                      └──it is not──▶ create
//!
//!   delete of a name that others may take:  delete ──CONNECTIONLOSS──▶ parked
//!                 └─ back ──▶ a write that does nothing ──▶ getData ──▶ to the recipe
//! ```
//!
//! ZooKeeper: the documentation's note on recoverable errors and the guid; Curator:
//! `CreateBuilderImpl.withProtection`, `findProtectedNodeInForeground`, `GuaranteedDeletable`; kazoo:
//! `Lock._find_node`.
//!
//! Curator and kazoo list at once. The create may still be outstanding then: proposed, and committed
//! after the list. They create a second node, and whoever waits behind the first one waits for as long
//! as the session lives. A sync before the list is not enough: a leader answers the sync of its own
//! client without waiting for what is outstanding (`CommitProcessor.needCommit`). So here a write goes
//! first, a delete of the name without a number, which nobody has: refused or not, its answer comes
//! when everything that the leader proposed before it is committed, and a server that the session has
//! left can ask for nothing more (SESSIONMOVED). A node that is not there then will never be. The same
//! goes before a delete is asked for again: the first one may still be carried out, the name be
//! somebody else's then, and the second one would take that away.

use super::{Said, Turn};
use crate::error::KeeperError;
use crate::sorted::Map;
use crate::tree::path;
use crate::txn::{Bytes, CreateMode, Op, Path, Reply, open_acl};
use crate::why::RecipeWhy;
use std::collections::VecDeque;

/// An answer.
pub type Answer = Result<Reply, KeeperError>;

/// How a request is seen through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Care {
    /// It can be asked again: it reads, or to do it twice is to do it once.
    Again,
    /// It must not be done twice: what got no answer is looked at instead, with getData.
    Once,
    /// A write before that, as before looking for the own node.
    WaitForOnce,
    /// A parent of what is created next: whatever comes of it.
    Parent,
    /// The recipe's own node is created; whether its name bears the recipe's mark.
    Own(bool),
    /// A write before looking for the own node: what comes of it does not matter, only that it comes
    /// after everything that was outstanding.
    WaitForOwn,
    /// Looking for the own node among its siblings.
    LookForOwn,
    /// The own node was found, this is its Stat.
    StatOfOwn,
}

#[derive(Clone, Debug)]
struct Call<T> {
    step: T,
    op: Op,
    care: Care,
    /// What was asked to begin with, while it is found out what came of it.
    first: Option<Op>,
    /// How often its parents were created.
    parents: u8,
}

/// How often parents are created for one node: somebody may remove them again, but not for ever.
const MOST_PARENTS: u8 = 8;

/// The requests of one recipe. `T` says what each is for.
#[derive(Clone, Debug)]
pub struct Desk<T> {
    calls: Map<u32, Call<T>>,
    parked: VecDeque<Call<T>>,
    next: u32,
}

/// How many tickets a lane has: requests of a part of a recipe are told from others by their lane.
const LANE: u32 = 1 << 24;

/// The lane of a ticket.
pub fn lane(ticket: u32) -> u32 {
    ticket / LANE
}

impl<T> Default for Desk<T> {
    fn default() -> Desk<T> {
        Desk::new(0)
    }
}

impl<T> Desk<T> {
    /// The requests of one part of a recipe.
    pub fn new(lane: u32) -> Desk<T> {
        Desk { calls: Map::new(), parked: VecDeque::new(), next: lane * LANE }
    }
}

impl<T: Copy> Desk<T> {
    /// Asks for something that can be asked again if no answer comes.
    pub fn ask(&mut self, step: T, op: Op, turn: &mut Turn) {
        self.send(Call { step, op, care: Care::Again, first: None, parents: 0 }, turn);
    }

    /// Creates a node of its own. `name` goes after the recipe's mark, if there is one.
    pub fn create_own(
        &mut self,
        step: T,
        (parent, name): (&str, &str),
        data: Option<Bytes>,
        mode: CreateMode,
        turn: &mut Turn,
    ) {
        let is_protected = turn.is_protected;
        let mark = if is_protected { turn.mark() } else { String::new() };
        let path: Path = format!("{}/{mark}{name}", parent.trim_end_matches('/')).into();
        let op = Op::Create { path, data, acl: open_acl(), mode, ttl_ms: -1 };
        self.send(Call { step, op, care: Care::Own(is_protected), first: None, parents: 0 }, turn);
    }

    /// Creates a node that is nobody's, with its parents. It may be there already.
    pub fn create(
        &mut self,
        step: T,
        path: &Path,
        data: Option<Bytes>,
        mode: CreateMode,
        turn: &mut Turn,
    ) {
        let op = Op::Create { path: path.clone(), data, acl: open_acl(), mode, ttl_ms: -1 };
        self.send(Call { step, op, care: Care::Again, first: None, parents: 0 }, turn);
    }

    /// Deletes a node whose name may be somebody else's later. If no answer comes, the answer to a
    /// getData comes instead: the recipe looks whose it is.
    pub fn delete_once(&mut self, step: T, path: Path, turn: &mut Turn) {
        let op = Op::Delete { path, version: -1 };
        self.send(Call { step, op, care: Care::Once, first: None, parents: 0 }, turn);
    }

    /// Whether nothing is asked.
    pub fn is_idle(&self) -> bool {
        self.calls.is_empty() && self.parked.is_empty()
    }

    fn send(&mut self, call: Call<T>, turn: &mut Turn) {
        self.next += 1;
        turn.say(Said::Ask { ticket: self.next, op: call.op.clone() });
        self.calls.insert(self.next, call);
    }

    /// The connection is back: what got no answer is asked again.
    pub fn back(&mut self, turn: &mut Turn) {
        for call in std::mem::take(&mut self.parked) {
            self.send(call, turn);
        }
    }

    /// An answer came. Returns what the recipe must know.
    pub fn answered(
        &mut self,
        ticket: u32,
        answer: &Answer,
        turn: &mut Turn,
    ) -> Option<(T, Answer)> {
        let call = self.calls.remove(&ticket)?;
        match answer {
            // A client that closes its session refuses like this too, while it is still connected.
            Err(KeeperError::ConnectionLoss) => {
                self.park(call, false, turn);
                return None;
            }
            Err(
                KeeperError::SessionMoved
                | KeeperError::OperationTimeout
                | KeeperError::RequestTimeout
                | KeeperError::ThrottledOp
                | KeeperError::NotReadOnly,
            ) => {
                self.park(call, turn.is_connected, turn);
                return None;
            }
            Err(KeeperError::SessionExpired) => return None,
            Ok(_) | Err(_) => {}
        }
        match call.care {
            Care::Parent => None,
            Care::Again | Care::Own(_) | Care::Once => match &call.op {
                Op::Create { path, .. }
                    if *answer == Err(KeeperError::NoNode) && call.parents < MOST_PARENTS =>
                {
                    self.create_parents(call.step, &path.clone(), turn);
                    self.send(Call { parents: call.parents + 1, ..call }, turn);
                    None
                }
                _ => Some((call.step, answer.clone())),
            },
            Care::WaitForOwn => {
                let op = Op::GetChildren { path: parent_of(&call), watch: false };
                self.send(Call { op, care: Care::LookForOwn, ..call }, turn);
                None
            }
            Care::WaitForOnce => {
                let path = call.first.as_ref().and_then(Op::path).cloned();
                let op = Op::GetData { path: path.unwrap_or_else(|| "/".into()), watch: false };
                self.send(Call { op, care: Care::Again, first: None, ..call }, turn);
                None
            }
            Care::LookForOwn => {
                self.on_siblings(call, answer, turn);
                None
            }
            Care::StatOfOwn => match (answer, call.op.path()) {
                (Ok(Reply::Stat(stat)), Some(path)) => {
                    let created = Reply::Created { path: path.clone(), stat: *stat };
                    Some((call.step, Ok(created)))
                }
                _ => {
                    self.create_again(call, turn);
                    None
                }
            },
        }
    }

    fn park(&mut self, call: Call<T>, is_asked_again: bool, turn: &mut Turn) {
        let call = match call.care {
            Care::Own(is_protected) => {
                let path = call.op.path().cloned().unwrap_or_else(|| "/".into());
                turn.explain(RecipeWhy::CreateUncertain { path: path.clone(), is_protected });
                match is_protected {
                    true => Call {
                        care: Care::WaitForOwn,
                        first: Some(call.op),
                        op: Op::Delete { path, version: -1 },
                        ..call
                    },
                    false => call,
                }
            }
            Care::Once => {
                let path = call.op.path().cloned().unwrap_or_else(|| "/".into());
                turn.explain(RecipeWhy::DeleteUncertain { node: path.clone() });
                let nobodys: Path = format!("{path}-{}", turn.mark()).into();
                let op = Op::Delete { path: nobodys, version: -1 };
                Call { care: Care::WaitForOnce, first: Some(call.op), op, ..call }
            }
            Care::Again
            | Care::Parent
            | Care::WaitForOwn
            | Care::WaitForOnce
            | Care::LookForOwn
            | Care::StatOfOwn => call,
        };
        if is_asked_again {
            self.send(call, turn);
        } else {
            self.parked.push_back(call);
        }
    }

    /// Is the own node among those there?
    fn on_siblings(&mut self, call: Call<T>, answer: &Answer, turn: &mut Turn) {
        let parent = parent_of(&call);
        let name = call.first.as_ref().and_then(Op::path).map_or("", |path| path::name(path));
        let found = match answer {
            Ok(Reply::Children { children, .. }) => {
                children.iter().find(|child| child.starts_with(name))
            }
            _ => None,
        };
        match found {
            Some(child) => {
                let node: Path = path::join(&parent, child).into();
                turn.explain(RecipeWhy::FoundOwnNode { node: node.clone() });
                let op = Op::Exists { path: node, watch: false };
                self.send(Call { op, care: Care::StatOfOwn, ..call }, turn);
            }
            None => {
                turn.explain(RecipeWhy::OwnNodeMissing { parent });
                self.create_again(call, turn);
            }
        }
    }

    fn create_again(&mut self, call: Call<T>, turn: &mut Turn) {
        if let Some(op) = call.first {
            self.send(Call { op, care: Care::Own(true), first: None, ..call }, turn);
        }
    }

    /// All parents, the highest first. Requests are answered in order, so what comes after them finds
    /// them. Curator: `creatingParentContainersIfNeeded`.
    fn create_parents(&mut self, step: T, of: &str, turn: &mut Turn) {
        let mode = turn.parent_mode;
        let ends = of.match_indices('/').map(|(at, _)| at).filter(|at| 0 < *at);
        for end in ends.collect::<Vec<_>>() {
            let path: Path = of[..end].into();
            let op = Op::Create { path, data: Some([].into()), acl: open_acl(), mode, ttl_ms: -1 };
            self.send(Call { step, op, care: Care::Parent, first: None, parents: 0 }, turn);
        }
    }
}

/// Where a node that was to be created should be.
fn parent_of<T>(call: &Call<T>) -> Path {
    let path = call.first.as_ref().or(Some(&call.op)).and_then(Op::path);
    path.and_then(|path| path::parent(path)).unwrap_or("/").into()
}
