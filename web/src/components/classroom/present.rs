//! What little there is to press while presenting, and below an embedded stage.

use crate::components::buttons::Button;
use crate::components::icons::Icon;
use crate::components::ui::Ui;
use crate::course::said;
use crate::i18n::seconds;
use crate::platform::address::with_link;
use crate::state::State;
use crate::ui_action::UiAction;
use crate::ui_action::class::ClassAction;
use crate::ui_action::lesson::LessonAction;
use yew::{Html, html};

/// The foot of the presented page: the way on, black, the notes, the way out.
pub fn present_bar(ui: &Ui, state: &State) -> Html {
    let (t, words) = (ui.t(), ui.t().on_class);
    let button = |name, action, label| Button::new(name, UiAction::Class(action), label);
    let is_at_end = state.course.open.as_ref().is_some_and(|open| open.current().is_none());
    let next = state.next_lesson().filter(|_| is_at_end).map(|entry| {
        let action = LessonAction::Open(entry.file.clone(), "".into());
        let label = (words.next_lesson)(said(&entry.title, ui.language));
        Button::new("next-lesson", UiAction::Lesson(action), label).draw(ui)
    });
    html! {
        <footer class="present__bar">
            if state.course.open.is_none() {
                { playback(ui, state) }
                <output class="transport__time">{ seconds(state.moment.view.now) }</output>
            }
            { for next }
            <span class="present__gap"></span>
            { button("black", ClassAction::ToggleBlack, words.black).key("B").draw(ui) }
            { button("notes", ClassAction::OpenNotes, words.notes).draw(ui) }
            <button type="button" class="button" data-action="language" lang={ui.language.other().tag()}
                title={t.switch_language} onclick={ui.on(UiAction::ToggleLanguage)}>{ t.other_language }</button>
            { button("leave-present", ClassAction::TogglePresenting, words.leave).key("Esc").draw(ui) }
        </footer>
    }
}

fn playback(ui: &Ui, state: &State) -> Html {
    let t = ui.t();
    let (label, icon) = match state.is_playing {
        true => (t.pause_playback, Icon::Pause),
        false => (t.play, Icon::Play),
    };
    html! {
        <div class="playback">
            { Button::new("back", UiAction::Back, t.back).icon_only(Icon::Back).draw(ui) }
            { Button::new("play", UiAction::TogglePlaying, label).icon_only(icon)
                .pressed(state.is_playing).class("button--primary").draw(ui) }
            { Button::new("step", UiAction::Step, t.step).icon_only(Icon::Step).draw(ui) }
        </div>
    }
}

/// The foot of an embedded stage: time, and the way into the lab.
pub fn embed_bar(ui: &Ui, state: &State) -> Html {
    html! {
        <footer class="embed__bar">
            { playback(ui, state) }
            <output class="transport__time" data-time="">{ seconds(state.moment.view.now) }</output>
            <span class="present__gap"></span>
            <a class="button" data-action="open-in-lab" target="_blank" rel="noopener"
                href={with_link(&state.class.link)}>{ ui.t().on_class.open_in_lab }{ " ↗" }</a>
        </footer>
    }
}

/// The black screen.
pub fn black(ui: &Ui) -> Html {
    let words = ui.t().on_class;
    let onclick = ui.on(UiAction::Class(ClassAction::ToggleBlack));
    html! {
        <button type="button" class="black" data-black="" {onclick} aria-label={words.not_black}></button>
    }
}
