//! Who is there and who sees it: a group or a registry, a configuration, the votes of a transaction.

use super::parts::{Around, MOST, name};
use yew::{Html, classes, html};
use zklab_core::lab::view::{MemberView, RecipeNodeView, Seen};
use zklab_core::recipe::What;
use zklab_core::types::ClientId;
use zklab_core::why::RecipeWhy;

/// More clients that look on than this are not drawn beside one another.
const MOST_BESIDE: usize = 4;

/// How often this client picked the instance of this name, and whether it was its last pick.
fn picks(around: &Around<'_>, id: ClientId, instance: &str) -> (usize, bool) {
    let picked = around.recipe.lately.iter().filter(|outcome| outcome.client == id);
    let picked = picked.filter_map(|outcome| {
        let RecipeWhy::Picked { node } = &outcome.why else { return None };
        Some(name(node))
    });
    let mut count = 0;
    let mut last = false;
    for one in picked {
        last = one == instance;
        count += usize::from(last);
    }
    (count, last)
}

/// A group or a service's registry: a row for each instance, a column for each client that looks on.
pub fn registry(around: &Around<'_>) -> Html {
    let t = around.t();
    let recipe = around.recipe;
    let watchers: Vec<&MemberView> = around.asking(|what| *what == What::Members).collect();
    let mut rows: Vec<(&str, Option<&RecipeNodeView>)> =
        recipe.nodes.iter().map(|node| (name(&node.path), Some(node))).collect();
    for seen in watchers.iter().filter_map(|member| member.seen.as_ref()) {
        let Seen::Members(members) = seen else { continue };
        for member in members.iter() {
            if !rows.iter().any(|(row, _)| *row == &**member) {
                rows.push((member, None));
            }
        }
    }
    let hidden = rows.len().saturating_sub(2 * MOST);
    let has_data = recipe.nodes.iter().any(|node| !node.data.is_empty());
    let beside = &watchers[..watchers.len().min(MOST_BESIDE)];
    let draw = rows.iter().take(2 * MOST).map(|(instance, node)| {
        let cells = beside.iter().map(|member| {
            let sees = matches!(&member.seen, Some(Seen::Members(seen)) if seen.iter().any(|one| **one == **instance));
            let (count, is_last) = picks(around, member.client, instance);
            let stale = sees != node.is_some();
            let word = match (sees, stale) {
                (true, true) => t.sees_gone,
                (true, false) => t.sees,
                (false, _) => t.sees_not,
            };
            html! {
                <td class={classes!("sees", stale.then_some("sees--stale"))} title={word}
                    data-by={around.names.client(member.client)} data-sees={sees.to_string()}
                    data-picks={count.to_string()} data-last={is_last.to_string()}>
                    <span aria-label={word} role="img">{ if sees { "✓" } else { "–" } }</span>
                    if 0 < count {
                        <span class={classes!("picks", is_last.then_some("picks--last"))}>{ (t.picked)(count) }</span>
                    }
                </td>
            }
        });
        let (data, client) = node.map_or(("", None), |node| (&*node.data, node.client));
        let path = format!("{}/{instance}", recipe.path).into();
        html! {
            <tr key={instance.to_string()} data-instance={instance.to_string()}
                data-live={node.is_some().to_string()}>
                <th scope="row">
                    if node.is_some() { { around.znode(&path, None) } }
                    else { <s>{ instance.to_string() }</s>{ " " }<small class="gone">{ t.gone }</small> }
                </th>
                if has_data { <td><code>{ data.to_owned() }</code></td> }
                <td>{ for client.map(|id| around.chip(id, "", false)) }</td>
                { for cells }
            </tr>
        }
    });
    html! {
        <div class="drawn__scroll" data-drawing="registry" data-live={recipe.nodes.len().to_string()}>
            <table class="drawn">
                <thead><tr>
                    <th scope="col">{ t.instance }</th>
                    if has_data { <th scope="col">{ t.holds_data }</th> }
                    <th scope="col">{ t.client }</th>
                    { for beside.iter().map(|member| html! {
                        <th scope="col">{ around.chip(member.client, "", !member.watches.is_empty()) }</th>
                    }) }
                </tr></thead>
                <tbody>{ for draw }</tbody>
            </table>
            if rows.is_empty() { <p class="recipe__note">{ t.nobody }</p> }
            if 0 < hidden { { around.more(hidden) } }
        </div>
    }
}

