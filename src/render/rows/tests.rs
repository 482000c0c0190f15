//! What goes through a stencil is what the template engine and the Markdown parser would have written.

use proptest::prelude::*;

use super::*;
use crate::pack::{DocumentName, Request};
use crate::render::formats::Chosen;
use crate::render::sample;

/// Texts of a section at every kind of place.
const SECTION: &str = "## <a id=\"{{ name | address }}\"></a>{{ one }}{% if two %}: {{ two }}{% endif %}\n\n\
    | | |\n| --- | --- |\n| **x** | {{ one }}<br>{{ two | code }} ({{ one | code }}) |\n\n\
    ### <a id=\"{{ name | address }}-more\"></a>More of {{ two }}\n\n\
    - [{{ one }}]({{ address | address }}), **{{ two }}**: {{ one }} {{ two }}\n- x [here](index.md)\n\n\
    <details><summary>Answer as recorded</summary>\n\n{{ one | fence }}\n\n</details>\n";

const LINE: &str = "| <a id=\"{{ name | address }}\"></a>{{ one }} | {{ two | code }}, {{ two }} | [{{ one }}]({{ address | address }}) |\n";

#[derive(Clone, Debug, Serialize)]
struct Section {
    name: String,
    one: String,
    two: String,
    address: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
struct Line(Section);

impl Row for Section {
    const TEMPLATE: &'static str = "section.md.tera";
    const COLUMNS: usize = 0;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        [&mut self.name, &mut self.one, &mut self.two, &mut self.address].into_iter().for_each(visit);
    }
}

impl Row for Line {
    const TEMPLATE: &'static str = "line.md.tera";
    const COLUMNS: usize = 3;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        self.0.texts(visit);
    }
}

fn section(one: &str, two: &str) -> Section {
    let [name, address] = ["c-1", "calls/1/us-east-1/pinpoint-2.md#c-1"].map(str::to_owned);
    Section { name, one: one.to_owned(), two: two.to_owned(), address }
}

/// Fills a row after another of the same shape, and by its template alone.
fn both_ways<R: Row + Clone>(row: &R, other: &R, page: &str) -> [(String, String); 2] {
    let engine = Engine::with(&[("section.md.tera", SECTION), ("line.md.tera", LINE)]).expect("templates");
    let (present, known) = (Present::of(&sample::pack(), &Chosen::all()), Known::default());
    let forms = Forms::new(&engine, &present, &known);
    let on = PageOf::new(page);
    let (mut learnt, mut whole) = (Both::default(), Both::default());
    forms.fill(&mut other.clone(), &on, &mut Both::default()).expect("filled");
    forms.fill(&mut row.clone(), &on, &mut learnt).expect("filled");
    forms.whole(row, &on, &mut whole).expect("filled");
    [(learnt.markdown, learnt.html), (whole.markdown, whole.html)]
}

fn check(one: &str, two: &str) {
    for page in ["findings.md", "calls/1/us-east-1/pinpoint.md", "findings/1/us-east-1.md"] {
        let (row, other) = (section(one, two), section("other", "text"));
        let [learnt, whole] = both_ways(&row, &other, page);
        assert_eq!(learnt, whole, "{one:?} and {two:?} in a section of {page}");
        let [learnt, whole] = both_ways(&Line(row), &Line(other), page);
        assert_eq!(learnt, whole, "{one:?} and {two:?} in a line of {page}");
    }
}

#[test]
fn texts_that_were_made_to_act_come_out_as_the_engine_writes_them() {
    for text in [
        "plain",
        sample::NASTY,
        "a|b`c",
        "see https://a.example/x",
        "R & D <b> \"q\" 'x'",
        " spaces ",
        "*a* _b_ [c](d)",
        "{\"A\":\"x y\",\"B\":[1]}",
        "x0slot1x",
        "\u{202e}é\u{1f600}",
        "1. a",
        "# a",
        "a\nb",
        "a\\",
    ] {
        check(text, "plain");
        check("plain", text);
    }
}

proptest! {
    #[test]
    fn any_text_comes_out_as_the_engine_writes_it(one in ".{1,12}", two in "[ -~]{1,12}") {
        if !one.trim().is_empty() && !two.trim().is_empty() {
            check(&one, &two);
        }
    }
}

#[test]
fn rows_take_the_place_of_their_marks_and_of_nothing_that_looks_like_one() {
    let page =
        |markdown: &str| Both { markdown: markdown.to_owned(), html: html::illustrated(markdown, &Pictures::new()) };
    let text = "# T\n\n- x0rows0x\n\n| a | b |\n| --- | --- |\n| x0rows0x |\n\nx0rows1x\n";
    let (table, section) = (("| 1 | 2 |\n", "<tr>1</tr>\n"), ("## S\n", "<h2>S</h2>\n"));
    let rows = Both { markdown: [table.0, section.0].concat(), html: [table.1, section.1].concat() };
    let lists = [
        Filled { markdown: 0..table.0.len(), html: 0..table.1.len(), in_table: true },
        Filled { markdown: table.0.len()..rows.markdown.len(), html: table.1.len()..rows.html.len(), in_table: false },
    ];
    let page = page(text);
    let Pieces { markdown, html } = put_in(&page, &rows, &lists);
    let both = Both { markdown: markdown.concat(), html: html.concat() };
    assert_eq!(both.markdown, "# T\n\n- x0rows0x\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n## S\n");
    assert!(
        both.html.contains("<li>x0rows0x</li>") && both.html.contains("<tbody>\n<tr>1</tr>\n</tbody>"),
        "{}",
        both.html
    );
    assert!(both.html.ends_with("<h2>S</h2>\n"));
}

#[test]
fn a_narrowed_pack_has_the_rows_of_a_whole_one_without_dead_links() {
    let engine = Engine::with(&[("line.md.tera", LINE)]).expect("templates");
    let request = Request::new(&[], &[DocumentName::Findings]).expect("a request");
    let (present, known) =
        (Present::of(&sample::with_every_control().narrowed(request), &Chosen::all()), Known::default());
    let forms = Forms::new(&engine, &present, &known);
    let mut both = Both::default();
    forms.fill(&mut Line(section("one", "two")), &PageOf::new("findings.md"), &mut both).expect("filled");
    assert_eq!(both.markdown, "| <a id=\"c-1\"></a>one | `two`, two | one |\n");
}
