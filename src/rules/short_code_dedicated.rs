//! "a dedicated short code": nothing else sends in its place, and nobody else from it.

use super::context::Context;
use super::short_code::{self, Part};
use super::{Finding, Rule, rule};

rule! {
    /// A short code that carries PHI is dedicated to the account.
    ///
    /// Judges each short code that an application for PHI names, and each that `[[phi.short_code]]` declares. Passes
    /// when the number is in no pool, or in a pool without shared routes whose every member is an ACTIVE short code of
    /// the account, and when neither the number nor the pool has a resource policy that allows anyone but the account
    /// itself. Fails on shared routes, on a sender id, an RCS agent or another kind of number in the pool, on a resource
    /// policy that allows anyone else, and on a number that is no short code of the account.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that SMS messages that contain PHI should be sent from a dedicated
    /// short code that was requested for the account for that purpose. A pool with shared routes sends from numbers that
    /// AWS shares among its customers, and a resource policy lets another account send from the number.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint-sms-voice-v2 update-pool --pool-id POOL --no-shared-routes-enabled`,
    /// `aws pinpoint-sms-voice-v2 disassociate-origination-identity --pool-id POOL --origination-identity OTHER
    /// --iso-country-code US`, and `aws pinpoint-sms-voice-v2 delete-resource-policy --resource-arn ARN`. In the console
    /// of AWS End User Messaging: SMS, Phone pools, and Phone numbers, Resource policy.
    ///
    /// ## Limits
    ///
    /// It shows the configuration when observed, not which messages were sent. Another application of the same account
    /// may use the number too: `short-code-reserved-for-phi` looks at that.
    "short-code-dedicated", "Short code dedicated to the account", Required, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    short_code::judge(rule, context, Part::Dedication, |_, links, judgement| {
        for link in links {
            link.state_in(judgement);
        }
    })
}