/// A configuration: what is written, and which version each subscriber sees.
pub fn configuration(around: &Around<'_>) -> Html {
    let t = around.t();
    let recipe = around.recipe;
    let written = recipe.itself.as_ref();
    let all: Vec<&MemberView> = around.asking(|what| *what == What::Subscribe).collect();
    let hidden = all.len().saturating_sub(2 * MOST);
    let rows = all.iter().take(2 * MOST).map(|member| {
        let (version, text) = match &member.seen {
            Some(Seen::Written { version, text }) => (Some(*version), &**text),
            Some(Seen::Nothing | Seen::Members(_)) | None => (None, ""),
        };
        let behind = match (written, version) {
            (Some(written), Some(version)) => i64::from(written.version) - i64::from(version),
            (Some(written), None) => i64::from(written.version) + 1,
            (None, Some(_)) => 1,
            (None, None) => 0,
        };
        let is_behind = behind != 0;
        let note = if is_behind { (t.behind)(behind) } else { t.current.to_owned() };
        html! {
            <tr key={member.client.0} data-subscriber={around.names.client(member.client)}
                data-sees={version.map(|version| version.to_string())} data-behind={behind.to_string()}>
                <th scope="row">{ around.chip(member.client, "", !member.watches.is_empty()) }</th>
                <td>{ version.map_or_else(|| t.nothing_yet.to_owned(), |version| format!("v{version}")) }</td>
                <td><code>{ text.to_owned() }</code></td>
                <td class={classes!("sees", is_behind.then_some("sees--stale"))}>
                    <span aria-hidden="true">{ if is_behind { "↻ " } else { "✓ " } }</span>{ note }
                </td>
            </tr>
        }
    });
    html! {
        <div class="zones zones--side" data-drawing="configuration"
            data-version={written.map(|written| written.version.to_string())}>
            <div class="zone zone--thing">
                <span class="zone__name">{ t.published }</span>
                if let Some(written) = written {
                    <b class="thing">{ written.text.to_string() }</b>
                    <span class="thing__about">{ format!("v{} ", written.version) }{ around.znode(&recipe.path, None) }</span>
                } else {
                    <span class="thing__about">{ t.nothing_yet }</span>
                }
            </div>
            <div class="drawn__scroll">
                <table class="drawn">
                    <thead><tr>
                        <th scope="col">{ t.subscriber }</th>
                        <th scope="col" colspan="3">{ t.sees }</th>
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
                if 0 < hidden { { around.more(hidden) } }
            </div>
        </div>
    }
}

/// A two-phase commit: the coordinator with the decision, and the vote of each site.
pub fn commit(around: &Around<'_>) -> Html {
    let t = around.t();
    let recipe = around.recipe;
    let lately = || recipe.lately.iter().rev();
    let decided = lately().find(|outcome| matches!(outcome.why, RecipeWhy::Decided { .. }));
    let asks = around.asking(|what| matches!(what, What::Commit(_))).next();
    let coordinator = asks.map(|member| member.client).or(decided.map(|outcome| outcome.client));
    let vote_of = |text: &str| match text {
        "commit" => ("commit", t.commit, "✓"),
        "abort" => ("abort", t.abort, "✗"),
        _open => ("none", t.undecided, "…"),
    };
    let decision = vote_of(recipe.itself.as_ref().map_or("", |itself| &itself.text));
    let badge = |(name, word, sign): (&'static str, &'static str, &'static str)| {
        html! { <b class={format!("vote vote--{name}")}><span aria-hidden="true">{ sign }{ " " }</span>{ word }</b> }
    };
    let rows = recipe.nodes.iter().take(2 * MOST).map(|node| {
        let site = name(&node.path);
        let votes_here = |what: &What| matches!(what, What::Vote { site: its, .. } if **its == *site);
        let voting = recipe.members.iter().find(|member| votes_here(&member.wanted.what));
        let voted = lately().find(|outcome| {
            matches!(outcome.why, RecipeWhy::Voted { .. }) && outcome.answer.as_deref() == Some(site)
        });
        let voter = voting.map(|member| member.client).or(voted.map(|outcome| outcome.client));
        let vote = vote_of(&node.data);
        let is_watched = !node.watched_by.is_empty();
        let watches = voting.is_some_and(|member| !member.watches.is_empty());
        html! {
            <tr key={site.to_owned()} data-site={site.to_owned()} data-vote={vote.0}
                data-voter={voter.map(|id| around.names.client(id))} data-watched={is_watched.to_string()}>
                <td class="wire__end">
                    if is_watched { <i class="mark mark--toward" title={around.ui.t().recipes.watches}></i> }
                </td>
                <th scope="row">{ around.znode(&node.path, None) }</th>
                <td>{ badge(vote) }</td>
                <td>{ for voter.map(|id| around.chip(id, "", watches)) }</td>
            </tr>
        }
    });
    html! {
        <div class="zones zones--side" data-drawing="two-phase-commit" data-decision={decision.0}>
            <div class="zone zone--thing">
                <span class="zone__name">{ t.coordinator }</span>
                <div class="zone__in">
                    { for coordinator.map(|id| around.chip(id, "", asks.is_some_and(|member| !member.watches.is_empty()))) }
                </div>
                { badge(decision) }
            </div>
            <div class="drawn__scroll">
                <table class="drawn">
                    <thead><tr>
                        <td></td><th scope="col">{ t.site }</th><th scope="col">{ t.vote }</th>
                        <th scope="col">{ t.client }</th>
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </div>
    }
}
