//! The other end of the wire: a client, as an application's library is one.

pub mod session;
