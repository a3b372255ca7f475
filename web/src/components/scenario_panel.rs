//! The scenario: what the next fresh start begins with, and who joins the ensemble that runs.

use crate::components::buttons::Button;
use crate::components::ui::{Ui, use_ui};
use crate::explain::keys::{explanation, unit_name};
use crate::platform::pointer::value_of;
use crate::state::scenario::{Draft, MOST_SERVERS, ServerDraft};
use crate::ui_action::UiAction;
use crate::ui_action::scenario::ScenarioAction;
use std::rc::Rc;
use yew::{AttrValue, Callback, Event, Html, InputEvent, Properties, component, html};
use zklab_core::config::{KEYS, Key, Role, Unit};
use zklab_core::types::ServerId;

/// Props of [`ScenarioPanel`].
#[derive(PartialEq, Properties)]
pub struct ScenarioPanelProps {
    /// The scenario as it is edited.
    pub draft: Rc<Draft>,
    /// The servers there are now.
    pub servers: Vec<ServerId>,
    /// Whether the ensemble that runs can be reconfigured.
    pub can_reconfig: bool,
    /// Whether that is allowed to everybody: nobody else is in the console.
    pub skips_acl: bool,
}

fn act(action: ScenarioAction) -> UiAction {
    UiAction::Scenario(action)
}

/// The panel.
#[component]
pub fn ScenarioPanel(props: &ScenarioPanelProps) -> Html {
    let ui = use_ui();
    let w = ui.t().scenario;
    let draft = &*props.draft;
    let problem = draft.scenario().err();
    let start = Button::new("start-afresh", act(ScenarioAction::Start), w.start);
    let revert = Button::new("scenario-revert", act(ScenarioAction::Revert), w.revert);
    html! {
        <section id="scenario" class="panel panel--scenario" role="tabpanel" tabindex="-1"
            aria-label={w.name}>
            <div class="scenario__head">
                { start.class("button--primary").enabled(problem.is_none()).draw(&ui) }
                { revert.draw(&ui) }
            </div>
            <p class="scenario__error" role="status" data-scenario-error="">
                { match &problem {
                    None => String::new(),
                    Some(problem) if problem.is_empty() => w.see_fields.to_owned(),
                    Some(problem) => problem.clone(),
                } }
            </p>
            { servers(&ui, draft) }
            <h3>{ w.world }</h3>
            { number(&ui, "seed", w.seed, &draft.seed, "", draft.is_seed_wrong(), ScenarioAction::Seed) }
            { number(&ui, "latency", w.latency, &draft.latency_ms, "1.5 – 3", draft.is_latency_wrong(), ScenarioAction::Latency) }
            { number(&ui, "disk", w.disk, &draft.disk_ms, "0", draft.is_disk_wrong(), ScenarioAction::Disk) }
            <h3>{ "zoo.cfg" }</h3>
            { for KEYS.iter().filter(|key| is_offered(key)).map(|key| setting(&ui, draft, key)) }
            { without_effect(&ui) }
            { running(&ui, props) }
            if let Some(text) = draft.text() {
                <h3>{ w.as_text }</h3>
                <pre class="scenario__text" tabindex="0" aria-label={w.as_text} data-scenario-text="">{ text }</pre>
            }
        </section>
    }
}

/// Members are edited above, by name.
fn is_offered(key: &Key) -> bool {
    key.has_effect && !key.name.ends_with(".N") && key.name != "peerType"
}

fn typed(ui: &Ui, change: impl Fn(Rc<str>) -> ScenarioAction + 'static) -> Callback<InputEvent> {
    let dispatch = ui.dispatch.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(value) = value_of(&event) {
            dispatch.emit(act(change(value.into())));
        }
    })
}

fn servers(ui: &Ui, draft: &Draft) -> Html {
    let w = ui.t().scenario;
    let rows = (1..).zip(&draft.servers).map(|(id, server)| server_row(ui, id, server));
    let has_room = draft.servers.len() < MOST_SERVERS;
    let add = |name, role, label| {
        Button::new(name, act(ScenarioAction::Add(role)), label).enabled(has_room).draw(ui)
    };
    let remove = Button::new("draft-remove", act(ScenarioAction::RemoveLast), w.remove_last);
    html! {
        <>
            <h3>{ (w.servers)(draft.servers.len(), MOST_SERVERS) }</h3>
            <table class="scenario__servers" data-draft-servers={draft.servers.len().to_string()}>
                <thead><tr>
                    <th>{ w.server }</th><th>{ w.role }</th><th>{ w.group }</th>
                    <th>{ w.weight }</th><th title={w.joins_hint}>{ w.joins }</th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
            <div class="actions">
                { add("draft-add", Role::Participant, w.add_participant) }
                { add("draft-add-observer", Role::Observer, w.add_observer) }
                { remove.enabled(1 < draft.servers.len()).draw(ui) }
            </div>
        </>
    }
}

