//! A short code that carries PHI carries nothing else.

use super::context::Context;
use super::judgement::Judgement;
use super::phi_numbers::{self, PhiNumber};
use super::scope::Phi;
use super::sms::{self, Sending};
use super::{Finding, Rule, rule};
use crate::config::same_number;
use crate::estate::{Application, Gap, Reading};
use crate::lifecycle;
use crate::snapshot::Outcome;

rule! {
    /// No application that is declared to carry no PHI sends from a short code that carries PHI.
    ///
    /// Judges each short code that an application for PHI names, and each that `[[phi.short_code]]` declares, against the
    /// excluded applications of the same account and region. Fails when one names the number in its SMS channel, in a
    /// campaign or treatment that is not DELETED, or in a journey that is not CANCELLED or CLOSED, and when one with SMS
    /// enabled names no origination, because AWS then picks a number of the account.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint asks for a short code that is dedicated to the explicit purpose of
    /// messages that will or may contain PHI. Where no origination is named, AWS's guide says that a short code of the
    /// account comes first.
    ///
    /// ## Fix
    ///
    /// Name another origination: `aws pinpoint update-sms-channel --application-id ID --sms-channel-request
    /// Enabled=true,ShortCode=OTHER`, and in the campaigns and journeys that name the short code. Or disable the SMS
    /// channel of the excluded application.
    ///
    /// ## Limits
    ///
    /// A direct send can name any number of the account in each call; no configuration shows that.
    "short-code-reserved-for-phi", "Short code reserved for PHI", Recommended, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    phi_numbers::judge_short_codes(rule, context, |code, _, _, judgement| judge_code(context, code, judgement))
}

fn judge_code(context: &Context<'_>, code: &PhiNumber<'_>, judgement: &mut Judgement) {
    let applications = &code.place.applications;
    let is_excluded = |application: &&Application| matches!(Phi::of(application, context.config), Phi::Excluded { .. });
    let mut excluded = applications.iter().filter(is_excluded).peekable();
    match &applications.gap {
        // Without Amazon Pinpoint there is no other application.
        Some(gap) if gap.outcome == Outcome::NotOffered => judgement.holds(gap.sentence(), &gap.calls),
        Some(gap) => judgement.unread(gap),
        None if excluded.peek().is_none() => {
            let sentence = "GetApps lists no excluded application in this account and region.";
            judgement.holds(sentence, &applications.calls);
        }
        None => {}
    }
    for application in excluded {
        judge_application(context, code.number, application, judgement);
    }
}

fn judge_application(context: &Context<'_>, number: &str, application: &Application, judgement: &mut Judgement) {
    let name = &application.name;
    let who = format!("The excluded application {name}");
    for origination in phi_numbers::originations(application) {
        if !origination.is_over && same_number(origination.number, number) {
            let sentence = format!("{who} names {number} in {}.", origination.who);
            judgement.violated(sentence, &origination.calls);
        }
    }
    let sending = sms::sending(application);
    match (&sending, &application.sms) {
        (Sending::Unread(gap), _) => judgement.unread(gap),
        (Sending::Off { calls, .. }, _) => judgement.holds(format!("{who} has no enabled SMS channel."), calls),
        (Sending::On, Reading::Seen { value, calls }) if value.short_code.is_some() => {
            judgement.holds(format!("The SMS channel of {name} names its origination."), calls);
        }
        (Sending::On, channel) => {
            let sentence = format!("{who} can send SMS and names no origination, so AWS picks one.");
            judgement.violated(sentence, channel.calls());
        }
    }
    if matches!(sending, Sending::Off { .. }) {
        return;
    }
    for (_, gap) in sms::unread_lists(application) {
        judge_list(context, gap, judgement);
    }
}

/// Once the whole period lies after the end of support, no campaign or journey sends any more.
fn judge_list(context: &Context<'_>, gap: &Gap, judgement: &mut Judgement) {
    if gap.outcome == Outcome::EndOfSupport && context.period.start > lifecycle::LAST_DAY {
        judgement.holds(gap.sentence(), &gap.calls);
    } else {
        judgement.unread(gap);
    }
}
