//! The menu of the work as a whole: files, the link, the work before.

use crate::components::buttons::Button;
use crate::components::classroom::Code;
use crate::components::ui::{Ui, use_ui};
use crate::platform::address::with_link;
use crate::platform::files::{Read, read_chosen};
use crate::platform::pointer::select_all;
use crate::ui_action::class::ClassAction;
use crate::ui_action::{UiAction, WorkAction};
use std::rc::Rc;
use yew::{Callback, Event, FocusEvent, Html, Properties, component, html};
use zklab_core::lab::script::MOST_BYTES;

/// Links longer than this are cut by some programs.
const LONG: usize = 2000;

/// Where a file that was read goes.
pub fn on_read(ui: &Ui) -> Callback<Read> {
    ui.dispatch.reform(|(name, text)| UiAction::Work(WorkAction::Open { name, text }))
}

/// Props of [`WorkMenu`].
#[derive(PartialEq, Properties)]
pub struct WorkMenuProps {
    /// Whether it is open.
    pub is_open: bool,
    /// The link, if one was made.
    pub link: Option<Rc<str>>,
    /// Whether there is work before this one.
    pub has_before: bool,
}

/// The button and, if it is open, the menu.
#[component]
pub fn WorkMenu(props: &WorkMenuProps) -> Html {
    let ui = use_ui();
    let t = ui.t().work;
    html! {
        <div class="popover">
            <button type="button" class="button" data-action="work"
                aria-expanded={props.is_open.to_string()} aria-controls="work"
                onclick={ui.on(UiAction::Work(WorkAction::ToggleMenu))}>
                <span>{ t.menu }</span><span aria-hidden="true">{ "▾" }</span>
            </button>
            if props.is_open { { list(&ui, props) } }
        </div>
    }
}

fn list(ui: &Ui, props: &WorkMenuProps) -> Html {
    let t = ui.t().work;
    let button = |name, action, label| Button::new(name, UiAction::Work(action), label);
    let on_read = on_read(ui);
    let onchange = Callback::from(move |event: Event| {
        read_chosen(&event, MOST_BYTES, on_read.clone());
    });
    html! {
        <div id="work" class="popover__list" role="group" aria-label={t.menu}>
            { button("share", WorkAction::Share, t.share).draw(ui) }
            { for props.link.as_ref().map(|link| shared(ui, link)) }
            { button("save-file", WorkAction::Save, t.save).draw(ui) }
            <label class="button popover__file">
                <input type="file" class="popover__input" data-action="open-file"
                    accept=".zk,.txt,text/plain" {onchange} />
                <span>{ t.open }</span>
            </label>
            { Button::new("teacher", UiAction::Class(ClassAction::ToggleTeacher), ui.t().on_class.teacher).draw(ui) }
            { Button::new("present", UiAction::Class(ClassAction::TogglePresenting), ui.t().on_class.present)
                .hint(ui.t().on_class.present_hint).draw(ui) }
            { button("go-back", WorkAction::GoBack, t.go_back).enabled(props.has_before).draw(ui) }
        </div>
    }
}

/// The link itself: to be copied by hand where the browser does not.
fn shared(ui: &Ui, link: &str) -> Html {
    let t = ui.t().work;
    let address = with_link(link);
    let length = address.chars().count();
    let onfocus = Callback::from(|event: FocusEvent| select_all(&event));
    html! {
        <div class="popover__link">
            <input class="popover__address" readonly=true aria-label={t.link} data-link=""
                value={address.clone()} {onfocus} />
            <Code address={Rc::<str>::from(address)} is_button=true />
            <p data-length={length.to_string()}>
                { (t.length)(length) }{ " · " }{ if LONG < length { t.long } else { t.link_hint } }
            </p>
        </div>
    }
}
