//! What sends email that may contain PHI: applications by their email channel, and the Amazon SES identities that the
//! configuration names.
//!
//! Shared by the rules about email, so that all of them walk over the same senders.

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject};
use crate::estate::{
    Application, ChannelType, EmailChannel, EmailIdentity, Gap, Listed, Place, Reading, ShownIdentity,
};
use crate::operations as op;
use crate::snapshot::{CallId, Outcome};

/// An application or an identity that sends email.
pub(super) struct Sender<'a> {
    /// The place and the configuration set that the email channel names.
    pub(super) named_set: Option<(&'a Place, &'a str)>,
    /// The identity behind it.
    pub(super) identity: Identity<'a>,
    /// The calls that show that it sends email.
    pub(super) calls: Vec<CallId>,
}

/// The Amazon SES identity of a sender.
pub(super) enum Identity<'a> {
    /// As `GetEmailIdentity` shows it.
    Shown { place: &'a Place, name: &'a str, value: &'a ShownIdentity, calls: Vec<CallId>, cut: Option<&'a Gap> },
    /// It does not exist where it should.
    Missing { sentence: String, calls: Vec<CallId> },
    /// It lives where nobody looked. No call is missing that could have been made, so the reason is `unspecified`.
    Elsewhere { sentence: String, calls: Vec<CallId> },
    /// Nobody knows.
    Unread(Vec<Gap>),
}

