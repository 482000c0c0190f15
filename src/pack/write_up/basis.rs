//! What a statement rests on: a closed list.

use std::borrow::Borrow;

use chrono::NaiveDate;

use crate::rules::{AppliedWaiver, Attestation, Finding};
use crate::snapshot::CallId;

/// What a statement rests on; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis(Vec<Ground>);

/// One thing that a statement rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Answers of AWS that the pack holds.
    Evidence(Calls),
    /// AWS says so, in public.
    Aws(Source),
    /// A named person says so, on a day.
    Attested {
        /// Who.
        by: String,
        /// As what; empty when it is not said.
        role: String,
        /// When; `None` when it is not said.
        on: Option<NaiveDate>,
        /// Where the original lies; empty when it is not said.
        reference: String,
    },
    /// The customer's configuration says so, and nobody signed it: a key of `declarations.toml`.
    Declared(&'static str),
    /// A law says so: its citation.
    Law(String),
    /// A publication that is no law says so, for instance a crosswalk of NIST.
    Published(&'static str),
    /// A file of the pack records it.
    Record(Record),
    /// It is the program's own knowledge: its catalogue of controls, rules and calls.
    Catalogue,
    /// Nothing in the pack shows it. What a person would have to state, by id, where the catalogue asks for it.
    NotEvidenced(Vec<String>),
}

/// Calls; at least one, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Those that a document names, in order.
    shown: Vec<CallId>,
    /// How many there are besides; they stand at the findings.
    others: usize,
}

/// How many calls a document names for one statement.
const SHOWN: usize = 2;

/// A public statement of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The page that this program holds everything against.
    CompliancePage,
    /// What is eligible.
    EligibleServices,
    /// The end of Amazon Pinpoint.
    EndOfSupport,
    /// How data is encrypted.
    Encryption,
    /// Which personal data is stored, and whose part is which.
    DataProtection,
    /// What CloudTrail records.
    CloudTrail,
    /// What AWS says of SMS.
    SmsCompliance,
    /// Agreements.
    Agreements,
    /// The split.
    SharedResponsibility,
}

/// A file of the pack that records how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// The header of the collection.
    Snapshot,
    /// The findings and what follows from them.
    Results,
    /// The hashes.
    Manifest,
}

impl Basis {
    /// Rests on one thing.
    #[must_use]
    pub fn of(ground: Ground) -> Self {
        Self(vec![ground])
    }

    /// Rests on several; on nothing where there are none.
    pub fn all(grounds: impl IntoIterator<Item = Ground>) -> Self {
        let grounds: Vec<Ground> = grounds.into_iter().collect();
        if grounds.is_empty() { Self::of(Ground::NotEvidenced(Vec::new())) } else { Self(grounds) }
    }

    /// Rests on one thing more.
    #[must_use]
    pub fn and(mut self, ground: Ground) -> Self {
        if !self.0.contains(&ground) {
            self.0.push(ground);
        }
        self
    }

    /// What it rests on; at least one.
    #[must_use]
    pub fn grounds(&self) -> &[Ground] {
        &self.0
    }

    /// What a finding rests on: its calls, the statement and the waiver beside it.
    #[must_use]
    pub fn of_finding(finding: &Finding) -> Self {
        let evidence = Calls::new(finding.evidence.iter().cloned()).map(Ground::Evidence);
        let stated = finding.attestation.as_ref().map(Ground::from);
        let accepted = finding.waiver.as_ref().map(Ground::from);
        let grounds: Vec<Ground> = evidence.into_iter().chain(stated).chain(accepted).collect();
        if grounds.is_empty() { Self::of(Ground::Record(Record::Results)) } else { Self(grounds) }
    }
}

impl From<Ground> for Basis {
    fn from(ground: Ground) -> Self {
        Self::of(ground)
    }
}

impl Ground {
    /// Calls, or that there are none.
    pub fn evidence<C: Borrow<CallId>>(calls: impl IntoIterator<Item = C>) -> Self {
        Calls::new(calls.into_iter().map(|call| call.borrow().clone()))
            .map_or(Self::NotEvidenced(Vec::new()), Self::Evidence)
    }

    /// Many calls, of which a document names one: for a count over what stands elsewhere.
    pub fn evidence_of_many<C: Borrow<CallId>>(calls: impl IntoIterator<Item = C>) -> Self {
        match Self::evidence(calls) {
            Self::Evidence(Calls { mut shown, others }) => {
                let more = shown.len() - 1;
                shown.truncate(1);
                Self::Evidence(Calls { shown, others: others + more })
            }
            other => other,
        }
    }

    /// A citation of the Code of Federal Regulations, title 45.
    pub fn law(citation: impl AsRef<str>) -> Self {
        Self::Law(format!("45 CFR {}", citation.as_ref()))
    }

    /// Nothing shows it, and these statements would.
    pub fn needs(ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::NotEvidenced(ids.into_iter().map(Into::into).collect())
    }
}

/// What nobody put a name to is a declaration: of the rules' statements, that is only what a short code is for.
impl From<&Attestation> for Ground {
    fn from(attestation: &Attestation) -> Self {
        let Some(by) = attestation.by.clone() else { return Self::Declared("phi.short_code") };
        Self::Attested {
            by,
            role: attestation.role.clone().unwrap_or_default(),
            on: attestation.on,
            reference: attestation.reference.clone().unwrap_or_default(),
        }
    }
}

