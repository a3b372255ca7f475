//! Files for the reader: a drawing of the page as SVG or PNG, a text. Everything happens in the tab.

use super::files::{download, save};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Blob, Document, Element, window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Element)]
    type HTMLCanvasElement;
    #[wasm_bindgen(method, setter)]
    fn set_width(this: &HTMLCanvasElement, width: u32);
    #[wasm_bindgen(method, setter)]
    fn set_height(this: &HTMLCanvasElement, height: u32);
    #[wasm_bindgen(method, js_name = getContext)]
    fn get_context(this: &HTMLCanvasElement, kind: &str) -> Option<Context>;
    #[wasm_bindgen(method, js_name = toBlob)]
    fn to_blob(this: &HTMLCanvasElement, then: &JsValue);

    type Context;
    #[wasm_bindgen(method, js_name = drawImage)]
    fn draw_image(this: &Context, image: &Element, x: f64, y: f64, width: f64, height: f64);
}

/// How many pixels of a PNG one of the page's becomes: enough for a projector.
const PNG_SCALE: f64 = 2.0;

/// The properties that a style sheet gives a drawing, each also an attribute of SVG.
const PROPERTIES: [&str; 20] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "opacity",
    "display",
    "visibility",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "paint-order",
    "letter-spacing",
];

/// A drawing with everything that it needs.
struct Drawing {
    svg: String,
    width: f64,
    height: f64,
}

fn document() -> Option<Document> {
    window()?.document()
}

/// Saves the drawing that `selector` finds as a file of that name. Answers whether there is one.
pub fn save_svg(selector: &str, name: &str) -> bool {
    let drawing = draw(selector);
    drawing.and_then(|drawing| download(&drawing.svg, "image/svg+xml", name)).is_some()
}

/// Saves it as a picture. That takes a moment. Answers whether there is a drawing.
pub fn save_png(selector: &str, name: &str) -> bool {
    draw(selector).and_then(|drawing| paint(drawing, name.to_owned())).is_some()
}

/// The drawing as it is seen: colours and fonts written into it, since a slide has no style sheet.
fn draw(selector: &str) -> Option<Drawing> {
    let svg = document()?.query_selector(selector).ok().flatten()?;
    let copy = svg.clone_node_with_deep(true).ok()?.dyn_into::<Element>().ok()?;
    let (originals, copies) =
        (svg.query_selector_all("*").ok()?, copy.query_selector_all("*").ok()?);
    write_style(&svg, &copy)?;
    for n in 0..originals.length() {
        let pair = (originals.get(n)?.dyn_into().ok()?, copies.get(n)?.dyn_into().ok()?);
        write_style(&pair.0, &pair.1)?;
    }
    let rect = svg.get_bounding_client_rect();
    let (width, height) = (rect.width(), rect.height());
    let set = |name: &str, value: &str| copy.set_attribute(name, value).ok();
    set("xmlns", "http://www.w3.org/2000/svg")?;
    set("width", &width.to_string())?;
    set("height", &height.to_string())?;
    if svg.get_attribute("viewBox").is_none() {
        set("viewBox", &format!("0 0 {width} {height}"))?;
    }
    let text = copy.outer_html().replace("&nbsp;", "&#160;").replace(is_no_xml, "\u{fffd}");
    let (head, rest) = text.split_once('>')?;
    // The colour behind it belongs to it: light or dark as shown.
    let view_box = copy.get_attribute("viewBox")?;
    let corner: Vec<&str> = view_box.split_whitespace().collect();
    let [x, y, w, h] = corner.as_slice() else { return None };
    let behind = background(&svg)?;
    let svg = format!(
        "{head}><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{behind}\"/>{rest}"
    );
    Some(Drawing { svg, width, height })
}

/// Whether a character can be in HTML, and so in a name on the page, but not in XML.
fn is_no_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Copies what the style sheets make of `original` into attributes of `copy`.
fn write_style(original: &Element, copy: &Element) -> Option<()> {
    let style = window()?.get_computed_style(original).ok().flatten()?;
    for property in PROPERTIES {
        let value = style.get_property_value(property).ok()?;
        if !value.is_empty() {
            copy.set_attribute(property, &value).ok()?;
        }
    }
    for name in ["class", "tabindex", "role", "aria-label"] {
        copy.remove_attribute(name).ok()?;
    }
    Some(())
}

/// The first colour behind an element that is one.
fn background(element: &Element) -> Option<String> {
    let mut at = Some(element.clone());
    while let Some(element) = at {
        let style = window()?.get_computed_style(&element).ok().flatten()?;
        let colour = style.get_property_value("background-color").ok()?;
        if !colour.is_empty() && colour != "transparent" && colour != "rgba(0, 0, 0, 0)" {
            return Some(colour);
        }
        at = element.parent_element();
    }
    Some("white".to_owned())
}

/// Paints a drawing on a canvas and saves that. The drawing is a data URL: the page's policy allows
/// no others of its own.
fn paint(drawing: Drawing, name: String) -> Option<()> {
    let Drawing { svg, width, height } = drawing;
    let canvas: HTMLCanvasElement = document()?.create_element("canvas").ok()?.unchecked_into();
    let (width, height) = (width * PNG_SCALE, height * PNG_SCALE);
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let image = document()?.create_element("img").ok()?;
    let picture = image.clone();
    let on_load = Closure::once_into_js(move || {
        let Some(context) = canvas.get_context("2d") else { return };
        context.draw_image(&picture, 0.0, 0.0, width, height);
        let on_blob = Closure::once_into_js(move |blob: JsValue| {
            if let Ok(blob) = blob.dyn_into::<Blob>() {
                let _ = save(&blob, &name);
            }
        });
        canvas.to_blob(&on_blob);
    });
    image.add_event_listener_with_callback("load", on_load.unchecked_ref()).ok()?;
    let encoded = String::from(js_sys::encode_uri_component(&svg));
    image.set_attribute("src", &format!("data:image/svg+xml;charset=utf-8,{encoded}")).ok()
}
