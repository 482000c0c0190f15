//! The catalogue as text: what `explain` prints and what the README lists.

use std::fmt::Write as _;

use crate::programs::security_rule::{self, Beyond, Line, Section};
use crate::programs::{self, Control, Program, attestations};
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

/// The documentation of a rule, program, control or attestation. A control is found by its id, by its OSCAL token, or
/// else by its number in the other edition; where several have it, each is shown.
///
/// # Errors
/// The nearest known id, if one is near.
pub fn entry(id: &str) -> Result<String, Option<&'static str>> {
    if let Some(rule) = rules::find(id) {
        return Ok(of_rule(rule));
    }
    if let Some(program) = programs::all().iter().find(|program| program.id == id) {
        return Ok(of_program(program));
    }
    let controls: Vec<String> =
        controls(id).into_iter().map(|(program, group, control)| of_control(program, group, control)).collect();
    if !controls.is_empty() {
        return Ok(controls.join("\n"));
    }
    if let Some((section, line)) = beyond().find(|(_, line)| line.id.eq_ignore_ascii_case(id)) {
        return Ok(of_line(section, line));
    }
    attestations::asks(id).map(|asks| of_attestation(id, asks)).ok_or_else(|| nearest(id))
}

/// The lines of the HIPAA Security Rule on which no rule of this program bears.
fn beyond() -> impl Iterator<Item = (&'static Section, &'static Beyond)> {
    security_rule::sections().iter().flat_map(|section| {
        section.lines.iter().filter_map(move |line| match line {
            Line::Beyond(beyond) => Some((section, beyond)),
            Line::Control(_) => None,
        })
    })
}

/// The controls that an id means: those that have it, else those that have it in the other edition.
fn controls(id: &str) -> Vec<(&'static Program, &'static programs::Group, &'static Control)> {
    let is = |known: &str| known.eq_ignore_ascii_case(id);
    let named = every_control().filter(|(_, _, control)| is(&control.id) || is(&control.token));
    let named: Vec<_> = named.collect();
    if !named.is_empty() {
        return named;
    }
    let has_number = |control: &Control| control.other_number.iter().flat_map(|numbers| numbers.split("; ")).any(is);
    every_control().filter(|(_, _, control)| has_number(control)).collect()
}

fn every_control() -> impl Iterator<Item = (&'static Program, &'static programs::Group, &'static Control)> {
    programs::all().iter().flat_map(|program| {
        program.groups.iter().flat_map(move |group| group.controls.iter().map(move |control| (program, group, control)))
    })
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
    for date in &editions.dates {
        let _ = writeln!(text, "- {date}");
    }
    for group in &program.groups {
        let _ = writeln!(text, "\n## {}\n\nIdentifiers of {}.\n", group.title, group.edition);
        for control in &group.controls {
            let _ = writeln!(text, "  {:<24} {}", control.id, control.title);
        }
    }
    text
}

fn of_control(program: &Program, group: &programs::Group, control: &Control) -> String {
    let mut text = format!("# {}\n\n{}\n\n", control.id, control.title);
    let mut line = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(text, "{name}: {value}");
        }
    };
    line("Program", Some(&format!("{}, {} ({})", program.id, group.title, group.edition)));
    line("Token", Some(&control.token));
    line("Number", (!control.verified).then_some("unverified"));
    line("Level", control.level.as_deref());
    let baselines: Vec<String> = control
        .baselines
        .iter()
        .map(|baseline| baseline.short())
        .map(|(list, letter)| format!("{list} {letter}"))
        .collect();
    line("Baselines", Some(&baselines.join(", ")));
    if let Some(edition) = &program.editions.other_numbers {
        line(&format!("Number in {edition}"), control.other_number.as_deref());
    }
    line("NIST SP 800-53", Some(&control.nist_refs.join(", ")));
    line("Responsible", Some(control.responsibility.as_str()));
    line("AWS's part", control.aws_part.as_deref());
    line("Customer's part", control.customer_part.as_deref());
    line("Rules", Some(&control.rules.join(", ")));
    let (of, kind) = program.source_of(group);
    line("AWS's reports", control.reports.then(|| kind.unwrap_or(of)));
    line("Note", control.note.as_deref());
    for id in &control.attestations {
        let _ = writeln!(text, "A person has to provide `{id}`: {}", attestations::asks(id).unwrap_or_default());
    }
    text
}

fn of_line(section: &Section, line: &Beyond) -> String {
    let mut text = format!("# {}\n\n{}\n\n", line.id, line.title);
    let _ = writeln!(text, "Program: hipaa, {} {}", section.citation, section.title);
    let _ = writeln!(text, "Level: {}", line.level);
    let _ = writeln!(text, "Responsible: {}", line.responsibility.as_str());
    let _ = writeln!(text, "No rule bears on it: {}", line.why);
    for id in &line.attestations {
        let _ = writeln!(text, "A person has to provide `{id}`: {}", attestations::asks(id).unwrap_or_default());
    }
    text
}

