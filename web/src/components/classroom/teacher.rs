//! The teacher's page: all lessons and challenges with links, timings and expected answers.

use crate::components::buttons::Button;
use crate::components::course::text::{marked_paragraphs, plain};
use crate::components::ui::{Ui, use_ui};
use crate::course::{Entry, expected, said};
use crate::platform::{document, pointer};
use crate::state::State;
use crate::ui_action::UiAction;
use crate::ui_action::class::ClassAction;
use std::rc::Rc;
use yew::{Callback, Html, InputEvent, Properties, SubmitEvent, component, html, use_state};
use zklab_core::lab::lesson::{Lesson, Step};

/// The teacher's page.
pub fn teacher(ui: &Ui, state: &State) -> Html {
    let words = ui.t().on_class;
    html! {
        <main class="paper" data-teacher="">
            <div class="paper__tools">
                { Button::new("close-sheet", UiAction::Class(ClassAction::Close), words.close).key("Esc").draw(ui) }
            </div>
            <h2>{ words.teacher }</h2>
            <p class="paper__intro">{ words.teacher_intro }</p>
            <dl class="teacher__how">
                { for words.how.iter().map(|(what, how)| html! { <div><dt>{ *what }</dt><dd>{ *how }</dd></div> }) }
            </dl>
            <Verify />
            { for state.class.trouble.as_ref().map(|trouble| html! {
                <p class="course__trouble" role="alert">{ trouble.to_string() }</p>
            }) }
            { list(ui, state, ui.t().lessons.lessons, false) }
            { list(ui, state, ui.t().lessons.challenges, true) }
        </main>
    }
}

fn list(ui: &Ui, state: &State, heading: &'static str, challenges: bool) -> Html {
    let of_kind = |entry: &&Entry| entry.is_challenge() == challenges;
    let entries = || state.course.index.iter().filter(of_kind);
    let minutes = entries().map(|entry| entry.minutes).sum();
    if entries().next().is_none() {
        return html! { if !challenges { <p class="dim">{ ui.t().lessons.loading }</p> } };
    }
    html! {
        <section class="teacher__list">
            <h3>{ heading }<span class="dim">{ (ui.t().on_class.minutes_in_all)(minutes) }</span></h3>
            <ol>{ for entries().map(|entry| row(ui, state, entry)) }</ol>
        </section>
    }
}

fn row(ui: &Ui, state: &State, entry: &Entry) -> Html {
    let words = ui.t().on_class;
    let is_open = state.class.opened.contains(&entry.file);
    let lesson = state.class.lessons.get(&entry.file).filter(|_| is_open);
    let button = |name, action, label| Button::new(name, UiAction::Class(action), label);
    let link = |name: &'static str, place: String, label: &'static str| {
        html! { <a class="button" data-action={name} href={place}>{ label }</a> }
    };
    let address: Rc<str> = format!("{}#{}", document::address(), entry.key()).into();
    html! {
        <li class="teacher__row" data-entry={entry.id.to_string()}>
            <span class="teacher__number">{ entry.number }</span>
            <p class="teacher__title">
                <strong>{ said(&entry.title, ui.language).to_owned() }</strong>
                <span class="dim">{ (ui.t().lessons.minutes)(entry.minutes) }</span>
                <br />{ said(&entry.summary, ui.language).replace(['`', '*'], "") }
            </p>
            <div class="teacher__do">
                { link("open-entry", format!("#{}", entry.key()), words.open) }
                if !entry.is_challenge() {
                    { link("present-entry", format!("#present/{}", entry.id), words.present) }
                    { link("hand-out", format!("#handout/{}", entry.id), words.hand_out) }
                }
                { button("code", ClassAction::ShowCode(address), words.code).draw(ui) }
                { button("answers", ClassAction::ToggleAnswers(entry.file.clone()), words.answers)
                    .pressed(is_open).draw(ui) }
            </div>
            { for lesson.map(|lesson| answers(ui, lesson)) }
        </li>
    }
}

/// What a class should come to, step by step, and what is worth knowing about the lesson.
fn answers(ui: &Ui, lesson: &Lesson) -> Html {
    let words = ui.t().on_class;
    let step = |(n, step): (usize, &Step)| {
        let expected = expected(step, ui.language);
        (!expected.is_empty()).then(|| {
            html! {
                <div class="teacher__step">
                    <h4>{ (words.step)(n + 1) }</h4>
                    { for step.question().map(|ask| plain(ui, &ask.question)) }
                    { for step.goal().map(|task| html! {
                        <ul>{ for task.clauses.iter().map(|clause| html! { <li>{ plain(ui, &clause.text) }</li> }) }</ul>
                    }) }
                    if step.goal().is_some() { <p class="dim">{ words.one_way }</p> }
                    { marked_paragraphs(ui, expected.iter().map(String::as_str)) }
                </div>
            }
        })
    };
    html! {
        <div class="teacher__answers" data-answers="">
            { for lesson.notes.as_ref().map(|notes| html! {
                <div class="teacher__step"><h4>{ words.about }</h4>{ plain(ui, notes) }</div>
            }) }
            { for lesson.steps.iter().enumerate().filter_map(step) }
        </div>
    }
}

/// Props of [`Verify`].
#[derive(PartialEq, Properties)]
pub struct VerifyProps {}

/// A field for what somebody has handed in.
#[component]
fn Verify(_props: &VerifyProps) -> Html {
    let ui = use_ui();
    let words = ui.t().on_class;
    let text = use_state(String::new);
    let setter = text.setter();
    let oninput = Callback::from(move |event: InputEvent| {
        setter.set(pointer::value_of(&event).unwrap_or_default());
    });
    let (dispatch, typed) = (ui.dispatch.clone(), text.clone());
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        dispatch.emit(UiAction::Class(ClassAction::Verify(typed.as_str().into())));
    });
    html! {
        <form class="teacher__verify" {onsubmit}>
            <label>
                { words.verify }
                <input type="text" autocomplete="off" placeholder={words.verify_hint} data-verify=""
                    value={(*text).clone()} {oninput} />
            </label>
            <button type="submit" class="button" data-action="verify" disabled={text.trim().is_empty()}>{ words.verify_open }</button>
        </form>
    }
}
