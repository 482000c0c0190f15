//! An account with one short code that an application for PHI names, for the tests of the rules about short codes.

use serde_json::{Value, json};

use crate::operations as op;
use crate::rules::testing::{Account, about_app, number};
use crate::snapshot::Outcome;

pub(in crate::rules) const CODE: &str = "24680";
pub(in crate::rules) const CODE_ARN: &str = "arn:aws:sms-voice:us-east-1:111122223333:phone-number/phone-24680";

/// The record of a number with these members besides or instead of its own.
pub(in crate::rules) fn record(name: &str, members: Value) -> Value {
    let mut record = number(name, "SHORT_CODE", "ACTIVE", &["SMS"]);
    let Value::Object(members) = members else { panic!("an object") };
    record.as_object_mut().expect("an object").extend(members);
    record
}

/// The application's SMS channel names the short code, which has these members, no pool and no resource policy.
pub(in crate::rules) fn account(members: Value) -> Account {
    let mut account = Account::new();
    account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true, "ShortCode": CODE}));
    account.numbers(json!([record(CODE, members)]));
    account.answer(&op::DESCRIBE_POOLS, json!({}), json!({"Pools": []}));
    account.answer(&op::DESCRIBE_REGISTRATIONS, json!({}), json!({"Registrations": []}));
    account.fail(&op::GET_RESOURCE_POLICY, json!({"ResourceArn": CODE_ARN}), Outcome::NotConfigured);
    account
}
