//! Two packs in, what changed and why out. Pure: no network, no clock, no environment.
//!
//! What the packs say is compared as they say it. Why it changed is found out by judging again: with the old evidence
//! and the new declarations, the other way round, and at the other time. Where only the evidence explains a change, the
//! answers that the finding rests on are compared member by member. What nothing explains is `undetermined`.

mod answers;
mod blame;
mod declared;
mod events;
mod factors;
mod fields;
mod inventory;
mod listed;
mod nouns;
mod side;
mod story;

use std::collections::{BTreeMap, BTreeSet};

use blame::{Blame, Pair};
use events::Events;
use factors::Worlds;
use inventory::Inventory;
use nouns::Names;
use side::Side;

pub use side::Source;

use crate::pack::{
    AgreementChange, CHANGES_SCHEMA, Cause, CauseKind, Changes, Counts, Direction, FindingChange, Judged, ReportChange,
    ResourceChange, RuleChange, SealedFinding, SealedVerdict,
};
use crate::rules::Level;
use crate::snapshot::Tool;
use crate::snapshot::read::ReadError;
use crate::threads;

/// Why two packs could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The evidence of one cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The declarations of one cannot be read.
    #[error("the declarations in `{pack}` do not parse: {what}")]
    Declarations {
        /// Which.
        pack: String,
        /// Why.
        what: String,
    },
    /// The verdicts of one, which this very version gave, do not follow from its evidence.
    #[error("the verdicts in `{pack}` do not follow from its evidence: {finding}")]
    Untrue {
        /// Which.
        pack: String,
        /// The first finding that does not.
        finding: String,
    },
}

/// Compares two packs.
///
/// # Errors
/// When one of them cannot be read, or says what its evidence does not show.
pub fn compare(old: Source<'_>, new: Source<'_>) -> Result<Changes, DiffError> {
    let differing = answers::differing(old.results, new.results);
    let (old, new) = threads::both(|| Side::read(old, &differing), || Side::read(new, &differing));
    let (old, new) = (old?, new?);
    let declared = declared::changed(&old, &new);
    let worlds = Worlds::new(&old, &new, &declared);
    let (before, after) = threads::both(|| worlds.old(), || worlds.new_verdicts());
    require_true(&old, before)?;
    require_true(&new, after)?;
    let (before, after) = (Inventory::new(&old.estate), Inventory::new(&new.estate));
    let names = names(&old, &new, [&before, &after]);
    let events = Events::new(&old, &new, &declared, &names);
    let inventories = [&before, &after];
    let mut blame = Blame { old: &old, new: &new, worlds: &worlds, inventories, events };
    let (findings, unchanged) = findings(&mut blame);
    let resources = listed::resources(&mut blame, &before, &after);
    let reports = listed::reports(&mut blame);
    let agreements = listed::agreements(&mut blame);
    let (causes, ids) = causes(blame.events, &findings);
    let counts = counts(&findings, unchanged);
    let mut changes = Changes {
        schema: CHANGES_SCHEMA.to_owned(),
        tool: Tool::this(),
        old: old.compared(),
        new: new.compared(),
        summary: Vec::new(),
        counts,
        findings: ids.named(findings, |change, causes| FindingChange { causes, ..change }),
        resources: ids.named(resources, |change, causes| ResourceChange { causes, ..change }),
        reports: ids.named(reports, |change, causes| ReportChange { causes, ..change }),
        agreements: ids.named(agreements, |change, causes| AgreementChange { causes, ..change }),
        declarations: declared.into_iter().map(|difference| difference.field).collect(),
        rules: rules(&old, &new),
        causes,
    };
    changes.summary = story::summary(&changes);
    Ok(changes)
}

/// A pack of this very version has the verdicts that this version gives.
fn require_true(side: &Side<'_>, again: &side::Verdicts) -> Result<(), DiffError> {
    if side.results().tool != Tool::this() {
        return Ok(());
    }
    let sealed: side::Verdicts =
        side.findings.iter().map(|(id, finding)| ((*id).to_owned(), finding.judged())).collect();
    let untrue = sealed.iter().find(|(id, judged)| again.get(*id) != Some(*judged));
    let untrue = untrue.or_else(|| again.iter().find(|(id, _)| !sealed.contains_key(*id)));
    match untrue {
        None => Ok(()),
        Some((finding, _)) => Err(DiffError::Untrue { pack: side.source.name.to_owned(), finding: finding.clone() }),
    }
}

fn names(old: &Side<'_>, new: &Side<'_>, inventories: [&Inventory; 2]) -> Names {
    let mut names = Names::default();
    for resource in inventories.iter().flat_map(|inventory| &inventory.resources) {
        names.add(&resource.id, &resource.name);
    }
    for side in [old, new] {
        for application in &side.results().scope.applications {
            names.add(&application.id, &application.name);
            names.add(&application.arn, &application.name);
        }
        for report in &side.results().reports {
            names.add(&report.id, report.name.as_deref().unwrap_or_default());
        }
    }
    names
}

type WithEvents<T> = Vec<(T, BTreeSet<usize>)>;

