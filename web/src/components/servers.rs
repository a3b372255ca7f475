//! The server table: what is done to the ensemble, and to each server.

use crate::components::buttons::Button;
use crate::components::server_row::ServerRow;
use crate::components::ui::{Ui, use_ui};
use crate::platform::pointer::value_of;
use crate::ui_action::UiAction;
use std::rc::Rc;
use yew::{Callback, Event, Html, Properties, component, html};
use zklab_core::lab::view::ServerView;
use zklab_core::types::ServerId;

/// Ensembles that a fresh start offers: participants and observers.
const ENSEMBLES: [(u8, u8); 7] = [(1, 0), (3, 0), (3, 1), (4, 0), (5, 0), (5, 2), (7, 0)];

/// Props of [`Servers`].
#[derive(PartialEq, Properties)]
pub struct ServersProps {
    /// The servers.
    pub servers: Vec<Rc<ServerView>>,
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
    let rows = props.servers.iter().map(|server| {
        html! {
            <ServerRow key={server.id.0} id={server.id} is_up={server.is_up}
                is_paused={server.is_paused} state={server.state} epoch={server.current_epoch}
                zxid={server.last_processed} is_selected={props.selected == Some(server.id)}
                is_member={props.side.contains(&server.id)} />
        }
    });
    let columns = [t.cut, t.servers, t.state, t.last_zxid, ""];
    html! {
        <section id="servers" class="panel panel--servers" role="tabpanel" tabindex="-1" aria-label={t.servers}>
            <Tools chosen={props.chosen} />
            <table class="servers">
                <thead class="hidden">
                    <tr>{ for columns.map(|column| html! { <th>{ column }</th> }) }</tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct ToolsProps {
    chosen: (u8, u8),
}

#[component]
fn Tools(props: &ToolsProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    html! {
        <div class="tools">
            <span class="tools__legend">{ t.cut_legend }</span>
            <span class="tools__fresh">
                { ensemble_choice(&ui, props.chosen) }
                { Button::new("reset", UiAction::Reset, t.reset).draw(&ui) }
            </span>
        </div>
    }
}

fn ensemble_choice(ui: &Ui, chosen: (u8, u8)) -> Html {
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
            <option value={place.to_string()} selected={*ensemble == chosen}>
                { (t.ensemble)(participants, observers) }
            </option>
        }
    });
    html! {
        <select class="select" data-ensemble="" aria-label={t.choose_ensemble}
            title={t.choose_ensemble} {onchange}>{ for options }</select>
    }
}
