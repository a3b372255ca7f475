//! Pointers, fields and scrolling, as far as components need them.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, FocusEvent, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent,
    PointerEvent,
};
use yew::NodeRef;

/// How far along the element under the pointer it is, from 0 at the left to 1 at the right.
pub fn fraction_x(event: &PointerEvent, node: &NodeRef) -> Option<f64> {
    let rect = node.cast::<Element>()?.get_bounding_client_rect();
    if rect.width() <= 0.0 {
        return None;
    }
    Some(((f64::from(event.client_x()) - rect.left()) / rect.width()).clamp(0.0, 1.0))
}

/// Where the pointer is in what the element holds, in CSS pixels from its upper left corner,
/// scrolled or not.
pub fn place_in(event: &web_sys::MouseEvent, node: &NodeRef) -> Option<(f64, f64)> {
    let element = node.cast::<Element>()?;
    let rect = element.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - rect.left() + f64::from(element.scroll_left());
    let y = f64::from(event.client_y()) - rect.top() + f64::from(element.scroll_top());
    Some((x, y))
}

/// How much of what the element holds can be seen at once, in CSS pixels.
pub fn visible_height(node: &NodeRef) -> f64 {
    // Rounded down by the browser.
    node.cast::<Element>().map_or(0.0, |element| f64::from(element.client_height()) + 1.0)
}

/// From now on the element gets this pointer's events, wherever it goes, until it is lifted.
pub fn capture(event: &PointerEvent, node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Whether the main button, or a finger, is down.
pub fn is_pressed(event: &PointerEvent) -> bool {
    event.buttons() & 1 == 1
}

/// Gives the element the focus.
pub fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Chooses the whole text of the field that got the focus.
pub fn select_all(event: &FocusEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = target {
        input.select();
    }
}

/// Gives the first element that `selector` finds and that is seen the focus.
pub fn focus_on(selector: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let Ok(found) = document.query_selector_all(selector) else { return };
    let mut all = (0..found.length()).filter_map(|n| found.item(n)?.dyn_into::<Element>().ok());
    if let Some(element) = all.find(|one| 0.0 < one.get_bounding_client_rect().width()) {
        give_focus(element);
    }
}

/// Scrolls to the end of what the element holds, once it is drawn.
pub fn scroll_to_end(node: &NodeRef) {
    let node = node.clone();
    after_drawing(move || {
        if let Some(element) = node.cast::<Element>() {
            element.set_scroll_top(element.scroll_height());
        }
    });
}

/// Scrolls what holds the element that `selector` finds, as little as it takes for it to be seen,
/// once it is drawn.
pub fn scroll_into_view(selector: &'static str) {
    after_drawing(move || scroll_to(selector));
}

/// The same a moment later: while it plays, panels of text are drawn in turns.
pub fn scroll_into_view_soon(selector: &'static str) {
    const SOON_MS: u32 = 250;
    gloo_timers::callback::Timeout::new(SOON_MS, move || scroll_to(selector)).forget();
}

/// After the frame that is being made: to ask where things are before it is drawn would make the
/// browser lay out the page twice.
fn after_drawing(what: impl FnOnce() + 'static) {
    gloo_timers::callback::Timeout::new(0, what).forget();
}

fn scroll_to(selector: &str) {
    const MARGIN_PX: f64 = 8.0;
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector(selector).ok().flatten());
    let holder =
        found.as_ref().and_then(|element| element.closest("[data-scrolls]").ok().flatten());
    let (Some(element), Some(holder)) = (found, holder) else { return };
    let (inner, outer) = (element.get_bounding_client_rect(), holder.get_bounding_client_rect());
    // What sticks to its end covers what is behind it.
    let foot = holder.query_selector("footer").ok().flatten();
    let covered = foot.map_or(0.0, |foot| foot.get_bounding_client_rect().height());
    let below = inner.bottom() + MARGIN_PX + covered - outer.bottom();
    let above = outer.top() + MARGIN_PX - inner.top();
    let by = if 0.0 < below {
        below
    } else if 0.0 < above {
        -above
    } else {
        0.0
    };
    holder.set_scroll_top(holder.scroll_top() + by.round() as i32);
}

/// The text of the field, or the value of the choice, that an event is about.
pub fn value_of(event: &Event) -> Option<String> {
    let target = event.target()?;
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => Some(input.value()),
        Err(other) => other.dyn_into::<HtmlSelectElement>().ok().map(|select| select.value()),
    }
}

/// What a key does in a menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MenuKey {
    /// To the next item.
    Next,
    /// To the one before.
    Previous,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Close the menu.
    Close,
}

/// What this key does in a menu, if anything.
pub fn menu_key(event: &KeyboardEvent) -> Option<MenuKey> {
    match event.key().as_str() {
        "ArrowDown" => Some(MenuKey::Next),
        "ArrowUp" => Some(MenuKey::Previous),
        "Home" => Some(MenuKey::First),
        "End" => Some(MenuKey::Last),
        "Escape" | "Tab" => Some(MenuKey::Close),
        _other => None,
    }
}

fn items_of(element: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = element.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into::<Element>().ok()).collect()
}

/// Elements of HTML and of SVG can have the focus; web-sys knows them as two types.
fn give_focus(element: Element) {
    let _ = element.unchecked_into::<HtmlElement>().focus();
}

fn active() -> Option<Element> {
    web_sys::window()?.document()?.active_element()
}

