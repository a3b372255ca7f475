//! The tree of one server.

use crate::components::ui::{epoch_class, use_ui};
use std::rc::Rc;
use yew::{AttrValue, Html, Properties, classes, component, html};
use zklab_core::lab::view::{ServerView, ZnodeView};
use zklab_core::txn::Owner;

/// Props of [`Tree`].
#[derive(PartialEq, Properties)]
pub struct TreeProps {
    /// Whose tree.
    pub server: Rc<ServerView>,
    /// Its znodes, in order of path.
    pub nodes: Rc<[ZnodeView]>,
    /// The leader's, to compare with; `None` for the leader itself.
    pub of_leader: Option<Rc<[ZnodeView]>>,
}

/// A column of the trees.
#[component]
pub fn Tree(props: &TreeProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let server = &props.server;
    let head =
        if server.is_up { server.last_processed.to_string() } else { t.tree_down.to_owned() };
    let (own, system): (Vec<&ZnodeView>, Vec<&ZnodeView>) =
        props.nodes.iter().partition(|node| !is_system(&node.path));
    let differs = |node: &ZnodeView| {
        let others = props.of_leader.as_ref();
        others.is_some_and(|others| !others.iter().any(|other| other == node))
    };
    let draw = own.into_iter().chain(system).map(|node| {
        html! { <Znode key={node.path.to_string()} node={node.clone()} differs={differs(node)} /> }
    });
    let class = classes!(
        "tree",
        (!server.is_up).then_some("tree--down"),
        epoch_class(server.current_epoch)
    );
    html! {
        <div {class} data-znodes={server.id.0.to_string()}>
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

#[derive(PartialEq, Properties)]
struct ZnodeProps {
    node: ZnodeView,
    differs: bool,
}

#[component]
fn Znode(props: &ZnodeProps) -> Html {
    const DEPTHS: [&str; 5] = ["depth--0", "depth--1", "depth--2", "depth--3", "depth--4"];
    let ui = use_ui();
    let t = ui.t();
    let node = &props.node;
    let depth = if &*node.path == "/" { 0 } else { node.path.matches('/').count() };
    let name = match node.path.rsplit_once('/') {
        Some((_, name)) if !name.is_empty() => name.to_owned(),
        _root => "/".to_owned(),
    };
    let kind = match node.owner {
        Owner::Session(_) => Some(("e", t.ephemeral)),
        Owner::Container => Some(("c", "container")),
        Owner::Ttl(_) => Some(("t", "TTL")),
        Owner::None => None,
    };
    let differs = props.differs.then_some(AttrValue::from(t.differs));
    let class = classes!(
        "znode",
        DEPTHS[depth.min(DEPTHS.len() - 1)],
        props.differs.then_some("znode--differs"),
        is_system(&node.path).then_some("znode--system"),
    );
    html! {
        <li {class} data-znode={node.path.to_string()} title={differs}>
            <span class="znode__name">{ name }</span>
            if let Some((letter, word)) = kind {
                <abbr class="znode__kind" title={word}>{ letter }</abbr>
            }
            if let Some(data) = node.data.as_ref().filter(|data| !data.is_empty()) {
                <span class="znode__data">{ data.to_string() }</span>
            }
            if node.stat.version > 0 {
                <span class="znode__version">{ format!("v{}", node.stat.version) }</span>
            }
        </li>
    }
}
