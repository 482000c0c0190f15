//! The HIPAA write-up: every statement of the finished text names what it rests on.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{rendered, text};
use crate::pack::write_up::{Block, hipaa};
use crate::pack::{Evidence, Organization, Pack};
use crate::render::sample;
use crate::render::words::BASIS_STYLES;
use crate::rules::Attestation;

const FILE: &str = "hipaa-shared-responsibility.md";

/// The head of the column in which a table says what its rows rest on.
const RESTS_ON: &str = "Rests on";

/// A piece of the finished text that must name what it rests on, or is known to state nothing.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// A sentence of a list, or the last cell of a row: its words, labels and links.
    Stated { words: String, labels: Vec<String>, links: Vec<String> },
    /// A row whose cells are all empty, to be filled in by hand.
    Blank,
    /// A sentence about the document itself.
    Guide(String),
    /// Something that is none of these.
    Other(String),
}

/// Walks over a whole document.
fn found(markdown: &str) -> Vec<Found> {
    let mut walk = Walk::default();
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                until(&mut events, TagEnd::Heading(level));
            }
            Event::Start(Tag::HtmlBlock) => {
                let mark = words(&until(&mut events, TagEnd::HtmlBlock));
                if !mark.starts_with("<!-- picture ") {
                    walk.found.push(Found::Other(mark));
                }
            }
            Event::Start(Tag::BlockQuote(kind)) => {
                let inner = until(&mut events, TagEnd::BlockQuote(kind));
                walk.found.push(Found::Guide(words(&inner)));
            }
            Event::Start(Tag::Item) => {
                let inner = until(&mut events, TagEnd::Item);
                walk.found.push(stated(&inner));
            }
            Event::Start(Tag::List(_)) | Event::End(TagEnd::List(_)) => {}
            Event::Start(Tag::Table(_)) => walk.table(&until(&mut events, TagEnd::Table)),
            other => walk.found.push(Found::Other(format!("{other:?}"))),
        }
    }
    walk.found
}

#[derive(Default)]
struct Walk {
    found: Vec<Found>,
}

impl Walk {
    fn table(&mut self, events: &[Event<'_>]) {
        let mut rows: Vec<Vec<Vec<Event<'_>>>> = Vec::new();
        let mut is_in_cell = false;
        for event in events {
            match event {
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    rows.last_mut().expect("a row").push(Vec::new());
                    is_in_cell = true;
                }
                Event::End(TagEnd::TableCell) => is_in_cell = false,
                other if is_in_cell => {
                    rows.last_mut().expect("a row").last_mut().expect("a cell").push(other.clone());
                }
                _ => {}
            }
        }
        let (head, body) = rows.split_first().expect("a head");
        let last_head = words(head.last().expect("a column"));
        for row in body {
            let is_blank = row.iter().all(Vec::is_empty);
            if is_blank {
                self.found.push(Found::Blank);
            } else if last_head == RESTS_ON || head.iter().all(Vec::is_empty) {
                self.found.push(stated(row.last().expect("a cell")));
            } else {
                self.found.push(Found::Other(format!("a row of a table without `{RESTS_ON}`: {row:?}")));
            }
        }
    }
}

fn until<'a>(events: &mut impl Iterator<Item = Event<'a>>, end: TagEnd) -> Vec<Event<'a>> {
    let mut depth = 0;
    let mut inner = Vec::new();
    for event in events {
        match &event {
            Event::End(tag) if *tag == end && depth == 0 => break,
            Event::Start(tag) if tag.to_end() == end => depth += 1,
            Event::End(tag) if *tag == end => depth -= 1,
            _ => {}
        }
        inner.push(event);
    }
    inner
}

fn words(events: &[Event<'_>]) -> String {
    let pieces = events.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) | Event::Html(text) => Some(&**text),
        Event::SoftBreak => Some(" "),
        _ => None,
    });
    pieces.collect::<String>().trim().to_owned()
}

