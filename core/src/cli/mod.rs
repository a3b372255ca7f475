//! The commands of the headless binary, one module each. Only with the feature `cli`.

pub mod bench;
pub mod lesson;
pub mod run;
pub mod swarm;
