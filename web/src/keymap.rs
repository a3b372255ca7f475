//! Which key does what. The help lists the same ones (`Strings::keys`).

use crate::platform::keys::Key;
use crate::ui_action::class::ClassAction;
use crate::ui_action::glossary::GlossaryAction;
use crate::ui_action::lesson::LessonAction;
use crate::ui_action::{TimeAction, UiAction};

/// What a key does, if it does anything.
pub fn action_for(key: &Key) -> Option<UiAction> {
    let action = match (key.name.as_str(), key.is_shifted) {
        (" ", _) if key.is_on_button => return None,
        (" ", _) => UiAction::TogglePlaying,
        // Clickers black the screen out with it.
        (".", _) => UiAction::Class(ClassAction::Dot),
        ("b" | "B", _) => UiAction::Class(ClassAction::ToggleBlack),
        ("ArrowRight", false) => UiAction::Step,
        ("ArrowLeft", false) => UiAction::Back,
        ("ArrowRight", true) => UiAction::StepDecision,
        ("ArrowLeft", true) => UiAction::BackDecision,
        // A clicker: through the lesson, if one is open.
        ("PageDown", _) => UiAction::Lesson(LessonAction::Next),
        ("PageUp", _) => UiAction::Lesson(LessonAction::Previous),
        ("Home", _) => UiAction::Seek(0),
        ("End" | "l" | "L", _) => UiAction::Live,
        ("[", _) => UiAction::Slower,
        ("]", _) => UiAction::Faster,
        ("k" | "K", _) => UiAction::KillLeader,
        ("p" | "P", _) => UiAction::TogglePartition,
        ("r" | "R", _) => UiAction::RestartAll,
        ("f" | "F", _) => UiAction::Time(TimeAction::Fork),
        ("Undo", _) => UiAction::Time(TimeAction::Undo),
        ("Redo", _) => UiAction::Time(TimeAction::Redo),
        ("n", _) => UiAction::Time(TimeAction::StepPhase),
        ("N", _) => UiAction::Time(TimeAction::BackPhase),
        ("?", _) => UiAction::ToggleHelp,
        ("g" | "G", _) => UiAction::Glossary(GlossaryAction::Toggle),
        ("Escape", _) => UiAction::Escape,
        _other => return None,
    };
    Some(action)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, is_shifted: bool) -> Key {
        Key { name: name.to_owned(), is_shifted, is_on_button: false }
    }

    #[test]
    fn space_belongs_to_a_button_that_has_the_focus() {
        assert_eq!(action_for(&key(" ", false)), Some(UiAction::TogglePlaying));
        let on_button = Key { is_on_button: true, ..key(" ", false) };
        assert_eq!(action_for(&on_button), None);
    }

    #[test]
    fn shift_goes_by_decisions() {
        assert_eq!(action_for(&key("ArrowRight", false)), Some(UiAction::Step));
        assert_eq!(action_for(&key("ArrowRight", true)), Some(UiAction::StepDecision));
        assert_eq!(action_for(&key("x", false)), None);
    }
}
