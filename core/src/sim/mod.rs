//! The world the servers live in: clock, network, disks, faults.

pub mod action;
pub mod books;
pub mod check;
pub mod fault;
pub mod link;
pub mod network;
pub mod packed;
pub mod rng;
pub mod timers;
pub mod trace;
pub mod transcript;
pub mod world;
