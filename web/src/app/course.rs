//! What the browser does for the course: files, what is kept, the address.

use super::{App, Message};
use crate::course::Progress;
use crate::platform::{document, fetch, pointer, storage};
use crate::ui_action::glossary::GlossaryAction;
use crate::ui_action::lesson::LessonAction;
use crate::ui_action::{Panel, UiAction};
use yew::Context;

/// What is new in a step: what came of it, or a hint.
const NEWS: &str = ".lesson__ask [role=status], .lesson__goal [role=status], .lesson__hint";

/// Where the glossary is.
const GLOSSARY: &str = "glossary/terms.txt";

/// What a change of the address asks for.
pub(super) fn address(fragment: String) -> UiAction {
    UiAction::Lesson(LessonAction::Address(fragment.into()))
}

impl App {
    /// What was kept comes back, and what the address names is opened.
    pub(super) fn begin_course(&mut self) {
        let course = &mut self.state.course;
        course.progress = Progress::parse(&storage::progress().unwrap_or_default());
        course.kept = storage::aside();
        if self.state.prefs.shows_course {
            self.state.want_index();
        }
        if self.state.prefs.shows_course && self.state.notice.is_none() {
            // On a phone this is what is seen first.
            self.state.panels.sheet = Panel::Course;
        }
        self.state.apply(address(document::fragment()));
    }

    /// Does what the course asks for.
    pub(super) fn do_course_chores(&mut self, ctx: &Context<Self>) {
        if std::mem::take(&mut self.state.glossary.is_wanted) {
            let fetched = ctx.link().callback(|text: Option<String>| {
                let fetched = GlossaryAction::Fetched(text.map(Into::into));
                Message::Ui(UiAction::Glossary(fetched))
            });
            fetch::text(GLOSSARY.to_owned(), fetched);
        }
        self.ui.glossary = self.state.glossary.terms.clone();
        let chores = std::mem::take(&mut self.state.course.chores);
        if let Some(file) = chores.fetch {
            let address = file.to_string();
            let fetched = ctx.link().callback(move |text: Option<String>| {
                let text = text.map(Into::into);
                Message::Ui(UiAction::Lesson(LessonAction::Fetched(file.clone(), text)))
            });
            fetch::text(address, fetched);
        }
        if chores.keep {
            storage::save_progress(&self.state.course.progress.print());
        }
        if let Some(work) = chores.aside {
            storage::save_aside(&work);
        }
        if let Some(address) = chores.address {
            document::set_fragment(&address);
        }
        if chores.to_top {
            pointer::scroll_to_top("[data-course]");
        }
        if chores.to_news {
            pointer::scroll_into_view_soon(NEWS);
        }
    }
}
