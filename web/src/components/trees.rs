//! The trees: a column per server, so that what one has and another has not is seen.

use crate::components::tree::tree;
use crate::components::ui::use_ui;
use std::rc::Rc;
use yew::{Html, Properties, component, html};
use zklab_core::lab::view::{ServerView, ZnodeView};
use zklab_core::types::ServerId;

/// Props of [`Trees`].
#[derive(PartialEq, Properties)]
pub struct TreesProps {
    /// The servers.
    pub servers: Vec<Rc<ServerView>>,
    /// Who leads.
    pub leader: Option<ServerId>,
    /// The tree of each server.
    pub trees: Rc<[(ServerId, Rc<[ZnodeView]>)]>,
}

/// The panel of the trees.
#[component]
pub fn Trees(props: &TreesProps) -> Html {
    let ui = use_ui();
    let tree_of = |id: ServerId| {
        props.trees.iter().find(|(server, _)| *server == id).map(|(_, nodes)| &**nodes)
    };
    let of_leader = props.leader.and_then(tree_of);
    let columns = props.servers.iter().filter_map(|server| {
        let nodes = tree_of(server.id)?;
        // The leader's own differs in nothing.
        Some(tree(&ui, server, nodes, of_leader.filter(|_| props.leader != Some(server.id))))
    });
    html! {
        <section id="znodes" class="panel panel--znodes" role="tabpanel" tabindex="-1" aria-label={ui.t().znodes}>
            { for columns }
        </section>
    }
}
