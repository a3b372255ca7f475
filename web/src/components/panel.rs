//! Tabs. On a wide page each group of panels has a row of its own; on a phone one row has them all.

use crate::components::ui::Ui;
use crate::i18n::Strings;
use crate::platform::pointer::focus_on;
use crate::ui_action::{Group, Panel, Panels, UiAction};
use yew::{Callback, Html, KeyboardEvent, MouseEvent, classes, html};

/// The tabs of a group, for a wide page.
pub fn group_tabs(ui: &Ui, group: Group, panels: Panels) -> Html {
    let (class, name) = match group {
        Group::Inspector => ("tabs--inspector", ui.t().inspector),
        Group::Lower => ("tabs--lower", ui.t().below_stage),
        Group::Console => ("tabs--console", ui.t().console),
        Group::Feed => ("tabs--feed", ui.t().feed),
        Group::Course => ("tabs--course", ui.t().lessons.course),
    };
    let of_group: Vec<Panel> = Panel::ALL.into_iter().filter(|p| p.group() == group).collect();
    tabs(ui, class, name, &of_group, panels.front(group))
}

/// The tabs of all panels, for a phone.
pub fn all_tabs(ui: &Ui, panels: Panels) -> Html {
    tabs(ui, "tabs--all", ui.t().inspector, &Panel::ALL, panels.sheet)
}

fn tabs(ui: &Ui, class: &'static str, name: &'static str, all: &[Panel], front: Panel) -> Html {
    let draw = all.iter().map(|panel| tab(ui, *panel, all, *panel == front));
    html! {
        <div class={classes!("tabs", class)} role="tablist" aria-label={name}>{ for draw }</div>
    }
}

fn tab(ui: &Ui, panel: Panel, all: &[Panel], is_front: bool) -> Html {
    let dispatch = ui.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(UiAction::Show(panel));
        if panel == Panel::Console {
            focus_on("#console-input");
        }
    });
    let place = all.iter().position(|other| *other == panel).unwrap_or(0);
    let (before, after) = (all[(place + all.len() - 1) % all.len()], all[(place + 1) % all.len()]);
    let dispatch = ui.dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowLeft" => before,
            "ArrowRight" => after,
            _other => return,
        };
        event.prevent_default();
        event.stop_propagation();
        dispatch.emit(UiAction::Show(to));
        focus_on(&format!("[role=tab][data-tab={}]:not([hidden])", to.name()));
    });
    html! {
        <button type="button" role="tab" class="tab" data-tab={panel.name()}
            aria-controls={panel.name()} aria-selected={is_front.to_string()} {onclick} {onkeydown}>
            { describe(panel, ui.t()) }
        </button>
    }
}

/// The words on a tab.
fn describe(panel: Panel, t: &Strings) -> &'static str {
    match panel {
        Panel::Servers => t.ensemble_tab,
        Panel::Server => t.server,
        Panel::Sessions => t.sessions,
        Panel::Packet => t.packet,
        Panel::Why => t.why_tab,
        Panel::Scenario => t.scenario.name,
        Panel::Lanes => t.lanes,
        Panel::Znodes => t.znodes,
        Panel::Recipes => t.recipes.title,
        Panel::Branches => t.time.branches,
        Panel::Feed => t.feed,
        Panel::Console => t.console,
        Panel::Course => t.lessons.course,
    }
}
