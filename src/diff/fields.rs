//! What differs between two JSON values, by name and not by place.
//!
//! An entry of a list is known by what it calls itself (its ARN, id or name), so a list in another order is the same
//! list. What AWS changes by itself with every edit or every answer (revision numbers, times, paging tokens) is no
//! difference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::pack::Field;

/// Members that follow from an edit or from the asking, and are no configuration.
const BY_THEMSELVES: [&str; 9] = [
    "CreationDate",
    "LastModifiedBy",
    "LastModifiedDate",
    "LastUpdateDate",
    "NextToken",
    "nextToken",
    "SentLast24Hours",
    "Version",
    "lastModifiedAt",
];

/// A value that differs, and which entry of a list it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    /// Where, from what, to what.
    pub(super) field: Field,
    /// The outermost list entry around it.
    pub(super) entry: Option<Entry>,
    /// Whether it is that entry as a whole that is new or gone.
    pub(super) whole: bool,
    /// When the object around it was last modified, and by whom, as the later value says.
    pub(super) modified: Modified,
}

/// When something was last modified, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Modified {
    /// As AWS gave it.
    pub(super) at: Option<String>,
    /// As AWS gave it.
    pub(super) by: Option<String>,
}

/// An entry of a list, or of a map of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What people call it.
    pub(super) label: String,
    /// Everything that it calls itself.
    pub(super) names: BTreeSet<String>,
}

/// Every value that differs, in order of the path. `keys` are the members that name an entry before all others; where
/// there are any, a table that only one side has is shown by its members.
pub(super) fn differences(before: &Value, after: &Value, keys: &[&str]) -> Vec<Difference> {
    let mut walk =
        Walk { keys, found: Vec::new(), entry: None, entry_path: String::new(), modified: Modified::default() };
    walk.values("", "", Some(before), Some(after));
    walk.found
}

struct Walk<'k> {
    keys: &'k [&'k str],
    found: Vec<Difference>,
    entry: Option<Entry>,
    entry_path: String,
    modified: Modified,
}

impl Walk<'_> {
    /// `name` is the last member of the path.
    fn values(&mut self, path: &str, name: &str, before: Option<&Value>, after: Option<&Value>) {
        let present = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
        let (none, empty) = (Value::Array(Vec::new()), Value::Object(Map::new()));
        match (before.filter(|value| !value.is_null()), after.filter(|value| !value.is_null())) {
            _ if before == after || !(present(before) || present(after)) => {}
            // A list that was not there is an empty one.
            (None, Some(list @ Value::Array(_))) => self.values(path, name, Some(&none), Some(list)),
            (Some(list @ Value::Array(_)), None) => self.values(path, name, Some(list), Some(&none)),
            // Of declarations, a table as well: its members are what was declared.
            (None, Some(table @ Value::Object(_))) if self.opens_tables() => {
                self.values(path, name, Some(&empty), Some(table));
            }
            (Some(table @ Value::Object(_)), None) if self.opens_tables() => {
                self.values(path, name, Some(table), Some(&empty));
            }
            (Some(Value::Object(before)), Some(Value::Object(after))) => self.objects(path, before, after),
            (Some(Value::Array(before)), Some(Value::Array(after))) => self.lists(path, name, before, after),
            _ => {
                let field = Field { path: path.to_owned(), before: before.cloned(), after: after.cloned() };
                let (entry, modified) = (self.entry.clone(), self.modified.clone());
                let whole = entry.is_some() && path == self.entry_path;
                self.found.push(Difference { field, entry, whole, modified });
            }
        }
    }

    fn opens_tables(&self) -> bool {
        !self.keys.is_empty() && self.entry.is_none()
    }

    fn objects(&mut self, path: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
        let outside = std::mem::replace(&mut self.modified, modified(after));
        if self.modified == Modified::default() {
            self.modified = outside.clone();
        }
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names.into_iter().filter(|name| !BY_THEMSELVES.contains(&name.as_str())) {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.values(&path, name, before.get(name), after.get(name));
        }
        self.modified = outside;
    }

    fn lists(&mut self, path: &str, name: &str, before: &[Value], after: &[Value]) {
        let by_name = match identity(name, before, after, self.keys) {
            Some(key) => {
                let asked = self.keys.contains(&key);
                Some((entries(before, name, key, asked), entries(after, name, key, asked)))
            }
            None if before.iter().chain(after).all(is_scalar) => Some((scalars(before), scalars(after))),
            None => None,
        };
        let Some((before, after)) = by_name else { return self.by_place(path, before, after) };
        let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let (old, new) = (before.get(key), after.get(key));
            let Some((entry, _)) = new.or(old) else { continue };
            let path = format!("{path}[{}]", entry.label);
            let (outermost, entry) = (self.entry.is_none(), entry.clone());
            let outside = std::mem::take(&mut self.modified);
            if outermost {
                self.entry = Some(entry);
                self.entry_path.clone_from(&path);
            }
            if let Some((_, Value::Object(object))) = new {
                self.modified = modified(object);
            }
            self.values(&path, "", old.map(|(_, value)| *value), new.map(|(_, value)| *value));
            self.modified = outside;
            if outermost {
                self.entry = None;
            }
        }
    }

    fn by_place(&mut self, path: &str, before: &[Value], after: &[Value]) {
        for place in 0..before.len().max(after.len()) {
            self.values(&format!("{path}[{place}]"), "", before.get(place), after.get(place));
        }
    }
}

