//! Clients outside the ring, and the lines to their servers.

use crate::components::geometry::{CHIP, Layout, Point, RADIUS, tenths};
use crate::components::scene::Placed;
use crate::components::ui::{Ui, use_ui};
use crate::explain::shortened;
use crate::ui_action::Selection;
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::lab::view::ClientState;
use zklab_core::types::ClientId;

/// So many letters of a name have room in its box.
const MOST_OF_NAME: usize = 8;

fn state_class(state: ClientState) -> &'static str {
    match state {
        ClientState::Connecting => "client--connecting",
        ClientState::Connected | ClientState::ConnectedReadOnly => "client--connected",
        ClientState::Expired => "client--expired",
        ClientState::Closed | ClientState::Vanished => "client--gone",
    }
}

/// Props of [`Clients`].
#[derive(PartialEq, Properties)]
pub struct ClientsProps {
    /// Where servers are.
    pub layout: Rc<Layout>,
    /// The clients.
    pub clients: Rc<[Placed]>,
    /// Where so many more are, for which there is no room.
    pub more: Rc<[(Point, usize)]>,
    /// The one that Tab leads to, if it is still there; else the first.
    pub rover: Option<ClientId>,
    /// The one that is chosen.
    pub selected: Option<ClientId>,
    /// Those that a lesson is about.
    pub lit: Vec<ClientId>,
}

/// The clients of the stage.
#[component]
pub fn Clients(props: &ClientsProps) -> Html {
    let ui = use_ui();
    let ClientsProps { layout, clients, more, rover, selected, lit } = props;
    let is_rover = |placed: &&Placed| Some(placed.id) == *rover;
    let stop = clients.iter().find(is_rover).or(clients.first()).map(|placed| placed.id);
    let drawn = || clients.iter().filter(|placed| placed.is_drawn);
    let draw = drawn().map(|placed| {
        let drawing = Drawing {
            is_small: layout.is_compact,
            is_stop: stop == Some(placed.id),
            is_selected: *selected == Some(placed.id),
            is_lit: lit.contains(&placed.id),
        };
        client_node(&ui, placed, drawing)
    });
    let wires = drawn().filter_map(|placed| {
        let to = placed.server.and_then(|id| layout.server(id))?;
        Some(wire(placed, to))
    });
    html! {
        <>
            <g aria-hidden="true">{ for wires }</g>
            <g data-group="clients">{ for draw }</g>
            <g>{ for more.iter().map(|(at, count)| more_clients(&ui, *at, *count)) }</g>
        </>
    }
}

/// How a client is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Drawing {
    /// Whether there is room for its name only.
    is_small: bool,
    /// Whether Tab leads to it.
    is_stop: bool,
    /// Whether a lesson is about it.
    is_lit: bool,
    /// Whether it is chosen.
    is_selected: bool,
}

fn client_node(ui: &Ui, client: &Placed, drawing: Drawing) -> Html {
    let state = (ui.t().client_state)(client.state);
    let name = (ui.t().client)(&shortened(&client.name, MOST_OF_NAME));
    let body = if drawing.is_small {
        let (width, height) = (CHIP.0 - 4.0, CHIP.1 - 3.0);
        let short: String = client.name.chars().take(3).collect();
        html! {
            <>
                <rect class="client__box" x={tenths(-width / 2.0)} y={tenths(-height / 2.0)}
                    width={tenths(width)} height={tenths(height)} rx="5" />
                <text class="client__name client__name--small" y="4">{ short }</text>
            </>
        }
    } else {
        html! {
            <>
                <rect class="client__box" x="-46" y="-19" width="92" height="38" rx="9" />
                // With a space at its end, so that the words read as they are spoken.
                <text class="client__name" y="-3">{ format!("{name} ") }</text>
                <text class="client__state" y="12">{ state }</text>
            </>
        }
    };
    let selected = drawing.is_selected.then_some("client--selected");
    let lit = drawing.is_lit.then_some("client--lit");
    html! {
        <g key={client.id.0} class={classes!("client", state_class(client.state), selected, lit)}
            transform={client.at.translate()} role="button"
            tabindex={if drawing.is_stop { "0" } else { "-1" }} aria-haspopup="menu"
            aria-label={format!("{name} {state}")} data-client={client.name.to_string()}
            data-focus={Selection::Client(client.id).key()}>
            { body }
        </g>
    }
}

/// Where so many more clients are, for which there is no room.
fn more_clients(ui: &Ui, at: Point, count: usize) -> Html {
    html! {
        <g class="client client--more" transform={at.translate()}>
            <title>{ (ui.t().on_stage.more_clients)(count) }</title>
            <text class="client__name client__name--small" y="4">{ format!("+{count}") }</text>
        </g>
    }
}

/// The line between a client and the server it is connected to, or tries.
fn wire(client: &Placed, to: Point) -> Html {
    let from = client.at;
    let end = to.towards(from, RADIUS / from.distance(to).max(1.0));
    let d = format!("M{}L{}", from.path(), end.path());
    html! { <path key={client.id.0} class={classes!("wire", state_class(client.state))} {d} /> }
}
