//! A lesson on paper: questions with room to write, what happened drawn as lanes, what to remember.
//!
//! The first part holds nothing that answers a question: what follows from answers, and what goes on
//! from there, is drawn in the second, on a page of its own.

use super::Code;
use crate::components::buttons::Button;
use crate::components::course::text::{line, marked_paragraphs, plain};
use crate::components::lanes::{LanesProps, still};
use crate::components::ui::Ui;
use crate::course::{expected, said};
use crate::i18n::seconds;
use crate::platform::document;
use crate::state::State;
use crate::state::class::{Figure, HandOut};
use crate::stretch::Stretch;
use crate::ui_action::UiAction;
use crate::ui_action::class::ClassAction;
use std::rc::Rc;
use yew::{Html, html};
use zklab_core::lab::lesson::{Answer, Ask, Do, Lesson, Step, Task};

/// A figure is so wide, in the units in which its text is some twelve high.
const WIDTH: f64 = 720.0;
/// And each of its lanes so high.
const LANE: f64 = 27.0;

/// The hand-out of a lesson; nothing in it until its file has come.
pub fn hand_out(ui: &Ui, state: &State, paper: Option<&HandOut>) -> Html {
    let words = ui.t().on_class;
    let button = |name, action, label| Button::new(name, UiAction::Class(action), label);
    let has_key = state.class.has_key;
    html! {
        <main class="paper" data-paper="">
            <div class="paper__tools">
                { button("close-sheet", ClassAction::Close, words.close).key("Esc").draw(ui) }
                { button("with-key", ClassAction::ToggleKey, words.with_key).pressed(has_key).class("toggle").draw(ui) }
                { button("print", ClassAction::Print, words.print).class("button--primary").draw(ui) }
            </div>
            { for state.class.trouble.as_ref().map(|trouble| html! {
                <p class="course__trouble" role="alert">{ trouble.to_string() }</p>
            }) }
            { for paper.map(|paper| sheets(ui, paper, has_key)) }
        </main>
    }
}

fn sheets(ui: &Ui, paper: &HandOut, has_key: bool) -> Html {
    let (t, words) = (ui.t(), ui.t().on_class);
    let lesson = &paper.lesson;
    let link = format!("{}#lesson/{}", document::address(), lesson.id);
    // What leads to the first question answers none.
    let is_task = |step: &Step| !matches!(step.task, Task::Read);
    let first = lesson.steps.iter().position(is_task).unwrap_or(lesson.steps.len());
    let steps = || lesson.steps.iter().enumerate();
    let is_before = |(n, step): &(usize, &Step)| *n < first || is_task(step);
    html! {
        <article data-hand-out={lesson.id.clone()}>
            <header class="paper__head">
                <div>
                    <p class="dim">{ "ZK Lab · " }{ (t.lessons.lesson)(lesson.number) }{ " · " }{ (t.lessons.minutes)(lesson.minutes) }</p>
                    <h2>{ said(&lesson.title, ui.language).to_owned() }</h2>
                    <p>{ line(ui, &lesson.summary) }</p>
                    <p class="paper__name">{ words.name_and_date }<span class="paper__blank"></span></p>
                </div>
                <Code address={Rc::<str>::from(link.as_str())} />
            </header>
            <h3>{ words.before }</h3>
            { for steps().filter(is_before).map(|(n, step)| task(ui, paper, n, step, has_key)) }
            <section class="paper__second">
                <h3>{ words.afterwards }</h3>
                { for steps().skip(first).map(|(n, _)| happened(ui, paper, n)) }
                { for lesson.remember.as_ref().map(|remember| html! {
                    <div class="paper__remember"><h3>{ t.lessons.remember }</h3>{ plain(ui, remember) }</div>
                }) }
                { sources(ui, lesson) }
                <p class="paper__link">{ link }</p>
            </section>
        </article>
    }
}

fn sources(ui: &Ui, lesson: &Lesson) -> Html {
    let names = lesson.sources.iter().map(|source| html! { <code>{ source.clone() }</code> });
    html! { <p class="paper__sources">{ ui.t().lessons.source }{ ui.t().colon }{ for names }</p> }
}