fn of_attestation(id: &str, asks: &str) -> String {
    let mut text =
        format!("# {id}\n\nWhat a person provides as an [[attestation]] in the configuration.\n\n{asks}\n\n");
    for (program, _, control) in
        every_control().filter(|(_, _, control)| control.attestations.iter().any(|of| of == id))
    {
        let _ = writeln!(text, "  {:<10} {:<24} {}", program.id, control.id, control.title);
    }
    for (_, line) in beyond().filter(|(_, line)| line.attestations.iter().any(|of| of == id)) {
        let _ = writeln!(text, "  {:<10} {:<24} {}", "hipaa", line.id, line.title);
    }
    text
}

fn nearest(id: &str) -> Option<&'static str> {
    let controls = every_control().map(|(_, _, control)| control.id.as_str());
    let asked = attestations::all().keys().map(String::as_str);
    let known = rules::ALL.iter().map(|rule| rule.id).chain(programs::IDS).chain(controls).chain(asked);
    known
        .map(|known| (strsim::jaro_winkler(known, id), known))
        .filter(|(likeness, _)| *likeness > NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{self, Service};

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
    fn the_catalogue_lists_the_rules_by_group_in_order() {
        let catalogue = catalogue();
        let (rules, _) = catalogue.split_once("Programs\n").expect("programs come last");
        let mut expected = Vec::new();
        for group in Group::ALL {
            expected.push(group.title().to_owned());
            let of_group = rules::ALL.iter().filter(|rule| rule.group == group);
            expected.extend(of_group.map(|rule| format!("{} {} {}", rule.id, rule.level.as_str(), rule.title)));
        }
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines: Vec<String> = rules.lines().filter(|line| !line.is_empty()).map(words).collect();
        assert_eq!(lines, expected);
        assert!(rules::ALL.is_sorted_by_key(|rule| rule.group), "the catalogue's own order is that of its groups");
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
    fn a_control_is_found_by_its_id_its_token_and_its_other_number() {
        let text = entry("164.312(e)(1)").expect("a control");
        assert!(text.starts_with("# 164.312(e)(1)\n\nTransmission security\n\nProgram: hipaa, "), "{text}");
        assert!(text.contains("\nRules: voice-channel-disabled, "), "{text}");
        assert_eq!(entry("HIPAA-164.312.E.1").as_ref(), Ok(&text));
        let both = entry("A.8.24").expect("two controls");
        assert!(both.contains("# A.10.1.1\n") && both.contains("# A.10.1.2\n"), "{both}");
    }

    #[test]
    fn a_program_lists_its_controls_and_an_attestation_those_that_need_it() {
        let hipaa = entry("hipaa").expect("a program");
        assert!(hipaa.contains("  164.312(b)               Audit controls\n"), "{hipaa}");
        let training = entry("training").expect("an attestation");
        assert!(
            training.contains("  hipaa      164.308(a)(5)(i)         Security awareness and training\n"),
            "{training}"
        );
        let line = entry("164.308(a)(5)(i)").expect("a line of the rule");
        assert!(line.contains("\nLevel: Standard\n") && line.contains("provide `training`: "), "{line}");
        let asked = entry("risk_analysis").expect("an attestation");
        assert!(asked.contains("  hipaa      164.308(a)(1)(ii)(A)     Risk analysis\n"), "{asked}");
    }

    #[test]
    fn an_unknown_id_suggests_the_nearest_one() {
        assert_eq!(entry("voice-chanel-disabled"), Err(Some("voice-channel-disabled")));
        assert_eq!(entry("zzz"), Err(None));
    }

    /// The reads of the catalogue as a Markdown table.
    fn reads() -> String {
        let mut text = String::from("| Service | Prefix | Reads |\n|---|---|---|\n");
        for service in Service::ALL {
            let reads = operations::ALL.iter().filter(|operation| operation.service == service);
            let mut names: Vec<&str> = reads.map(|operation| operation.name).collect();
            names.sort_unstable();
            let _ = writeln!(text, "| {} | `{}` | {} |", service.title(), service.iam_prefix(), names.join(", "));
        }
        text
    }

    /// Puts the section between the markers right where it is not the expected one; whether it was.
    fn is_in_readme(name: &str, expected: &str) -> bool {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let readme = std::fs::read_to_string(path).expect("the README");
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (before, rest) = readme.split_once(&begin).expect("the section's begin");
        let (section, after) = rest.split_once(&end).expect("the section's end");
        if section != expected {
            std::fs::write(path, format!("{before}{begin}{expected}{end}{after}")).expect("the README is repaired");
        }
        section == expected
    }

    #[test]
    fn the_readme_lists_the_rules_and_the_reads() {
        let up_to_date = [is_in_readme("rules", &table()), is_in_readme("reads", &reads())];
        assert_eq!(up_to_date, [true; 2], "README.md was behind; it is repaired, run the test again");
    }
}
