//! Which phone numbers carry PHI: those that an application for PHI names as its origination, and those that people
//! declare.
//!
//! Shared by the rules about single numbers, so that all of them judge the same ones, and admit in the same way that
//! more may be unknown. The inventory is `DescribePhoneNumbers` with Owner SELF.

use super::context::Context;
use super::judgement::Judgement;
use super::scope::Phi;
use super::sms::{self, Sending};
use super::{Finding, Rule, Subject};
use crate::config::{Config, ShortCode, same_number};
use crate::estate::{Application, Gap, Listed, NumberType, PhoneNumber, Place, Reading};
use crate::snapshot::{CallId, Outcome};

/// A number that carries PHI.
#[derive(Clone, Debug)]
pub(super) struct PhiNumber<'a> {
    /// Where it is; for one that is nowhere, where it is missed.
    pub(super) place: &'a Place,
    /// As the inventory writes it, else as it is named or declared.
    pub(super) number: &'a str,
    /// What the inventory shows.
    pub(super) record: Record<'a>,
    /// What people declare about it.
    pub(super) declared: Option<&'a ShortCode>,
    /// The calls that show that an application names it.
    pub(super) named_by: Vec<CallId>,
}

/// What the inventory shows of a number.
#[derive(Clone, Debug)]
pub(super) enum Record<'a> {
    /// The account has it.
    Own(&'a Listed<PhoneNumber>),
    /// Another account shares it with this one.
    Shared(&'a Listed<PhoneNumber>),
    /// No inventory that could hold it does, and all were read to their end.
    Missing {
        /// The pages that do not show it.
        calls: Vec<CallId>,
    },
    /// An inventory that could hold it was not read to its end.
    Unread(&'a Gap),
}

impl PhiNumber<'_> {
    /// What findings about it are about.
    pub(super) fn subject(&self) -> Subject {
        let Self { place, number, record, .. } = self;
        let resource = match record {
            Record::Own(listed) | Record::Shared(listed) => listed.value.arn.clone(),
            Record::Missing { .. } | Record::Unread(_) => {
                let bare = number.trim();
                format!("{}/phone-number/{}", place.resource(), bare.strip_prefix('+').unwrap_or(bare))
            }
        };
        Subject::below(place, resource, number)
    }

    /// Whether it is judged as a short code: an inventory shows it as one, or people declare it as one.
    fn is_phi_short_code(&self) -> bool {
        let is_one = match &self.record {
            Record::Own(listed) | Record::Shared(listed) => listed.value.kind == NumberType::ShortCode,
            Record::Missing { .. } | Record::Unread(_) => false,
        };
        is_one || self.declared.is_some()
    }
}

/// An origination that an application names somewhere.
#[derive(Clone, Debug)]
pub(super) struct Origination<'a> {
    /// For a sentence: `the SMS channel`, `campaign reminders`, `journey onboarding`.
    pub(super) who: String,
    /// As it is named.
    pub(super) number: &'a str,
    /// The calls that show it.
    pub(super) calls: Vec<CallId>,
    /// Whether what names it can send nothing any more.
    pub(super) is_over: bool,
}

/// Every origination that an application names: in its SMS channel, in each treatment of its campaigns and in each SMS
/// activity of its journeys.
pub(super) fn originations(application: &Application) -> Vec<Origination<'_>> {
    let mut named = Vec::new();
    if let Reading::Seen { value, calls } = &application.sms
        && let Some(number) = value.short_code.as_deref()
    {
        named.push(Origination { who: "the SMS channel".to_owned(), number, calls: calls.clone(), is_over: false });
    }
    for Listed { value: campaign, call } in &application.campaigns.seen {
        let messages = campaign.treatments.iter().filter_map(|treatment| treatment.sms.as_ref());
        named.extend(messages.filter_map(|sms| sms.origination_number.as_deref()).map(|number| Origination {
            who: format!("campaign {}", campaign.name),
            number,
            calls: vec![call.clone()],
            is_over: campaign.is_deleted(),
        }));
    }
    for Listed { value: journey, call } in &application.journeys.seen {
        let messages = journey.activities.iter().filter_map(|activity| activity.sms.as_ref());
        named.extend(messages.filter_map(|sms| sms.origination_number.as_deref()).map(|number| Origination {
            who: format!("journey {}", journey.name),
            number,
            calls: vec![call.clone()],
            is_over: journey.end().is_some(),
        }));
    }
    named
}

