//! Finds the calls that answer a question, and reads them with suspicion: an outcome that says `observed` is believed
//! only if the recorded body has what the question needs.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::once;
use super::reading::{Gap, Listed, Listing, Reading};
use crate::lifecycle;
use crate::operations::Operation;
use crate::snapshot::{Call, Outcome, is_paging_token};

/// The calls of one account and region.
pub(super) struct Calls {
    by_question: BTreeMap<(String, String), Vec<Call>>,
}

impl Calls {
    pub(super) fn new(calls: impl IntoIterator<Item = Call>) -> Self {
        let mut by_question: BTreeMap<_, Vec<Call>> = BTreeMap::new();
        for call in calls {
            let about = about(call.parameters.iter().map(|(name, value)| (name.as_str(), value)));
            let key = (format!("{}/{}", call.service, call.operation), about);
            by_question.entry(key).or_default().push(call);
        }
        for pages in by_question.values_mut() {
            pages.sort_by_key(|call| call.page);
        }
        Self { by_question }
    }

    /// The pages that answer a question, in order.
    fn pages(&self, operation: &Operation, asked: &[(&str, Value)]) -> &[Call] {
        let key = (
            format!("{}/{}", operation.service.as_str(), operation.name),
            about(asked.iter().map(|(name, value)| (*name, value))),
        );
        self.by_question.get(&key).map_or(&[], Vec::as_slice)
    }

    /// One answer, as a value of the wire document's shape. A body that does not have that shape is unread.
    pub(super) fn one<T: DeserializeOwned>(&self, operation: &Operation, asked: &[(&str, Value)]) -> Reading<T> {
        let [call, rest @ ..] = self.pages(operation, asked) else {
            return Reading::Unread(Gap::not_asked(operation.name));
        };
        let calls = vec![call.id.clone()];
        if !rest.is_empty() {
            // Two answers to a question that has one: nobody can say which is right.
            return Reading::Unread(Gap { operation: operation.name, outcome: Outcome::Unmodelled, calls });
        }
        match call.outcome {
            Outcome::NotConfigured if !operation.absent.is_empty() => Reading::Absent { calls },
            Outcome::Observed => match parse(operation, call).and_then(shaped) {
                Some(value) => Reading::Seen { value, calls },
                None => Reading::Unread(Gap { operation: operation.name, outcome: Outcome::Unmodelled, calls }),
            },
            Outcome::NotConfigured => {
                Reading::Unread(Gap { operation: operation.name, outcome: Outcome::Unmodelled, calls })
            }
            outcome => Reading::Unread(Gap { operation: operation.name, outcome, calls }),
        }
    }

    /// A list, from all of its pages.
    pub(super) fn list<T: DeserializeOwned>(&self, operation: &Operation, asked: &[(&str, Value)]) -> Listing<T> {
        let pages = self.pages(operation, asked);
        let mut listing = Listing { seen: Vec::new(), calls: Vec::new(), gap: None };
        if pages.is_empty() {
            return Listing::not_asked(operation.name);
        }
        let mut announced = true;
        for (expected, call) in (1..).zip(pages) {
            if !announced || call.page != expected {
                listing.gap = Some(gap(operation, Outcome::Truncated, call));
                return listing;
            }
            match read_page(operation, call) {
                Page::Unread(outcome) => {
                    listing.gap = Some(unread(operation, outcome, &listing, call));
                    return listing;
                }
                Page::Read { items, more } => {
                    let items = items.into_iter().map(|value| Listed { value, call: call.id.clone() });
                    listing.seen.extend(items);
                    listing.calls.push(call.id.clone());
                    announced = more;
                }
            }
            if call.outcome == Outcome::Truncated {
                listing.gap = Some(gap(operation, Outcome::Truncated, call));
                return listing;
            }
        }
        if announced {
            // The last page says that there is another, and nobody fetched it.
            listing.gap = pages.last().map(|call| gap(operation, Outcome::Truncated, call));
        } else if operation.ended && listing.seen.is_empty() {
            let late = pages.iter().any(|call| lifecycle::is_over(call.started));
            let calls = listing.calls.clone();
            listing.gap = late.then_some(Gap { operation: operation.name, outcome: Outcome::EndOfSupport, calls });
        }
        listing
    }
}

fn gap(operation: &Operation, outcome: Outcome, call: &Call) -> Gap {
    Gap { operation: operation.name, outcome, calls: vec![call.id.clone()] }
}

