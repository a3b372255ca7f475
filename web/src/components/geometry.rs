//! Where things are on the stage. Numbers only.

use std::f64::consts::PI;
use zklab_core::types::ServerId;

/// A length as SVG wants it, to a tenth of a pixel. (Formatting an `f64` in full would add 15 KB of
/// code to the page.)
pub fn tenths(length: f64) -> String {
    let mut text = String::with_capacity(8);
    write_tenths(&mut text, length);
    text
}

/// The same at the end of a text. Digit by digit: a frame writes thousands of numbers, and `format!`
/// takes several times as long for each.
pub fn write_tenths(text: &mut String, length: f64) {
    let tenths = (length * 10.0).round() as i64;
    if tenths < 0 {
        text.push('-');
    }
    let mut digits = [0; 20];
    let mut rest = tenths.unsigned_abs();
    let mut count = 0;
    while rest > 0 || count < 2 {
        digits[count] = b'0' + (rest % 10) as u8;
        rest /= 10;
        count += 1;
    }
    for place in (0..count).rev() {
        text.push(digits[place] as char);
        if place == 1 {
            text.push('.');
        }
    }
}

/// The point of the unit circle at so many turns, clockwise on the screen, from the right. (The
/// sine of the standard library brings tables for huge angles along.)
fn on_circle(turns: f64) -> Point {
    let turns = turns - turns.floor();
    // Into the first eighth of the circle, where a few terms of the series are exact enough.
    let quarter = (turns * 4.0).floor();
    let rest = (turns * 4.0 - quarter) * PI / 2.0;
    let series = |x: f64| {
        let xx = x * x;
        let sin = x * (1.0 - xx / 6.0 * (1.0 - xx / 20.0 * (1.0 - xx / 42.0 * (1.0 - xx / 72.0))));
        let cos = 1.0 - xx / 2.0 * (1.0 - xx / 12.0 * (1.0 - xx / 30.0 * (1.0 - xx / 56.0)));
        (sin, cos)
    };
    let (sin, cos) = if rest <= PI / 4.0 {
        series(rest)
    } else {
        let (cos, sin) = series(PI / 2.0 - rest);
        (sin, cos)
    };
    match quarter as u8 {
        0 => Point::new(cos, sin),
        1 => Point::new(-sin, cos),
        2 => Point::new(-cos, -sin),
        _last => Point::new(sin, -cos),
    }
}

/// A point of the stage.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// The point at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// As SVG wants it in a path.
    pub fn path(self) -> String {
        let mut text = String::with_capacity(14);
        self.write(&mut text);
        text
    }

    /// The same at the end of a path.
    pub fn write(self, path: &mut String) {
        write_tenths(path, self.x);
        path.push(' ');
        write_tenths(path, self.y);
    }

    /// As SVG wants it in a `transform`.
    pub fn translate(self) -> String {
        let mut text = String::from("translate(");
        self.write(&mut text);
        text.push(')');
        text
    }

    /// The point `part` of the way to `to`.
    pub fn towards(self, to: Point, part: f64) -> Point {
        Point::new(self.x + (to.x - self.x) * part, self.y + (to.y - self.y) * part)
    }

    /// How far it is to `to`.
    pub fn distance(self, to: Point) -> f64 {
        let (dx, dy) = (to.x - self.x, to.y - self.y);
        (dx * dx + dy * dy).sqrt()
    }

    /// This point moved by `dx`, `dy`.
    pub fn shifted(self, dx: f64, dy: f64) -> Point {
        Point::new(self.x + dx, self.y + dy)
    }
}

/// Where the words of a server stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Right of it.
    Right,
    /// Left of it.
    Left,
    /// Below it.
    Below,
}