fn modified(object: &Map<String, Value>) -> Modified {
    let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    Modified { at: text("LastModifiedDate"), by: text("LastModifiedBy") }
}

fn is_scalar(value: &Value) -> bool {
    !(value.is_array() || value.is_object())
}

type Entries<'v> = BTreeMap<String, (Entry, &'v Value)>;

/// The same scalar twice is one.
fn scalars(list: &[Value]) -> Entries<'_> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let entry = |value: &Value| Entry { label: text(value), names: BTreeSet::from([text(value)]) };
    list.iter().map(|value| (text(value), (entry(value), value))).collect()
}

/// The entries by their key; a key that was asked for is also what people call them.
fn entries<'v>(list: &'v [Value], list_name: &str, key: &str, asked: bool) -> Entries<'v> {
    let entry = |value: &'v Value| {
        let own = |member: &str| value.get(member).and_then(Value::as_str);
        let identity = own(key)?.to_owned();
        let stem = stem(list_name);
        let is_name = |member: &str| {
            ["arn", "id", "name", "phonenumber"].contains(&member.to_ascii_lowercase().as_str())
                || (stem.len() > 3 && member.to_ascii_lowercase().starts_with(&stem))
        };
        let members = value.as_object()?.iter().filter(|(member, _)| is_name(member));
        let mut names: BTreeSet<String> = members.filter_map(|(_, value)| Some(value.as_str()?.to_owned())).collect();
        names.insert(identity.clone());
        let label = ["Name", "name", "PhoneNumber", "TemplateName", "IdentityName"].iter().find_map(|name| own(name));
        let label = label.filter(|_| !asked);
        // Of several versions of one thing, each is an entry.
        let version = value.get("version").filter(|_| key != "id").map(|version| format!("version {version}"));
        let label = version.unwrap_or_else(|| label.unwrap_or(&identity).to_owned());
        Some((identity, (Entry { label, names }, value)))
    };
    list.iter().filter_map(entry).collect()
}

/// The member that names the entries of both lists: a text that each has and no two share.
fn identity<'v>(list_name: &str, before: &'v [Value], after: &'v [Value], keys: &[&'v str]) -> Option<&'v str> {
    let names_all = |key: &str| {
        [before, after].iter().all(|list| {
            let mut seen = BTreeSet::new();
            list.iter().all(|value| value.get(key).and_then(Value::as_str).is_some_and(|text| seen.insert(text)))
        })
    };
    let stem = stem(list_name);
    let first = before.first().or(after.first())?.as_object()?;
    let mut members: Vec<(usize, &str)> =
        first.keys().filter_map(|member| Some((rank(member, &stem)?, member.as_str()))).collect();
    members.sort_unstable();
    keys.iter().copied().chain(members.into_iter().map(|(_, member)| member)).find(|key| names_all(key))
}

/// How likely a member is to name its object; the lower the likelier.
fn rank(member: &str, stem: &str) -> Option<usize> {
    let lower = member.to_ascii_lowercase();
    let own = stem.len() > 3 && lower.starts_with(stem);
    let kinds = ["arn", "id", "name", "path", "key"];
    if let Some(kind) = kinds.iter().position(|kind| lower == *kind) {
        return Some(kind);
    }
    let kind = kinds.iter().position(|kind| lower.ends_with(kind))?;
    Some(if own { 10 + kind } else { 20 + kind })
}

