//! A client outside the ring, and the line to its server.

use crate::components::geometry::{CHIP, Point, RADIUS, tenths};
use crate::components::ui::Ui;
use crate::explain::shortened;
use crate::ui_action::Selection;
use yew::{Html, classes, html};
use zklab_core::lab::view::{ClientState, ClientView};

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

/// How a client is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Drawing {
    /// Where its middle is.
    pub at: Point,
    /// Whether there is room for its name only.
    pub is_small: bool,
    /// Whether Tab leads to it.
    pub is_stop: bool,
    /// Whether a lesson is about it.
    pub is_lit: bool,
    /// Whether it is chosen.
    pub is_selected: bool,
}

/// A client at this place.
pub fn client_node(ui: &Ui, client: &ClientView, drawing: Drawing) -> Html {
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
        <g class={classes!("client", state_class(client.state), selected, lit)}
            transform={drawing.at.translate()} role="button"
            tabindex={if drawing.is_stop { "0" } else { "-1" }} aria-haspopup="menu"
            aria-label={format!("{name} {state}")} data-client={client.name.to_string()}
            data-focus={Selection::Client(client.id).key()}>
            { body }
        </g>
    }
}

/// Where so many more clients are, for which there is no room.
pub fn more_clients(ui: &Ui, at: Point, count: usize) -> Html {
    html! {
        <g class="client client--more" transform={at.translate()}>
            <title>{ (ui.t().on_stage.more_clients)(count) }</title>
            <text class="client__name client__name--small" y="4">{ format!("+{count}") }</text>
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
