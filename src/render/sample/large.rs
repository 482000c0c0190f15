//! A pack with many applications and calls.

use super::{ONE, application, arn, call, channel, finding, pack, row};
use crate::pack::{ChannelState, Pack, Phi, Summary};
use crate::rules::{Level, Verdict};
use crate::snapshot::Outcome;

/// `applications` applications with seven findings each, and `calls` calls.
pub(in crate::render) fn large(applications: usize, calls: usize) -> Pack {
    const RULES: [&str; 7] = [
        "channels-permitted",
        "phi-scope-declared",
        "service-supported",
        "sms-origination-short-code",
        "sms-sender-id-unused",
        "voice-channel-disabled",
        "voice-templates-absent",
    ];
    let mut pack = pack();
    let id = |n: usize| format!("{n:032x}");
    pack.scope.applications = (0..applications)
        .map(|n| {
            let names = ["EMAIL", "GCM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "ADM", "BAIDU", "SMS", "VOICE"];
            let channels = names.map(|name| channel(name, ChannelState::Disabled, n)).to_vec();
            let phi = Phi::Declared { how: "the configuration names its tag".to_owned() };
            application(ONE, "us-east-1", &id(n), &format!("clinic_{n} reminders"), phi, channels)
        })
        .collect();
    let message = "Voice was disabled when observed (2026-09-30 15:58 UTC); GetChannels shows it disabled too.";
    pack.findings = RULES
        .into_iter()
        .flat_map(|rule| (0..applications).map(move |n| (rule, n)))
        .map(|(rule, n)| {
            let resource = arn(ONE, "us-east-1", &id(n));
            let verdict = if n.is_multiple_of(50) { Verdict::Fail } else { Verdict::Pass };
            let mut finding =
                finding(rule, Level::Required, &resource, &format!("clinic_{n} reminders"), verdict, message);
            finding.evidence = (0..3).map(|k| call((n * 25 + k) % calls.max(1))).collect();
            finding
        })
        .collect();
    pack.summary = Summary::of(&pack.findings);
    pack.evidence =
        (0..calls).map(|n| row(n, "GetVoiceChannel", &format!("ApplicationId {}", id(n)), Outcome::Observed)).collect();
    pack
}
