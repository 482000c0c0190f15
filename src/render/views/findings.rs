//! `findings`: every finding, by level and rule; before them what each rule could examine.

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding::FindingView;
use super::finding_pages::PartRow;
use crate::pack::{Found, Pack, RuleCoverage};
use crate::render::html::Pictures;
use crate::render::index_of_calls::CallIndex;
use crate::render::page::{Page, Pager};
use crate::render::rows::Repeated;
use crate::render::svg::bars::Bar;
use crate::render::{svg, words};
use crate::rules::Level;

/// The picture of what could be examined.
const PICTURE: &str = "coverage";

/// A finding with its place in the pack's list.
type At = (usize, Found);

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    pager: Pager,
    /// The account and region that the page is about; empty where it is about all.
    part: String,
    judged: String,
    total: u64,
    /// On the first page only.
    rules: Vec<RuleRow<'a>>,
    /// On the first page of a large pack only.
    parts: Vec<PartRow>,
    levels: Vec<LevelSection<'a>>,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    id: &'a str,
    title: &'a str,
    level: &'static str,
    /// Where its findings begin; empty when it has none.
    address: String,
    eligible: u64,
    examined: u64,
    reasons: String,
}

#[derive(Serialize)]
struct LevelSection<'a> {
    level: &'static str,
    rules: Vec<RuleSection<'a>>,
}

#[derive(Serialize)]
struct RuleSection<'a> {
    id: &'a str,
    title: &'a str,
    /// The mark of its findings.
    findings: String,
}

/// The first page: of a small pack the only one.
pub(in crate::render) fn first<'a>(pack: &'a Pack, calls: &CallIndex<'_>) -> (Page<'a, View<'a>>, Pictures) {
    let mut repeated = Repeated::default();
    let all: Vec<At> =
        if calls.findings().are_split() { Vec::new() } else { pack.findings.iter().enumerate().collect() };
    let view = View {
        pager: Pager::new("findings", 0, 1),
        part: String::new(),
        judged: words::minute(pack.collected.last),
        total: words::number(pack.findings.len()),
        rules: rule_rows(pack, calls),
        parts: calls.findings().rows(),
        levels: levels(&all, pack, calls, &mut repeated),
    };
    let (document, template) = ("findings".into(), "findings.md.tera");
    let page = Page { document, number: 0, title: "Findings", template, view, repeated };
    (page, Pictures::from([(PICTURE, picture(&pack.rules))]))
}

/// A page of a large pack: the place of the account and region, and its number there.
pub(in crate::render) fn page<'a>(
    pack: &'a Pack,
    calls: &CallIndex<'_>,
    (part, number): (usize, usize),
) -> Page<'a, View<'a>> {
    let own = &calls.findings().parts[part];
    let findings: Vec<At> = pack.findings.at(own.on(number).into_iter().flatten()).collect();
    let mut repeated = Repeated::default();
    let view = View {
        pager: Pager::new(&own.document, number, own.pages()),
        part: own.part.words(),
        judged: words::minute(pack.collected.last),
        total: words::number(own.len),
        rules: Vec::new(),
        parts: Vec::new(),
        levels: levels(&findings, pack, calls, &mut repeated),
    };
    let document = own.document.clone().into();
    Page { document, number, title: "Findings", template: "findings.md.tera", view, repeated }
}

/// Of what each rule concerns, how much it could examine; rules that concern nothing are left out.
fn picture(rules: &[RuleCoverage]) -> String {
    let bar = |rule: &'_ RuleCoverage| Bar {
        name: rule.id,
        parts: vec![("● examined", "pass", rule.examined), ("◇ not examined", "not-evaluated", unexamined(rule))],
        total: format!("{} of {}", words::count(rule.examined), words::count(rule.eligible)),
    };
    let bars: Vec<Bar<'_>> = rules.iter().filter(|rule| rule.eligible > 0).map(bar).collect();
    svg::bars::draw(PICTURE, "How much each rule could examine", &bars)
}

const fn unexamined(rule: &RuleCoverage) -> u64 {
    rule.eligible.saturating_sub(rule.examined)
}

fn rule_rows<'a>(pack: &'a Pack, calls: &CallIndex<'_>) -> Vec<RuleRow<'a>> {
    let mut first = BTreeMap::new();
    for run in pack.findings.runs() {
        first.entry(run.rule).or_insert(run.first);
    }
    let row = |rule: &'a RuleCoverage| RuleRow {
        id: rule.id,
        title: rule.title,
        level: rule.level.as_str(),
        address: first.get(rule.id).map_or_else(String::new, |first| calls.findings().of_rule(rule.id, *first)),
        eligible: rule.eligible,
        examined: rule.examined,
        reasons: reasons(rule),
    };
    pack.rules.iter().map(row).collect()
}

/// For instance "2 access denied, 1 needs attestation".
fn reasons(rule: &RuleCoverage) -> String {
    let words = rule.unexamined.iter().map(|(reason, n)| format!("{} {}", words::count(*n), reason.replace('_', " ")));
    words.collect::<Vec<_>>().join(", ")
}

fn levels<'a>(
    findings: &[At],
    pack: &'a Pack,
    calls: &CallIndex<'_>,
    repeated: &mut Repeated<'_>,
) -> Vec<LevelSection<'a>> {
    let titles: BTreeMap<&str, &'a str> = pack.rules.iter().map(|rule| (rule.id, rule.title)).collect();
    let view = |(place, finding): &At| FindingView::new((*place, finding), pack, calls);
    let mut rule = |group: &[At]| RuleSection {
        id: group[0].1.rule,
        title: titles.get(group[0].1.rule).copied().unwrap_or_default(),
        findings: repeated.add(group.iter().map(view).collect()),
    };
    let level = |group: &[At]| LevelSection {
        level: level_title(group[0].1.level),
        rules: group.chunk_by(|a, b| a.1.rule == b.1.rule).map(&mut rule).collect(),
    };
    findings.chunk_by(|a, b| a.1.level == b.1.level).map(level).collect()
}

/// How a level is headed.
pub(super) const fn level_title(level: Level) -> &'static str {
    match level {
        Level::Required => "Required",
        Level::Recommended => "Recommended",
    }
}
