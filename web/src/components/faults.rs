//! What is done to the ensemble as a whole, above the stage.

use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::ui_action::UiAction;
use yew::{Html, html};
use zklab_core::types::ServerId;

/// What can be done now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Faults {
    /// Somebody leads.
    pub kill: bool,
    /// Somebody is down.
    pub restart: bool,
    /// Both sides of a cut have a server.
    pub cut: bool,
    /// The network is cut.
    pub heal: bool,
}

/// The buttons; a partition cuts `side` off.
pub fn faults(ui: &Ui, can: Faults, side: &[ServerId]) -> Html {
    let t = ui.t();
    let cut_hint = if can.cut { (t.cut_hint)(side) } else { t.cut_none.to_owned() };
    let kill = Button::new("kill-leader", UiAction::KillLeader, t.kill_leader).key("K");
    let restart = Button::new("restart-all", UiAction::RestartAll, t.restart_all).key("R");
    let cut = Button::new("partition", UiAction::Partition(None), t.cut).key("P");
    let heal = Button::new("heal", UiAction::Heal, t.heal);
    html! {
        <div class="faults" role="group" aria-label={t.faults}>
            { kill.enabled(can.kill).draw(ui) }
            { restart.enabled(can.restart).draw(ui) }
            { cut.enabled(can.cut).hint(cut_hint).draw(ui) }
            { heal.enabled(can.heal).draw(ui) }
        </div>
    }
}
