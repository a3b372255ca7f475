//! Timers of a server, as arcs that run out.

use crate::components::geometry::{RADIUS, arc};
use crate::components::ui::use_ui;
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::lab::view::{ServerView, TimerKind, TimerView};
use zklab_core::types::Time;

/// Props of [`Timers`].
#[derive(PartialEq, Properties)]
pub struct TimersProps {
    /// The server.
    pub server: Rc<ServerView>,
    /// Now.
    pub now: Time,
    /// Whether the ping timer is drawn too.
    pub shows_pings: bool,
}

/// The arcs of a server's timers.
#[component]
pub fn Timers(props: &TimersProps) -> Html {
    let ui = use_ui();
    let is_shown = |timer: &&TimerView| match timer.kind {
        TimerKind::Notification | TimerKind::Finalize | TimerKind::Limit => true,
        TimerKind::Ping => props.shows_pings,
        TimerKind::Other => false,
    };
    let shown = props.server.timers.iter().filter(is_shown).enumerate();
    let arcs = shown.map(|(nth, timer)| {
        let radius = RADIUS + 8.0 + 6.0 * nth as f64;
        html! {
            <path class={classes!("timer", kind_class(timer.kind))} d={arc(radius, left(timer, props.now))}>
                <title>{ (ui.t().timer)(timer.kind) }</title>
            </path>
        }
    });
    html! { <g class="timers">{ for arcs }</g> }
}

fn kind_class(kind: TimerKind) -> &'static str {
    match kind {
        TimerKind::Notification => "timer--notification",
        TimerKind::Finalize => "timer--finalize",
        TimerKind::Ping => "timer--ping",
        TimerKind::Limit => "timer--limit",
        TimerKind::Other => "timer--other",
    }
}

/// The part of the timer that is left.
fn left(timer: &TimerView, now: Time) -> f64 {
    let whole = timer.due.since_us(timer.set_at).max(1) as f64;
    timer.due.since_us(now) as f64 / whole
}
