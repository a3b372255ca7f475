//! Clients and their sessions.

use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::explain::millis;
use crate::ui_action::{Selection, UiAction};
use std::rc::Rc;
use yew::{Html, classes, html};
use zklab_core::lab::view::{ClientState, ClientView};
use zklab_core::sim::action::Action;

/// What can be done to a client from outside.
fn client_buttons(ui: &Ui, client: &ClientView) -> Html {
    let t = ui.t();
    let is_alive = match client.state {
        ClientState::Connecting | ClientState::Connected | ClientState::ConnectedReadOnly => true,
        ClientState::Expired | ClientState::Closed | ClientState::Vanished => false,
    };
    let (close, crash) = (Action::CloseSession(client.id), Action::Vanish(client.id));
    let close = Button::new("close-session", UiAction::Act(close), t.close_session);
    let crash = Button::new("crash-client", UiAction::Act(crash), t.crash_client);
    html! {
        <div class="actions">
            { close.enabled(is_alive).draw(ui) }
            { crash.enabled(is_alive).hint(t.crash_hint).draw(ui) }
        </div>
    }
}

/// The panel of the clients.
pub fn sessions_panel(ui: &Ui, clients: &[Rc<ClientView>], selected: Option<Selection>) -> Html {
    let t = ui.t();
    let rows = clients.iter().map(|client| {
        let selection = Selection::Client(client.id);
        let is_selected = selected == Some(selection);
        html! {
            <tr key={client.id.0} class={classes!(is_selected.then_some("sessions__row--selected"))}
                data-session={client.name.to_string()}>
                <th scope="row">
                    <button type="button" class="link" aria-pressed={is_selected.to_string()}
                        onclick={ui.on(UiAction::Select(selection))}>{ client.name.to_string() }</button>
                </th>
                <td>{ (t.client_state)(client.state) }</td>
                <td>{ client.server.map(|id| id.to_string()).unwrap_or_default() }</td>
                <td>{ client.session.to_string() }</td>
                <td>{ millis(u64::from(client.timeout_ms)) }</td>
                <td>{ client.last_zxid_seen.to_string() }</td>
                <td>{ client.pending }</td>
                <td>{ client_buttons(ui, client) }</td>
            </tr>
        }
    });
    let columns =
        [t.client_column, t.state, t.server, "session", t.timeout, "lastZxidSeen", t.pending, ""];
    html! {
        <section id="sessions" class="panel panel--sessions" role="tabpanel" tabindex="-1"
            aria-label={t.sessions}>
            if clients.is_empty() { <p class="panel__empty">{ t.no_clients }</p> } else {
                <table class="table">
                    <thead><tr>{ for columns.map(|column| html! { <th scope="col">{ column }</th> }) }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            }
        </section>
    }
}
