//! `channel-usage`: per application, what AWS's page asks of its channels and what was seen.
//!
//! First the answer of all applications of a page in one table, and why those fail that do; then each application; last
//! the proof chain of each short code.

mod application;
mod code;
mod senders;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use self::application::Section;
use self::code::CodeSection;
use super::families;
use super::matrix::{self, Label};
use super::places::{ApplicationsOf, CodePlace, Place, Places, Shelf, Standing, UsagePage, section};
use super::why::{self, Why};
use crate::pack::{Found, Pack, Phi};
use crate::render::index_of_calls::CallIndex;
use crate::render::page::{Page, Pager, page_path};
use crate::render::rows::Repeated;
use crate::render::words;
use crate::rules::{Finding, Reason, Verdict};

/// The rule on the agreement that the law asks for beside all this.
const AGREEMENT: &str = "baa-active";

/// A rule on each application: where the list of applications was not read, one finding of it says so.
const OF_APPLICATIONS: &str = "voice-channel-disabled";

/// A rule on each short code that carries PHI: where nobody can know them all, one finding of it says so.
const OF_CODES: &str = "short-code-dedicated";

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    pager: Pager,
    is_first: bool,
    /// What the page is about, where it is about a part only.
    part: &'a str,
    judged: String,
    #[serde(flatten)]
    first: First,
    shows_applications: bool,
    columns: Vec<&'static str>,
    /// The mark of the rows.
    matrix: String,
    whys: Vec<Why>,
    /// The mark of the sections.
    applications: String,
    /// The mark of the short codes.
    codes: String,
    /// Whether the first short code stands on this page.
    codes_begin: bool,
    left_out: Vec<LeftOut>,
}

/// What the first page says of all.
#[derive(Default, Serialize)]
struct First {
    /// How many applications are judged.
    total: u64,
    /// How many are not.
    total_left_out: u64,
    /// How many applications have each result; those that none has are left out.
    results: Vec<Tally>,
    /// The same of the short codes that carry PHI.
    codes_results: Vec<Tally>,
    codes_total: u64,
    /// The page with the first of them; empty when there is none.
    codes_page: String,
    /// The page with the first application that is not judged; empty when it is this one.
    left_out_page: String,
    /// Of the business associate addendum.
    agreement: Label,
    /// Where applications or short codes may exist that nobody saw.
    unseen: Vec<Unseen>,
    /// Of a large pack.
    parts: Vec<PartRow>,
}

/// The applications of an account and region.
#[derive(Serialize)]
struct PartRow {
    account: String,
    region: String,
    address: String,
    applications: u64,
    fail: u64,
    not_evaluated: u64,
}

/// How many have a result.
#[derive(Serialize)]
struct Tally {
    result: Label,
    count: u64,
    meaning: &'static str,
}

/// What could not be read so far that everything on it is known.
#[derive(Serialize)]
struct Unseen {
    /// Of what there may be more.
    things: &'static str,
    resource: String,
    message: String,
    address: String,
}

#[derive(Serialize)]
struct LeftOut {
    anchor: String,
    name: String,
    arn: String,
    account: String,
    region: String,
    reason: String,
    declared_by: String,
    declared_on: String,
}

/// One page.
pub(in crate::render) fn page<'a>(
    pack: &Pack,
    calls: &CallIndex<'_>,
    places: &Places<'_>,
    page: &'a UsagePage,
) -> Page<'a, View<'a>> {
    let mut repeated = Repeated::default();
    let here = places.applications(page.applications.clone().unwrap_or_default());
    let shelf = Shelf::on(pack, &here);
    let codes: Vec<CodePlace<'_>> = page.codes.clone().filter_map(|at| places.code(at)).collect();
    let on_codes = here.iter().flat_map(|place| place.chains.iter().copied()).chain(page.codes.clone());
    let shelf_of_codes = Shelf::of(pack, on_codes.flat_map(|at| places.findings_on_code(at)));
    let sections = here.iter().map(|place| Section::new(place, places, (&shelf, &shelf_of_codes), pack, calls));
    let sections_of_codes = codes.iter().map(|place| CodeSection::new(place, places, &shelf_of_codes, calls));
    let of_first = page.is_first.then(|| First::new(pack, calls, places));
    let view = View {
        pager: Pager::new(&page.document, page.number, page.of),
        is_first: page.is_first,
        part: &page.part,
        judged: words::minute(pack.collected.last),
        first: of_first.unwrap_or_default(),
        shows_applications: page.applications.is_some(),
        columns: families::titles(),
        matrix: repeated.add(matrix::rows(pack, &here, &shelf)),
        whys: why::whys(&here, &shelf),
        applications: repeated.add(sections.collect()),
        codes: repeated.add(sections_of_codes.collect()),
        codes_begin: page.codes.start == 0,
        left_out: places.left_out(page.left_out.clone()).iter().map(left_out).collect(),
    };
    let (document, number) = (page.document.clone().into(), page.number);
    Page { document, number, title: "Channel usage", template: "channel-usage.md.tera", view, repeated }
}

