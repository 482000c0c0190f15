//! Journeys: the activities through which one of their messages may go out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::campaign::SmsMessage;
use super::words::JourneyState;

/// A journey with its activities.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "JourneyWire")]
pub struct Journey {
    /// Its id.
    pub id: String,
    /// `<application ARN>/journeys/<id>`: the API gives no ARN.
    pub arn: String,
    /// What people call it.
    pub name: String,
    /// `None` when the answer lacks it.
    pub state: Option<JourneyState>,
    /// Its activities, by id.
    pub activities: Vec<Activity>,
    /// Whether the answer has a list of activities at all, be it empty.
    pub shows_activities: bool,
}

/// One step of a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its id.
    pub id: String,
    /// What it does: the members that it has besides its description. More than one, or none, is no known activity.
    pub kinds: Vec<String>,
    /// Its SMS message, when it sends one.
    pub sms: Option<SmsMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct JourneyWire {
    id: String,
    name: Option<String>,
    state: Option<String>,
    activities: Option<BTreeMap<String, Map<String, Value>>>,
}

/// Fails when an SMS activity does not have the shape that the API documents: what it leaves open must not be guessed.
impl TryFrom<JourneyWire> for Journey {
    type Error = serde_json::Error;

    fn try_from(wire: JourneyWire) -> Result<Self, Self::Error> {
        let shows_activities = wire.activities.is_some();
        let activities = wire.activities.unwrap_or_default().into_iter().map(activity).collect::<Result<_, _>>()?;
        Ok(Self {
            arn: String::new(),
            name: wire.name.unwrap_or_else(|| wire.id.clone()),
            id: wire.id,
            state: wire.state.as_deref().map(JourneyState::from_aws),
            activities,
            shows_activities,
        })
    }
}

impl Journey {
    /// CANCELLED or CLOSED, when it is: it can send nothing any more.
    #[must_use]
    pub fn end(&self) -> Option<&JourneyState> {
        self.state.as_ref().filter(|state| matches!(state, JourneyState::Cancelled | JourneyState::Closed))
    }

    /// Gives it the name that it has in findings.
    #[must_use]
    pub(super) fn of(self, application_arn: &str) -> Self {
        Self { arn: format!("{application_arn}/journeys/{}", self.id), ..self }
    }
}

fn activity((id, members): (String, Map<String, Value>)) -> Result<Activity, serde_json::Error> {
    let set = members.into_iter().filter(|(member, value)| member != "Description" && !value.is_null());
    let mut activity = Activity { id, kinds: Vec::new(), sms: None };
    for (member, value) in set {
        if member.eq_ignore_ascii_case("SMS") {
            activity.sms = Some(serde_json::from_value::<SmsActivityWire>(value)?.message_config.without_blanks());
        }
        activity.kinds.push(member);
    }
    Ok(activity)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SmsActivityWire {
    #[serde(default)]
    message_config: SmsMessage,
}
