//! zkCli for each client: ZooKeeper's own syntax and output, as text. One, or two side by side.

pub mod complete;
pub mod history;
mod line;
mod new_client;
mod pane;

use crate::components::buttons::Button;
use crate::components::icons::Icon;
use crate::components::ui::{Ui, use_ui};
use crate::explain::{MOST_OF_NAME, shortened};
use crate::moment::ConsoleView;
use crate::platform::pointer::value_of;
use crate::ui_action::UiAction;
use crate::ui_action::console::ConsoleAction;
use history::History;
use new_client::NewClient;
use pane::{Pane, is_over};
use std::rc::Rc;
use yew::{Callback, Event, Html, MouseEvent, Properties, classes, component, html, use_state};
use zklab_core::lab::view::{ClientState, ClientView};
use zklab_core::sim::action::Action;
use zklab_core::types::{ClientId, ServerId};

/// Props of [`Console`].
#[derive(PartialEq, Properties)]
pub struct ConsoleProps {
    /// All clients.
    pub clients: Vec<Rc<ClientView>>,
    /// All servers.
    pub servers: Vec<ServerId>,
    /// The consoles that are seen.
    pub consoles: Rc<[ConsoleView]>,
    /// Which of them has the word.
    pub active: Option<ClientId>,
    /// What the next client will be called.
    pub next: Rc<str>,
    /// What was typed before.
    pub history: History,
}

/// The panel of the consoles.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let is_adding = use_state(|| false);
    let on_close = {
        let is_adding = is_adding.clone();
        Callback::from(move |()| is_adding.set(false))
    };
    let on_add = {
        let is_adding = is_adding.clone();
        Callback::from(move |_: MouseEvent| is_adding.set(!*is_adding))
    };
    let panes = props.consoles.iter().map(|console| {
        let id = console.client.id;
        html! {
            <Pane key={id.0} console={console.clone()} is_active={props.active == Some(id)}
                history={props.history.clone()} />
        }
    });
    html! {
        <section id="console" class="panel panel--console" aria-label={t.console}>
            <div class="consoles__head">
                <div class="consoles__tabs" role="group" aria-label={t.on_console.clients}>
                    { for props.clients.iter().map(|client| tab(&ui, client, props)) }
                    <button type="button" class="button button--icon consoles__add" data-action="add-client"
                        aria-label={t.on_console.add} title={t.on_console.add}
                        aria-expanded={is_adding.to_string()} onclick={on_add}>{ Icon::Plus.draw() }</button>
                </div>
                { for active(props).map(|client| tools(&ui, client, props)) }
            </div>
            if *is_adding {
                <NewClient name={props.next.clone()} servers={props.servers.clone()}
                    nth={props.clients.len()} {on_close} />
            }
            <div class="consoles">{ for panes }</div>
        </section>
    }
}

fn active(props: &ConsoleProps) -> Option<&ClientView> {
    props.clients.iter().find(|client| Some(client.id) == props.active).map(|client| &**client)
}

/// A client's button: its console comes to the front.
fn tab(ui: &Ui, client: &ClientView, props: &ConsoleProps) -> Html {
    let t = ui.t();
    let is_shown = props.consoles.iter().any(|console| console.client.id == client.id);
    let (sign, class) = match client.state {
        ClientState::Connected | ClientState::ConnectedReadOnly => ("●", "console-tab--connected"),
        ClientState::Connecting => ("◌", "console-tab--connecting"),
        ClientState::Expired | ClientState::Closed | ClientState::Vanished => {
            ("×", "console-tab--over")
        }
    };
    let server = client.server.filter(|_| !is_over(client.state));
    let standing = (t.client_state)(client.state);
    let at = server.map_or_else(|| standing.to_owned(), |id| format!("{standing} · {id}"));
    let is_active = (props.active == Some(client.id)).then_some("console-tab--active");
    html! {
        <button key={client.id.0} type="button" class={classes!("console-tab", class, is_active)}
            data-console-tab={client.name.to_string()} aria-pressed={is_shown.to_string()}
            title={(t.on_console.client)(&client.name, &at)}
            onclick={ui.on(UiAction::Console(ConsoleAction::Show(client.id)))}>
            <span class="console-tab__sign" aria-hidden="true">{ sign }</span>
            <b>{ shortened(&client.name, MOST_OF_NAME) }</b>
            <span class="dim">{ server.map_or_else(String::new, |id| id.to_string()) }</span>
        </button>
    }
}

/// What is done to the client that has the word.
fn tools(ui: &Ui, client: &ClientView, props: &ConsoleProps) -> Html {
    let t = ui.t();
    let words = t.on_console;
    let name = &client.name;
    let is_alive = !is_over(client.state);
    let id = client.id;
    let dispatch = ui.dispatch.clone();
    let on_move = Callback::from(move |event: Event| {
        if let Some(server) = value_of(&event).and_then(|value| value.parse().ok()) {
            let servers = Rc::new([ServerId(server)]);
            dispatch.emit(UiAction::Act(Action::MoveClient { client: id, servers }));
        }
    });
    let others = props.servers.iter().filter(|server| Some(**server) != client.server);
    let options = others.map(|id| {
        html! { <option value={id.0.to_string()}>{ (words.server)(*id) }</option> }
    });
    let act = |name, action, label: String| {
        Button::new(name, UiAction::Act(action), label).enabled(is_alive)
    };
    let close = act("close-session", Action::CloseSession(id), (words.close)(name));
    let crash = act("crash-client", Action::Vanish(id), (words.crash)(name));
    let split = Button::new("split-console", UiAction::Console(ConsoleAction::Split), words.split);
    let is_split = 1 < props.consoles.len();
    html! {
        <div class="consoles__tools">
            // Without a server chosen: what was chosen last is no state of the choice.
            <select key={format!("{:?}", client.server)} class="select consoles__move" data-move={name.to_string()}
                aria-label={(words.move_to)(name)} title={(words.move_to)(name)} disabled={!is_alive}
                onchange={on_move}>
                <option value="" selected={true}>{ words.move_short }</option>
                { for options }
            </select>
            { close.icon_only(Icon::Leave).draw(ui) }
            { crash.icon_only(Icon::Kill).draw(ui) }
            { split.icon_only(Icon::Split).pressed(is_split).enabled(1 < props.clients.len()).draw(ui) }
        </div>
    }
}
