//! Lists on which the resources of a rule stand: what was seen of a list that was cut may fail, and nothing passes on it.
//!
//! The one exception is the list of applications, which [`Context`](super::context::Context) walks over.

use super::Subject;
use super::judgement::Judgement;
use crate::estate::{Listed, Listing};

/// Judges the members of a list that the rule concerns. A list that was not read to its end has a judgement of its own,
/// which `own` begins.
pub(super) fn judge_members<T>(
    list: &Listing<T>,
    own: impl FnOnce() -> (Subject, Judgement),
    judge: impl Fn(&Listed<T>) -> Option<(Subject, Judgement)>,
) -> Vec<(Subject, Judgement)> {
    let mut judged: Vec<(Subject, Judgement)> = list.seen.iter().filter_map(judge).collect();
    if let Some(gap) = &list.gap {
        judged.push(own());
        for (_, judgement) in &mut judged {
            judgement.listed_incompletely(gap);
        }
    }
    judged
}
