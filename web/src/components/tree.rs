//! The tree of one server.

use crate::components::ui::{Ui, epoch_class};
use yew::{Html, classes, html};
use zklab_core::lab::view::{ServerView, ZnodeView};
use zklab_core::txn::Owner;

/// A column of the trees. `of_leader` is what to compare with, if anything.
pub fn tree(
    ui: &Ui,
    server: &ServerView,
    nodes: &[ZnodeView],
    of_leader: Option<&[ZnodeView]>,
) -> Html {
    let head = match server.is_up {
        true => server.last_processed.to_string(),
        false => ui.t().tree_down.to_owned(),
    };
    let (own, system): (Vec<&ZnodeView>, Vec<&ZnodeView>) =
        nodes.iter().partition(|node| !is_system(&node.path));
    let differs = |node: &ZnodeView| of_leader.is_some_and(|others| !others.contains(node));
    let draw = own.into_iter().chain(system).map(|node| znode(ui, node, differs(node)));
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

/// ZooKeeper's own znodes come last and are dimmed.
fn is_system(path: &str) -> bool {
    path == "/zookeeper" || path.starts_with("/zookeeper/")
}

fn znode(ui: &Ui, node: &ZnodeView, differs: bool) -> Html {
    const DEPTHS: [&str; 5] = ["depth--0", "depth--1", "depth--2", "depth--3", "depth--4"];
    let t = ui.t();
    let depth = if &*node.path == "/" { 0 } else { node.path.matches('/').count() };
    let name = node.path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("/");
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
        html! { <span class="znode__data">{ data.to_string() }</span> }
    });
    let version = (node.stat.version > 0).then(|| {
        html! { <span class="znode__version">{ format!("v{}", node.stat.version) }</span> }
    });
    let class = classes!(
        "znode",
        DEPTHS[depth.min(DEPTHS.len() - 1)],
        differs.then_some("znode--differs"),
        is_system(&node.path).then_some("znode--system"),
    );
    html! {
        <li key={node.path.to_string()} {class} data-znode={node.path.to_string()}
            title={differs.then_some(t.differs)}>
            <span class="znode__name">{ name }</span>
            { for kind }{ for data }{ for version }
        </li>
    }
}
