//! A row of the server table: the same as on the stage, for eyes, fingers and screen readers.

use crate::components::buttons::ActionButton;
use crate::components::icons::Icon;
use crate::components::server_node::state_word;
use crate::components::ui::{epoch_class, use_ui};
use crate::state::UiAction;
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::lab::view::ServerView;
use zklab_core::sim::action::Action;
use zklab_core::types::ServerId;

/// Props of [`ServerRow`].
#[derive(PartialEq, Properties)]
pub struct ServerRowProps {
    /// The server.
    pub server: Rc<ServerView>,
    /// Whether its details are shown.
    pub is_selected: bool,
    /// Whether it is on the side that a partition would cut off.
    pub is_member: bool,
}

/// A row of the server table.
#[component]
pub fn ServerRow(props: &ServerRowProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let server = &props.server;
    let id = server.id;
    let role = match (server.is_up, server.is_paused) {
        (false, _) => t.down,
        (true, true) => t.paused,
        (true, false) => (t.role_word)(server.state),
    };
    let dot =
        classes!("dot", format!("dot--{}", state_word(server)), epoch_class(server.current_epoch));
    html! {
        <tr class={classes!("servers__row", props.is_selected.then_some("servers__row--selected"))}>
            <td class="servers__side">
                <input type="checkbox" data-partition-member={id.0.to_string()}
                    checked={props.is_member} aria-label={(t.cut_member)(id)} title={(t.cut_member)(id)}
                    onchange={ui.on(UiAction::ToggleMember(id))} />
            </td>
            <th scope="row" class="servers__name">
                <button type="button" class="link" aria-expanded={props.is_selected.to_string()}
                    data-select={id.0.to_string()} onclick={ui.on(UiAction::Select(id))}>
                    <span class={dot}></span>{ id.to_string() }
                </button>
            </th>
            <td class="servers__role">{ role }</td>
            <td class="servers__zxid">{ server.last_processed.to_string() }</td>
            <td class="servers__buttons"><ServerButtons {id} is_up={server.is_up} is_paused={server.is_paused} /></td>
        </tr>
    }
}

#[derive(PartialEq, Properties)]
struct ServerButtonsProps {
    id: ServerId,
    is_up: bool,
    is_paused: bool,
}

#[component]
fn ServerButtons(props: &ServerButtonsProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let target = Some(props.id);
    let one: Rc<[ServerId]> = Rc::new([props.id]);
    let act = |action: fn(Rc<[ServerId]>) -> Action| UiAction::Act(action(one.clone()));
    let (is_up, is_paused) = (props.is_up, props.is_paused);
    html! {
        <div class="servers__tools">
            <ActionButton name="kill" action={act(Action::Kill)} label={t.kill} icon={Icon::Kill}
                icon_only=true {target} disabled={!is_up} />
            <ActionButton name="restart" action={act(Action::Start)} label={t.restart}
                icon={Icon::Restart} icon_only=true {target} disabled={is_up} />
            <ActionButton name="pause" action={act(Action::Pause)} label={t.pause}
                icon={Icon::Pause} icon_only=true {target} disabled={!is_up || is_paused} />
            <ActionButton name="resume" action={act(Action::Resume)} label={t.resume}
                icon={Icon::Play} icon_only=true {target} disabled={!is_up || !is_paused} />
            <ActionButton name="isolate" action={UiAction::Partition(Some(props.id))}
                label={t.isolate} icon={Icon::Isolate} icon_only=true {target} />
        </div>
    }
}
