//! The page as a whole: its language, its theme, its address, what the reader prefers.

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, window};

fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

fn media(query: &str) -> bool {
    let found = window().and_then(|window| window.match_media(query).ok().flatten());
    found.is_some_and(|list| list.matches())
}

/// Whether the system asks for dark colours.
pub fn prefers_dark() -> bool {
    media("(prefers-color-scheme: dark)")
}

/// Whether the system asks for little movement.
pub fn prefers_reduced_motion() -> bool {
    media("(prefers-reduced-motion: reduce)")
}

/// The reader's languages as the browser tells them, the first only, as in `zh-CN`.
pub fn language() -> String {
    window().and_then(|window| window.navigator().language()).unwrap_or_default()
}

/// Sets `lang` of the page and its title.
pub fn set_language(tag: &str, title: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute("lang", tag);
    }
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets the theme: `light`, `dark`, or `None` for the system's.
pub fn set_theme(name: Option<&str>) {
    let Some(root) = root() else { return };
    let _ = match name {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    };
}

/// Sets what the page looks like as a whole; `None` is the lab.
pub fn set_layout(name: Option<&str>) {
    let Some(root) = root() else { return };
    let _ = match name {
        Some(name) => root.set_attribute("data-layout", name),
        None => root.remove_attribute("data-layout"),
    };
}

/// Sets `data-fit` of what `selector` finds to the first of 0, 1, … so many at which the element
/// shows all it holds; style sheets make the type the smaller, the larger it is.
pub fn fit(selector: &str, levels: u8) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    let Some(element) = found else { return };
    for level in 0..levels {
        let _ = element.set_attribute("data-fit", &level.to_string());
        if element.scroll_height() <= element.client_height() {
            return;
        }
    }
}

/// Prints the page, or saves it as the reader chooses.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// The element of index.html that the page is drawn into.
pub fn mount_point() -> Option<Element> {
    document()?.get_element_by_id("app")
}

/// Whether the address asks for measurements instead of the page, with `?bench`.
pub fn wants_figures() -> bool {
    window().and_then(|window| window.location().search().ok()).is_some_and(|s| s == "?bench")
}

/// Shows figures as text instead of the page.
pub fn show_figures(text: &str) {
    if let Some(place) = mount_point() {
        place.set_text_content(Some(text));
        let _ = place.set_attribute("data-figures", "");
    }
}

/// Shows what `selector` finds and index.html keeps hidden.
pub fn show_hidden(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found {
        let _ = element.remove_attribute("hidden");
    }
}

/// Whether the address asks for a fresh start, with `?fresh`. If so the address forgets it, so that
/// a reload keeps what is done from here on.
pub fn take_fresh_start() -> bool {
    let Some(window) = window() else { return false };
    let location = window.location();
    if location.search().is_ok_and(|search| search == "?fresh") {
        let path = location.pathname().unwrap_or_default();
        if let Ok(history) = window.history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        }
        return true;
    }
    false
}

/// What stands after `#` in the address.
pub fn fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// The address of the page, without what stands after `#`.
pub fn address() -> String {
    let address = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}

/// Shows this after `#` in the address; no entry of the browser's history is added.
pub fn set_fragment(text: &str) {
    let address = if text.is_empty() { address() } else { format!("{}#{text}", address()) };
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
