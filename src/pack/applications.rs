//! Applications as documents show them: whether they carry PHI, and the state of each channel.

use super::{Application, Channel, ChannelState, Phi};
use crate::config::Config;
use crate::estate::{self, ChannelEntry, ChannelType, Place, Reading};
use crate::snapshot::CallId;

/// Every application that was seen in an account and region, by name.
pub(super) fn of_place(place: &Place, config: &Config) -> Vec<Application> {
    let one = |application: &estate::Application| Application {
        id: application.id.clone(),
        arn: application.arn.clone(),
        name: application.name.clone(),
        account: place.account.clone(),
        region: place.region.clone(),
        phi: Phi::of(application, config),
        channels: channels(application),
    };
    let mut applications: Vec<Application> = place.applications.iter().map(one).collect();
    applications.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    applications
}

/// Every known channel in the API's order, then those that this version does not know.
fn channels(application: &estate::Application) -> Vec<Channel> {
    let entries = application.channels.value().map(Vec::as_slice).unwrap_or_default();
    let unknown = entries.iter().map(|entry| &entry.channel).filter(|channel| !ChannelType::KNOWN.contains(channel));
    ChannelType::KNOWN.iter().chain(unknown).map(|channel| one(application, entries, channel)).collect()
}

fn one(application: &estate::Application, entries: &[ChannelEntry], channel: &ChannelType) -> Channel {
    let has_single = application.single_channels.iter().any(|(single, _)| single == channel);
    let single = has_single.then(|| application.single(channel).map(|single| single.enabled));
    let of_channel = entries
        .iter()
        .filter(|entry| entry.channel == *channel && (entry.configured || *channel != ChannelType::InApp));
    // Of two spellings of one name the one that is enabled counts, then the one that does not say.
    let entry = of_channel.max_by_key(|entry| (entry.enabled == Some(true), entry.enabled.is_none()));
    let (state, evidence) = state(application, single.as_ref(), entry);
    Channel { name: channel.as_str().to_owned(), permitted: channel.is_permitted_for_phi(), state, evidence }
}

/// Enabled when either answer says so. Otherwise a channel's own answer decides where there is one, else the map.
fn state(
    application: &estate::Application,
    single: Option<&Reading<bool>>,
    entry: Option<&ChannelEntry>,
) -> (ChannelState, Vec<CallId>) {
    let map = application.channels.calls();
    let shown = entry.and_then(|entry| entry.enabled);
    let both = |calls: &[CallId]| [calls, map].concat();
    match (single, shown, &application.channels) {
        (Some(Reading::Seen { value: true, calls }), _, _) => (ChannelState::Enabled, calls.clone()),
        (_, Some(true), _) => (ChannelState::Enabled, map.to_vec()),
        (Some(Reading::Unread(gap)), _, _) | (None, _, Reading::Unread(gap)) => {
            (ChannelState::Unread(gap.outcome), gap.calls.clone())
        }
        (_, None, _) if entry.is_some() => (ChannelState::Unread(crate::snapshot::Outcome::Unmodelled), map.to_vec()),
        (Some(Reading::Seen { calls, .. }), _, _) => (ChannelState::Disabled, both(calls)),
        (_, Some(false), _) => (ChannelState::Disabled, map.to_vec()),
        (Some(Reading::Absent { calls }), _, _) => (ChannelState::NotConfigured, both(calls)),
        (None, None, _) => (ChannelState::NotConfigured, map.to_vec()),
    }
}