/// From this many servers on the ring is crowded.
const MANY: usize = 7;
/// And on a narrow stage.
const MANY_ON_A_PHONE: usize = 5;
/// Width and height that a small box of a client takes.
pub const CHIP: (f64, f64) = (27.0, 21.0);
/// Radius of a server.
pub const RADIUS: f64 = 33.0;
/// Where the first line below a server stands, and how far apart lines there are.
pub const BELOW: (f64, f64) = (RADIUS + 23.0, 16.0);
/// How far to each side words below a server reach: so wide is "votes for nobody".
const HALF_OF_WORDS: f64 = 60.0;
/// How far a server's timers reach.
const TIMERS: f64 = RADIUS + 9.0;
/// Scales of a narrow stage, and how many lines stand below a server then: the first at which no
/// words touch another server is taken.
const NARROW: [(f64, usize); 9] = [
    (0.78, 2),
    (0.74, 2),
    (0.70, 2),
    (0.66, 2),
    (0.62, 2),
    (0.70, 1),
    (0.66, 1),
    (0.60, 1),
    (0.54, 1),
];

/// The layout of one stage: servers on an ellipse, the first at the top, clockwise.
#[derive(Clone, PartialEq, Debug)]
pub struct Layout {
    /// Width of the viewBox.
    pub width: f64,
    /// Height of the viewBox.
    pub height: f64,
    /// Whether there is no room for words beside the servers.
    pub is_narrow: bool,
    /// How many lines there is room for below a server.
    pub lines_below: usize,
    /// Whether clients have small boxes.
    pub is_compact: bool,
    center: Point,
    radii: Point,
    ids: Vec<ServerId>,
}

impl Layout {
    /// Lays out these servers on a stage of so many pixels; with small boxes for clients if there
    /// are many.
    pub fn new(pixels: (f64, f64), ids: Vec<ServerId>, is_compact: bool) -> Layout {
        let scale = (pixels.0 / 860.0).min(pixels.1 / 400.0).clamp(0.78, 1.8);
        if 640.0 <= pixels.0 / scale {
            return Layout::of_scale(pixels, ids, is_compact, (scale, 2), false);
        }
        let narrow = |step| Layout::of_scale(pixels, ids.clone(), is_compact, step, true);
        let clear = NARROW.iter().map(|step| narrow(*step)).find(Layout::is_clear);
        clear.unwrap_or_else(|| narrow(NARROW[NARROW.len() - 1]))
    }

    fn of_scale(
        pixels: (f64, f64),
        ids: Vec<ServerId>,
        is_compact: bool,
        (scale, lines_below): (f64, usize),
        is_narrow: bool,
    ) -> Layout {
        let (width, height) = (pixels.0 / scale, pixels.1 / scale);
        let many = if is_narrow { MANY_ON_A_PHONE } else { MANY };
        let is_compact = is_compact || many <= ids.len();
        let (side, top, bottom) = if is_narrow {
            // Above are the small boxes of clients, or votes.
            (RADIUS + 42.0, RADIUS + 38.0, 0.0)
        } else {
            let chips = if is_compact { CHIP.1 } else { 0.0 };
            (RADIUS + 190.0, RADIUS + 20.0 + chips, RADIUS + 20.0)
        };
        let mut layout = Layout {
            width,
            height,
            is_narrow,
            lines_below,
            is_compact,
            center: Point::new(width / 2.0, height / 2.0),
            radii: Point::default(),
            ids,
        };
        let bottom = if is_narrow { layout.below() + 1.0 } else { bottom };
        layout.fit(width / 2.0 - side, top, bottom);
        layout
    }

    /// Whether no words below a server touch another server or its words.
    fn is_clear(&self) -> bool {
        let at: Vec<Point> = self.ids.iter().filter_map(|id| self.server(*id)).collect();
        let (top, bottom) = (RADIUS + 10.0, self.below());
        let (middle, half) = ((top + bottom) / 2.0, (bottom - top) / 2.0);
        at.iter().enumerate().all(|(i, one)| {
            at.iter().enumerate().filter(|(j, _)| *j != i).all(|(_, other)| {
                let right = (one.x - other.x).abs();
                let words_are_clear =
                    2.0 * HALF_OF_WORDS <= right || 2.0 * half <= (one.y - other.y).abs();
                let server_is_clear = HALF_OF_WORDS + TIMERS <= right
                    || half + TIMERS <= (one.y + middle - other.y).abs();
                words_are_clear && server_is_clear
            })
        })
    }

