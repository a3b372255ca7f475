//! The reason of a decision, and what caused it, back to its beginning.

use crate::components::term::{marked, terms_of};
use crate::components::ui::Ui;
use crate::explain::{Names, sentence};
use crate::i18n::seconds;
use crate::ui_action::UiAction;
use yew::{Html, html};
use zklab_core::lab::view::{EventView, EventWhat, FeedRow};

/// A decision, and its chain of causes: each event with what it led to, the latest first.
#[derive(Clone, PartialEq, Debug)]
pub struct Explained {
    /// The decision.
    pub row: FeedRow,
    /// The event in which it was taken, what caused that, and so on.
    pub causes: Vec<(EventView, Vec<FeedRow>)>,
}

/// The panel of the reason.
pub fn why_panel(ui: &Ui, explained: Option<&Explained>, names: &Names) -> Html {
    let t = ui.t();
    let content = match explained {
        None => html! { <p class="panel__empty">{ t.nothing_yet }</p> },
        Some(explained) => {
            let said = sentence(&explained.row, names, t);
            let mut seen = Vec::new();
            let causes = explained.causes.iter().map(|(event, rows)| cause(ui, event, rows, names));
            html! {
                <div class="detail">
                    <h2 class="detail__name">{ marked(ui, &said.what, &mut seen) }</h2>
                    if !said.why.is_empty() {
                        <p class="why__facts">{ marked(ui, &said.why, &mut seen) }</p>
                    }
                    <h3>{ t.causes }</h3>
                    <ol class="why__chain">{ for causes }</ol>
                </div>
            }
        }
    };
    html! {
        <section id="why" class="panel panel--why" role="tabpanel" tabindex="-1"
            aria-label={t.why_tab}>{ content }</section>
    }
}

fn cause(ui: &Ui, event: &EventView, rows: &[FeedRow], names: &Names) -> Html {
    let t = ui.t();
    let what = match &event.what {
        EventWhat::Packet { from, to, label, is_lost, .. } => {
            let label = if label.is_empty() { t.connection_packet } else { label };
            (t.delivered)(&(t.actor)(names, *from), &(t.actor)(names, *to), label, *is_lost)
        }
        EventWhat::Timer => {
            (t.timer_fired)(&event.actor.map(|actor| (t.actor)(names, actor)).unwrap_or_default())
        }
        EventWhat::Written => {
            (t.written)(&event.actor.map(|actor| (t.actor)(names, actor)).unwrap_or_default())
        }
        EventWhat::WriteFailed => {
            (t.write_failed)(&event.actor.map(|actor| (t.actor)(names, actor)).unwrap_or_default())
        }
        EventWhat::Act(action) => (t.act)(names, action).what,
    };
    let rows = rows
        .iter()
        .map(|row| html! { <li>{ terms_of(ui, &sentence(row, names, t).text(t)) }</li> });
    let is_act = matches!(event.what, EventWhat::Act(_));
    html! {
        <li key={event.index}>
            <button type="button" class="row" data-cause={event.index.to_string()}
                onclick={ui.on(UiAction::Seek(event.index + 1))}>
                <time class="row__time">{ seconds(event.at) }</time>
                <span class="row__name">{ what }</span>
            </button>
            if !is_act { <ul class="why__rows">{ for rows }</ul> }
        </li>
    }
}
