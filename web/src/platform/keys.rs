//! Keys pressed anywhere on the page, and the page being left.

use crate::platform::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, EventTarget, HtmlInputElement, HtmlSelectElement, KeyboardEvent, window,
};
use yew::Callback;

/// A key as the page sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// `KeyboardEvent.key`; `Undo` and `Redo` for their chords.
    pub name: String,
    /// Whether Shift is held.
    pub is_shifted: bool,
    /// Whether something that Space and Enter press has the focus.
    pub is_on_button: bool,
}

/// A listener on the window. It ends when it is dropped.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    fn new(target: EventTarget, kind: &'static str, on_event: impl FnMut(Event) + 'static) -> Self {
        let closure = Closure::new(on_event);
        let function = closure.as_ref().unchecked_ref();
        let _ = target.add_event_listener_with_callback(kind, function);
        Listener { target, kind, closure }
    }

    /// Calls `on_event` for every event of this kind that reaches the window.
    pub fn on_window(kind: &'static str, on_event: impl FnMut(Event) + 'static) -> Option<Self> {
        Some(Listener::new(window()?.into(), kind, on_event))
    }

    /// Calls `on_key` for keys that nobody is typing; what it answers `true` to is taken, and the
    /// browser does nothing of its own with it.
    pub fn keys(on_key: impl Fn(Key) -> bool + 'static) -> Option<Listener> {
        let target: EventTarget = window()?.into();
        Some(Listener::new(target, "keydown", move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let is_chord = event.ctrl_key() || event.meta_key() || event.alt_key();
            let focus = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let is_typing = focus.as_ref().is_some_and(is_typed_into);
            let chord = is_chord.then(|| chord(event)).flatten();
            let is_ours = (!is_chord || chord.is_some())
                && !event.is_composing()
                && !event.default_prevented();
            if !is_ours || (is_typing && event.key() != "Escape") {
                return;
            }
            let key = Key {
                name: chord.map_or_else(|| event.key(), str::to_owned),
                is_shifted: event.shift_key(),
                is_on_button: focus.as_ref().is_some_and(is_pressable),
            };
            if on_key(key) {
                event.prevent_default();
            }
        }))
    }

    /// Calls `on_change` with what stands after `#` when the reader changes it.
    pub fn fragment(on_change: Callback<String>) -> Option<Listener> {
        let target: EventTarget = window()?.into();
        Some(Listener::new(target, "hashchange", move |_| on_change.emit(document::fragment())))
    }

    /// Calls `on_size` when the window has another size.
    pub fn resized(on_size: Callback<()>) -> Option<Listener> {
        Listener::on_window("resize", move |_| on_size.emit(()))
    }

    /// Calls `on_hide` when the page is hidden: on a phone often the last that is heard of it.
    pub fn hidden(on_hide: Callback<()>) -> Option<Listener> {
        let document: EventTarget = window()?.document()?.into();
        Some(Listener::new(document, "visibilitychange", move |_| {
            let document = window().and_then(|window| window.document());
            if document.is_some_and(|document| document.hidden()) {
                on_hide.emit(());
            }
        }))
    }

    /// Calls `on_leave` when the page is left or loaded again.
    pub fn left(on_leave: Callback<()>) -> Option<Listener> {
        Listener::on_window("pagehide", move |_| on_leave.emit(()))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.kind, function);
    }
}

/// The chords that are the page's: `Undo` and `Redo`, whatever a system calls them.
fn chord(event: &KeyboardEvent) -> Option<&'static str> {
    let key = event.key().to_lowercase();
    match (key.as_str(), event.shift_key(), event.alt_key()) {
        ("z", false, false) => Some("Undo"),
        ("z", true, false) | ("y", false, false) => Some("Redo"),
        _other => None,
    }
}

fn is_typed_into(element: &Element) -> bool {
    if element.is_instance_of::<HtmlSelectElement>() {
        return true;
    }
    let input = element.dyn_ref::<HtmlInputElement>();
    input.is_some_and(|input| input.type_() != "checkbox")
}

fn is_pressable(element: &Element) -> bool {
    let role = element.get_attribute("role");
    let is_button = matches!(element.tag_name().as_str(), "BUTTON" | "INPUT" | "A")
        || matches!(role.as_deref(), Some("button"));
    // A button that was only clicked keeps the focus, but the reader's next Space is for the page.
    is_button && element.matches(":focus-visible").unwrap_or(true)
}
