//! Origination numbers of AWS End User Messaging SMS.

use serde::Deserialize;
use serde_json::json;

use super::index::Calls;
use super::reading::Listing;
use super::words::{Capability, NumberStatus, NumberType};
use crate::operations as op;

/// An origination phone number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "NumberWire")]
pub struct PhoneNumber {
    /// Its ARN.
    pub arn: String,
    /// As AWS writes it; short codes have no leading `+`.
    pub number: String,
    /// What kind of number it is.
    pub kind: NumberType,
    /// Its status.
    pub status: NumberStatus,
    /// What it can carry.
    pub capabilities: Vec<Capability>,
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
    number_capabilities: Vec<String>,
}

impl From<NumberWire> for PhoneNumber {
    fn from(wire: NumberWire) -> Self {
        Self {
            arn: wire.phone_number_arn,
            number: wire.phone_number,
            kind: NumberType::from_aws(&wire.number_type),
            status: NumberStatus::from_aws(&wire.status),
            capabilities: wire.number_capabilities.iter().map(|word| Capability::from_aws(word)).collect(),
        }
    }
}

/// The numbers of an account and region.
pub(super) fn numbers(calls: &Calls) -> Numbers {
    let of = |owner: &str| calls.list(&op::DESCRIBE_PHONE_NUMBERS, &[("Owner", json!(owner))]);
    Numbers { own: of("SELF"), shared: of("SHARED") }
}
