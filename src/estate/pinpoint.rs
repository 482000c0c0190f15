//! Applications of Amazon Pinpoint with everything that hangs on them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::campaign::Campaign;
use super::data_flow::{self, EventStream, Job, Settings};
use super::email::EmailChannel;
use super::index::Calls;
use super::journey::Journey;
use super::push::{self, PushChannel};
use super::reading::{Gap, Listed, Listing, Reading};
use super::words::ChannelType;
use crate::operations as op;
use crate::snapshot::CallId;
use crate::threads;

/// A Pinpoint project.
#[derive(Clone, Debug)]
pub struct Application {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// What people call it.
    pub name: String,
    /// The page of `GetApps` that lists it.
    pub listed_by: CallId,
    /// Tags: those that come inline, and those of `ListTagsForResource`.
    pub tags: Reading<BTreeMap<String, String>>,
    /// Every channel as `GetChannels` shows it.
    pub channels: Reading<Vec<ChannelEntry>>,
    /// The single channels, each from its own call, in the order of the API's documentation.
    pub single_channels: Vec<(ChannelType, Reading<SingleChannel>)>,
    /// The SMS channel with its origination.
    pub sms: Reading<SmsChannel>,
    /// The email channel with its identity.
    pub email: Reading<EmailChannel>,
    /// The push channels with their credentials, in the order of the API's documentation.
    pub push: Vec<PushChannel>,
    /// The settings of the application.
    pub settings: Reading<Settings>,
    /// Where its events go.
    pub event_stream: Reading<EventStream>,
    /// Imports of endpoints.
    pub imports: Listing<Job>,
    /// Exports of endpoints.
    pub exports: Listing<Job>,
    /// Campaigns.
    pub campaigns: Listing<Campaign>,
    /// Journeys.
    pub journeys: Listing<Journey>,
    /// Why the snapshot itself did not show those two lists to their end; stays where earlier snapshots fill them in.
    pub own_gaps: OwnGaps,
}

/// What a snapshot itself could not read of ended features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnGaps {
    /// Of the campaigns.
    pub campaigns: Option<Gap>,
    /// Of the journeys.
    pub journeys: Option<Gap>,
}

/// One entry of `GetChannels`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelEntry {
    /// Which channel.
    pub channel: ChannelType,
    /// `None` when the entry lacks the member.
    pub enabled: Option<bool>,
    /// Whether somebody configured it: it has a `CreationDate` or an `ApplicationId`. AWS returns a bare `IN_APP` entry
    /// for every application.
    pub configured: bool,
}

/// What every single channel shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SingleChannel {
    /// Whether messages can be sent through it.
    pub enabled: bool,
}

/// The SMS channel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SmsChannel {
    /// Whether messages can be sent through it.
    pub enabled: bool,
    /// The origination that the application names.
    #[serde(default)]
    pub short_code: Option<String>,
    /// The sender id that the application names.
    #[serde(default)]
    pub sender_id: Option<String>,
}

impl Application {
    /// The single channel of that type, from its own call.
    #[must_use]
    pub fn single(&self, channel: &ChannelType) -> Reading<&SingleChannel> {
        self.single_channels
            .iter()
            .find(|(single, _)| single == channel)
            .map_or(Reading::Unread(Gap::not_asked("GetChannels")), |(_, reading)| reading.as_ref())
    }

    /// Whether `GetChannels` was read and shows the channel enabled, in whatever case it spells it.
    #[must_use]
    pub fn is_listed_as_enabled(&self, channel: &ChannelType) -> bool {
        let shown = |entry: &ChannelEntry| entry.channel == *channel && entry.enabled == Some(true);
        self.channels.value().is_some_and(|entries| entries.iter().any(shown))
    }
}

/// From so many applications on several are read at a time.
const WORTH_SEVERAL: usize = 32;

