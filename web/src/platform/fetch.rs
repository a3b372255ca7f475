//! Files of the page that are fetched when they are needed.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Response, window};
use yew::Callback;

/// Calls `on_text` with what the file at this relative address holds, or with nothing if it does
/// not come.
pub fn text(address: String, on_text: Callback<Option<String>>) {
    spawn_local(async move { on_text.emit(fetch(&address).await.ok()) });
}

async fn fetch(address: &str) -> Result<String, JsValue> {
    let window = window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str(address)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}
