//! What is put in, counted or handed out: a queue, a counter, names.

use super::parts::{Around, MOST, name};
use yew::{Html, classes, html};
use zklab_core::lab::view::{Outcome, RecipeNodeView};
use zklab_core::recipe::{What, priority};
use zklab_core::types::ClientId;
use zklab_core::why::RecipeWhy;

/// Of what does not fit, how many are drawn at the end.
const BEHIND: usize = 2;
/// Outcomes that are told in words.
const TOLD: usize = 4;

/// The first ones, how many are not drawn, and the last ones.
fn ends<T>(all: &[T]) -> (&[T], usize, &[T]) {
    if all.len() <= MOST {
        return (all, 0, &[]);
    }
    let (first, rest) = all.split_at(MOST - BEHIND - 1);
    let (hidden, last) = rest.split_at(rest.len() - BEHIND);
    (first, hidden.len(), last)
}

/// Things side by side, the first one at the left.
fn belt<T>(around: &Around<'_>, all: &[T], thing: impl Fn(&T) -> Html) -> Html {
    let (first, hidden, last) = ends(all);
    html! {
        <ol class="belt" data-count={all.len().to_string()}>
            { for first.iter().map(&thing) }
            if 0 < hidden { <li key="more">{ around.more(hidden) }</li> }
            { for last.iter().map(&thing) }
        </ol>
    }
}

/// Clients of the last outcomes of a kind, the newest first, each once.
fn lately(around: &Around<'_>, is_it: fn(&RecipeWhy) -> bool) -> Vec<ClientId> {
    let mut clients: Vec<ClientId> = Vec::new();
    for outcome in around.recipe.lately.iter().rev().filter(|outcome| is_it(&outcome.why)) {
        if !clients.contains(&outcome.client) {
            clients.push(outcome.client);
        }
    }
    clients
}

/// The last outcomes of a kind in words, the newest first.
fn told(around: &Around<'_>, tell: impl Fn(&Outcome) -> Option<String>) -> Html {
    let told = around.recipe.lately.iter().rev();
    let told =
        told.filter_map(|outcome| Some((around.names.client(outcome.client), tell(outcome)?)));
    let told = told.take(TOLD).map(|(who, what)| {
        html! { <li data-told={who.clone()}><b>{ who }</b>{ " " }{ what }</li> }
    });
    html! { <ul class="told">{ for told }</ul> }
}

/// A queue: who takes, what is in it in the order in which it is taken, who has put something.
pub fn queue(around: &Around<'_>) -> Html {
    let t = around.t();
    let item = |node: &RecipeNodeView| {
        let priority = priority(name(&node.path)).filter(|priority| !priority.is_empty());
        html! {
            <li key={node.path.to_string()} class="thing__box" data-item={node.data.to_string()}
                data-priority={priority.map(str::to_owned)}>
                if let Some(priority) = priority {
                    <span class="thing__mark" title={t.priority}>{ priority.to_owned() }</span>
                }
                <b>{ node.data.to_string() }</b>
                { around.znode(&node.path, node.number) }
            </li>
        }
    };
    let takers = around.chips(around.asking(|what| *what == What::Take));
    let putting = around.asking(|what| matches!(what, What::Put { .. })).map(|it| it.client);
    let mut putters: Vec<ClientId> = putting.collect();
    putters.extend(lately(around, |why| matches!(why, RecipeWhy::Added { .. })));
    putters.dedup();
    let putters = putters.into_iter().take(3).map(|id| around.chip(id, "", false)).collect();
    let took = told(around, |outcome| {
        let is_it = matches!(outcome.why, RecipeWhy::Took { .. });
        is_it.then(|| (t.took)(outcome.answer.as_deref().unwrap_or_default()))
    });
    let nodes = &around.recipe.nodes;
    html! {
        <div data-drawing="queue" data-items={nodes.len().to_string()}>
            <div class="zones zones--row">
                { around.zone("takes", t.takes, takers) }
                <span class="flow" aria-hidden="true">{ "←" }</span>
                <div class="zone zone--belt">
                    <span class="zone__name">{ (t.inside_queue)(nodes.len()) }</span>
                    { belt(around, nodes, item) }
                </div>
                <span class="flow" aria-hidden="true">{ "←" }</span>
                { around.zone("puts", t.puts, putters) }
            </div>
            { took }
        </div>
    }
}

/// A shared counter: the number, and who counted to what.
pub fn counter(around: &Around<'_>) -> Html {
    let t = around.t();
    let recipe = around.recipe;
    let itself = recipe.itself.as_ref();
    let counting = around.chips(around.asking(|what| matches!(what, What::Count(_))));
    let counted = told(around, |outcome| {
        let RecipeWhy::Counted { value, .. } = &outcome.why else { return None };
        Some((t.counted)(*value))
    });
    let value =
        itself.map_or("–", |itself| if itself.text.is_empty() { "0" } else { &itself.text });
    html! {
        <div class="zones" data-drawing="counter" data-value={value.to_owned()}>
            <div class="zone zone--thing">
                <span class="zone__name">{ t.value }</span>
                <b class="thing thing--number">{ value.to_owned() }</b>
                if let Some(itself) = itself {
                    <span class="thing__about">{ format!("v{} ", itself.version) }{ around.znode(&recipe.path, None) }</span>
                }
            </div>
            <div class="zone zone--belt">
                <span class="zone__name">{ t.counted_lately }</span>
                { counted }
            </div>
            if !counting.is_empty() { { around.zone("counts", t.counts, counting) } }
        </div>
    }
}

/// Names: which were given to whom, and the number that the next one gets.
pub fn names(around: &Around<'_>) -> Html {
    let t = around.t();
    let recipe = around.recipe;
    let owner = |node: &RecipeNodeView| {
        let is_its = |outcome: &&std::rc::Rc<Outcome>| matches!(&outcome.why, RecipeWhy::Added { node: its } if *its == node.path);
        recipe.lately.iter().find(is_its).map(|outcome| outcome.client)
    };
    let nodes: Vec<Option<&RecipeNodeView>> = recipe.nodes.iter().map(Some).chain([None]).collect();
    let asking = around.chips(around.asking(|what| *what == What::Name));
    let next = recipe.itself.as_ref().map_or(0, |itself| itself.next);
    let thing = |node: &Option<&RecipeNodeView>| match node {
        Some(node) => {
            let given = owner(node);
            html! {
                <li key={node.path.to_string()} class="thing__box" data-name={name(&node.path).to_owned()}
                    data-given-to={given.map(|id| around.names.client(id))}>
                    { for given.map(|id| around.chip(id, "", false)) }
                    { around.znode(&node.path, node.number) }
                </li>
            }
        }
        None => html! {
            <li key="next" class={classes!("thing__box", "thing__box--next")} data-next={next.to_string()}>
                <span>{ t.next }</span><code>{ format!("…{next:03}") }</code>
            </li>
        },
    };
    html! {
        <div class="zones" data-drawing="names">
            <div class="zone zone--belt">
                <span class="zone__name">{ t.handed_out }</span>
                { belt(around, &nodes, thing) }
            </div>
            if !asking.is_empty() { { around.zone("asks", t.asks, asking) } }
        </div>
    }
}
