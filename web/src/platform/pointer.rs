//! Pointers, fields and scrolling, as far as components need them.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, PointerEvent};
use yew::NodeRef;

/// How far along the element under the pointer it is, from 0 at the left to 1 at the right.
pub fn fraction_x(event: &PointerEvent, node: &NodeRef) -> Option<f64> {
    let rect = node.cast::<Element>()?.get_bounding_client_rect();
    if rect.width() <= 0.0 {
        return None;
    }
    Some(((f64::from(event.client_x()) - rect.left()) / rect.width()).clamp(0.0, 1.0))
}

/// Where the pointer is in what the element holds, in CSS pixels from its upper left corner,
/// scrolled or not.
pub fn place_in(event: &web_sys::MouseEvent, node: &NodeRef) -> Option<(f64, f64)> {
    let element = node.cast::<Element>()?;
    let rect = element.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - rect.left() + f64::from(element.scroll_left());
    let y = f64::from(event.client_y()) - rect.top() + f64::from(element.scroll_top());
    Some((x, y))
}

/// How much of what the element holds can be seen at once, in CSS pixels.
pub fn visible_height(node: &NodeRef) -> f64 {
    // Rounded down by the browser.
    node.cast::<Element>().map_or(0.0, |element| f64::from(element.client_height()) + 1.0)
}

/// From now on the element gets this pointer's events, wherever it goes, until it is lifted.
pub fn capture(event: &PointerEvent, node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Whether the main button, or a finger, is down.
pub fn is_pressed(event: &PointerEvent) -> bool {
    event.buttons() & 1 == 1
}

/// Gives the element the focus.
pub fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Gives what `selector` finds the focus.
pub fn focus_on(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Scrolls to the end of what the element holds.
pub fn scroll_to_end(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}

/// The text of the field, or the value of the choice, that an event is about.
pub fn value_of(event: &Event) -> Option<String> {
    let target = event.target()?;
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => Some(input.value()),
        Err(other) => other.dyn_into::<HtmlSelectElement>().ok().map(|select| select.value()),
    }
}
