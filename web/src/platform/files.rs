//! Files of the reader: chosen or dropped to be read, and written as downloads.

use crate::ui_action::FileProblem;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, DragEvent, Event, File, FileReader, HtmlAnchorElement, HtmlInputElement,
    Url, window,
};
use yew::Callback;

/// The kind of file that a text is.
pub const TEXT: &str = "text/plain;charset=utf-8";

/// What a file is called and says, or why that cannot be had.
pub type Read = (Rc<str>, Result<Rc<str>, FileProblem>);

/// Offers a text as a file of that name to be kept.
pub fn download(text: &str, media_type: &str, name: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    save(&Blob::new_with_str_sequence_and_options(&parts, &kind).ok()?, name)
}

/// Offers bytes as a file of that name to be kept.
pub(super) fn save(blob: &Blob, name: &str) -> Option<()> {
    let address = Url::create_object_url_with_blob(blob).ok()?;
    let anchor = window()?.document()?.create_element("a").ok()?;
    let anchor = anchor.dyn_into::<HtmlAnchorElement>().ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // The browser may still be about to read it.
    gloo_timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
    Some(())
}

/// Reads the file that was chosen in an input.
pub fn read_chosen(event: &Event, most_bytes: usize, on_read: Callback<Read>) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        read(file, most_bytes, on_read);
    }
    // The same file can be chosen again.
    input.set_value("");
}

/// Reads the file that was dropped, if one was.
pub fn read_dropped(event: &DragEvent, most_bytes: usize, on_read: Callback<Read>) {
    let files = event.data_transfer().and_then(|data| data.files());
    if let Some(file) = files.and_then(|files| files.get(0)) {
        event.prevent_default();
        read(file, most_bytes, on_read);
    }
}

fn read(file: File, most_bytes: usize, on_read: Callback<Read>) {
    let name: Rc<str> = file.name().chars().take(80).collect::<String>().into();
    if most_bytes as f64 <= file.size() {
        on_read.emit((name, Err(FileProblem::TooLarge)));
        return;
    }
    let Ok(reader) = FileReader::new() else {
        on_read.emit((name, Err(FileProblem::Unreadable)));
        return;
    };
    let done = reader.clone();
    let on_end = Closure::once_into_js(move |_: Event| {
        let bytes = done.result().ok().filter(JsValue::is_object);
        let text = match bytes.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec()) {
            None => Err(FileProblem::Unreadable),
            Some(bytes) if bytes.contains(&0) => Err(FileProblem::Binary),
            Some(bytes) => String::from_utf8(bytes).map_err(|_| FileProblem::Binary),
        };
        on_read.emit((name, text.map(Rc::from)));
    });
    reader.set_onloadend(Some(on_end.unchecked_ref()));
    let _ = reader.read_as_array_buffer(&file);
}