fn task(ui: &Ui, paper: &HandOut, n: usize, step: &Step, has_key: bool) -> Html {
    let body = match &step.task {
        Task::Read => Html::default(),
        Task::Ask(ask) => question(ui, paper, ask),
        Task::Do(task) => goal(ui, task),
    };
    let is_its = |(_, figure): &(usize, &Figure)| figure.step == n && leads_up(paper, figure);
    let figures = paper.figures.iter().enumerate().filter(is_its);
    let expected = expected(step, ui.language);
    html! {
        <section class="paper__task">
            <span class="paper__number">{ n + 1 }</span>
            <div>
                { plain(ui, &step.text) }
                { for figures.map(|(place, _)| drawing(ui, paper, place)) }
                { body }
                if has_key && !expected.is_empty() { <div class="paper__key" data-key="">{ marked_paragraphs(ui, expected.iter().map(String::as_str)) }</div> }
            </div>
        </section>
    }
}

/// Whether a figure leads up to its step. What follows from an answer comes afterwards, and so does
/// what goes on from there: it shows how that came out.
fn leads_up(paper: &HandOut, figure: &Figure) -> bool {
    let steps = &paper.lesson.steps;
    let before = figure.step.checked_sub(1).map(|before| &steps[before]);
    let goes_on = before.is_some_and(|before| before.after.is_some());
    !figure.is_after && (!goes_on || steps[figure.step].scenario.is_some())
}

fn question(ui: &Ui, paper: &HandOut, ask: &Ask) -> Html {
    let words = ui.t().on_class;
    let boxes: Vec<Html> = match &ask.answer {
        Answer::Server(_) => {
            let servers = paper.figures.first().map(|figure| figure.view.servers.clone());
            let names = servers.unwrap_or_default().into_iter();
            names.map(|server| html! { <li>{ server.id.to_string() }</li> }).collect()
        }
        Answer::Number(_) => Vec::new(),
        Answer::Choice(choices) => choices
            .iter()
            .map(|choice| html! { <li><span>{ line(ui, &choice.text) }</span></li> })
            .collect(),
    };
    let class = match &ask.answer {
        Answer::Choice(_) => "paper__boxes",
        Answer::Server(_) | Answer::Number(_) => "paper__boxes paper__boxes--row",
    };
    html! {
        <>
            <div class="paper__question">{ plain(ui, &ask.question) }</div>
            if boxes.is_empty() { <p><span class="paper__blank paper__blank--short"></span></p> }
            if !boxes.is_empty() { <ul {class}>{ for boxes }</ul> }
            <p class="paper__lines">{ words.because }<span></span><span></span></p>
        </>
    }
}

fn goal(ui: &Ui, task: &Do) -> Html {
    let clauses = task
        .clauses
        .iter()
        .map(|clause| html! { <li><span>{ line(ui, &clause.text) }</span></li> });
    html! {
        <>
            <p class="paper__question">{ ui.t().lessons.goal }</p>
            <ul class="paper__boxes">{ for clauses }</ul>
            <p class="paper__lines">{ ui.t().on_class.what_did }<span></span><span></span><span></span></p>
        </>
    }
}

/// What is told in a step, and what followed from it.
fn happened(ui: &Ui, paper: &HandOut, n: usize) -> Html {
    let step = &paper.lesson.steps[n];
    let is_read = matches!(step.task, Task::Read);
    let is_its =
        |(_, figure): &(usize, &Figure)| figure.step == n && (is_read || !leads_up(paper, figure));
    let figures = paper.figures.iter().enumerate().filter(is_its);
    let drawn: Vec<Html> = figures.map(|(place, _)| drawing(ui, paper, place)).collect();
    if !is_read && drawn.is_empty() && step.reveal.is_none() {
        return Html::default();
    }
    html! {
        <section class="paper__task">
            <span class="paper__number">{ n + 1 }</span>
            <div>
                if is_read { { plain(ui, &step.text) } }
                { for drawn }
                { for step.reveal.as_ref().map(|reveal| plain(ui, reveal)) }
            </div>
        </section>
    }
}

fn drawing(ui: &Ui, paper: &HandOut, place: usize) -> Html {
    let figure = &paper.figures[place];
    let props = LanesProps {
        view: figure.view.clone(),
        marks: figure.marks.clone(),
        names: figure.names.clone(),
        drawn: figure.drawn.clone(),
        stretch: Stretch::default(),
        shows_pings: false,
        selected: None,
        hovered: None,
    };
    let during = &figure.drawn.during;
    let (from, to) = (seconds(during.start), seconds(during.end));
    html! {
        <figure class="paper__figure" data-figure="">
            { still(ui, &props, WIDTH, LANE) }
            <figcaption>{ (ui.t().on_class.figure)(place + 1) }{ " · " }{ from }{ " – " }{ to }</figcaption>
        </figure>
    }
}
