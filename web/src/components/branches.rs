//! The branches: where each left another and how far it goes; and two of them compared.

use crate::components::buttons::Button;
use crate::components::ui::{Ui, epoch_class};
use crate::explain::{Names, sentence};
use crate::i18n::seconds;
use crate::moment::Shared;
use crate::platform::pointer::value_of;
use crate::ui_action::{TimeAction, UiAction};
use std::rc::Rc;
use yew::{Callback, Event, Html, classes, html};
use zklab_core::lab::BranchView;
use zklab_core::lab::compare::{Comparison, Differing, Side, TreePair};
use zklab_core::lab::view::{FeedItem, FeedRow, ZnodeView};
use zklab_core::types::Actor;

/// The most transactions of a branch alone that are written out.
const MOST_ZXIDS: usize = 6;

/// What a branch is called.
pub fn branch_name(ui: &Ui, all: &[BranchView], number: u32) -> String {
    let branch = all.iter().find(|branch| branch.head.number == number);
    let name = branch.and_then(|branch| branch.head.name.as_deref());
    name.map_or_else(|| (ui.t().time.branch)(number), str::to_owned)
}

/// The panel.
pub fn branches_panel(
    ui: &Ui,
    all: &Shared<[BranchView]>,
    comparison: Option<&Rc<Comparison>>,
    names: &Names,
    forgotten: u32,
) -> Html {
    let t = ui.t().time;
    let fork = Button::new("fork", UiAction::Time(TimeAction::Fork), t.fork);
    let small = |name, action, label| Button::new(name, UiAction::Time(action), label).draw(ui);
    let rows = all.iter().map(|branch| row(ui, all, branch, names));
    html! {
        <section id="branches" class="panel panel--branches" role="tabpanel" tabindex="-1"
            aria-label={t.branches}>
            <div class="branches__tools">
                { fork.hint(t.fork_hint).key("F").draw(ui) }
                { small("undo-action", TimeAction::Undo, t.undo) }
                { small("redo-action", TimeAction::Redo, t.redo) }
            </div>
            { for comparison.map(|found| compared(ui, all, found, names)) }
            <ul class="branches__list">{ for rows }</ul>
            if all.len() == 1 { <p class="branches__hint">{ t.hint }</p> }
            if 0 < forgotten {
                <p class="branches__hint" data-forgotten={forgotten.to_string()}>
                    { (t.forgotten)(forgotten) }
                </p>
            }
        </section>
    }
}

fn row(ui: &Ui, all: &[BranchView], branch: &BranchView, names: &Names) -> Html {
    let t = ui.t().time;
    let number = branch.head.number;
    let dispatch = ui.dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let name = value_of(&event).unwrap_or_default();
        dispatch.emit(UiAction::Time(TimeAction::Rename(number, name.into())));
    });
    let act = |name, action, label: &'static str| {
        Button::new(name, UiAction::Time(action), label).hint(format!(
            "{label}{}{}",
            ui.t().colon,
            branch_name(ui, all, number)
        ))
    };
    let left = branch.head.parting.map_or_else(
        || t.first.to_owned(),
        |parting| (t.left)(&branch_name(ui, all, parting.from), parting.at),
    );
    let first = branch.first.as_ref().map(|action| (ui.t().act)(names, action).what);
    let shown = branch.head.name.as_deref().unwrap_or_default().to_owned();
    html! {
        <li key={number} class={classes!("branch", branch.is_current.then_some("branch--current"))}
            data-branch={number.to_string()} data-current={branch.is_current.to_string()}>
            <input class="branch__name" aria-label={t.name} maxlength="60" value={shown}
                placeholder={(t.branch)(number)} {onchange} />
            <p class="branch__facts">
                { left }{ " · " }{ (t.reach)(branch.end, branch.actions) }
                if let Some(first) = first { { " · " }<em>{ first }</em> }
            </p>
            <div class="branch__tools">
                if branch.is_current {
                    <span class="branch__current">{ t.current }</span>
                } else {
                    { act("switch-branch", TimeAction::Switch(number), t.switch).draw(ui) }
                    { act("compare-branch", TimeAction::Compare(Some(number)), t.compare).draw(ui) }
                }
                if 1 < all.len() {
                    { act("delete-branch", TimeAction::Delete(number), t.delete).draw(ui) }
                }
            </div>
        </li>
    }
}

