//! The lines between servers, what is cut there, and where one can take hold of them.

use crate::components::geometry::Point;
use crate::components::scene::Scene;
use crate::components::stage_menu::Around;
use crate::ui_action::Selection;
use yew::{Html, classes, html};
use zklab_core::lab::view::View;
use zklab_core::types::Actor;

/// A faint line between any two servers; broken where the network is cut. `rover` is the one that
/// Tab leads to.
pub fn links(scene: &Scene, around: &Around, rover: Option<Selection>) -> Html {
    let view = around.view;
    let mut targets: Vec<(Selection, String)> = Vec::new();
    let mut whole = String::new();
    let mut cut = String::new();
    let group_of = |id| view.partition.iter().position(|group| group.contains(&id));
    let ids = scene.layout.ids();
    for (i, one) in ids.iter().enumerate() {
        for other in ids.iter().skip(i + 1) {
            let (Some(from), Some(to)) = (scene.layout.server(*one), scene.layout.server(*other))
            else {
                continue;
            };
            let path = format!("M{}L{}", from.path(), to.path());
            if group_of(*one) == group_of(*other) { &mut whole } else { &mut cut }.push_str(&path);
            targets.push((Selection::Link(Actor::Server(*one), Actor::Server(*other)), path));
        }
    }
    for placed in scene.clients.iter().filter(|placed| placed.is_drawn) {
        let Some(id) = placed.client.server else { continue };
        let Some(to) = scene.layout.server(id) else { continue };
        let path = format!("M{}L{}", placed.at.path(), to.path());
        let link = Selection::Link(Actor::Client(placed.client.id), Actor::Server(id));
        targets.push((link, path));
    }
    let first = targets.iter().find(|(link, _)| Some(*link) == rover).or(targets.first());
    let stop = first.map(|(link, _)| *link);
    let targets = targets.into_iter().map(|(link, d)| {
        let name = around.title(link).unwrap_or_default();
        let label =
            if is_cut(view, link) { format!("{name}, {}", around.t.on_stage.is_cut) } else { name };
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
            <g aria-hidden="true">{ for one_way_cuts(scene, view) }</g>
        </g>
    }
}

fn is_cut(view: &View, link: Selection) -> bool {
    let Selection::Link(one, other) = link else { return false };
    let group_of = |actor| match actor {
        Actor::Server(id) => view.partition.iter().position(|group| group.contains(&id)),
        Actor::Client(_) => None,
    };
    let is_client = |actor| matches!(actor, Actor::Client(_));
    let is_parted = !is_client(one) && !is_client(other) && group_of(one) != group_of(other);
    is_parted || [(one, other), (other, one)].iter().any(|way| view.network.cuts.contains(way))
}

/// A bar and an arrow's head on each direction that is cut: where packets die.
fn one_way_cuts(scene: &Scene, view: &View) -> Vec<Html> {
    let draw = view.network.cuts.iter().filter_map(|(from, to)| {
        let (from, to) = (scene.point_of(*from)?, scene.point_of(*to)?);
        let length = from.distance(to).max(1.0);
        let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
        // Packets keep right; so does what stops them.
        let at = from.towards(to, 0.42).shifted(-dy * 9.0, dx * 9.0);
        let tail = at.shifted(-dx * 26.0, -dy * 26.0);
        let sign = format!("M{}L{}", tail.path(), at.path());
        let bar: [Point; 2] = [at.shifted(-dy * 9.0, dx * 9.0), at.shifted(dy * 9.0, -dx * 9.0)];
        let bar = format!("M{}L{}", bar[0].path(), bar[1].path());
        Some(html! { <path class={classes!("links__one-way")} d={format!("{sign}{bar}")} /> })
    });
    draw.collect()
}
