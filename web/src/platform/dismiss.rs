//! What opens over the page closes on Escape and on a press outside it.
//!
//! Three kinds of things open: `details` with `data-popover` and native popovers, which the browser
//! opens, and elements of class `popover`, whose button says by `aria-expanded` that the page has opened
//! them.

use crate::platform::keys::Listener;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement, KeyboardEvent, Node, window};
use yew::Callback;

const DETAILS: &str = "details[data-popover][open]";
const EXPANDED: &str = ".popover > [aria-expanded=true]";

/// Closes `details` by itself; calls `on_dismiss` when what the page has opened is to be closed by a
/// press outside. Escape of the latter is a key of the page like others. To be made before the
/// listener for these.
pub fn dismissals(on_dismiss: Callback<()>) -> [Option<Listener>; 3] {
    let pressed = Listener::on_window("pointerdown", move |event| {
        if close_details(|details| !is_in(&event, details)) {
            return;
        }
        let expanded = document().and_then(|page| page.query_selector(EXPANDED).ok().flatten());
        let around = expanded.and_then(|button| button.parent_element());
        if around.is_some_and(|around| !is_in(&event, &around)) {
            on_dismiss.emit(());
        }
    });
    let escaped = Listener::on_window("keydown", |event| {
        let key = event.dyn_ref::<KeyboardEvent>();
        if !event.default_prevented()
            && key.is_some_and(|key| key.key() == "Escape")
            && (close_details(|_| true) || hide_card())
        {
            event.prevent_default();
        }
    });
    // A choice closes what it was made in.
    let chosen = Listener::on_window("click", |event| {
        close_details(|details| details.has_attribute("data-closes") && is_choice(&event, details));
    });
    [pressed, escaped, chosen]
}

/// Hides a native popover, which gives the focus back, and answers whether there was one.
fn hide_card() -> bool {
    let open = document().and_then(|page| page.query_selector(":popover-open").ok().flatten());
    let card = open.and_then(|open| open.dyn_into::<HtmlElement>().ok());
    card.is_some_and(|card| card.hide_popover().is_ok())
}

fn document() -> Option<Document> {
    window()?.document()
}

/// Closes those that are to be closed, and answers whether there was one. The focus does not get lost.
fn close_details(is_to_close: impl Fn(&Element) -> bool) -> bool {
    let open = document().and_then(|page| page.query_selector(DETAILS).ok().flatten());
    let Some(open) = open.filter(is_to_close) else { return false };
    let focus = document().and_then(|page| page.active_element());
    let had_focus = focus.is_some_and(|focus| open.contains(Some(&focus)));
    let _ = open.remove_attribute("open");
    let head = open.query_selector("summary").ok().flatten();
    if let Some(head) = head.filter(|_| had_focus).and_then(|head| head.dyn_into().ok()) {
        let _ = HtmlElement::focus(&head);
    }
    true
}

fn is_in(event: &Event, element: &Element) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
    target.is_some_and(|target| element.contains(Some(&target)))
}

fn is_choice(event: &Event, details: &Element) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    is_in(event, details)
        && target.is_some_and(|target| target.closest("summary").ok().flatten().is_none())
}