/// Every number that an application for PHI names, or that people declare, whatever its type.
///
/// A number that an application names and that is not in an inventory that was not read to its end is left out: nobody
/// knows what it is, and [`unknown`] admits it.
pub(super) fn numbers<'a>(context: &Context<'a>) -> Vec<PhiNumber<'a>> {
    let mut numbers: Vec<PhiNumber<'a>> = context.places().iter().flat_map(|place| in_place(place, context)).collect();
    for declared in &context.config.phi.short_codes {
        // In no inventory: one finding, where an application names it, else where the caller's account was first looked
        // at, so that it keeps its name from one collection to the next.
        let Some(place) = place_of_missing(context, &declared.number).filter(|place| context.judges(place)) else {
            continue;
        };
        let is_it = |known: &&mut PhiNumber<'a>| {
            std::ptr::eq(known.place, place) && same_number(known.number, &declared.number)
        };
        let missing = missing_anywhere(context, &declared.number);
        if let Some(named) = numbers.iter_mut().find(is_it) {
            named.declared = Some(declared);
            named.record = missing.unwrap_or(named.record.clone());
        } else {
            let shown = not_own(place, &declared.number, &[]);
            numbers.push(PhiNumber {
                record: missing.unwrap_or(shown.record.clone()),
                declared: Some(declared),
                ..shown
            });
        }
    }
    numbers
}

/// Leaves of a place what is looked up when another place is judged: of its applications those that name a declared
/// number, one for each number.
pub(super) fn reduce(place: &mut Place, config: &Config) {
    let mut declared: Vec<&str> = config.phi.short_codes.iter().map(|declared| declared.number.as_str()).collect();
    place.applications.seen.retain(|Listed { value: application, .. }| {
        let known = declared.len();
        if known > 0 && Phi::of(application, config).is_judged() {
            let named = originations(application);
            declared.retain(|number| !named.iter().any(|origination| same_number(origination.number, number)));
        }
        declared.len() < known
    });
}

fn in_place<'a>(place: &'a Place, context: &Context<'a>) -> Vec<PhiNumber<'a>> {
    let of_phi = place.applications.iter().filter(|application| Phi::of(application, context.config).is_judged());
    let named: Vec<Origination<'a>> = of_phi.flat_map(originations).collect();
    let own = &place.numbers.own;
    let mut numbers: Vec<PhiNumber<'a>> = Vec::new();
    for listed in &own.seen {
        let number = listed.value.number.as_str();
        let declared = context.config.phi.short_codes.iter().find(|code| same_number(&code.number, number));
        let naming = named.iter().filter(|origination| same_number(origination.number, number));
        let named_by: Vec<CallId> = naming.flat_map(|origination| origination.calls.clone()).collect();
        let is_known =
            |known: &PhiNumber<'_>| matches!(known.record, Record::Own(it) if it.value.arn == listed.value.arn);
        if (declared.is_some() || !named_by.is_empty()) && !numbers.iter().any(is_known) {
            numbers.push(PhiNumber { place, number, record: Record::Own(listed), declared, named_by });
        }
    }
    if own.gap.is_none() {
        for Origination { number, calls, .. } in &named {
            match numbers.iter_mut().find(|known| same_number(known.number, number)) {
                Some(known) if matches!(known.record, Record::Own(_)) => {}
                Some(known) => known.named_by.extend(calls.iter().cloned()),
                None => numbers.push(not_own(place, number, calls)),
            }
        }
    }
    numbers
}

fn not_own<'a>(place: &'a Place, number: &'a str, named_by: &[CallId]) -> PhiNumber<'a> {
    let shared = place.numbers.shared.seen.iter().find(|listed| same_number(&listed.value.number, number));
    let record = shared.map_or_else(|| Record::Missing { calls: place.numbers.own.calls.clone() }, Record::Shared);
    PhiNumber { place, number, record, declared: None, named_by: named_by.to_vec() }
}

/// Where a declared number is judged that no inventory shows as the account's; `None` for one that is.
fn place_of_missing<'a>(context: &Context<'a>, declared: &str) -> Option<&'a Place> {
    let places = &context.estate.places;
    if places.iter().flat_map(|place| place.numbers.own.iter()).any(|own| same_number(&own.number, declared)) {
        return None;
    }
    let is_named = |place: &Place| {
        let of_phi = place.applications.iter().filter(|application| Phi::of(application, context.config).is_judged());
        of_phi.flat_map(originations).any(|origination| same_number(origination.number, declared))
    };
    let is_known = |place: &&Place| place.numbers.own.gap.is_none() && is_named(place);
    let is_shared = |place: &&Place| place.numbers.shared.iter().any(|number| same_number(&number.number, declared));
    let is_callers = |place: &&Place| place.account == context.estate.caller_account;
    let find = |is_it: &dyn Fn(&&Place) -> bool| places.iter().find(is_it);
    find(&is_known)
        .or_else(|| find(&is_shared))
        .or_else(|| find(&|place| is_named(place)))
        .or_else(|| find(&is_callers))
        .or(places.first())
}

