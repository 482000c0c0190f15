//! Parts of a whole, one row for each whole: the controls of each program by status, what each rule could examine.

use super::{Drawing, WIDTH, shortened};
use crate::render::words;

/// Where the bars begin; names stand before.
const LEFT: i64 = 262;
/// Where they end; the total stands behind.
const RIGHT: i64 = WIDTH - 64;
const TOP: i64 = 8;
const ROW: i64 = 26;
const BAR: i64 = 18;
/// Characters of a name.
const CHARACTERS: usize = 38;
/// A part narrower than this has no room for its shape and number: the table beside says them.
const ROOM: i64 = 34;

/// One row.
pub(in crate::render) struct Bar<'a> {
    /// What is the whole.
    pub(in crate::render) name: &'a str,
    /// Shape and word of each part, the class that paints it, and how many it has. A part of none is left out.
    pub(in crate::render) parts: Vec<(&'static str, &'static str, u64)>,
    /// What stands behind the bar.
    pub(in crate::render) total: String,
}

/// Draws rows whose bars all have the same length.
pub(in crate::render) fn draw(name: &'static str, title: &'static str, bars: &[Bar<'_>]) -> String {
    let mut drawing = Drawing::new(name, title);
    let mut y = TOP;
    for bar in bars {
        row(&mut drawing, bar, y);
        y += ROW;
    }
    drawing.finish(y + 4)
}

fn row(drawing: &mut Drawing, bar: &Bar<'_>, y: i64) {
    drawing.text("", (0, y + 13), &shortened(bar.name, CHARACTERS));
    let whole: u64 = bar.parts.iter().map(|(.., count)| count).sum();
    let shown = || bar.parts.iter().filter(|(.., count)| *count > 0);
    let mut before = 0;
    for (label, class, count) in shown() {
        let (x, end) = (place(before, whole), place(before + count, whole));
        drawing.rectangle(&format!("part {class}"), (x, y), ((end - x - 2).max(1), BAR));
        if end - x >= ROOM {
            let shape = label.split(' ').next().unwrap_or_default();
            drawing.text("small in", (x + 6, y + 13), &format!("{shape} {}", words::count(*count)));
        }
        before += count;
    }
    drawing.text("small", (RIGHT + 6, y + 13), &bar.total);
    let parts: Vec<String> =
        shown().map(|(label, _, count)| format!("{} {}", words::count(*count), word(label))).collect();
    let parts = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
    drawing.says(&format!("{}: {parts}.", bar.name));
}

/// The label without its shape.
fn word(label: &str) -> &str {
    label.split_once(' ').map_or(label, |(_, word)| word)
}

/// Where the first `count` of a whole end.
fn place(count: u64, whole: u64) -> i64 {
    let width = u64::try_from(RIGHT - LEFT).unwrap_or_default();
    let share = u128::from(width) * u128::from(count) / u128::from(whole.max(1));
    LEFT + i64::try_from(share).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(parts: Vec<(&'static str, &'static str, u64)>) -> String {
        draw("x", "X", &[Bar { name: "SOC <b>", parts, total: "9".to_owned() }])
    }

    #[test]
    fn each_part_has_its_share_its_shape_and_its_number() {
        let svg = drawn(vec![("▲ not met", "fail", 1), ("◇ not evaluated", "not-evaluated", 0), ("● met", "pass", 3)]);
        assert!(svg.contains("<rect class=\"part fail\" x=\"262\" y=\"8\" width=\"101\""), "{svg}");
        assert!(svg.contains("<rect class=\"part pass\" x=\"365\" y=\"8\" width=\"309\""), "{svg}");
        assert!(svg.contains(">▲ 1</text>") && svg.contains(">● 3</text>") && !svg.contains('◇'), "{svg}");
        assert!(svg.contains("SOC &lt;b&gt;: 1 not met, 3 met."), "{svg}");
    }

    #[test]
    fn a_part_without_room_and_a_whole_of_nothing_are_still_said() {
        let svg = drawn(vec![("▲ not met", "fail", 1), ("● met", "pass", 100_000)]);
        assert!(!svg.contains(">▲ 1</text>") && svg.contains("1 not met, 100,000 met."), "{svg}");
        assert!(drawn(Vec::new()).contains("SOC &lt;b&gt;: nothing."));
    }
}
