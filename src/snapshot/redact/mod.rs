//! Removes secrets, message content, conditions on people and people's numbers from an answer before it is kept.
//!
//! The result is the answer verbatim except that each removed value is `"[redacted]"`. What goes is data
//! ([`rules`], [`shapes`]); this module only walks. It never adds, reorders or respells anything, and an answer in
//! which nothing can be told apart is removed whole.

mod rules;
mod shapes;
mod span;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use rules::{Profile, Region, Step, normal};
use span::{Kind, Node, push_index, push_key};

/// What stands where something was removed.
pub const MARK: &str = "[redacted]";
/// [`MARK`] as a JSON string.
const MARK_JSON: &str = "\"[redacted]\"";

/// A body without what must not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// What may be kept, verbatim but for `"[redacted]"` where something was removed.
    pub body: String,
    /// JSON pointers (RFC 6901) of what was removed, in the order of the document.
    pub removed: Vec<String>,
}

/// Removes from an answer what must not be kept.
///
/// `null`, `true`, `false` and what is empty stay: nothing private is in them. A body that is not JSON is replaced
/// whole, except for an empty one and for the XML in which AWS STS says who the caller is.
#[must_use]
pub fn body(service: &str, operation: &str, body: &str) -> Redacted {
    if body.trim().is_empty() || ((service, operation) == ("sts", "GetCallerIdentity") && is_caller_identity(body)) {
        return Redacted { body: body.to_owned(), removed: Vec::new() };
    }
    redacted(Walk::of(service, operation), body)
}

fn redacted(mut walk: Walk, body: &str) -> Redacted {
    let Some(root) = span::parse(body) else {
        return Redacted { body: MARK_JSON.to_owned(), removed: vec![String::new()] };
    };
    walk.visit(&root, "", Region::Open);
    walk.apply(body)
}

/// Removes from an answer that refuses what must not be kept: besides what goes from any answer, each text of which an
/// error message would lose something. AWS quotes requests when it refuses them, with their signatures and tokens.
#[must_use]
pub fn refusal(service: &str, operation: &str, text: &str) -> Redacted {
    redacted(Walk { refuses: true, ..Walk::of(service, operation) }, text)
}

/// Removes from an error message what must not be kept, and cuts it to 500 characters. ARNs and account ids stay.
#[must_use]
pub fn message(text: &str) -> String {
    shapes::scrub(text)
}

/// The first of the pointers that does not lead to a removed value; `None` also where the body is not JSON.
pub(super) fn first_unredacted<'p>(body: &str, pointers: &'p [String]) -> Option<&'p str> {
    if pointers.is_empty() {
        return None;
    }
    let mut marks = BTreeSet::new();
    collect_marks(&span::parse(body)?, &mut String::new(), &mut marks);
    pointers.iter().find(|pointer| !marks.contains(*pointer)).map(String::as_str)
}

fn collect_marks(node: &Node<'_>, at: &mut String, marks: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::Object(members) => {
            for (key, value) in members {
                let length = push_key(at, key);
                collect_marks(value, at, marks);
                at.truncate(length);
            }
        }
        Kind::List(elements) => {
            for (index, value) in elements.iter().enumerate() {
                let length = push_index(at, index);
                collect_marks(value, at, marks);
                at.truncate(length);
            }
        }
        Kind::Text(text) if text == MARK => {
            marks.insert(at.clone());
        }
        Kind::Text(_) | Kind::Number | Kind::Word => {}
    }
}

/// The XML of `GetCallerIdentity`, with nothing in it but who asks.
fn is_caller_identity(body: &str) -> bool {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r#"^\s*(?:<\?xml [a-z0-9 ."'=A-Z-]*\?>\s*)?<GetCallerIdentityResponse"#,
            r#"(?: xmlns="https://sts\.amazonaws\.com/doc/[0-9-]+/")?>\s*<GetCallerIdentityResult>"#,
            r"(?:\s*<(?:Arn>[^<>]*</Arn|UserId>[^<>]*</UserId|Account>[^<>]*</Account)>){1,3}\s*",
            r"</GetCallerIdentityResult>\s*(?:<ResponseMetadata>\s*<RequestId>[^<>]*</RequestId>\s*",
            r"</ResponseMetadata>\s*)?</GetCallerIdentityResponse>\s*$",
        ))
        .expect("the pattern is a constant that a test compiles")
    });
    SHAPE.is_match(body) && !shapes::has_secret(body)
}

