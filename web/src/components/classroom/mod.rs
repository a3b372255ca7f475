//! The classroom: what is seen while presenting, a stage in somebody else's page, and pages for
//! whoever teaches.

mod code;
mod hand_out;
mod present;
mod teacher;

pub use code::{Code, CodeSheet};
pub use hand_out::hand_out;
pub use present::{black, embed_bar, present_bar};
pub use teacher::teacher;
