//! What holds of every document of the published formats, over every fixture estate: it is valid by its publisher's
//! schema, and what a schema cannot say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

use super::{ALL, Facts};
use crate::pack::Pack;
use crate::render::sample;
use crate::rules::testing::packs::packs;

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/schemas").join(path);
    serde_json::from_str(&std::fs::read_to_string(path).expect("a schema")).expect("JSON")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).expect("a schema")
}

/// Every fixture estate, the sample with nasty names, and one with every control.
fn all_packs() -> Vec<(&'static str, Pack)> {
    let samples = [("sample", sample::pack()), ("every control", sample::with_every_control())];
    packs().into_iter().chain(samples).collect()
}

/// The files of a pack's machine formats.
fn written(pack: &Pack) -> BTreeMap<&'static str, String> {
    let files = ALL.iter().flat_map(|format| format.files).filter(|file| (file.has)(pack));
    let write = |file: &super::File| {
        let mut out = Vec::new();
        (file.write)(&Facts { pack }, &mut out).expect("written");
        (file.path, String::from_utf8(out).expect("text"))
    };
    files.map(write).collect()
}

/// The JSON files below a folder of every pack, for a look at each.
fn each_document(folder: &str, mut look: impl FnMut(&str, &str, &Value)) {
    let mut documents = 0;
    for (name, pack) in all_packs() {
        for (path, text) in written(&pack).into_iter().filter(|(path, _)| path.starts_with(folder)) {
            look(name, path, &serde_json::from_str(&text).expect("JSON"));
            documents += 1;
        }
    }
    assert!(documents > 25, "{documents}");
}

#[track_caller]
fn assert_valid(validator: &Validator, name: &str, path: &str, document: &Value) {
    let error = |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    let errors: Vec<String> = validator.iter_errors(document).map(error).take(3).collect();
    assert!(errors.is_empty(), "{name}: {path}: {errors:#?}");
}

#[test]
fn documents_of_oscal_are_valid_by_the_schemas_of_nist() {
    let schemas: BTreeMap<&str, Validator> = [
        ("oscal/assessment-plan.json", "oscal/oscal_assessment-plan_schema.json"),
        ("oscal/assessment-results.json", "oscal/oscal_assessment-results_schema.json"),
        ("oscal/component-definition.json", "oscal/oscal_component_schema.json"),
        ("oscal/poam.json", "oscal/oscal_poam_schema.json"),
    ]
    .into_iter()
    .map(|(path, schema)| (path, validator(&read(schema))))
    .collect();
    each_document("oscal/", |name, path, document| assert_valid(&schemas[path], name, path, document));
}

#[test]
fn the_log_is_valid_by_the_schema_of_sarif() {
    let schema = validator(&read("sarif/sarif-schema-2.1.0.json"));
    each_document("sarif/", |name, path, document| assert_valid(&schema, name, path, document));
}

/// What a document of OSCAL defines and what it refers to.
#[derive(Default)]
struct References {
    defined: BTreeSet<String>,
    twice: Vec<String>,
    used: BTreeSet<String>,
    wrong: Vec<String>,
}

impl References {
    fn of(document: &Value) -> Self {
        let mut references = Self::default();
        references.walk("", document);
        references
    }

    fn walk(&mut self, key: &str, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(key, member)| self.walk(key, member)),
            Value::Array(members) if members.is_empty() => self.wrong.push(format!("`{key}` is an empty list")),
            Value::Array(members) => members.iter().for_each(|member| self.walk(key, member)),
            Value::String(text) => self.text(key, text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        if key == "uuid" && !self.defined.insert(text.to_owned()) {
            self.twice.push(text.to_owned());
        }
        if key.ends_with("-uuid") {
            self.used.insert(text.to_owned());
        }
        if let ("href" | "source", Some(uuid)) = (key, text.strip_prefix('#')) {
            self.used.insert(uuid.to_owned());
        }
        let is_digest = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if key == "value" && text.len() > 56 && text.bytes().all(|b| b.is_ascii_hexdigit()) && !is_digest {
            self.wrong.push(format!("`{text}` is no SHA-256"));
        }
        let is_time = ["last-modified", "start", "end", "collected", "deadline"].contains(&key);
        if is_time && (text.len() != 20 || !text.ends_with('Z')) {
            self.wrong.push(format!("`{key}` is `{text}`"));
        }
        if key == "title" && text.contains(['\n', '\r']) {
            self.wrong.push(format!("`{text}` has a line break"));
        }
    }
}

#[test]
fn every_reference_of_a_document_of_oscal_leads_somewhere() {
    each_document("oscal/", |name, path, document| {
        let References { defined, twice, used, wrong } = References::of(document);
        // The samples cite a call of a snapshot that they do not have; no pack that was built does.
        let is_built = !["sample", "every control"].contains(&name);
        let lost: Vec<&String> = used.difference(&defined).filter(|_| is_built).collect();
        assert_eq!((lost, twice, wrong), (vec![], vec![], vec![]), "{name}: {path}");
    });
}

#[test]
fn what_could_not_be_read_has_no_state_and_what_a_person_says_neither() {
    for (name, pack) in all_packs() {
        let files = written(&pack);
        let results: Value = serde_json::from_str(&files["oscal/assessment-results.json"]).expect("JSON");
        for finding in
            results.pointer("/assessment-results/results/0/findings").and_then(Value::as_array).into_iter().flatten()
        {
            let status = &finding["props"][3];
            assert_eq!(status["name"], "status");
            let expected = if status["value"] == "met" { "satisfied" } else { "not-satisfied" };
            assert!(["met", "not_met"].contains(&status["value"].as_str().unwrap_or_default()), "{name}: {status}");
            assert_eq!(finding["target"]["status"]["state"], expected, "{name}");
        }
    }
}

#[test]
fn documents_for_fedramp_are_valid_by_its_schemas() {
    // The schema refers to its neighbour without the `#` that makes a pointer of what follows.
    let common = read("fedramp/fedramp-common-definitions-schema-2026-06-24.json");
    let mut record = read("fedramp/fedramp-security-decision-record-schema-2026-06-24.json");
    record["$defs"]["certificationPackageOverviewUri"] = common["$defs"]["certificationPackageOverviewUri"].clone();
    record["properties"]["certificationPackageOverviewUri"]["$ref"] = "#/$defs/certificationPackageOverviewUri".into();
    let overview = read("fedramp/fedramp-certification-package-overview-schema-2026-06-24.json");
    let mut resources = overview["properties"]["thirdPartyInformationResources"].clone();
    resources["additionalProperties"] = false.into();
    let (record, resources) = (validator(&record), validator(&resources));
    each_document("fedramp/", |name, path, document| {
        if path.ends_with("record.json") {
            assert_valid(&record, name, path, document);
        } else {
            assert_valid(&resources, name, path, &document["thirdPartyInformationResources"]);
        }
    });
}

#[test]
fn a_format_is_named_once_and_so_is_a_file() {
    let names: BTreeSet<&str> = ALL.iter().map(|format| format.name).collect();
    let files: BTreeSet<&str> = ALL.iter().flat_map(|format| format.files).map(|file| file.path).collect();
    assert_eq!(names.len(), ALL.len());
    assert_eq!(files.len(), ALL.iter().map(|format| format.files.len()).sum::<usize>());
}

#[test]
fn equal_packs_have_equal_documents() {
    assert_eq!(written(&sample::pack()), written(&sample::pack()));
}
