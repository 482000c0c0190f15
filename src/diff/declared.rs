//! What differs in the declarations, entry by entry.

use super::fields::{Difference, differences};
use super::side::Side;
use crate::config::Config;

/// A part of the configuration that can be taken from one side by itself.
pub(super) struct Section {
    /// The keys that it stands under begin with this.
    pub(super) key: &'static str,
    /// What one of its entries says; `{}` stands for its name.
    noun: &'static str,
    /// Takes it from the second configuration into the first.
    pub(super) copy: fn(&mut Config, &Config),
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key)
    }
}

/// The members by which an entry of the declarations is known.
const KEYS: &[&str] = &["application", "number", "target", "id", "ticket", "resource", "name", "program"];

/// Every section. A test holds them against the example that uses every key.
pub(super) const SECTIONS: &[Section] = &[
    Section {
        key: "organization",
        noun: "the organization's {}",
        copy: |into, from| into.organization.clone_from(&from.organization),
    },
    Section {
        key: "phi.applications",
        noun: "the application {} carries PHI",
        copy: |into, from| into.phi.applications.clone_from(&from.phi.applications),
    },
    Section {
        key: "phi.tags",
        noun: "the tag {} marks applications with PHI",
        copy: |into, from| into.phi.tags.clone_from(&from.phi.tags),
    },
    Section {
        key: "phi.undeclared",
        noun: "how applications are judged that nobody declares",
        copy: |into, from| into.phi.undeclared = from.phi.undeclared,
    },
    Section {
        key: "phi.email_identities",
        noun: "the email identity {} sends PHI",
        copy: |into, from| into.phi.email_identities.clone_from(&from.phi.email_identities),
    },
    Section {
        key: "phi.excluded",
        noun: "the application {} carries no PHI",
        copy: |into, from| into.phi.excluded.clone_from(&from.phi.excluded),
    },
    Section {
        key: "phi.short_code",
        noun: "the purpose of short code {}",
        copy: |into, from| into.phi.short_codes.clone_from(&from.phi.short_codes),
    },
    Section {
        key: "phi.processor",
        noun: "{} may receive PHI",
        copy: |into, from| into.phi.processors.clone_from(&from.phi.processors),
    },
    Section {
        key: "attestation",
        noun: "the attestation {}",
        copy: |into, from| into.attestations.clone_from(&from.attestations),
    },
    Section { key: "waiver", noun: "the waiver {}", copy: |into, from| into.waivers.clone_from(&from.waivers) },
    Section {
        key: "artifact.report",
        noun: "how AWS names its reports for {}",
        copy: |into, from| into.artifact_reports.clone_from(&from.artifact_reports),
    },
    Section {
        key: "agreements",
        noun: "the agreement {}",
        copy: |into, from| into.agreements = from.agreements.clone(),
    },
    Section { key: "aws", noun: "the scope of the collection, {}", copy: |into, from| into.aws = from.aws.clone() },
];

impl Section {
    /// Whether a path of the declarations lies in it.
    pub(super) fn holds(&self, path: &str) -> bool {
        path.strip_prefix(self.key).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }

    /// What is called so within the section: the entry's name, else the member's.
    pub(super) fn name<'d>(&self, difference: &'d Difference) -> &'d str {
        match &difference.entry {
            Some(entry) => &entry.label,
            None => difference.field.path.get(self.key.len()..).unwrap_or_default().trim_start_matches('.'),
        }
    }

    /// What happened to one entry, whose differences these are.
    pub(super) fn sentence(&self, differences: &[&Difference]) -> String {
        let name = differences.first().map(|difference| self.name(difference)).unwrap_or_default();
        let noun = self.noun.replace("{}", name);
        let all = |gone: fn(&Difference) -> bool| differences.iter().all(|difference| gone(difference));
        if all(|difference| difference.field.before.is_none()) {
            format!("Newly declared: {noun}.")
        } else if all(|difference| difference.field.after.is_none()) {
            format!("No longer declared: {noun}.")
        } else {
            format!("Declared otherwise: {noun}.")
        }
    }
}

/// The section that a path lies in; every path of a configuration that parses lies in one.
pub(super) fn section_of(path: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.holds(path))
}

/// Every value that differs, in order of the path.
pub(super) fn changed(old: &Side<'_>, new: &Side<'_>) -> Vec<Difference> {
    differences(&old.declared, &new.declared, KEYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    #[test]
    fn every_key_of_the_configuration_lies_in_a_section() {
        let table: toml::Table = config::EXAMPLE.parse().expect("TOML");
        for (name, value) in &table {
            let below: Vec<String> = match value {
                toml::Value::Table(inner) if matches!(name.as_str(), "phi" | "artifact") => {
                    inner.keys().map(|key| format!("{name}.{key}")).collect()
                }
                _ => vec![name.clone()],
            };
            for path in below {
                assert!(section_of(&path).is_some(), "{path}");
            }
        }
    }

    #[test]
    fn taking_every_section_takes_the_whole_configuration() {
        let new = Config::parse(config::EXAMPLE, "evidence.toml").expect("a configuration");
        let mut old = Config::default();
        for section in SECTIONS {
            (section.copy)(&mut old, &new);
        }
        assert_eq!(format!("{old:?}"), format!("{new:?}"));
    }
}
