//! A client outside the ring, and the line to its server.

use crate::components::geometry::{Point, RADIUS};
use crate::components::ui::use_ui;
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::lab::view::{ClientState, ClientView};

fn state_class(state: ClientState) -> &'static str {
    match state {
        ClientState::Connecting => "client--connecting",
        ClientState::Connected | ClientState::ConnectedReadOnly => "client--connected",
        ClientState::Expired => "client--expired",
        ClientState::Closed | ClientState::Vanished => "client--gone",
    }
}

/// Props of [`ClientNode`].
#[derive(PartialEq, Properties)]
pub struct ClientNodeProps {
    /// The client.
    pub client: Rc<ClientView>,
    /// Where it is.
    pub at: Point,
}

/// A client.
#[component]
pub fn ClientNode(props: &ClientNodeProps) -> Html {
    let ui = use_ui();
    let client = &props.client;
    let state = (ui.t().client_state)(client.state);
    html! {
        <g class={classes!("client", state_class(client.state))} transform={props.at.translate()}
            data-client={client.name.to_string()}>
            <rect class="client__box" x="-46" y="-19" width="92" height="38" rx="9" />
            <text class="client__name" y="-3">{ (ui.t().client)(&client.name) }</text>
            <text class="client__state" y="12">{ state }</text>
        </g>
    }
}

/// Props of [`ClientWire`].
#[derive(PartialEq, Properties)]
pub struct ClientWireProps {
    /// Where the client is.
    pub from: Point,
    /// Where the server is.
    pub to: Point,
    /// How the client stands.
    pub state: ClientState,
}

/// The line between a client and the server it is connected to, or tries.
#[component]
pub fn ClientWire(props: &ClientWireProps) -> Html {
    let length = props.from.distance(props.to).max(1.0);
    let end = props.to.towards(props.from, RADIUS / length);
    let d = format!("M{}L{}", props.from.path(), end.path());
    html! { <path class={classes!("wire", state_class(props.state))} {d} /> }
}
