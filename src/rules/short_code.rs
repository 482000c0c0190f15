//! The proof chain of a short code that carries PHI: number, pool, members, resource policies, registration, approved
//! version, answer.
//!
//! The rules `short-code-dedicated` and `short-code-phi-purpose` judge from it, and a document can tell it link by
//! link. It states what was observed; verdicts are for the rules.

mod dedication;
mod origins;
mod purpose;
mod steps;

pub use origins::Origin;
pub use steps::Step;

use super::context::Context;
use super::judgement::Judgement;
use super::phi_numbers::{self, PhiNumber, Record};
use super::{Finding, Rule};
use crate::estate::{Capability, Gap, Listed, NumberStatus, NumberType, PhoneNumber};
use crate::snapshot::CallId;

/// The title of the link that a person states.
const DECLARATION: &str = "Declaration";

/// What is known of one short code that carries PHI, in the order in which one link rests on the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// As the inventory writes it, else as it is declared.
    pub number: String,
    /// Twelve digits.
    pub account: String,
    /// Where it is; for one that is nowhere, where it is missed.
    pub region: String,
    /// In the form that findings use.
    pub resource: String,
    /// From the number to its purpose.
    pub links: Vec<Link>,
    /// What is set to send from it, in the account and region where it is.
    pub origins: Vec<Origin>,
}

/// One link of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is about, in a few words: `Pool`.
    pub title: &'static str,
    /// What was observed.
    pub sentence: String,
    /// Whether it holds.
    pub state: LinkState,
    /// The calls that show it.
    pub calls: Vec<CallId>,
    /// What it is needed for.
    pub part: Part,
}

/// Whether a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// What was read shows it.
    Holds,
    /// What was read shows the opposite.
    Broken,
    /// It was not read.
    Unread(Gap),
    /// A person states it.
    Stated,
    /// It was read, and neither what was read nor a person says it.
    Open,
}

/// What a link is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// That there is a short code of the account. Everything rests on it.
    Number,
    /// That the short code can send: `sms-origination-short-code` judges it where it is named.
    Readiness,
    /// That nobody else sends from it: `short-code-dedicated`.
    Dedication,
    /// That it was requested for PHI: `short-code-phi-purpose`.
    Purpose,
}

impl Chain {
    /// The first link that was shown not to hold.
    #[must_use]
    pub fn first_broken(&self) -> Option<&Link> {
        self.links.iter().find(|link| link.state == LinkState::Broken)
    }
}

/// The chains of every short code that carries PHI, in the order of the inventory.
///
/// Where a list could not be read to its end there may be more; the findings of the rules on that account and region
/// say so.
#[must_use]
pub fn chains(context: &Context<'_>) -> Vec<Chain> {
    phi_numbers::short_codes(context).iter().map(chain).collect()
}

/// Judges every chain by the links of one part, after those about the number itself.
pub(super) fn judge(
    rule: &Rule,
    context: &Context<'_>,
    part: Part,
    conclude: impl Fn(&PhiNumber<'_>, &[Link], &mut Judgement),
) -> Vec<Finding> {
    let judged = phi_numbers::short_codes(context).into_iter().map(|code| {
        let mut judgement = Judgement::new();
        let (own, rest): (Vec<Link>, Vec<Link>) = chain(&code)
            .links
            .into_iter()
            .filter(|link| link.part == Part::Number || link.part == part)
            .partition(|link| link.part == Part::Number);
        for link in &own {
            link.state_in(&mut judgement);
        }
        conclude(&code, &rest, &mut judgement);
        judgement.conclude(rule, code.subject(), context)
    });
    judged.chain(phi_numbers::admit(rule, context)).collect()
}

fn chain(code: &PhiNumber<'_>) -> Chain {
    let mut links = vec![number(code)];
    if let Record::Own(Listed { value, call }) = &code.record {
        links.push(readiness(value, call));
        links.extend(dedication::links(code.place, value, call));
        links.extend(purpose::links(code.place, value, call));
    }
    links.extend(code.declared.map(purpose::declaration));
    Chain {
        number: code.number.to_owned(),
        account: code.place.account.clone(),
        region: code.place.region.clone(),
        resource: code.subject().resource,
        links,
        origins: origins::origins(code),
    }
}

fn number(code: &PhiNumber<'_>) -> Link {
    let PhiNumber { place, number, record, .. } = code;
    let (sentence, state, calls) = match record {
        Record::Own(Listed { value, call }) => {
            let sentence = format!("DescribePhoneNumbers lists {number} as a {} of the account.", value.kind);
            let state = match &place.numbers.own.gap {
                _ if value.kind != NumberType::ShortCode => LinkState::Broken,
                Some(gap) => LinkState::Unread(gap.clone()),
                None => LinkState::Holds,
            };
            (sentence, state, vec![call.clone()])
        }
        Record::Shared(listed) => (phi_numbers::shared_sentence(number), LinkState::Broken, vec![listed.call.clone()]),
        Record::Missing { calls } => (phi_numbers::missing_sentence(number), LinkState::Open, calls.clone()),
        Record::Unread(gap) => return Link::unread(Part::Number, "Short code", gap),
    };
    Link { title: "Short code", sentence, state, calls, part: Part::Number }
}

fn readiness(number: &PhoneNumber, call: &CallId) -> Link {
    let PhoneNumber { number, status, capabilities, .. } = number;
    let sends = if capabilities.contains(&Capability::Sms) { "can" } else { "cannot" };
    let is_ready = *status == NumberStatus::Active && sends == "can";
    let sentence = format!("DescribePhoneNumbers shows that {number} is {status} and {sends} send SMS.");
    Link::seen(Part::Readiness, "Status", is_ready, sentence, vec![call.clone()])
}

impl Link {
    fn new(part: Part, title: &'static str, state: LinkState, sentence: String, calls: Vec<CallId>) -> Self {
        Self { title, sentence, state, calls, part }
    }

    fn seen(part: Part, title: &'static str, holds: bool, sentence: String, calls: Vec<CallId>) -> Self {
        let state = if holds { LinkState::Holds } else { LinkState::Broken };
        Self::new(part, title, state, sentence, calls)
    }

    fn unread(part: Part, title: &'static str, gap: &Gap) -> Self {
        Self::new(part, title, LinkState::Unread(gap.clone()), gap.sentence(), gap.calls.clone())
    }

    /// An answer that was read and lacks what is needed.
    fn lacking(part: Part, title: &'static str, operation: &'static str, calls: &[CallId]) -> Self {
        Self::unread(part, title, &Gap::unmodelled(operation, calls))
    }

    /// Whether it is what the configuration declares.
    #[must_use]
    pub fn is_declaration(&self) -> bool {
        self.title == DECLARATION
    }

    /// Says in a judgement what the link shows. What nobody says stays open.
    pub(super) fn state_in(&self, judgement: &mut Judgement) {
        match &self.state {
            LinkState::Holds | LinkState::Stated => judgement.holds(self.sentence.clone(), &self.calls),
            LinkState::Broken => judgement.violated(self.sentence.clone(), &self.calls),
            LinkState::Unread(gap) => judgement.unread(gap),
            LinkState::Open => judgement.unspecified(self.sentence.clone(), &self.calls),
        }
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "a test reads best with its documents in place")]
mod tests;