/// What one entry of a list is called: `PhoneNumbers` to `phonenumber`, `OriginationIdentities` to
/// `originationidentity`.
fn stem(list_name: &str) -> String {
    let lower = list_name.to_ascii_lowercase();
    match lower.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => lower.strip_suffix('s').unwrap_or(&lower).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(before: &Value, after: &Value) -> Vec<String> {
        differences(before, after, &[]).into_iter().map(|difference| difference.field.path).collect()
    }

    #[test]
    fn a_changed_member_says_when_it_was_modified_and_by_whom() {
        let before = json!({"Enabled": false, "LastModifiedDate": "2026-01-01", "Version": 1});
        let after = json!({"Enabled": true, "LastModifiedDate": "2026-11-17", "LastModifiedBy": "ann", "Version": 2});
        let found = differences(&before, &after, &[]);
        let field = Field { path: "Enabled".into(), before: Some(json!(false)), after: Some(json!(true)) };
        let modified = Modified { at: Some("2026-11-17".into()), by: Some("ann".into()) };
        assert_eq!(found, [Difference { field, entry: None, whole: false, modified }]);
    }

    #[test]
    fn entries_are_known_by_name_whatever_their_order() {
        let number = |id: &str, number: &str, pool: Option<&str>| {
            let arn = format!("arn:aws:sms-voice:us-east-1:111122223333:phone-number/{id}");
            json!({"PhoneNumberArn": arn, "PhoneNumberId": id, "PhoneNumber": number, "PoolId": pool})
        };
        let before = json!({"PhoneNumbers": [number("a", "24680", None), number("b", "+12065550142", Some("pool"))]});
        let after = json!({"PhoneNumbers": [number("b", "+12065550142", None), number("a", "24680", None)]});
        assert_eq!(paths(&before, &after), ["PhoneNumbers[+12065550142].PoolId"]);
        let entry = differences(&before, &after, &[])[0].entry.clone().expect("an entry");
        let arn = "arn:aws:sms-voice:us-east-1:111122223333:phone-number/b";
        assert_eq!(entry.names.iter().map(String::as_str).collect::<Vec<_>>(), ["+12065550142", arn, "b"]);
        assert_eq!(paths(&json!({"PhoneNumbers": []}), &after).len(), 2);
    }

    #[test]
    fn versions_of_one_thing_are_entries_of_their_own() {
        let version = |n: u32| json!({"id": "report-1", "name": "SOC 2", "arn": format!("arn:{n}"), "version": n});
        let before = json!({"reports": [version(1)]});
        let after = json!({"reports": [version(2), version(1)]});
        assert_eq!(paths(&before, &after), ["reports[version 2]"]);
    }

    #[test]
    fn lists_of_words_are_compared_as_sets_and_lists_without_names_by_place() {
        let before = json!({"NumberCapabilities": ["SMS", "VOICE"], "Hours": [{"from": 1}, {"from": 2}]});
        let after = json!({"NumberCapabilities": ["VOICE", "MMS"], "Hours": [{"from": 1}, {"from": 3}]});
        assert_eq!(paths(&before, &after), ["Hours[1].from", "NumberCapabilities[MMS]", "NumberCapabilities[SMS]"]);
    }

    #[test]
    fn what_changes_by_itself_is_no_difference() {
        let before =
            json!({"Item": [{"Id": "a", "Version": 1}], "NextToken": "x", "SendQuota": {"SentLast24Hours": 1}});
        let after = json!({"Item": [{"Id": "a", "Version": 2}], "NextToken": "y", "SendQuota": {"SentLast24Hours": 2}});
        assert_eq!(paths(&before, &after), Vec::<String>::new());
        assert_eq!(paths(&json!({"a": null}), &json!({})), Vec::<String>::new());
    }

    #[test]
    fn a_key_that_is_asked_for_names_the_entries() {
        let before = json!({"waiver": [{"ticket": "SEC-1", "expires": "2026-10-01", "name": "x"}]});
        let after = json!({"waiver": [{"ticket": "SEC-1", "expires": "2027-10-01", "name": "y"}]});
        let found = differences(&before, &after, &["ticket"]);
        assert_eq!(found[0].field.path, "waiver[SEC-1].expires");
        let whole: Vec<String> =
            differences(&json!({}), &after, &["ticket"]).into_iter().map(|found| found.field.path).collect();
        assert_eq!(whole, ["waiver[SEC-1]"]);
    }
}