/// Why a list ends with a page that shows nothing.
///
/// A later page that fails cuts off what stands on the earlier ones. The empty end of an ended list is no failure: on
/// how many pages it shows nothing makes no difference, and all of them show it.
fn unread<T>(operation: &Operation, outcome: Outcome, before: &Listing<T>, call: &Call) -> Gap {
    match outcome {
        Outcome::EndOfSupport if before.seen.is_empty() => {
            let calls = before.calls.iter().chain([&call.id]).cloned().collect();
            Gap { operation: operation.name, outcome, calls }
        }
        _ if before.calls.is_empty() => gap(operation, outcome, call),
        _ => gap(operation, Outcome::Truncated, call),
    }
}

/// What a question is about: its parameters without paging.
pub(crate) fn about<'a>(parameters: impl Iterator<Item = (&'a str, &'a Value)>) -> String {
    let mut words: Vec<String> = parameters
        .filter(|(name, _)| !is_paging_token(name) && !is_page_size(name))
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name}={text}"),
            other => format!("{name}={other}"),
        })
        .collect();
    words.sort_unstable();
    words.join("&")
}

/// The names under which the AWS APIs take the size of a page.
fn is_page_size(parameter: &str) -> bool {
    parameter.eq_ignore_ascii_case("pagesize") || parameter.eq_ignore_ascii_case("maxresults")
}

/// The body, if every member that the operation requires is there, and none twice: of two members of one name nobody can
/// say which is right.
fn parse(operation: &Operation, call: &Call) -> Option<Map<String, Value>> {
    let Value::Object(body) = once::parse(call.body.as_deref()?)? else { return None };
    operation.is_answered_by(&body).then_some(body)
}

/// A body as a value of the wire document's shape.
fn shaped<T: DeserializeOwned>(body: Map<String, Value>) -> Option<T> {
    serde_json::from_value(Value::Object(body)).ok()
}

enum Page<T> {
    Read { items: Vec<T>, more: bool },
    Unread(Outcome),
}

fn read_page<T: DeserializeOwned>(operation: &Operation, call: &Call) -> Page<T> {
    match call.outcome {
        Outcome::Observed | Outcome::Truncated => {}
        Outcome::NotConfigured => return Page::Unread(Outcome::Unmodelled),
        other => return Page::Unread(other),
    }
    let unmodelled = Page::Unread(Outcome::Unmodelled);
    let (Some(member), Some(mut body)) = (operation.items, parse(operation, call)) else {
        return unmodelled;
    };
    let Some(Ok(items)) = body.remove(member).map(serde_json::from_value::<Vec<T>>) else { return unmodelled };
    // The body is the evidence: a page that announces another one is not the last, whatever the record says.
    let next = operation.paging.and_then(|paging| body.remove(paging.next));
    let more = match next {
        None | Some(Value::Null) => false,
        Some(Value::String(token)) => !token.is_empty(),
        Some(_) => return unmodelled,
    };
    Page::Read { items, more: more || call.more }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::testing::{APP_ARN, Account, about_app, campaign, unread};
    use crate::rules::{Finding, find};

    /// What is said about the campaigns of which these pages were read after the end of support.
    fn judge(pages: &[(Value, Outcome)]) -> Finding {
        let mut account = Account::new().at("2026-11-20T09:00:00Z", "2026-Q4");
        for (number, (body, outcome)) in (1..).zip(pages) {
            account.page(&op::GET_CAMPAIGNS, about_app(), number, &body.to_string(), *outcome);
        }
        let rule = find("campaign-channels-permitted").expect("a rule");
        account.finding(rule, &format!("{APP_ARN}/campaigns"))
    }

    fn announcing(items: &[Value], next: &str) -> (Value, Outcome) {
        (json!({"Item": items, "NextToken": next}), Outcome::Observed)
    }

    #[test]
    fn an_ended_list_that_shows_nothing_is_the_same_on_one_page_and_on_three() {
        for last in [Outcome::EndOfSupport, Outcome::Observed] {
            let nothing = (json!({"Item": []}), last);
            let one = judge(std::slice::from_ref(&nothing));
            let three = judge(&[announcing(&[], "two"), announcing(&[], "three"), nothing]);
            assert_eq!(one.verdict, unread(Outcome::EndOfSupport));
            assert_eq!((one.verdict, one.message), (three.verdict, three.message));
            assert_eq!((one.evidence.len(), three.evidence.len()), (1, 3), "every page shows it");
        }
    }

    #[test]
    fn a_list_of_which_something_was_seen_is_cut_by_a_page_that_shows_nothing() {
        let member = campaign("seen", json!({"MessageConfiguration": {"VoiceMessage": {}}}));
        for outcome in Outcome::ALL.into_iter().filter(|outcome| !outcome.is_read()) {
            let pages = [announcing(std::slice::from_ref(&member), "two"), (json!({"Item": []}), outcome)];
            assert_eq!(judge(&pages).verdict, unread(Outcome::Truncated), "{outcome}");
        }
    }
}
