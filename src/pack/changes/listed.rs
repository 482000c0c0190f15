//! What lists show: resources, reports, agreements. Part of the frozen format.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a list's entry differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// Only the later pack shows it, and the earlier one read the list to its end.
    Added,
    /// Only the later pack shows it; the earlier one did not see the whole list, so it may have been there.
    NewlySeen,
    /// Only the earlier pack shows it, and the later one read the list to its end.
    Removed,
    /// Only the earlier pack shows it; the later one did not see the whole list, so it may still be there.
    NoLongerSeen,
    /// Both show it, and it says something else.
    Changed,
}

/// A resource that one pack shows and the other does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceChange {
    /// For instance `application` or `phone number`.
    pub kind: String,
    /// Its ARN, else its id or name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Twelve digits.
    pub account: String,
    /// Where.
    pub region: String,
    /// Never [`Listed::Changed`].
    pub change: Listed,
    /// Ids of [`Cause`], at least one.
    pub causes: Vec<String>,
}

/// An audit report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportChange {
    /// The program that claims it.
    pub program: Option<String>,
    /// As AWS gave it; the same for every version.
    pub id: String,
    /// As AWS gave it.
    pub name: Option<String>,
    /// As AWS gave it.
    pub version: Option<i64>,
    /// Whether an earlier version of it was listed before.
    pub new_version: bool,
    /// How the list differs.
    pub change: Listed,
    /// As the earlier pack lists it.
    pub before: Option<ReportState>,
    /// As the later pack lists it.
    pub after: Option<ReportState>,
    /// Ids of [`Cause`], at least one.
    pub causes: Vec<String>,
}

/// What a report says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportState {
    /// `PUBLISHED` or `UNPUBLISHED`.
    pub state: Option<String>,
    /// First day covered.
    pub period_start: Option<NaiveDate>,
    /// Last day covered.
    pub period_end: Option<NaiveDate>,
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementChange {
    /// Its ARN, else its name.
    pub id: String,
    /// As AWS gave it.
    pub name: Option<String>,
    /// How the list differs.
    pub change: Listed,
    /// As the earlier pack lists it.
    pub before: Option<AgreementState>,
    /// As the later pack lists it.
    pub after: Option<AgreementState>,
    /// Ids of [`Cause`], at least one.
    pub causes: Vec<String>,
}

/// What an agreement says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementState {
    /// As AWS gave it.
    pub state: Option<String>,
    /// Since when.
    pub effective_start: Option<String>,
    /// Until when.
    pub effective_end: Option<String>,
}
