//! What a reader can do with the feed.

use std::rc::Rc;
use zklab_core::lab::feed::FeedKind;
use zklab_core::types::Actor;

/// Something done with the feed.
#[derive(Clone, PartialEq, Debug)]
pub enum FeedAction {
    /// Rows about this are shown, or not.
    Toggle(FeedKind),
    /// Only rows of this server or client; of all.
    Only(Option<Actor>),
    /// Only rows that say this.
    Search(Rc<str>),
    /// More of what was before.
    More,
    /// Everything again.
    All,
}
