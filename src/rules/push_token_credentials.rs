//! Push channels prove who they are by tokens, not by certificates or legacy keys.

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, AuthenticationMethod, ChannelType, Place, PushChannel, Reading, ShownPush};
use crate::snapshot::CallId;

rule! {
    /// Every enabled APNs or FCM channel of an application that carries PHI uses token credentials.
    ///
    /// An APNs channel passes with a token signing key and `DefaultAuthenticationMethod` TOKEN or KEY, an FCM channel
    /// with a service account and `DefaultAuthenticationMethod` TOKEN. A certificate, the legacy server key of FCM and
    /// every other method fail. A channel that `GetChannels` shows enabled counts as enabled. Where no APNs or FCM
    /// channel is enabled, the application is not applicable.
    ///
    /// ## Why
    ///
    /// Token credentials expire within an hour and can be revoked by themselves; a certificate or server key is a
    /// long-lived secret (NIST SP 800-53r5 IA-5). Google deprecated the legacy server keys of FCM on 2023-06-20.
    ///
    /// ## Fix
    ///
    /// `aws pinpoint update-apns-channel --application-id ID --apns-channel-request file://apns.json` with `TokenKey`,
    /// `TokenKeyId`, `TeamId` and `BundleId`, or `aws pinpoint update-gcm-channel --application-id ID
    /// --gcm-channel-request file://gcm.json` with `ServiceJson` and `DefaultAuthenticationMethod` TOKEN. Console: AWS
    /// End User Messaging, Push.
    ///
    /// ## Limits
    ///
    /// It shows the default method; a message can name the other one. It does not show how old a key is. Amazon Device
    /// Messaging and Baidu have no choice of method and are not judged.
    "push-token-credentials", "Push by token credentials", Recommended, Push, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let channel = |push| judge_channel(place, application, push);
        let mut judged: Vec<(Subject, Judgement)> = application.push.iter().filter_map(channel).collect();
        if judged.is_empty() {
            let mut judgement = Judgement::new();
            let calls: Vec<CallId> = apns_and_fcm(application).flat_map(|push| push.shown.calls().to_vec()).collect();
            judgement.not_applicable("No APNs or FCM channel is enabled.", &calls);
            judged.push((Subject::application(place, application), judgement));
        }
        judged
    })
}

fn apns_and_fcm(application: &Application) -> impl Iterator<Item = &PushChannel> {
    application.push.iter().filter(|push| credentials(&push.channel).is_some())
}

/// What a channel has to have: by its answer, and by its default methods.
fn credentials(channel: &ChannelType) -> Option<Credentials> {
    match channel {
        ChannelType::Apns | ChannelType::ApnsSandbox | ChannelType::ApnsVoip | ChannelType::ApnsVoipSandbox => {
            Some(Credentials {
                member: "HasTokenKey",
                read: |shown| shown.has_token_key,
                methods: &[AuthenticationMethod::Token, AuthenticationMethod::Key],
            })
        }
        ChannelType::Gcm => Some(Credentials {
            member: "HasFcmServiceCredentials",
            read: |shown| shown.has_fcm_service_credentials,
            methods: &[AuthenticationMethod::Token],
        }),
        _ => None,
    }
}

struct Credentials {
    member: &'static str,
    read: fn(&ShownPush) -> Option<bool>,
    methods: &'static [AuthenticationMethod],
}

/// `None` when the channel is not enabled, or knows no choice of credentials.
fn judge_channel(place: &Place, application: &Application, push: &PushChannel) -> Option<(Subject, Judgement)> {
    let credentials = credentials(&push.channel)?;
    let mut judgement = Judgement::new();
    let listed = application.is_listed_as_enabled(&push.channel);
    match &push.shown {
        Reading::Seen { value, calls } if value.enabled || listed => {
            judge_credentials(push, value, &credentials, calls, &mut judgement);
        }
        Reading::Absent { calls } if listed => judgement.lacks(push.operation, calls),
        Reading::Seen { .. } | Reading::Absent { .. } => return None,
        Reading::Unread(gap) => judgement.unread(gap),
    }
    let resource = format!("{}/channels/{}", application.arn, push.kind);
    Some((Subject::below(place, resource, &application.name), judgement))
}