fn server_row(ui: &Ui, id: u8, server: &ServerDraft) -> Html {
    let w = ui.t().scenario;
    let name = format!("s{id}");
    let label = |what: &str| AttrValue::from(format!("{name}: {what}"));
    let dispatch = ui.dispatch.clone();
    let on_role = Callback::from(move |event: Event| {
        let role = match value_of(&event).as_deref() {
            Some("observer") => Role::Observer,
            Some(_) | None => Role::Participant,
        };
        dispatch.emit(act(ScenarioAction::Role(id, role)));
    });
    let roles = [Role::Participant, Role::Observer].map(|role| {
        html! {
            <option value={role.name()} selected={role == server.role}>{ role.name() }</option>
        }
    });
    let on_group = typed(ui, move |text| ScenarioAction::Group(id, text));
    let on_weight = typed(ui, move |text| ScenarioAction::Weight(id, text));
    html! {
        <tr key={id}>
            <th scope="row">{ name.clone() }</th>
            <td><select class="select" aria-label={label(w.role)} onchange={on_role}
                data-draft-role={id.to_string()}>{ for roles }</select></td>
            <td><input class="field" inputmode="numeric" size="3" aria-label={label(w.group)}
                value={server.group.to_string()} oninput={on_group} /></td>
            <td><input class="field" inputmode="numeric" size="3" aria-label={label(w.weight)}
                value={server.weight.to_string()} oninput={on_weight} /></td>
            <td><input type="checkbox" aria-label={label(w.joins)} title={w.joins_hint}
                checked={server.joins} onchange={ui.on(act(ScenarioAction::Joins(id)))} /></td>
        </tr>
    }
}

fn number(
    ui: &Ui,
    id: &'static str,
    label: &'static str,
    value: &str,
    usual: &'static str,
    is_wrong: bool,
    change: fn(Rc<str>) -> ScenarioAction,
) -> Html {
    let w = ui.t().scenario;
    html! {
        <label class="scenario__row">
            <span>{ label }</span>
            <input class="field" inputmode="decimal" placeholder={usual} value={value.to_owned()}
                data-scenario-field={id} aria-invalid={is_wrong.then_some("true")}
                oninput={typed(ui, change)} />
            if is_wrong { <span class="scenario__wrong">{ w.not_possible }</span> }
        </label>
    }
}

fn setting(ui: &Ui, draft: &Draft, key: &'static Key) -> Html {
    let name = key.name;
    let value = draft.config.get(name).map(|value| value.to_string()).unwrap_or_default();
    let error = draft.error_of_key(name);
    let words: &[&str] = match key.unit {
        Unit::TrueFalse => &["true", "false"],
        Unit::YesNo => &["yes", "no"],
        Unit::Milliseconds
        | Unit::Seconds
        | Unit::Hours
        | Unit::Ticks
        | Unit::Bytes
        | Unit::Kilobytes
        | Unit::Count
        | Unit::Fraction
        | Unit::Text => &[],
    };
    let is_wrong = error.as_ref().map(|_| "true");
    let field = if words.is_empty() {
        html! {
            <input class="field" placeholder={key.default} {value} data-config={name}
                aria-invalid={is_wrong} oninput={typed(ui, move |text| ScenarioAction::Set(name, text))} />
        }
    } else {
        let dispatch = ui.dispatch.clone();
        let onchange = Callback::from(move |event: Event| {
            let value = value_of(&event).unwrap_or_default();
            dispatch.emit(act(ScenarioAction::Set(name, value.into())));
        });
        let options = words.iter().map(|word| {
            html! { <option value={*word} selected={*word == value}>{ *word }</option> }
        });
        let usual = (ui.t().scenario.usual)(key.default);
        html! {
            <select class="select" data-config={name} {onchange}>
                <option value="" selected={value.is_empty()}>{ usual }</option>
                { for options }
            </select>
        }
    };
    html! {
        <label key={name} class="scenario__row scenario__row--key">
            <span><code>{ name }</code>{ " " }<small>{ unit_name(key.unit, ui.language) }</small></span>
            { field }
            <span class="scenario__explained">{ explanation(name, ui.language) }</span>
            { for error.map(|error| html! { <span class="scenario__wrong" role="alert">{ error }</span> }) }
        </label>
    }
}

fn without_effect(ui: &Ui) -> Html {
    let names: Vec<&str> = KEYS.iter().filter(|key| !key.has_effect).map(|key| key.name).collect();
    html! {
        <details class="scenario__ignored">
            <summary>{ (ui.t().scenario.without_effect)(names.len()) }</summary>
            <p><code>{ names.join(", ") }</code></p>
        </details>
    }
}

/// Who joins and leaves while it runs.
fn running(ui: &Ui, props: &ScenarioPanelProps) -> Html {
    let w = ui.t().scenario;
    let can = props.can_reconfig && props.skips_acl;
    let join = |name, role, label| {
        let has_room = props.servers.len() < MOST_SERVERS;
        Button::new(name, act(ScenarioAction::Join(role)), label).enabled(can && has_room).draw(ui)
    };
    let leave = props.servers.iter().map(|id| {
        let label = format!("{} {id}", w.leave);
        Button::new("leave", act(ScenarioAction::Leave(*id)), label)
            .enabled(can && 1 < props.servers.len())
            .draw(ui)
    });
    html! {
        <>
            <h3>{ w.running }</h3>
            <p class="dim scenario__note">{ if can { w.reconfig_how } else { w.reconfig_off } }</p>
            <div class="actions">
                { join("join", Role::Participant, w.join_participant) }
                { join("join-observer", Role::Observer, w.join_observer) }
                { for leave }
            </div>
        </>
    }
}