/// What all inventories together say of a number that none shows; `None` when one shows it as shared.
fn missing_anywhere<'a>(context: &Context<'a>, number: &str) -> Option<Record<'a>> {
    let inventories = || context.estate.places.iter().map(|place| &place.numbers);
    if inventories().any(|numbers| numbers.shared.iter().any(|shared| same_number(&shared.number, number))) {
        return None;
    }
    let mut gaps = inventories().filter_map(|numbers| numbers.own.gap.as_ref());
    // Where AWS does not offer the service, no number can be.
    if let Some(gap) = gaps.find(|gap| gap.outcome != Outcome::NotOffered) {
        return Some(Record::Unread(gap));
    }
    Some(Record::Missing { calls: inventories().flat_map(|numbers| numbers.own.calls.clone()).collect() })
}

/// The short codes that carry PHI.
pub(super) fn short_codes<'a>(context: &Context<'a>) -> Vec<PhiNumber<'a>> {
    numbers(context).into_iter().filter(PhiNumber::is_phi_short_code).collect()
}

/// What keeps anybody from knowing every number that carries PHI in a place; `None` when nothing does.
///
/// A campaign or journey behind an SMS channel that is off sends nothing, so an unread list there hides no sender.
fn unknown(place: &Place, context: &Context<'_>) -> Option<Judgement> {
    let is_phi = |application: &&Application| Phi::of(application, context.config).is_judged();
    let phi: Vec<&Application> = place.applications.iter().filter(is_phi).collect();
    let own = place.numbers.own.gap.as_ref();
    let mut gaps: Vec<Gap> = place.applications.gap.iter().cloned().collect();
    if !phi.is_empty() || !gaps.is_empty() {
        gaps.extend(own.cloned());
    }
    for application in phi {
        match sms::sending(application) {
            Sending::Off { .. } => continue,
            Sending::On => {}
            Sending::Unread(gap) => gaps.push(gap),
        }
        gaps.extend(sms::unknown_senders(application));
    }
    // Where AWS offers no numbers or no applications, there are none to know about.
    let is_nowhere = |gap: &&Gap| gap.outcome == Outcome::NotOffered;
    let nowhere = gaps.iter().find(is_nowhere).cloned();
    if gaps.is_empty() {
        return None;
    }
    let mut judgement = Judgement::new();
    nowhere.map_or(gaps, |gap| vec![gap]).iter().for_each(|gap| judgement.unread(gap));
    Some(judgement)
}

/// Admits, with one finding on each place, that numbers may be missing among the findings of a rule.
pub(super) fn admit(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let admitted = |place: &Place| Some(unknown(place, context)?.conclude(rule, Subject::place(place), context));
    context.places().iter().filter_map(admitted).collect()
}

/// Judges each short code that carries PHI by its record in the account's inventory.
///
/// What is not in the inventory cannot be judged by it: that is left open, or unread.
pub(super) fn judge_short_codes(
    rule: &Rule,
    context: &Context<'_>,
    judge: impl Fn(&PhiNumber<'_>, &PhoneNumber, &[CallId], &mut Judgement),
) -> Vec<Finding> {
    let judged = short_codes(context).into_iter().map(|code| {
        let mut judgement = Judgement::new();
        judge_record(&code, &mut judgement, &judge);
        judgement.conclude(rule, code.subject(), context)
    });
    judged.chain(admit(rule, context)).collect()
}

fn judge_record(
    code: &PhiNumber<'_>,
    judgement: &mut Judgement,
    judge: impl Fn(&PhiNumber<'_>, &PhoneNumber, &[CallId], &mut Judgement),
) {
    match &code.record {
        Record::Own(listed) => {
            if let Some(gap) = &code.place.numbers.own.gap {
                judgement.unread(gap);
            }
            judge(code, &listed.value, std::slice::from_ref(&listed.call), judgement);
        }
        Record::Shared(listed) => {
            judgement.unspecified(shared_sentence(code.number), std::slice::from_ref(&listed.call));
        }
        Record::Missing { calls } => judgement.unspecified(missing_sentence(code.number), calls),
        Record::Unread(gap) => judgement.unread(gap),
    }
}

/// A number of another account.
pub(super) fn shared_sentence(number: &str) -> String {
    format!("DescribePhoneNumbers shows {number} as a number that another account shares with this one.")
}

/// A number that was looked for everywhere.
pub(super) fn missing_sentence(number: &str) -> String {
    format!("DescribePhoneNumbers shows no {number} among the account's own numbers where it was looked for.")
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
