//! The data is held to what it was made from, and to the rules it names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{Baseline, Control, FILES, IDS, Kind, Program, Responsibility, all, attestations, security_rule};
use crate::rules;

/// Ids that a rule asks for, whether or not a control does.
const ASKED_BY_RULES: [&str; 2] = ["addressable_transmission_encryption", "opt_out"];

fn read(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).expect(&path);
    let mut lines = text.lines().map(fields);
    let names = lines.next().expect("a head");
    lines
        .map(|values| {
            assert_eq!(values.len(), names.len(), "{values:?}");
            names.iter().cloned().zip(values).collect()
        })
        .collect()
}

/// The fields of a line of CSV; a quoted field may hold commas.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().expect("one").push(other),
        }
    }
    fields
}

/// What is wrong with a control, apart from its identity.
fn problems(control: &Control) -> Vec<String> {
    let mut problems = Vec::new();
    let unknown_rules = control.rules.iter().filter(|rule| rules::find(rule).is_none());
    problems.extend(unknown_rules.map(|rule| format!("no rule {rule}")));
    let unknown = control.attestations.iter().filter(|id| attestations::asks(id).is_none());
    problems.extend(unknown.map(|id| format!("no attestation {id}")));
    let (rules, asked) = (!control.rules.is_empty(), !control.attestations.is_empty());
    let kind = match (rules, asked, control.reports) {
        (true, true, _) => Some(Kind::Mixed),
        (true, false, _) => Some(Kind::Auto),
        (false, true, _) => Some(Kind::Attest),
        (false, false, true) => Some(Kind::Pointer),
        (false, false, false) => None,
    };
    if kind != Some(control.kind) {
        problems.push(format!("marked {:?}, and what stands behind it is {kind:?}", control.kind));
    }
    match control.responsibility {
        Responsibility::Aws if rules || asked || !control.reports => problems.push("AWS's alone".to_owned()),
        Responsibility::Customer if control.reports => problems.push("the customer's alone".to_owned()),
        Responsibility::Shared | Responsibility::Customer if !rules && !asked => {
            problems.push("nothing shows the customer's part".to_owned());
        }
        _ => {}
    }
    if control.reports && control.aws_part.is_none() {
        problems.push("a report without a part of AWS".to_owned());
    }
    problems
}

fn control(lines: &str) -> Control {
    let text =
        format!("id = \"x\"\ntoken = \"x\"\ntitle = \"X\"\nresponsibility = \"shared\"\naws_part = \"y\"\n{lines}");
    toml::from_str(&text).expect("a control")
}

#[test]
fn every_file_is_a_program_with_the_id_of_its_name() {
    for (file, id) in FILES.iter().zip(IDS) {
        let program: Program = toml::from_str(file.text).expect(file.id);
        assert_eq!((program.id.as_str(), file.id), (id, id));
        assert_eq!(file.page.document, format!("programs/{id}"));
    }
    assert_eq!(all().len(), FILES.len());
}

#[test]
fn every_file_on_disk_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/programs/data");
    // One file says what attestations ask, one lists the Security Rule.
    assert_eq!(fs::read_dir(folder).expect("the folder").count(), FILES.len() + 2);
}

#[test]
fn every_control_has_something_behind_it_that_exists() {
    for program in all() {
        for control in program.controls() {
            assert_eq!(problems(control), Vec::<String>::new(), "{} {}", program.id, control.id);
        }
    }
}

#[test]
fn a_control_that_names_what_is_not_there_or_nothing_is_refused() {
    let problem = |lines: &str| problems(&control(lines)).join("; ");
    assert_eq!(problem("kind = \"auto\"\nrules = [\"baa-active\"]"), "");
    assert_eq!(problem("kind = \"auto\"\nrules = [\"baa-activ\"]"), "no rule baa-activ");
    assert_eq!(problem("kind = \"attest\"\nattestations = [\"nothing\"]"), "no attestation nothing");
    assert_eq!(problem("kind = \"attest\"\nrules = [\"baa-active\"]").matches("marked Attest").count(), 1);
    assert_eq!(problem("kind = \"pointer\"\nreports = true"), "nothing shows the customer's part");
    assert!(problem("kind = \"auto\"").contains("what stands behind it is None"));
}

#[test]
fn no_identifier_stands_twice() {
    let mut tokens = BTreeSet::new();
    for program in all() {
        let mut ids = BTreeSet::new();
        for control in program.controls() {
            assert!(ids.insert(&control.id), "{} {}", program.id, control.id);
            assert!(tokens.insert(&control.token), "{}", control.token);
        }
    }
}

