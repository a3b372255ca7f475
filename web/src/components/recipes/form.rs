//! New clients that want the same.

use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::explain::millis;
use crate::platform::pointer::value_of;
use crate::ui_action::UiAction;
use crate::ui_action::recipes::{Order, RecipeAction};
use yew::{Callback, Event, Html, InputEvent, html};
use zklab_core::recipe::{OnLost, OnSuspended, What};
use zklab_core::sim::action::Contest;

/// What is offered, and where it usually is.
const OFFERED: [(What, &str); 8] = [
    (What::Lock, "/locks/a"),
    (What::HerdLock, "/locks/herd"),
    (What::ReadLock, "/locks/rw"),
    (What::WriteLock, "/locks/rw"),
    (What::Semaphore(2), "/semaphore"),
    (What::Elect, "/election"),
    (What::DoubleBarrier(5), "/barrier"),
    (What::Mutex, "/locks/mutex"),
];
/// How long each may hold, in milliseconds.
const HOLDS: [u32; 3] = [200, 2000, 10_000];

/// The form. `refused` is what a server takes, and how many of the new ones would find no room.
pub fn form(ui: &Ui, order: &Order, refused: Option<(u32, usize)>) -> Html {
    let t = ui.t().recipes;
    let [what, clients, path, hold, suspended, lost] = t.fields;
    let edited = |edit: fn(&Order, &str) -> Option<Order>| {
        let (order, dispatch) = (order.clone(), ui.dispatch.clone());
        Callback::from(move |event: Event| {
            if let Some(order) = value_of(&event).and_then(|value| edit(&order, &value)) {
                dispatch.emit(UiAction::Recipe(RecipeAction::Edit(order)));
            }
        })
    };
    let on_what = edited(|order, value| {
        let (what, path) = OFFERED.get(value.parse::<usize>().ok()?)?.clone();
        Some(Order { what, path: path.into(), ..order.clone() })
    });
    // With every key: a frame that is drawn meanwhile would put the old words back.
    let typed = |edit: fn(&Order, String) -> Order| {
        let (order, dispatch) = (order.clone(), ui.dispatch.clone());
        Callback::from(move |event: InputEvent| {
            let order = edit(&order, value_of(&event).unwrap_or_default());
            dispatch.emit(UiAction::Recipe(RecipeAction::Edit(order)));
        })
    };
    let on_count = typed(|order, value| {
        let count = value.parse::<u16>().unwrap_or(0).min(Contest::MOST);
        Order { count, ..order.clone() }
    });
    let on_path = typed(|order, value| Order { path: value.into(), ..order.clone() });
    let count = if order.count == 0 { String::new() } else { order.count.to_string() };
    let on_hold =
        edited(|order, value| Some(Order { hold_ms: value.parse().ok(), ..order.clone() }));
    let on_suspended = edited(|order, value| {
        let on_suspended = if value == "1" { OnSuspended::Trust } else { OnSuspended::Doubt };
        Some(Order { on_suspended, ..order.clone() })
    });
    let on_lost = edited(|order, value| {
        let on_lost = if value == "1" { OnLost::Ignore } else { OnLost::Stop };
        Some(Order { on_lost, ..order.clone() })
    });
    let whats = OFFERED.iter().zip(t.offered).enumerate().map(|(n, ((what, _), label))| {
        let is_it = *what == order.what;
        html! { <option value={n.to_string()} selected={is_it}>{ label }</option> }
    });
    let holds = HOLDS.iter().map(|ms| {
        let is_it = order.hold_ms == Some(*ms);
        html! { <option value={ms.to_string()} selected={is_it}>{ millis((*ms).into()) }</option> }
    });
    let reactions = |labels: [&'static str; 2], goes_on: bool| {
        let draw = labels.into_iter().enumerate().map(move |(n, label)| {
            html! { <option value={n.to_string()} selected={goes_on == (n == 1)}>{ label }</option> }
        });
        draw.collect::<Html>()
    };
    let reacts = [
        (
            suspended,
            "suspended",
            on_suspended,
            reactions(t.on_suspended, order.on_suspended == OnSuspended::Trust),
        ),
        (lost, "lost", on_lost, reactions(t.on_lost, order.on_lost == OnLost::Ignore)),
    ];
    let reacts = reacts.into_iter().map(|(label, name, onchange, options)| {
        html! {
            <label class="order__field">{ label }
                <select class="select" data-order={name} {onchange}>{ options }</select>
            </label>
        }
    });
    let start = Button::new(
        "start-contenders",
        UiAction::Recipe(RecipeAction::Start),
        (t.start)(order.count),
    );
    html! {
        <>
            <div class="order">
                <label class="order__field">{ what }
                    <select class="select" data-order="what" onchange={on_what}>{ for whats }</select>
                </label>
                <label class="order__field">{ clients }
                    <input class="select" type="number" min="1" max={Contest::MOST.to_string()}
                        data-order="count" value={count} oninput={on_count} />
                </label>
                <label class="order__field">{ path }
                    <input class="select" type="text" data-order="path" spellcheck="false"
                        autocapitalize="off" value={order.path.to_string()} oninput={on_path} />
                </label>
                <label class="order__field">{ hold }
                    <select class="select" data-order="hold" onchange={on_hold}>
                        <option value="" selected={order.hold_ms.is_none()}>{ t.until_released }</option>
                        { for holds }
                    </select>
                </label>
                { for reacts }
                { start.enabled(0 < order.count).class("button--primary order__start").draw(ui) }
            </div>
            if let Some((limit, count)) = refused {
                <p class="recipe__note" role="status" data-refused={count.to_string()}>{ (t.refused)(limit, count) }</p>
            }
        </>
    }
}