/// The channels that have a call of their own.
const SINGLE_CHANNELS: [(ChannelType, op::Operation); 10] = [
    (ChannelType::Email, op::GET_EMAIL_CHANNEL),
    (ChannelType::Sms, op::GET_SMS_CHANNEL),
    (ChannelType::Voice, op::GET_VOICE_CHANNEL),
    (ChannelType::Gcm, op::GET_GCM_CHANNEL),
    (ChannelType::Apns, op::GET_APNS_CHANNEL),
    (ChannelType::ApnsSandbox, op::GET_APNS_SANDBOX_CHANNEL),
    (ChannelType::ApnsVoip, op::GET_APNS_VOIP_CHANNEL),
    (ChannelType::ApnsVoipSandbox, op::GET_APNS_VOIP_SANDBOX_CHANNEL),
    (ChannelType::Adm, op::GET_ADM_CHANNEL),
    (ChannelType::Baidu, op::GET_BAIDU_CHANNEL),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AppWire {
    id: String,
    arn: String,
    name: String,
    #[serde(default, rename = "tags")]
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct ChannelsWire {
    #[serde(rename = "Channels")]
    channels: BTreeMap<String, ChannelEntryWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChannelEntryWire {
    enabled: Option<bool>,
    creation_date: Option<Value>,
    application_id: Option<Value>,
}

#[derive(Deserialize)]
struct TagsWire {
    tags: BTreeMap<String, String>,
}

/// The applications of an account and region.
pub(super) fn applications(calls: &Calls) -> Listing<Application> {
    let Listing { seen, calls: pages, gap } = calls.list::<AppWire>(&op::GET_APPS, &[]);
    let one = |listed: Listed<AppWire>| Listed {
        call: listed.call.clone(),
        value: application(calls, listed.value, listed.call),
    };
    Listing { seen: threads::each(seen, WORTH_SEVERAL, one), calls: pages, gap }
}

fn application(calls: &Calls, app: AppWire, listed_by: CallId) -> Application {
    let asked = [("ApplicationId", json!(app.id))];
    let shown = calls.one::<AppWire>(&op::GET_APP, &asked);
    let channels = calls.one::<ChannelsWire>(&op::GET_CHANNELS, &asked).map(|wire| entries(wire.channels));
    let single_channels = SINGLE_CHANNELS
        .into_iter()
        .map(|(channel, operation)| (channel, if_shown(&shown, calls.one(&operation, &asked))))
        .collect();
    let sms = if_shown(&shown, calls.one::<SmsChannel>(&op::GET_SMS_CHANNEL, &asked)).map(without_blanks);
    let email = if_shown(&shown, calls.one(&op::GET_EMAIL_CHANNEL, &asked));
    let push = push::channels(calls, &asked, |channel| if_shown(&shown, channel));
    let settings = calls.one(&op::GET_APPLICATION_SETTINGS, &asked);
    let event_stream = if_shown(&shown, calls.one(&op::GET_EVENT_STREAM, &asked));
    let (imports, exports) = data_flow::jobs(calls, &asked);
    let campaigns = calls.list::<Campaign>(&op::GET_CAMPAIGNS, &asked);
    let journeys = calls.list::<Journey>(&op::LIST_JOURNEYS, &asked).map(|listed| listed.value.of(&app.arn));
    let own_gaps = OwnGaps { campaigns: campaigns.gap.clone(), journeys: journeys.gap.clone() };
    let tags = tags(calls, &app, &listed_by, &shown);
    let AppWire { id, arn, name, .. } = app;
    Application {
        id,
        arn,
        name,
        listed_by,
        tags,
        channels,
        single_channels,
        sms,
        email,
        push,
        settings,
        event_stream,
        imports,
        exports,
        campaigns,
        journeys,
        own_gaps,
    }
}

/// A channel's not-found is believed only when `GetApp` shows that the application itself exists, because the service
/// gives the same error for a missing application.
fn if_shown<T>(application: &Reading<AppWire>, channel: Reading<T>) -> Reading<T> {
    match (channel, application) {
        (Reading::Absent { mut calls }, Reading::Seen { calls: shown, .. }) => {
            calls.extend(shown.iter().cloned());
            Reading::Absent { calls }
        }
        (Reading::Absent { .. }, Reading::Unread(gap)) => Reading::Unread(gap.clone()),
        (Reading::Absent { .. }, Reading::Absent { .. }) => Reading::Unread(Gap::not_asked(op::GET_APP.name)),
        (other, _) => other,
    }
}

fn entries(channels: BTreeMap<String, ChannelEntryWire>) -> Vec<ChannelEntry> {
    channels
        .into_iter()
        .map(|(name, entry)| ChannelEntry {
            channel: ChannelType::from_aws(&name),
            enabled: entry.enabled,
            configured: entry.creation_date.is_some() || entry.application_id.is_some(),
        })
        .collect()
}

fn without_blanks(channel: SmsChannel) -> SmsChannel {
    SmsChannel { short_code: named(channel.short_code), sender_id: named(channel.sender_id), ..channel }
}

/// A blank name is no name.
pub(super) fn named(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Tags that come inline count as read; otherwise `ListTagsForResource` has to show them.
fn tags(
    calls: &Calls,
    app: &AppWire,
    listed_by: &CallId,
    shown: &Reading<AppWire>,
) -> Reading<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    let mut evidence = Vec::new();
    if let Some(inline) = &app.tags {
        tags.extend(inline.clone());
        evidence.push(listed_by.clone());
    }
    if let Reading::Seen { value: AppWire { tags: Some(inline), .. }, calls } = shown {
        tags.extend(inline.clone());
        evidence.extend(calls.iter().cloned());
    }
    match calls.one::<TagsWire>(&op::LIST_TAGS_FOR_RESOURCE, &[("ResourceArn", json!(app.arn))]) {
        Reading::Seen { value, calls } => {
            tags.extend(value.tags);
            evidence.extend(calls);
        }
        Reading::Unread(gap) if evidence.is_empty() => return Reading::Unread(gap),
        Reading::Absent { calls } if evidence.is_empty() => return Reading::Absent { calls },
        Reading::Unread(_) | Reading::Absent { .. } => {}
    }
    Reading::Seen { value: tags, calls: evidence }
}
