//! The catalogue as text: what `explain` prints and what the README lists.

use std::fmt::Write as _;

use crate::programs::{self, Program};
use crate::rules::{self, Group, Rule};

/// How far an id may be from a known one to be suggested.
const NEAR: f64 = 0.6;

/// Every rule by group with its level, then the programs.
#[must_use]
pub fn catalogue() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let rules: Vec<&&Rule> = rules::ALL.iter().filter(|rule| rule.group == group).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{}", group.title());
        for rule in rules {
            let _ = writeln!(text, "  {:<30} {:<12} {}", rule.id, rule.level.as_str(), rule.title);
        }
        text.push('\n');
    }
    text.push_str("Programs\n");
    for program in programs::all() {
        let _ = writeln!(text, "  {:<30} {:<12} {}", program.id, "", program.title);
    }
    text
}

/// The rules as a Markdown table.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| Rule | Level | What it asks |\n|---|---|---|\n");
    for group in Group::ALL {
        for rule in rules::ALL.iter().filter(|rule| rule.group == group) {
            let _ = writeln!(text, "| `{}` | {} | {} |", rule.id, rule.level.as_str(), rule.title);
        }
    }
    text
}

/// The documentation of a rule or program.
///
/// # Errors
/// The nearest known id, if one is near.
pub fn entry(id: &str) -> Result<String, Option<&'static str>> {
    if let Some(rule) = rules::find(id) {
        return Ok(of_rule(rule));
    }
    programs::all().iter().find(|program| program.id == id).map(of_program).ok_or_else(|| nearest(id))
}

fn of_rule(rule: &Rule) -> String {
    let body: Vec<&str> = rule.documentation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    format!("# {}\n\n{} · {}\n\n{}\n", rule.id, rule.title, rule.level.as_str(), body.join("\n").trim_end())
}

fn of_program(program: &Program) -> String {
    let mut text = format!("# {}\n\n{}\n\n", program.id, program.title);
    let editions = &program.editions;
    let or_none = |edition: &Option<String>| edition.clone().unwrap_or_else(|| "none".to_owned());
    let _ = writeln!(
        text,
        "Edition that AWS's compliance page for Amazon Pinpoint names: {}",
        or_none(&editions.named_by_aws)
    );
    let _ = writeln!(text, "Edition in force: {}", or_none(&editions.in_force));
    match &program.report {
        Some(report) => {
            let _ = writeln!(text, "Reports in AWS Artifact are known by: {}", report.pattern);
        }
        None => text.push_str("No audit report exists for it; the business associate addendum stands there.\n"),
    }
    text
}

fn nearest(id: &str) -> Option<&'static str> {
    let known = rules::ALL.iter().map(|rule| rule.id).chain(programs::IDS);
    known
        .map(|known| (strsim::jaro_winkler(known, id), known))
        .filter(|(likeness, _)| *likeness > NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_lists_every_rule_once_with_its_level() {
        let catalogue = catalogue();
        for rule in rules::ALL {
            let lines: Vec<&str> =
                catalogue.lines().filter(|line| line.trim_start().starts_with(&format!("{} ", rule.id))).collect();
            assert_eq!(lines.len(), 1, "{}", rule.id);
            assert!(lines[0].contains(rule.level.as_str()));
            assert!(table().contains(&format!("| `{}` |", rule.id)));
        }
    }

    #[test]
    fn an_entry_is_the_documentation_of_the_rule() {
        let text = entry("baa-active").expect("a rule");
        assert!(
            text.starts_with("# baa-active\n\nBusiness associate addendum in force · required\n\nEvery account"),
            "{text}"
        );
        assert!(text.contains("\n## Fix\n"));
    }

    #[test]
    fn an_unknown_id_suggests_the_nearest_one() {
        assert_eq!(entry("voice-chanel-disabled"), Err(Some("voice-channel-disabled")));
        assert_eq!(entry("zzz"), Err(None));
    }
}
