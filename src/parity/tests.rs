//! Every fixture estate says the same in every format, and a change in any one of them is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::pack::{DocumentName, Pack, Request};
use crate::render::formats::Chosen;
use crate::render::{RenderError, each_document, sample};
use crate::rules::testing::packs::packs;

/// The machine formats and the pages of findings, by path.
fn written(pack: &Pack) -> BTreeMap<String, Vec<u8>> {
    let pack = pack.clone().narrowed(Request::new(&[], &[DocumentName::Findings]).expect("a request"));
    let files = Mutex::new(BTreeMap::new());
    let done = each_document::<RenderError>(&pack, &Chosen::all(), &|path, content| {
        let mut bytes = Vec::new();
        content(&mut bytes).expect("memory takes everything");
        files.lock().expect("nobody panicked").insert(path.to_owned(), bytes);
        Ok(())
    });
    done.expect("documents");
    files.into_inner().expect("nobody panicked")
}

/// The differences of a directory with these files.
fn differences(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("creates");
        std::fs::write(path, bytes).expect("writes");
    }
    let names: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    super::check(folder.path(), &names).expect("reads").iter().map(ToString::to_string).collect()
}

#[test]
fn every_fixture_estate_says_the_same_in_every_format() {
    let packs = packs();
    assert!(packs.len() > 20, "{}", packs.len());
    for (name, pack) in packs.into_iter().chain([("sample", sample::pack())]) {
        let files = written(&pack);
        assert!(files.len() >= 12, "{name}: {:?}", files.keys());
        let found = differences(&files);
        assert_eq!(found, Vec::<String>::new(), "{name}");
    }
}

/// One way to break a file.
struct Mutation {
    path: &'static str,
    what: &'static str,
    change: fn(&str) -> String,
}

const fn mutation(path: &'static str, what: &'static str, change: fn(&str) -> String) -> Mutation {
    Mutation { path, what, change }
}

/// The text with the first of one thing replaced by another.
fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "there is no {from:?}");
    text.replacen(from, to, 1)
}

/// The document after a change.
fn edit(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(text).expect("JSON");
    change(&mut value);
    value.to_string()
}

fn drop_first(list: &mut Value) {
    list.as_array_mut().expect("a list").remove(0);
}

/// The prop of that name.
fn prop<'v>(value: &'v mut Value, name: &str) -> &'v mut Value {
    let props = value["props"].as_array_mut().expect("props");
    &mut props.iter_mut().find(|prop| prop["name"] == name).expect("the prop")["value"]
}

/// The first member that satisfies something.
fn first(list: &mut Value, is: impl Fn(&Value) -> bool) -> &mut Value {
    list.as_array_mut().expect("a list").iter_mut().find(|member| is(member)).expect("one")
}

fn about_finding(value: &Value) -> bool {
    value["props"][0]["name"] == "finding-id"
}

const RESULT: &str = "/assessment-results/results/0";

fn run(document: &mut Value) -> &mut Value {
    document.pointer_mut(RESULT).expect("a result")
}

fn mutations() -> Vec<Mutation> {
    let mut all = tables();
    all.extend(oscal());
    all.extend(events());
    all.extend(pipelines());
    all
}

fn tables() -> Vec<Mutation> {
    const CSV: &str = "findings.csv";
    vec![
        mutation(CSV, "a verdict", |csv| swap(csv, ",fail,,", ",pass,,")),
        mutation(CSV, "a reason", |csv| swap(csv, ",not_evaluated,access_denied,", ",not_evaluated,throttled,")),
        mutation(CSV, "an id", |csv| swap(csv, "\r\nf-", "\r\nf-0")),
        mutation(CSV, "evidence", |csv| swap(csv, "c-0000000000000001", "c-000000000000000f")),
        mutation(CSV, "a waiver", |csv| swap(csv, ",true,mobile team", ",false,mobile team")),
        mutation(CSV, "a row", |csv| {
            let mut lines: Vec<&str> = csv.split_inclusive("\r\n").collect();
            lines.remove(1);
            lines.concat()
        }),
        mutation(CSV, "the same row again", |csv| {
            format!("{csv}{}", csv.split_inclusive("\r\n").nth(2).expect("a row"))
        }),
        mutation(CSV, "the form", |csv| csv.replace("\r\n", "\n")),
        mutation("findings.md", "a verdict", |page| swap(page, "**▲ fail**", "**● pass**")),
        mutation("findings.md", "a row", |page| swap(page, "| <a id=\"f-", "| <a id=\"g-")),
        mutation("findings.md", "an id", |page| swap(page, "<a id=\"f-", "<a id=\"f-0")),
    ]
}

