//! The HIPAA Security Rule line by line: every standard and implementation specification of 45 CFR 164.306 to 164.316,
//! also those on which no evidence of this program bears. A document about responsibilities leaves none out.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Responsibility;

const TEXT: &str = include_str!("data/security-rule.toml");

static RULE: LazyLock<File> = LazyLock::new(|| {
    // A test parses the file, before anybody can run the program.
    toml::from_str(TEXT).unwrap_or_default()
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "section")]
    sections: Vec<Section>,
}

/// One section of the rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// For instance `164.308`.
    pub citation: String,
    /// For a heading.
    pub title: String,
    /// Its standards and specifications, in order.
    pub lines: Vec<Line>,
}

/// A standard or a specification.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// A control of the program `hipaa`, by its id.
    Control(String),
    /// One on which no rule of this program bears.
    Beyond(Beyond),
}

/// A standard or a specification on which no rule of this program bears.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beyond {
    /// For instance `164.310(b)`.
    pub id: String,
    /// A few words of our own.
    pub title: String,
    /// Standard, required or addressable.
    pub level: String,
    /// Who answers for it.
    pub responsibility: Responsibility,
    /// Why no evidence bears on it, one sentence.
    pub why: String,
    /// What only a person can say of it: ids of [`super::attestations`].
    #[serde(default)]
    pub attestations: Vec<String>,
    /// Controls of NIST SP 800-53 that SP 800-66 Rev 2 names for it.
    #[serde(default)]
    pub nist_refs: Vec<String>,
}

impl Line {
    /// For instance `164.312(b)`.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Control(id) => id,
            Self::Beyond(beyond) => &beyond.id,
        }
    }
}

/// The sections in their order.
#[must_use]
pub fn sections() -> &'static [Section] {
    &RULE.sections
}

/// What lines on which no rule bears ask of a person: ids of [`super::attestations`]. One can stand there several times.
pub fn attestations() -> impl Iterator<Item = &'static str> {
    let beyond = sections().iter().flat_map(|section| &section.lines).filter_map(|line| match line {
        Line::Control(_) => None,
        Line::Beyond(beyond) => Some(beyond),
    });
    beyond.flat_map(|beyond| &beyond.attestations).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::{Program, all, attestations};

    #[test]
    fn every_control_of_the_rule_stands_once_in_the_section_of_its_number() {
        let hipaa = all().iter().find(|program| program.id == "hipaa").expect("a program");
        let of_the_rule = |id: &str| sections().iter().any(|section| id.starts_with(&format!("{}(", section.citation)));
        let mut expected: Vec<&str> =
            hipaa.controls().map(|control| control.id.as_str()).filter(|id| of_the_rule(id)).collect();
        let mut listed: Vec<&str> = Vec::new();
        for section in sections() {
            for line in &section.lines {
                assert!(line.id().starts_with(&format!("{}(", section.citation)), "{}", line.id());
                match line {
                    Line::Control(id) => listed.push(id),
                    Line::Beyond(beyond) => assert!(!expected.contains(&beyond.id.as_str()), "{}", beyond.id),
                }
            }
        }
        expected.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, expected);
    }

    #[test]
    fn nothing_of_the_rule_is_left_out() {
        let lines = || sections().iter().flat_map(|section| &section.lines);
        let counts: Vec<(&str, usize)> =
            sections().iter().map(|section| (section.citation.as_str(), section.lines.len())).collect();
        // Appendix A to Subpart C, with the standards themselves, and 164.306, 164.314 and 164.316 which it leaves out.
        let expected =
            [("164.306", 5), ("164.308", 31), ("164.310", 12), ("164.312", 12), ("164.314", 6), ("164.316", 5)];
        assert_eq!(counts, expected);
        let addressable = lines().filter(|line| level(line).starts_with("Addressable")).count();
        assert_eq!(addressable, 22, "Appendix A marks 22 specifications with (A)");
        let mut ids: Vec<&str> = lines().map(Line::id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), lines().count(), "an identifier stands twice");
    }

    fn level(line: &Line) -> &str {
        match line {
            Line::Beyond(beyond) => &beyond.level,
            Line::Control(id) => {
                let control = all().iter().flat_map(Program::controls).find(|control| control.id == *id);
                control.expect(id).level.as_deref().expect(id)
            }
        }
    }

    #[test]
    fn every_line_beyond_says_why_and_asks_only_for_what_the_catalogue_knows() {
        for line in sections().iter().flat_map(|section| &section.lines) {
            let Line::Beyond(beyond) = line else { continue };
            assert!(beyond.why.ends_with('.'), "{}", beyond.id);
            for id in &beyond.attestations {
                assert!(attestations::asks(id).is_some(), "{}: no attestation {id}", beyond.id);
            }
        }
    }
}
