//! Where message data goes besides the recipient: hooks, streams, event destinations, recommenders, buckets.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::index::Calls;
use super::pinpoint::named;
use super::reading::Listing;
use crate::operations as op;

/// A function or web hook that sees the endpoints of a campaign before it sends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "HookWire")]
pub struct Hook {
    /// The name or ARN of a Lambda function.
    pub function: Option<String>,
    /// The address of a web hook.
    pub url: Option<String>,
    /// Whether it has a member that this version does not know, which may name something to call.
    pub calls_something_else: bool,
}

impl Hook {
    /// Whether it names anything. AWS writes a hook that nobody set as an empty object.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.function.is_some() || self.url.is_some() || self.calls_something_else
    }
}

/// What the settings of an application say of data that leaves it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Settings {
    /// The hook of campaigns that have none of their own.
    pub campaign_hook: Option<Hook>,
}

/// Where the events of an application go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventStream {
    /// The ARN of a Kinesis data stream or Firehose stream.
    pub destination_stream_arn: String,
}

/// An import or export of endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "JobWire")]
pub struct Job {
    /// Its id; `None` when the answer lacks it.
    pub id: Option<String>,
    /// Where it reads from or writes to; `None` when the answer lacks it.
    pub location: Option<String>,
}

/// A configuration set of AWS End User Messaging SMS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SmsConfigurationSet {
    /// Its ARN.
    #[serde(rename = "ConfigurationSetArn")]
    pub arn: String,
    /// Its name.
    #[serde(rename = "ConfigurationSetName")]
    pub name: String,
    /// Where its events go; `None` when the answer lacks the list.
    pub event_destinations: Option<Vec<EventDestination>>,
}

/// Where the events of a configuration set go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "DestinationWire")]
pub struct EventDestination {
    /// What people call it.
    pub name: String,
    /// `None` when the answer lacks it.
    pub enabled: Option<bool>,
    /// The ARNs of the log group, stream and topic that it names; normally one.
    pub targets: Vec<String>,
    /// Whether it has a member that this version does not know, which may name another destination.
    pub goes_elsewhere: bool,
}

/// A recommender model that reads attributes of endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RecommenderWire")]
pub struct Recommender {
    /// Its name, else its id.
    pub name: String,
    /// The ARN of the Amazon Personalize campaign; `None` when the answer lacks it.
    pub provider: Option<String>,
    /// The name or ARN of a Lambda function that sees what is recommended.
    pub transformer: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HookWire {
    lambda_function_name: Option<String>,
    web_url: Option<String>,
    #[serde(flatten)]
    others: Others,
}

/// The members that nobody reads.
type Others = BTreeMap<String, Value>;

/// Whether one of them holds something, but for those that are known not to matter.
fn has_unknown(others: &Others, known: &[&str]) -> bool {
    others.iter().any(|(member, value)| !value.is_null() && !known.contains(&member.as_str()))
}

impl From<HookWire> for Hook {
    fn from(wire: HookWire) -> Self {
        Self {
            function: named(wire.lambda_function_name),
            url: named(wire.web_url),
            calls_something_else: has_unknown(&wire.others, &["Mode"]),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JobWire {
    id: Option<String>,
    definition: Option<DefinitionWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DefinitionWire {
    #[serde(rename = "S3Url")]
    from: Option<String>,
    #[serde(rename = "S3UrlPrefix")]
    to: Option<String>,
}

impl From<JobWire> for Job {
    fn from(wire: JobWire) -> Self {
        let location = wire.definition.and_then(|definition| named(definition.from).or(named(definition.to)));
        Self { id: wire.id, location }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DestinationWire {
    event_destination_name: Option<String>,
    enabled: Option<bool>,
    cloud_watch_logs_destination: Option<LogGroupWire>,
    kinesis_firehose_destination: Option<DeliveryStreamWire>,
    sns_destination: Option<TopicWire>,
    #[serde(flatten)]
    others: Others,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LogGroupWire {
    log_group_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeliveryStreamWire {
    delivery_stream_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TopicWire {
    topic_arn: String,
}

impl From<DestinationWire> for EventDestination {
    fn from(wire: DestinationWire) -> Self {
        let targets = [
            wire.cloud_watch_logs_destination.map(|logs| logs.log_group_arn),
            wire.kinesis_firehose_destination.map(|firehose| firehose.delivery_stream_arn),
            wire.sns_destination.map(|topic| topic.topic_arn),
        ];
        Self {
            name: named(wire.event_destination_name).unwrap_or_else(|| "without a name".to_owned()),
            enabled: wire.enabled,
            targets: targets.into_iter().filter_map(named).collect(),
            goes_elsewhere: has_unknown(&wire.others, &["MatchingEventTypes"]),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RecommenderWire {
    id: Option<String>,
    name: Option<String>,
    recommendation_provider_uri: Option<String>,
    recommendation_transformer_uri: Option<String>,
}

impl From<RecommenderWire> for Recommender {
    fn from(wire: RecommenderWire) -> Self {
        Self {
            name: named(wire.name).or(wire.id).unwrap_or_else(|| "without a name".to_owned()),
            provider: named(wire.recommendation_provider_uri),
            transformer: named(wire.recommendation_transformer_uri),
        }
    }
}

/// The imports of an application, and its exports.
pub(super) fn jobs(calls: &Calls, asked: &[(&str, Value)]) -> (Listing<Job>, Listing<Job>) {
    (calls.list(&op::GET_IMPORT_JOBS, asked), calls.list(&op::GET_EXPORT_JOBS, asked))
}
