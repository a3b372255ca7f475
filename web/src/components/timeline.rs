//! The timeline: bands for epochs, marks for what happened, a head for the moment. A slider.

use crate::components::ui::{epoch_class, use_ui};
use crate::moment::Shared;
use crate::platform::pointer::{capture, fraction_x, is_pressed};
use crate::ui_action::UiAction;
use yew::{Callback, Html, PointerEvent, Properties, classes, component, html, use_node_ref};
use zklab_core::lab::view::View;
use zklab_core::lab::{BranchView, Mark, MarkKind};
use zklab_core::types::{ServerId, Time};

/// Props of [`Timeline`].
#[derive(PartialEq, Properties)]
pub struct TimelineProps {
    /// The moment.
    pub view: Shared<View>,
    /// Marks of the whole timeline.
    pub marks: Shared<[Mark]>,
    /// All branches.
    pub branches: Shared<[BranchView]>,
}

/// The most branches that are drawn beside the current one.
const MOST_DRAWN: usize = 4;

/// The timeline. Its keys are those of the whole page (`keymap`).
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let view = &props.view;
    let longest = props.branches.iter().map(|branch| branch.end).max();
    let scale_ms = scale_ms(longest.unwrap_or_default().max(view.end_time));
    let seek = {
        let (node, dispatch) = (node.clone(), ui.dispatch.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(part) = fraction_x(&event, &node) {
                let us = part * scale_ms as f64 * 1000.0;
                dispatch.emit(UiAction::SeekTime(Time(us as u64)));
            }
        })
    };
    let onpointerdown = {
        let (node, seek) = (node.clone(), seek.clone());
        Callback::from(move |event: PointerEvent| {
            capture(&event, &node);
            seek.emit(event);
        })
    };
    let onpointermove = Callback::from(move |event: PointerEvent| {
        if is_pressed(&event) {
            seek.emit(event);
        }
    });
    html! {
        <div class="timeline" ref={node} role="slider" tabindex="0" aria-label={ui.t().timeline}
            aria-valuemin="0" aria-valuemax={view.end.to_string()} aria-valuenow={view.index.to_string()}
            aria-valuetext={(ui.t().cursor)(view.now, view.index, view.end)}
            data-cursor="" data-index={view.index.to_string()} data-end={view.end.to_string()}
            data-t={view.now.ms().to_string()} {onpointerdown} {onpointermove}>
            { picture(&props.marks, view.end_time, scale_ms) }
            { branches(&props.branches, scale_ms) }
            { head(view.now, scale_ms) }
        </div>
    }
}

/// How many milliseconds the whole width stands for: in steps, so that marks rarely move.
fn scale_ms(end: Time) -> u64 {
    const STEPS: [u64; 3] = [1, 2, 5];
    let mut unit = 1000;
    loop {
        for step in STEPS {
            if end.ms() < step * unit {
                return step * unit;
            }
        }
        unit *= 10;
    }
}

/// A moment's place on the picture, which is 100 000 wide.
fn place(time: Time, scale_ms: u64) -> u64 {
    time.0 * 100 / scale_ms
}

/// What lies behind the head: bands and marks.
fn picture(marks: &[Mark], end_time: Time, scale_ms: u64) -> Html {
    let done = place(end_time, scale_ms);
    let bands = bands(marks, end_time).into_iter().map(|(epoch, from, to)| {
        let (x, end) = (place(from, scale_ms), place(to, scale_ms));
        html! {
            <rect class={classes!("timeline__band", epoch_class(epoch))}
                x={x.to_string()} y="0" width={end.saturating_sub(x).to_string()} height="100" />
        }
    });
    let lines = marks.iter().filter_map(|mark| {
        let x = place(mark.at, scale_ms);
        let class = classes!("timeline__mark", mark_class(mark.kind)?);
        Some(html! { <path {class} d={format!("M{x} 14V86")} /> })
    });
    html! {
        <svg class="timeline__picture" viewBox="0 0 100000 100" preserveAspectRatio="none" aria-hidden="true">
            <rect class="timeline__done" x="0" y="0" width={done.to_string()} height="100" />
            { for bands }
            { for lines }
        </svg>
    }
}