fn judge_credentials(
    push: &PushChannel,
    shown: &ShownPush,
    credentials: &Credentials,
    calls: &[CallId],
    judgement: &mut Judgement,
) {
    let PushChannel { operation, .. } = push;
    let Credentials { member, read, methods } = credentials;
    match &shown.authentication {
        Some(method) if methods.contains(method) => {
            judgement.holds(format!("{operation} shows DefaultAuthenticationMethod {method}."), calls);
        }
        Some(method) => {
            judgement.violated(format!("{operation} shows DefaultAuthenticationMethod {method}."), calls);
        }
        None => judgement.lacks(operation, calls),
    }
    match read(shown) {
        Some(true) => judgement.holds(format!("{operation} shows {member}."), calls),
        Some(false) => judgement.violated(format!("{operation} shows {member} false."), calls),
        None => judgement.lacks(operation, calls),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations::{self as op, Operation};
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, UNREAD, about_app, unread};
    use crate::snapshot::Outcome;

    const APNS: [(&Operation, &str, &str); 4] = [
        (&op::GET_APNS_CHANNEL, "apns", "APNS"),
        (&op::GET_APNS_SANDBOX_CHANNEL, "apns_sandbox", "APNS_SANDBOX"),
        (&op::GET_APNS_VOIP_CHANNEL, "apns_voip", "APNS_VOIP"),
        (&op::GET_APNS_VOIP_SANDBOX_CHANNEL, "apns_voip_sandbox", "APNS_VOIP_SANDBOX"),
    ];

    fn resource(kind: &str) -> String {
        format!("{APP_ARN}/channels/{kind}")
    }

    fn with(operation: &Operation, channel: Value) -> Account {
        let mut account = Account::new();
        account.answer(operation, about_app(), channel);
        account
    }

    #[test]
    fn an_apns_channel_passes_with_a_token_key_only() {
        for (method, key, expected) in [
            (json!("TOKEN"), json!(true), Verdict::Pass),
            (json!("KEY"), json!(true), Verdict::Pass),
            (json!("key"), json!(true), Verdict::Pass),
            (json!("CERTIFICATE"), json!(true), Verdict::Fail),
            (json!("PASSWORD"), json!(true), Verdict::Fail),
            (json!("TOKEN"), json!(false), Verdict::Fail),
            (Value::Null, json!(false), Verdict::Fail),
            (json!("CERTIFICATE"), Value::Null, Verdict::Fail),
            (Value::Null, json!(true), unread(Outcome::Unmodelled)),
            (json!("TOKEN"), Value::Null, unread(Outcome::Unmodelled)),
        ] {
            for (operation, kind, _) in APNS {
                let channel = json!({"Enabled": true, "DefaultAuthenticationMethod": method, "HasTokenKey": key});
                let account = with(operation, channel);
                assert_eq!(account.verdict(&RULE, &resource(kind)), expected, "{kind} {method} {key}");
                assert_eq!(account.judge(&RULE).len(), 1);
            }
        }
    }

    #[test]
    fn an_fcm_channel_passes_with_a_service_account_only() {
        for (method, service, expected) in [
            (json!("TOKEN"), json!(true), Verdict::Pass),
            (json!("token"), json!(true), Verdict::Pass),
            (json!("KEY"), json!(true), Verdict::Fail),
            (json!("KEY"), json!(false), Verdict::Fail),
            (json!("TOKEN"), json!(false), Verdict::Fail),
            (json!("CERTIFICATE"), json!(true), Verdict::Fail),
            (Value::Null, json!(true), unread(Outcome::Unmodelled)),
            (json!("TOKEN"), Value::Null, unread(Outcome::Unmodelled)),
        ] {
            let channel =
                json!({"Enabled": true, "DefaultAuthenticationMethod": method, "HasFcmServiceCredentials": service});
            let verdict = with(&op::GET_GCM_CHANNEL, channel).verdict(&RULE, &resource("gcm"));
            assert_eq!(verdict, expected, "{method} {service}");
        }
    }

    #[test]
    fn is_not_applicable_when_no_apns_or_fcm_channel_is_enabled() {
        assert_eq!(Account::new().verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        let disabled = with(&op::GET_APNS_CHANNEL, json!({"Enabled": false}));
        assert_eq!(disabled.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        for other in [&op::GET_ADM_CHANNEL, &op::GET_BAIDU_CHANNEL] {
            assert_eq!(with(other, json!({"Enabled": true})).verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        }
    }

    #[test]
    fn a_channel_that_only_the_list_of_channels_shows_enabled_is_judged() {
        for (operation, kind, name) in APNS {
            let listed = json!({"Channels": {name: {"Enabled": true}}});
            let certificate = json!({"Enabled": false, "DefaultAuthenticationMethod": "CERTIFICATE"});
            let mut account = with(operation, certificate);
            account.answer(&op::GET_CHANNELS, about_app(), listed.clone());
            assert_eq!(account.verdict(&RULE, &resource(kind)), Verdict::Fail);
            let mut account = Account::new();
            account.answer(&op::GET_CHANNELS, about_app(), listed);
            assert_eq!(account.verdict(&RULE, &resource(kind)), unread(Outcome::Unmodelled));
        }
    }

    #[test]
    fn a_channel_that_is_unread_or_does_not_say_whether_it_is_enabled_is_not_evaluated() {
        for outcome in UNREAD {
            for (operation, kind, _) in APNS.into_iter().chain([(&op::GET_GCM_CHANNEL, "gcm", "GCM")]) {
                let mut account = Account::new();
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(&RULE, &resource(kind)), unread(outcome));
            }
        }
        let silent = with(&op::GET_GCM_CHANNEL, json!({"DefaultAuthenticationMethod": "KEY"}));
        assert_eq!(silent.verdict(&RULE, &resource("gcm")), unread(Outcome::Unmodelled));
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        let channel = json!({"Enabled": true, "DefaultAuthenticationMethod": "CERTIFICATE", "HasTokenKey": false});
        let account = with(&op::GET_APNS_CHANNEL, channel).config(EXCLUDED);
        assert_eq!(account.verdict(&RULE, &resource("apns")), Verdict::NotApplicable);
    }
}
