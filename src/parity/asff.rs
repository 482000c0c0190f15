//! Findings in the format of AWS Security Hub.

use std::fs::File;

use super::Unread;
use super::claims::{Claims, Said};
use super::walk::{text, walk};

pub(super) fn read(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    walk(file, &["*"], |_, finding| {
        let field = |name: &str| text(&finding, &["ProductFields", &format!("pinpoint-evidence/{name}")]);
        let id = text(&finding, &["Id"]).rsplit('/').next().unwrap_or_default();
        let verdict = field("Verdict");
        let status = match verdict {
            "pass" => "PASSED",
            "fail" => "FAILED",
            "not_evaluated" => "WARNING",
            _ => "NOT_AVAILABLE",
        };
        if text(&finding, &["Compliance", "Status"]) != status || field("FindingId") != id {
            claims.differs(format!("the status of {} does not fit its verdict", id.escape_debug()));
        }
        // Long texts are cut to what Security Hub takes.
        let whole = |text: &'_ str| !text.ends_with('…');
        let [resource, message] = [text(&finding["Resources"][0], &["Id"]), text(&finding, &["Description"])];
        claims.finding(&Said {
            id,
            verdict: Some(verdict),
            rule: Some(text(&finding, &["Compliance", "SecurityControlId"])),
            level: Some(field("Level")),
            reason: Some(field("Reason")),
            resource: Some(resource).filter(|text| whole(text)),
            message: Some(message).filter(|text| whole(text)),
            waived: Some(field("WaiverValid") == "true"),
            ..Said::default()
        });
    })?;
    claims.nothing_left_out(|_| true);
    Ok(())
}
