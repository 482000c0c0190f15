//! Answers that differ, as rows.

use std::collections::BTreeMap;

use super::{FieldRow, field_row};
use crate::pack::{AnswerChange, Ended};
use crate::render::words;

/// A row for each member. Answers that ended otherwise, with no member to show, are put together by operation and
/// region.
pub(super) fn rows(answers: &[AnswerChange]) -> Vec<FieldRow> {
    let mut rows: Vec<FieldRow> = answers.iter().flat_map(members).collect();
    let mut others: BTreeMap<[String; 3], Vec<&AnswerChange>> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.fields.is_empty()) {
        let key = [place(answer), ended(answer.before.as_ref()), ended(answer.after.as_ref())];
        others.entry(key).or_default().push(answer);
    }
    rows.extend(others.into_iter().map(|([place, before, after], answers)| {
        let about = match answers.as_slice() {
            [one] => about(one),
            many => format!(", {}", words::counted(words::number(many.len()), "question")),
        };
        FieldRow { answer: format!("{place}{about}"), member: String::new(), before, after }
    }));
    rows
}

fn members(answer: &AnswerChange) -> impl Iterator<Item = FieldRow> {
    let name = format!("{}{}", place(answer), about(answer));
    answer.fields.iter().map(move |field| FieldRow { answer: name.clone(), ..field_row(field) })
}

fn place(answer: &AnswerChange) -> String {
    format!("{} in {}, {}", answer.operation, answer.account, answer.region)
}

fn about(answer: &AnswerChange) -> String {
    if answer.about.is_empty() { String::new() } else { format!(", {}", answer.about) }
}

fn ended(ended: Option<&Ended>) -> String {
    match ended {
        None => "not asked".to_owned(),
        Some(Ended { outcome, error: None, .. }) => words::outcome(*outcome),
        Some(Ended { outcome, error: Some(error), .. }) => format!("{} ({error})", words::outcome(*outcome)),
    }
}
