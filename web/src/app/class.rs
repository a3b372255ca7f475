//! The classroom on the page, and what the browser does for it.

use super::{App, Message};
use crate::components::classroom::{CodeSheet, black, embed_bar, hand_out, present_bar, teacher};
use crate::components::course::course_panel;
use crate::keymap::action_for;
use crate::platform::notes::{self, Notes, Said};
use crate::platform::{document, fetch};
use crate::state::class::{Layout, Sheet};
use crate::ui_action::class::ClassAction;
use crate::ui_action::{Panel, UiAction};
use std::rc::Rc;
use yew::{Callback, Context, Html, classes, html};

/// Sizes of type while presenting (`static/css/class.css`).
const LEVELS: u8 = 8;

/// Whether the address asks for the stage alone.
pub(super) fn is_embedded() -> bool {
    let place = document::fragment();
    place == "embed" || place.starts_with("embed,")
}

impl App {
    /// A page of the classroom.
    pub(super) fn sheet(&self, sheet: &Sheet) -> Html {
        match sheet {
            Sheet::Teacher => teacher(&self.ui, &self.state),
            Sheet::HandOut(paper) => hand_out(&self.ui, &self.state, paper.as_deref()),
        }
    }

    /// What is presented: the lesson, the stage, and the panel that the step is about.
    pub(super) fn present(&self) -> Html {
        let (ui, state) = (&self.ui, &self.state);
        let has_lesson = state.course.open.is_some().then_some("present--lesson");
        // The course is beside it anyway.
        let panel = state.presented_panel().filter(|panel| *panel != Panel::Course);
        let name = panel.map(|panel| format!("present--panel present--{}", panel.name()));
        html! {
            <>
                <main class={classes!("present", has_lesson, name)} data-present="">
                    { self.stage() }
                    if state.course.open.is_some() { { course_panel(ui, &state.course, &state.predict) } }
                    if let Some(panel) = panel { <div class="present__panel">{ self.panel(panel) }</div> }
                </main>
                { present_bar(ui, state) }
            </>
        }
    }

    /// The stage in somebody else's page.
    pub(super) fn embed(&self) -> Html {
        html! {
            <>
                <main class="embed" data-embed="">{ self.stage() }</main>
                { embed_bar(&self.ui, &self.state) }
            </>
        }
    }

    /// What covers everything.
    pub(super) fn over(&self) -> Html {
        let class = &self.state.class;
        html! {
            <>
                { for class.code.as_ref().map(|code| html! { <CodeSheet address={code.clone()} /> }) }
                if class.is_black { { black(&self.ui) } }
            </>
        }
    }

    /// Does what the classroom asks for.
    pub(super) fn do_class_chores(&mut self, ctx: &Context<Self>) {
        let chores = std::mem::take(&mut self.state.class.chores);
        if let Some(file) = chores.fetch {
            let address = format!("{file}.lesson");
            let fetched = ctx.link().callback(move |text: Option<String>| {
                let text = text.map(Rc::from);
                Message::Ui(UiAction::Class(ClassAction::Fetched(file.clone(), text)))
            });
            fetch::text(address, fetched);
        }
        if chores.print {
            document::print();
        }
        if self.state.class.layout != Layout::Present {
            self.notes = None;
        } else if self.notes.is_none() {
            let dispatch = self.ui.dispatch.clone();
            self.notes = Notes::open(Callback::from(move |said| {
                let action = match said {
                    Said::Hello => Some(UiAction::Class(ClassAction::TellNotes)),
                    Said::Pressed(key) => action_for(&key),
                };
                let _ = action.map(|action| dispatch.emit(action));
            }));
        }
        if chores.open_notes {
            notes::show();
        }
        self.tell_notes(chores.tell_notes);
        let is_lab = self.state.class.sheet.is_none();
        let layout = self.state.class.layout.name();
        document::set_layout(if is_lab { layout } else { Some("paper") });
    }

    /// Tells the speaker's notes what has changed; everything if they know nothing yet.
    pub(super) fn tell_notes(&mut self, knows_nothing: bool) {
        let sign = self.state.speaker_sign();
        self.is_to_fit |= knows_nothing || sign != self.told;
        if let Some(notes) = self.notes.as_ref().filter(|_| knows_nothing || sign != self.told) {
            notes.tell(&self.state.speaker_fields());
        }
        self.told = sign;
    }

    /// What is presented is as large as it can be without anything out of sight.
    pub(super) fn fit(&mut self) {
        if std::mem::take(&mut self.is_to_fit) && self.state.class.layout == Layout::Present {
            document::fit(".present .panel--course", LEVELS);
        }
    }
}
