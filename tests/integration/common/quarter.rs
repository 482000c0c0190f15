//! The example account a quarter later: the demo's answers, changed as `tests/data/quarters/2026-Q4/account.json` says.

use std::path::{Path, PathBuf};

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::{demo, regions};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::pipeline::{self, Scope};
use super::wire::{self, operation_of};

/// When the later quarter is collected.
pub(crate) const NOW: &str = "2026-12-31T16:00:00.000Z";

/// A file of the later quarter.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/quarters/2026-Q4").join(name)
}

/// Something that happened in the account, and how AWS answers since.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Happening {
    /// In words, for whoever reads the file.
    #[serde(rename = "what")]
    _what: String,
    answers: Vec<Changed>,
}

/// How the answers to some questions change. Every part that is there is applied, in this order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    operation: String,
    /// All regions when absent.
    region: Option<String>,
    /// What the question names, each part between `&`; every question when absent.
    #[serde(default)]
    about: String,
    /// Another answer.
    replace: Option<Value>,
    /// Another error.
    error: Option<Failed>,
    /// Values by JSON pointer.
    #[serde(default)]
    set: Map<String, Value>,
    /// An entry more, by the pointer of the list.
    #[serde(default)]
    append: Map<String, Value>,
    /// The entries that go: those with all of these members.
    #[serde(default)]
    drop: Map<String, Value>,
    /// Members that an entry loses: those of `members`, of the entry with all of the other members.
    #[serde(default)]
    unset: Map<String, Value>,
    /// Members that an entry gets: those of `with`, of the entry with all of the other members.
    #[serde(default)]
    merge: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failed {
    status: u16,
    code: String,
    message: String,
}

/// What happened, in the order of the file.
pub(crate) fn happenings() -> Vec<Happening> {
    let text = std::fs::read_to_string(path("account.json")).expect("account.json");
    serde_json::from_str(&text).expect("account.json has this shape")
}

/// Answers as AWS would at the end of the later quarter.
pub(crate) fn answer(happenings: &[Happening], request: &WireRequest) -> WireResponse {
    let mut response = demo::answer(request);
    for changed in
        happenings.iter().flat_map(|happening| &happening.answers).filter(|changed| changed.concerns(request))
    {
        changed.apply(&mut response);
    }
    response
}

impl Changed {
    fn concerns(&self, request: &WireRequest) -> bool {
        let asked = format!("{}{}", request.path, request.body);
        operation_of(request).name == self.operation
            && self.region.as_ref().is_none_or(|region| request.host.contains(region.as_str()))
            && self.about.split('&').all(|part| asked.contains(part))
    }

    fn apply(&self, response: &mut WireResponse) {
        if let Some(body) = &self.replace {
            *response = wire::answer(200, body.to_string());
        }
        if let Some(Failed { status, code, message }) = &self.error {
            *response = wire::error(*status, code, message);
            return;
        }
        let mut body: Value = serde_json::from_str(&response.body).expect("JSON");
        for (pointer, value) in &self.set {
            set(&mut body, pointer, value.clone());
        }
        for (pointer, entry) in &self.append {
            list(&mut body, pointer).push(entry.clone());
        }
        for (pointer, which) in &self.drop {
            list(&mut body, pointer).retain(|entry| !is(entry, which, ""));
        }
        for (pointer, which) in &self.unset {
            for entry in list(&mut body, pointer).iter_mut().filter(|entry| is(entry, which, "members")) {
                for member in which["members"].as_array().expect("members") {
                    entry.as_object_mut().expect("an entry").remove(member.as_str().expect("a name"));
                }
            }
        }
        for (pointer, which) in &self.merge {
            for entry in list(&mut body, pointer).iter_mut().filter(|entry| is(entry, which, "with")) {
                let with = which["with"].as_object().expect("members").clone();
                entry.as_object_mut().expect("an entry").extend(with);
            }
        }
        response.body = body.to_string();
    }
}

/// Whether an entry has all the members of `which` but that one.
fn is(entry: &Value, which: &Value, but: &str) -> bool {
    which
        .as_object()
        .expect("members")
        .iter()
        .filter(|(name, _)| *name != but)
        .all(|(name, value)| entry[name] == *value)
}

fn list<'b>(body: &'b mut Value, pointer: &str) -> &'b mut Vec<Value> {
    body.pointer_mut(pointer).and_then(Value::as_array_mut).unwrap_or_else(|| panic!("no list at {pointer}"))
}

fn set(body: &mut Value, pointer: &str, value: Value) {
    let (parent, member) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    parent[member] = value;
}

/// Collects the later quarter.
pub(crate) fn collect(target: &Path) {
    let mut regions_not_scanned: Vec<String> = regions::offered("aws").into_iter().map(str::to_owned).collect();
    regions_not_scanned.retain(|region| !demo::REGIONS.contains(&region.as_str()));
    let scope = Scope { regions: demo::REGIONS.map(str::to_owned).to_vec(), regions_not_scanned, now: NOW };
    let happenings = happenings();
    pipeline::collect_in(scope, move |request| answer(&happenings, request), target).expect("a caller");
}
