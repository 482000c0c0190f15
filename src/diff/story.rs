//! The summary: three to six sentences for somebody who reads nothing else.

use std::collections::BTreeMap;

use crate::pack::{Cause, CauseKind, Changes, Direction, Listed};
use crate::rules::Level;

/// How many causes a sentence names.
const NAMED: usize = 2;

/// The sentences.
pub(super) fn summary(changes: &Changes) -> Vec<String> {
    let story = Story::new(changes);
    let mut sentences = vec![story.counts(), story.open()];
    sentences.extend(story.moved(Direction::Worse, "What made findings worse"));
    sentences.extend(story.unseen());
    sentences.extend(story.moved(Direction::Better, "What made findings better"));
    sentences.push(story.rest());
    sentences
}

struct Story<'a> {
    changes: &'a Changes,
    findings: BTreeMap<&'a str, (Direction, Level)>,
}

impl<'a> Story<'a> {
    fn new(changes: &'a Changes) -> Self {
        let findings = changes.findings.iter().map(|change| (change.id.as_str(), (change.direction, change.level)));
        Self { changes, findings: findings.collect() }
    }

    fn counts(&self) -> String {
        let counts = &self.changes.counts;
        let since = format!("Since {} ({})", self.changes.old.judged_at.date_naive(), self.changes.old.period.name);
        if self.changes.findings.is_empty() {
            return format!("{since} no finding changed; {} as before.", are(counts.unchanged));
        }
        format!(
            "{since}: {} got worse, {} can no longer be judged, {} got better, {} came, went or changed without being \
             open, and {} as before.",
            findings(counts.worse),
            counts.unseen,
            counts.better,
            counts.other,
            are(counts.unchanged)
        )
    }

    fn open(&self) -> String {
        let Changes { old, new, .. } = self.changes;
        format!(
            "Open findings of required rules (failed without a valid waiver, or not evaluated): {} on {}, {} on {}.",
            old.open,
            old.judged_at.date_naive(),
            new.open,
            new.judged_at.date_naive()
        )
    }

    /// The first causes that moved findings in one direction.
    fn moved(&self, direction: Direction, lead: &str) -> Option<String> {
        let causes = self.causes(direction);
        if causes.is_empty() {
            return None;
        }
        if let [only] = causes.as_slice() {
            return Some(format!("{lead}: {}.", told(only)));
        }
        let named = causes.iter().take(NAMED).zip(1..).map(|(cause, number)| format!("({number}) {}", told(cause)));
        let more = match causes.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("; and {more} more, below"),
        };
        Some(format!("{lead}: {}{more}.", named.collect::<Vec<_>>().join("; ")))
    }

    fn unseen(&self) -> Option<String> {
        let causes = self.causes(Direction::Unseen);
        let first = causes.first()?;
        let explained = self.moves(first, Direction::Unseen);
        let of = self.changes.counts.unseen;
        Some(format!("Why {explained} of {of} can no longer be judged: {}.", told(first)))
    }

    /// What else is new: resources, reports, and what nobody could explain.
    fn rest(&self) -> String {
        let resources = |wanted| self.changes.resources.iter().filter(|change| change.change == wanted).count() as u64;
        let reports = self.changes.reports.iter().filter(|change| change.change == Listed::Added).count() as u64;
        let undetermined = self.changes.causes.iter().filter(|cause| cause.kind == CauseKind::Undetermined);
        let parts = [
            (resources(Listed::Added), "resource was added", "resources were added"),
            (resources(Listed::Removed), "was removed", "were removed"),
            (resources(Listed::NoLongerSeen), "can no longer be seen", "can no longer be seen"),
            (reports, "report of AWS is new", "reports of AWS are new"),
            (
                undetermined.map(|cause| cause.findings.len() as u64).sum(),
                "finding changed for a cause that could not be determined",
                "findings changed for causes that could not be determined",
            ),
        ];
        let texts = parts.iter().filter(|(count, ..)| *count > 0);
        let texts: Vec<String> =
            texts.map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many })).collect();
        if texts.is_empty() {
            return "No resource was added or removed, and AWS lists no new report.".to_owned();
        }
        format!("Besides: {}.", texts.join(", "))
    }

    /// The causes that moved findings in that direction: those of required rules first, then by how many.
    fn causes(&self, direction: Direction) -> Vec<&'a Cause> {
        let is_required = |cause: &Cause| {
            cause.findings.iter().any(|id| self.findings.get(id.as_str()) == Some(&(direction, Level::Required)))
        };
        let moved = self.changes.causes.iter().filter(|cause| self.moves(cause, direction) > 0);
        let mut causes: Vec<&Cause> = moved.filter(|cause| cause.kind != CauseKind::Undetermined).collect();
        causes.sort_by_cached_key(|cause| (!is_required(cause), std::cmp::Reverse(self.moves(cause, direction))));
        causes
    }

    /// How many findings a cause moved in that direction.
    fn moves(&self, cause: &Cause, direction: Direction) -> usize {
        let is_moved = |id: &&String| self.findings.get(id.as_str()).is_some_and(|(moved, _)| *moved == direction);
        cause.findings.iter().filter(is_moved).count()
    }
}

/// The cause's sentence without its full stop, and when AWS says that it was last modified.
fn told(cause: &Cause) -> String {
    let sentence = cause.sentence.trim_end_matches('.');
    let day = cause.last_modified.as_deref().and_then(|time| time.get(..10));
    match (day, cause.last_modified_by.as_deref()) {
        (Some(day), Some(by)) => format!("{sentence} (last modified {day} by {})", by.rsplit('/').next().unwrap_or(by)),
        (Some(day), None) => format!("{sentence} (last modified {day})"),
        (None, _) => sentence.to_owned(),
    }
}

fn findings(count: u64) -> String {
    format!("{count} {}", if count == 1 { "finding" } else { "findings" })
}

fn are(count: u64) -> String {
    format!("{count} {}", if count == 1 { "is" } else { "are" })
}