fn oscal() -> Vec<Mutation> {
    const RESULTS: &str = "oscal/assessment-results.json";
    const POAM: &str = "oscal/poam.json";
    const PLAN: &str = "oscal/assessment-plan.json";
    const COMPONENTS: &str = "oscal/component-definition.json";
    vec![
        mutation(RESULTS, "a verdict", |text| {
            edit(text, |document| {
                let found =
                    first(&mut run(document)["observations"], |o| about_finding(o) && o["props"][3]["value"] == "fail");
                *prop(found, "verdict") = json!("pass");
            })
        }),
        mutation(RESULTS, "evidence", |text| {
            edit(text, |document| {
                let found = first(&mut run(document)["observations"], about_finding);
                found["relevant-evidence"] = json!([{"description": "Call c-0"}]);
            })
        }),
        mutation(RESULTS, "an observation", |text| {
            edit(text, |document| {
                let list = run(document)["observations"].as_array_mut().expect("a list");
                let at = list.iter().position(about_finding).expect("one");
                list.remove(at);
            })
        }),
        mutation(RESULTS, "a state", |text| swap(text, "\"not-satisfied\"", "\"satisfied\"")),
        mutation(RESULTS, "a finding", |text| edit(text, |document| drop_first(&mut run(document)["findings"]))),
        mutation(RESULTS, "a risk", |text| edit(text, |document| drop_first(&mut run(document)["risks"]))),
        mutation(RESULTS, "the status of a risk", |text| swap(text, "\"deviation-approved\"", "\"open\"")),
        mutation(RESULTS, "a count", |text| edit(text, |document| *prop(run(document), "fail") = json!("0"))),
        mutation(RESULTS, "coverage", |text| {
            edit(text, |document| {
                let found = first(&mut run(document)["observations"], |o| o["props"][2]["name"] == "eligible");
                *prop(found, "eligible") = json!("99");
            })
        }),
        mutation(RESULTS, "the hash of an answer", |text| {
            edit(text, |document| {
                let resources = &mut document["assessment-results"]["back-matter"]["resources"];
                let call = first(resources, |r| r["props"][1]["name"] == "call" && r["props"][4].is_object());
                *prop(call, "answer-sha256") = json!("0".repeat(64));
            })
        }),
        mutation(RESULTS, "a report", |text| {
            edit(text, |document| {
                let resources =
                    document["assessment-results"]["back-matter"]["resources"].as_array_mut().expect("a list");
                resources.retain(|resource| resource["props"][0]["value"] != "report");
            })
        }),
        mutation(RESULTS, "the status of a control", |text| swap(text, "\"value\":\"inherited\"", "\"value\":\"met\"")),
        mutation(POAM, "an item", |text| {
            edit(text, |document| drop_first(&mut document["plan-of-action-and-milestones"]["poam-items"]))
        }),
        mutation(POAM, "a verdict", |text| swap(text, "\"value\":\"not_evaluated\"", "\"value\":\"fail\"")),
        mutation(POAM, "a waiver", |text| {
            let at = text.find("poam-items").expect("items");
            format!("{}{}", &text[..at], swap(&text[at..], "\"value\":\"true\"", "\"value\":\"false\""))
        }),
        mutation(PLAN, "a rule", |text| {
            edit(text, |document| drop_first(&mut document["assessment-plan"]["local-definitions"]["activities"]))
        }),
        mutation(PLAN, "a control", |text| {
            let list = "/assessment-plan/reviewed-controls/control-selections/0/include-controls";
            edit(text, |document| drop_first(document.pointer_mut(list).expect("controls")))
        }),
        mutation(COMPONENTS, "who answers", |text| swap(text, "\"value\":\"shared\"", "\"value\":\"aws\"")),
        mutation(COMPONENTS, "a control", |text| swap(text, "\"value\":\"A.13.2.3\"", "\"value\":\"A.1\"")),
    ]
}

