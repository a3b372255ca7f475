//! The other end of the wire: a client, as an application's library is one.

mod search;
pub mod session;
mod watches;
