//! The bottom of the page: playback, speed, timeline.

use crate::components::buttons::Button;
use crate::components::goals::goals;
use crate::components::icons::Icon;
use crate::components::timeline::Timeline;
use crate::components::turns::{Part, Turns};
use crate::components::ui::Ui;
use crate::i18n::seconds;
use crate::moment::Moment;
use crate::pace::Speed;
use crate::state::State;
use crate::ui_action::UiAction;
use yew::{Html, html};

/// The bottom of the page.
pub fn transport(ui: &Ui, turns: &Turns, moment: &Moment, state: &State) -> Html {
    let view = &moment.view;
    let is_live = view.now >= view.end_time;
    let live = Button::new("live", UiAction::Live, ui.t().live).icon(Icon::Live).key("L");
    let controls = || {
        html! {
            <>
                { playback(ui, state.is_playing) }
                { speed(ui, state.prefs.speed) }
                { goals(ui, state.time.shows_goals) }
            </>
        }
    };
    html! {
        <footer class="transport">
            { turns.draw(Part::Controls, controls) }
            <Timeline view={view.clone()} marks={moment.marks.clone()}
                branches={moment.branches.clone()} />
            <output class="transport__time">{ seconds(view.now) }</output>
            { live.pressed(is_live).class("live").draw(ui) }
        </footer>
    }
}

fn playback(ui: &Ui, is_playing: bool) -> Html {
    let t = ui.t();
    let (label, icon) = match is_playing {
        true => (t.pause_playback, Icon::Pause),
        false => (t.play, Icon::Play),
    };
    let play = Button::new("play", UiAction::TogglePlaying, label).icon(icon).key("Space");
    let small = |name, action, label, icon, key| {
        Button::new(name, action, label).icon_only(icon).key(key).draw(ui)
    };
    use UiAction::{Back, BackDecision, Step, StepDecision};
    html! {
        <div class="playback">
            { small("back-decision", BackDecision, t.back_decision, Icon::BackDecision, "Shift+ArrowLeft") }
            { small("back", Back, t.back, Icon::Back, "ArrowLeft") }
            { play.pressed(is_playing).class("button--primary play").draw(ui) }
            { small("step", Step, t.step, Icon::Step, "ArrowRight") }
            { small("step-decision", StepDecision, t.step_decision, Icon::StepDecision, "Shift+ArrowRight") }
        </div>
    }
}

fn speed(ui: &Ui, speed: Speed) -> Html {
    let t = ui.t();
    let factor = speed.name();
    let slower = Button::new("speed-down", UiAction::Slower, t.slower).icon_only(Icon::Minus);
    let faster = Button::new("speed-up", UiAction::Faster, t.faster).icon_only(Icon::Plus);
    html! {
        <div class="speed" role="group" aria-label={t.speed}>
            { slower.key("[").enabled(speed != speed.slower()).draw(ui) }
            <output class="speed__factor" data-speed={factor}>{ format!("{factor}×") }</output>
            { faster.key("]").enabled(speed != speed.faster()).draw(ui) }
        </div>
    }
}
