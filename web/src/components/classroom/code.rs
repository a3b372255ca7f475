//! QR codes of links: for a class that scans what the projector shows.

use crate::components::ui::use_ui;
use crate::platform::pointer::focus;
use crate::ui_action::UiAction;
use crate::ui_action::class::ClassAction;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;
use std::rc::Rc;
use yew::{Html, MouseEvent, Properties, component, html, use_effect_with, use_memo, use_node_ref};

/// The most bytes that a QR code holds as they are: version 40, level L.
pub const MOST: usize = 2953;
/// White modules that must surround a code.
const QUIET: i32 = 4;
/// Shorter links get a code that is still read with a corner covered.
const SHORT: usize = 300;
/// A code of more modules a side is hard to read when it is small.
const DENSE: i32 = 85;

/// A code: modules a side, and the dark ones as one path.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Drawing {
    size: i32,
    path: String,
}

impl Drawing {
    fn of(text: &str) -> Option<Drawing> {
        let level = if text.len() <= SHORT { QrCodeEcc::Medium } else { QrCodeEcc::Low };
        let code = QrCode::encode_binary(text.as_bytes(), level).ok()?;
        let size = code.size();
        let mut path = String::new();
        for y in 0..size {
            let mut x = 0;
            while x < size {
                // A dark stretch of a row is one rectangle.
                let end = (x..size).find(|x| !code.get_module(*x, y)).unwrap_or(size);
                let length = end - x;
                if 0 < length {
                    let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
                }
                x = end + 1;
            }
        }
        Some(Drawing { size, path })
    }
}

/// Props of [`Code`].
#[derive(PartialEq, Properties)]
pub struct CodeProps {
    /// The whole address.
    pub address: Rc<str>,
    /// Whether it can be pressed, to be shown large.
    #[prop_or_default]
    pub is_button: bool,
}

/// The code of an address; in words, that it is too long for one.
#[component]
pub fn Code(props: &CodeProps) -> Html {
    let ui = use_ui();
    let words = ui.t().on_class;
    let drawing = use_memo(props.address.clone(), |address| Drawing::of(address));
    let Some(Drawing { size, path }) = &*drawing else {
        return html! { <p class="code__none" data-no-code="">{ (words.no_code)(MOST) }</p> };
    };
    let view_box = format!("{} {} {} {}", -QUIET, -QUIET, size + 2 * QUIET, size + 2 * QUIET);
    let picture = html! {
        <svg class="code" viewBox={view_box} role="img" aria-label={words.code_of} data-code=""
            data-modules={size.to_string()} shape-rendering="crispEdges"><path d={path.clone()} /></svg>
    };
    if !props.is_button {
        return picture;
    }
    let onclick = ui.on(UiAction::Class(ClassAction::ShowCode(props.address.clone())));
    html! {
        <>
            <button type="button" class="code__button" data-action="larger" {onclick}
                title={words.larger} aria-label={words.larger}>{ picture }</button>
            if DENSE < *size { <p>{ words.dense }</p> }
        </>
    }
}

/// Props of [`CodeSheet`].
#[derive(PartialEq, Properties)]
pub struct CodeSheetProps {
    /// The whole address.
    pub address: Rc<str>,
}

/// The code over the whole page, until it is closed.
#[component]
pub fn CodeSheet(props: &CodeSheetProps) -> Html {
    let ui = use_ui();
    let words = ui.t().on_class;
    let close = use_node_ref();
    use_effect_with(close.clone(), focus);
    let on_close = ui.on::<MouseEvent>(UiAction::Class(ClassAction::Close));
    // A long address is no help to anybody who reads it.
    let is_short = props.address.len() <= 120;
    html! {
        <div class="code__sheet" role="dialog" aria-modal="true" aria-label={words.code_of} onclick={on_close.clone()}>
            <Code address={props.address.clone()} />
            if is_short { <p class="code__address">{ props.address.to_string() }</p> }
            <button type="button" class="button" ref={close} data-action="close-code" onclick={on_close}>{ words.close }</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_drawn_and_what_does_not_is_not() {
        let small = Drawing::of("a").expect("it fits");
        assert_eq!(small.size, 21);
        // The finder in the corner begins with a row of seven.
        assert!(small.path.starts_with("M0 0h7v1h-7z"), "{}", small.path);
        assert_eq!(Drawing::of(&"a".repeat(MOST)).map(|code| code.size), Some(177));
        assert_eq!(Drawing::of(&"a".repeat(MOST + 1)), None);
    }
}
