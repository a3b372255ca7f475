//! The course: all lessons, or the one that is open.

mod home;
mod lesson;
mod task;
pub mod text;

use crate::components::ui::Ui;
use crate::course::Course;
use crate::state::Predict;
use yew::{Html, html};

/// The panel of the course.
pub fn course_panel(ui: &Ui, course: &Course, predict: &Predict) -> Html {
    let content = match &course.open {
        Some(open) => lesson::lesson(ui, open),
        None => home::home(ui, course, predict),
    };
    let trouble = course.trouble.as_ref().map(|text| {
        html! { <p class="course__trouble" role="alert">{ text.to_string() }</p> }
    });
    html! {
        <section class="panel panel--course" id="course" tabindex="-1" data-course="" data-scrolls=""
            aria-label={ui.t().lessons.course}>
            { for trouble }
            { content }
        </section>
    }
}
