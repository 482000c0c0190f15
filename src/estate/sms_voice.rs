//! Origination numbers of AWS End User Messaging SMS.

use serde::Deserialize;
use serde_json::json;

use super::index::Calls;
use super::pinpoint::named;
use super::reading::Listing;
use super::words::{Capability, MessageType, NumberStatus, NumberType};
use crate::operations as op;

/// An origination phone number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "NumberWire")]
pub struct PhoneNumber {
    /// Its ARN.
    pub arn: String,
    /// As AWS writes it; short codes have no leading `+`.
    pub number: String,
    /// ISO 3166-1 alpha-2; `None` when the answer lacks it.
    pub country: Option<String>,
    /// What kind of number it is.
    pub kind: NumberType,
    /// Its status.
    pub status: NumberStatus,
    /// What it can carry.
    pub capabilities: Vec<Capability>,
    /// What kind of message it is for; `None` when the answer lacks it.
    pub message_type: Option<MessageType>,
    /// Whether it cannot be deleted; `None` when the answer lacks it.
    pub deletion_protection: Option<bool>,
    /// Whether the customer answers STOP and HELP; `None` when the answer lacks it.
    pub self_managed_opt_outs: Option<bool>,
    /// The opt-out list that it uses, possibly blank; `None` when the answer lacks it.
    pub opt_out_list: Option<String>,
    /// Whether incoming messages are handed on; `None` when the answer lacks it.
    pub two_way: Option<bool>,
    /// Where incoming messages go.
    pub two_way_channel: Option<String>,
    /// The pool that it is in; the API leaves it out for a number in none.
    pub pool: Option<String>,
    /// The registration it was requested with; the API leaves it out where there is none.
    pub registration: Option<String>,
}

/// The numbers that an account can send from.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// The account's own (`Owner` SELF).
    pub own: Listing<PhoneNumber>,
    /// Those that another account shares with it (`Owner` SHARED).
    pub shared: Listing<PhoneNumber>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NumberWire {
    phone_number_arn: String,
    phone_number: String,
    number_type: String,
    status: String,
    iso_country_code: Option<String>,
    number_capabilities: Vec<String>,
    message_type: Option<String>,
    deletion_protection_enabled: Option<bool>,
    self_managed_opt_outs_enabled: Option<bool>,
    opt_out_list_name: Option<String>,
    two_way_enabled: Option<bool>,
    two_way_channel_arn: Option<String>,
    pool_id: Option<String>,
    registration_id: Option<String>,
}

impl From<NumberWire> for PhoneNumber {
    fn from(wire: NumberWire) -> Self {
        Self {
            arn: wire.phone_number_arn,
            number: wire.phone_number,
            country: named(wire.iso_country_code),
            kind: NumberType::from_aws(&wire.number_type),
            status: NumberStatus::from_aws(&wire.status),
            capabilities: wire.number_capabilities.iter().map(|word| Capability::from_aws(word)).collect(),
            message_type: wire.message_type.as_deref().map(MessageType::from_aws),
            deletion_protection: wire.deletion_protection_enabled,
            self_managed_opt_outs: wire.self_managed_opt_outs_enabled,
            opt_out_list: wire.opt_out_list_name,
            two_way: wire.two_way_enabled,
            two_way_channel: named(wire.two_way_channel_arn),
            pool: named(wire.pool_id),
            registration: named(wire.registration_id),
        }
    }
}

/// The numbers of an account and region.
pub(super) fn numbers(calls: &Calls) -> Numbers {
    let of = |owner: &str| calls.list(&op::DESCRIBE_PHONE_NUMBERS, &[("Owner", json!(owner))]);
    Numbers { own: of("SELF"), shared: of("SHARED") }
}
