//! The feed: a sentence for everything worth one. A click goes to that moment.

use crate::components::buttons::Button;
use crate::components::ui::{Ui, use_ui};
use crate::explain::{Names, sentence};
use crate::i18n::seconds;
use crate::moment::Shared;
use crate::platform::pointer::{scroll_into_view, value_of};
use crate::state::feed::FeedFilter;
use crate::ui_action::UiAction;
use crate::ui_action::feed::FeedAction;
use yew::{
    Callback, Event, Html, InputEvent, Properties, classes, component, html, use_effect_with,
};
use zklab_core::lab::feed::FeedKind;
use zklab_core::lab::view::{FeedItem, FeedRow};
use zklab_core::sorted::Map;
use zklab_core::types::{Actor, ServerId};

/// Props of [`Feed`].
#[derive(PartialEq, Properties)]
pub struct FeedProps {
    /// The rows, oldest first: those before the cursor, and some after it.
    pub rows: Shared<[FeedRow]>,
    /// What is left out.
    pub filter: FeedFilter,
    /// All servers.
    pub servers: Vec<ServerId>,
    /// What clients are called.
    pub names: Shared<Names>,
    /// How many events have happened.
    pub index: u32,
}

/// The panel of the feed.
#[component]
pub fn Feed(props: &FeedProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let words = t.on_feed;
    // The last row that has happened is the current one.
    let now = props.rows.iter().rposition(|row| row.index < props.index);
    use_effect_with((props.index, now), |_| scroll_into_view("#feed [aria-current]"));
    let mut of_event: Map<u32, u32> = Map::new();
    let rows = props.rows.iter().enumerate().map(|(place, row)| {
        let nth = of_event.entry(row.index).and_modify(|nth| *nth += 1).or_insert(0);
        let key = format!("{}-{nth}", row.index);
        feed_row(&ui, key, row, &props.names, props.index, now == Some(place))
    });
    let more = Button::new("feed-more", UiAction::Feed(FeedAction::More), words.more);
    let has_more = now.is_some_and(|now| props.filter.most <= now + 1);
    let all = Button::new("feed-all", UiAction::Feed(FeedAction::All), words.all);
    html! {
        <section id="feed" class="panel panel--feed" role="tabpanel" tabindex="-1" aria-label={t.feed}>
            { tools(&ui, props) }
            <div class="feed__rows" data-scrolls="" tabindex="-1">
                if has_more { <div class="feed__more">{ more.draw(&ui) }</div> }
                if props.rows.is_empty() && props.filter.is_on() {
                    <div class="panel__empty">{ words.none }{ " " }{ all.draw(&ui) }</div>
                } else if props.rows.is_empty() {
                    <p class="panel__empty">{ t.feed_empty }</p>
                }
                <ol class="feed">{ for rows }</ol>
            </div>
        </section>
    }
}

/// The search, and what is left out.
fn tools(ui: &Ui, props: &FeedProps) -> Html {
    let t = ui.t();
    let words = t.on_feed;
    let filter = &props.filter;
    let dispatch = ui.dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(text) = value_of(&event) {
            dispatch.emit(UiAction::Feed(FeedAction::Search(text.into())));
        }
    });
    let clients = props.names.clients();
    let servers = props.servers.iter().map(|id| Actor::Server(*id));
    let actors: Vec<Actor> = servers.chain(clients.map(|(id, _)| Actor::Client(*id))).collect();
    let choices: Vec<Html> = actors
        .iter()
        .enumerate()
        .map(|(place, actor)| {
            html! {
                <option value={place.to_string()} selected={filter.only == Some(*actor)}>
                    { (t.actor)(&props.names, *actor) }
                </option>
            }
        })
        .collect();
    let dispatch = ui.dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let place = value_of(&event).and_then(|value| value.parse::<usize>().ok());
        let actor = place.and_then(|place| actors.get(place).copied());
        dispatch.emit(UiAction::Feed(FeedAction::Only(actor)));
    });
    let kinds = FeedKind::ALL.map(|kind| {
        let is_shown = !filter.hidden.contains(&kind);
        html! {
            <button type="button" class="chip" data-feed-kind={kind.name()}
                aria-pressed={is_shown.to_string()}
                onclick={ui.on(UiAction::Feed(FeedAction::Toggle(kind)))}>
                <span aria-hidden="true">{ if is_shown { "✓" } else { "–" } }</span>
                { (words.kind)(kind) }
            </button>
        }
    });
    html! {
        <div class="feed__tools">
            <input class="feed__search" type="search" data-feed-search="" aria-label={words.search}
                placeholder={words.search} value={filter.text.to_string()} autocomplete="off" {oninput} />
            <select class="select feed__actor" data-feed-actor="" aria-label={words.whose} {onchange}>
                <option value="" selected={filter.only.is_none()}>{ words.everybody }</option>
                { for choices }
            </select>
            <details class="feed__kinds" data-popover="">
                <summary class="button">
                    { if filter.hidden.is_empty() { words.kinds.to_owned() } else { (words.hidden)(filter.hidden.len()) } }
                </summary>
                <div class="feed__chips" role="group" aria-label={words.kinds}>{ for kinds }</div>
            </details>
        </div>
    }
}

fn feed_row(ui: &Ui, key: String, row: &FeedRow, names: &Names, index: u32, is_now: bool) -> Html {
    let sentence = sentence(row, names, ui.t());
    // The moment right after the event, when it can be seen.
    let after = row.index + 1;
    let now = is_now.then_some("feed__row--now");
    let ahead = (index <= row.index).then_some("feed__row--ahead");
    html! {
        <li {key}>
            <button type="button" class={classes!("feed__row", kind_class(&row.what), now, ahead)}
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
