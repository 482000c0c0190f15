//! Every link of every document leads somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::sync::Mutex;

use super::{Document, is, rendered, text};
use crate::config::Config;
use crate::demo;
use crate::pack::{self, DocumentName, Inputs, Pack, Request};
use crate::render::formats::Chosen;
use crate::render::{each_sheet, sample};
use crate::snapshot::several::Snapshots;

/// Files that others write into the pack.
const WRITTEN_BY_OTHERS: [&str; 2] = ["evidence/", "manifest.json"];

fn between<'a>(text: &'a str, before: &str, after: char) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next()).collect::<Vec<_>>().into_iter()
}

/// The ids of each page, and the addresses in it.
type Pages = BTreeMap<String, (BTreeSet<String>, Vec<String>)>;

fn pages(documents: &[Document], extension: &str, address: (&str, char)) -> Pages {
    let page = |document: &Document| {
        let text = text(documents, &document.path);
        let ids = between(&text, " id=\"", '"').map(str::to_owned).collect();
        let addresses = between(&text, address.0, address.1).map(str::to_owned).collect();
        (document.path.clone(), (ids, addresses))
    };
    documents.iter().filter(|document| is(&document.path, extension)).map(page).collect()
}

/// The file of the pack that a page's address means.
fn below(page: &str, address: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        if part == ".." {
            assert!(parts.pop().is_some(), "{page} links to {address}, outside of the pack");
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// Follows every link of the documents of a pack, whose sheets of calls come from a snapshot that it has not.
fn check(pack: &Pack, extension: &str, address: (&str, char)) -> usize {
    follow(&rendered(pack), true, extension, address)
}

fn follow(documents: &[Document], without_sheets: bool, extension: &str, address: (&str, char)) -> usize {
    let pages = pages(documents, extension, address);
    let mut followed = 0;
    for (path, (_, addresses)) in &pages {
        for address in addresses.iter().filter(|a| !a.starts_with("https:") && !a.starts_with("javascript:")) {
            let (file, place) = address.split_once('#').unwrap_or((address, ""));
            let file = if file.is_empty() { path.clone() } else { below(path, file) };
            let file = file.as_str();
            followed += 1;
            let is_sheet = file.starts_with("calls/") && !file.contains("/index");
            if WRITTEN_BY_OTHERS.iter().any(|other| file.starts_with(other)) || (without_sheets && is_sheet) {
                continue;
            }
            assert!(documents.iter().any(|document| document.path == file), "{path} links to {address}: no such file");
            if !place.is_empty() {
                assert!(pages[file].0.contains(place), "{path} links to {address}: no such place");
            }
        }
    }
    followed
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    assert!(check(&sample::pack(), "html", ("href=\"", '"')) > 50);
}

#[test]
fn every_link_to_a_sheet_and_from_one_leads_somewhere() {
    let evidence = concat!(env!("CARGO_MANIFEST_DIR"), "/output/demo/evidence");
    let snapshots = Snapshots::in_pack(Path::new(evidence)).expect("the sample pack's evidence");
    let config = Config::parse(demo::CONFIG, "evidence.toml").expect("a configuration");
    let inputs = Inputs { snapshots: &snapshots, config: &config, declarations: Some(demo::CONFIG), period: None };
    let pack = pack::build(inputs).expect("a pack");
    let documents = Mutex::new(rendered(&pack));
    let kept = each_sheet::<Box<dyn Error + Send + Sync>>(&pack, &Chosen::all(), &snapshots, &|path, content| {
        documents.lock().expect("nobody panicked").push(Document::new(path, content));
        Ok(())
    });
    kept.expect("sheets");
    let documents = documents.into_inner().expect("nobody panicked");
    assert!(documents.iter().any(|document| document.path.starts_with("calls/")));
    assert!(follow(&documents, false, "html", ("href=\"", '"')) > 500);
    assert!(follow(&documents, false, "md", ("](", ')')) > 400);
}

#[test]
fn every_link_of_the_write_up_leads_somewhere() {
    let pack = sample::with_every_control();
    assert!(check(&pack, "html", ("href=\"", '"')) > 500);
    assert!(check(&pack, "md", ("](", ')')) > 400);
}

#[test]
fn no_link_of_a_narrowed_pack_leads_to_what_was_left_out() {
    let programs = [vec![], vec!["hipaa".to_owned()], vec!["soc".to_owned(), "iso9001".to_owned()]];
    for programs in programs {
        // The sample was compared with no earlier pack.
        for document in DocumentName::ALL.into_iter().filter(|document| *document != DocumentName::Changes) {
            let Ok(request) = Request::new(&programs, &[document]) else { continue };
            let pack = sample::with_every_control().narrowed(request);
            let pages = rendered(&pack).into_iter().filter(|page| is(&page.path, "md")).count();
            assert!(pages > 0, "{document} of {programs:?}");
            check(&pack, "html", ("href=\"", '"'));
            check(&pack, "md", ("](", ')'));
        }
    }
}

#[test]
fn every_link_of_a_markdown_file_leads_somewhere() {
    assert!(check(&sample::pack(), "md", ("](", ')')) > 40);
}

#[test]
fn links_find_the_right_page_when_there_are_many() {
    let pack = sample::large(450, 2_500);
    let paths: Vec<String> = rendered(&pack).into_iter().map(|document| document.path).collect();
    let usage = "channel-usage/111122223333/us-east-1";
    let findings = "findings/111122223333/us-east-1";
    let index = "calls/111122223333/us-east-1/index";
    for path in
        [format!("{usage}-5.html"), format!("{findings}-7.html"), format!("{index}-3.html"), format!("{index}-3.md")]
    {
        assert!(paths.contains(&path), "{path}");
    }
    for path in
        [format!("{usage}-6.html"), format!("{findings}-8.html"), format!("{index}-4.html"), "findings-2.html".into()]
    {
        assert!(!paths.contains(&path), "{path}");
    }
    assert!(check(&pack, "html", ("href=\"", '"')) > 10_000);
    assert!(check(&pack, "md", ("](", ')')) > 10_000);
}

#[test]
fn a_page_says_which_it_is_and_leads_to_its_neighbours() {
    let documents = rendered(&sample::large(450, 2_500));
    assert!(
        text(&documents, "calls/111122223333/us-east-1/index-2.md")
            .contains("Page 2 of 3 · [previous page](index.md) · [next page](index-3.md)")
    );
    let html = text(&documents, "calls/111122223333/us-east-1/index-2.html");
    assert!(html.contains("<title>Index of calls, page 2 – Evidence pack 2026-Q3"));
    assert!(html.contains("<a href=\"../../../evidence.html\">all calls</a>"));
}

#[test]
fn two_applications_of_one_id_in_two_accounts_have_two_places() {
    let mut pack = sample::pack();
    let mut twin = pack.scope.applications.first();
    twin.account = "444455556666".to_owned();
    twin.arn = twin.arn.replace("111122223333", "444455556666");
    pack.scope.applications.push(twin);
    let page = text(&rendered(&pack), "channel-usage.md");
    let anchors: Vec<&str> = between(&page, "<a id=\"app-", '"').collect();
    assert_eq!(anchors.len(), anchors.iter().collect::<BTreeSet<_>>().len());
}
