//! The znode tree: what clients read and write, and what every server holds a copy of.
//!
//! The problem: several servers must end up with the same tree, although each request arrives at
//! one of them, some are conditional, and some get their name only when they are carried out. The
//! idea: one server, the leader, decides, and what it decides is written down as a change that
//! needs no decision any more:
//!
//! ```text
//!   leader          prep       Request  ─▶  Txn       checks, names, versions: once
//!   every server    data_tree  Txn      ─▶  Image     the change: everywhere, in one order
//!   any server      read       Op       ─▶  Reply     from its own copy, without asking anybody
//! ```
//!
//! # Why the copies agree
//!
//! [`data_tree::apply`] depends on nothing but the image and the transaction: no clock, no
//! randomness, no unordered set. So servers that have applied the same transactions in the same
//! order hold the same image, and the order is ZAB's business. Applying a transaction twice does no
//! harm, which is what allows a snapshot to be taken while the tree goes on changing.
//!
//! The leader may decide far ahead of what is agreed on. What it has promised is kept in `Prep`
//! until it is applied, and forgotten if the leader falls.
//!
//! # Reading order
//!
//! [`path`] first, then [`data_tree`], [`prep`] and [`read`]. [`acl`] and [`quota`] are checks that
//! prep and read make; [`container`] finds what the leader should clean up.
//!
//! **Simplified.** Each module says what.
//!
//! **Left out.** Digests of the tree, the ACL cache, metrics per namespace, audit logs.

pub mod acl;
pub mod container;
pub mod data_tree;
mod outstanding;
pub mod path;
pub mod prep;
pub mod quota;
pub mod read;
#[cfg(test)]
pub(crate) mod testing;