    /// How far words below a server reach.
    fn below(&self) -> f64 {
        BELOW.0 + BELOW.1 * (self.lines_below as f64 - 1.0) + 5.0
    }

    /// Makes the ellipse as large as the servers on it allow.
    fn fit(&mut self, half_width: f64, top: f64, bottom: f64) {
        let unit: Vec<Point> =
            (0..self.ids.len()).map(|place| on_circle(self.turns(place))).collect();
        let lowest = unit.iter().map(|point| point.y).fold(-1.0_f64, f64::max);
        let highest = unit.iter().map(|point| point.y).fold(1.0_f64, f64::min);
        let widest = unit.iter().map(|point| point.x.abs()).fold(0.1_f64, f64::max);
        let room = (self.height - top - bottom).max(60.0);
        let ry = room / (lowest - highest).max(0.7);
        let rx = (half_width / widest).max(60.0);
        // On a phone the stage is low beside a lesson: only its width keeps servers apart.
        let flattest = if self.is_narrow { 4.0 } else { 1.75 };
        self.radii = Point::new(rx.min(ry * flattest), ry.min(rx * 1.5));
        let used = self.radii.y * (lowest - highest);
        self.center.y = top + (room - used) / 2.0 - highest * self.radii.y;
    }

    fn turns(&self, place: usize) -> f64 {
        let start = if self.ids.len() == 2 { 0.5 } else { 0.75 };
        start + place as f64 / self.ids.len().max(1) as f64
    }

    /// The point at so many turns of the ring, `far` radii from the centre.
    pub fn at_turns(&self, turns: f64, far: f64) -> Point {
        let unit = on_circle(turns);
        self.center.shifted(unit.x * self.radii.x * far, unit.y * self.radii.y * far)
    }

    /// A point beside a server, so far from its middle: the `nth` of `count` that stand side by side,
    /// on the inner side of the ring, or above it where its words are there.
    pub fn beside(&self, id: ServerId, far: f64, nth: usize, count: usize) -> Option<Point> {
        const STEP: f64 = 0.062;
        let toward = match self.words(id) {
            Side::Below => 0.75,
            Side::Left | Side::Right => self.turns_of(id)? + 0.5,
        };
        let turns = toward + (nth as f64 - (count as f64 - 1.0) / 2.0) * STEP;
        let unit = on_circle(turns);
        Some(self.server(id)?.shifted(unit.x * far, unit.y * far))
    }

    /// The centre of the ring.
    pub fn center(&self) -> Point {
        self.center
    }

    fn place(&self, id: ServerId) -> Option<usize> {
        self.ids.iter().position(|server| *server == id)
    }

    /// Where on the ring a server sits, in turns.
    pub fn turns_of(&self, id: ServerId) -> Option<f64> {
        self.place(id).map(|place| self.turns(place))
    }

    /// How far right of the centre it sits, from −1 to 1.
    fn rightness(&self, id: ServerId) -> f64 {
        self.turns_of(id).map_or(0.0, |turns| on_circle(turns).x)
    }

    /// Where a server is.
    pub fn server(&self, id: ServerId) -> Option<Point> {
        self.turns_of(id).map(|turns| self.at_turns(turns, 1.0))
    }

    /// The servers in the order of the ring.
    pub fn ids(&self) -> &[ServerId] {
        &self.ids
    }

    /// Where a server's words stand.
    pub fn words(&self, id: ServerId) -> Side {
        let cos = self.rightness(id);
        // In a large ring the neighbours of the uppermost leave no room beside it.
        let is_above = self.turns_of(id).is_some_and(|turns| on_circle(turns).y < 0.0);
        let is_crowded_top = MANY <= self.ids.len() && is_above && cos.abs() < 0.2;
        if self.is_narrow || is_crowded_top {
            Side::Below
        } else if cos < -0.2 {
            Side::Left
        } else {
            Side::Right
        }
    }