struct Walk {
    profile: Profile,
    /// Whether the answer is an error.
    refuses: bool,
    at: String,
    removed: Vec<(String, Range<usize>)>,
    /// Which names are those of secrets: an answer has few names, and each of them thousands of times.
    secrets: HashMap<String, bool>,
}

impl Walk {
    fn of(service: &str, operation: &str) -> Self {
        Self {
            profile: Profile::of(service, operation),
            refuses: false,
            at: String::new(),
            removed: Vec::new(),
            secrets: HashMap::new(),
        }
    }

    /// `name` is the normal name of the member that the value belongs to, empty where somebody chose it.
    fn visit(&mut self, node: &Node<'_>, name: &str, region: Region) {
        match &node.kind {
            Kind::Object(members) => self.members(members, name, region),
            Kind::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let length = push_index(&mut self.at, index);
                    self.visit(element, name, region);
                    self.at.truncate(length);
                }
            }
            Kind::Text(text) if region.removes(name) || is_private(name, text) => self.remove(node),
            Kind::Text(text) if self.refuses && shapes::has_long_run(text) => self.remove(node),
            Kind::Number if region.removes(name) => self.remove(node),
            Kind::Text(_) | Kind::Number | Kind::Word => {}
        }
    }

    fn members(&mut self, members: &[(Cow<'_, str>, Node<'_>)], name: &str, region: Region) {
        let chosen = rules::has_chosen_keys(name);
        let pair = is_secret_pair(members);
        for (key, value) in members {
            let length = push_key(&mut self.at, key);
            let key = normal(key);
            let step = match self.is_secret(&key) {
                _ if pair && key == "value" => Step::Remove,
                secret if chosen => rules::chosen_step(region, name, secret),
                true => Step::Remove,
                false => self.profile.step(region, &key),
            };
            match step {
                Step::Remove => self.remove(value),
                Step::Enter(region) => self.visit(value, if chosen { "" } else { &key }, region),
            }
            self.at.truncate(length);
        }
    }

    fn is_secret(&mut self, name: &str) -> bool {
        if let Some(known) = self.secrets.get(name) {
            return *known;
        }
        let secret = rules::is_secret(name);
        self.secrets.insert(name.to_owned(), secret);
        secret
    }

    fn remove(&mut self, node: &Node<'_>) {
        let marked = matches!(&node.kind, Kind::Text(text) if text == MARK);
        if !marked && !node.is_empty() {
            self.removed.push((self.at.clone(), node.span.clone()));
        }
    }

    fn apply(self, body: &str) -> Redacted {
        let mut kept = String::with_capacity(body.len());
        let mut end = 0;
        let mut removed = Vec::with_capacity(self.removed.len());
        for (pointer, span) in self.removed {
            kept.push_str(&body[end..span.start]);
            kept.push_str(MARK_JSON);
            end = span.end;
            removed.push(pointer);
        }
        kept.push_str(&body[end..]);
        Redacted { body: kept, removed }
    }
}

fn is_private(name: &str, text: &str) -> bool {
    if rules::is_paging(name) {
        return false;
    }
    shapes::has_secret(text) || (!rules::is_own_number(name) && shapes::has_telephone_number(text))
}

/// Whether these are the members of a tag or a header such as `{"Key": "ApiKey", "Value": "…"}`.
fn is_secret_pair(members: &[(Cow<'_, str>, Node<'_>)]) -> bool {
    members.iter().any(|(key, value)| {
        matches!(&*normal(key), "key" | "name")
            && matches!(&value.kind, Kind::Text(text) if rules::is_secret(&normal(text)))
    })
}
