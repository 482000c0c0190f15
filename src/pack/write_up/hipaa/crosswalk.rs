//! Part 17: each standard of the Security Rule in the words of others: NIST's crosswalk, and the SOC and ISO numbers on
//! which the same facts bear.

use std::collections::BTreeSet;

use super::case::{Case, RuleLine};
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Row, Table};
use crate::programs::{self, Program, security_rule};

const GUIDE: &str = "The numbers of SP 800-53 are NIST's own crosswalk, by standard. Those of the Trust Services Criteria and \
    of ISO/IEC 27001:2013 are this program's: controls on which the same rules or statements bear. They are pointers, not \
    equivalents.";

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut standards: Vec<(String, Vec<RuleLine<'_>>)> = Vec::new();
    for line in security_rule::sections().iter().flat_map(|section| case.lines(section)) {
        let standard = standard(line.id());
        match standards.last_mut() {
            Some((last, lines)) if *last == standard => lines.push(line),
            _ => standards.push((standard, vec![line])),
        }
    }
    let rows = standards.iter().filter_map(|(standard, lines)| row(standard, lines)).collect();
    let table = Table {
        columns: &[
            Column::Words("Standard"),
            Column::Words("SP 800-53 Rev 5"),
            Column::Words("Trust Services Criteria 2017"),
            Column::Words("ISO/IEC 27001:2013"),
        ],
        rows,
    };
    Part { title: "Crosswalk", blocks: vec![Block::Guide(GUIDE), Block::Table(table)] }
}

/// The standard that a line belongs to, as SP 800-66 Rev 2 groups them.
fn standard(id: &str) -> String {
    let depth = if id.starts_with("164.308") { 2 } else { 1 };
    let end = id.match_indices(')').nth(depth - 1).map_or(id.len(), |(at, _)| at + 1);
    if id.starts_with("164.308(b)") { "164.308(b)".to_owned() } else { id[..end].to_owned() }
}

fn row(standard: &str, lines: &[RuleLine<'_>]) -> Option<Row> {
    let mut nist: Vec<&str> = lines.iter().flat_map(nist_refs).collect();
    nist.sort_by_key(|token| numbered(token));
    nist.dedup();
    let (soc, iso) = (alike("soc", lines), alike("iso27001", lines));
    if nist.is_empty() && soc.is_empty() && iso.is_empty() {
        return None;
    }
    let list = |ids: &[&str]| if ids.is_empty() { "–".to_owned() } else { ids.join(", ") };
    let published = (!nist.is_empty()).then_some(Ground::Published("NIST SP 800-66 Rev 2"));
    let own = (!soc.is_empty() || !iso.is_empty()).then_some(Ground::Catalogue);
    let nist: Vec<String> = nist.into_iter().map(as_nist_writes_it).collect();
    let nist = list(&nist.iter().map(String::as_str).collect::<Vec<_>>());
    Some(Row::new(
        [standard.into(), nist.into(), list(&soc).into(), list(&iso).into()],
        Basis::all(published.into_iter().chain(own)),
    ))
}

/// The family and the numbers of a control, so that CP-10 comes after CP-9.
fn numbered(token: &str) -> (&str, Vec<u32>) {
    let (family, numbers) = token.split_once('-').unwrap_or((token, ""));
    (family, numbers.split('.').filter_map(|number| number.parse().ok()).collect())
}

/// `cp-2.8` is CP-2(8).
fn as_nist_writes_it(token: &str) -> String {
    match token.split_once('.') {
        Some((control, enhancement)) => format!("{}({enhancement})", control.to_uppercase()),
        None => token.to_uppercase(),
    }
}

fn nist_refs<'l>(line: &'l RuleLine<'_>) -> impl Iterator<Item = &'l str> {
    let refs = match line {
        RuleLine::Control(control) => &control.definition.nist_refs,
        RuleLine::Beyond(beyond) => &beyond.nist_refs,
    };
    refs.iter().map(String::as_str)
}

/// The controls of another program on which a rule or a statement of these lines bears too.
fn alike(program: &str, lines: &[RuleLine<'_>]) -> Vec<&'static str> {
    let controls = lines.iter().filter_map(|line| match line {
        RuleLine::Control(control) => Some(&control.definition),
        RuleLine::Beyond(_) => None,
    });
    let facts: BTreeSet<&str> =
        controls.flat_map(|control| control.rules.iter().chain(&control.attestations)).map(String::as_str).collect();
    let shares = |control: &&programs::Control| {
        control.rules.iter().chain(&control.attestations).any(|fact| facts.contains(fact.as_str()))
    };
    let other = programs::all().iter().find(|known| known.id == program);
    other.into_iter().flat_map(Program::controls).filter(shares).map(|control| control.id.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::{as_nist_writes_it, standard};

    #[test]
    fn enhancements_are_written_as_nist_writes_them() {
        assert_eq!(["au-6", "cp-2.8"].map(as_nist_writes_it), ["AU-6", "CP-2(8)"]);
    }

    #[test]
    fn a_line_belongs_to_its_standard() {
        for (id, expected) in [
            ("164.306(d)(3)", "164.306(d)"),
            ("164.308(a)(1)(ii)(A)", "164.308(a)(1)"),
            ("164.308(a)(8)", "164.308(a)(8)"),
            ("164.308(b)(3)", "164.308(b)"),
            ("164.310(d)(2)(iv)", "164.310(d)"),
            ("164.312(b)", "164.312(b)"),
            ("164.316(b)(2)(i)", "164.316(b)"),
        ] {
            assert_eq!(standard(id), expected);
        }
    }
}