fn stated(events: &[Event<'_>]) -> Found {
    let (mut labels, mut links, mut is_strong) = (Vec::new(), Vec::new(), false);
    for event in events {
        match event {
            Event::Start(Tag::Strong) => is_strong = true,
            Event::End(TagEnd::Strong) => is_strong = false,
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Text(text) if is_strong && BASIS_STYLES.iter().any(|(label, _)| *label == &**text) => {
                labels.push(text.to_string());
            }
            _ => {}
        }
    }
    Found::Stated { words: words(events), labels, links }
}

/// What is wrong with a finished document: each statement that names nothing it rests on, and everything that is not
/// known to state nothing.
fn problems(markdown: &str, guides: &BTreeSet<&str>) -> Vec<String> {
    let problem = |found: &Found| match found {
        Found::Blank => None,
        Found::Guide(guide) => (!guides.contains(guide.as_str())).then(|| format!("no guide: {guide}")),
        Found::Other(other) => Some(format!("not known: {other}")),
        Found::Stated { words, labels, links } => {
            let leads = |to: &str| links.iter().any(|link| link.contains(to));
            let says = |label: &str| labels.iter().any(|found| found == label);
            let is_missing = labels.is_empty()
                || (says("evidence") && !leads("calls/") && !words.contains("(not in the index)"))
                || (says("AWS states") && !leads("https://"))
                || (says("law") && !words.contains("45 CFR 16"))
                || (says("this pack") && !leads(".json"));
            is_missing.then(|| format!("rests on nothing: {words}"))
        }
    };
    found(markdown).iter().filter_map(problem).collect()
}

fn guides(pack: &Pack) -> BTreeSet<&'static str> {
    let write_up = hipaa::write_up(pack).expect("the program is there");
    let blocks = write_up.parts.iter().flat_map(|part| &part.blocks);
    blocks
        .filter_map(|block| match block {
            Block::Guide(text) => Some(*text),
            _ => None,
        })
        .collect()
}

fn check(pack: &Pack) -> Vec<Found> {
    let markdown = text(&rendered(pack), FILE);
    assert_eq!(problems(&markdown, &guides(&sample::with_every_control())), Vec::<String>::new());
    found(&markdown)
}

/// Statements for everything that could be asked.
fn with_every_statement() -> Pack {
    let mut pack = sample::with_every_control();
    let statement = |id: &String| Attestation {
        id: id.clone(),
        statement: format!("We look after {}.", sample::NASTY),
        by: Some(format!("J. Doe {}", sample::NASTY)),
        role: Some("Officer | deputy".to_owned()),
        on: "2026-07-15".parse().ok(),
        reference: Some("GRC-881".to_owned()),
    };
    pack.declared.attestations = crate::programs::attestations::all().keys().map(statement).collect();
    let groups = pack.programs.iter_mut().flat_map(|program| &mut program.groups);
    for control in groups.flat_map(|group| &mut group.controls) {
        control.missing.clear();
        let asked = &control.definition.attestations;
        let given = pack.declared.attestations.iter().filter(|given| asked.contains(&given.id));
        control.attestations = given.cloned().collect();
    }
    pack
}

#[test]
fn every_statement_names_what_it_rests_on() {
    let pack = sample::with_every_control();
    let stated = check(&pack).iter().filter(|found| matches!(found, Found::Stated { .. })).count();
    assert!(stated > 200, "{stated}");
}

#[test]
fn so_does_every_statement_of_a_pack_with_everything_stated_and_of_one_with_nothing() {
    let all = check(&with_every_statement());
    let attested =
        |found: &&Found| matches!(found, Found::Stated { labels, .. } if labels.contains(&"attested".to_owned()));
    assert!(all.iter().filter(attested).count() > 60);
    let asks = |found: &&Found| matches!(found, Found::Stated { words, .. } if words.contains("not evidenced: "));
    assert_eq!(all.iter().find(asks), None, "what was stated is not asked for again");
    let mut bare = sample::with_every_control();
    bare.organization = None;
    bare.findings.clear();
    bare.evidence = Evidence::default();
    bare.reports.clear();
    bare.agreements.clear();
    bare.scope.applications.clear();
    bare.scope.regions_not_scanned.clear();
    let left = check(&bare);
    let evidence =
        |found: &Found| matches!(found, Found::Stated { labels, .. } if labels.contains(&"evidence".to_owned()));
    assert!(!left.iter().any(evidence), "{left:?}");
}

#[test]
fn so_does_every_statement_of_the_sample_pack_that_is_committed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/output/demo/hipaa-shared-responsibility.md");
    let markdown = std::fs::read_to_string(path).expect(path);
    assert_eq!(problems(&markdown, &guides(&sample::with_every_control())), Vec::<String>::new());
    let labels: BTreeSet<String> = found(&markdown)
        .into_iter()
        .flat_map(|found| match found {
            Found::Stated { labels, .. } => labels,
            _ => Vec::new(),
        })
        .collect();
    let all: BTreeSet<String> = BASIS_STYLES.iter().map(|(label, _)| (*label).to_owned()).collect();
    assert_eq!(labels, all, "the sample shows a statement of each kind");
}

