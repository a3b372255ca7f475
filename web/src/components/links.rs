//! The lines between servers, what is cut there, and where one can take hold of them.

use crate::components::geometry::{Layout, Point};
use crate::components::scene::Placed;
use crate::components::ui::use_ui;
use crate::explain::Names;
use crate::moment::Shared;
use crate::ui_action::Selection;
use std::rc::Rc;
use yew::{Html, Properties, component, html};
use zklab_core::types::{Actor, ServerId};

/// Props of [`Links`].
#[derive(PartialEq, Properties)]
pub struct LinksProps {
    /// Where servers are.
    pub layout: Rc<Layout>,
    /// The clients.
    pub clients: Rc<[Placed]>,
    /// What they are called.
    pub names: Shared<Names>,
    /// The sides of the partition.
    pub partition: Vec<Vec<ServerId>>,
    /// Each direction that is cut, and where it begins and ends.
    pub cuts: Vec<Cut>,
    /// The link that Tab leads to, if it is still there; else the first.
    pub rover: Option<Selection>,
}

/// A direction that is cut.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cut {
    /// From whom to whom.
    pub way: (Actor, Actor),
    /// From where to where, if both are on the stage.
    pub points: Option<(Point, Point)>,
}

/// A faint line between any two servers; broken where the network is cut.
#[component]
pub fn Links(props: &LinksProps) -> Html {
    let ui = use_ui();
    let (t, layout) = (ui.t(), &props.layout);
    let mut targets: Vec<(Selection, String)> = Vec::new();
    let mut whole = String::new();
    let mut cut = String::new();
    let group_of = |id| props.partition.iter().position(|group| group.contains(&id));
    let ids = layout.ids();
    for (i, one) in ids.iter().enumerate() {
        for other in ids.iter().skip(i + 1) {
            let (Some(from), Some(to)) = (layout.server(*one), layout.server(*other)) else {
                continue;
            };
            let path = format!("M{}L{}", from.path(), to.path());
            if group_of(*one) == group_of(*other) { &mut whole } else { &mut cut }.push_str(&path);
            targets.push((Selection::Link(Actor::Server(*one), Actor::Server(*other)), path));
        }
    }
    for placed in props.clients.iter().filter(|placed| placed.is_drawn) {
        let Some(id) = placed.server else { continue };
        let Some(to) = layout.server(id) else { continue };
        let path = format!("M{}L{}", placed.at.path(), to.path());
        let link = Selection::Link(Actor::Client(placed.id), Actor::Server(id));
        targets.push((link, path));
    }
    let first = targets.iter().find(|(link, _)| Some(*link) == props.rover).or(targets.first());
    let stop = first.map(|(link, _)| *link);
    let targets = targets.into_iter().map(|(link, d)| {
        let Selection::Link(one, other) = link else { return html! {} };
        let name = |actor| (t.actor)(&props.names, actor);
        let name = (t.on_stage.link)(&name(one), &name(other));
        let label =
            if is_cut(props, one, other) { format!("{name}, {}", t.on_stage.is_cut) } else { name };
        let tabindex = if stop == Some(link) { "0" } else { "-1" };
        html! {
            <path key={link.key()} class="links__target" {d} role="button" {tabindex}
                aria-haspopup="menu" aria-label={label} data-focus={link.key()} />
        }
    });
    html! {
        <g class="links">
            <g aria-hidden="true">
                <path d={whole} />
                <path class="links--cut" d={cut} />
            </g>
            <g data-group="links">{ for targets }</g>
            <g aria-hidden="true">{ for props.cuts.iter().filter_map(one_way_cut) }</g>
        </g>
    }
}

fn is_cut(props: &LinksProps, one: Actor, other: Actor) -> bool {
    let group_of = |actor| match actor {
        Actor::Server(id) => props.partition.iter().position(|group| group.contains(&id)),
        Actor::Client(_) => None,
    };
    let is_client = |actor| matches!(actor, Actor::Client(_));
    let is_parted = !is_client(one) && !is_client(other) && group_of(one) != group_of(other);
    is_parted
        || [(one, other), (other, one)]
            .iter()
            .any(|way| props.cuts.iter().any(|cut| cut.way == *way))
}

/// A bar and an arrow's head on each direction that is cut: where packets die.
fn one_way_cut(cut: &Cut) -> Option<Html> {
    let (from, to) = cut.points?;
    let length = from.distance(to).max(1.0);
    let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    // Packets keep right; so does what stops them.
    let at = from.towards(to, 0.42).shifted(-dy * 9.0, dx * 9.0);
    let tail = at.shifted(-dx * 26.0, -dy * 26.0);
    let sign = format!("M{}L{}", tail.path(), at.path());
    let bar: [Point; 2] = [at.shifted(-dy * 9.0, dx * 9.0), at.shifted(dy * 9.0, -dx * 9.0)];
    let bar = format!("M{}L{}", bar[0].path(), bar[1].path());
    Some(html! { <path class="links__one-way" d={format!("{sign}{bar}")} /> })
}
