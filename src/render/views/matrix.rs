//! Applications by families of channels, as the cover shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::channel_usage::Place;
use crate::pack::{Application, ChannelState, Pack, Phi};
use crate::render::words;
use crate::rules::{Finding, Verdict};

/// A family of channels, and the rules that judge it on an application.
struct Family {
    /// The API's names; empty for the family of all others.
    channels: &'static [&'static str],
    /// The ids of the rules.
    rules: &'static [&'static str],
}

/// The families, in the order of the columns: email, push, SMS, voice, other.
const FAMILIES: [Family; 5] = [
    Family { channels: &["EMAIL"], rules: &["email-identity-verified"] },
    Family {
        channels: &["PUSH", "GCM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "ADM", "BAIDU"],
        rules: &["push-sandbox-disabled", "push-token-credentials"],
    },
    Family { channels: &["SMS"], rules: &["sms-origination-short-code", "sms-sender-id-unused"] },
    Family { channels: &["VOICE"], rules: &["voice-channel-disabled"] },
    Family { channels: &[], rules: &[] },
];

/// The rules that judge all channels of an application together.
const RULES_ON_ALL: [&str; 3] = ["campaign-channels-permitted", "channels-permitted", "journey-channels-permitted"];

/// One application.
#[derive(Serialize)]
pub(super) struct MatrixRow<'a> {
    name: &'a str,
    account: &'a str,
    region: &'a str,
    phi: &'static str,
    address: String,
    families: Vec<Cell>,
    /// Of the rules that ask whether only permitted channels are used.
    verdict: &'static str,
    waived: bool,
}

/// One family of an application.
#[derive(Serialize)]
struct Cell {
    state: String,
    /// Empty when no rule judged it.
    verdict: &'static str,
    waived: bool,
}

/// A row for each of some applications.
pub(super) fn rows<'a>(pack: &'a Pack, applications: &[Place<'a>]) -> Vec<MatrixRow<'a>> {
    applications.iter().map(|place| row(place, pack)).collect()
}

fn row<'a>(place: &Place<'a>, pack: &Pack) -> MatrixRow<'a> {
    let (verdict, waived) = verdict_of(&RULES_ON_ALL, place, pack);
    MatrixRow {
        name: words::name_or(Some(&place.application.name), &place.application.id),
        account: &place.application.account,
        region: &place.application.region,
        phi: phi_word(&place.application.phi),
        address: place.address.clone(),
        families: FAMILIES.iter().map(|family| cell(family, place, pack)).collect(),
        verdict,
        waived,
    }
}

/// What is said of PHI in one word or two.
pub(super) const fn phi_word(phi: &Phi) -> &'static str {
    match phi {
        Phi::Declared { .. } => "declared",
        Phi::Excluded { .. } => "excluded",
        Phi::Undeclared { judged: true } => "undeclared, judged as PHI",
        Phi::Undeclared { judged: false } => "undeclared, left out",
    }
}

/// The verdict that weighs most, and whether a valid waiver accepts every fail among them.
pub(super) fn heaviest<'a>(findings: impl Iterator<Item = &'a Finding> + Clone) -> (&'static str, bool) {
    let heaviest = findings.clone().max_by_key(|finding| words::weight(finding.verdict));
    let mut fails = findings.filter(|finding| finding.verdict == Verdict::Fail).peekable();
    let waived = fails.peek().is_some() && fails.all(Finding::is_waived);
    (heaviest.map_or("", |finding| words::verdict(finding.verdict)), waived)
}

fn cell(family: &Family, place: &Place<'_>, pack: &Pack) -> Cell {
    let (verdict, waived) = verdict_of(family.rules, place, pack);
    Cell { state: state(family, place.application), verdict, waived }
}

fn verdict_of(rules: &[&str], place: &Place<'_>, pack: &Pack) -> (&'static str, bool) {
    heaviest(place.findings.iter().map(|at| &pack.findings[*at]).filter(|finding| rules.contains(&finding.rule)))
}

/// One word where the channels agree or the family is one channel; else the channels by their state.
fn state(family: &Family, application: &Application) -> String {
    let mut by_state: BTreeMap<(u8, String), Vec<&str>> = BTreeMap::new();
    for channel in &application.channels {
        if family.holds(&channel.name) {
            by_state.entry((rank(channel.state), words::state(channel.state))).or_default().push(&channel.name);
        }
    }
    let quiet = rank(ChannelState::NotConfigured);
    if by_state.keys().any(|(rank, _)| *rank < quiet) {
        by_state.retain(|(rank, _), _| *rank < quiet);
    }
    let name_them = family.channels.len() != 1;
    let shown = by_state.iter().map(|((rank, state), names)| {
        if name_them && *rank < quiet { format!("{state}: {}", names.join(", ")) } else { state.clone() }
    });
    let shown = shown.collect::<Vec<_>>().join("; ");
    if shown.is_empty() { "none seen".to_owned() } else { shown }
}

/// The order in which states are named.
const fn rank(state: ChannelState) -> u8 {
    match state {
        ChannelState::Enabled => 0,
        ChannelState::Unread(_) => 1,
        ChannelState::Disabled => 2,
        ChannelState::NotConfigured => 3,
    }
}

impl Family {
    fn holds(&self, channel: &str) -> bool {
        if self.channels.is_empty() {
            return !FAMILIES.iter().any(|family| family.channels.contains(&channel));
        }
        self.channels.contains(&channel)
    }
}
