//! The server table: what is done to the ensemble, and to each server.

use crate::components::buttons::ActionButton;
use crate::components::server_detail::ServerDetail;
use crate::components::server_row::ServerRow;
use crate::components::ui::use_ui;
use crate::platform::pointer::value_of;
use crate::state::UiAction;
use std::rc::Rc;
use yew::{AttrValue, Callback, Event, Html, Properties, component, html};
use zklab_core::lab::view::View;
use zklab_core::types::ServerId;

/// Ensembles that a fresh start offers: participants and observers.
const ENSEMBLES: [(u8, u8); 7] = [(1, 0), (3, 0), (3, 1), (4, 0), (5, 0), (5, 2), (7, 0)];

/// Props of [`Servers`].
#[derive(PartialEq, Properties)]
pub struct ServersProps {
    /// The moment.
    pub view: Rc<View>,
    /// The side that a partition would cut off.
    pub side: Vec<ServerId>,
    /// The server whose details are shown.
    pub selected: Option<ServerId>,
    /// Participants and observers of the next fresh start.
    pub chosen: (u8, u8),
}

/// The panel of the servers.
#[component]
pub fn Servers(props: &ServersProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let rows = props.view.servers.iter().map(|server| {
        let is_selected = props.selected == Some(server.id);
        html! {
            <key={server.id.0}>
                <ServerRow server={server.clone()} {is_selected}
                    is_member={props.side.contains(&server.id)} />
                if is_selected { <ServerDetail server={server.clone()} /> }
            </>
        }
    });
    html! {
        <section id="servers" class="panel panel--servers" tabindex="-1" aria-label={t.servers}>
            <EnsembleTools view={props.view.clone()} side={props.side.clone()} chosen={props.chosen} />
            <table class="servers">
                <thead class="hidden">
                    <tr>
                        <th>{ t.cut }</th><th>{ t.servers }</th><th>{ t.state }</th>
                        <th>{ t.last_zxid }</th><th></th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct EnsembleToolsProps {
    view: Rc<View>,
    side: Vec<ServerId>,
    chosen: (u8, u8),
}

#[component]
fn EnsembleTools(props: &EnsembleToolsProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let view = &props.view;
    let is_any_down = view.servers.iter().any(|server| !server.is_up);
    let can_cut = !props.side.is_empty() && props.side.len() < view.servers.len();
    let cut_hint = if can_cut { (t.cut_hint)(&props.side) } else { t.cut_none.to_owned() };
    html! {
        <div class="tools">
            <ActionButton name="kill-leader" action={UiAction::KillLeader} label={t.kill_leader}
                shortcut="K" disabled={view.leader.is_none()} />
            <ActionButton name="restart-all" action={UiAction::RestartAll} label={t.restart_all}
                shortcut="R" disabled={!is_any_down} />
            <ActionButton name="partition" action={UiAction::Partition(None)} label={t.cut}
                shortcut="P" disabled={!can_cut} hint={AttrValue::from(cut_hint)} />
            <ActionButton name="heal" action={UiAction::Heal} label={t.heal}
                disabled={view.partition.is_empty()} />
            <span class="tools__legend">{ t.cut_legend }</span>
            <EnsembleChoice chosen={props.chosen} />
            <ActionButton name="reset" action={UiAction::Reset} label={t.reset} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct EnsembleChoiceProps {
    chosen: (u8, u8),
}

#[component]
fn EnsembleChoice(props: &EnsembleChoiceProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let dispatch = ui.dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let place = value_of(&event).and_then(|value| value.parse::<usize>().ok());
        if let Some((participants, observers)) = place.and_then(|place| ENSEMBLES.get(place)) {
            dispatch.emit(UiAction::Choose(*participants, *observers));
        }
    });
    let options = ENSEMBLES.iter().enumerate().map(|(place, ensemble)| {
        let (participants, observers) = *ensemble;
        html! {
            <option value={place.to_string()} selected={*ensemble == props.chosen}>
                { (t.ensemble)(participants, observers) }
            </option>
        }
    });
    html! {
        <select class="select" data-ensemble="" aria-label={t.choose_ensemble} {onchange}>
            { for options }
        </select>
    }
}
