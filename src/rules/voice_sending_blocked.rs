//! The account cannot send voice messages at all.

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{CountryRules, Gap, Listing, Place, ProtectStatus, Reading, SpendLimit, VoiceGuards};
use crate::operations as op;
use crate::snapshot::CallId;

rule! {
    /// Where an application carries PHI, the account and region cannot send voice messages.
    ///
    /// Either of two proofs is enough: the monthly spend limit for voice messages is enforced at 0, or the account's
    /// default protect configuration has rules for voice, and every country in them is blocked. Fails when both were
    /// read and neither is so.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says not to use the voice channel for messages that contain PHI. An
    /// application's channel settings do not stop AWS End User Messaging from sending voice messages; these do.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint-sms-voice-v2 set-voice-message-spend-limit-override --monthly-limit 0`. Or block every
    /// country for VOICE by `aws pinpoint-sms-voice-v2 update-protect-configuration-country-rule-set
    /// --number-capability VOICE`, and make that protect configuration the default by
    /// `set-account-default-protect-configuration`.
    ///
    /// ## Limits
    ///
    /// A configuration set, or a single call, can name another protect configuration than the default. It shows the
    /// setting when observed, not what was sent before or after.
    "voice-sending-blocked", "Voice sending blocked for the account", Recommended, Voice, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_places(rule, |place| vec![(Subject::place(place), judge_guards(place))])
}

/// What one of the two proofs shows.
enum Proof {
    Seen(String, Vec<CallId>),
    NotSeen(String, Vec<CallId>),
    Unread(Gap),
}

/// One proof that was seen is enough: this is the one rule in which a gap beside it does not count.
fn judge_guards(place: &Place) -> Judgement {
    let mut judgement = Judgement::new();
    let proofs = [spend_limit(&place.voice.spend_limits), protect_configuration(&place.voice)];
    if proofs.iter().any(|proof| matches!(proof, Proof::Seen(..))) {
        for proof in proofs {
            if let Proof::Seen(sentence, calls) = proof {
                judgement.holds(sentence, &calls);
            }
        }
        return judgement;
    }
    let is_unread = proofs.iter().any(|proof| matches!(proof, Proof::Unread(_)));
    for proof in proofs {
        match proof {
            Proof::Unread(gap) => judgement.unread(&gap),
            Proof::NotSeen(sentence, calls) if !is_unread => judgement.violated(sentence, &calls),
            Proof::NotSeen(..) | Proof::Seen(..) => {}
        }
    }
    judgement
}

fn spend_limit(limits: &Listing<SpendLimit>) -> Proof {
    if let Some(gap) = &limits.gap {
        return Proof::Unread(gap.clone());
    }
    let is_voice = |limit: &&SpendLimit| limit.name.trim().eq_ignore_ascii_case("VOICE_MESSAGE_MONTHLY_SPEND_LIMIT");
    let enforced: Vec<Option<i64>> = limits.iter().filter(is_voice).map(|limit| limit.enforced_limit).collect();
    let calls = limits.calls.clone();
    if enforced.contains(&None) {
        return Proof::Unread(Gap::unmodelled(op::DESCRIBE_SPEND_LIMITS.name, &calls));
    }
    match enforced.iter().flatten().max() {
        Some(0) => {
            Proof::Seen("DescribeSpendLimits shows the monthly limit for voice messages enforced at 0.".into(), calls)
        }
        Some(limit) => Proof::NotSeen(
            format!("DescribeSpendLimits shows a monthly limit for voice messages of {limit} US dollars."),
            calls,
        ),
        None => Proof::NotSeen("DescribeSpendLimits shows no limit for voice messages.".into(), calls),
    }
}

fn protect_configuration(voice: &VoiceGuards) -> Proof {
    let (id, calls) = match default_configuration(voice) {
        Reading::Unread(gap) => return Proof::Unread(gap),
        Reading::Absent { calls } => {
            return Proof::NotSeen("The account has no default protect configuration.".into(), calls);
        }
        Reading::Seen { value, calls } => (value, calls),
    };
    let operation = op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET.name;
    // Without the list of configurations nobody asked for their rules: then the list is what is missing.
    let not_asked = || voice.protect_configurations.gap.clone().unwrap_or(Gap::not_asked(operation));
    match voice.voice_rules(id).unwrap_or_else(|| Reading::Unread(not_asked())) {
        Reading::Unread(gap) if gap.calls.is_empty() => Proof::Unread(not_asked()),
        Reading::Unread(gap) => Proof::Unread(gap),
        Reading::Absent { calls } => Proof::Unread(Gap::unmodelled(operation, &calls)),
        Reading::Seen { value, calls: shown } => countries(id, value, &[calls, shown].concat()),
    }
}

