//! OCSF compliance findings.

use std::fs::File;

use super::Unread;
use super::claims::{Claims, Said};
use super::walk::{text, texts, walk};

pub(super) fn read(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    walk(file, &["*"], |_, event| {
        let id = text(&event, &["finding_info", "uid"]);
        let verdict = text(&event, &["unmapped", "verdict"]);
        let status = match verdict {
            "pass" => 1,
            "not_evaluated" => 2,
            "fail" => 3,
            _ => 99,
        };
        if event["compliance"]["status_id"] != status {
            claims.differs(format!("the status of {} does not fit its verdict", id.escape_debug()));
        }
        if event["finding_info"]["desc"] != event["message"] {
            claims.differs(format!("says two things of {}", id.escape_debug()));
        }
        claims.finding(&Said {
            id,
            verdict: Some(verdict),
            rule: Some(text(&event, &["compliance", "control"])),
            level: Some(text(&event, &["unmapped", "level"])),
            reason: Some(text(&event, &["compliance", "status_code"])),
            resource: Some(text(&event["resources"][0], &["uid"])),
            message: Some(text(&event, &["message"])),
            evidence: Some(texts(&event, &["unmapped", "evidence"])),
            waived: Some(event["unmapped"]["waiver"]["valid"] == true),
            controls: Some(texts(&event, &["compliance", "requirements"])),
        });
    })?;
    claims.nothing_left_out(|_| true);
    Ok(())
}
