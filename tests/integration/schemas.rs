//! The files have the shapes that `schema` prints, and each schema rejects something.

use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::common::Bench;
use crate::common::bench::{files, json};

fn schema(bench: &Bench, name: &str) -> Value {
    let printed = bench.program(&format!("schema {name}")).run().exits(0).stdout;
    serde_json::from_str(&printed).expect("JSON")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).expect("a schema")
}

#[track_caller]
fn assert_valid(validator: &Validator, document: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The demo's pack, in which `file` has the shape of the schema of that name, and not after `spoil`.
fn check(name: &str, read: impl Fn(&Path) -> Value, spoil: impl Fn(&mut Value)) {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let validator = validator(&schema(&bench, name));
    let mut document = read(&bench.path("demo"));
    assert_valid(&validator, &document);
    spoil(&mut document);
    assert!(!validator.is_valid(&document), "the schema {name} rejects nothing");
}

#[test]
fn results_have_the_shape_of_their_schema() {
    check(
        "results",
        |pack| json(&pack.join("results.json")),
        |results| results["findings"][0]["verdict"] = json!("ok"),
    );
}

#[test]
fn the_manifest_has_the_shape_of_its_schema() {
    check("manifest", |pack| json(&pack.join("manifest.json")), |manifest| manifest["root"] = json!(7));
}

#[test]
fn the_header_of_a_snapshot_has_the_shape_of_its_schema() {
    let header = |pack: &Path| json(&pack.join("evidence/snapshot.json"));
    check("snapshot", header, |header| header["outcomes"]["fine"] = json!(1));
}

#[test]
fn the_declarations_have_the_shape_of_their_schema() {
    let declarations = |pack: &Path| {
        let text = std::fs::read_to_string(pack.join("declarations.toml")).expect("a file");
        plain(toml::Value::Table(text.parse().expect("TOML")))
    };
    check("config", declarations, |config| config["phi"]["aplications"] = json!([]));
}

/// TOML as JSON, dates as text.
fn plain(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(list) => list.into_iter().map(plain).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
    }
}

#[test]
fn every_call_has_the_shape_of_its_schema() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let mut schema = schema(&bench, "snapshot");
    // The definition of a call may refer to its neighbours, so it is asked for inside the whole.
    let root = schema.as_object_mut().expect("an object");
    let definitions = root.remove("$defs").expect("definitions");
    let validator = validator(&json!({"$schema": root["$schema"], "$ref": "#/$defs/call", "$defs": definitions}));
    let mut lines = 0;
    for (path, bytes) in files(&bench.path("demo/evidence/calls")) {
        for line in String::from_utf8(bytes).expect("UTF-8").lines() {
            let mut call: Value = serde_json::from_str(line).expect("JSON");
            let errors: Vec<String> = validator.iter_errors(&call).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{path}: {errors:?}");
            call["outcome"] = json!("fine");
            assert!(!validator.is_valid(&call));
            lines += 1;
        }
    }
    assert!(lines > 200, "{lines} calls");
}
