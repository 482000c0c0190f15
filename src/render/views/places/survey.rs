//! One look at every application, every short code and every finding.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::findings::Places;
use super::{CodeRow, Row, Standing, Title, name_of};
use crate::pack::{Application, Pack};
use crate::render::parts::Part;
use crate::render::views::finding_pages::{FindingPages, Paging};
use crate::rules::Level;

/// What was seen.
pub(super) struct Survey {
    /// In the order of the pack.
    pub(super) rows: Vec<Row>,
    /// In the order of the pack; their senders are positions of applications.
    pub(super) codes: Vec<CodeRow>,
    /// Every account and region with an application, in order.
    pub(super) parts: Vec<Part>,
    pub(super) finding_pages: FindingPages,
}

/// Positions of applications by their ARNs.
type ByArn = BTreeMap<Box<str>, u32>;

pub(super) fn survey(pack: &Pack) -> Survey {
    let (mut rows, parts, by_arn) = applications(pack);
    let (mut codes, by_code) = codes(pack, &by_arn, &mut rows);
    let mut paging = Paging::new(pack);
    for (at, finding) in pack.findings.iter().enumerate() {
        paging.see(at, &finding);
        let is_required = finding.level == Level::Required;
        let note = |findings: &mut Places, standing: &mut Standing| {
            findings.push(at);
            if is_required {
                standing.see(&finding);
            }
        };
        if let Some(row) = application_of(&finding.resource, &by_arn).map(|own| &mut rows[own as usize]) {
            note(&mut row.findings, &mut row.standing);
        }
        for own in by_code.get(finding.resource.as_str()).into_iter().flatten() {
            let code = &mut codes[*own as usize];
            note(&mut code.findings, &mut code.standing);
        }
    }
    for row in &mut rows {
        row.findings.settle();
        for at in &row.chains {
            row.standing.join(codes[*at as usize].standing);
        }
    }
    for code in &mut codes {
        code.findings.settle();
    }
    Survey { rows, codes, parts, finding_pages: paging.done() }
}

/// Turns the positions of senders into their places among rows.
pub(super) fn seat_senders(codes: &mut [CodeRow], rows: &[Row]) {
    let mut seats = vec![0; rows.len()];
    for (seat, row) in (0..).zip(rows) {
        seats[row.position as usize] = seat;
    }
    for code in codes {
        for sender in &mut code.senders {
            *sender = seats[*sender as usize];
        }
        code.senders.sort_unstable();
    }
}

/// The application whose ARN a resource is, or lies below.
fn application_of(resource: &str, by_arn: &ByArn) -> Option<u32> {
    let ends = resource.match_indices('/').map(|(end, _)| end).chain([resource.len()]);
    ends.into_iter().find_map(|end| by_arn.get(&resource[..end]).copied())
}

fn applications(pack: &Pack) -> (Vec<Row>, Vec<Part>, ByArn) {
    let names = Names::of(pack);
    let mut parts: BTreeMap<Part, u32> = BTreeMap::new();
    for application in &pack.scope.applications {
        parts.entry(part_of(&application)).or_default();
    }
    (0..).zip(parts.values_mut()).for_each(|(at, part)| *part = at);
    let (mut rows, mut by_arn) = (Vec::with_capacity(pack.scope.applications.len()), ByArn::new());
    for (position, application) in (0..).zip(&pack.scope.applications) {
        by_arn.insert(application.arn.as_str().into(), position);
        rows.push(Row {
            position,
            part: parts.get(&part_of(&application)).copied().unwrap_or_default(),
            page: 0,
            is_judged: application.phi.is_judged(),
            title: names.title(&application),
            standing: Standing::default(),
            findings: Places::default(),
            chains: Vec::new(),
        });
    }
    (rows, parts.into_keys().collect(), by_arn)
}

fn part_of(application: &Application) -> Part {
    Part { account: application.account.clone(), region: Some(application.region.clone()) }
}

/// The places of short codes by the resource of findings on them.
type ByCode = BTreeMap<String, Vec<u32>>;

/// Every short code with the positions of the applications that name it; those from which something can go out are told.
fn codes(pack: &Pack, by_arn: &ByArn, rows: &mut [Row]) -> (Vec<CodeRow>, ByCode) {
    let mut by_code = ByCode::new();
    let mut codes = Vec::with_capacity(pack.short_codes.len());
    for (at, chain) in (0..).zip(&pack.short_codes) {
        by_code.entry(chain.resource.clone()).or_default().push(at);
        let mut senders: BTreeSet<u32> = BTreeSet::new();
        for origin in &chain.origins {
            let Some(position) = by_arn.get(origin.application.as_str()).copied() else { continue };
            senders.insert(position);
            let chains = &mut rows[position as usize].chains;
            if origin.silent.is_none() && chains.last() != Some(&at) {
                chains.push(at);
            }
        }
        codes.push(CodeRow { senders: senders.into_iter().collect(), ..CodeRow::default() });
    }
    (codes, by_code)
}

/// Every name with the ids that have it, as numbers: two names of one number only make a title longer.
struct Names(Vec<(u64, u64)>);

impl Names {
    fn of(pack: &Pack) -> Self {
        let mut names: Vec<(u64, u64)> = pack.scope.applications.iter().map(|it| Self::key(&it)).collect();
        names.sort_unstable();
        Self(names)
    }

    fn key(application: &Application) -> (u64, u64) {
        (number(name_of(application)), number(&application.id))
    }

    fn title(&self, application: &Application) -> Title {
        let key = Self::key(application);
        let begin = self.0.partition_point(|(name, _)| *name < key.0);
        let same = self.0[begin..].iter().take_while(|(name, _)| *name == key.0);
        match same.clone().filter(|other| **other == key).count() {
            2.. => Title::Everything,
            _ if same.count() > 1 => Title::Id,
            _ => Title::Name,
        }
    }
}

fn number(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
