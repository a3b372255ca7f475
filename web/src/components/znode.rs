//! One znode as every server has it: its data, Stat, ACL and watches.

use crate::components::term::named;
use crate::components::tree::{Column, Nodes, is_same, shown};
use crate::components::ui::{Ui, changed_mark, epoch_class};
use crate::explain::{MOST_OF_NAME, shortened};
use std::rc::Rc;
use yew::{Html, classes, html};
use zklab_core::image::DataNode;
use zklab_core::lab::view::{ClientView, WatchView};
use zklab_core::lab::zkcli;
use zklab_core::txn::{Path, WatchKind};

/// How much of the data is shown, in characters.
const DATA_SHOWN: usize = 400;

/// What zkCli calls the values that the servers ought to agree on.
const NAMES: [&str; 13] = [
    "data",
    "cZxid",
    "ctime",
    "mZxid",
    "mtime",
    "pZxid",
    "cversion",
    "dataVersion",
    "aclVersion",
    "ephemeralOwner",
    "dataLength",
    "numChildren",
    "ACL",
];

/// What the table shows.
pub struct Znode<'a> {
    /// Where.
    pub path: &'a Path,
    /// The servers.
    pub columns: &'a [Column<'a>],
    /// The leader's tree, if there is a leader.
    pub leader: Option<&'a Nodes>,
    /// All clients, for their names.
    pub clients: &'a [Rc<ClientView>],
}

/// The table of one znode: a column per server, a row per value.
pub fn znode(ui: &Ui, shown: &Znode<'_>) -> Html {
    let t = ui.t();
    let words = t.on_znodes;
    let path = shown.path;
    let of_leader = shown.leader.and_then(|nodes| nodes.get(path));
    let expected = of_leader.map(|node| values(node));
    // Per server: its values now and before.
    let columns: Vec<_> = shown
        .columns
        .iter()
        .map(|column| {
            let before = column.before.map(|nodes| nodes.get(path));
            let node = column.nodes.get(path);
            let is_changed = before.is_some_and(|before| !is_same(before, node));
            let compared = column.of_leader.is_some() && column.server.is_up;
            let before = before.flatten().filter(|_| is_changed).map(|node| values(node));
            (column, node.map(|node| values(node)), before, is_changed, compared)
        })
        .collect();
    let heads = columns.iter().map(|(column, ..)| {
        let server = column.server;
        html! { <th scope="col" class={epoch_class(server.current_epoch)}>{ server.id.to_string() }</th> }
    });
    let rows = NAMES.iter().enumerate().map(|(nth, name)| {
        let cells = columns.iter().map(|(column, now, before, is_changed, compared)| {
            let value = now.as_ref().map(|values| &values[nth]);
            let other = expected.as_ref().map(|values| &values[nth]);
            let differs = *compared && value != other;
            let is_changed = *is_changed
                && value.is_some()
                && value != before.as_ref().map(|values| &values[nth]);
            let text = match (value, column.server.is_up) {
                (Some(value), _) => value.clone(),
                (None, true) => words.absent.to_owned(),
                (None, false) => t.tree_down.to_owned(),
            };
            let class =
                classes!(differs.then_some("cell--differs"), value.is_none().then_some("dim"),);
            html! {
                <td {class} title={differs.then_some(t.differs)}>
                    { text }
                    if differs { <span class="cell__mark" aria-hidden="true">{ " ≠" }</span> }
                    if is_changed { { " " }{ changed_mark(ui) } }
                </td>
            }
        });
        html! { <tr data-value={*name}><th scope="row">{ named(ui, name) }</th>{ for cells }</tr> }
    });
    let watches = columns.iter().map(|(column, ..)| {
        let here = column.watches.iter().filter(|watch| watch.path == *path);
        let said: Vec<String> = here.map(|watch| told(watch, shown.clients)).collect();
        html! { <td>{ if said.is_empty() { "–".to_owned() } else { said.join(", ") } }</td> }
    });
    html! {
        <div class="trees__table">
            <table class="znode-table" aria-label={(words.of)(path)} data-znode-table={path.to_string()}>
                <thead><tr><td></td>{ for heads }</tr></thead>
                <tbody>
                    { for rows }
                    <tr data-value="watches"><th scope="row">{ words.watches }</th>{ for watches }</tr>
                </tbody>
            </table>
        </div>
    }
}

/// In the order of [`NAMES`].
fn values(node: &DataNode) -> [String; 13] {
    let stat = node.stat();
    let acl: Vec<String> = node.acl.iter().map(zkcli::acl_word).collect();
    [
        node.data.as_ref().map_or_else(|| "null".to_owned(), |data| shown(data, DATA_SHOWN)),
        stat.czxid.to_string(),
        crate::i18n::seconds(stat.ctime),
        stat.mzxid.to_string(),
        crate::i18n::seconds(stat.mtime),
        stat.pzxid.to_string(),
        stat.cversion.to_string(),
        stat.version.to_string(),
        stat.aversion.to_string(),
        stat.ephemeral_owner.to_string(),
        stat.data_length.to_string(),
        stat.num_children.to_string(),
        acl.join(","),
    ]
}

/// Whose watch, and of which kind.
fn told(watch: &WatchView, clients: &[Rc<ClientView>]) -> String {
    let client = clients.iter().find(|client| Some(client.id) == watch.client);
    let name = client
        .map_or_else(|| watch.session.to_string(), |client| shortened(&client.name, MOST_OF_NAME));
    let kind = match watch.kind {
        WatchKind::Data => "data",
        WatchKind::Exist => "exists",
        WatchKind::Child => "child",
        WatchKind::Persistent => "persistent",
        WatchKind::PersistentRecursive => "recursive",
    };
    format!("{name}: {kind}")
}