#[test]
fn the_walk_finds_what_rests_on_nothing() {
    let guides = BTreeSet::from(["How to read it."]);
    for (markdown, problem) in [
        ("Nothing leaves AWS.\n", "not known: Start(Paragraph)"),
        ("- Nothing leaves AWS.\n", "rests on nothing: Nothing leaves AWS."),
        ("- Nothing leaves AWS. — **evidence**\n", "rests on nothing: Nothing leaves AWS. — evidence"),
        ("- Nothing leaves AWS. — **AWS states** a page\n", "rests on nothing"),
        ("> Nothing leaves AWS.\n", "no guide: Nothing leaves AWS."),
        ("| A | Rests on |\n|---|---|\n| Nothing leaves AWS. | |\n", "rests on nothing"),
        ("| | | |\n|---|---|---|\n| A | b | c |\n", "rests on nothing: c"),
        ("| A | B |\n|---|---|\n| Nothing leaves AWS. | |\n", "not known: a row of a table without `Rests on`"),
        ("```\nNothing leaves AWS.\n```\n", "not known: Start(CodeBlock"),
        ("<b>Nothing leaves AWS.</b>\n", "not known: "),
    ] {
        let problems = problems(markdown, &guides);
        assert!(problems.first().is_some_and(|found| found.starts_with(problem)), "{markdown}: {problems:?}");
    }
    let good = "# A\n\n> How to read it.\n\n- B. — **not evidenced**\n\n<!-- picture x -->\n\n| A | Rests on |\n|---|---|\n\
        | b | **law** 45 CFR 164.312(b) |\n\n| Signature |\n|---|\n| |\n";
    assert_eq!(problems(good, &guides), Vec::<String>::new());
}

#[test]
fn a_role_an_agreement_on_paper_and_the_end_of_support_change_what_it_says() {
    let mut pack = sample::with_every_control();
    let covered = text(&rendered(&pack), FILE);
    assert!(covered.contains("- The entity is a covered entity: "), "{covered}");
    assert!(covered.contains("This evidence was collected on 2026-09-30, before or on that day: "));
    pack.organization = Some(Organization { name: "Biller".to_owned(), role: Some("business_associate".to_owned()) });
    pack.collected.last = "2026-11-23T10:00:00Z".parse().expect("a time");
    pack.declared.offline_baa = Some(Attestation {
        id: "offline_baa".to_owned(),
        statement: "A business associate addendum is in force outside AWS Artifact (contract 2019-114).".to_owned(),
        by: Some("J. Doe".to_owned()),
        role: None,
        on: "2026-01-10".parse().ok(),
        reference: Some("contract 2019-114".to_owned()),
    });
    check(&pack);
    let page = text(&rendered(&pack), FILE);
    for sentence in [
        "| Entity, role | Biller, business associate | **declared** organization |\n",
        "- The entity is a business associate: ",
        "(contract 2019-114).” — **attested** J. Doe, 2026-01-10, contract 2019-114\n",
        "This evidence was collected on 2026-11-23, after that day. An empty answer about campaigns, journeys or segments \
         is then no evidence, and none is counted as one.",
    ] {
        assert!(page.contains(sentence), "{sentence}\n{page}");
    }
}

#[test]
fn an_account_without_a_finding_on_its_addendum_is_not_evidenced() {
    let page = text(&rendered(&sample::with_every_control()), FILE);
    let row = "| 444455556666 | – | no agreement of this account was asked for | **not evidenced** |\n";
    assert!(page.contains(row), "{page}");
}

#[test]
fn it_says_required_or_addressable_for_every_line_and_keeps_the_pack_six_years() {
    let page = text(&rendered(&sample::with_every_control()), FILE);
    for line in [
        "| 164.312(e)(2)(ii)<br>Encryption in transit | A | ",
        "| 164.308(a)(2)<br>A named security official | R (standard) | **○ needs attestation** | – | No AWS API shows who it \
         is. | **not evidenced**: [security_official](hipaa-shared-responsibility.md#state-security_official) |\n",
        "| Keep this pack until | 2032-09-30 | **law** 45 CFR 164.316(b)(2)(i); **this pack** [manifest.json](manifest.json) |\n",
        "| 164.308(a)(7) | CP-1, CP-2, CP-2(8), CP-3, CP-4, CP-6, CP-7, CP-8, CP-9, CP-9(1), CP-10, RA-2, ",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
}

#[test]
fn the_page_holds_both_pictures_and_the_text_neither() {
    let documents = rendered(&sample::with_every_control());
    let html = text(&documents, "hipaa-shared-responsibility.html");
    let markdown = text(&documents, FILE);
    for name in ["data-flow", "timeline"] {
        assert_eq!(html.matches(&format!("<title id=\"{name}-title\">")).count(), 1, "{name}");
        assert_eq!(markdown.matches(&format!("<!-- picture {name} -->")).count(), 1, "{name}");
    }
    assert!(!markdown.contains("<svg") && !html.contains("<!--"));
    let program = text(&documents, "programs/soc.html");
    assert_eq!(program.matches("<svg ").count(), 1);
}

#[test]
fn a_value_cannot_put_a_picture_anywhere() {
    let mut pack = sample::with_every_control();
    pack.scope.applications.edit(|all| all[0].name = "<!-- picture timeline -->".to_owned());
    let html = text(&rendered(&pack), "hipaa-shared-responsibility.html");
    assert_eq!(html.matches("id=\"timeline-title\"").count(), 1);
    assert!(html.contains("&lt;!-- picture timeline --&gt;"), "the name shows as it is");
}
