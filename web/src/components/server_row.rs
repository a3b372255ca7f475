//! A row of the server table: the same as on the stage, for eyes, fingers and screen readers.

use crate::components::buttons::Button;
use crate::components::icons::Icon;
use crate::components::server_node::state_word;
use crate::components::ui::{Ui, epoch_class};
use crate::ui_action::{Selection, UiAction};
use std::rc::Rc;
use yew::{Html, classes, html};
use zklab_core::lab::view::ServerView;
use zklab_core::sim::action::Action;
use zklab_core::types::ServerId;

/// A row of the server table.
pub fn server_row(ui: &Ui, server: &ServerView, is_selected: bool, is_member: bool) -> Html {
    let t = ui.t();
    let id = server.id;
    let role = match (server.is_up, server.is_paused) {
        (false, _) => t.down,
        (true, true) => t.paused,
        (true, false) => (t.role_word)(server.state),
    };
    let shape = format!("dot--{}", state_word(server));
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
                    <span class={classes!("dot", shape, epoch_class(server.current_epoch))}></span>
                    { id.to_string() }
                </button>
            </th>
            <td class="servers__role">{ role }</td>
            <td class="servers__zxid">{ server.last_processed.to_string() }</td>
            <td class="servers__buttons">{ server_buttons(ui, server) }</td>
        </tr>
    }
}

/// What is done to one server.
pub fn server_buttons(ui: &Ui, server: &ServerView) -> Html {
    let t = ui.t();
    let (id, is_up, is_paused) = (server.id, server.is_up, server.is_paused);
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
