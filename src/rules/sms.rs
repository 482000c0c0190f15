//! What sends SMS: an application by its channel, and each of its campaigns and journeys.
//!
//! Shared by the rules about SMS, so that all of them walk over the same senders.

use super::context::Context;
use super::judgement::Judgement;
use super::lists::judge_members;
use super::{Finding, Rule, Subject};
use crate::estate::{Application, Campaign, ChannelType, Gap, Journey, Place, Reading, SmsMessage};
use crate::operations::{self as op, Operation};
use crate::snapshot::CallId;

/// Whether an application can send SMS.
pub(super) enum Sending {
    /// Its SMS channel is enabled.
    On,
    /// It has no enabled SMS channel.
    Off { sentence: &'static str, calls: Vec<CallId> },
    /// Nobody knows.
    Unread(Gap),
}

/// Reads the SMS channel. Where `GetChannels` shows it enabled although `GetSmsChannel` does not, it counts as enabled.
pub(super) fn sending(application: &Application) -> Sending {
    match &application.sms {
        Reading::Unread(gap) => Sending::Unread(gap.clone()),
        Reading::Seen { value, .. } if value.enabled => Sending::On,
        _ if application.is_listed_as_enabled(&ChannelType::Sms) => Sending::On,
        Reading::Seen { calls, .. } => {
            Sending::Off { sentence: "GetSmsChannel shows the SMS channel disabled.", calls: calls.clone() }
        }
        Reading::Absent { calls } => {
            Sending::Off { sentence: "GetSmsChannel shows no SMS channel.", calls: calls.clone() }
        }
    }
}

/// One message that a campaign or journey sends by SMS.
pub(super) struct Message<'a> {
    /// For a sentence: `the campaign`, `treatment B`, `activity x7`.
    pub(super) label: String,
    /// What it says of its sender; `None` when it goes out through a template or a message for all channels.
    pub(super) sms: Option<&'a SmsMessage>,
    /// The page that shows it.
    pub(super) call: &'a CallId,
}

/// Judges the application and everything that it sends SMS with.
pub(super) fn judge_senders(
    rule: &Rule,
    context: &Context<'_>,
    of_application: impl Fn(&Place, &Application, &mut Judgement),
    of_message: impl Fn(&Place, &Application, &Message<'_>, &mut Judgement),
) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let sending = sending(application);
        let mut own = sending.begin();
        if matches!(sending, Sending::On) {
            of_application(place, application, &mut own);
        }
        let mut judged = vec![(Subject::application(place, application), own)];
        judged.extend(judge_below(place, application, &sending, &of_message));
        judged
    })
}

/// Judges everything that applications send SMS with, and not the applications themselves.
pub(super) fn judge_messages(
    rule: &Rule,
    context: &Context<'_>,
    of_message: impl Fn(&Place, &Application, &Message<'_>, &mut Judgement),
) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        judge_below(place, application, &sending(application), &of_message)
    })
}

fn judge_below(
    place: &Place,
    application: &Application,
    sending: &Sending,
    of_message: &impl Fn(&Place, &Application, &Message<'_>, &mut Judgement),
) -> Vec<(Subject, Judgement)> {
    let is_off = matches!(sending, Sending::Off { .. });
    let judge = |sender: Sender<'_>| {
        let mut judgement = sending.begin();
        if !is_off {
            sender.judge(&mut judgement, |message, judgement| of_message(place, application, message, judgement));
        }
        (sender.subject, judgement)
    };
    let own = |list| move || (Subject::list(place, application, list), sending.begin());
    let Application { campaigns, journeys, .. } = application;
    let campaigns = judge_members(campaigns, own("campaigns"), |listed| {
        campaign_sender(place, &listed.value, &listed.call, !is_off).map(judge)
    });
    let journeys = judge_members(journeys, own("journeys"), |listed| {
        journey_sender(place, &listed.value, &listed.call).map(judge)
    });
    campaigns.into_iter().chain(journeys).collect()
}

impl Sending {
    /// A judgement that begins with what is known of the channel.
    fn begin(&self) -> Judgement {
        let mut judgement = Judgement::new();
        match self {
            Self::On => {}
            Self::Off { sentence, calls } => judgement.not_applicable(*sentence, calls),
            Self::Unread(gap) => judgement.unread(gap),
        }
        judgement
    }
}

/// What hides which campaigns and journeys of an application send SMS, and from where: lists that were not read to
/// their end, and members that do not say what they send.
pub(super) fn unknown_senders(application: &Application) -> Vec<Gap> {
    let Application { campaigns, journeys, .. } = application;
    let campaign = campaigns.seen.iter().filter(|listed| listed.value.is_silent() && !listed.value.is_deleted());
    let journey = journeys.seen.iter().filter(|listed| !listed.value.shows_activities && listed.value.end().is_none());
    let campaigns = campaign.map(|listed| silent(&op::GET_CAMPAIGNS, &listed.call)).chain(campaigns.gap.clone());
    campaigns
        .chain(journey.map(|listed| silent(&op::LIST_JOURNEYS, &listed.call)))
        .chain(journeys.gap.clone())
        .collect()
}

fn silent(operation: &Operation, call: &CallId) -> Gap {
    Gap::unmodelled(operation.name, std::slice::from_ref(call))
}

/// A campaign or journey that sends SMS, or may.
struct Sender<'a> {
    subject: Subject,
    messages: Vec<Message<'a>>,
    /// Set when the answer does not say what all of it sends.
    silent: Option<Gap>,
    /// Why it can send nothing any more.
    over: Option<String>,
    call: &'a CallId,
}

impl Sender<'_> {
    fn judge(&self, judgement: &mut Judgement, of_message: impl Fn(&Message<'_>, &mut Judgement)) {
        if let Some(over) = &self.over {
            judgement.not_applicable(over.clone(), std::slice::from_ref(self.call));
            return;
        }
        for message in &self.messages {
            of_message(message, judgement);
        }
        self.silent.iter().for_each(|gap| judgement.unread(gap));
    }

    fn or_none(self) -> Option<Self> {
        (self.silent.is_some() || !self.messages.is_empty()).then_some(self)
    }
}

fn campaign_sender<'a>(place: &Place, campaign: &'a Campaign, call: &'a CallId, enabled: bool) -> Option<Sender<'a>> {
    let sending = campaign.treatments.iter().filter(|treatment| treatment.sends_sms(enabled));
    let messages: Vec<Message<'_>> = sending
        .map(|treatment| Message { label: treatment.label.clone(), sms: treatment.sms.as_ref(), call })
        .collect();
    let over = campaign.is_deleted().then(|| "The campaign is DELETED.".to_owned());
    let subject = Subject::below(place, campaign.arn.clone(), &campaign.name);
    let silent = campaign.is_silent().then(|| silent(&op::GET_CAMPAIGNS, call));
    Sender { subject, messages, silent, over, call }.or_none()
}

fn journey_sender<'a>(place: &Place, journey: &'a Journey, call: &'a CallId) -> Option<Sender<'a>> {
    let sending = journey.activities.iter().filter_map(|activity| Some((activity, activity.sms.as_ref()?)));
    let messages: Vec<Message<'_>> = sending
        .map(|(activity, sms)| Message { label: format!("activity {}", activity.id), sms: Some(sms), call })
        .collect();
    let over = journey.end().map(|state| format!("The journey is {state}."));
    let subject = Subject::below(place, journey.arn.clone(), &journey.name);
    let silent = (!journey.shows_activities).then(|| silent(&op::LIST_JOURNEYS, call));
    Sender { subject, messages, silent, over, call }.or_none()
}