impl First {
    fn new(pack: &Pack, calls: &CallIndex<'_>, places: &Places<'_>) -> Self {
        let agreement: Vec<Found> = pack.findings.of_rule(AGREEMENT).map(|(_, finding)| finding).collect();
        Self {
            total: words::number(places.judged),
            total_left_out: words::number(places.len() - places.judged),
            results: tallies(places.standings(0..places.judged)),
            codes_results: tallies(places.standings_of_codes()),
            codes_total: words::number(places.codes()),
            codes_page: places.codes_page(),
            left_out_page: places.left_out_page(),
            agreement: Label::of(agreement.iter().map(|finding| &**finding)),
            unseen: unseen(pack, calls),
            parts: places.parts.iter().map(|part| PartRow::new(part, places)).collect(),
        }
    }
}

impl PartRow {
    fn new(part: &ApplicationsOf, places: &Places<'_>) -> Self {
        let with = |verdict: Verdict| {
            let label = words::verdict(verdict);
            let own = places.standings(part.at.clone());
            words::number(own.filter(|standing| standing.label().verdict == label).count())
        };
        Self {
            account: part.part.account(),
            region: part.part.region(),
            address: page_path(&part.document, 0),
            applications: words::number(part.at.len()),
            fail: with(Verdict::Fail),
            not_evaluated: with(Verdict::NotEvaluated(Reason::Unspecified)),
        }
    }
}

/// The findings that admit that something was not seen at all: those of a rule on each application or short code that
/// are about a whole account and region.
fn unseen(pack: &Pack, calls: &CallIndex<'_>) -> Vec<Unseen> {
    let of = |rule: &'static str, things: &'static str| {
        let whole = |finding: &Finding| {
            let place = finding.region.as_ref().map(|region| format!("account/{}/region/{region}", finding.account));
            Some(&finding.resource) == place.as_ref() && finding.verdict.reason().is_some()
        };
        let admitting = pack.findings.of_rule(rule).filter(move |(_, it)| whole(it));
        admitting.map(move |(at, finding)| Unseen {
            things,
            resource: finding.resource.clone(),
            message: finding.message.clone(),
            address: calls.of_finding(at),
        })
    };
    of(OF_APPLICATIONS, "applications").chain(of(OF_CODES, "short codes that carry PHI")).collect()
}

/// How many of some things have each result, those first that a reader must see first.
fn tallies(of_each: impl Iterator<Item = Standing>) -> Vec<Tally> {
    let mut counts: BTreeMap<_, (Label, u64)> = BTreeMap::new();
    for standing in of_each {
        let (_, count) = counts.entry(Reverse(standing.rank)).or_insert((standing.label(), 0));
        *count += 1;
    }
    counts.into_values().map(|(result, count)| Tally { meaning: meaning(result), result, count }).collect()
}

/// What a result says of an application or a short code.
fn meaning(result: Label) -> &'static str {
    let is = |verdict: Verdict| result.verdict == words::verdict(verdict);
    if is(Verdict::Fail) && result.waived {
        "a required rule failed, and a valid waiver accepts it"
    } else if is(Verdict::Fail) {
        "at least one required rule failed"
    } else if is(Verdict::Pass) {
        "every required rule that applies passed"
    } else if is(Verdict::Attested) {
        "no required rule is open, but at least one rests on a person's statement"
    } else if is(Verdict::NotApplicable) {
        "no required rule applies"
    } else if result.verdict.is_empty() {
        "no required rule has a finding"
    } else {
        "no required rule failed, but at least one could not be evaluated"
    }
}

fn left_out(place: &Place) -> LeftOut {
    let application = &*place.application;
    let (reason, declared_by, declared_on) = match &application.phi {
        Phi::Excluded { reason, declared_by, declared_on } => {
            (reason.as_str(), declared_by.as_str(), words::day(*declared_on))
        }
        _ => ("undeclared, and the configuration leaves undeclared applications out", "", String::new()),
    };
    LeftOut {
        anchor: section(application),
        name: words::name_or(Some(&application.name), &application.id).to_owned(),
        arn: application.arn.clone(),
        account: application.account.clone(),
        region: application.region.clone(),
        reason: reason.to_owned(),
        declared_by: declared_by.to_owned(),
        declared_on,
    }
}