/// The findings that are not the same, and how many are.
fn findings(blame: &mut Blame<'_>) -> (WithEvents<FindingChange>, u64) {
    let (old, new) = (blame.old, blame.new);
    let ids: BTreeSet<&str> = old.findings.keys().chain(new.findings.keys()).copied().collect();
    let (mut changes, mut unchanged) = (Vec::new(), 0);
    for id in ids {
        let pair = Pair { before: old.findings.get(id).copied(), after: new.findings.get(id).copied() };
        let (before, after) = (pair.before.map(SealedFinding::judged), pair.after.map(SealedFinding::judged));
        if before == after {
            unchanged += 1;
            continue;
        }
        let Some(finding) = pair.any() else { continue };
        let events = blame.finding(pair);
        let of_reading = events.iter().any(|event| is_of_reading(blame.events.all[*event].kind));
        let change = FindingChange {
            id: id.to_owned(),
            rule: finding.rule.clone(),
            level: finding.level,
            account: finding.account.clone(),
            region: finding.region.clone(),
            resource: finding.resource.clone(),
            resource_name: finding.resource_name.clone(),
            direction: direction(before.as_ref(), after.as_ref(), of_reading),
            message: finding.message.clone(),
            before,
            after,
            causes: Vec::new(),
        };
        changes.push((change, events));
    }
    changes.sort_by_cached_key(|(change, _)| {
        (change.direction, change.level, change.rule.clone(), change.resource.clone(), change.id.clone())
    });
    (changes, unchanged)
}

/// Whether something changed because it could or could not be read; or nobody knows why, which is not better.
const fn is_of_reading(kind: CauseKind) -> bool {
    use CauseKind::{Collection, Permission, Retirement, Undetermined};
    matches!(kind, Permission | Collection | Retirement | Undetermined)
}

/// Which way a finding went; `of_reading` when it changed because something could or could not be read.
fn direction(before: Option<&Judged>, after: Option<&Judged>, of_reading: bool) -> Direction {
    use SealedVerdict::{Fail, NotApplicable, NotEvaluated};
    match (before, after) {
        (Some(before), Some(after)) if before.verdict == after.verdict => match (before.is_open(), after.is_open()) {
            (true, false) => Direction::Better,
            (false, true) => Direction::Worse,
            _ => Direction::Other,
        },
        (_, Some(after)) if after.verdict == Fail => Direction::Worse,
        (_, Some(after)) if after.verdict == NotEvaluated => Direction::Unseen,
        (Some(before), Some(_)) if before.is_open() => Direction::Better,
        (Some(before), None) if of_reading && before.verdict != NotApplicable => Direction::Unseen,
        (Some(before), None) if before.is_open() => Direction::Better,
        _ => Direction::Other,
    }
}

fn counts(findings: &WithEvents<FindingChange>, unchanged: u64) -> Counts {
    let of = |direction| findings.iter().filter(|(change, _)| change.direction == direction).count() as u64;
    Counts {
        worse: of(Direction::Worse),
        unseen: of(Direction::Unseen),
        better: of(Direction::Better),
        other: of(Direction::Other),
        unchanged,
    }
}

/// The ids of the events, by their place in the list of all.
struct Ids(BTreeMap<usize, String>);

impl Ids {
    /// Gives each change the ids of its causes.
    fn named<T>(&self, changes: WithEvents<T>, name: impl Fn(T, Vec<String>) -> T) -> Vec<T> {
        changes.into_iter().map(|(change, events)| name(change, self.of(&events))).collect()
    }

    fn of(&self, events: &BTreeSet<usize>) -> Vec<String> {
        let mut ids: Vec<(usize, &String)> =
            events.iter().filter_map(|event| self.0.get(event)).map(|id| (id.len(), id)).collect();
        ids.sort_unstable();
        ids.into_iter().map(|(_, id)| id.clone()).collect()
    }
}

/// The events in the order of their weight: by the worst finding that each moved, then by how many it moved.
fn causes(events: Events, findings: &WithEvents<FindingChange>) -> (Vec<Cause>, Ids) {
    let mut moved: BTreeMap<usize, Vec<&FindingChange>> = BTreeMap::new();
    for (change, events) in findings {
        for event in events {
            moved.entry(*event).or_default().push(change);
        }
    }
    let weight = |place: usize| {
        let findings = moved.get(&place).map_or(&[][..], Vec::as_slice);
        let worst = findings.iter().map(|change| (change.direction, change.level)).min();
        (worst.is_none(), worst, std::cmp::Reverse(findings.len()))
    };
    let mut all: Vec<(usize, events::Event)> = events.all.into_iter().enumerate().collect();
    all.sort_by_cached_key(|(place, event)| (weight(*place), event.kind, event.story.sentence()));
    let mut ids = BTreeMap::new();
    let causes = all.into_iter().enumerate().map(|(at, (place, event))| {
        let id = format!("cause-{}", at + 1);
        ids.insert(place, id.clone());
        let findings = moved.get(&place).into_iter().flatten().map(|change| change.id.clone()).collect();
        Cause {
            id,
            kind: event.kind,
            sentence: event.story.sentence(),
            declared: event.declared,
            answers: event.answers,
            last_modified: event.modified.at,
            last_modified_by: event.modified.by,
            findings,
        }
    });
    let causes = causes.collect();
    (causes, Ids(ids))
}

fn rules(old: &Side<'_>, new: &Side<'_>) -> Vec<RuleChange> {
    let of = |side: &Side<'_>| -> BTreeMap<String, Level> {
        side.results().rules.iter().map(|rule| (rule.id.clone(), rule.level)).collect()
    };
    let (before, after) = (of(old), of(new));
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change =
        |id: &String| RuleChange { id: id.clone(), before: before.get(id).copied(), after: after.get(id).copied() };
    ids.into_iter().map(change).filter(|change| change.before != change.after).collect()
}
