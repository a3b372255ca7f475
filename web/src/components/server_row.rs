//! A row of the server table: the same as on the stage, for eyes, fingers and screen readers.

use crate::components::buttons::Button;
use crate::components::icons::Icon;
use crate::components::server_node::state_word;
use crate::components::ui::{Ui, epoch_class, use_ui};
use crate::ui_action::{Selection, UiAction};
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::sim::action::Action;
use zklab_core::types::{ServerId, ServerState, Zxid};

/// Props of [`ServerRow`]: no more than what it shows, so that it is drawn anew only if that has changed.
#[derive(PartialEq, Properties)]
pub struct ServerRowProps {
    /// Whose row.
    pub id: ServerId,
    /// Whether its process runs.
    pub is_up: bool,
    /// Whether that is stopped for the moment.
    pub is_paused: bool,
    /// Its state.
    pub state: ServerState,
    /// Its epoch.
    pub epoch: u32,
    /// The last transaction it has applied.
    pub zxid: Zxid,
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
    let ServerRowProps { id, is_up, is_paused, state, is_selected, is_member, .. } = *props;
    let role = match (is_up, is_paused) {
        (false, _) => t.down,
        (true, true) => t.paused,
        (true, false) => (t.role_word)(state),
    };
    let shape = format!("dot--{}", state_word(is_up, state));
    let selected = is_selected.then_some("servers__row--selected");
    html! {
        <tr class={classes!("servers__row", selected)}>
            <td class="servers__side">
                <input type="checkbox" data-partition-member={id.0.to_string()} checked={is_member}
                    aria-label={(t.cut_member)(id)} title={(t.cut_member)(id)}
                    onchange={ui.on(UiAction::ToggleMember(id))} />
            </td>
            <th scope="row" class="servers__name">
                <button type="button" class="link" aria-pressed={is_selected.to_string()}
                    data-select={id.0.to_string()} onclick={ui.on(UiAction::Select(Selection::Server(id)))}>
                    <span class={classes!("dot", shape, epoch_class(props.epoch))}></span>
                    { id.to_string() }
                </button>
            </th>
            <td class="servers__role">{ role }</td>
            <td class="servers__zxid">{ props.zxid.to_string() }</td>
            <td class="servers__buttons">{ server_buttons(&ui, id, is_up, is_paused) }</td>
        </tr>
    }
}

/// What is done to one server.
pub fn server_buttons(ui: &Ui, id: ServerId, is_up: bool, is_paused: bool) -> Html {
    let t = ui.t();
    let one: Rc<[ServerId]> = Rc::new([id]);
    let button = |name, action: fn(Rc<[ServerId]>) -> Action, label: &'static str, icon| {
        Button::new(name, UiAction::Act(action(one.clone())), label).icon_only(icon).target(id)
    };
    let isolate = Button::new("isolate", UiAction::Partition(Some(id)), t.isolate);
    let (runs, stands) = (is_up && !is_paused, is_up && is_paused);
    html! {
        <div class="servers__tools">
            { button("kill", Action::Kill, t.kill, Icon::Kill).enabled(is_up).draw(ui) }
            { button("restart", Action::Start, t.restart, Icon::Restart).enabled(!is_up).draw(ui) }
            { button("pause", Action::Pause, t.pause, Icon::Pause).enabled(runs).draw(ui) }
            { button("resume", Action::Resume, t.resume, Icon::Play).enabled(stands).draw(ui) }
            { isolate.icon_only(Icon::Isolate).target(id).draw(ui) }
        </div>
    }
}