fn countries(id: &str, rules: &CountryRules, calls: &[CallId]) -> Proof {
    let operation = op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET.name;
    let open: Vec<&str> = rules
        .by_country
        .iter()
        .filter(|(_, status)| status.as_ref().is_some_and(|status| *status != ProtectStatus::Block))
        .map(|(country, _)| country.as_str())
        .collect();
    let says = |what: &str| format!("{operation} shows that the default protect configuration {id} {what}.");
    if rules.by_country.is_empty() {
        Proof::NotSeen(says("has no rules for voice"), calls.to_vec())
    } else if !open.is_empty() {
        Proof::NotSeen(says(&format!("does not block voice to {}", open.join(", "))), calls.to_vec())
    } else if rules.by_country.values().any(Option::is_none) {
        Proof::Unread(Gap::unmodelled(operation, calls))
    } else {
        Proof::Seen(says("blocks voice to every country in it"), calls.to_vec())
    }
}

/// The id of the account's default protect configuration, from the attribute of the account and from the list of
/// configurations. One of them is enough where the other was not read; two that disagree are none.
fn default_configuration(voice: &VoiceGuards) -> Reading<&str> {
    let attribute = default_by_attribute(voice);
    let listed = default_by_list(voice);
    // Seen wrong beats not seen: a list that was cut may name no default, but it may name another one.
    let is_denied = |id: &str| {
        let says_otherwise = |is_default: bool, listed: &str| is_default != (listed == id);
        let mut configurations = voice.protect_configurations.iter();
        configurations
            .any(|listed| listed.account_default.is_some_and(|is_default| says_otherwise(is_default, &listed.id)))
    };
    match (attribute, listed) {
        (Reading::Unread(gap), _) if voice.attributes.gap.is_none() => Reading::Unread(gap),
        (_, Reading::Unread(gap)) if voice.protect_configurations.gap.is_none() => Reading::Unread(gap),
        (Reading::Seen { value, calls }, Reading::Seen { value: other, calls: more }) => {
            let calls = [calls, more].concat();
            if value == other {
                Reading::Seen { value, calls }
            } else {
                Reading::Unread(Gap::unmodelled(op::DESCRIBE_PROTECT_CONFIGURATIONS.name, &calls))
            }
        }
        (Reading::Seen { value, calls }, _) if is_denied(value) => {
            let calls = [calls, voice.protect_configurations.calls.clone()].concat();
            Reading::Unread(Gap::unmodelled(op::DESCRIBE_PROTECT_CONFIGURATIONS.name, &calls))
        }
        (seen @ Reading::Seen { .. }, _) | (_, seen @ Reading::Seen { .. }) => seen,
        (unread @ Reading::Unread(_), _) | (_, unread @ Reading::Unread(_)) => unread,
        (Reading::Absent { calls }, Reading::Absent { calls: more }) => {
            Reading::Absent { calls: [calls, more].concat() }
        }
    }
}

fn default_by_attribute(voice: &VoiceGuards) -> Reading<&str> {
    let attributes = &voice.attributes;
    if let Some(gap) = &attributes.gap {
        return Reading::Unread(gap.clone());
    }
    let calls = attributes.calls.clone();
    let named = attributes.iter().filter(|attribute| attribute.is_default_protect_configuration());
    only(named.map(|attribute| attribute.value.as_deref()), op::DESCRIBE_ACCOUNT_ATTRIBUTES.name, calls)
}

fn default_by_list(voice: &VoiceGuards) -> Reading<&str> {
    let configurations = &voice.protect_configurations;
    if let Some(gap) = &configurations.gap {
        return Reading::Unread(gap.clone());
    }
    let calls = configurations.calls.clone();
    let named = configurations.iter().filter_map(|configuration| match configuration.account_default {
        Some(true) => Some(Some(configuration.id.as_str())),
        Some(false) => None,
        None => Some(None),
    });
    only(named, op::DESCRIBE_PROTECT_CONFIGURATIONS.name, calls)
}

/// The one that is named; two, or one that says nothing, are of unknown shape.
fn only<'a>(
    mut named: impl Iterator<Item = Option<&'a str>>,
    operation: &'static str,
    calls: Vec<CallId>,
) -> Reading<&'a str> {
    match (named.next(), named.next()) {
        (None, _) => Reading::Absent { calls },
        (Some(Some(value)), None) => Reading::Seen { value, calls },
        _ => Reading::Unread(Gap::unmodelled(operation, &calls)),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "a test reads best with its documents in place")]
mod tests;
