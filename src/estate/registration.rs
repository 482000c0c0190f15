//! Registrations: what was asked and answered when a number was requested.

use serde::Deserialize;
use serde_json::json;

use super::index::Calls;
use super::reading::Listing;
use super::words::RegistrationStatus;
use crate::operations as op;

/// A registration, with the questions of its type and the answers of its approved version.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Its id.
    pub id: String,
    /// Its ARN; `None` when the answer lacks it.
    pub arn: Option<String>,
    /// Its type, for instance `US_SHORT_CODE_REGISTRATION`.
    pub kind: String,
    /// `None` when the answer lacks it.
    pub status: Option<RegistrationStatus>,
    /// The approved version, with its answers; `None` when no version is approved.
    pub approved: Option<ApprovedVersion>,
    /// The questions of its type.
    pub questions: Listing<Question>,
}

/// The version of a registration that was approved.
#[derive(Clone, Debug)]
pub struct ApprovedVersion {
    /// Counted from 1.
    pub number: i64,
    /// Its answers.
    pub answers: Listing<Answer>,
}

/// A question of a type of registration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "QuestionWire")]
pub struct Question {
    /// The path by which an answer names it.
    pub path: String,
    /// The title that people see.
    pub title: String,
}

/// An answer. Free text is redacted; choices are not.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Answer {
    /// The path of the question.
    #[serde(rename = "FieldPath")]
    pub path: String,
    /// What was chosen, where the question offers choices.
    #[serde(default)]
    pub select_choices: Option<Vec<String>>,
}

/// How AWS titles the question whether messages may contain PHI (AWS End User Messaging SMS user guide, "US short code
/// registration form").
const HIPAA_TITLE: &str = "hipaa eligible use case";

impl Question {
    /// Whether it asks for a HIPAA eligible use case: by its title, whatever case it is in and whatever follows, because
    /// AWS does not publish the path.
    #[must_use]
    pub fn asks_for_hipaa_eligibility(&self) -> bool {
        let title = self.title.trim().to_lowercase();
        let rest = title.strip_prefix(HIPAA_TITLE);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QuestionWire {
    field_path: String,
    display_hints: HintsWire,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HintsWire {
    title: String,
}

impl From<QuestionWire> for Question {
    fn from(wire: QuestionWire) -> Self {
        Self { path: wire.field_path, title: wire.display_hints.title }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RegistrationWire {
    registration_id: String,
    registration_arn: Option<String>,
    registration_type: String,
    registration_status: Option<String>,
    approved_version_number: Option<i64>,
}

/// The registrations of an account and region.
pub(super) fn registrations(calls: &Calls) -> Listing<Registration> {
    calls.list::<RegistrationWire>(&op::DESCRIBE_REGISTRATIONS, &[]).map(|listed| registration(calls, listed.value))
}

fn registration(calls: &Calls, wire: RegistrationWire) -> Registration {
    let answers = |version: i64| {
        let asked = [("RegistrationId", json!(wire.registration_id)), ("VersionNumber", json!(version))];
        calls.list(&op::DESCRIBE_REGISTRATION_FIELD_VALUES, &asked)
    };
    let asked = [("RegistrationType", json!(wire.registration_type))];
    Registration {
        questions: calls.list(&op::DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, &asked),
        approved: wire
            .approved_version_number
            .map(|version| ApprovedVersion { number: version, answers: answers(version) }),
        status: wire.registration_status.as_deref().map(RegistrationStatus::from_aws),
        id: wire.registration_id,
        arn: wire.registration_arn,
        kind: wire.registration_type,
    }
}

impl Registration {
    /// Whether a number's `RegistrationId` means it; the API takes the id and the ARN for the same.
    #[must_use]
    pub fn is_named(&self, registration: &str) -> bool {
        self.id == registration || self.arn.as_deref() == Some(registration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_found_by_its_title() {
        let asks = |title: &str| Question { path: "a.b".into(), title: title.into() }.asks_for_hipaa_eligibility();
        for title in [
            "HIPAA eligible use case",
            "  hipaa ELIGIBLE use case ",
            "HIPAA eligible use case – is your use case HIPAA eligible?",
            "HIPAA eligible use case: is your use case HIPAA eligible?",
            "HIPAA eligible use case?",
        ] {
            assert!(asks(title), "{title}");
        }
        for title in ["", "HIPAA", "Use case", "HIPAA eligible use cases", "Not a HIPAA eligible use case"] {
            assert!(!asks(title), "{title}");
        }
    }
}
