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
use super::finding::finding_address;
use super::matrix::{self, Label, MatrixRow, rank};
use super::places::{Place, Places, section};
use super::why::{self, Why};
use crate::pack::{Found, Pack, Phi};
use crate::render::index_of_calls::CallIndex;
use crate::render::page::{Page, Pager};
use crate::render::words;
use crate::rules::{Finding, Verdict};

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
    judged: String,
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
    /// Of the business associate addendum.
    agreement: Label,
    /// Where applications or short codes may exist that nobody saw.
    unseen: Vec<Unseen>,
    columns: Vec<&'static str>,
    matrix: Vec<MatrixRow<'a>>,
    whys: Vec<Why<'a>>,
    applications: Vec<Section<'a>>,
    codes: Vec<CodeSection<'a>>,
    /// Whether the first short code stands on this page.
    codes_begin: bool,
    /// On the last page only.
    left_out: Vec<LeftOut<'a>>,
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
struct LeftOut<'a> {
    anchor: String,
    name: &'a str,
    arn: &'a str,
    account: &'a str,
    region: &'a str,
    reason: &'a str,
    declared_by: &'a str,
    declared_on: String,
}

/// Every page, in order; at least one.
pub(in crate::render) fn pages<'a>(
    pack: &'a Pack,
    calls: &'a CallIndex<'a>,
    places: &'a Places<'a>,
) -> impl Iterator<Item = Page<View<'a>>> + 'a {
    (0..places.pages()).map(move |number| {
        let view = page(pack, calls, places, number);
        Page {
            document: "channel-usage".into(),
            number,
            title: "Channel usage",
            template: "channel-usage.md.tera",
            view,
        }
    })
}

fn page<'a>(pack: &'a Pack, calls: &CallIndex<'_>, places: &'a Places<'a>, number: usize) -> View<'a> {
    let (of, here) = (places.pages(), places.judged_on(number));
    let judged = &places.applications[..places.judged];
    let agreement: Vec<Found> = pack.findings.of_rule(AGREEMENT).map(|(_, finding)| finding).collect();
    View {
        pager: Pager::new("channel-usage", number, of),
        judged: words::minute(pack.collected.last),
        total: words::number(places.judged),
        total_left_out: words::number(places.left_out().len()),
        results: tallies(judged.iter().map(|place| place.required(pack).collect())),
        codes_results: tallies(places.codes.iter().map(|place| place.required(pack).collect())),
        codes_total: words::number(places.codes.len()),
        codes_page: places.codes_page(),
        agreement: Label::of(agreement.iter().map(|finding| &**finding)),
        unseen: if number == 0 { unseen(pack) } else { Vec::new() },
        columns: families::titles(),
        matrix: matrix::rows(pack, here),
        whys: why::whys(here, pack),
        applications: here.iter().map(|place| Section::new(place, places, pack, calls)).collect(),
        codes: places.codes_on(number).iter().map(|place| CodeSection::new(place, places, pack, calls)).collect(),
        codes_begin: places.codes_on(number).first().map(|place| place.chain) == pack.short_codes.first(),
        left_out: if number + 1 == of { places.left_out().iter().map(left_out).collect() } else { Vec::new() },
    }
}

/// The findings that admit that something was not seen at all: those of a rule on each application or short code that
/// are about a whole account and region.
fn unseen(pack: &Pack) -> Vec<Unseen> {
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
            address: finding_address(at, &finding),
        })
    };
    of(OF_APPLICATIONS, "applications").chain(of(OF_CODES, "short codes that carry PHI")).collect()
}

/// How many of some things have each result, those first that a reader must see first.
fn tallies(of_each: impl Iterator<Item = Vec<Found>>) -> Vec<Tally> {
    let mut counts: BTreeMap<_, (Label, u64)> = BTreeMap::new();
    for findings in of_each {
        let key = Reverse(rank(findings.iter().map(|finding| &**finding)));
        let (_, count) = counts.entry(key).or_insert((Label::of(findings.iter().map(|finding| &**finding)), 0));
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

fn left_out<'a>(place: &'a Place<'a>) -> LeftOut<'a> {
    let application = place.application;
    let (reason, declared_by, declared_on) = match &application.phi {
        Phi::Excluded { reason, declared_by, declared_on } => {
            (reason.as_str(), declared_by.as_str(), words::day(*declared_on))
        }
        _ => ("undeclared, and the configuration leaves undeclared applications out", "", String::new()),
    };
    LeftOut {
        anchor: section(application),
        name: words::name_or(Some(&application.name), &application.id),
        arn: &application.arn,
        account: &application.account,
        region: &application.region,
        reason,
        declared_by,
        declared_on,
    }
}
