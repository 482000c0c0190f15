//! Values from outside show as text and do nothing, in Markdown and in HTML.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{is, rendered, text};
use crate::render::markdown::{Engine, TEMPLATES};
use crate::render::{escape, html, sample};

/// A value at every place where a template may put one.
const PLACES: &str = "# {{ v }}\n\n- {{ v }}\n- x\n\n1. {{ v }}\n\n{{ v }}\n\nx\n{{ v }}\n\n> {{ v }}\n\n\
    | {{ v }} | x |\n|---|---|\n| {{ v }} | {{ v | code }} |\n| **{{ v }}** | [{{ v }}](index.md) x |\n\n\
    {{ v | code }}\n\n## {{ v }}\n\nx {{ v }} x, {{ v | code }} ({{ v }})\n";

/// Everything that a viewer of GitHub Flavored Markdown may act on.
fn viewer() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
        | Options::ENABLE_WIKILINKS
}

/// The structure without its words, and the words of each run of text and code.
fn read(markdown: &str) -> (Vec<String>, Vec<String>) {
    let (mut structure, mut words) = (Vec::new(), vec![String::new()]);
    for event in Parser::new_ext(markdown, viewer()) {
        match event {
            Event::Text(piece) | Event::Code(piece) => words.last_mut().expect("one").push_str(&piece),
            Event::SoftBreak => words.last_mut().expect("one").push(' '),
            other => {
                structure.push(format!("{other:?}"));
                words.push(String::new());
            }
        }
    }
    let words = words.iter().map(|run| run.split_whitespace().collect::<Vec<_>>().join(" "));
    (structure, words.filter(|run| !run.is_empty()).collect())
}

/// Text that a viewer turns into links by itself: GitHub does so after escapes and entities are resolved.
fn text_outside_code(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, viewer()) {
        match event {
            Event::Text(piece) => text.push_str(&piece),
            _ => text.push(' '),
        }
    }
    text.to_ascii_lowercase()
}

fn filled(value: &str) -> String {
    let engine = Engine::with(&[("places.md.tera", PLACES)]).expect("a template");
    engine.fill("places.md.tera", &serde_json::json!({ "v": value })).expect("filled")
}

fn check(value: &str) {
    let shown = escape::visible(value).split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.is_empty() {
        return;
    }
    let markdown = filled(value);
    let (structure, words) = read(&markdown);
    let (plain_structure, plain_words) = read(&filled("value"));
    assert_eq!(structure, plain_structure, "{value:?} changes the structure:\n{markdown}");
    let expected: Vec<String> = plain_words.iter().map(|run| run.replace("value", &shown)).collect();
    assert_eq!(words, expected, "{value:?} shows as something else:\n{markdown}");
    let text = text_outside_code(&markdown);
    assert!(!text.contains("//") && !text.contains("www."), "{value:?} is linked by viewers:\n{markdown}");
    let mail = text.match_indices('@').any(|(at, _)| {
        text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '_'))
            && text[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    });
    assert!(!mail, "{value:?} is linked by viewers:\n{markdown}");
    let page = html::body(&markdown);
    assert_eq!(page.matches("<a ").count(), 1, "{value:?} makes links:\n{page}");
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<!--"), "{page}");
}

