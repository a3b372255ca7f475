//! Timers of a server, as arcs that run out.

use crate::components::geometry::{RADIUS, arc};
use crate::components::ui::Ui;
use yew::{Html, classes, html};
use zklab_core::lab::view::{ServerView, TimerKind, TimerView};
use zklab_core::types::Time;

/// The arcs of a server's timers.
pub fn timers(ui: &Ui, server: &ServerView, now: Time, shows_pings: bool) -> Html {
    let is_shown = |timer: &&TimerView| match timer.kind {
        TimerKind::Notification | TimerKind::Finalize | TimerKind::Limit => true,
        TimerKind::Ping => shows_pings,
        TimerKind::Other => false,
    };
    let shown = server.timers.iter().filter(is_shown).enumerate();
    let arcs = shown.map(|(nth, timer)| {
        let d = arc(RADIUS + 8.0 + 6.0 * nth as f64, left(timer, now));
        html! {
            <path class={classes!("timer", kind_class(timer.kind))} {d}>
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
