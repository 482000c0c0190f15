//! One judgement per file: its documentation, its function, its tests.
//!
//! A rule is a function from the estate and the declarations to findings. It reads nothing else, and it does not
//! decide verdicts by itself: it states what it saw, and [`judgement`] draws the conclusion in the same way for all.
//!
//! To add a rule, add its file and its line in [`ALL`].

mod context;
mod email;
mod finding;
mod judgement;
mod lists;
mod phi_numbers;
mod processors;
mod scope;
mod short_code;
mod sms;
#[cfg(test)]
pub(crate) mod testing;

mod artifact_report_current;
mod baa_active;
mod campaign_channels_permitted;
mod channels_permitted;
mod email_dkim_signed;
mod email_identity_verified;
mod email_tls_required;
mod event_destinations_declared;
mod event_stream_declared;
mod hooks_declared;
mod import_export_declared;
mod journey_channels_permitted;
mod opt_out_managed;
mod phi_scope_declared;
mod push_sandbox_disabled;
mod push_token_credentials;
mod recommenders_declared;
mod regions_scanned;
mod service_supported;
mod short_code_dedicated;
mod short_code_deletion_protected;
mod short_code_phi_purpose;
mod short_code_reserved_for_phi;
mod sms_origination_short_code;
mod sms_sender_id_unused;
mod sms_transactional;
mod two_way_destination_declared;
mod voice_capability_absent;
mod voice_channel_disabled;
mod voice_sending_blocked;
mod voice_templates_absent;

pub(crate) use artifact_report_current::programs_of_report;
pub(crate) use baa_active::is_baa;
pub use context::{Context, Focus};
pub use finding::{AppliedWaiver, Attestation, Finding, Level, Reason, Verdict};
pub use processors::unmatched_processors;
pub(crate) use processors::{bucket_arn, function_arn};
pub use scope::{Phi, is_named};
pub use short_code::{Chain, Link, LinkState, Origin, Part, Step, chains};

use crate::config::Config;
use crate::estate::Place;
use crate::threads;

/// A rule of the catalogue.
#[derive(Debug)]
pub struct Rule {
    /// In kebab-case; the file has the same name.
    pub id: &'static str,
    /// What it asks, in a few words.
    pub title: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// Where the catalogue lists it.
    pub group: Group,
    /// Its documentation, in Markdown.
    pub documentation: &'static str,
    /// The judgement.
    judge: fn(&Rule, &Context<'_>) -> Vec<Finding>,
}

/// The groups of the catalogue, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// "do not use the voice channel"
    Voice,
    /// "email, push notification, or SMS"
    Channels,
    /// "a dedicated short code"
    Sms,
    /// Amazon SES behind the email channel, and beside it.
    Email,
    /// Push notifications.
    Push,
    /// What else receives message data.
    DataFlow,
    /// Agreements, reports, life cycle.
    Agreements,
}

impl Group {
    /// Every group, in the order of the catalogue.
    pub const ALL: [Self; 7] =
        [Self::Voice, Self::Channels, Self::Sms, Self::Email, Self::Push, Self::DataFlow, Self::Agreements];

    /// For a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Voice => "Voice",
            Self::Channels => "Channels",
            Self::Sms => "SMS",
            Self::Email => "Email",
            Self::Push => "Push",
            Self::DataFlow => "Where message data flows",
            Self::Agreements => "Agreements, reports, life cycle",
        }
    }
}

