//! Push channels with the credentials that they use. The credentials themselves are never in a snapshot.

use serde::Deserialize;
use serde_json::Value;

use super::index::Calls;
use super::reading::Reading;
use super::words::{AuthenticationMethod, ChannelType};
use crate::operations::{self as op, Operation};

/// A push channel of an application, from its own call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushChannel {
    /// Which one.
    pub channel: ChannelType,
    /// The last part of the channel's path in the API, for instance `apns_sandbox`.
    pub kind: &'static str,
    /// The operation that shows it.
    pub operation: &'static str,
    /// What it shows.
    pub shown: Reading<ShownPush>,
}

/// What the call for a push channel shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "PushWire")]
pub struct ShownPush {
    /// Whether messages can be sent through it.
    pub enabled: bool,
    /// `DefaultAuthenticationMethod`; `None` when the answer lacks it.
    pub authentication: Option<AuthenticationMethod>,
    /// APNs: whether a token signing key is configured; `None` when the answer lacks it.
    pub has_token_key: Option<bool>,
    /// FCM: whether a service account is configured; `None` when the answer lacks it.
    pub has_fcm_service_credentials: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PushWire {
    enabled: bool,
    default_authentication_method: Option<String>,
    has_token_key: Option<bool>,
    has_fcm_service_credentials: Option<bool>,
}

impl From<PushWire> for ShownPush {
    fn from(wire: PushWire) -> Self {
        Self {
            enabled: wire.enabled,
            authentication: wire.default_authentication_method.as_deref().map(AuthenticationMethod::from_aws),
            has_token_key: wire.has_token_key,
            has_fcm_service_credentials: wire.has_fcm_service_credentials,
        }
    }
}

/// The push channels that have a call of their own, by their path in the API.
const CHANNELS: [(ChannelType, &str, &Operation); 7] = [
    (ChannelType::Apns, "apns", &op::GET_APNS_CHANNEL),
    (ChannelType::ApnsSandbox, "apns_sandbox", &op::GET_APNS_SANDBOX_CHANNEL),
    (ChannelType::ApnsVoip, "apns_voip", &op::GET_APNS_VOIP_CHANNEL),
    (ChannelType::ApnsVoipSandbox, "apns_voip_sandbox", &op::GET_APNS_VOIP_SANDBOX_CHANNEL),
    (ChannelType::Gcm, "gcm", &op::GET_GCM_CHANNEL),
    (ChannelType::Adm, "adm", &op::GET_ADM_CHANNEL),
    (ChannelType::Baidu, "baidu", &op::GET_BAIDU_CHANNEL),
];

/// The push channels of an application. `believed` says what becomes of a channel that is not there.
pub(super) fn channels(
    calls: &Calls,
    asked: &[(&str, Value)],
    believed: impl Fn(Reading<ShownPush>) -> Reading<ShownPush>,
) -> Vec<PushChannel> {
    let channel = |(channel, kind, operation): (ChannelType, &'static str, &Operation)| PushChannel {
        channel,
        kind,
        operation: operation.name,
        shown: believed(calls.one(operation, asked)),
    };
    CHANNELS.into_iter().map(channel).collect()
}