fn events() -> Vec<Mutation> {
    const OCSF: &str = "ocsf/findings.json";
    const ASFF: &str = "asff/findings.json";
    vec![
        mutation(OCSF, "a status", |text| swap(text, "\"status_id\":3", "\"status_id\":1")),
        mutation(OCSF, "a verdict", |text| swap(text, "\"verdict\":\"fail\"", "\"verdict\":\"pass\"")),
        mutation(OCSF, "a message", |text| swap(text, "GetChannels was denied.", "All is well.")),
        mutation(OCSF, "a control", |text| swap(text, "\"requirements\":[\"ISO", "\"requirements\":[\"XISO")),
        mutation(OCSF, "evidence", |text| swap(text, "\"evidence\":[\"c-", "\"evidence\":[\"d-")),
        mutation(OCSF, "an event", |text| edit(text, drop_first)),
        mutation(ASFF, "a status", |text| swap(text, "\"Status\":\"FAILED\"", "\"Status\":\"PASSED\"")),
        mutation(ASFF, "a status with its verdict", |text| {
            let text = swap(text, "\"Status\":\"FAILED\"", "\"Status\":\"PASSED\"");
            swap(&text, "Verdict\":\"fail\"", "Verdict\":\"pass\"")
        }),
        mutation(ASFF, "a resource", |text| swap(text, "\"Id\":\"arn:", "\"Id\":\"brn:")),
        mutation(ASFF, "a finding", |text| edit(text, drop_first)),
        mutation("results.json", "a verdict", |text| swap(text, "\"verdict\": \"fail\"", "\"verdict\": \"pass\"")),
        mutation("results.json", "the form", |text| text.replacen('{', "[", 1)),
    ]
}

fn pipelines() -> Vec<Mutation> {
    const SARIF: &str = "sarif/results.sarif";
    const JUNIT: &str = "junit/results.xml";
    vec![
        mutation(SARIF, "a kind", |text| swap(text, "\"kind\":\"fail\"", "\"kind\":\"pass\"")),
        mutation(SARIF, "a level", |text| swap(text, "\"level\":\"error\"", "\"level\":\"warning\"")),
        mutation(SARIF, "a suppression", |text| swap(text, "\"status\":\"rejected\"", "\"status\":\"accepted\"")),
        mutation(SARIF, "a result", |text| edit(text, |log| drop_first(&mut log["runs"][0]["results"]))),
        mutation(SARIF, "a control", |text| edit(text, |log| drop_first(&mut log["runs"][0]["taxonomies"][0]["taxa"]))),
        mutation(SARIF, "what a rule is relevant to", |text| {
            edit(text, |log| {
                for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().expect("rules") {
                    rule.as_object_mut().expect("a rule").remove("relationships");
                }
            })
        }),
        mutation(JUNIT, "a failure that is gone", |text| {
            let at = text.find("      <failure").expect("a failure");
            let end = at + text[at..].find('\n').expect("a line") + 1;
            format!("{}{}", &text[..at], &text[end..])
        }),
        mutation(JUNIT, "an error that is skipped", |text| swap(text, "<error ", "<skipped ")),
        mutation(JUNIT, "a count", |text| swap(text, "failures=\"", "failures=\"1")),
        mutation(JUNIT, "a name", |text| swap(text, "name=\"arn:", "name=\"brn:")),
        mutation(JUNIT, "the form", |text| swap(text, "</testcase>", "</testcas>")),
    ]
}

#[test]
fn a_change_in_any_one_format_is_noticed() {
    let files = written(&sample::pack());
    assert_eq!(differences(&files), Vec::<String>::new());
    for Mutation { path, what, change } in mutations() {
        let mut changed = files.clone();
        let text = String::from_utf8(changed[path].clone()).expect("text");
        changed.insert(path.to_owned(), change(&text).into_bytes());
        let found = differences(&changed);
        assert!(!found.is_empty(), "{what} of {path} was changed, and nothing was noticed");
        let elsewhere =
            found.iter().filter(|difference| path != "results.json" && !difference.starts_with(path)).count();
        assert_eq!(elsewhere, 0, "{what} of {path}: {found:#?}");
    }
}

#[test]
fn a_change_of_the_fragment_for_fedramp_is_noticed() {
    let path = "fedramp/security-decision-record.json";
    let of_fragment = |files: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        differences(files).into_iter().filter(|difference| difference.starts_with(path)).collect()
    };
    // Its controls are on show: no finding bears on them, so the other formats have more to say than results.json.
    let files = written(&sample::with_every_control());
    assert_eq!(of_fragment(&files), Vec::<String>::new());
    let word = "\"controlId\": \"AC-2\",\n      \"controlImplementationStatus\": \"Implemented\"";
    for (from, to) in [
        ("\"needs_attestation, as far", "\"met, as far"),
        ("\"controlId\": \"", "\"controlId\": \"X"),
        ("\"controlId\": \"AC-2\"", word),
    ] {
        let text = String::from_utf8(files[path].clone()).expect("text");
        let mut changed = files.clone();
        changed.insert(path.to_owned(), swap(&text, from, to).into_bytes());
        assert!(!of_fragment(&changed).is_empty(), "{from}");
    }
}

#[test]
fn a_narrowed_pack_is_compared_in_what_it_has() {
    let mut files = written(&sample::pack());
    files.retain(|path, _| ["results.json", "findings.csv"].contains(&path.as_str()));
    assert_eq!(differences(&files), Vec::<String>::new());
}
