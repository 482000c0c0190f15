//! `index`: the cover.

use serde::Serialize;

use super::findings::level_title;
use super::matrix::{self, MatrixRow};
use super::places::{Places, Shelf};
use crate::pack::{Found, Pack, Phi, Program, Run, Status, Summary};
use crate::programs;
use crate::render::html::Pictures;
use crate::render::index_of_calls::CallIndex;
use crate::render::page::{Page, page_path};
use crate::render::present::Present;
use crate::render::rows::Repeated;
use crate::render::svg::bars::Bar;
use crate::render::{svg, words};
use crate::rules::{Finding, Level, Verdict};
use crate::snapshot::Tool;

/// The picture of the programs.
const PICTURE: &str = "program-results";

/// Open findings that the cover names.
const OPEN_SHOWN: usize = 20;

/// Applications that the cover's matrix shows.
const APPLICATIONS_SHOWN: usize = 12;

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    organization: &'a str,
    role: String,
    period: PeriodView<'a>,
    first: String,
    last: String,
    caller: &'a str,
    tool: &'a Tool,
    retain_until: String,
    period_is_running: bool,
    levels: Vec<LevelRow>,
    meaning: String,
    open: Vec<OpenRow>,
    open_total: u64,
    applications: Vec<MatrixRow>,
    applications_total: u64,
    phi: PhiCounts,
    statuses: Vec<&'static str>,
    programs: Vec<ProgramRow>,
    changes: Option<ChangesView<'a>>,
    /// Whether the pack holds the HIPAA write-up.
    write_up: bool,
    warnings: &'a [String],
    accounts: &'a [String],
    regions: &'a [String],
    regions_not_scanned: &'a [String],
    calls: u64,
    calls_unread: u64,
}

/// What changed since an earlier pack.
#[derive(Serialize)]
struct ChangesView<'a> {
    since: &'a str,
    summary: &'a [String],
}

#[derive(Serialize)]
struct PeriodView<'a> {
    name: &'a str,
    start: String,
    end: String,
}

#[derive(Serialize)]
struct LevelRow {
    level: &'static str,
    counts: Counts,
}

#[derive(Serialize)]
struct Counts {
    fail: u64,
    waived: u64,
    not_evaluated: u64,
    pass: u64,
    attested: u64,
    not_applicable: u64,
}

#[derive(Serialize)]
struct OpenRow {
    rule: &'static str,
    address: String,
    verdict: &'static str,
    reason: String,
    name: String,
    resource: String,
    message: String,
}

#[derive(Serialize)]
struct ProgramRow {
    name: &'static str,
    address: String,
    controls: u64,
    /// In the order of [`Status::ALL`].
    counts: Vec<u64>,
}

#[derive(Default, Serialize)]
struct PhiCounts {
    declared: u64,
    excluded: u64,
    undeclared: u64,
}

/// The one page.
pub(in crate::render) fn page<'a>(
    pack: &'a Pack,
    calls: &CallIndex<'_>,
    places: &Places<'_>,
) -> (Page<'a, View<'a>>, Pictures) {
    let required = of_level(pack, Level::Required);
    let fails = required.fail - required.waived;
    let shown = places.applications(0..places.len().min(APPLICATIONS_SHOWN));
    let view = View {
        organization: pack
            .organization
            .as_ref()
            .map_or("", |organization| words::name_or(Some(&organization.name), "")),
        role: pack.organization.as_ref().and_then(|o| o.role.as_deref()).unwrap_or_default().replace('_', " "),
        period: PeriodView {
            name: &pack.period.name,
            start: words::day(pack.period.start),
            end: words::day(pack.period.end),
        },
        first: words::minute(pack.collected.first),
        last: words::minute(pack.collected.last),
        caller: &pack.caller.arn,
        tool: &pack.tool,
        retain_until: words::day(pack.retain_until),
        period_is_running: pack.collected.last.date_naive() < pack.period.end,
        levels: level_rows(pack),
        meaning: meaning(pack, fails, required.not_evaluated),
        open: open(pack).take(OPEN_SHOWN).map(|(place, finding)| open_row(place, &finding, calls)).collect(),
        open_total: required.open(),
        applications: matrix::rows(pack, &shown, &Shelf::on(pack, &shown)),
        applications_total: words::number(places.len()),
        phi: phi_counts(pack),
        statuses: Status::ALL.map(words::status).to_vec(),
        programs: pack.programs.iter().filter_map(program_row).collect(),
        changes: pack
            .changes
            .as_ref()
            .map(|changes| ChangesView { since: &changes.old.period.name, summary: &changes.summary }),
        write_up: Present::has_write_up(pack),
        warnings: &pack.warnings,
        accounts: &pack.scope.accounts,
        regions: &pack.scope.regions,
        regions_not_scanned: &pack.scope.regions_not_scanned,
        calls: words::number(pack.evidence.len()),
        calls_unread: words::number(pack.evidence.outcomes().filter(|outcome| !outcome.is_read()).count()),
    };
    let (document, repeated) = ("index".into(), Repeated::default());
    let page = Page { document, number: 0, title: "Cover", template: "index.md.tera", view, repeated };
    let pictures = Pictures::from([(PICTURE, picture(pack))]);
    (page, pictures)
}

