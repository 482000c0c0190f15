//! What a ticket says of a pack: schema `pinpoint-evidence/ticket/v1`.
//!
//! These structures are the format, frozen: `ticket --format json` holds them field by field, and the page is made from
//! them alone. They depend on the pack and nothing else: not on the program that prints them, nor on when or where.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::changes::{Span, Verdicts};
use super::sealed::{Judged, Sealed, SealedFinding, SealedVerdict};
use crate::rules::Level;
use crate::snapshot::{Tool, hex_sha256, time};

/// The value of [`Ticket::schema`].
pub const TICKET_SCHEMA: &str = "pinpoint-evidence/ticket/v1";

/// The JSON Schema (draft 2020-12) of [`Ticket`].
pub const TICKET_SCHEMA_JSON: &str = include_str!("ticket.schema.json");

/// Open items on one page.
const ITEMS: usize = 20;
/// Characters of a name, for trackers take titles of 255.
const NAME: usize = 80;
/// Characters of a message.
const MESSAGE: usize = 500;
/// Accounts and regions that are named one by one.
const PLACES: usize = 40;

/// A ticket. The order of the fields is the order in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// [`TICKET_SCHEMA`].
    pub schema: String,
    /// The same for every pack of the same accounts and period, so that a tracker updates the ticket.
    pub fingerprint: String,
    /// At most 255 characters.
    pub title: String,
    /// What was asked.
    pub asked: Asked,
    /// How many findings of required rules have each verdict.
    pub required: Verdicts,
    /// How many findings of recommended rules have each verdict.
    pub recommended: Verdicts,
    /// Open findings, the most important first.
    pub items: Vec<Item>,
    /// How many more there are.
    pub more: u64,
    /// The pack.
    pub pack: PackDigest,
    /// The pack as one file.
    pub archive: ArchiveDigest,
}

/// What was asked: of whom, and for when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The customer, when the configuration names it.
    pub organization: Option<String>,
    /// In order; the first ones of many.
    pub accounts: Vec<String>,
    /// In order; the first ones of many.
    pub regions: Vec<String>,
    /// What the pack covers.
    pub period: Span,
    /// The time that everything is judged at.
    #[serde(with = "time")]
    pub judged_at: DateTime<Utc>,
}

/// An open finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The finding's id: the same in every pack.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: String,
    /// What the rule asks.
    pub title: String,
    /// The rule's level.
    pub level: Level,
    /// The verdict.
    pub verdict: SealedVerdict,
    /// Why it was not evaluated.
    pub reason: Option<String>,
    /// In the one form that its kind has.
    pub resource: String,
    /// What people call it.
    pub resource_name: Option<String>,
    /// What was seen; the beginning of a long text.
    pub message: String,
}

/// The pack as its manifest has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackDigest {
    /// Which program wrote it.
    pub tool: Tool,
    /// SHA-256 of `manifest.json`: one value for the whole pack.
    pub manifest_sha256: String,
    /// The root digest in the manifest.
    pub root: String,
    /// How many files it has besides the manifest.
    pub files: u64,
    /// Their size together.
    pub bytes: u64,
    /// Whether a signature lies beside the manifest. It was not checked for the ticket.
    pub signed: bool,
    /// The day until which the pack is kept: six years after the period (45 CFR 164.316(b)(2)(i)).
    pub retain_until: NaiveDate,
}

/// The pack as one file to attach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveDigest {
    /// `pack.zip`
    pub name: String,
    /// The folder that everything in it stands under.
    pub folder: String,
    /// Its size.
    pub bytes: u64,
    /// In lower-case hexadecimal.
    pub sha256: String,
}

