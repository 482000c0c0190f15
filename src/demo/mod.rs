//! The demo: the account of "Example Health", a fictional hospital group, held as the answers that AWS would give.
//!
//! It is 2026-09-30, a month before the support of Amazon Pinpoint ends. Six applications in two regions show what the
//! product finds, and what it cannot see:
//!
//! | Application | Declared | What it shows |
//! |---|---|---|
//! | `patient-reminders` | PHI, by id | All as it should be: short code 24680 on the SMS channel, in a campaign with two more treatments and in a journey; approved registration that answers yes to "HIPAA eligible use case" (`short-code-phi-purpose`), a pool of its own, TLS required, APNs and FCM by token |
//! | `care-coordination` | PHI, by tag | What goes wrong: voice enabled (`voice-channel-disabled`), no origination, a long code, a shared number and a sender id (`sms-origination-short-code`, `sms-sender-id-unused`), a default message (`campaign-channels-permitted`), a telephone call (`journey-channels-permitted`), events and a hook that nobody declared, an expired waiver |
//! | `marketing-newsletter` | excluded | Promotional SMS and an in-app banner are its own affair, but it names 13579, a short code declared for PHI (`short-code-reserved-for-phi`) |
//! | `patient-portal-push` | by nobody | Judged as PHI (`phi-scope-declared`); a legacy server key and a certificate (`push-token-credentials`), a sandbox channel with a waiver (`push-sandbox-disabled`) |
//! | `legacy-pilot` | by nobody | Two reads are denied: `not_evaluated`, which is no pass |
//! | `west-notifications` | PHI, by name | Email only; the voice channel was configured and is off; the account's voice spend limit there is zero |
//!
//! Beside them: short code 13579 without a registration (attested through a support case), in a pool with a long code
//! and usable by account 444455556666; DKIM that fails for care.example.org; SOC reports closed by a continued
//! operations letter, an ISO 9001 certificate that ended on 2026-08-31 (`artifact-report-current` counts the days), an
//! ISO 27018 certificate without dates, an active business associate addendum (`baa-active`).
//!
//! `wire/` holds the documents by service and region, `wire/routes.json` says which question leads to which document,
//! and `evidence.toml` is what Example Health declares. `tests/outside/wire_models.py` holds the documents against the
//! published service models. Names, numbers, keys and texts are invented: telephone numbers from the 555-01xx range,
//! domains under example.org, credentials that say EXAMPLE.
//!
//! This module never speaks to the network, and answers nothing but reads that the product makes: whatever else is
//! asked gets an error that no service model knows.

mod asked;
mod documents;
mod replies;
mod routes;
#[cfg(test)]
mod tests;

use crate::collect::in_process::{WireRequest, WireResponse};
use asked::Asked;

/// What Example Health declares, in the format of `evidence.toml`.
pub const CONFIG: &str = include_str!("evidence.toml");

/// The time at which the demo collects: UTC, in the third quarter of 2026, before the support of Amazon Pinpoint ends.
pub const NOW: &str = "2026-09-30T16:00:00.000Z";

/// The regions that Example Health uses; a request to any other gets an error.
pub const REGIONS: [&str; 2] = ["us-east-1", "us-west-2"];

/// The account of Example Health.
pub const ACCOUNT: &str = "111122223333";

/// Who collects: the session of a read-only role.
pub const CALLER: &str = "arn:aws:sts::111122223333:assumed-role/PinpointEvidence/quarterly-audit";

/// Answers a request as AWS would answer Example Health. The same request always gets the same answer, down to the
/// request id.
#[must_use]
pub fn answer(request: &WireRequest) -> WireResponse {
    let asked = Asked::read(request);
    match routes::find(&asked) {
        Some(route) => replies::document(&asked, route),
        None => replies::without_document(&asked),
    }
}
