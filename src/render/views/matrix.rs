//! Applications by families of channels: whether each was enabled, whether AWS's page permits it for PHI, and the
//! verdict of the rules on it.

use std::ops::Deref;

use serde::Serialize;

use super::families::{FAMILIES, Family, RULES_ON_ALL};
use super::places::{Place, Shelf};
use crate::pack::{Pack, Phi};
use crate::render::rows::Row;
use crate::render::words;
use crate::rules::{Finding, Level, Verdict};

/// One application.
#[derive(Serialize)]
pub(super) struct MatrixRow {
    name: String,
    account: String,
    region: String,
    /// The account and region, or the region alone in a pack on one account.
    location: String,
    phi: &'static str,
    address: String,
    /// Of all its required rules.
    result: Label,
    /// The families that were enabled, are permitted, and have no required rule that is open; empty when none.
    usable: String,
    families: Vec<Cell>,
    /// Of the rules that ask whether only permitted channels are used.
    verdict: &'static str,
    waived: bool,
}

/// A verdict as a template shows it; empty when no rule judged.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct Label {
    /// The label.
    pub(super) verdict: &'static str,
    /// Whether a valid waiver accepts every fail.
    pub(super) waived: bool,
}

/// One family of an application.
#[derive(Serialize)]
struct Cell {
    /// Each state with its channels.
    state: String,
    /// The state that counts, by shape and word.
    brief: String,
    /// Beside an enabled channel: that others of the family could not be read.
    partly: String,
    /// Whether a reader has to look at it: a channel of it was enabled or could not be read.
    loud: bool,
    /// By shape and word.
    permission: &'static str,
    /// Of its required rules; empty when none judged it.
    required: Label,
    /// Whether it has no required rule but those on all channels together.
    only_on_all: bool,
    /// Of all its rules; empty when none judged it.
    verdict: &'static str,
    waived: bool,
}

impl Row for MatrixRow {
    const TEMPLATE: &'static str = "matrix-row.md.tera";
    const COLUMNS: usize = 9;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { name, location, address, usable, families, .. } = self;
        [name, location, address, usable].into_iter().for_each(&mut *visit);
        for cell in families {
            visit(&mut cell.partly);
        }
        // No row shows these, so they are not of its shape.
        [&mut self.account, &mut self.region].into_iter().for_each(String::clear);
        self.families.iter_mut().for_each(|cell| cell.state.clear());
    }
}

/// A row for each of some applications.
pub(super) fn rows(pack: &Pack, applications: &[Place], shelf: &Shelf) -> Vec<MatrixRow> {
    applications.iter().map(|place| row(place, pack, shelf)).collect()
}

fn row(place: &Place, pack: &Pack, shelf: &Shelf) -> MatrixRow {
    let (verdict, waived) = heaviest(of_rules(&RULES_ON_ALL, place, shelf));
    MatrixRow {
        name: place.title.clone(),
        account: place.application.account.clone(),
        region: place.application.region.clone(),
        location: match pack.scope.accounts.len() {
            1 => place.application.region.clone(),
            _ => format!("{}, {}", place.application.account, place.application.region),
        },
        phi: phi_word(&place.application.phi),
        address: place.address.clone(),
        result: place.standing.label(),
        usable: usable(place, shelf),
        families: FAMILIES.iter().map(|family| cell(family, place, shelf)).collect(),
        verdict,
        waived,
    }
}

/// What is said of PHI in one word or two.
pub(super) const fn phi_word(phi: &Phi) -> &'static str {
    match phi {
        Phi::Declared { .. } => "declared",
        Phi::Excluded { .. } => "excluded",
        Phi::Undeclared { judged: true } => "undeclared, judged as PHI",
        Phi::Undeclared { judged: false } => "undeclared, left out",
    }
}

/// The verdict that weighs most, and whether a valid waiver accepts every fail among them.
pub(super) fn heaviest<F: Deref<Target = Finding>>(findings: impl Iterator<Item = F> + Clone) -> (&'static str, bool) {
    let heaviest = findings.clone().max_by_key(|finding| words::weight(finding.verdict));
    let mut fails = findings.filter(|finding| finding.verdict == Verdict::Fail).peekable();
    let waived = fails.peek().is_some() && fails.all(|finding| finding.is_waived());
    (heaviest.map_or("", |finding| words::verdict(finding.verdict)), waived)
}

/// How early a reader must see what has these findings: the greater, the earlier. A waived fail comes after what could
/// not be evaluated. `None` without any finding.
pub(super) fn rank<F: Deref<Target = Finding>>(findings: impl Iterator<Item = F>) -> Option<u8> {
    let rank = |finding: F| match finding.verdict {
        Verdict::Fail if finding.is_waived() => 2 * words::weight(Verdict::Attested) + 1,
        verdict => 2 * words::weight(verdict),
    };
    findings.map(rank).max()
}

impl Label {
    /// Of the verdict that weighs most.
    pub(super) fn of<F: Deref<Target = Finding>>(findings: impl Iterator<Item = F> + Clone) -> Self {
        let (verdict, waived) = heaviest(findings);
        Self { verdict, waived }
    }
}

fn cell(family: &Family, place: &Place, shelf: &Shelf) -> Cell {
    let findings = of_rules(family.rules, place, shelf);
    let (verdict, waived) = heaviest(findings.clone());
    let (brief, partly) = family.brief(&place.application);
    Cell {
        state: family.state(&place.application),
        brief,
        partly,
        loud: family.is_loud(&place.application),
        permission: words::permission(family.permitted),
        required: Label::of(findings.filter(|finding| finding.level == Level::Required)),
        only_on_all: !family.has_required_rule(),
        verdict,
        waived,
    }
}

fn of_rules<'p>(
    rules: &'p [&'static str],
    place: &'p Place,
    shelf: &'p Shelf,
) -> impl Iterator<Item = &'p Finding> + Clone {
    place.all_findings(shelf).filter(|finding| rules.contains(&finding.rule))
}

/// The permitted families with an enabled channel and no required rule that is open. A family whose rules include a
/// required one needs a verdict of it that was seen or attested.
fn usable(place: &Place, shelf: &Shelf) -> String {
    let word = |family: &Family| {
        let verdicts: Vec<Verdict> = of_rules(family.rules, place, shelf)
            .filter(|finding| finding.level == Level::Required)
            .map(|finding| finding.verdict)
            .collect();
        let is_open = verdicts.iter().any(|verdict| verdict.is_open());
        let is_shown = verdicts.iter().any(|it| matches!(it, Verdict::Pass | Verdict::Attested));
        let is_usable = family.permitted
            && family.is_on(&place.application)
            && !is_open
            && (is_shown || !family.has_required_rule());
        let attested = if verdicts.contains(&Verdict::Attested) { " (attested)" } else { "" };
        is_usable.then(|| format!("{}{attested}", family.name))
    };
    FAMILIES.iter().filter_map(word).collect::<Vec<_>>().join(", ")
}
