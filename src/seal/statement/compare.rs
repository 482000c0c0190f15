//! In what a signed statement differs from the one that the pack gives.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{PREDICATE_TYPE, STATEMENT_TYPE, Statement, Subject, Subjects};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject<String>>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Map<String, Value>,
}

/// Each difference, as a clause about the payload; at least one.
pub(super) fn differences(statement: &Statement<'_>, payload: &[u8]) -> Vec<String> {
    let stated = match parse(payload) {
        Ok(stated) => stated,
        Err(what) => return vec![what],
    };
    let mut found = Vec::new();
    for (what, stated, expected) in
        [("statement", &stated.kind, STATEMENT_TYPE), ("predicate", &stated.predicate_type, PREDICATE_TYPE)]
    {
        if stated != expected {
            found.push(format!("the type of its {what} is `{}`, not `{expected}`", stated.escape_debug()));
        }
    }
    found.extend(signed(&statement.subjects, &stated.subject));
    found.extend(predicate(statement, &stated.predicate));
    if found.is_empty() {
        found.push("its statement is not written as statements are".to_owned());
    }
    found
}

/// Each difference of the files that it is about alone; none is possible.
pub(super) fn subjects(subjects: &Subjects<'_>, payload: &[u8]) -> Vec<String> {
    parse(payload).map_or_else(|what| vec![what], |stated| signed(subjects, &stated.subject))
}

fn parse(payload: &[u8]) -> Result<Stated, String> {
    serde_json::from_slice(payload).map_err(|error| format!("its payload is no statement about a pack: {error}"))
}

fn signed(subjects: &Subjects<'_>, stated: &[Subject<String>]) -> Vec<String> {
    let mut signed: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for subject in stated {
        if signed.insert(&subject.name, &subject.digest.sha256).is_some() {
            found.push(format!("it signs `{}` twice", subject.name.escape_debug()));
        }
    }
    for subject in subjects.each() {
        match signed.remove(subject.name) {
            None => found.push(format!("it does not sign `{}`", subject.name.escape_debug())),
            Some(sha256) if sha256 != subject.digest.sha256 => {
                found.push(format!("it signs `{}` with another digest", subject.name.escape_debug()));
            }
            Some(_) => {}
        }
    }
    found.extend(signed.keys().map(|name| format!("it signs `{}`, which the pack has not", name.escape_debug())));
    found
}

fn predicate(statement: &Statement<'_>, stated: &Map<String, Value>) -> Vec<String> {
    let expected = match serde_json::to_value(statement.wire().predicate) {
        Ok(Value::Object(expected)) => expected,
        _ => Map::new(),
    };
    let names: std::collections::BTreeSet<&String> = expected.keys().chain(stated.keys()).collect();
    let differing = names.into_iter().filter(|name| expected.get(*name) != stated.get(*name));
    let text = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    differing
        .map(|name| {
            let (stated, expected) = (text(stated.get(name)), text(expected.get(name)));
            format!("it states `{}` as {stated}, and the pack has {expected}", name.escape_debug())
        })
        .collect()
}
