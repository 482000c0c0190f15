//! What is set to send from a short code: applications by their SMS channel, campaigns and journeys.

use super::PhiNumber;
use crate::config::same_number;
use crate::estate::{Application, Campaign, CampaignStatus, Journey, JourneyState, Listed, SmsMessage};
use crate::rules::sms::{self, Sending};
use crate::snapshot::CallId;

/// Something that is set to send from a short code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The ARN of its application, whether or not that one carries PHI.
    pub application: String,
    /// In the form that findings use; the application itself for its SMS channel.
    pub resource: String,
    /// For a sentence: `the SMS channel`, `campaign reminders`, `journey onboarding`.
    pub what: String,
    /// Whether it names no origination itself and so takes the application's.
    pub inherits: bool,
    /// Why nothing goes out from it, as observed; `None` when something can.
    pub silent: Option<String>,
    /// The calls that show it.
    pub calls: Vec<CallId>,
}

/// Everything in the short code's account and region that names it or inherits it, in the order of the applications.
pub(super) fn origins(code: &PhiNumber<'_>) -> Vec<Origin> {
    code.place.applications.iter().flat_map(|application| of_application(application, code.number)).collect()
}

fn of_application(application: &Application, number: &str) -> Vec<Origin> {
    let channel = application.sms.value().and_then(|sms| sms.short_code.as_deref());
    let own = channel.is_some_and(|named| same_number(named, number));
    let sending = sms::sending(application);
    let off = match &sending {
        Sending::Off { sentence, .. } => Some((*sentence).to_owned()),
        Sending::On | Sending::Unread(_) => None,
    };
    let mut origins = Vec::new();
    if own {
        origins.push(Origin {
            application: application.arn.clone(),
            resource: application.arn.clone(),
            what: "the SMS channel".to_owned(),
            inherits: false,
            silent: off.clone(),
            calls: application.sms.calls().to_vec(),
        });
    }
    let below = |resource: &str, what: String, names: bool, over: Option<String>, call: &CallId| Origin {
        application: application.arn.clone(),
        resource: resource.to_owned(),
        what,
        inherits: !names,
        silent: over.or_else(|| off.clone()),
        calls: std::iter::once(call).chain(application.sms.calls().iter().filter(|_| !names)).cloned().collect(),
    };
    let enabled = matches!(sending, Sending::On);
    for Listed { value: campaign, call } in &application.campaigns.seen {
        if let Some(names) = names(messages(campaign, enabled), number, own) {
            let what = format!("campaign {}", campaign.name);
            let over =
                (campaign.status == Some(CampaignStatus::Deleted)).then(|| "The campaign is DELETED.".to_owned());
            origins.push(below(&campaign.arn, what, names, over, call));
        }
    }
    for Listed { value: journey, call } in &application.journeys.seen {
        let messages = journey.activities.iter().filter_map(|activity| activity.sms.as_ref()).map(Some);
        if let Some(names) = names(messages, number, own) {
            origins.push(below(&journey.arn, format!("journey {}", journey.name), names, over(journey), call));
        }
    }
    origins
}

/// What a campaign sends by SMS, with what each message says of its sender.
fn messages(campaign: &Campaign, enabled: bool) -> impl Iterator<Item = Option<&SmsMessage>> {
    campaign.treatments.iter().filter(move |treatment| treatment.sends_sms(enabled)).map(|it| it.sms.as_ref())
}

/// Whether one of the messages names the number itself; `None` when none names it and none inherits it.
fn names<'a>(messages: impl Iterator<Item = Option<&'a SmsMessage>>, number: &str, own: bool) -> Option<bool> {
    let named: Vec<Option<&str>> = messages.map(|sms| sms.and_then(|sms| sms.origination_number.as_deref())).collect();
    if named.iter().flatten().any(|named| same_number(named, number)) {
        return Some(true);
    }
    (own && named.contains(&None)).then_some(false)
}

fn over(journey: &Journey) -> Option<String> {
    match &journey.state {
        Some(state @ (JourneyState::Cancelled | JourneyState::Closed)) => Some(format!("The journey is {state}.")),
        _ => None,
    }
}
