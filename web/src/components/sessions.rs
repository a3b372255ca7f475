//! Clients and their sessions.

use crate::components::buttons::Button;
use crate::components::ui::{Ui, facts};
use crate::explain::millis;
use crate::explain::{MOST_OF_NAME, shortened};
use crate::ui_action::{Selection, UiAction};
use std::rc::Rc;
use yew::{Html, classes, html};
use zklab_core::lab::view::ClientView;
use zklab_core::sim::action::Action;

/// The panel of the clients.
pub fn sessions_panel(ui: &Ui, clients: &[Rc<ClientView>], selected: Option<Selection>) -> Html {
    let t = ui.t();
    let cards = clients.iter().map(|client| {
        let is_selected = selected == Some(Selection::Client(client.id));
        card(ui, client, is_selected)
    });
    html! {
        <section id="sessions" class="panel panel--sessions" role="tabpanel" tabindex="-1"
            aria-label={t.sessions}>
            if clients.is_empty() { <p class="panel__empty">{ t.no_clients }</p> }
            { for cards }
        </section>
    }
}

fn card(ui: &Ui, client: &ClientView, is_selected: bool) -> Html {
    let t = ui.t();
    let server = client.server.map_or_else(String::new, |id| format!(" · {id}"));
    let standing = format!("{}{server}", (t.client_state)(client.state));
    let rows = [
        ("session", client.session.to_string()),
        (t.timeout, millis(u64::from(client.timeout_ms))),
        ("lastZxidSeen", client.last_zxid_seen.to_string()),
        (t.pending, client.pending.to_string()),
    ];
    let select = UiAction::Select(Selection::Client(client.id));
    let class = classes!("detail", "card", is_selected.then_some("card--selected"));
    html! {
        <div key={client.id.0} {class} data-session={client.name.to_string()}>
            <div class="detail__head">
                <h2 class="detail__name">
                    <button type="button" class="link" aria-pressed={is_selected.to_string()}
                        onclick={ui.on(select)}>{ (t.client)(&shortened(&client.name, MOST_OF_NAME)) }</button>
                    <span class="dim">{ format!(" · {standing}") }</span>
                </h2>
                { client_buttons(ui, client) }
            </div>
            { facts(ui, "facts facts--one", &rows) }
        </div>
    }
}

/// What can be done to a client from outside.
fn client_buttons(ui: &Ui, client: &ClientView) -> Html {
    let t = ui.t();
    let is_alive = client.state.is_alive();
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
