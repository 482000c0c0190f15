//! What a probe asks about: the first member that a list shows, or one that does not exist.
//!
//! A probe wants to know whether a call is allowed, not what it shows. Where a list is empty or denied, the calls that
//! need one of its members are made with an id that is well formed and belongs to nothing: AWS decides whether a caller
//! may ask before it looks for what was asked about, so "not found" means that the call is allowed.

use serde_json::{Value, json};

use super::place::{Place, text};
use crate::operations::{self, Operation};
use crate::regions;

/// The digits of every id that belongs to nothing.
const NOTHING: &str = "00000000000000000000000000000000";
/// The end of a domain that never exists (RFC 2606).
const NO_DOMAIN: &str = ".invalid";
/// The name of a configuration set that nobody has.
const NO_SET: &str = "pinpoint-evidence-probe-of-nothing";
/// A report's id has 16 characters.
const NO_REPORT: &str = "report-0000000000000000";

/// At most one member of a list: the first that leads to further calls, else one that does not exist.
pub(super) fn of(place: Place<'_>, operation: &Operation, members: Vec<Value>) -> Vec<Value> {
    let is_looked_into = |member: &Value| is_looked_into(operation, member);
    members
        .into_iter()
        .find(is_looked_into)
        .or_else(|| nothing(place.region(), place.account(), operation))
        .into_iter()
        .collect()
}

/// Whether the value of a parameter belongs to nothing.
pub(super) fn is_of_nothing(parameter: &Value) -> bool {
    let Some(text) = parameter.as_str() else { return false };
    text.ends_with(NOTHING) || text.ends_with(NO_DOMAIN) || text == NO_SET || text == NO_REPORT
}

/// Only short codes and their registrations are looked into.
fn is_looked_into(operation: &Operation, member: &Value) -> bool {
    let says_short_code =
        |name| text(member, name).is_some_and(|kind| kind.to_ascii_uppercase().contains("SHORT_CODE"));
    match *operation {
        operations::DESCRIBE_PHONE_NUMBERS => says_short_code("NumberType"),
        operations::DESCRIBE_REGISTRATIONS => {
            says_short_code("RegistrationType") && member["ApprovedVersionNumber"].is_i64()
        }
        _ => true,
    }
}

/// Whether further calls ask about the members of what this operation lists.
#[must_use]
pub fn leads_on(operation: &Operation) -> bool {
    nothing("", "", operation).is_some()
}

/// A member that belongs to nothing; `None` for what leads to no further call.
fn nothing(region: &str, account: &str, operation: &Operation) -> Option<Value> {
    let sms_voice = format!("arn:{}:sms-voice:{region}:{account}", regions::partition(region));
    Some(match *operation {
        operations::GET_APPS => json!({"Id": NOTHING}),
        operations::DESCRIBE_PHONE_NUMBERS => json!({
            "NumberType": "SHORT_CODE",
            "PhoneNumberArn": format!("{sms_voice}:phone-number/phone-{NOTHING}"),
        }),
        operations::DESCRIBE_POOLS => json!({
            "PoolId": format!("pool-{NOTHING}"),
            "PoolArn": format!("{sms_voice}:pool/pool-{NOTHING}"),
        }),
        operations::DESCRIBE_REGISTRATIONS => json!({
            "RegistrationId": format!("registration-{NOTHING}"),
            "RegistrationType": "US_SHORT_CODE_REGISTRATION",
            "ApprovedVersionNumber": 1,
        }),
        operations::DESCRIBE_PROTECT_CONFIGURATIONS => {
            json!({"ProtectConfigurationId": format!("protect-{NOTHING}")})
        }
        operations::LIST_EMAIL_IDENTITIES => json!({"IdentityName": format!("probe{NO_DOMAIN}")}),
        operations::LIST_CONFIGURATION_SETS => json!(NO_SET),
        operations::LIST_REPORTS => json!({"id": NO_REPORT}),
        _ => return None,
    })
}
