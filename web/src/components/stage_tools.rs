//! Over the stage: which piece of it is seen, and what becomes of a side that was encircled.

use crate::components::buttons::Button;
use crate::components::icons::Icon;
use crate::components::ui::Ui;
use crate::ui_action::UiAction;
use crate::ui_action::stage::{Camera, StageAction};
use yew::{Html, html};
use zklab_core::types::ServerId;

/// Larger, smaller, all of it.
pub fn camera_tools(ui: &Ui, camera: Camera) -> Html {
    let w = ui.t().on_stage;
    let look = |camera| UiAction::Stage(StageAction::Look(camera));
    let zoom = |factor| look(camera.zoomed(factor, (0.5, 0.5)));
    let larger = Button::new("zoom-in", zoom(1.5), w.zoom_in).icon_only(Icon::Plus);
    let smaller = Button::new("zoom-out", zoom(1.0 / 1.5), w.zoom_out).icon_only(Icon::Minus);
    let fit = Button::new("fit", look(Camera::default()), w.fit);
    html! {
        <div class="camera" role="group" aria-label={w.tools} data-zoom={((camera.zoom * 100.0) as i32).to_string()}>
            if !camera.is_fit() { { fit.draw(ui) } }
            { smaller.enabled(!camera.is_fit()).draw(ui) }
            { larger.draw(ui) }
        </div>
    }
}

/// What becomes of an encircled side.
pub fn lasso_bar(ui: &Ui, side: &[ServerId]) -> Html {
    let w = ui.t().on_stage;
    let these = Button::new("partition-these", UiAction::Partition(None), w.partition_these);
    let cancel = Button::new("lasso-cancel", UiAction::Stage(StageAction::ClearLasso), w.cancel);
    html! {
        <div class="lasso-bar" role="group" aria-label={w.partition_these} data-lasso={side.len().to_string()}>
            <strong>{ (w.encircled)(side) }</strong>
            { these.class("button--primary").draw(ui) }
            { cancel.draw(ui) }
        </div>
    }
}
