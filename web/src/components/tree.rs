//! The tree of one server.

use crate::components::ui::{Ui, changed_mark, epoch_class};
use std::rc::Rc;
use yew::{Callback, Html, MouseEvent, classes, html};
use zklab_core::image::DataNode;
use zklab_core::lab::view::{ServerView, WatchView};
use zklab_core::sorted::LargeMap;
use zklab_core::txn::{Owner, Path};
use zklab_core::types::SessionId;

/// A name of so many bytes has room everywhere.
const SHORT_NAME: usize = 9;
/// Of a longer one so many letters at its end are always seen.
const LAST_LETTERS: usize = 4;
/// How much of a znode's data is shown in the tree, in characters.
const DATA_SHOWN: usize = 60;
/// Of more children than this, the first and the last ones are drawn, and how many are between them.
const MOST_CHILDREN: usize = 60;
const FIRST: usize = 24;
const LAST: usize = 8;

/// A tree by path.
pub type Nodes = LargeMap<Path, Rc<DataNode>>;

/// A column of the trees.
#[derive(Clone, Copy)]
pub struct Column<'a> {
    /// Whose.
    pub server: &'a ServerView,
    /// Its tree.
    pub nodes: &'a Nodes,
    /// Its watches.
    pub watches: &'a [WatchView],
    /// What to compare with, if anything.
    pub of_leader: Option<&'a Nodes>,
    /// Its tree before the last step, if that is known.
    pub before: Option<&'a Nodes>,
    /// The session whose ephemerals are marked.
    pub session: Option<SessionId>,
    /// The znode that is marked.
    pub marked: Option<&'a Path>,
    /// Whether all children are drawn, however many there are.
    pub is_unfolded: bool,
}

/// A row: a path, what this server has there, and whether the leader has something else.
struct Row<'a> {
    path: &'a Path,
    node: Option<&'a Rc<DataNode>>,
    differs: bool,
}

/// Draws the column. A znode that is chosen is told to `on_choose`.
/// `on_unfold` hears that all children are wanted.
pub fn tree(
    ui: &Ui,
    column: Column<'_>,
    on_choose: &Callback<Path>,
    on_unfold: &Callback<MouseEvent>,
) -> Html {
    let server = column.server;
    let head = match server.is_up {
        true => server.last_processed.to_string(),
        false => ui.t().tree_down.to_owned(),
    };
    // What is down has nothing to compare.
    let of_leader = column.of_leader.filter(|_| server.is_up);
    let (own, system): (Vec<Row>, Vec<Row>) =
        rows(column.nodes, of_leader).into_iter().partition(|row| !is_system(row.path));
    let rows: Vec<Row> = own.into_iter().chain(system).collect();
    let draw = folded(&rows, &column).into_iter().map(|drawn| match drawn {
        Drawn::Row(row) => match row.node {
            Some(node) => znode(ui, &column, row.path, node, row.differs, on_choose),
            None => missing(ui, row.path),
        },
        Drawn::Fold { parent, hidden, differs } => fold(ui, parent, hidden, differs, on_unfold),
    });
    let down = (!server.is_up).then_some("tree--down");
    html! {
        <div key={server.id.0} class={classes!("tree", down, epoch_class(server.current_epoch))}
            data-znodes={server.id.0.to_string()}>
            <h3 class="tree__head">
                <span class="tree__server">{ server.id.to_string() }</span>
                <span class="tree__zxid">{ head }</span>
            </h3>
            <ul class="tree__nodes">{ for draw }</ul>
        </div>
    }
}

/// Whether two servers have the same at a place.
pub fn is_same(one: Option<&Rc<DataNode>>, other: Option<&Rc<DataNode>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other) || one == other,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Walks once through both trees, which are in the order of their paths.
fn rows<'a>(nodes: &'a Nodes, of_leader: Option<&'a Nodes>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut others = of_leader.into_iter().flat_map(LargeMap::iter).peekable();
    for (path, node) in nodes.iter() {
        while let Some((path, _)) = others.next_if(|(other, _)| *other < path) {
            rows.push(Row { path, node: None, differs: true });
        }
        let other = others.next_if(|(other, _)| *other == path).map(|(_, node)| node);
        let differs = of_leader.is_some() && !is_same(Some(node), other);
        rows.push(Row { path, node: Some(node), differs });
    }
    rows.extend(others.map(|(path, _)| Row { path, node: None, differs: true }));
    rows
}