    /// How many clients of a server there is room to draw.
    pub fn most_clients(&self, server: Option<ServerId>) -> usize {
        let rows = match self.ids.len() {
            _ if !self.is_compact => return usize::MAX,
            _ if self.is_narrow || server.is_none() => 1,
            0..6 => 3,
            _many => 1,
        };
        // Above its words, as far up as the stage goes.
        let at = server.and_then(|id| self.server(id)).unwrap_or_default();
        let rows = rows.min(1 + ((at.y - 30.0 - CHIP.1 / 2.0) / CHIP.1).max(0.0) as usize);
        // In a large ring the neighbours of the lowest leave little room beside it.
        let is_lowest = server.is_some_and(|id| {
            5 < self.ids.len() && self.words(id) != Side::Below && self.rightness(id).abs() < 0.4
        });
        let in_row = if is_lowest { 2 } else { self.chips_in_row() };
        rows * in_row - 1
    }

    fn chips_in_row(&self) -> usize {
        if self.is_narrow { 3 } else { 6 }
    }

    /// Where a client is that is the `nth` at `server`.
    pub fn client(&self, server: Option<ServerId>, nth: usize) -> Point {
        let point = match (server.and_then(|id| self.server(id)), server) {
            (Some(at), Some(id)) if self.is_compact => self.chip(at, id, nth),
            (Some(at), Some(id)) => self.box_of_client(at, self.rightness(id), nth),
            (_, _) if self.is_compact => {
                Point::new(self.width - 24.0 - CHIP.0 * nth as f64, self.height - 16.0)
            }
            (_, _) => Point::new(self.width - 70.0, 30.0 + nth as f64 * 36.0),
        };
        let edge = if self.is_compact { CHIP.0 / 2.0 } else { 48.0 };
        // A stage may have no size yet: then the larger bound is below the smaller.
        let within = |x: f64, edge: f64, length: f64| x.min(length - edge).max(edge);
        Point::new(within(point.x, edge, self.width), within(point.y, edge.min(20.0), self.height))
    }

    fn box_of_client(&self, at: Point, cos: f64, nth: usize) -> Point {
        let down = nth as f64 * 36.0;
        match (self.is_narrow, cos) {
            (false, cos) if cos > 0.2 => at.shifted(120.0, -84.0 - down),
            (false, cos) if cos < -0.2 => at.shifted(-120.0, -84.0 - down),
            (false, _) => at.shifted(-150.0, 22.0 + down),
            (true, cos) if cos > 0.2 => at.shifted(2.0, -88.0 - down),
            (true, cos) if cos < -0.2 => at.shifted(-2.0, -88.0 - down),
            // Of the uppermost in the corner beside it: neither below the tools nor where its
            // neighbours' clients are.
            (true, _) if at.y < self.center.y => {
                Point::new(54.0 + 96.0 * (nth % 2) as f64, 26.0 + 40.0 * (nth / 2) as f64)
            }
            (true, _) => at.shifted(112.0, down),
        }
    }

    /// Small boxes stand in rows: above a server's words beside it, or above the server. On a phone
    /// they leave room for the words of the server above.
    fn chip(&self, at: Point, id: ServerId, nth: usize) -> Point {
        let in_row = self.chips_in_row();
        let (column, row) = ((nth % in_row) as f64 * CHIP.0, (nth / in_row) as f64 * CHIP.1);
        let (cos, is_low) = (self.rightness(id), self.center.y - 1.0 < at.y);
        match self.words(id) {
            Side::Right => at.shifted(RADIUS + 32.0 + column, -30.0 - row),
            Side::Left => at.shifted(-RADIUS - 32.0 - column, -30.0 - row),
            Side::Below if !self.is_narrow => at.shifted(column, -RADIUS - 26.0 - row),
            Side::Below if is_low && 0.8 < cos.abs() && 5 < self.ids.len() => {
                at.shifted(column - CHIP.0, self.below() + CHIP.1 / 2.0)
            }
            Side::Below => {
                let is_beside = is_low && 0.2 < cos.abs() && 4 < self.ids.len();
                let inwards = if is_beside { -36.0 * cos.signum() } else { 0.0 };
                at.shifted(column - CHIP.0 + inwards, -RADIUS - 24.0 - row)
            }
        }
    }
}

