//! Pointers that AWS Artifact gives: audit reports and agreements. Never a report itself.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, de};
use serde_json::json;

use super::index::Calls;
use super::reading::{Gap, Listing, Reading};
use super::words::AgreementState;
use crate::operations as op;
use crate::snapshot::CallId;

/// What AWS Artifact shows to one account.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Reports in their newest versions.
    pub reports: Listing<Report>,
    /// Older versions of those reports.
    pub versions: Vec<Versions>,
    /// Agreements that apply to the account.
    pub agreements: Listing<Agreement>,
}

/// The versions of one report.
#[derive(Clone, Debug)]
pub struct Versions {
    /// Whose.
    pub report_id: String,
    /// Every version that was seen.
    pub listing: Listing<Report>,
}

/// An audit report, or a bridge letter. Every member is optional in the API.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// As AWS gave it.
    pub id: String,
    /// As AWS gave it.
    pub arn: Option<String>,
    /// As AWS gave it.
    pub name: Option<String>,
    /// As AWS gave it.
    pub series: Option<String>,
    /// As AWS gave it.
    pub category: Option<String>,
    /// As AWS gave it.
    pub description: Option<String>,
    /// As AWS gave it.
    pub version: Option<i64>,
    /// `PUBLISHED` or `UNPUBLISHED`.
    pub state: Option<String>,
    /// `COMPLETE` when the document itself is there.
    pub upload_state: Option<String>,
    /// First day covered.
    #[serde(default, deserialize_with = "day")]
    pub period_start: Option<NaiveDate>,
    /// Last day covered.
    #[serde(default, deserialize_with = "day")]
    pub period_end: Option<NaiveDate>,
    /// The calls that show it.
    #[serde(skip)]
    pub calls: Vec<CallId>,
}

/// An agreement that applies to the account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// As AWS gave it.
    pub name: Option<String>,
    /// As AWS gave it.
    pub arn: Option<String>,
    /// As AWS gave it.
    #[serde(default, deserialize_with = "state")]
    pub state: Option<AgreementState>,
    /// Since when.
    #[serde(default, deserialize_with = "moment")]
    pub effective_start: Option<DateTime<Utc>>,
    /// Until when; open-ended when absent.
    #[serde(default, deserialize_with = "moment")]
    pub effective_end: Option<DateTime<Utc>>,
    /// Set when the agreement holds for the whole organization.
    pub organization_arn: Option<String>,
}

/// What AWS Artifact shows to the account whose calls these are.
pub(super) fn artifact(calls: &Calls) -> Artifact {
    let mut reports = calls.list::<Report>(&op::LIST_REPORTS, &[]).map(|listed| {
        let call = listed.call;
        Report { calls: vec![call], ..listed.value }
    });
    for listed in &mut reports.seen {
        complete(calls, &mut listed.value);
    }
    let versions = reports.iter().map(|report| versions(calls, &report.id)).collect();
    Artifact { reports, versions, agreements: calls.list(&op::LIST_CUSTOMER_AGREEMENTS, &[]) }
}

fn versions(calls: &Calls, report_id: &str) -> Versions {
    let listing = calls.list::<Report>(&op::LIST_REPORT_VERSIONS, &[("reportId", json!(report_id))]);
    let listing = listing.map(|listed| {
        let call = listed.call;
        Report { calls: vec![call], ..listed.value }
    });
    Versions { report_id: report_id.to_owned(), listing }
}

#[derive(Deserialize)]
struct MetadataWire {
    #[serde(rename = "reportDetails")]
    details: Report,
}

/// Fills in what the list leaves out from `GetReportMetadata`, for the same version only.
fn complete(calls: &Calls, report: &mut Report) {
    let reading = calls.one::<MetadataWire>(&op::GET_REPORT_METADATA, &[("reportId", json!(report.id))]);
    let Reading::Seen { value: MetadataWire { details }, calls } = reading else { return };
    if details.id != report.id || details.version != report.version {
        return;
    }
    let needed = report.state.is_none()
        || report.upload_state.is_none()
        || report.period_start.is_none()
        || report.period_end.is_none();
    report.state = report.state.take().or(details.state);
    report.upload_state = report.upload_state.take().or(details.upload_state);
    report.period_start = report.period_start.or(details.period_start);
    report.period_end = report.period_end.or(details.period_end);
    if needed {
        report.calls.extend(calls);
    }
}

impl Artifact {
    /// Every report in every version that was seen, each once.
    #[must_use]
    pub fn every_version(&self) -> Vec<&Report> {
        self.versions_of(|_| true)
    }

    /// The same without the versions that only a list shows which was not read to its end: nothing rests on those.
    #[must_use]
    pub fn every_version_read_to_the_end(&self) -> Vec<&Report> {
        self.versions_of(|versions| versions.listing.gap.is_none())
    }

    fn versions_of(&self, counts: impl Fn(&Versions) -> bool) -> Vec<&Report> {
        let older = self.versions.iter().filter(|versions| counts(versions)).flat_map(|of| of.listing.iter());
        let mut seen: BTreeMap<(&str, Option<i64>), &Report> = BTreeMap::new();
        for report in self.reports.iter().chain(older) {
            seen.entry((&report.id, report.version)).or_insert(report);
        }
        seen.into_values().collect()
    }

    /// What is missing before one can say that there is no further version of this report.
    #[must_use]
    pub fn versions_gap(&self, report_id: &str) -> Option<Gap> {
        let versions = self.versions.iter().find(|versions| versions.report_id == report_id);
        versions.map_or(Some(Gap::not_asked(op::LIST_REPORT_VERSIONS.name)), |versions| versions.listing.gap.clone())
    }
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer)
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let Some(text) = text(deserializer)? else { return Ok(None) };
    DateTime::parse_from_rfc3339(&text).map(|time| Some(time.with_timezone(&Utc))).map_err(de::Error::custom)
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    Ok(moment(deserializer)?.map(|time| time.date_naive()))
}

fn state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AgreementState>, D::Error> {
    Ok(text(deserializer)?.as_deref().map(AgreementState::from_aws))
}
