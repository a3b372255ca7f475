//! What a reader can do with consoles.

use std::rc::Rc;
use zklab_core::types::{ClientId, ServerId};

/// Something done with the consoles.
#[derive(Clone, PartialEq, Debug)]
pub enum ConsoleAction {
    /// A line is typed in a client's console.
    Command(ClientId, Rc<str>),
    /// A client's console comes to the front.
    Show(ClientId),
    /// Two consoles side by side, or one again.
    Split,
    /// A new client with a console of its own.
    Add {
        /// The servers it knows, in the order it tries them.
        servers: Rc<[ServerId]>,
        /// The session timeout it asks for, in milliseconds.
        timeout_ms: u32,
        /// Whether a read-only server will do.
        can_be_read_only: bool,
    },
    /// A new session for a client whose session is over.
    Connect(ClientId),
}
