//! The window with the speaker's notes (`static/notes.html`): what it is told, and its keys.

use crate::platform::keys::Key;
use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent, window};
use yew::Callback;

/// What both windows call the channel between them.
const CHANNEL: &str = "zklab-notes";
/// The window, and what it may be called by.
const ADDRESS: &str = "notes.html";
const LOOKS: &str = "popup,width=760,height=820";

/// What the window says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// It was opened, and knows nothing yet.
    Hello,
    /// A key was pressed there.
    Pressed(Key),
}

/// The way to the window. It ends when it is dropped.
pub struct Notes {
    channel: BroadcastChannel,
    _closure: Closure<dyn FnMut(MessageEvent)>,
}

impl Notes {
    /// Calls `on_said` for what the window says.
    pub fn open(on_said: Callback<Said>) -> Option<Notes> {
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        let closure = Closure::new(move |event: MessageEvent| {
            let Some(text) = event.data().as_string() else { return };
            on_said.emit(match text.strip_prefix("key ") {
                Some(name) => {
                    let name = name.to_owned();
                    Said::Pressed(Key { name, is_shifted: false, is_on_button: false })
                }
                None => Said::Hello,
            });
        });
        channel.set_onmessage(Some(closure.as_ref().unchecked_ref()));
        Some(Notes { channel, _closure: closure })
    }

    /// Tells the window what its fields say.
    pub fn tell(&self, fields: &[(&'static str, String)]) {
        let pairs: Array = fields
            .iter()
            .map(|(name, text)| Array::of2(&JsValue::from_str(name), &JsValue::from_str(text)))
            .collect();
        let _ = self.channel.post_message(&pairs);
    }
}

impl Drop for Notes {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// Opens the window, or brings it to the front.
pub fn show() {
    if let Some(window) = window() {
        let opened =
            window.open_with_url_and_target_and_features(ADDRESS, CHANNEL, LOOKS).ok().flatten();
        let _ = opened.map(|opened| opened.focus());
    }
}
