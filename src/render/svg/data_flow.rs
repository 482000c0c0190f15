//! Where PHI can enter, rest and leave: three columns, and the line at which AWS's part ends.

use super::{Drawing, WIDTH, wrapped};
use crate::pack::write_up::{Node, Side};

const LEFT: (i64, i64) = (0, 190);
const MIDDLE: (i64, i64) = (250, 230);
const RIGHT: (i64, i64) = (540, WIDTH - 540);
/// Where the first row begins, under the headings of the columns.
const TOP: i64 = 44;
const GAP: i64 = 10;
const LINE: i64 = 15;
/// Characters that a node has room for in a line.
const CHARACTERS: usize = 30;

/// What pages call it.
pub(super) const NAME: &str = "data-flow";

pub(super) fn draw(nodes: &[Node]) -> String {
    let mut drawing = Drawing::new(NAME, "Where PHI can enter, rest and leave");
    let of = |side: Side| nodes.iter().filter(move |node| node.side == side);
    let entering = stack(&mut drawing, of(Side::Enters), LEFT, TOP);
    let resting = stack(&mut drawing, of(Side::Rests), (MIDDLE.0 + 12, MIDDLE.1 - 24), TOP + 12);
    let to_recipients = stack(&mut drawing, of(Side::Recipients), RIGHT, TOP);
    let middle = to_recipients.end + 26;
    let to_processors = stack(&mut drawing, of(Side::Processors), RIGHT, middle);
    let bottom = entering.end.max(resting.end + 12).max(to_processors.end);
    let box_height = bottom - TOP;
    drawing.rectangle("aws", (MIDDLE.0, TOP), (MIDDLE.1, box_height));
    for y in &entering.middles {
        drawing.arrow(LEFT.0 + LEFT.1, MIDDLE.0, *y);
    }
    for y in to_recipients.middles.iter().chain(&to_processors.middles) {
        drawing.arrow(MIDDLE.0 + MIDDLE.1, RIGHT.0, *y);
    }
    drawing.text("strong", (LEFT.0, TOP - 26), "PHI enters");
    drawing.text("strong", (MIDDLE.0, TOP - 26), "PHI rests: AWS's part");
    drawing.text("small", (MIDDLE.0, TOP - 10), "it ends at the dashed line");
    drawing.text("strong", (RIGHT.0, TOP - 26), "PHI leaves");
    drawing.text("small", (RIGHT.0, TOP - 10), "to recipients, beyond AWS");
    drawing.text("small", (RIGHT.0, middle - 10), "to processors of yours");
    drawing.finish(bottom + 4)
}

/// Where a column of nodes ended, and the middle of each.
struct Stack {
    end: i64,
    middles: Vec<i64>,
}

fn stack<'n>(drawing: &mut Drawing, nodes: impl Iterator<Item = &'n Node>, (x, width): (i64, i64), top: i64) -> Stack {
    let mut stack = Stack { end: top, middles: Vec::new() };
    for node in nodes {
        let title = if node.open { format!("▲ {}", node.title) } else { node.title.to_owned() };
        let titles = wrapped(&title, CHARACTERS - 2);
        let lines: Vec<String> = node.lines.iter().flat_map(|line| wrapped(line, CHARACTERS)).collect();
        let height = 10 + LINE * i64::try_from(titles.len() + lines.len()).unwrap_or(1);
        drawing.rectangle(if node.open { "node open" } else { "node" }, (x, stack.end), (width, height));
        let mut y = stack.end + LINE;
        for (class, words) in titles.iter().map(|line| ("label", line)).chain(lines.iter().map(|line| ("small", line)))
        {
            drawing.text(class, (x + 8, y), words);
            y += LINE;
        }
        drawing.says(&format!("{} {}: {}.", side(node.side), title, node.lines.join(", ")));
        stack.middles.push(stack.end + height / 2);
        stack.end += height + GAP;
    }
    stack.end -= GAP;
    stack
}

/// How a sentence about a node begins.
const fn side(side: Side) -> &'static str {
    match side {
        Side::Enters => "Enters from",
        Side::Rests => "Rests in",
        Side::Recipients => "Leaves to recipients by",
        Side::Processors => "Leaves to processors by",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(side: Side, title: &'static str, open: bool) -> Node {
        Node { side, title, lines: vec!["seen: 2".to_owned()], open }
    }

    #[test]
    fn every_node_stands_in_the_picture_and_in_its_text_and_what_is_open_is_marked_by_a_shape() {
        let nodes = [
            node(Side::Enters, "Imports", false),
            node(Side::Rests, "Endpoints", false),
            node(Side::Recipients, "Voice", true),
            node(Side::Processors, "Event streams", false),
        ];
        let svg = draw(&nodes);
        for words in
            [">Imports<", ">Endpoints<", ">▲ Voice<", ">Event streams<", "Leaves to recipients by ▲ Voice: seen: 2."]
        {
            assert!(svg.contains(words), "{words}\n{svg}");
        }
        assert_eq!(svg.matches("class=\"node open\"").count(), 1);
        assert_eq!(svg.matches("class=\"head\"").count(), 3, "an arrow for each node outside of AWS's part");
    }

    #[test]
    fn nothing_is_drawn_outside_of_the_picture() {
        let nodes: Vec<Node> = (0..40).map(|_| node(Side::Processors, "Event destination of SMS", true)).collect();
        let svg = draw(&nodes);
        let height: i64 = svg
            .split("viewBox=\"0 0 740 ")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a height")
            .parse()
            .expect("a number");
        for y in svg.split(" y=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<i64>().ok()) {
            assert!((0..=height).contains(&y), "{y} of {height}");
        }
    }
}
