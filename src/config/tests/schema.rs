//! The published schema and the reader say the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use toml::{Table, Value};

use super::super::*;
use super::problems;

/// The keys of each table, by the table's path; the list of tables `phi.excluded` has the path `phi.excluded`.
type Keys = BTreeMap<String, BTreeSet<String>>;

/// One step from a value to a value in it.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Index(usize),
}

#[test]
fn the_schema_is_one_and_describes_every_key() {
    let schema = schema();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let mut undescribed = Vec::new();
    each_object(&schema, "", &mut |path, object| {
        assert_eq!(object["additionalProperties"], Json::Bool(false), "{path}");
        for (key, property) in object["properties"].as_object().unwrap() {
            if property["description"].as_str().is_none_or(str::is_empty) {
                undescribed.push(format!("{path}.{key}"));
            }
        }
    });
    assert_eq!(undescribed, Vec::<String>::new());
}

#[test]
fn the_example_is_valid() {
    let errors: Vec<String> = validator().iter_errors(&to_json(&example())).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn the_example_the_schema_and_the_reader_know_the_same_keys() {
    let mut in_schema = Keys::new();
    each_object(&schema(), "", &mut |path, object| {
        let keys = object["properties"].as_object().unwrap().keys().cloned().collect();
        in_schema.insert(path.to_owned(), keys);
    });
    let mut in_example = Keys::new();
    let mut in_reader = Keys::new();
    for path in tables(&example()) {
        let keys = at(&mut example(), &path).as_table().unwrap().keys().cloned().collect();
        in_example.insert(shown(&path), keys);
        let mut text = example();
        at(&mut text, &path).as_table_mut().unwrap().insert("unknown-by-design".to_owned(), Value::Boolean(true));
        assert!(!validator().is_valid(&to_json(&text)), "the schema lets an unknown key pass at {path:?}");
        let error = Config::parse(&written(&text), "evidence.toml").unwrap_err();
        let [Problem { kind: ProblemKind::UnknownKey { known, .. }, .. }] = error.problems.as_slice() else {
            panic!("{error}")
        };
        in_reader.insert(shown(&path), known.iter().map(|key| (*key).to_owned()).collect());
    }
    assert_eq!(in_example, in_schema);
    assert_eq!(in_reader, in_schema);
}

#[test]
fn leaving_out_any_key_is_the_same_mistake_to_both() {
    let mut mandatory = 0;
    for path in keys(&example()) {
        let mut text = example();
        let (Some(Step::Key(key)), parent) = (path.last(), &path[..path.len() - 1]) else { continue };
        at(&mut text, parent).as_table_mut().unwrap().remove(key);
        assert_eq!(problems(&written(&text)).is_empty(), validator().is_valid(&to_json(&text)), "{path:?}");
        mandatory += usize::from(!problems(&written(&text)).is_empty());
    }
    assert_eq!(mandatory, 1 + 4 + 1 + 2 + 5 + 8 + 2 + 3 + 1 + 3, "the mandatory keys of the ten tables that have some");
}

#[test]
fn a_wrong_type_at_any_place_is_a_mistake_to_both() {
    for path in keys(&example()) {
        for wrong in [Value::Integer(7), Value::Boolean(true), Value::Array(vec![Value::Float(0.5)])] {
            let mut text = example();
            *at(&mut text, &path) = wrong;
            let found = problems(&written(&text));
            let named = found.iter().any(|problem| problem.contains(" must be ") && problem.contains(", not a"));
            assert!(named, "{path:?}: {found:?}");
            assert!(!validator().is_valid(&to_json(&text)), "the schema accepts {path:?}");
        }
    }
}

#[test]
fn a_blank_text_at_any_place_is_a_mistake_to_both() {
    for path in keys(&example()).into_iter().filter(|path| !shown(path).starts_with("phi.tags.")) {
        let mut text = example();
        if at(&mut text, &path).is_str() {
            *at(&mut text, &path) = Value::String(" \t".to_owned());
            assert_eq!(problems(&written(&text)).len(), 1, "{path:?}");
            assert!(!validator().is_valid(&to_json(&text)), "the schema accepts {path:?}");
        }
    }
}

#[test]
fn a_value_that_cannot_be_is_a_mistake_to_both() {
    let wrong = [
        ("us-west-2", "us-west"),
        ("\"organization\"", "[\"11112222333\"]"),
        ("\"organization\"", "[]"),
        ("{account}", "111122223333"),
        ("\"covered_entity\"", "\"hospital\""),
        ("undeclared = \"phi\"", "undeclared = \"fail\""),
        ("program = \"iso27001\"", "program = \"iso27002\""),
        ("\"mail.example.org\"", "\"mail\""),
        ("\"arn:aws:kinesis", "\"arn:kinesis"),
        ("2026-07-15", "\"15 July 2026\""),
    ];
    for (from, to) in wrong {
        let text = EXAMPLE.replacen(from, to, 1);
        assert_ne!(text, EXAMPLE, "{from}");
        assert_eq!(problems(&text).len(), 1, "{to}: {:?}", problems(&text));
        let json = to_json(&Value::Table(text.parse().unwrap()));
        assert!(!validator().is_valid(&json), "the schema accepts {to}");
    }
}

fn schema() -> Json {
    serde_json::from_str(SCHEMA).unwrap()
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn example() -> Value {
    Value::Table(EXAMPLE.parse::<Table>().unwrap())
}

fn written(value: &Value) -> String {
    toml::to_string(value).unwrap()
}

/// TOML as JSON; a date becomes its text.
fn to_json(value: &Value) -> Json {
    match value {
        Value::Datetime(datetime) => Json::String(datetime.to_string()),
        Value::Array(elements) => elements.iter().map(to_json).collect(),
        Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), to_json(value))).collect(),
        plain => serde_json::to_value(plain).unwrap(),
    }
}

/// Calls `visit` for every object of the schema that lists its keys.
fn each_object(schema: &Json, path: &str, visit: &mut impl FnMut(&str, &Json)) {
    if let Some(items) = schema.get("items") {
        return each_object(items, path, visit);
    }
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return };
    visit(path, schema);
    for (key, property) in properties {
        each_object(property, format!("{path}.{key}").trim_start_matches('.'), visit);
    }
}

/// Every place under a key, and every element of a list.
fn keys(value: &Value) -> Vec<Vec<Step>> {
    let children: Vec<(Step, &Value)> = match value {
        Value::Table(table) => table.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
        Value::Array(elements) => elements.iter().enumerate().map(|(i, element)| (Step::Index(i), element)).collect(),
        _ => Vec::new(),
    };
    let mut paths = Vec::new();
    for (step, child) in children {
        paths.push(vec![step.clone()]);
        paths.extend(keys(child).into_iter().map(|rest| [vec![step.clone()], rest].concat()));
    }
    paths
}

/// Every table with a closed list of keys: all but the tags.
fn tables(value: &Value) -> Vec<Vec<Step>> {
    let mut paths = vec![Vec::new()];
    paths.extend(keys(value).into_iter().filter(|path| at(&mut value.clone(), path).is_table()));
    paths.retain(|path| shown(path) != "phi.tags");
    paths
}

fn at<'v>(value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Index(index) => &mut value[*index],
    })
}

/// The dotted path without indices.
fn shown(path: &[Step]) -> String {
    let keys = path.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
    keys.collect::<Vec<_>>().join(".")
}
