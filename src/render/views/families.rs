//! Families of channels, as a reader who does not know AWS tells them apart, and the rules on each.

use std::collections::BTreeMap;

use crate::pack::{Application, ChannelState};
use crate::render::words;
use crate::rules::{self, Level};

/// A family of channels, and the rules that judge it on an application.
pub(super) struct Family {
    /// In a sentence.
    pub(super) name: &'static str,
    /// For the head of a column.
    title: &'static str,
    /// Whether AWS's page permits it for PHI.
    pub(super) permitted: bool,
    /// The API's names; empty for the family of all others.
    channels: &'static [&'static str],
    /// The ids of the rules.
    pub(super) rules: &'static [&'static str],
}

/// The families, in the order of the columns.
pub(super) const FAMILIES: [Family; 5] = [
    Family {
        name: "email",
        title: "Email",
        permitted: true,
        channels: &["EMAIL"],
        rules: &["email-identity-verified"],
    },
    Family {
        name: "push",
        title: "Push",
        permitted: true,
        channels: &["PUSH", "GCM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "ADM", "BAIDU"],
        rules: &["push-sandbox-disabled", "push-token-credentials"],
    },
    Family {
        name: "SMS",
        title: "SMS",
        permitted: true,
        channels: &["SMS"],
        rules: &[
            "sms-origination-short-code",
            "sms-sender-id-unused",
            "short-code-dedicated",
            "short-code-phi-purpose",
        ],
    },
    Family {
        name: "voice",
        title: "Voice",
        permitted: false,
        channels: &["VOICE"],
        rules: &["voice-channel-disabled"],
    },
    Family { name: "another", title: "Other", permitted: false, channels: &[], rules: &[] },
];

/// The rules that judge all channels of an application together.
pub(super) const RULES_ON_ALL: [&str; 3] =
    ["campaign-channels-permitted", "channels-permitted", "journey-channels-permitted"];

/// The heads of the columns of the families.
pub(super) fn titles() -> Vec<&'static str> {
    FAMILIES.iter().map(|family| family.title).collect()
}

/// The enabled channels of an application that AWS's page permits for PHI, or those that it does not, for a reader who
/// does not know their names: `email and push (APNS, GCM)`. Empty when there are none.
pub(super) fn enabled_in_words(application: &Application, permitted: bool) -> String {
    let enabled =
        application.channels.iter().filter(|it| it.state == ChannelState::Enabled && it.permitted == permitted);
    let names: Vec<&str> = enabled.map(|channel| channel.name.as_str()).collect();
    let of_family = |family: &Family| {
        let own: Vec<&str> = names.iter().filter(|name| family.holds(name)).copied().collect();
        match (own.is_empty(), family.channels.len()) {
            (true, _) => None,
            (false, 1) => Some(family.name.to_owned()),
            (false, 0) => Some(own.join(", ")),
            (false, _) => Some(format!("{} ({})", family.name, own.join(", "))),
        }
    };
    words::listed(&FAMILIES.iter().filter_map(of_family).collect::<Vec<_>>())
}

/// The order in which states are named.
const fn rank_of(state: ChannelState) -> u8 {
    match state {
        ChannelState::Enabled => 0,
        ChannelState::Unread(_) => 1,
        ChannelState::Disabled => 2,
        ChannelState::NotConfigured => 3,
    }
}

impl Family {
    /// The state that counts, by shape and word, and what beside an enabled channel could not be read.
    pub(super) fn brief(&self, application: &Application) -> (String, String) {
        let states = || application.channels.iter().filter(|it| self.holds(&it.name)).map(|it| (it.state, &*it.name));
        let Some((first, _)) = states().min_by_key(|(state, _)| rank_of(*state)) else {
            return ("– none seen".to_owned(), String::new());
        };
        let named: Vec<&str> = states().filter(|(state, _)| *state == first).map(|(_, name)| name).collect();
        let is_unread = |state: ChannelState| matches!(state, ChannelState::Unread(_));
        // Only the family of all others needs the names: each of the others is one thing to a reader.
        let brief = match first {
            ChannelState::Enabled if self.channels.is_empty() => {
                format!("{}: {}", words::shaped_state(first), named.join(", "))
            }
            ChannelState::Unread(_) => "? unread".to_owned(),
            _ => words::shaped_state(first),
        };
        let partly = first == ChannelState::Enabled && states().any(|(state, _)| is_unread(state));
        (brief, if partly { "? others unread".to_owned() } else { String::new() })
    }