/// Judges every sender of email.
pub(super) fn judge_senders(
    rule: &Rule,
    context: &Context<'_>,
    judge: impl Fn(&Sender<'_>, &mut Judgement),
) -> Vec<Finding> {
    let mut findings = context.phi_applications(rule, |place, application| {
        let judgement = judge_channel(place, application, context, &judge);
        vec![(Subject::application(place, application), judgement)]
    });
    let mut names: Vec<&str> = Vec::new();
    for name in &context.config.phi.email_identities {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    for (subject, identity) in names.into_iter().flat_map(|name| declared(name, context)) {
        let mut judgement = Judgement::new();
        judge(&Sender { named_set: None, identity, calls: Vec::new() }, &mut judgement);
        findings.push(judgement.conclude(rule, subject, context));
    }
    findings
}

fn judge_channel(
    place: &Place,
    application: &Application,
    context: &Context<'_>,
    judge: impl Fn(&Sender<'_>, &mut Judgement),
) -> Judgement {
    let mut judgement = Judgement::new();
    let listed = application.is_listed_as_enabled(&ChannelType::Email);
    match &application.email {
        Reading::Seen { value, calls } if value.enabled || listed => {
            let identity = behind(value, calls, context);
            let named_set = value.configuration_set.as_deref().map(|set| (place, set));
            judge(&Sender { named_set, identity, calls: calls.clone() }, &mut judgement);
        }
        Reading::Seen { calls, .. } => {
            judgement.not_applicable("GetEmailChannel shows the email channel disabled.", calls);
        }
        Reading::Absent { calls } if listed => judgement.lacks(op::GET_EMAIL_CHANNEL.name, calls),
        Reading::Absent { calls } => judgement.not_applicable("GetEmailChannel shows no email channel.", calls),
        // Nothing can be sent through an email channel that ended, whatever the period.
        Reading::Unread(gap) if gap.outcome == Outcome::EndOfSupport && !listed => {
            judgement.not_applicable(gap.sentence(), &gap.calls);
        }
        Reading::Unread(gap) if gap.outcome == Outcome::EndOfSupport => judgement.lacks(gap.operation, &gap.calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
    judgement
}

/// The identity behind a channel, looked up in the account and region of its ARN.
fn behind<'a>(channel: &EmailChannel, shown_by: &[CallId], context: &Context<'a>) -> Identity<'a> {
    let Some((region, account, name)) = channel.identity.as_deref().and_then(parts) else {
        return Identity::Unread(vec![Gap::unmodelled(op::GET_EMAIL_CHANNEL.name, shown_by)]);
    };
    let Some(place) = context.estate.places.iter().find(|place| place.account == account && place.region == region)
    else {
        let sentence = format!(
            "The email channel sends as {name} of account {account} in {region}, where this collection did not look."
        );
        return Identity::Elsewhere { sentence, calls: shown_by.to_vec() };
    };
    let listing = &place.ses.identities;
    match (listing.seen.iter().find(|listed| listed.value.name.eq_ignore_ascii_case(name)), &listing.gap) {
        (Some(listed), _) => shown(place, listed),
        (None, Some(gap)) => Identity::Unread(vec![gap.clone()]),
        (None, None) => Identity::Missing {
            sentence: format!("The email channel sends as {name}, which Amazon SES does not list in {region}."),
            calls: [shown_by, &listing.calls].concat(),
        },
    }
}

/// Region, account and name of an identity's ARN.
fn parts(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let (scheme, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let name = resource.strip_prefix("identity/").filter(|name| !name.is_empty())?;
    (scheme == "arn" && service == "ses").then_some((region, account, name))
}

/// The identities of a declared name, in every account and region that has one; one that nobody has is missing once,
/// and where a list was not read to its end one more may exist.
fn declared<'a>(name: &str, context: &Context<'a>) -> Vec<(Subject, Identity<'a>)> {
    let estate = context.estate;
    let mut found = Vec::new();
    let is_it = |listed: &&'a Listed<EmailIdentity>| listed.value.name.eq_ignore_ascii_case(name);
    for place in context.places() {
        let listed = place.ses.identities.seen.iter().filter(is_it);
        found.extend(listed.map(|listed| {
            let EmailIdentity { arn, name, .. } = &listed.value;
            (Subject::below(place, arn.clone(), name), shown(place, listed))
        }));
    }
    if !context.judges_beyond() {
        return found;
    }
    let elsewhere = nowhere(name, context);
    let is_somewhere = estate.places.iter().any(|place| place.ses.identities.seen.iter().any(|listed| is_it(&listed)));
    if !is_somewhere || matches!(elsewhere, Identity::Unread(_)) {
        let account = estate.caller_account.clone();
        let resource = format!("account/{account}/email-identity/{name}");
        found.push((Subject { account, region: None, resource, name: Some(name.to_owned()) }, elsewhere));
    }
    found
}

/// What the lists say of an identity that none of them shows.
fn nowhere<'a>(name: &str, context: &Context<'a>) -> Identity<'a> {
    let lists = || context.estate.places.iter().map(|place| &place.ses.identities);
    // Where AWS does not offer Amazon SES there is no identity.
    let (nowhere, mut gaps): (Vec<Gap>, Vec<Gap>) =
        lists().filter_map(|list| list.gap.clone()).partition(|gap| gap.outcome == Outcome::NotOffered);
    let read = lists().flat_map(|list| list.calls.iter().cloned());
    let calls: Vec<CallId> = read.chain(nowhere.into_iter().flat_map(|gap| gap.calls)).collect();
    if gaps.is_empty() && calls.is_empty() {
        gaps.push(Gap::not_asked(op::LIST_EMAIL_IDENTITIES.name));
    }
    if !gaps.is_empty() {
        return Identity::Unread(gaps);
    }
    let sentence = format!("Amazon SES lists no identity {name} in any account and region that was looked at.");
    Identity::Missing { sentence, calls }
}

fn shown<'a>(place: &'a Place, listed: &'a Listed<EmailIdentity>) -> Identity<'a> {
    let EmailIdentity { name, shown, .. } = &listed.value;
    match shown {
        Reading::Seen { value, calls } => {
            let cut = place.ses.identities.gap.as_ref();
            Identity::Shown { place, name, value, calls: calls.clone(), cut }
        }
        Reading::Absent { calls } => {
            let sentence = format!("GetEmailIdentity shows no identity {name} in {}.", place.region);
            Identity::Missing { sentence, calls: calls.clone() }
        }
        Reading::Unread(gap) => Identity::Unread(vec![gap.clone()]),
    }
}

impl Sender<'_> {
    /// Looks at the identity, or states why nobody can. What a missing one means, `missing` says.
    pub(super) fn look(
        &self,
        judgement: &mut Judgement,
        missing: impl FnOnce(&mut Judgement, &str, &[CallId]),
        look: impl FnOnce(&Place, &str, &ShownIdentity, &[CallId], &mut Judgement),
    ) {
        match &self.identity {
            Identity::Shown { place, name, value, calls, cut } => {
                let calls = [self.calls.as_slice(), calls].concat();
                look(place, name, value, &calls, judgement);
                if let Some(gap) = cut {
                    judgement.unread(gap);
                }
            }
            Identity::Missing { sentence, calls } => missing(judgement, sentence, calls),
            Identity::Elsewhere { sentence, calls } => judgement.unspecified(sentence.clone(), calls),
            Identity::Unread(gaps) => {
                for gap in gaps {
                    judgement.unread(gap);
                }
            }
        }
    }
}