#[test]
fn names_that_were_made_to_act_do_not() {
    for value in [
        sample::NASTY,
        "<script>|[x](javascript:1)",
        "a\nb\r\n\r\n# c",
        "a|b||c\\|d\\",
        "\\",
        "\\\\|",
        "`",
        "``` a ```",
        "`a``b`|`",
        "*a* **b** _c_ __d__ ~~e~~ ~f~",
        "snake_case _x_y_ a__b__c",
        "http://a.example/?x=1|2 HTTPS://A.EXAMPLE ftp://x www.a.example WWW.b user@host.example mailto:a@b.cd",
        "&lt; &amp; &#60; &#x3c; & &copy;",
        "# a",
        "#",
        "## ##",
        "a #",
        "- a",
        "-",
        "---",
        "- - -",
        "+ a",
        "+",
        "* a",
        "***",
        "1. a",
        "1) a",
        "12.",
        "> a",
        "===",
        "=",
        ":-:",
        ":--",
        ": a",
        "~~~",
        "```",
        "    code",
        "\tcode",
        "<!-- a -->",
        "<a id=\"x\"></a>",
        "<br>",
        "</a>",
        "<https://a.example>",
        "<a@b.cd>",
        "[x]: https://a.example",
        "[^1]",
        "[^1]: a",
        "[ ] a",
        "[x] a",
        "[[wiki]]",
        "![a](b)",
        "[!NOTE]",
        "$a$ $$b$$",
        "\0a\u{202e}b\u{200b}c\u{feff}d\u{2028}e\u{85}f\u{ad}",
        "\u{a0}a\u{a0}",
        "\u{3000}a",
        "**● pass**",
        "a\u{301}_b_",
        "é_è_",
        "{#id}",
        "!",
        "a!",
        "''\"\"",
        "()",
        ")(",
        "](x)",
        "a](javascript:1)[b",
    ] {
        check(value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_acts(value in "[ \\n\\t\\\\`*_\\[\\]()<>&;#|~!:@/.$=+^{}'\"0-9abhtpw1\u{202e}\u{e9}-]{1,24}") {
        check(&value);
    }

    #[test]
    fn no_value_of_any_characters_acts(value in "\\PC{1,16}|(?s:.){1,16}") {
        check(&value);
    }

    #[test]
    fn no_row_of_dangerous_words_acts(words in prop::collection::vec(prop::sample::select(vec![
        "http://a", "www.a", "a@b.c", "|", "`", "``", "\\", "*", "_", "__", "[", "](x)", "<b>", "<!--", "-->", "&lt;",
        "#", "-", "1.", "x", " ", "\n", "~~", "$", "![", "<a id=\"x\">", ":--", "---",
    ]), 1..8)) {
        check(&words.concat());
    }
}

#[test]
fn no_markdown_template_switches_escaping_off() {
    for (name, template) in TEMPLATES {
        assert!(!template.contains("safe"), "{name}");
        assert!(!template.contains("javascript:") && !template.contains("http:"), "{name}");
    }
}

#[test]
fn raw_html_and_dangerous_links_become_text() {
    let html = html::body(
        "<script>alert(1)</script>\n\nx <b onclick=\"y\">z</b> <br> <a id=\"c-1\"></a>\n\n<div>\nq\n</div>\n\n[a](javascript:alert(1)) \
         [b](//evil.example) [c](data:text/html,x) [d](/etc) [e](https://a.example) [f](x.md#y) [g](#h) \
         [h](vbscript:x) [i](http://a.example) [j](mailto:a@b.cd) ![k](https://a.example/x.png) <https://b.example>\n",
    );
    assert!(!html.contains("<script") && !html.contains("<b ") && !html.contains("<div>") && !html.contains("<img"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("<br>"));
    assert!(html.contains("<a id=\"c-1\"></a>"));
    let addresses: Vec<&str> = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(addresses, ["https://a.example", "x.html#y", "#h", "mailto:a@b.cd", "https://b.example"]);
}

#[test]
fn a_verdict_has_a_style_only_where_a_template_says_it() {
    assert_eq!(html::body("**▲ fail**"), "<p><span class=\"verdict fail\">▲ fail</span></p>\n");
    assert_eq!(html::body("▲ fail **▲ fail, waived**"), "<p>▲ fail <strong>▲ fail, waived</strong></p>\n");
}

/// What stands between the tags of an element.
fn inline<'p>(page: &'p str, tag: &str) -> impl Iterator<Item = &'p str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    page.split(open.as_str())
        .skip(1)
        .filter_map(move |rest| rest.split(close.as_str()).next())
        .collect::<Vec<_>>()
        .into_iter()
}

#[test]
fn a_page_runs_its_own_filter_only_and_loads_nothing() {
    let documents = rendered(&sample::pack());
    for document in documents.iter().filter(|document| is(&document.path, "html")) {
        let page = text(&documents, &document.path);
        let allowed = inline(&page, "style").map(|style| format!("style-src {};", html::hash(style)));
        let [style] = <[String; 1]>::try_from(allowed.collect::<Vec<_>>()).expect("one style");
        let script = inline(&page, "script").map(|script| format!(" script-src {};", html::hash(script)));
        let policy =
            format!("content=\"default-src 'none'; {style}{} img-src data:; base-uri", script.collect::<String>());
        assert!(page.contains(&policy), "{}: {policy}", document.path);
        let scripts = usize::from(document.path.starts_with("findings"));
        assert_eq!(page.matches("<script").count(), scripts, "{}", document.path);
        for trace in [" src=\"", " style=\"", "<link", "@import", "url(", "javascript:1)\"", "href=\"http:", "\u{202e}"]
        {
            assert!(!page.contains(trace), "{} holds {trace}", document.path);
        }
    }
}

#[test]
fn an_organization_can_not_leave_the_style_element() {
    let mut pack = sample::pack();
    pack.organization.as_mut().expect("one").name = "\"; } </style><script>alert(1)</script>".to_owned();
    let page = text(&rendered(&pack), "index.html");
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(!page.contains("<script"));
}

#[test]
fn tables_have_scopes_and_headings_have_ids() {
    let html = html::body(
        "## What is open\n\n## What is open\n\n| A | B |\n|---|--:|\n| x | 1 |\n\n| | |\n|---|---|\n| n | v |\n",
    );
    assert!(html.contains("<h2 id=\"what-is-open\">") && html.contains("<h2 id=\"what-is-open-1\">"));
    assert!(html.contains("<th scope=\"col\" class=\"c-a\">A</th><th scope=\"col\" class=\"c-b number\">B</th>"));
    assert!(html.contains("<tr><td>x</td><td class=\"number\">1</td></tr>"));
    assert!(html.contains("<tr><th scope=\"row\">n</th><td>v</td></tr>"));
    assert!(html.contains("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"what-is-open-1\">"));
    let head =
        Parser::new_ext("| A |\n|---|\n", viewer()).filter(|e| matches!(e, Event::Start(Tag::TableHead))).count();
    assert_eq!(head, 1);
}
