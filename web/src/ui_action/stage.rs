//! What a reader does with the stage: menus, sides chosen with a lasso, the piece that is seen.

use crate::ui_action::Selection;
use zklab_core::sorted::Set;
use zklab_core::types::{Actor, ClientId, ServerId};

/// What a reader does with the stage.
#[derive(Clone, PartialEq, Debug)]
pub enum StageAction {
    /// Choose something and open the menu of its actions, at a place in CSS pixels of the window.
    Menu(Selection, (f64, f64)),
    /// Close the menu.
    CloseMenu,
    /// These servers were encircled: they are the side that a partition would cut off.
    Lasso(Set<ServerId>),
    /// No, they weren't meant.
    ClearLasso,
    /// See another piece of the stage.
    Look(Camera),
}

/// The largest magnification.
const CLOSEST: f64 = 6.0;

/// Which piece of the stage is seen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Camera {
    /// How many times as large; 1 is all of it.
    pub zoom: f64,
    /// The left edge of the piece, as a part of the stage's width.
    pub left: f64,
    /// Its upper edge, as a part of the stage's height.
    pub top: f64,
}

impl Default for Camera {
    /// All of the stage.
    fn default() -> Camera {
        Camera { zoom: 1.0, left: 0.0, top: 0.0 }
    }
}

impl Camera {
    /// So many times as large, around a point of what is seen (parts of its width and height).
    pub fn zoomed(self, factor: f64, at: (f64, f64)) -> Camera {
        let zoom = (self.zoom * factor).clamp(1.0, CLOSEST);
        let left = self.left + at.0 / self.zoom - at.0 / zoom;
        let top = self.top + at.1 / self.zoom - at.1 / zoom;
        Camera { zoom, left, top }.within()
    }

    /// Moved by parts of what is seen.
    pub fn moved(self, dx: f64, dy: f64) -> Camera {
        let (left, top) = (self.left + dx / self.zoom, self.top + dy / self.zoom);
        Camera { left, top, ..self }.within()
    }

    fn within(self) -> Camera {
        let most = 1.0 - 1.0 / self.zoom;
        Camera { left: self.left.clamp(0.0, most), top: self.top.clamp(0.0, most), ..self }
    }

    /// Whether all of the stage is seen.
    pub fn is_fit(self) -> bool {
        self.zoom <= 1.0
    }
}

impl Selection {
    /// As in `data-focus`: `server-1`, `client-2`, `packet-17`, `link-s1-c2`.
    pub fn key(self) -> String {
        match self {
            Selection::Server(id) => format!("server-{}", id.0),
            Selection::Client(id) => format!("client-{}", id.0),
            Selection::Packet(id) => format!("packet-{id}"),
            Selection::Link(one, other) => format!("link-{}-{}", end_key(one), end_key(other)),
        }
    }

    /// Reads [`Selection::key`].
    pub fn of_key(key: &str) -> Option<Selection> {
        let (kind, rest) = key.split_once('-')?;
        match kind {
            "server" => Some(Selection::Server(ServerId(rest.parse().ok()?))),
            "client" => Some(Selection::Client(ClientId(rest.parse().ok()?))),
            "packet" => Some(Selection::Packet(rest.parse().ok()?)),
            "link" => {
                let (one, other) = rest.split_once('-')?;
                Some(Selection::Link(end_of_key(one)?, end_of_key(other)?))
            }
            _other => None,
        }
    }
}

fn end_key(actor: Actor) -> String {
    match actor {
        Actor::Server(id) => format!("s{}", id.0),
        Actor::Client(id) => format!("c{}", id.0),
    }
}

fn end_of_key(key: &str) -> Option<Actor> {
    if let Some(id) = key.strip_prefix('s') {
        return Some(Actor::Server(ServerId(id.parse().ok()?)));
    }
    Some(Actor::Client(ClientId(key.strip_prefix('c')?.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let seen = Camera::default().zoomed(2.0, (0.25, 0.75));
        assert_eq!((seen.left, seen.top), (0.125, 0.375));
        assert_eq!(seen.zoomed(0.5, (0.25, 0.75)), Camera::default());
    }

    #[test]
    fn nothing_but_the_stage_is_seen() {
        let seen = Camera::default().zoomed(2.0, (0.5, 0.5)).moved(9.0, -9.0);
        assert_eq!((seen.left, seen.top), (0.5, 0.0));
        assert_eq!(Camera::default().moved(1.0, 1.0), Camera::default());
        assert_eq!(Camera::default().zoomed(100.0, (0.0, 0.0)).zoom, CLOSEST);
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        let link = Selection::Link(Actor::Server(ServerId(1)), Actor::Client(ClientId(2)));
        for selection in [Selection::Server(ServerId(3)), Selection::Packet(7), link] {
            assert_eq!(Selection::of_key(&selection.key()), Some(selection));
        }
        assert_eq!(Selection::of_key("link-s1"), None);
        assert_eq!(Selection::of_key("server-x"), None);
    }
}