/// Whether a point is inside a closed line.
pub fn is_inside(point: Point, outline: &[Point]) -> bool {
    let mut is_in = false;
    for (i, one) in outline.iter().enumerate() {
        let other = outline[(i + 1) % outline.len()];
        if (one.y > point.y) != (other.y > point.y) {
            let x = one.x + (point.y - one.y) / (other.y - one.y) * (other.x - one.x);
            is_in ^= point.x < x;
        }
    }
    is_in
}

/// An arc around the origin, clockwise from the top, `part` of a full circle.
pub fn arc(radius: f64, part: f64) -> String {
    // Short of a full circle, which would begin where it ends and not be drawn at all.
    let part = part.clamp(0.0, 0.997);
    let end = Point::default().towards(on_circle(part + 0.75), radius);
    let large = u8::from(part > 0.5);
    let (start, radius) = (Point::new(0.0, -radius).path(), tenths(radius));
    format!("M{start}A{radius} {radius} 0 {large} 1 {}", end.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_digit_after_the_point() {
        let written = [
            (0.0, "0.0"),
            (0.04, "0.0"),
            (-0.04, "0.0"),
            (0.05, "0.1"),
            (-0.5, "-0.5"),
            (9.96, "10.0"),
            (-1234.56, "-1234.6"),
            (70.0, "70.0"),
        ];
        for (length, text) in written {
            assert_eq!(tenths(length), text);
        }
        assert_eq!(Point::new(-1.25, 30.0).translate(), "translate(-1.3 30.0)");
    }

    #[test]
    fn servers_and_their_words_stay_on_the_stage() {
        for pixels in [(1020.0, 550.0), (880.0, 340.0), (390.0, 360.0), (390.0, 300.0)] {
            for (count, is_compact) in (1..=9).flat_map(|n| [(n, false), (n, true)]) {
                let ids = (1..=count).map(ServerId).collect();
                let layout = Layout::new(pixels, ids, is_compact);
                for id in layout.ids() {
                    let at = layout.server(*id).expect("it is on the ring");
                    assert!((RADIUS..layout.width - RADIUS).contains(&at.x), "{pixels:?} {count}");
                    assert!((RADIUS..layout.height - RADIUS).contains(&at.y), "{pixels:?} {count}");
                }
            }
        }
    }

    #[test]
    fn servers_and_small_clients_keep_clear_of_one_another() {
        for pixels in [(1020.0, 550.0), (880.0, 340.0), (390.0, 360.0)] {
            for count in 1..=9 {
                let layout = Layout::new(pixels, (1..=count).map(ServerId).collect(), true);
                let ids = layout.ids().to_vec();
                let chips = ids.iter().flat_map(|id| {
                    let most = layout.most_clients(Some(*id));
                    (0..=most).map(|nth| layout.client(Some(*id), nth)).collect::<Vec<_>>()
                });
                let chips: Vec<Point> = chips.collect();
                for (i, one) in chips.iter().enumerate() {
                    for id in &ids {
                        let at = layout.server(*id).expect("it is on the ring");
                        let far = one.distance(at);
                        assert!(RADIUS + 8.0 < far, "{pixels:?} {count}: a chip on {id}: {far}");
                    }
                    for other in &chips[i + 1..] {
                        let is_clear = (one.x - other.x).abs() >= CHIP.0 - 2.0
                            || (one.y - other.y).abs() >= CHIP.1 - 2.0;
                        assert!(is_clear, "{pixels:?} {count}: {one:?} {other:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn words_keep_clear_of_other_servers_on_a_phone() {
        for (height, most) in [(260.0, 7), (360.0, 9), (180.0, 5)] {
            for count in 1..=most {
                let layout = on_a_phone(height, count);
                assert!(layout.is_clear(), "{count} servers in {height} px");
                assert!(
                    0.59 < 390.0 / layout.width,
                    "{count} servers in {height} px are too small"
                );
            }
        }
    }

    #[test]
    fn where_a_phone_is_too_low_for_two_lines_one_stands_below_a_server() {
        assert_eq!(on_a_phone(260.0, 5).lines_below, 2);
        assert_eq!(on_a_phone(180.0, 5).lines_below, 1);
    }

    #[test]
    fn small_clients_keep_clear_of_words_on_a_phone() {
        for (height, most) in [(260.0, 7), (360.0, 8)] {
            for count in 5..=most {
                let layout = on_a_phone(height, count);
                let at = |id| layout.server(id).expect("it is on the ring");
                for (one, other) in layout
                    .ids()
                    .iter()
                    .flat_map(|one| layout.ids().iter().map(move |other| (*one, *other)))
                {
                    let words =
                        (at(other).shifted(0.0, RADIUS + 10.0), at(other).y + layout.below());
                    for nth in 0..=layout.most_clients(Some(one)) {
                        let chip = layout.client(Some(one), nth);
                        let is_clear = 45.0 + CHIP.0 / 2.0 - 2.0 <= (chip.x - words.0.x).abs()
                            || chip.y + CHIP.1 / 2.0 <= words.0.y + 2.0
                            || words.1 - 2.0 <= chip.y - CHIP.1 / 2.0;
                        assert!(
                            is_clear,
                            "{height} {count}: client {nth} of {one}, words of {other}"
                        );
                    }
                }
            }
        }
    }

    fn on_a_phone(height: f64, servers: u8) -> Layout {
        Layout::new((390.0, height), (1..=servers).map(ServerId).collect(), false)
    }

    #[test]
    fn servers_keep_apart_on_a_phone_beside_a_lesson() {
        for count in 2..=5 {
            let layout = Layout::new((390.0, 180.0), (1..=count).map(ServerId).collect(), false);
            let all: Vec<_> = layout.ids().iter().filter_map(|id| layout.server(*id)).collect();
            for (i, one) in all.iter().enumerate() {
                let is_clear = |other: &Point| 2.0 * RADIUS < one.distance(*other);
                assert!(all[i + 1..].iter().all(is_clear), "{count}: {all:?}");
            }
        }
    }

    #[test]
    fn the_circle_is_round() {
        for step in -16..32 {
            let turns = f64::from(step) / 16.0 + 0.01;
            let point = on_circle(turns);
            let (sin, cos) = (turns * 2.0 * PI).sin_cos();
            assert!((point.x - cos).abs() < 1e-6 && (point.y - sin).abs() < 1e-6, "{turns}");
        }
    }

    #[test]
    fn a_lasso_encircles_what_is_within_it() {
        let corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (5.0, 4.0), (0.0, 10.0)];
        let lasso = corners.map(|(x, y)| Point::new(x, y));
        assert!(is_inside(Point::new(2.0, 2.0), &lasso));
        assert!(!is_inside(Point::new(5.0, 8.0), &lasso));
        assert!(!is_inside(Point::new(12.0, 2.0), &lasso));
        assert!(!is_inside(Point::new(1.0, 1.0), &[]));
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!(tenths(12.34), "12.3");
        assert_eq!(tenths(-0.06), "-0.1");
        assert_eq!(tenths(-7.0), "-7.0");
    }

    #[test]
    fn an_arc_ends_where_it_should() {
        assert_eq!(arc(10.0, 0.25), "M0.0 -10.0A10.0 10.0 0 0 1 10.0 0.0");
    }
}