impl Ticket {
    /// The ticket of a pack.
    #[must_use]
    pub fn new(sealed: &Sealed, archive: ArchiveDigest) -> Self {
        let results = &sealed.results;
        let mut open: Vec<&SealedFinding> =
            results.findings.iter().filter(|finding| finding.judged().is_open()).collect();
        open.sort_by_key(|finding| (finding.level, finding.verdict != SealedVerdict::Fail));
        let required = verdicts(&results.findings, Level::Required);
        let [accounts, regions] = [&results.scope.accounts, &results.scope.regions];
        let mut ticket = Self {
            schema: TICKET_SCHEMA.to_owned(),
            fingerprint: fingerprint(accounts, &results.period),
            title: title(accounts, &results.period.name, &results.findings),
            asked: Asked {
                organization: results.organization.as_ref().map(|organization| cut(&organization.name, NAME)),
                accounts: accounts.iter().take(PLACES).cloned().collect(),
                regions: regions.iter().take(PLACES).cloned().collect(),
                period: results.period.clone(),
                judged_at: results.collected.last,
            },
            required,
            recommended: verdicts(&results.findings, Level::Recommended),
            more: 0,
            items: open.iter().map(|finding| item(finding, sealed)).collect(),
            pack: sealed.digest(),
            archive,
        };
        ticket.keep(ITEMS);
        ticket
    }

    /// Leaves out all but the first items.
    pub fn keep(&mut self, items: usize) {
        self.more += self.items.len().saturating_sub(items) as u64;
        self.items.truncate(items);
    }
}

/// The folder in the archive of a pack: one that says what it is, whatever the period's name holds.
#[must_use]
pub fn archive_folder(period: &str) -> String {
    let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
    let period: String = cut(period, NAME).chars().map(plain).collect();
    format!("pinpoint-evidence-{period}")
}

fn fingerprint(accounts: &[String], period: &Span) -> String {
    let text = format!("{}\n{}..{}", accounts.join(","), period.start, period.end);
    format!("t-{}", &hex_sha256(text.as_bytes())[..16])
}

fn title(accounts: &[String], period: &str, findings: &[SealedFinding]) -> String {
    let whose = match accounts {
        [one] => format!("account {}", cut(one, NAME)),
        many => format!("{} accounts", many.len()),
    };
    let count = |verdict: SealedVerdict| {
        let is_open = |finding: &&SealedFinding| {
            finding.level == Level::Required && finding.verdict == verdict && finding.judged().is_open()
        };
        findings.iter().filter(is_open).count()
    };
    let (failed, unevaluated) = (count(SealedVerdict::Fail), count(SealedVerdict::NotEvaluated));
    let result = if failed + unevaluated == 0 {
        "nothing open of required rules".to_owned()
    } else {
        format!("{failed} failed and {unevaluated} not evaluated of required rules")
    };
    format!("Messaging of PHI, {whose}, {}: {result}", cut(period, NAME))
}

fn verdicts(findings: &[SealedFinding], level: Level) -> Verdicts {
    let mut counts = Verdicts::default();
    for Judged { verdict, waived, .. } in findings.iter().filter(|f| f.level == level).map(SealedFinding::judged) {
        match verdict {
            SealedVerdict::Pass => counts.pass += 1,
            SealedVerdict::Fail => counts.fail += 1,
            SealedVerdict::NotEvaluated => counts.not_evaluated += 1,
            SealedVerdict::NotApplicable => counts.not_applicable += 1,
            SealedVerdict::Attested => counts.attested += 1,
        }
        counts.waived += u64::from(waived);
    }
    counts
}

fn item(finding: &SealedFinding, sealed: &Sealed) -> Item {
    let title = sealed.results.rules.iter().find(|rule| rule.id == finding.rule).map(|rule| rule.title.as_str());
    Item {
        fingerprint: finding.id.clone(),
        rule: finding.rule.clone(),
        title: cut(title.unwrap_or_default(), NAME),
        level: finding.level,
        verdict: finding.verdict,
        reason: finding.reason.clone(),
        resource: cut(&finding.resource, MESSAGE),
        resource_name: finding.resource_name.as_deref().map(|name| cut(name, NAME)),
        message: cut(&finding.message, MESSAGE),
    }
}

/// The first characters of a text.
fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
