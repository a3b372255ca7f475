//! The size of an element, kept up to date.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};
use yew::{Callback, NodeRef, hook, use_effect_with, use_state_eq};

/// An observer of one element. It ends when it is dropped.
struct Observer {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut(js_sys::Array)>,
}

impl Observer {
    fn new(element: &Element, on_size: Callback<(f64, f64)>) -> Option<Observer> {
        let closure = Closure::new(move |entries: js_sys::Array| {
            if let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() {
                let rect = entry.content_rect();
                on_size.emit((rect.width(), rect.height()));
            }
        });
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Observer { observer, _closure: closure })
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Width and height of the element in CSS pixels; `None` until it is laid out.
#[hook]
pub fn use_size(node: &NodeRef) -> Option<(f64, f64)> {
    let size = use_state_eq(|| None);
    let setter = size.setter();
    use_effect_with(node.clone(), move |node| {
        let on_size = Callback::from(move |size: (f64, f64)| setter.set(Some(size)));
        let element = node.cast::<Element>();
        let observer = element.and_then(|element| Observer::new(&element, on_size));
        move || drop(observer)
    });
    *size
}