/// From when to when each epoch was served.
pub fn bands(marks: &[Mark], end: Time) -> Vec<(u32, Time, Time)> {
    let mut bands = Vec::new();
    let mut open: Option<(ServerId, u32, Time)> = None;
    for mark in marks {
        let (closes, opens) = match mark.kind {
            MarkKind::Elected(id, epoch) => (true, Some((id, epoch, mark.at))),
            MarkKind::LostLeader(id) | MarkKind::Crash(id) => {
                (open.is_some_and(|(leader, _, _)| leader == id), None)
            }
            MarkKind::Restart(_)
            | MarkKind::Partition
            | MarkKind::Heal
            | MarkKind::Disk(_)
            | MarkKind::Violation => (false, None),
        };
        if closes {
            bands.extend(open.take().map(|(_, epoch, from)| (epoch, from, mark.at)));
        }
        open = opens.or(open);
    }
    bands.extend(open.map(|(_, epoch, from)| (epoch, from, end)));
    bands
}

fn mark_class(kind: MarkKind) -> Option<&'static str> {
    match kind {
        MarkKind::Elected(..) => Some("timeline__mark--elected"),
        MarkKind::Crash(_) => Some("timeline__mark--crash"),
        MarkKind::Restart(_) => Some("timeline__mark--restart"),
        MarkKind::Partition => Some("timeline__mark--partition"),
        MarkKind::Heal => Some("timeline__mark--heal"),
        MarkKind::Disk(_) => Some("timeline__mark--disk"),
        MarkKind::Violation => Some("timeline__mark--violation"),
        MarkKind::LostLeader(_) => None,
    }
}

/// The other branches: a line each below, from where it parts, and a stem there; and the stem of
/// the current one.
fn branches(all: &[BranchView], scale_ms: u64) -> Html {
    let others = all.iter().filter(|branch| !branch.is_current).rev().take(MOST_DRAWN);
    let lines = others.enumerate().map(|(n, branch)| {
        let y = 92 - 9 * n;
        let from = branch.head.parting.map_or(Time::ZERO, |parting| parting.at);
        let (x, end) = (place(from, scale_ms), place(branch.end, scale_ms));
        let stem = if branch.head.parting.is_some() { format!("M{x} 50") } else { String::new() };
        let d = match stem.is_empty() {
            true => format!("M{x} {y}H{end}"),
            false => format!("{stem}V{y}H{end}"),
        };
        html! { <path class="timeline__branch" {d} /> }
    });
    let current = all.iter().find(|branch| branch.is_current);
    let parting = current.and_then(|branch| branch.head.parting).map(|parting| {
        let x = place(parting.at, scale_ms);
        html! { <path class="timeline__parting" d={format!("M{x} 0V100")} /> }
    });
    html! {
        <svg class="timeline__picture" viewBox="0 0 100000 100" preserveAspectRatio="none"
            aria-hidden="true" data-branches={all.len().to_string()}>
            { for lines }
            { for parting }
        </svg>
    }
}

fn head(now: Time, scale_ms: u64) -> Html {
    let x = place(now, scale_ms);
    html! {
        <svg class="timeline__picture" viewBox="0 0 100000 100" preserveAspectRatio="none" aria-hidden="true">
            <path class="timeline__head" d={format!("M{x} 0V100")} />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_lasts_until_its_leader_is_gone() {
        let mark = |ms, kind| Mark { index: 0, at: Time::from_ms(ms), kind };
        let marks = [
            mark(1, MarkKind::Elected(ServerId(3), 1)),
            mark(2, MarkKind::Crash(ServerId(1))),
            mark(5, MarkKind::Crash(ServerId(3))),
            mark(8, MarkKind::Elected(ServerId(2), 2)),
        ];
        let ms = Time::from_ms;
        assert_eq!(bands(&marks, ms(9)), [(1, ms(1), ms(5)), (2, ms(8), ms(9))]);
    }

    #[test]
    fn the_scale_grows_in_steps() {
        assert_eq!(scale_ms(Time::ZERO), 1000);
        assert_eq!(scale_ms(Time::from_ms(999)), 1000);
        assert_eq!(scale_ms(Time::from_ms(1000)), 2000);
        assert_eq!(scale_ms(Time::from_ms(4999)), 5000);
        assert_eq!(scale_ms(Time::from_ms(70_000)), 100_000);
    }
}
