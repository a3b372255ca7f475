//! What is shown when the program itself fails.

use crate::platform::document::show_hidden;
use std::panic::PanicHookInfo;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, window};

/// From now on a panic shows the element that index.html keeps hidden for it. Its links lead to a
/// reload and to a start without the saved work: they need none of this program's code.
pub fn install() {
    // Yew would set a hook of its own over one of the standard library's.
    yew::set_custom_panic_hook(Box::new(report));
}

fn report(info: &PanicHookInfo<'_>) {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    let text = document.query_selector("[data-crash-text]").ok().flatten();
    if let Some(text) = text.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        text.set_text_content(Some(&info.to_string()));
    }
    show_hidden("[data-crashed]");
}
