//! The bottom of the page: playback, speed, timeline.

use crate::components::buttons::ActionButton;
use crate::components::icons::Icon;
use crate::components::timeline::Timeline;
use crate::components::ui::use_ui;
use crate::i18n::seconds;
use crate::pace::Speed;
use crate::state::UiAction;
use std::rc::Rc;
use yew::{Html, Properties, component, html};
use zklab_core::lab::Mark;
use zklab_core::lab::view::View;

/// Props of [`Transport`].
#[derive(PartialEq, Properties)]
pub struct TransportProps {
    /// The moment.
    pub view: Rc<View>,
    /// Marks of the whole timeline.
    pub marks: Rc<[Mark]>,
    /// Whether it plays.
    pub is_playing: bool,
    /// How fast.
    pub speed: Speed,
}

/// The bottom of the page.
#[component]
pub fn Transport(props: &TransportProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let view = &props.view;
    let is_live = view.now >= view.end_time;
    html! {
        <footer class="transport">
            <Playback is_playing={props.is_playing} />
            <SpeedChoice speed={props.speed} />
            <Timeline view={view.clone()} marks={props.marks.clone()} />
            <output class="transport__time">{ seconds(view.now) }</output>
            <ActionButton name="live" action={UiAction::Live} label={t.live} icon={Icon::Live}
                shortcut="L" pressed={is_live} class="live" />
        </footer>
    }
}

#[derive(PartialEq, Properties)]
struct PlaybackProps {
    is_playing: bool,
}

#[component]
fn Playback(props: &PlaybackProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let (label, icon) = match props.is_playing {
        true => (t.pause_playback, Icon::Pause),
        false => (t.play, Icon::Play),
    };
    html! {
        <div class="playback">
            <ActionButton name="back-decision" action={UiAction::BackDecision} icon_only=true
                label={t.back_decision} icon={Icon::BackDecision} shortcut="Shift+ArrowLeft" />
            <ActionButton name="back" action={UiAction::Back} icon_only=true
                label={t.back} icon={Icon::Back} shortcut="ArrowLeft" />
            <ActionButton name="play" action={UiAction::TogglePlaying} {label} {icon}
                shortcut="Space" pressed={props.is_playing} class="button--primary play" />
            <ActionButton name="step" action={UiAction::Step} icon_only=true
                label={t.step} icon={Icon::Step} shortcut="ArrowRight" />
            <ActionButton name="step-decision" action={UiAction::StepDecision} icon_only=true
                label={t.step_decision} icon={Icon::StepDecision} shortcut="Shift+ArrowRight" />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SpeedChoiceProps {
    speed: Speed,
}

#[component]
fn SpeedChoice(props: &SpeedChoiceProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let factor = props.speed.factor().to_string();
    html! {
        <div class="speed" role="group" aria-label={t.speed}>
            <ActionButton name="speed-down" action={UiAction::Slower} label={t.slower}
                icon={Icon::Minus} icon_only=true shortcut="["
                disabled={props.speed == props.speed.slower()} />
            <output class="speed__factor" data-speed={factor.clone()}>{ format!("{factor}×") }</output>
            <ActionButton name="speed-up" action={UiAction::Faster} label={t.faster}
                icon={Icon::Plus} icon_only=true shortcut="]"
                disabled={props.speed == props.speed.faster()} />
        </div>
    }
}
