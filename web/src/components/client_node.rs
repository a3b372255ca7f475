//! A client outside the ring, and the line to its server.

use crate::components::geometry::{Point, RADIUS};
use crate::components::ui::Ui;
use crate::ui_action::{Selection, UiAction};
use yew::{Html, classes, html};
use zklab_core::lab::view::{ClientState, ClientView};

fn state_class(state: ClientState) -> &'static str {
    match state {
        ClientState::Connecting => "client--connecting",
        ClientState::Connected | ClientState::ConnectedReadOnly => "client--connected",
        ClientState::Expired => "client--expired",
        ClientState::Closed | ClientState::Vanished => "client--gone",
    }
}

/// A client at this place.
pub fn client_node(ui: &Ui, client: &ClientView, at: Point) -> Html {
    let state = (ui.t().client_state)(client.state);
    html! {
        <g class={classes!("client", state_class(client.state))} transform={at.translate()}
            data-client={client.name.to_string()}
            onclick={ui.on(UiAction::Select(Selection::Client(client.id)))}>
            <rect class="client__box" x="-46" y="-19" width="92" height="38" rx="9" />
            <text class="client__name" y="-3">{ (ui.t().client)(&client.name) }</text>
            <text class="client__state" y="12">{ state }</text>
        </g>
    }
}

/// The line between a client and the server it is connected to, or tries.
pub fn wire(from: Point, to: Point, state: ClientState) -> Html {
    let length = from.distance(to).max(1.0);
    let end = to.towards(from, RADIUS / length);
    let d = format!("M{}L{}", from.path(), end.path());
    html! { <path class={classes!("wire", state_class(state))} {d} /> }
}
