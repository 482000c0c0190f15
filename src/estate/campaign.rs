//! Campaigns: everything through which one of their messages may go out.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::data_flow::Hook;
use super::pinpoint::named;
use super::words::{CampaignStatus, MessageType};

/// A campaign with its treatments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "CampaignWire")]
pub struct Campaign {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// What people call it.
    pub name: String,
    /// `None` when the answer lacks it.
    pub status: Option<CampaignStatus>,
    /// Its own messages, then those of each additional treatment.
    pub treatments: Vec<Treatment>,
    /// Its own hook.
    pub hook: Option<Hook>,
}

impl Campaign {
    /// Whether the answer does not say what all of it sends.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.treatments.iter().any(Treatment::is_silent)
    }

    /// Whether it is DELETED: it can send nothing any more.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.status == Some(CampaignStatus::Deleted)
    }
}

/// What one treatment of a campaign sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Treatment {
    /// For a sentence: `the campaign`, or `treatment <name or id>`.
    pub label: String,
    /// The members of its message configuration, for instance `SMSMessage`.
    pub messages: Vec<String>,
    /// The members of its template configuration, for instance `SMSTemplate`.
    pub templates: Vec<String>,
    /// Whether it hands messages to a function or web hook of the customer's.
    pub custom_delivery: bool,
    /// Its SMS message, when it has one of its own.
    pub sms: Option<SmsMessage>,
}

/// What an SMS message of a campaign or a journey says of its sender.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SmsMessage {
    /// The origination that it names.
    pub origination_number: Option<String>,
    /// The sender id that it names.
    pub sender_id: Option<String>,
    /// As AWS gave it.
    pub message_type: Option<String>,
}

impl SmsMessage {
    /// What kind of message it is; `None` when it is left open.
    #[must_use]
    pub fn kind(&self) -> Option<MessageType> {
        self.message_type.as_deref().map(MessageType::from_aws)
    }

    pub(super) fn without_blanks(self) -> Self {
        Self {
            origination_number: named(self.origination_number),
            sender_id: named(self.sender_id),
            message_type: named(self.message_type),
        }
    }
}

impl Treatment {
    /// Whether the answer does not say what it sends.
    #[must_use]
    pub const fn is_silent(&self) -> bool {
        self.messages.is_empty() && self.templates.is_empty() && !self.custom_delivery
    }

    /// Whether it sends SMS, given whether the application's SMS channel is enabled. A template or a message for
    /// "all channels" goes out as SMS only through an enabled channel.
    #[must_use]
    pub fn sends_sms(&self, sms_enabled: bool) -> bool {
        self.sms.is_some() || (sms_enabled && self.may_send_sms())
    }

    fn may_send_sms(&self) -> bool {
        let is_default = |member: &String| member.eq_ignore_ascii_case("DefaultMessage");
        let is_template = |member: &String| member.eq_ignore_ascii_case("SMSTemplate");
        self.messages.iter().any(is_default) || self.templates.iter().any(is_template)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CampaignWire {
    id: String,
    arn: String,
    name: Option<String>,
    state: Option<StateWire>,
    hook: Option<Hook>,
    message_configuration: Option<Map<String, Value>>,
    template_configuration: Option<Map<String, Value>>,
    custom_delivery_configuration: Option<Value>,
    additional_treatments: Option<Vec<TreatmentWire>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StateWire {
    campaign_status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TreatmentWire {
    id: Option<String>,
    treatment_name: Option<String>,
    message_configuration: Option<Map<String, Value>>,
    template_configuration: Option<Map<String, Value>>,
    custom_delivery_configuration: Option<Value>,
}

/// Fails when an SMS message does not have the shape that the API documents: what it leaves open must not be guessed.
impl TryFrom<CampaignWire> for Campaign {
    type Error = serde_json::Error;

    fn try_from(wire: CampaignWire) -> Result<Self, Self::Error> {
        let own = treatment(
            "the campaign".to_owned(),
            wire.message_configuration,
            wire.template_configuration,
            wire.custom_delivery_configuration.as_ref(),
        )?;
        let more = wire.additional_treatments.unwrap_or_default().into_iter().map(|wire| {
            let name = named(wire.treatment_name).or(wire.id).unwrap_or_else(|| "without a name".to_owned());
            treatment(
                format!("treatment {name}"),
                wire.message_configuration,
                wire.template_configuration,
                wire.custom_delivery_configuration.as_ref(),
            )
        });
        let treatments = std::iter::once(Ok(own)).chain(more).collect::<Result<_, _>>()?;
        let status = wire.state.and_then(|state| state.campaign_status);
        Ok(Self {
            name: wire.name.unwrap_or_else(|| wire.id.clone()),
            id: wire.id,
            arn: wire.arn,
            status: status.as_deref().map(CampaignStatus::from_aws),
            treatments,
            hook: wire.hook,
        })
    }
}

fn treatment(
    label: String,
    messages: Option<Map<String, Value>>,
    templates: Option<Map<String, Value>>,
    custom_delivery: Option<&Value>,
) -> Result<Treatment, serde_json::Error> {
    let messages = set_members(messages);
    let sms = messages
        .iter()
        .find(|(member, _)| member.eq_ignore_ascii_case("SMSMessage"))
        .map(|(_, message)| serde_json::from_value(message.clone()))
        .transpose()?
        .map(SmsMessage::without_blanks);
    Ok(Treatment {
        label,
        messages: messages.into_iter().map(|(member, _)| member).collect(),
        templates: set_members(templates).into_iter().map(|(member, _)| member).collect(),
        custom_delivery: custom_delivery.is_some_and(|value| !value.is_null()),
        sms,
    })
}

/// The members that hold something; AWS writes some unset ones as null.
fn set_members(members: Option<Map<String, Value>>) -> Vec<(String, Value)> {
    members.unwrap_or_default().into_iter().filter(|(_, value)| !value.is_null()).collect()
}