/// What is drawn: a row, or one for many children that are not drawn.
enum Drawn<'r, 'a> {
    Row(&'r Row<'a>),
    Fold { parent: &'a str, hidden: usize, differs: bool },
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Children that follow one another and have none themselves are folded if they are many.
fn folded<'r, 'a>(rows: &'r [Row<'a>], column: &Column<'_>) -> Vec<Drawn<'r, 'a>> {
    let mut drawn = Vec::new();
    for run in rows.chunk_by(|one, other| parent(one.path) == parent(other.path)) {
        if run.len() <= MOST_CHILDREN || column.is_unfolded {
            drawn.extend(run.iter().map(Drawn::Row));
            continue;
        }
        let (first, rest) = run.split_at(FIRST);
        let (middle, last) = rest.split_at(rest.len() - LAST);
        let (seen, hidden): (Vec<&Row>, Vec<&Row>) =
            middle.iter().partition(|row| column.marked == Some(row.path));
        let fold = Drawn::Fold {
            parent: parent(run[0].path),
            hidden: hidden.len(),
            differs: hidden.iter().any(|row| row.differs),
        };
        drawn.extend(first.iter().chain(seen).map(Drawn::Row));
        drawn.push(fold);
        drawn.extend(last.iter().map(Drawn::Row));
    }
    drawn
}

/// So many children that are not drawn; a click draws them.
fn fold(
    ui: &Ui,
    parent: &str,
    hidden: usize,
    differs: bool,
    on_unfold: &Callback<MouseEvent>,
) -> Html {
    let label = (ui.t().recipes.more)(hidden);
    let differs = differs.then_some("znode--differs");
    html! {
        <li key={format!("{parent} more")} class={classes!("znode", depth(&format!("{parent}/")), differs)}
            data-folded={hidden.to_string()}>
            <button type="button" class="znode__button znode__more" onclick={on_unfold.clone()}>
                { format!("… {label}") }
            </button>
        </li>
    }
}

/// ZooKeeper's own znodes come last and are dimmed.
fn is_system(path: &str) -> bool {
    path == "/zookeeper" || path.starts_with("/zookeeper/")
}

fn depth(path: &str) -> &'static str {
    const DEPTHS: [&str; 5] = ["depth--0", "depth--1", "depth--2", "depth--3", "depth--4"];
    let depth = if path == "/" { 0 } else { path.matches('/').count() };
    DEPTHS[depth.min(DEPTHS.len() - 1)]
}

fn name(path: &str) -> String {
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("/").to_owned()
}

/// A place where the leader has something.
fn missing(ui: &Ui, path: &Path) -> Html {
    html! {
        <li key={path.to_string()} class={classes!("znode", "znode--differs", "znode--missing", depth(path))}
            data-missing={path.to_string()} title={ui.t().on_znodes.missing}>
            <span class="znode__name">{ name(path) }</span>
            <span class="znode__data">{ ui.t().on_znodes.absent }</span>
        </li>
    }
}

fn znode(
    ui: &Ui,
    column: &Column<'_>,
    path: &Path,
    node: &Rc<DataNode>,
    differs: bool,
    on_choose: &Callback<Path>,
) -> Html {
    let t = ui.t();
    let kind = match node.owner {
        Owner::Session(_) => Some(("e", t.ephemeral)),
        Owner::Container => Some(("c", "container")),
        Owner::Ttl(_) => Some(("t", "TTL")),
        Owner::None => None,
    };
    let kind = kind.map(|(letter, word)| {
        html! { <abbr class="znode__kind" title={word}>{ letter }</abbr> }
    });
    let data = node.data.as_ref().filter(|data| !data.is_empty()).map(|data| {
        html! { <span class="znode__data">{ shown(data, DATA_SHOWN) }</span> }
    });
    let version = (node.version > 0).then(|| {
        html! { <span class="znode__version">{ format!("v{}", node.version) }</span> }
    });
    let is_owned = column.session.is_some_and(|session| node.owner == Owner::Session(session));
    let is_marked = column.marked == Some(path);
    let is_watched = column.watches.iter().any(|watch| watch.path == *path);
    let watched = is_watched.then(|| {
        html! { <abbr class="znode__kind" data-watched="" title={t.on_znodes.watches}>{ "w" }</abbr> }
    });
    let is_changed = column.before.is_some_and(|before| !is_same(before.get(path), Some(node)));
    let class = classes!(
        "znode",
        depth(path),
        differs.then_some("znode--differs"),
        is_system(path).then_some("znode--system"),
        is_owned.then_some("znode--owned"),
        is_marked.then_some("znode--marked"),
    );
    let onclick = {
        let path = path.clone();
        on_choose.reform(move |_: MouseEvent| path.clone())
    };
    html! {
        <li key={path.to_string()} {class} data-znode={path.to_string()}
            data-owned={is_owned.then_some("")} aria-current={is_marked.then_some("true")}
            title={differs.then_some(t.differs)}>
            <button type="button" class="znode__button" title={path.to_string()} {onclick}>
                { name_that_fits(&name(path)) }
                { for kind }{ for watched }{ for data }{ for version }
                { for is_changed.then(|| changed_mark(ui)) }
            </button>
        </li>
    }
}

/// A name; of a long one the middle goes if there is no room: numbers are told apart by their end.
fn name_that_fits(name: &str) -> Html {
    let end = name.char_indices().rev().nth(LAST_LETTERS - 1).map_or(0, |(at, _)| at);
    if name.len() <= SHORT_NAME {
        return html! { <span class="znode__name">{ name.to_owned() }</span> };
    }
    html! {
        <span class="znode__name znode__name--long">
            <span>{ name[..end].to_owned() }</span><span>{ name[end..].to_owned() }</span>
        </span>
    }
}

/// The beginning of what a znode holds, as text.
pub fn shown(data: &[u8], most: usize) -> String {
    // A character has four bytes at most.
    let start = &data[..data.len().min(4 * most)];
    let text = String::from_utf8_lossy(start);
    let mut short: String = text.chars().take(most).collect();
    if short.len() < text.len() || start.len() < data.len() {
        short.push('…');
    }
    short
}
