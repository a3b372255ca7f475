//! Which rows of the feed are shown.

use super::{Chores, State};
use crate::explain::sentence;
use crate::moment::Shared;
use crate::ui_action::feed::FeedAction;
use std::rc::Rc;
use zklab_core::lab::feed::FeedKind;
use zklab_core::lab::view::FeedRow;
use zklab_core::sorted::Set;
use zklab_core::types::Actor;

/// Rows that are shown at first, and that are added each time more are asked for.
const ROWS: usize = 100;
/// While it plays only those that are in sight: they are new with every drawing.
const ROWS_PLAYING: usize = 24;
/// Rows that come after the cursor, in its future: standing, and while it plays.
const ROWS_AHEAD: usize = 20;
const ROWS_AHEAD_PLAYING: usize = 4;
/// How many rows a search looks at.
const MOST_SEARCHED: usize = 5000;

/// Which rows are shown.
#[derive(Clone, PartialEq, Debug)]
pub struct FeedFilter {
    /// What the reader does not want to see.
    pub hidden: Set<FeedKind>,
    /// Whose rows alone.
    pub only: Option<Actor>,
    /// What they must say.
    pub text: Rc<str>,
    /// How many.
    pub most: usize,
}

impl Default for FeedFilter {
    fn default() -> FeedFilter {
        FeedFilter { hidden: Set::new(), only: None, text: Rc::from(""), most: ROWS }
    }
}

impl FeedFilter {
    /// Whether anything is left out.
    pub fn is_on(&self) -> bool {
        !self.hidden.is_empty() || self.only.is_some() || !self.text.is_empty()
    }
}

impl State {
    /// Does something with the feed.
    pub(super) fn on_feed(&mut self, action: FeedAction) -> Chores {
        let filter = &mut self.feed_filter;
        match action {
            FeedAction::Toggle(kind) => {
                if !filter.hidden.remove(&kind) {
                    filter.hidden.insert(kind);
                }
            }
            FeedAction::Only(actor) => filter.only = actor,
            FeedAction::Search(text) => filter.text = text,
            FeedAction::More => filter.most += ROWS,
            FeedAction::All => *filter = FeedFilter::default(),
        }
        self.read_feed();
        Chores::NONE
    }

    /// Reads off the lab which rows are shown.
    pub(super) fn read_feed(&mut self) {
        let filter = &self.feed_filter;
        let words = filter.text.to_lowercase();
        let t = self.strings();
        let is_wanted = |row: &FeedRow| {
            !filter.hidden.contains(&FeedKind::of(&row.what))
                && filter.only.is_none_or(|actor| row.actor == Some(actor))
                && (words.is_empty()
                    || sentence(row, &self.moment.names, t).text(t).to_lowercase().contains(&words))
        };
        let is_short = self.is_playing && filter.most == ROWS;
        let (most, ahead) = match is_short {
            true => (ROWS_PLAYING, ROWS_AHEAD_PLAYING),
            false => (filter.most, ROWS_AHEAD),
        };
        let rows = self.lab.feed_where(most, ahead, MOST_SEARCHED, is_wanted);
        self.moment.shown_feed = Shared::from(rows);
        self.unread.feed = false;
    }
}
