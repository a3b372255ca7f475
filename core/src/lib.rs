//! A whole Apache ZooKeeper ensemble as deterministic state machines.
//!
//! # Reading order
//!
//! [`types`], [`txn`], [`error`] and [`image`] are the vocabulary: what a zxid, a transaction and a
//! snapshot are. [`why`] lists every reason a machine can give for a decision,
//! [`mistake`] every way in which it can be told to decide wrongly. [`fle`] elects a
//! leader, [`zab`] makes its history everybody's; [`tree`], [`session`] and [`watch`] are what the
//! agreed transactions act on; [`client`] is the other end of the wire, and [`recipe`] what
//! applications build on it. [`server`] wires the machines into one ZooKeeper server. [`sim`] is the world those servers live in: clock, network, disks, faults.
//! [`lab`] is what the outside uses: actions, timeline, traces, views.
//!
//! # Layers
//!
//! `fle`, `zab`, `tree`, `session`, `watch` and `client` never import one another; they share the
//! vocabulary and `server` composes them. None of them imports `sim`: inputs in, effects out.
//! `sim` never imports `lab`. Nothing here knows wall clocks, threads, OS randomness or a DOM.
//! `tests/tidy.rs` checks it.

pub mod chunks;
#[cfg(feature = "cli")]
pub mod cli;
pub mod client;
pub mod config;
#[cfg(feature = "cli")]
pub mod drive;
pub mod error;
pub mod fle;
pub mod image;
pub mod lab;
pub mod mistake;
pub mod pack;
pub mod recipe;
pub mod server;
pub mod session;
pub mod sim;
pub mod sorted;
pub mod tree;
pub mod txn;
pub mod types;
pub mod watch;
pub mod why;
pub mod wire;
pub mod zab;