/// The approver of a waiver is who says that the exception is accepted.
impl From<&AppliedWaiver> for Ground {
    fn from(waiver: &AppliedWaiver) -> Self {
        Self::Attested {
            by: waiver.approver.clone(),
            role: String::new(),
            on: Some(waiver.approved_on),
            reference: waiver.ticket.clone(),
        }
    }
}

impl From<Calls> for Ground {
    fn from(calls: Calls) -> Self {
        Self::Evidence(calls)
    }
}

impl Calls {
    /// Each once, in order; `None` when there are none.
    pub fn new(calls: impl IntoIterator<Item = CallId>) -> Option<Self> {
        let mut seen = std::collections::BTreeSet::new();
        let mut each = calls.into_iter().filter(|call| seen.insert(call.clone()));
        let shown: Vec<CallId> = each.by_ref().take(SHOWN).collect();
        let others = each.count();
        (!shown.is_empty()).then_some(Self { shown, others })
    }

    /// So many calls, of which a document names the first.
    #[must_use]
    pub fn first_of(first: CallId, number: usize) -> Self {
        Self { shown: vec![first], others: number.saturating_sub(1) }
    }

    /// Those that a document names.
    #[must_use]
    pub fn shown(&self) -> &[CallId] {
        &self.shown
    }

    /// How many there are besides.
    #[must_use]
    pub const fn others(&self) -> usize {
        self.others
    }
}

impl Source {
    /// Every one, in order.
    pub const ALL: [Self; 9] = [
        Self::CompliancePage,
        Self::EligibleServices,
        Self::EndOfSupport,
        Self::Encryption,
        Self::DataProtection,
        Self::CloudTrail,
        Self::SmsCompliance,
        Self::Agreements,
        Self::SharedResponsibility,
    ];

    /// What documents call it where there is little room.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CompliancePage => "compliance page",
            Self::EligibleServices => "eligible services",
            Self::EndOfSupport => "end of support",
            Self::Encryption => "encryption",
            Self::DataProtection => "data protection",
            Self::CloudTrail => "CloudTrail",
            Self::SmsCompliance => "SMS compliance",
            Self::Agreements => "agreements",
            Self::SharedResponsibility => "shared responsibility",
        }
    }

    /// What AWS calls the page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::CompliancePage => "Compliance validation for Amazon Pinpoint",
            Self::EligibleServices => "HIPAA Eligible Services Reference",
            Self::EndOfSupport => "Amazon Pinpoint end of support",
            Self::Encryption => "Data encryption",
            Self::DataProtection => "Data protection in Amazon Pinpoint",
            Self::CloudTrail => "Logging Amazon Pinpoint API calls",
            Self::SmsCompliance => "Compliance validation for End User Messaging SMS",
            Self::Agreements => "Managing agreements in AWS Artifact",
            Self::SharedResponsibility => "Shared Responsibility Model",
        }
    }

    /// Where it is.
    #[must_use]
    pub const fn address(self) -> &'static str {
        match self {
            Self::CompliancePage => {
                "https://docs.aws.amazon.com/pinpoint/latest/developerguide/security-compliance-validation.html"
            }
            Self::EligibleServices => "https://aws.amazon.com/compliance/hipaa-eligible-services-reference/",
            Self::EndOfSupport => "https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html",
            Self::Encryption => {
                "https://docs.aws.amazon.com/pinpoint/latest/developerguide/security-data-protection-encryption.html"
            }
            Self::DataProtection => {
                "https://docs.aws.amazon.com/pinpoint/latest/developerguide/security-data-protection.html"
            }
            Self::CloudTrail => {
                "https://docs.aws.amazon.com/pinpoint/latest/developerguide/logging-using-cloudtrail.html"
            }
            Self::SmsCompliance => "https://docs.aws.amazon.com/sms-voice/latest/userguide/compliance-validation.html",
            Self::Agreements => "https://docs.aws.amazon.com/artifact/latest/ug/managing-agreements.html",
            Self::SharedResponsibility => "https://aws.amazon.com/compliance/shared-responsibility-model/",
        }
    }

    /// As of when this program knows it: the month of the text that was read.
    #[must_use]
    pub const fn as_of(self) -> &'static str {
        match self {
            Self::EligibleServices => "2026-05",
            Self::SharedResponsibility => "2026-08",
            _ => "2026-10",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(number: usize) -> Vec<CallId> {
        (0..number).map(|n| CallId::from_file(format!("c-{n:016x}"))).collect()
    }

    #[test]
    fn a_basis_is_never_empty() {
        assert_eq!(Basis::all([]).grounds(), [Ground::NotEvidenced(Vec::new())]);
        assert_eq!(Ground::evidence(&[]), Ground::NotEvidenced(Vec::new()));
        assert_eq!(Calls::new([]), None);
        let twice = Basis::of(Ground::law("164.312(b)")).and(Ground::law("164.312(b)"));
        assert_eq!(twice.grounds(), [Ground::Law("45 CFR 164.312(b)".to_owned())]);
    }

    #[test]
    fn calls_are_named_once_and_the_first_of_them_shown() {
        let all = Calls::new(calls(5).into_iter().chain(calls(5))).expect("some");
        assert_eq!((all.shown(), all.others()), (&calls(2)[..], 3));
        let one = Calls::new(calls(1)).expect("one");
        assert_eq!((one.shown().len(), one.others()), (1, 0));
        let Ground::Evidence(many) = Ground::evidence_of_many(calls(5)) else { panic!("no evidence") };
        assert_eq!((many.shown(), many.others()), (&calls(1)[..], 4));
    }
}