/// The controls of each program by status.
fn picture(pack: &Pack) -> String {
    let bar = |program: &Program| {
        let count = |status: Status| program.controls().filter(|control| control.status == status).count();
        let part = |status: Status| {
            let label = words::status(status);
            (label, words::style_of(label), words::number(count(status)))
        };
        let total = words::count(words::number(program.controls().count()));
        Some(Bar { name: programs::page(&program.id)?.name, parts: Status::ALL.map(part).to_vec(), total })
    };
    let bars: Vec<Bar<'_>> = pack.programs.iter().filter_map(bar).collect();
    svg::bars::draw(PICTURE, "Controls of each program by status", &bars)
}

/// What is open of the required rules: fails without a valid waiver, then what could not be evaluated.
fn open(pack: &Pack) -> impl Iterator<Item = (usize, Found)> + '_ {
    let is_required = |run: &Run| run.level == Level::Required;
    let fails = pack.findings.marked(is_required, |mark| mark.verdict() == Verdict::Fail && !mark.is_waived());
    fails.chain(pack.findings.marked(is_required, |mark| mark.verdict().reason().is_some()))
}

fn of_level(pack: &Pack, level: Level) -> Summary {
    pack.findings.runs().filter(|run| run.level == level).map(|run| run.summary).sum()
}

fn open_row(place: usize, finding: &Finding, calls: &CallIndex<'_>) -> OpenRow {
    OpenRow {
        rule: finding.rule,
        address: calls.of_finding(place),
        verdict: words::verdict(finding.verdict),
        reason: finding.verdict.reason().map(words::reason).unwrap_or_default(),
        name: words::name_or(finding.resource_name.as_deref(), "").to_owned(),
        resource: finding.resource.clone(),
        message: finding.message.clone(),
    }
}

fn level_rows(pack: &Pack) -> Vec<LevelRow> {
    let row = |level, summary| {
        let Summary { pass, fail, not_evaluated, not_applicable, attested, waived } = summary;
        LevelRow { level, counts: Counts { fail, waived, not_evaluated, pass, attested, not_applicable } }
    };
    let of_level = |level| row(level_title(level), of_level(pack, level));
    vec![of_level(Level::Required), of_level(Level::Recommended), row("Together", pack.summary)]
}

/// The result in one or two sentences.
fn meaning(pack: &Pack, fails: u64, not_evaluated: u64) -> String {
    if pack.findings.is_empty() {
        return "No rule was judged, so this pack shows nothing.".to_owned();
    }
    let finding = |number: u64| words::counted(number, "finding");
    match (fails, not_evaluated) {
        (0, 0) => "No finding of a required rule is open: each is a pass, is attested by a person, carries a valid \
                   waiver, or does not apply."
            .to_owned(),
        (0, open) => format!(
            "No required rule failed without a valid waiver. {} of required rules could not be evaluated; what was \
             not read is not counted as a pass.",
            finding(open)
        ),
        (fails, 0) => format!("{} of required rules failed without a valid waiver.", finding(fails)),
        (fails, open) => format!(
            "{} of required rules failed without a valid waiver, and {} could not be evaluated; what was not read is \
             not counted as a pass.",
            finding(fails),
            words::count(open)
        ),
    }
}

fn program_row(program: &Program) -> Option<ProgramRow> {
    let page = programs::page(&program.id)?;
    let count = |status: Status| words::number(program.controls().filter(|control| control.status == status).count());
    Some(ProgramRow {
        name: page.name,
        address: page_path(page.document, 0),
        controls: words::number(program.controls().count()),
        counts: Status::ALL.map(count).to_vec(),
    })
}

fn phi_counts(pack: &Pack) -> PhiCounts {
    let mut counts = PhiCounts::default();
    for application in &pack.scope.applications {
        match application.phi {
            Phi::Declared { .. } => counts.declared += 1,
            Phi::Excluded { .. } => counts.excluded += 1,
            Phi::Undeclared { .. } => counts.undeclared += 1,
        }
    }
    counts
}