fn compared(ui: &Ui, all: &[BranchView], found: &Comparison, names: &Names) -> Html {
    let (t, page) = (ui.t().time, ui.t());
    let [one, other] = [0, 1]
        .map(|n: usize| branch_name(ui, all, found.sides.get(n).map_or(0, |side| side.number)));
    let close = Button::new("compare-end", UiAction::Time(TimeAction::Compare(None)), page.close);
    let pair = |label: &str, name: &'static str, draw: &dyn Fn(&Side) -> Html| {
        let [a, b] = &found.sides;
        let (a, b) = (draw(a), draw(b));
        html! {
            <tr data-compare={name} data-same={(a == b).to_string()}>
                <th scope="row">{ label.to_owned() }</th><td>{ a }</td><td>{ b }</td>
            </tr>
        }
    };
    let [first, second] = found.first.each_ref().map(|first| differing(ui, first.as_ref(), names));
    html! {
        <div class="compare" data-comparison="" data-shared={found.shared.to_string()}>
            <div class="compare__head">
                <h3>{ (t.comparing)(&one, &other) }</h3>
                { close.hint(t.close).draw(ui) }
            </div>
            <p class="branches__hint">{ (t.shared)(found.shared, found.at) }</p>
            <table class="compare__table">
                <thead><tr><td></td><th scope="col">{ &one }</th><th scope="col">{ &other }</th></tr></thead>
                <tbody>
                    <tr data-compare="first">
                        <th scope="row">{ t.differs_first }</th><td>{ first }</td><td>{ second }</td>
                    </tr>
                    { pair(t.end, "end", &|side| html! { seconds(side.end) }) }
                    { pair(page.leader, "leader", &|side| html! {
                        side.leader.map_or_else(|| page.none.to_owned(), |id| id.to_string())
                    }) }
                    { pair(page.epoch, "epoch", &|side| html! {
                        <><span class={classes!("dot", epoch_class(side.epoch))}></span>{ side.epoch }</>
                    }) }
                    { pair(page.committed, "committed", &|side| html! {
                        <code>{ side.committed.to_string() }</code>
                    }) }
                    { pair(t.only_here, "only", &|side| only(ui, side)) }
                    { for found.trees.iter().map(|pair| trees(ui, pair)) }
                </tbody>
            </table>
        </div>
    }
}

/// The event with which a branch goes its own way, as the feed tells it.
fn differing(ui: &Ui, first: Option<&Differing>, names: &Names) -> Html {
    let t = ui.t();
    let Some(first) = first else { return html! { <span class="dim">{ t.time.ends_here }</span> } };
    let row = first.rows.first().cloned().or_else(|| {
        use zklab_core::lab::view::EventWhat;
        let what = match &first.event.what {
            EventWhat::Act(action) => FeedItem::Act((**action).clone()),
            EventWhat::Packet { .. }
            | EventWhat::Timer
            | EventWhat::Written
            | EventWhat::WriteFailed => return None,
        };
        Some(FeedRow { index: first.event.index, at: first.event.at, actor: None, what })
    });
    let said = match (row, &first.event.what) {
        (Some(row), _) => sentence(&row, names, t).what,
        (None, zklab_core::lab::view::EventWhat::Packet { from, to, label, is_lost, .. }) => {
            let called = |actor: Actor| (t.actor)(names, actor);
            let label = if label.is_empty() { t.connection_packet } else { label };
            (t.delivered)(&called(*from), &called(*to), label, *is_lost)
        }
        (None, _) => t.time.other_event.to_owned(),
    };
    html! { <>{ seconds(first.event.at) }{ " · " }{ said }</> }
}

fn only(ui: &Ui, side: &Side) -> Html {
    let shown = side.only.iter().take(MOST_ZXIDS);
    let left = side.only_count - shown.len();
    html! {
        <>
            if side.only.is_empty() { <span class="dim">{ "–" }</span> }
            { for shown.map(|zxid| html! { <code class="compare__zxid">{ zxid.to_string() }</code> }) }
            if 0 < left { <span class="dim">{ (ui.t().time.more)(left) }</span> }
        </>
    }
}

fn trees(ui: &Ui, pair: &TreePair) -> Html {
    let t = ui.t().time;
    let server = pair.server.to_string();
    let left = pair.differing_count - pair.differing.len();
    let head = |n: usize| match pair.is_down.get(n) {
        Some(true) => t.no_tree,
        Some(false) | None if pair.is_down == [false, false] && pair.differing.is_empty() => {
            t.same_tree
        }
        Some(false) | None => "",
    };
    let paths = pair.differing.iter().map(|differing| {
        let [one, other] = differing.nodes.each_ref().map(|node| znode(ui, node.as_ref()));
        html! {
            <tr class="compare__path" data-path={differing.path.to_string()}>
                <th scope="row"><code>{ differing.path.to_string() }</code></th>
                <td>{ one }</td><td>{ other }</td>
            </tr>
        }
    });
    html! {
        <>
            <tr class="compare__tree" data-tree={pair.server.0.to_string()}
                data-differing={pair.differing_count.to_string()}>
                <th scope="row">{ (t.tree_of)(&server, pair.same) }</th>
                <td class="dim">{ head(0) }</td><td class="dim">{ head(1) }</td>
            </tr>
            { for paths }
            if 0 < left { <tr><td></td><td colspan="2" class="dim">{ (t.more)(left) }</td></tr> }
        </>
    }
}

fn znode(ui: &Ui, node: Option<&ZnodeView>) -> Html {
    let Some(node) = node else { return html! { <span class="dim">{ ui.t().time.absent }</span> } };
    let data = node.data.as_deref().map_or("null", |data| data);
    let short: String = data.chars().take(60).collect();
    let stat = &node.stat;
    html! {
        <><code>{ short }</code>
        <span class="dim">{ format!(" v{} c{} {}", stat.version, stat.cversion, stat.mzxid) }</span></>
    }
}
