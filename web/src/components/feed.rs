//! The feed: a sentence for everything worth one. A click goes to that moment.

use crate::components::ui::{Ui, use_ui};
use crate::explain::{Names, sentence};
use crate::i18n::seconds;
use crate::moment::Shared;
use crate::platform::pointer::scroll_to_end;
use crate::ui_action::UiAction;
use yew::{Html, Properties, classes, component, html, use_effect_with, use_node_ref};
use zklab_core::lab::view::{FeedItem, FeedRow};
use zklab_core::sorted::Map;

/// Props of [`Feed`].
#[derive(PartialEq, Properties)]
pub struct FeedProps {
    /// The rows, oldest first.
    pub rows: Shared<[FeedRow]>,
    /// What clients are called.
    pub names: Shared<Names>,
    /// How many events have happened.
    pub index: u32,
}

/// The panel of the feed.
#[component]
pub fn Feed(props: &FeedProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let last = props.rows.last().map(|row| row.index);
    use_effect_with((last, props.rows.len(), node.clone()), |(_, _, node)| scroll_to_end(node));
    let mut of_event: Map<u32, u32> = Map::new();
    let rows = props.rows.iter().map(|row| {
        let nth = of_event.entry(row.index).and_modify(|nth| *nth += 1).or_insert(0);
        let key = format!("{}-{nth}", row.index);
        feed_row(&ui, key, row, &props.names, row.index + 1 == props.index)
    });
    html! {
        <section id="feed" class="panel panel--feed" ref={node} role="tabpanel" tabindex="-1" aria-label={ui.t().feed}>
            if props.rows.is_empty() {
                <p class="panel__empty">{ ui.t().feed_empty }</p>
            }
            <ol class="feed">{ for rows }</ol>
        </section>
    }
}

fn feed_row(ui: &Ui, key: String, row: &FeedRow, names: &Names, is_now: bool) -> Html {
    let sentence = sentence(row, names, ui.t());
    // The moment right after the event, when it can be seen.
    let after = row.index + 1;
    let now = is_now.then_some("feed__row--now");
    html! {
        <li {key}>
            <button type="button" class={classes!("feed__row", kind_class(&row.what), now)}
                data-event={after.to_string()} aria-current={is_now.then_some("true")}
                onclick={ui.on(UiAction::Seek(after))} ondblclick={ui.on(UiAction::Explain(row.index))}>
                <time>{ seconds(row.at) }</time>
                <span class="feed__kind" aria-hidden="true"></span>
                <span class="feed__text">
                    <span class="feed__what">{ sentence.what }</span>
                    if !sentence.why.is_empty() {
                        <span class="feed__why">{ ui.t().colon }{ sentence.why }</span>
                    }
                </span>
            </button>
        </li>
    }
}

fn kind_class(what: &FeedItem) -> &'static str {
    match what {
        FeedItem::Decision(_) => "feed__row--decision",
        FeedItem::Act(_) => "feed__row--act",
        FeedItem::StateChanged { .. } => "feed__row--state",
        FeedItem::Lost { .. } => "feed__row--lost",
        FeedItem::Violated(_) => "feed__row--violated",
    }
}
