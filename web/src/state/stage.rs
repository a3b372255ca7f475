//! What the reader does with the stage.

use super::{Chores, State};
use crate::ui_action::Selection;
use crate::ui_action::stage::{Camera, StageAction};
use std::rc::Rc;
use zklab_core::sim::action::Action;

/// How the stage is seen, and what is open on it.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct StageState {
    /// The piece that is seen.
    pub camera: Camera,
    /// The open menu: of what, and where in the window, in CSS pixels.
    pub menu: Option<(Selection, (f64, f64))>,
    /// Whether the chosen side was encircled just now, and waits to be cut off.
    pub has_lasso: bool,
}

impl State {
    pub(super) fn on_stage(&mut self, action: StageAction) -> Chores {
        match action {
            StageAction::Menu(selection, _) if self.answers_with(selection) => {}
            StageAction::Menu(selection, at) => {
                self.selected = Some(selection);
                self.panels.show(selection.panel());
                self.stage.menu = Some((selection, at));
                // A packet would be gone before its menu is read.
                if let (Selection::Packet(_), true) = (selection, self.is_playing) {
                    return self.toggle_playing();
                }
            }
            StageAction::CloseMenu => self.stage.menu = None,
            StageAction::Lasso(side) => {
                self.stage.has_lasso = !side.is_empty();
                self.side = Some(side).filter(|side| !side.is_empty());
            }
            StageAction::ClearLasso => self.forget_side(),
            StageAction::Look(camera) => self.stage.camera = camera,
        }
        Chores::NONE
    }

    /// No side is chosen by hand any more.
    pub(super) fn forget_side(&mut self) {
        self.side = None;
        self.stage.has_lasso = false;
    }

    /// Does several things at one moment.
    pub(super) fn act_together(&mut self, actions: &Rc<[Action]>) -> Chores {
        let mut chores = Chores::NONE;
        for action in actions.iter() {
            chores = self.act(action.clone());
        }
        chores
    }
}
