//! The trees: a column per server, so that what one has and another has not is seen.

use crate::components::tree::Tree;
use crate::components::ui::use_ui;
use std::rc::Rc;
use yew::{Html, Properties, component, html};
use zklab_core::lab::view::{View, ZnodeView};
use zklab_core::types::ServerId;

/// Props of [`Trees`].
#[derive(PartialEq, Properties)]
pub struct TreesProps {
    /// The moment.
    pub view: Rc<View>,
    /// The tree of each server.
    pub trees: Rc<[(ServerId, Rc<[ZnodeView]>)]>,
}

/// The panel of the trees.
#[component]
pub fn Trees(props: &TreesProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    let leaders = props.trees.iter().find(|(id, _)| Some(*id) == view.leader);
    let of_leader = leaders.map(|(_, nodes)| nodes.clone());
    let columns = view.servers.iter().filter_map(|server| {
        let (_, nodes) = props.trees.iter().find(|(id, _)| *id == server.id)?;
        let of_leader = of_leader.clone().filter(|_| view.leader != Some(server.id));
        Some(html! {
            <Tree key={server.id.0} server={server.clone()} nodes={nodes.clone()} {of_leader} />
        })
    });
    html! {
        <section id="znodes" class="panel panel--znodes" tabindex="-1" aria-label={ui.t().znodes}>
            { for columns }
        </section>
    }
}
