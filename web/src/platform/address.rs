//! The page's address: what stands after `#`, and copying a link.

use crate::platform::keys::Listener;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::window;
use yew::Callback;

/// The link in the address, if there is one. The address forgets it, so that a reload keeps what is
/// done from here on.
pub fn take_link() -> Option<String> {
    let window = window()?;
    let location = window.location();
    let link = location.hash().ok()?.strip_prefix('#')?.to_owned();
    // A place within the page is no link.
    if !link.starts_with('v') || !link.contains('.') {
        return None;
    }
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let history = window.history().ok()?;
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&(path + &search)));
    Some(link)
}

/// The address of the page with a link.
pub fn with_link(link: &str) -> String {
    let location = window().map(|window| window.location());
    let part =
        |part: Option<Result<String, JsValue>>| part.and_then(Result::ok).unwrap_or_default();
    let origin = part(location.as_ref().map(|location| location.origin()));
    let path = part(location.as_ref().map(|location| location.pathname()));
    format!("{origin}{path}#{link}")
}

/// Calls `on_link` when the page is given another link.
pub fn follow(on_link: Callback<String>) -> Option<Listener> {
    Listener::on_window("hashchange", move |_| {
        if let Some(link) = take_link() {
            on_link.emit(link);
        }
    })
}

/// Copies a text, and then says whether the browser let it.
pub fn copy(text: &str, on_done: Callback<bool>) {
    let Some(window) = window() else { return };
    // Where the page is not served safely there is no clipboard.
    if !window.is_secure_context() {
        on_done.emit(false);
        return;
    }
    let refused = on_done.clone();
    let (done, failed) = (
        Closure::once(move |_: JsValue| on_done.emit(true)),
        Closure::once(move |_: JsValue| refused.emit(false)),
    );
    let _ = window.navigator().clipboard().write_text(text).then2(&done, &failed);
    // One of the two is called, once.
    done.forget();
    failed.forget();
}
