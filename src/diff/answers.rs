//! The questions whose answers differ between two packs.
//!
//! Only the calls that differ are held: a pack's index of evidence has the outcome and the hash of each, and the same
//! question has the same id in every pack.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::estate::about;
use crate::operations;
use crate::pack::{Ended, Results};
use crate::snapshot::{Call, Outcome};

/// What was asked, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Question {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) account: String,
    pub(super) region: String,
    /// The parameters without paging.
    pub(super) about: String,
}

/// What a pack holds on a question: all of its pages, but for those that are the same in both packs.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) ended: Ended,
    /// The pages as one document; `None` where something was not read, or is no JSON.
    pub(super) body: Option<Value>,
    /// The values that were asked with.
    pub(super) asked: Vec<String>,
}

/// The calls that one pack has and the other has not, or has with another answer; by the id in the newest snapshot.
pub(super) fn differing(old: &Results, new: &Results) -> BTreeSet<String> {
    let index = |results: &Results| -> BTreeMap<String, (Outcome, Option<String>)> {
        let calls = results.evidence.iter().filter(|call| !is_earlier(&call.id));
        calls.map(|call| (call.id.clone(), (call.outcome, call.sha256.clone()))).collect()
    };
    let (old, new) = (index(old), index(new));
    let ids = old.keys().chain(new.keys());
    ids.filter(|id| old.get(*id) != new.get(*id)).cloned().collect()
}

/// The id of the same question in the newest snapshot of a pack.
pub(super) fn question_id(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn is_earlier(id: &str) -> bool {
    id.contains('/')
}

/// Answers by question, and which question a call belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    pub(super) by_question: BTreeMap<Question, Answer>,
    pub(super) of_call: BTreeMap<String, Question>,
}

impl Answers {
    /// Puts pages together, in whatever order they come.
    pub(super) fn new(calls: Vec<Call>) -> Self {
        let mut pages: BTreeMap<Question, Vec<Call>> = BTreeMap::new();
        let mut of_call = BTreeMap::new();
        // The caller's identity comes with a request id of its own each time; a header of the snapshot names it.
        for call in calls.into_iter().filter(|call| call.service != "sts") {
            let question = question(&call);
            of_call.insert(call.id.to_string(), question.clone());
            pages.entry(question).or_default().push(call);
        }
        Self { by_question: pages.into_iter().map(|(question, pages)| (question, answer(pages))).collect(), of_call }
    }
}

fn question(call: &Call) -> Question {
    Question {
        service: call.service.clone(),
        operation: call.operation.clone(),
        account: call.account.clone(),
        region: call.region.clone(),
        about: about(call.parameters.iter().map(|(name, value)| (name.as_str(), value))),
    }
}

fn answer(mut pages: Vec<Call>) -> Answer {
    pages.sort_by_key(|call| call.page);
    let unread = pages.iter().find(|call| !call.outcome.is_read());
    let tells = unread.or(pages.first());
    let asked = pages.first().into_iter().flat_map(|call| call.parameters.values());
    Answer {
        ended: Ended {
            outcome: tells.map_or(Outcome::Unmodelled, |call| call.outcome),
            error: tells.and_then(|call| call.error.as_ref()?.code.clone()),
            calls: pages.iter().map(|call| call.id.to_string()).collect(),
        },
        asked: asked.filter_map(|value| Some(value.as_str()?.to_owned())).collect(),
        body: pages.iter().all(|call| call.outcome == Outcome::Observed).then(|| merged(&pages)).flatten(),
    }
}

/// The pages of a list as if it had come in one.
fn merged(pages: &[Call]) -> Option<Value> {
    let (first, rest) = pages.split_first()?;
    let mut whole = first.json()?;
    let member = operations::find(&first.service, &first.operation).and_then(|operation| operation.items);
    for page in rest {
        let more = page.json()?.get_mut(member?)?.as_array_mut()?.split_off(0);
        whole.get_mut(member?)?.as_array_mut()?.extend(more);
    }
    Some(whole)
}
