//! `[[artifact.report]]`: how AWS names its audit reports, where the built-in patterns do not fit.

use std::collections::BTreeSet;

use regex::Regex;

use super::table::Table;
use super::value;

/// The audit programs, by their ids.
pub const PROGRAMS: [&str; 7] = ["soc", "fedramp", "hipaa", "iso27001", "iso27017", "iso27018", "iso9001"];

/// Which reports in AWS Artifact belong to a program.
#[derive(Clone, Debug)]
pub struct ReportPattern {
    /// One of [`PROGRAMS`].
    pub program: String,
    /// Found anywhere in the report's name.
    pub name: Regex,
}

impl ReportPattern {
    fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let words = PROGRAMS.map(|program| (program, program));
        let program = table.required("program", |program| value::one_of(&words, "", program));
        let name = table.required("name", value::pattern);
        Some(Self { program: program?.to_owned(), name: name? })
    }
}

/// Reads every pattern; a second one for the same program is a problem.
pub(super) fn read_all(table: &mut Table<'_, '_>) -> Vec<ReportPattern> {
    let mut seen = BTreeSet::new();
    table.tables("report", |table| {
        let pattern = ReportPattern::read(table)?;
        if !seen.insert(pattern.program.clone()) {
            table.reject("program", "has a pattern already");
        }
        Some(pattern)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, problems};
    use super::*;

    #[test]
    fn every_program_has_its_pattern() {
        for program in PROGRAMS {
            let text = format!("[[artifact.report]]\nprogram = '{program}'\nname = '(?i)iso.*27001'");
            let reports = config(&text).artifact_reports;
            assert_eq!(reports[0].program, program);
            assert!(reports[0].name.is_match("AWS ISO/IEC 27001:2022 Certificate"));
        }
    }

    #[test]
    fn a_program_has_one_pattern() {
        let pattern = "[[artifact.report]]\nprogram = 'soc'\nname = 'x'\n";
        assert_eq!(
            problems(&format!("{pattern}{pattern}")),
            ["evidence.toml:5: `artifact.report[1].program` has a pattern already"]
        );
    }

    #[test]
    fn an_unknown_program_is_answered_with_the_nearest() {
        let found = problems("[[artifact.report]]\nprogram = 'iso-27017'\nname = 'x'");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(r#"evidence.toml:2: `artifact.report[0].program` must be "soc" or "#));
        assert!(found[0].ends_with(r#"not "iso-27017"; did you mean "iso27017"?"#), "{}", found[0]);
    }

    #[test]
    fn a_pattern_that_is_none_is_an_error_that_does_not_repeat_it() {
        assert_eq!(
            problems("[[artifact.report]]\nprogram = 'soc'\nname = '(hunter2'"),
            ["evidence.toml:3: `artifact.report[0].name` must be a regular expression: unclosed group"]
        );
        assert_eq!(
            problems("[[artifact.report]]\nprogram = 'soc'\nname = '''\n\n(?x)\n(hunter2\n'''"),
            ["evidence.toml:3: `artifact.report[0].name` must be a regular expression: unclosed group"]
        );
        assert_eq!(
            problems("[[artifact.report]]\nprogram = 'soc'\nname = ' '"),
            ["evidence.toml:3: `artifact.report[0].name` must not be blank"]
        );
    }
}
