//! A partition, drawn as a wall between the sides.

use crate::components::geometry::{Layout, Point, RADIUS, tenths};
use yew::{Html, html};
use zklab_core::types::ServerId;

/// How far beyond the servers the wall goes, in radii of the ring.
const REACH: f64 = 1.7;
/// How far from its servers a wall around scattered ones goes.
const PADDING: f64 = RADIUS + 17.0;

/// The wall between these groups, and what it is called.
pub fn wall(layout: &Layout, groups: &[Vec<ServerId>], name: &'static str) -> Html {
    let paths = paths(layout, groups);
    html! {
        <g class="wall">
            <title>{ name }</title>
            { for paths.into_iter().map(|d| html! { <path {d} /> }) }
        </g>
    }
}

/// The paths of the wall between these groups.
fn paths(layout: &Layout, groups: &[Vec<ServerId>]) -> Vec<String> {
    if groups.len() < 2 {
        return Vec::new();
    }
    let group_of = |id: ServerId| groups.iter().position(|group| group.contains(&id));
    let ids = layout.ids();
    let next = |place: usize| (place + 1) % ids.len();
    let gaps: Vec<usize> =
        (0..ids.len()).filter(|&i| group_of(ids[i]) != group_of(ids[next(i)])).collect();
    let gap_turns = |place: usize| {
        let half_step = 0.5 / ids.len() as f64;
        layout.turns_of(ids[place]).unwrap_or_default() + half_step
    };
    match gaps.as_slice() {
        [] => Vec::new(),
        [one, other] => vec![curve(layout, gap_turns(*one), gap_turns(*other))],
        several if several.len() == groups.len() => several
            .iter()
            .map(|gap| {
                let end = layout.at_turns(gap_turns(*gap), REACH);
                format!("M{}L{}", layout.center().path(), end.path())
            })
            .collect(),
        // A group that is scattered over the ring: walls around all groups but the largest.
        _scattered => {
            let largest = groups.iter().map(Vec::len).max().unwrap_or(0);
            let mut is_spared = false;
            let walled = groups.iter().filter(|group| {
                let is_first_largest = group.len() == largest && !is_spared;
                is_spared |= is_first_largest;
                !is_first_largest
            });
            walled.map(|group| around(layout, group)).collect()
        }
    }
}

/// Between two gaps of the ring: bent towards the smaller side, so that it runs in front of it.
fn curve(layout: &Layout, one: f64, other: f64) -> String {
    let half = (other - one).rem_euclid(1.0) / 2.0;
    let middle = one + half;
    // A quarter turn each way is half the ring: there the wall is straight. The smaller the side,
    // the more it bends towards it, so that it runs between that side and the centre.
    let depth = 0.62 * (1.0 - (half * 4.0) * (half * 4.0)).clamp(-0.8, 0.9);
    let apex = layout.at_turns(middle, depth);
    let (from, to) = (layout.at_turns(one, REACH), layout.at_turns(other, REACH));
    let control =
        Point::new(2.0 * apex.x - (from.x + to.x) / 2.0, 2.0 * apex.y - (from.y + to.y) / 2.0);
    format!("M{}Q{} {}", from.path(), control.path(), to.path())
}

/// Around the servers of one group, at a distance: what a rubber band would do.
fn around(layout: &Layout, group: &[ServerId]) -> String {
    let points: Vec<Point> = layout
        .ids()
        .iter()
        .filter(|id| group.contains(id))
        .filter_map(|id| layout.server(*id))
        .collect();
    if let [alone] = points.as_slice() {
        let (left, right) = (alone.shifted(-PADDING, 0.0), alone.shifted(PADDING, 0.0));
        let arc = turn();
        return format!("M{}{arc} {}{arc} {}Z", left.path(), right.path(), left.path());
    }
    let mut path = String::new();
    for (i, from) in points.iter().enumerate() {
        let to = points[(i + 1) % points.len()];
        let length = from.distance(to).max(1.0);
        // Clockwise on the screen, so outward is to the left of the way.
        let (dx, dy) = ((to.y - from.y) / length * PADDING, (from.x - to.x) / length * PADDING);
        let (start, end) = (from.shifted(dx, dy), to.shifted(dx, dy));
        if i == 0 {
            path.push_str(&format!("M{}", start.path()));
        } else {
            path.push_str(&format!("{} {}", turn(), start.path()));
        }
        path.push_str(&format!("L{}", end.path()));
    }
    if let (Some(from), Some(to)) = (points.first(), points.get(1)) {
        let length = from.distance(*to).max(1.0);
        let (dx, dy) = ((to.y - from.y) / length * PADDING, (from.x - to.x) / length * PADDING);
        path.push_str(&format!("{} {}Z", turn(), from.shifted(dx, dy).path()));
    }
    path
}

/// Around a corner, at the wall's distance.
fn turn() -> String {
    let radius = tenths(PADDING);
    format!("A{radius} {radius} 0 0 1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(count: u8) -> Layout {
        Layout::new((1000.0, 500.0), (1..=count).map(ServerId).collect(), false)
    }

    fn groups(groups: &[&[u8]]) -> Vec<Vec<ServerId>> {
        groups.iter().map(|group| group.iter().copied().map(ServerId).collect()).collect()
    }

    #[test]
    fn neighbours_are_parted_by_one_curve() {
        assert_eq!(paths(&ring(5), &groups(&[&[1, 2], &[3, 4, 5]])).len(), 1);
        assert_eq!(paths(&ring(3), &groups(&[&[2], &[1, 3]])).len(), 1);
    }

    #[test]
    fn three_sides_meet_in_the_middle() {
        assert_eq!(paths(&ring(5), &groups(&[&[1, 2], &[3], &[4, 5]])).len(), 3);
    }

    #[test]
    fn scattered_sides_are_walled_in() {
        let walls = paths(&ring(5), &groups(&[&[1, 3], &[2, 4, 5]]));
        assert_eq!(walls.len(), 1);
        assert!(walls[0].ends_with('Z'));
    }

    #[test]
    fn one_side_is_no_partition() {
        assert!(paths(&ring(3), &groups(&[&[1, 2, 3]])).is_empty());
    }
}
