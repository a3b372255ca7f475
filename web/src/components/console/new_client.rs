//! The form of a new client: which servers it knows, how long its session lives without it.

use crate::components::ui::use_ui;
use crate::explain::millis;
use crate::platform::pointer::value_of;
use crate::state::console::any_server;
use crate::ui_action::UiAction;
use crate::ui_action::console::ConsoleAction;
use std::rc::Rc;
use yew::{Callback, Event, Html, MouseEvent, Properties, component, html, use_state};
use zklab_core::types::ServerId;

/// Session timeouts that the form offers, in milliseconds. The first is what zkCli asks for.
const TIMEOUTS: [u32; 4] = [30_000, 10_000, 6_000, 4_000];

/// Props of [`NewClient`].
#[derive(PartialEq, Properties)]
pub struct NewClientProps {
    /// What it will be called.
    pub name: Rc<str>,
    /// All servers.
    pub servers: Vec<ServerId>,
    /// How many clients there are.
    pub nth: usize,
    /// The form is done with.
    pub on_close: Callback<()>,
}

/// The form.
#[component]
pub fn NewClient(props: &NewClientProps) -> Html {
    let ui = use_ui();
    let t = ui.t().on_console;
    let unknown = use_state(Vec::<ServerId>::new);
    let timeout_ms = use_state(|| TIMEOUTS[0]);
    let is_read_only = use_state(|| false);
    let known: Vec<ServerId> =
        props.servers.iter().filter(|id| !unknown.contains(id)).copied().collect();
    let boxes = props.servers.iter().map(|id| {
        let (id, unknown) = (*id, unknown.clone());
        let is_known = known.contains(&id);
        let onchange = Callback::from(move |_: Event| {
            let mut next: Vec<ServerId> = (*unknown).clone();
            if is_known { next.push(id) } else { next.retain(|other| *other != id) }
            unknown.set(next);
        });
        html! {
            <label class="choice">
                <input type="checkbox" data-known={id.0.to_string()} checked={is_known} {onchange} />
                { (t.server)(id) }
            </label>
        }
    });
    let options = TIMEOUTS.map(|ms| {
        html! {
            <option value={ms.to_string()} selected={ms == *timeout_ms}>{ millis(ms.into()) }</option>
        }
    });
    let on_timeout = {
        let timeout_ms = timeout_ms.clone();
        Callback::from(move |event: Event| {
            if let Some(ms) = value_of(&event).and_then(|value| value.parse().ok()) {
                timeout_ms.set(ms);
            }
        })
    };
    let on_read_only = {
        let is_read_only = is_read_only.clone();
        Callback::from(move |_: Event| is_read_only.set(!*is_read_only))
    };
    let on_start = {
        let (dispatch, on_close) = (ui.dispatch.clone(), props.on_close.clone());
        let action = ConsoleAction::Add {
            servers: any_server(&known, props.nth),
            timeout_ms: *timeout_ms,
            can_be_read_only: *is_read_only,
        };
        Callback::from(move |_: MouseEvent| {
            on_close.emit(());
            dispatch.emit(UiAction::Console(action.clone()));
        })
    };
    html! {
        <div class="new-client" role="group" aria-label={(t.new_client)(&props.name)}>
            <b>{ (t.new_client)(&props.name) }</b>
            <div class="new-client__row"><span>{ t.knows }</span>{ for boxes }</div>
            <div class="new-client__row">
                <label class="choice">{ t.timeout }
                    <select class="select" data-timeout="" onchange={on_timeout}>{ for options }</select>
                </label>
                <label class="choice">
                    <input type="checkbox" data-read-only="" checked={*is_read_only} onchange={on_read_only} />
                    { t.read_only }
                </label>
            </div>
            <div class="new-client__row">
                <button type="button" class="button button--primary" data-action="start-client"
                    disabled={known.is_empty()} onclick={on_start}>{ t.start }</button>
                <button type="button" class="button" data-action="cancel-client"
                    onclick={props.on_close.reform(|_: MouseEvent| ())}>{ t.cancel }</button>
            </div>
        </div>
    }
}
