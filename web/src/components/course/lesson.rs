//! A step of the open lesson, or its end.

use super::task::{goal, question};
use super::text::paragraphs;
use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::course::{Open, said};
use crate::i18n::lessons::Words;
use crate::ui_action::UiAction;
use crate::ui_action::class::ClassAction;
use crate::ui_action::lesson::LessonAction;
use yew::{Html, classes, html};
use zklab_core::lab::lesson::{Step, Task};

/// The open lesson.
pub fn lesson(ui: &Ui, open: &Open) -> Html {
    let words = ui.t().lessons;
    let lesson = &open.lesson;
    let body = match open.current() {
        Some(step) => step_body(ui, open, step),
        None => end(ui, open),
    };
    let number = if open.best().is_some() { words.challenge } else { words.lesson };
    let step = open.current().map_or("end", |step| step.name.as_str()).to_owned();
    html! {
        <article class="lesson" data-open-lesson={lesson.id.clone()} data-step={step}
            data-solved={open.is_solved.to_string()} data-running={open.is_running.to_string()}>
            <header class="lesson__head">
                <div class="lesson__ways">
                    { Button::new("leave", UiAction::Lesson(LessonAction::Leave), words.leave).class("lesson__leave").draw(ui) }
                    { Button::new("present", UiAction::Class(ClassAction::TogglePresenting), ui.t().on_class.present)
                        .hint(ui.t().on_class.present_hint).class("lesson__present").draw(ui) }
                </div>
                <p class="dim">{ number(lesson.number) }</p>
                <h2>{ said(&lesson.title, ui.language).to_owned() }</h2>
                { progress(words, open) }
            </header>
            <div class="lesson__body" key={open.step}>{ body }</div>
            { footer(ui, open) }
        </article>
    }
}

fn progress(words: &Words, open: &Open) -> Html {
    let all = open.lesson.steps.len();
    if all < 2 {
        return Html::default();
    }
    let label = (words.step_of)((open.step + 1).min(all), all);
    let dot = |n: usize| {
        let class = if n < open.step { "lesson__dot--done" } else { "" };
        html! { <span class={classes!("lesson__dot", class, (n == open.step).then_some("lesson__dot--now"))}></span> }
    };
    html! { <div class="lesson__dots" role="img" aria-label={label.clone()} title={label}>{ for (0..all).map(dot) }</div> }
}

fn step_body(ui: &Ui, open: &Open, step: &Step) -> Html {
    let words = ui.t().lessons;
    let task = match &step.task {
        Task::Read => Html::default(),
        Task::Ask(ask) => question(ui, open, ask),
        Task::Do(task) => goal(ui, open, task),
    };
    let hint = step.hint.as_ref().filter(|_| open.has_hint);
    let reveal = step.reveal.as_ref().filter(|_| open.is_solved);
    html! {
        <>
            if open.is_moved { <p class="lesson__note">{ words.moved }</p> }
            { paragraphs(ui, &step.text) }
            if open.is_running && !open.is_solved { <p class="lesson__note" role="status">{ words.running }</p> }
            { task }
            { for hint.map(|hint| html! { <div class="lesson__hint">{ paragraphs(ui, hint) }</div> }) }
            { for reveal.map(|reveal| html! { <div class="lesson__reveal" data-reveal="">{ paragraphs(ui, reveal) }</div> }) }
        </>
    }
}

fn end(ui: &Ui, open: &Open) -> Html {
    let words = ui.t().lessons;
    let lesson = &open.lesson;
    html! {
        <>
            { for lesson.remember.as_ref().map(|remember| html! {
                <div class="lesson__remember"><h3>{ words.remember }</h3>{ paragraphs(ui, remember) }</div>
            }) }
            if !lesson.sources.is_empty() {
                <h3>{ words.source }</h3>
                <ul class="lesson__sources">
                    { for lesson.sources.iter().map(|source| html! { <li><code>{ source.clone() }</code></li> }) }
                </ul>
            }
        </>
    }
}

/// What can be done in a step: the last button is what PageDown does.
fn footer(ui: &Ui, open: &Open) -> Html {
    let words = ui.t().lessons;
    let on = |name, action, label| Button::new(name, UiAction::Lesson(action), label);
    let step = open.current();
    let has_hint =
        step.is_some_and(|step| step.hint.is_some()) && !open.has_hint && !open.is_solved;
    let is_acting = step.is_some_and(|step| step.goal().is_some());
    let is_asking = step.is_some_and(|step| step.question().is_some());
    let is_last = open.step + 1 == open.lesson.steps.len() && open.best().is_some();
    let (label, class) = match (open.is_running, open.is_solved) {
        (true, _) => (words.skip, ""),
        (false, false) if is_asking => (words.show_answer, ""),
        (false, false) if is_acting => (words.show_how, ""),
        (false, _) if step.is_none() || is_last => (words.finish, "button--primary"),
        (false, _) => (words.next, "button--primary"),
    };
    html! {
        <footer class="lesson__foot">
            if open.step > 0 { { on("lesson-back", LessonAction::Previous, words.previous).draw(ui) } }
            if is_acting { { on("lesson-again", LessonAction::Again, words.again).draw(ui) } }
            if has_hint { { on("hint", LessonAction::Hint, words.hint).draw(ui) } }
            { on("lesson-next", LessonAction::Next, label).class(class).key("PageDown").draw(ui) }
        </footer>
    }
}
