//! A partition, drawn as a wall between the sides.

use crate::components::geometry::{Layout, Point, RADIUS};
use std::f64::consts::PI;
use std::rc::Rc;
use yew::{Html, Properties, component, html};
use zklab_core::lab::view::View;
use zklab_core::types::ServerId;

/// How far beyond the servers the wall goes, in radii of the ring.
const REACH: f64 = 1.7;
/// How far from its servers a wall around scattered ones goes.
const PADDING: f64 = RADIUS + 17.0;

/// Props of [`Wall`].
#[derive(PartialEq, Properties)]
pub struct WallProps {
    /// The moment.
    pub view: Rc<View>,
    /// Where things are.
    pub layout: Rc<Layout>,
    /// What the wall is called.
    pub name: &'static str,
}

/// The wall.
#[component]
pub fn Wall(props: &WallProps) -> Html {
    let groups = &props.view.partition;
    if groups.len() < 2 {
        return html! {};
    }
    let paths = wall(&props.layout, groups);
    html! {
        <g class="wall">
            <title>{ props.name }</title>
            { for paths.into_iter().map(|d| html! { <path {d} /> }) }
        </g>
    }
}

/// The paths of the wall between these groups.
pub fn wall(layout: &Layout, groups: &[Vec<ServerId>]) -> Vec<String> {
    let group_of = |id: ServerId| groups.iter().position(|group| group.contains(&id));
    let ids = layout.ids();
    let next = |place: usize| (place + 1) % ids.len();
    let gaps: Vec<usize> =
        (0..ids.len()).filter(|&i| group_of(ids[i]) != group_of(ids[next(i)])).collect();
    let gap_angle = |place: usize| {
        let half_step = PI / ids.len() as f64;
        layout.angle_of(ids[place]).unwrap_or_default() + half_step
    };
    match gaps.as_slice() {
        [] => Vec::new(),
        [one, other] => vec![curve(layout, gap_angle(*one), gap_angle(*other))],
        several if several.len() == groups.len() => several
            .iter()
            .map(|gap| {
                let end = layout.at_angle(gap_angle(*gap), REACH);
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
    let span = (other - one).rem_euclid(2.0 * PI);
    let half = span / 2.0;
    let middle = one + half;
    // On the side of `middle` if that one is the smaller, else on the other.
    let depth = 0.62 * half.cos();
    let apex = layout.at_angle(middle, depth);
    let (from, to) = (layout.at_angle(one, REACH), layout.at_angle(other, REACH));
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
        let arc = format!("A{PADDING} {PADDING} 0 0 1");
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
            path.push_str(&format!("A{PADDING} {PADDING} 0 0 1 {}", start.path()));
        }
        path.push_str(&format!("L{}", end.path()));
    }
    if let (Some(from), Some(to)) = (points.first(), points.get(1)) {
        let length = from.distance(*to).max(1.0);
        let (dx, dy) = ((to.y - from.y) / length * PADDING, (from.x - to.x) / length * PADDING);
        path.push_str(&format!("A{PADDING} {PADDING} 0 0 1 {}Z", from.shifted(dx, dy).path()));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(count: u8) -> Layout {
        Layout::new((1000.0, 500.0), (1..=count).map(ServerId).collect())
    }

    fn groups(groups: &[&[u8]]) -> Vec<Vec<ServerId>> {
        groups.iter().map(|group| group.iter().copied().map(ServerId).collect()).collect()
    }

    #[test]
    fn neighbours_are_parted_by_one_curve() {
        assert_eq!(wall(&ring(5), &groups(&[&[1, 2], &[3, 4, 5]])).len(), 1);
        assert_eq!(wall(&ring(3), &groups(&[&[2], &[1, 3]])).len(), 1);
    }

    #[test]
    fn three_sides_meet_in_the_middle() {
        assert_eq!(wall(&ring(5), &groups(&[&[1, 2], &[3], &[4, 5]])).len(), 3);
    }

    #[test]
    fn scattered_sides_are_walled_in() {
        let paths = wall(&ring(5), &groups(&[&[1, 3], &[2, 4, 5]]));
        assert_eq!(paths.len(), 1);
        assert!(paths[0].ends_with('Z'));
    }

    #[test]
    fn one_side_is_no_partition() {
        assert!(wall(&ring(3), &groups(&[&[1, 2, 3]])).is_empty());
    }
}
