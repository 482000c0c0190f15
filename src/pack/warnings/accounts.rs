//! The accounts of an organization of which a pack says less than of the others.

use std::collections::BTreeMap;

use crate::estate::Estate;
use crate::pack::Findings;
use crate::rules::{Reason, Verdict};
use crate::snapshot::{Outcome, Shards};

/// The parts of a shared collection that were not there.
pub(super) fn parts(estate: &Estate) -> Option<String> {
    let Shards { of, missing } = estate.parts_missing.as_ref()?;
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    Some(format!(
        "Of the {of} parts of the collection, counted from 0, these are missing: {}. Nothing is known of the accounts and regions that they were to look at.",
        missing.join(", ")
    ))
}

/// The accounts that could not be entered.
pub(super) fn unread(estate: &Estate) -> Vec<String> {
    let unread = estate.accounts_unread.iter();
    unread
        .map(|(account, gap)| {
            let calls: Vec<String> = gap.calls.iter().map(ToString::to_string).collect();
            format!(
                "Account {account} could not be entered, so nothing was read there: assuming its role ended with {} ({}).",
                gap.outcome.in_words(),
                calls.join(", ")
            )
        })
        .collect()
}

/// The accounts that are not in use.
pub(super) fn skipped(estate: &Estate) -> Vec<String> {
    let skipped = estate.accounts_skipped.iter();
    skipped
        .map(|skipped| {
            let name = if skipped.name.is_empty() { String::new() } else { format!(" ({})", skipped.name) };
            format!(
                "Account {}{name} was not looked at: AWS Organizations calls it {}.",
                skipped.account, skipped.status
            )
        })
        .collect()
}

/// Which accounts another collection may show more of, where there are several.
pub(super) fn disturbed(estate: &Estate, findings: &Findings) -> Vec<String> {
    const PASSING: [Outcome; 4] = [Outcome::Throttled, Outcome::Timeout, Outcome::Unreachable, Outcome::ServerError];
    if estate.accounts.len() < 2 {
        return Vec::new();
    }
    let mut counts: BTreeMap<(String, Outcome), u64> = BTreeMap::new();
    for finding in findings {
        let Verdict::NotEvaluated(Reason::Unread(outcome)) = finding.verdict else { continue };
        if PASSING.contains(&outcome) && !estate.accounts_unread.contains_key(&finding.account) {
            *counts.entry((finding.account.clone(), outcome)).or_default() += 1;
        }
    }
    let told = counts.into_iter().map(|((account, outcome), count)| {
        let findings = if count == 1 { "1 finding is".to_owned() } else { format!("{count} findings are") };
        format!(
            "In account {account}, {findings} not evaluated because of {}: another collection may show more.",
            outcome.in_words()
        )
    });
    told.collect()
}
