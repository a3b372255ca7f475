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
    use_mut_ref,
};
use zklab_core::lab::feed::FeedKind;
use zklab_core::lab::view::{FeedItem, FeedRow};
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
    let elements = use_mut_ref(Elements::default).borrow_mut().of(&props.rows);
    let rows = props.rows.iter().zip(elements).enumerate().map(|(place, (row, element))| {
        feed_row(&ui, element, row, &props.names, props.index, now == Some(place))
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

/// Which element is whose: a row that stays keeps its element, one that comes gets that of one that has
/// gone. To make new ones, while it plays fast, would take most of a frame.
#[derive(Default)]
struct Elements {
    /// Each row's event, which of its rows it is, and the number of its element; in this order.
    rows: Vec<((u32, u32), usize)>,
    /// Those of rows that have gone.
    free: Vec<usize>,
}

impl Elements {
    /// The numbers of the elements of these rows.
    fn of(&mut self, rows: &[FeedRow]) -> Vec<usize> {
        let mut fresh = self.rows.len() + self.free.len()..;
        let mut next: Vec<((u32, u32), usize)> = Vec::with_capacity(rows.len());
        for row in rows {
            let nth = match next.last() {
                Some(((index, nth), _)) if *index == row.index => nth + 1,
                Some(_) | None => 0,
            };
            next.push(((row.index, nth), usize::MAX));
        }
        for (row, element) in &self.rows {
            match next.binary_search_by_key(row, |(row, _)| *row) {
                Ok(place) => next[place].1 = *element,
                Err(_) => self.free.push(*element),
            }
        }
        for (_, element) in next.iter_mut().filter(|(_, element)| *element == usize::MAX) {
            *element = self.free.pop().or_else(|| fresh.next()).unwrap_or_default();
        }
        self.rows = next;
        self.rows.iter().map(|(_, element)| *element).collect()
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

fn feed_row(ui: &Ui, key: usize, row: &FeedRow, names: &Names, index: u32, is_now: bool) -> Html {
    let sentence = sentence(row, names, ui.t());
    let colon = if sentence.why.is_empty() { "" } else { ui.t().colon };
    let why = format!("{colon}{}", sentence.why);
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
                    <span class="feed__why">{ why }</span>
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

#[cfg(test)]
mod tests {
    use super::*;
    use zklab_core::types::Time;

    fn rows(events: &[u32]) -> Vec<FeedRow> {
        let what = || FeedItem::Act(zklab_core::sim::action::Action::Heal);
        let row =
            |index: &u32| FeedRow { index: *index, at: Time::ZERO, actor: None, what: what() };
        events.iter().map(row).collect()
    }

    #[test]
    fn rows_that_stay_keep_their_elements_and_others_get_what_is_free() {
        let mut elements = Elements::default();
        assert_eq!(elements.of(&rows(&[3, 4, 4, 7])), [0, 1, 2, 3]);
        assert_eq!(elements.of(&rows(&[4, 4, 7, 9])), [1, 2, 3, 0]);
        assert_eq!(elements.of(&rows(&[4, 4])), [1, 2]);
        let mut all = elements.of(&rows(&[1, 4, 4, 8, 9]));
        assert_eq!(all[1..3], [1, 2]);
        all.sort();
        assert_eq!(all, [0, 1, 2, 3, 4]);
        assert!(elements.of(&[]).is_empty());
    }
}