/// Where among `items` one step leads, around the end.
fn step_from(items: &[Element], key: MenuKey) -> Option<usize> {
    let last = items.len().checked_sub(1)?;
    let active = active();
    let here = items.iter().position(|item| Some(item) == active.as_ref());
    Some(match (key, here) {
        (MenuKey::Next, Some(here)) if here < last => here + 1,
        (MenuKey::Previous, Some(here)) if 0 < here => here - 1,
        (MenuKey::Previous, _) | (MenuKey::Last, _) => last,
        (MenuKey::Next | MenuKey::First | MenuKey::Close, _) => 0,
    })
}

/// Gives an item of a menu the focus.
pub fn focus_in(node: &NodeRef, key: MenuKey) {
    let Some(menu) = node.cast::<Element>() else { return };
    let mut items = items_of(&menu, "[role^=menuitem]");
    if let Some(to) = step_from(&items, key) {
        give_focus(items.swap_remove(to));
    }
}

/// A letter typed in a menu: the focus goes to the next item that begins with it. Whether the key
/// was a letter or another sign, which then is nobody else's.
pub fn type_ahead(event: &KeyboardEvent, node: &NodeRef) -> bool {
    let typed = event.key().to_lowercase();
    if typed.chars().count() != 1 || typed == " " || event.ctrl_key() || event.meta_key() {
        return false;
    }
    let Some(menu) = node.cast::<Element>() else { return true };
    let items = items_of(&menu, "[role^=menuitem]");
    let active = active();
    let here = items.iter().position(|item| Some(item) == active.as_ref()).unwrap_or(0);
    let after = (1..=items.len()).map(|step| (here + step) % items.len());
    let begins = |item: &Element| {
        let text = item.text_content().unwrap_or_default();
        text.trim_start_matches(['✓', ' ']).to_lowercase().starts_with(&typed)
    };
    if let Some(found) = after.map(|i| &items[i]).find(|item| begins(item)) {
        give_focus(found.clone());
    }
    true
}

/// Whether the focus stays within the element when it leaves one of its parts.
pub fn stays_in(event: &FocusEvent, node: &NodeRef) -> bool {
    let to = event.related_target().and_then(|to| to.dyn_into::<Element>().ok());
    let menu = node.cast::<Element>();
    matches!((to, menu), (Some(to), Some(menu)) if menu.contains(Some(&to)))
}

/// Puts an element beside a place of the window, and keeps it inside.
pub fn place_within(node: &NodeRef, at: (f64, f64)) {
    const EDGE: f64 = 8.0;
    let Some(element) = node.cast::<HtmlElement>() else { return };
    let Some(window) = web_sys::window() else { return };
    let length = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
    };
    let (width, height) = (length(window.inner_width()), length(window.inner_height()));
    let rect = element.get_bounding_client_rect();
    let left = (at.0 + EDGE).min(width - rect.width() - EDGE).max(EDGE);
    let top = at.1.min(height - rect.height() - EDGE).max(EDGE);
    // Through the object model: the policy of the page refuses a `style` attribute.
    let style = element.style();
    let _ = style.set_property("left", &format!("{}px", left as i32));
    let _ = style.set_property("top", &format!("{}px", top as i32));
}

/// The nearest element around an event that has this attribute, and its value.
pub fn attribute_around(event: &Event, name: &str) -> Option<(Element, String)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let found = target.closest(&format!("[{name}]")).ok().flatten()?;
    let value = found.get_attribute(name)?;
    Some((found, value))
}

/// The middle of an element, in CSS pixels of the window.
pub fn middle_of(element: &Element) -> (f64, f64) {
    let rect = element.get_bounding_client_rect();
    (rect.left() + rect.width() / 2.0, rect.top() + rect.height() / 2.0)
}

/// Gives the focus to the next thing, or the one before, of the same `data-group`. Whether there
/// is a group around.
pub fn walk(event: &KeyboardEvent, key: MenuKey) -> bool {
    let Some((group, _)) = attribute_around(event, "data-group") else { return false };
    let mut items = items_of(&group, "[data-focus]");
    if let Some(to) = step_from(&items, key) {
        give_focus(items.swap_remove(to));
    }
    true
}

/// Where the pointer is in the element: parts of its width and height.
pub fn part_of(event: &web_sys::MouseEvent, node: &NodeRef) -> Option<(f64, f64)> {
    let rect = node.cast::<Element>()?.get_bounding_client_rect();
    let part = |at: i32, from: f64, length: f64| (f64::from(at) - from) / length.max(1.0);
    Some((
        part(event.client_x(), rect.left(), rect.width()),
        part(event.client_y(), rect.top(), rect.height()),
    ))
}
/// Scrolls what `selector` finds to its beginning.
pub fn scroll_to_top(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found {
        element.set_scroll_top(0);
    }
}

/// Scrolls to the first element whose attribute has this value, and gives it the focus.
pub fn reveal(attribute: &str, value: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let Ok(found) = document.query_selector_all(&format!("[{attribute}]")) else { return };
    let mut all = (0..found.length()).filter_map(|n| found.item(n)?.dyn_into::<Element>().ok());
    if let Some(element) = all.find(|one| one.get_attribute(attribute).as_deref() == Some(value)) {
        let _ = element.set_attribute("tabindex", "-1");
        element.scroll_into_view();
        give_focus(element);
    }
}