/// Every rule, in the order of the catalogue.
pub const ALL: &[&Rule] = &[
    &voice_channel_disabled::RULE,
    &voice_templates_absent::RULE,
    &voice_capability_absent::RULE,
    &voice_sending_blocked::RULE,
    &channels_permitted::RULE,
    &campaign_channels_permitted::RULE,
    &journey_channels_permitted::RULE,
    &hooks_declared::RULE,
    &sms_origination_short_code::RULE,
    &sms_sender_id_unused::RULE,
    &short_code_dedicated::RULE,
    &short_code_phi_purpose::RULE,
    &short_code_reserved_for_phi::RULE,
    &sms_transactional::RULE,
    &short_code_deletion_protected::RULE,
    &opt_out_managed::RULE,
    &two_way_destination_declared::RULE,
    &email_identity_verified::RULE,
    &email_dkim_signed::RULE,
    &email_tls_required::RULE,
    &push_token_credentials::RULE,
    &push_sandbox_disabled::RULE,
    &event_stream_declared::RULE,
    &event_destinations_declared::RULE,
    &recommenders_declared::RULE,
    &import_export_declared::RULE,
    &baa_active::RULE,
    &artifact_report_current::RULE,
    &service_supported::RULE,
    &phi_scope_declared::RULE,
    &regions_scanned::RULE,
];

/// What a finding is about.
#[derive(Clone, Debug)]
struct Subject {
    account: String,
    region: Option<String>,
    resource: String,
    name: Option<String>,
}

/// From so many applications on several rules judge at a time.
const WORTH_SEVERAL: usize = 200;

/// The findings of every rule: required rules first, then in the order of the catalogue, then by resource.
#[must_use]
pub fn judge(context: &Context<'_>) -> Vec<Finding> {
    let applications: usize = context.places().iter().map(|place| place.applications.seen.len()).sum();
    let worth = if applications >= WORTH_SEVERAL { 0 } else { usize::MAX };
    let findings = threads::each(in_order().collect(), worth, |rule| judge_one(rule, context));
    findings.into_iter().flatten().collect()
}

/// The rules in the order of findings: required ones first, then in the order of the catalogue.
pub fn in_order() -> impl Iterator<Item = &'static Rule> {
    let mut rules = ALL.to_vec();
    rules.sort_by_key(|rule| rule.level);
    rules.into_iter()
}

/// Leaves of an account and region what rules look up when they judge another one. It must not be judged itself any more.
pub fn reduce(place: &mut Place, config: &Config) {
    phi_numbers::reduce(place, config);
    // The room that the others took is most of what would be held.
    place.applications.seen.shrink_to_fit();
    place.templates.seen = Vec::new();
    place.pools.seen = Vec::new();
    place.registrations.seen = Vec::new();
}

/// The findings of one rule.
#[must_use]
pub fn judge_one(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = (rule.judge)(rule, context);
    findings.sort_by(|a, b| a.place().cmp(&b.place()));
    findings
}

/// The rule with that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}

/// Writes a rule down so that its documentation comment is what `explain` prints.
macro_rules! rule {
    ($(#[doc = $line:literal])+ $id:literal, $title:literal, $level:ident, $group:ident, $judge:ident) => {
        $(#[doc = $line])+
        pub(super) const RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            title: $title,
            level: $crate::rules::Level::$level,
            group: $crate::rules::Group::$group,
            documentation: concat!($($line, "\n"),+),
            judge: $judge,
        };
    };
}
use rule;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_file_of_its_name_and_every_file_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        let shared = [
            "context",
            "email",
            "finding",
            "judgement",
            "lists",
            "mod",
            "phi_numbers",
            "processors",
            "scope",
            "short_code",
            "sms",
            "testing",
        ];
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .map(|name| name.trim_end_matches(".rs").to_owned())
            .filter(|name| !shared.contains(&name.as_str()))
            .collect();
        let ids: BTreeSet<String> = ALL.iter().map(|rule| rule.id.replace('-', "_")).collect();
        assert_eq!(files, ids);
    }

    #[test]
    fn every_rule_says_what_it_checks_why_how_to_fix_it_and_what_it_cannot_show() {
        for rule in ALL {
            for heading in ["## Why", "## Fix", "## Limits"] {
                assert!(rule.documentation.contains(heading), "{} lacks {heading}", rule.id);
            }
        }
    }
}
