//! "Run until": a list of what can be waited for.

use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::platform::pointer::value_of;
use crate::ui_action::{TimeAction, UiAction};
use yew::{Callback, Event, Html, html};
use zklab_core::lab::hunt::Goal;
use zklab_core::sim::link::PacketType;
use zklab_core::why::Why;

/// Those with a button of their own, and its name.
const GOALS: [(&str, Goal); 4] = [
    ("until-leader", Goal::Elected),
    ("until-synchronized", Goal::Synchronized),
    ("until-expired", Goal::Expired),
    ("until-violation", Goal::Violation),
];

/// The button and, if it is open, the list.
pub fn goals(ui: &Ui, is_open: bool) -> Html {
    let t = ui.t().time;
    let buttons = GOALS.map(|(name, goal)| {
        Button::new(name, UiAction::Time(TimeAction::Hunt(goal)), (t.goal)(goal)).draw(ui)
    });
    let phase = |name, action, label, key| {
        Button::new(name, UiAction::Time(action), label).key(key).draw(ui)
    };
    html! {
        <div class="popover">
            <button type="button" class="button" data-action="run-until"
                aria-expanded={is_open.to_string()} aria-controls="goals"
                onclick={ui.on(UiAction::Time(TimeAction::ToggleGoals))}>
                <span>{ t.run_until }</span><span aria-hidden="true">{ "▴" }</span>
            </button>
            if is_open {
                <div id="goals" class="popover__list popover__list--up" role="group" aria-label={t.run_until}>
                    { for buttons }
                    { chosen(ui) }
                    { phase("step-phase", TimeAction::StepPhase, t.step_phase, "N") }
                    { phase("back-phase", TimeAction::BackPhase, t.back_phase, "Shift+N") }
                </div>
            }
        </div>
    }
}

/// The choice of one kind of event.
fn chosen(ui: &Ui) -> Html {
    let t = ui.t().time;
    let dispatch = ui.dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let value = value_of(&event).unwrap_or_default();
        if let Some(goal) = goal_of(&value) {
            dispatch.emit(UiAction::Time(TimeAction::Hunt(goal)));
        }
    });
    let mut whys = Why::names();
    whys.sort_unstable();
    let option = |value: String, name: &'static str| html! { <option {value}>{ name }</option> };
    html! {
        <select class="select" data-action="until-event" aria-label={t.chosen} {onchange}>
            <option value="" selected=true>{ t.choose }</option>
            <optgroup label={t.decisions}>
                { for whys.into_iter().map(|name| option(format!("why {name}"), name)) }
            </optgroup>
            <optgroup label={t.packets}>
                { for PacketType::ALL.iter().map(|packet| {
                    option(format!("packet {}", packet.name()), packet.name())
                }) }
            </optgroup>
        </select>
    }
}

fn goal_of(value: &str) -> Option<Goal> {
    let (kind, name) = value.split_once(' ')?;
    match kind {
        "why" => Why::names().into_iter().find(|known| *known == name).map(Goal::Decision),
        "packet" => {
            let packet = PacketType::ALL.iter().find(|packet| packet.name() == name);
            packet.copied().map(Goal::Packet)
        }
        _other => None,
    }
}
