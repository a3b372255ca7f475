//! Home: what this is, and the way through it.

use super::text::line;
use crate::components::buttons::Button;
use crate::components::predict::predict_choice;
use crate::components::ui::Ui;
use crate::course::{Course, Entry, said};
use crate::platform::files::{self, Read};
use crate::state::Predict;
use crate::ui_action::class::ClassAction;
use crate::ui_action::glossary::GlossaryAction;
use crate::ui_action::lesson::LessonAction;
use crate::ui_action::recipes::{Part, RecipeAction};
use crate::ui_action::{Panel, UiAction};
use yew::{Callback, Html, InputEvent, MouseEvent, classes, html};

/// The longest file that is read, in bytes.
const MOST_BYTES: usize = 2 << 20;

/// Home.
pub fn home(ui: &Ui, course: &Course, predict: &Predict) -> Html {
    let words = ui.t().lessons;
    let is_lesson = |entry: &&Entry| !entry.is_challenge();
    let is_open = |entry: &&Entry| is_lesson(entry) && !course.progress.of(&entry.key()).is_done;
    let next = course.index.iter().find(is_open).or(course.index.first());
    html! {
        <div class="home">
            <h2 class="home__headline">{ words.headline }</h2>
            <p class="home__intro">{ words.intro }</p>
            { for next.map(|entry| start(ui, course, entry)) }
            { for course.kept.is_some().then(|| {
                Button::new("restore", UiAction::Lesson(LessonAction::Restore), words.restore).draw(ui)
            }) }
            { list(ui, course, words.lessons, false) }
            { list(ui, course, words.challenges, true) }
            { recipes(ui) }
            { predict_choice(ui, predict) }
            { more(ui, course) }
        </div>
    }
}

/// The lesson to begin with.
fn start(ui: &Ui, course: &Course, entry: &Entry) -> Html {
    let words = ui.t().lessons;
    let has_begun = course.index.iter().any(|entry| course.progress.of(&entry.key()).steps > 0);
    let label = if has_begun { words.go_on } else { words.begin };
    html! {
        <div class="home__start">
            <p class="home__next">
                <strong>{ (words.lesson)(entry.number) }{ " · " }{ said(&entry.title, ui.language).to_owned() }</strong>
                { " " }{ line(ui, &entry.summary) }
            </p>
            { Button::new("begin", open(entry), label).class("button--primary").draw(ui) }
        </div>
    }
}

fn open(entry: &Entry) -> UiAction {
    UiAction::Lesson(LessonAction::Open(entry.file.clone(), "".into()))
}

fn list(ui: &Ui, course: &Course, heading: &'static str, challenges: bool) -> Html {
    let words = ui.t().lessons;
    let of_kind = |entry: &&Entry| entry.is_challenge() == challenges;
    let entries: Vec<&Entry> = course.index.iter().filter(of_kind).collect();
    let is_done = |entry: &&&Entry| course.progress.of(&entry.key()).is_done;
    let done = entries.iter().filter(is_done).count();
    if entries.is_empty() {
        return html! { if !challenges { <p class="dim">{ words.loading }</p> } };
    }
    html! {
        <section class="home__list">
            <h3>{ heading }<span class="dim">{ (words.done_of)(done, entries.len()) }</span></h3>
            <ol>{ for entries.iter().map(|entry| row(ui, course, entry)) }</ol>
        </section>
    }
}

fn row(ui: &Ui, course: &Course, entry: &Entry) -> Html {
    let words = ui.t().lessons;
    let reached = course.progress.of(&entry.key());
    let mark = if reached.is_done { "✓".to_owned() } else { entry.number.to_string() };
    let note = match (reached.is_done, reached.actions, reached.steps) {
        (true, Some(actions), _) => actions.to_string(),
        (true, None, _) => words.done.to_owned(),
        (false, _, 0) => (words.minutes)(entry.minutes),
        (false, _, steps) => format!("{steps}/{}", entry.steps),
    };
    html! {
        <li>
            <button type="button" class="home__row" data-lesson={entry.id.to_string()}
                data-done={reached.is_done.to_string()}
                title={said(&entry.summary, ui.language).to_owned()} onclick={ui.on(open(entry))}>
                <span class={classes!("home__mark", reached.is_done.then_some("home__mark--done"))}>{ mark }</span>
                <span class="home__title">{ said(&entry.title, ui.language).to_owned() }</span>
                <span class="dim">{ note }</span>
            </button>
        </li>
    }
}

/// The way to the recipes and their prepared scenarios.
fn recipes(ui: &Ui) -> Html {
    let words = ui.t().lessons;
    let dispatch = ui.dispatch.clone();
    let onclick = move |_: MouseEvent| {
        dispatch.emit(UiAction::Show(Panel::Recipes));
        dispatch.emit(UiAction::Recipe(RecipeAction::Show(Part::Prepared)));
    };
    html! {
        <section class="home__list">
            <h3>{ words.recipes }</h3>
            <p class="dim">{ words.recipes_about }</p>
            <div class="home__more">
                <button type="button" class="button" data-action="recipes" {onclick}>{ words.open_recipes }</button>
            </div>
        </section>
    }
}

fn more(ui: &Ui, course: &Course) -> Html {
    let words = ui.t().lessons;
    let progress = format!(
        "data:text/plain;charset=utf-8,{}",
        course.progress.print().replace('\n', "%0A").replace(' ', "%20")
    );
    let read = |name: &'static str,
                label: &'static str,
                to: fn(std::rc::Rc<str>) -> LessonAction| {
        let dispatch = ui.dispatch.clone();
        // What cannot be read is told like what says nothing.
        let on_read = Callback::from(move |(_, text): Read| {
            dispatch.emit(UiAction::Lesson(to(text.unwrap_or_default())));
        });
        let oninput =
            move |event: InputEvent| files::read_chosen(&event, MOST_BYTES, on_read.clone());
        html! {
            <label class="button home__file" data-action={name}>
                { label }<input class="hidden" type="file" accept=".lesson,.txt,text/plain" {oninput} />
            </label>
        }
    };
    html! {
        <section class="home__list">
            <h3>{ words.more }</h3>
            <div class="home__more">
                { Button::new("free-lab", UiAction::Lesson(LessonAction::Toggle), words.free_lab)
                    .hint(words.free_lab_hint).draw(ui) }
                { Button::new("glossary", UiAction::Glossary(GlossaryAction::Toggle), ui.t().on_glossary.title)
                    .hint(ui.t().on_glossary.intro).key("G").draw(ui) }
                { Button::new("teacher", UiAction::Class(ClassAction::ToggleTeacher), ui.t().on_class.teacher).draw(ui) }
                { read("open-lesson", words.open_file, LessonAction::Read) }
                <a class="button" data-action="export" download="zklab-progress.txt" href={progress}>{ words.export }</a>
                { read("import", words.import, LessonAction::Import) }
            </div>
        </section>
    }
}