#[test]
fn every_rule_bears_on_a_control() {
    let used: BTreeSet<&str> =
        all().iter().flat_map(Program::controls).flat_map(|control| &control.rules).map(String::as_str).collect();
    assert_eq!(used, rules::ALL.iter().map(|rule| rule.id).collect());
}

#[test]
fn every_attestation_is_asked_for_and_says_what_to_provide() {
    let mut asked: BTreeSet<&str> = all()
        .iter()
        .flat_map(Program::controls)
        .flat_map(|control| &control.attestations)
        .map(String::as_str)
        .collect();
    asked.extend(ASKED_BY_RULES);
    let beyond = security_rule::sections().iter().flat_map(|section| &section.lines).filter_map(|line| match line {
        security_rule::Line::Beyond(beyond) => Some(&beyond.attestations),
        security_rule::Line::Control(_) => None,
    });
    asked.extend(beyond.flatten().map(String::as_str));
    let listed: BTreeSet<&str> = attestations::all().keys().map(String::as_str).collect();
    assert_eq!(listed, asked);
    assert!(attestations::all().values().all(|asks| asks.ends_with('.') && asks.len() < 180));
}

#[test]
fn the_reports_of_a_group_are_those_of_a_program_that_has_them() {
    for program in all() {
        for group in &program.groups {
            let (id, kind) = program.source_of(group);
            let source = all().iter().find(|program| program.id == id).expect(id);
            let patterns = source.report.as_ref().expect(id);
            assert!(kind.is_none_or(|kind| patterns.kinds.iter().any(|known| known.name == kind)), "{kind:?}");
        }
    }
}

#[test]
fn identifiers_levels_and_numbers_are_those_of_the_mapping() {
    let split = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut rows = read("controls.csv").into_iter();
    for program in all() {
        for group in &program.groups {
            for control in &group.controls {
                let row = rows.next().expect("a row for each control");
                let id = &control.token;
                assert_eq!((&row["program"], &row["edition"]), (&program.id, &group.edition), "{id}");
                assert_eq!((&row["control_id"], &row["oscal_token"]), (&control.id, id));
                assert_eq!(row["level"], control.level.clone().unwrap_or_default(), "{id}");
                assert_eq!(row["other_number"], control.other_number.clone().unwrap_or_default(), "{id}");
                assert_eq!(split(&row["nist_800_53_refs"]), control.nist_refs, "{id}");
                assert_eq!(row["responsibility"], control.responsibility.as_str(), "{id}");
                assert_eq!(row["verified"], if control.verified { "yes" } else { "no" }, "{id}");
            }
        }
    }
    assert_eq!(rows.next(), None, "a row that no program has");
    assert_eq!(all().iter().flat_map(Program::controls).count(), 246);
}

#[test]
fn baselines_are_those_of_nist_and_fedramp() {
    const COLUMNS: [(&str, Baseline); 9] = [
        ("nist_low", Baseline::NistLow),
        ("nist_mod", Baseline::NistModerate),
        ("nist_high", Baseline::NistHigh),
        ("fedramp_low_gsa2024", Baseline::Rev5Low),
        ("fedramp_mod_gsa2024", Baseline::Rev5Moderate),
        ("fedramp_high_gsa2024", Baseline::Rev5High),
        ("cr26_class_b", Baseline::ClassB),
        ("cr26_class_c", Baseline::ClassC),
        ("cr26_class_d", Baseline::ClassD),
    ];
    let rows = read("nist-fedramp-baselines.csv");
    let members: BTreeMap<&str, &BTreeMap<String, String>> =
        rows.iter().map(|row| (row["control_id"].as_str(), row)).collect();
    let mut checked = 0;
    for program in all() {
        for group in &program.groups {
            for control in &group.controls {
                if !group.edition.starts_with("SP 800-53") {
                    assert_eq!(control.baselines, []);
                    continue;
                }
                let row = members[control.token.as_str()];
                let expected = COLUMNS.iter().filter(|(column, _)| row[*column] == "Y").map(|(_, baseline)| *baseline);
                assert_eq!(control.baselines, expected.collect::<Vec<_>>(), "{}", control.id);
                checked += 1;
            }
            let refs = group.controls.iter().flat_map(|control| &control.nist_refs);
            assert_eq!(refs.filter(|id| !members.contains_key(id.as_str())).collect::<Vec<_>>(), Vec::<&String>::new());
        }
    }
    assert_eq!(checked, 48);
}