    /// One word where the channels agree or the family is one channel; else the channels by their state.
    pub(super) fn state(&self, application: &Application) -> String {
        let mut by_state: BTreeMap<(u8, String), Vec<&str>> = BTreeMap::new();
        for channel in &application.channels {
            if self.holds(&channel.name) {
                by_state.entry((rank_of(channel.state), words::state(channel.state))).or_default().push(&channel.name);
            }
        }
        let quiet = rank_of(ChannelState::NotConfigured);
        if by_state.keys().any(|(rank, _)| *rank < quiet) {
            by_state.retain(|(rank, _), _| *rank < quiet);
        }
        let name_them = self.channels.len() != 1;
        let shown = by_state.iter().map(|((rank, state), names)| {
            if name_them && *rank < quiet { format!("{state}: {}", names.join(", ")) } else { state.clone() }
        });
        let shown = shown.collect::<Vec<_>>().join("; ");
        if shown.is_empty() { "none seen".to_owned() } else { shown }
    }

    fn holds(&self, channel: &str) -> bool {
        if self.channels.is_empty() {
            return !FAMILIES.iter().any(|family| family.channels.contains(&channel));
        }
        self.channels.contains(&channel)
    }

    /// Whether one of its rules is required.
    pub(super) fn has_required_rule(&self) -> bool {
        let is_required = |id: &&str| rules::find(id).is_some_and(|rule| rule.level == Level::Required);
        self.rules.iter().any(is_required)
    }

    /// Whether a reader has to look at it: a channel of it was enabled or could not be read.
    pub(super) fn is_loud(&self, application: &Application) -> bool {
        let is_loud = |state: ChannelState| matches!(state, ChannelState::Enabled | ChannelState::Unread(_));
        application.channels.iter().any(|it| is_loud(it.state) && self.holds(&it.name))
    }

    /// Whether a channel of it was enabled.
    pub(super) fn is_on(&self, application: &Application) -> bool {
        application.channels.iter().any(|it| it.state == ChannelState::Enabled && self.holds(&it.name))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::estate::ChannelType;

    /// The required rules that judge accounts and programs, not applications or what they send from.
    const ON_NO_APPLICATION: [&str; 2] = ["artifact-report-current", "baa-active"];

    #[test]
    fn every_rule_of_the_matrix_is_in_the_catalogue_and_every_required_one_on_applications_is_in_the_matrix() {
        let named: Vec<&str> = FAMILIES
            .iter()
            .flat_map(|family| family.rules)
            .chain(&RULES_ON_ALL)
            .chain(&ON_NO_APPLICATION)
            .copied()
            .collect();
        for rule in &named {
            assert!(rules::find(rule).is_some(), "{rule}");
        }
        let required = rules::ALL.iter().filter(|rule| rule.level == Level::Required).map(|rule| rule.id);
        for rule in required {
            assert!(named.contains(&rule), "{rule}");
        }
        assert_eq!(named.len(), named.iter().collect::<BTreeSet<_>>().len(), "no rule stands twice");
    }

    #[test]
    fn a_family_is_permitted_exactly_where_its_channels_are() {
        for channel in ChannelType::KNOWN {
            let family = FAMILIES.iter().find(|family| family.holds(channel.as_str())).expect("a family");
            assert_eq!(family.permitted, channel.is_permitted_for_phi(), "{}", channel.as_str());
        }
        let unknown = ChannelType::from_aws("SOMETHING_NEW");
        assert!(!unknown.is_permitted_for_phi());
        assert!(FAMILIES.iter().any(|family| family.holds("SOMETHING_NEW") && !family.permitted));
    }
}
