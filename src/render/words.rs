//! The words of the documents: verdicts, times, numbers, states. One form each.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};

use crate::pack::{ChannelState, SealedVerdict, Status};
use crate::rules::{LinkState, Reason, Step, Verdict};
use crate::snapshot::Outcome;

/// How a verdict is shown: a shape and a word. Colour is only a third sign.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "● pass",
        Verdict::Fail => "▲ fail",
        Verdict::NotEvaluated(_) => "◇ not evaluated",
        Verdict::NotApplicable => "– not applicable",
        Verdict::Attested => "◆ attested",
    }
}

/// The same for a verdict that was read from a pack.
pub(super) const fn sealed_verdict(verdict: SealedVerdict) -> &'static str {
    match verdict {
        SealedVerdict::Pass => "● pass",
        SealedVerdict::Fail => "▲ fail",
        SealedVerdict::NotEvaluated => "◇ not evaluated",
        SealedVerdict::NotApplicable => "– not applicable",
        SealedVerdict::Attested => "◆ attested",
    }
}

/// How the status of a control is shown: a shape and a word, like a verdict.
pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "● met",
        Status::NotMet => "▲ not met",
        Status::NotEvaluated => "◇ not evaluated",
        Status::NotApplicable => "– not applicable",
        Status::Attested => "◆ attested",
        Status::NeedsAttestation => "○ needs attestation",
        Status::Inherited => "■ inherited",
        Status::InheritedGap => "□ inherited gap",
    }
}

/// What the status of a control says.
pub(super) const fn meaning_of(status: Status) -> &'static str {
    match status {
        Status::Met => "at least one of its rules passed, none failed, and none was left unevaluated",
        Status::NotMet => "at least one of its rules failed; a waiver stands beside a fail and does not change it",
        Status::NotEvaluated => "something it needs was not read, or nothing was seen that bears on it",
        Status::NotApplicable => "what was read shows that its rules concern nothing there",
        Status::Attested => "it rests on a person's dated statement, and nothing that was read speaks against it",
        Status::NeedsAttestation => "it needs a person's statement that nobody has given",
        Status::Inherited => "AWS's part, and a report in AWS Artifact covers the period",
        Status::InheritedGap => "AWS's part, and no report in AWS Artifact covers the whole period",
    }
}

/// Each label of [`status`] that is no verdict's, and the name of its style.
pub(super) const STATUS_STYLES: [(&str, &str); 5] = [
    ("● met", "pass"),
    ("▲ not met", "fail"),
    ("○ needs attestation", "not-evaluated"),
    ("■ inherited", "inherited"),
    ("□ inherited gap", "not-evaluated"),
];

/// Each label of [`verdict`] and the name of its style.
pub(super) const VERDICT_STYLES: [(&str, &str); 5] = [
    ("● pass", "pass"),
    ("▲ fail", "fail"),
    ("◇ not evaluated", "not-evaluated"),
    ("– not applicable", "not-applicable"),
    ("◆ attested", "attested"),
];

/// The name of the style of a label of [`status`] or [`verdict`].
pub(super) fn style_of(label: &str) -> &'static str {
    let found = STATUS_STYLES.iter().chain(&VERDICT_STYLES).find(|(known, _)| *known == label);
    found.map_or("not-applicable", |(_, style)| style)
}

/// Each label of what a statement rests on, and the name of its style.
pub(super) const BASIS_STYLES: [(&str, &str); 9] = [
    ("evidence", "seen"),
    ("AWS states", "aws"),
    ("attested", "said"),
    ("declared", "said"),
    ("law", "law"),
    ("published", "law"),
    ("this pack", "record"),
    ("this program", "record"),
    ("not evidenced", "open"),
];

/// Which of two verdicts a reader must see first: the greater one.
pub(super) const fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NotApplicable => 0,
        Verdict::Pass => 1,
        Verdict::Attested => 2,
        Verdict::NotEvaluated(_) => 3,
        Verdict::Fail => 4,
    }
}

/// A reason without the underscores that files use.
pub(super) fn reason(reason: Reason) -> String {
    reason.as_str().replace('_', " ")
}

/// An outcome without the underscores that files use.
pub(super) fn outcome(outcome: Outcome) -> String {
    outcome.as_str().replace('_', " ")
}

/// A channel's state.
pub(super) fn state(state: ChannelState) -> String {
    match state {
        ChannelState::Enabled => "enabled".to_owned(),
        ChannelState::Disabled => "disabled".to_owned(),
        ChannelState::NotConfigured => "not configured".to_owned(),
        ChannelState::Unread(why) => format!("unread ({})", outcome(why)),
    }
}

/// A channel's state by shape and word.
pub(super) fn shaped_state(of: ChannelState) -> String {
    let shape = match of {
        ChannelState::Enabled => "▸",
        ChannelState::Disabled => "▹",
        ChannelState::NotConfigured => "–",
        ChannelState::Unread(_) => "?",
    };
    format!("{shape} {}", state(of))
}

/// Whether AWS's page permits a channel for PHI, by shape and word.
pub(super) const fn permission(permitted: bool) -> &'static str {
    if permitted { "✓ permitted" } else { "✕ not permitted" }
}

/// How a step of a proof chain is shown: a shape and a word, like a verdict.
pub(super) const fn step(step: &Step<'_>) -> &'static str {
    match step {
        Step::NotReached { .. } => "– not reached",
        Step::Told(link) => match link.state {
            LinkState::Holds => "● holds",
            LinkState::Broken => "▲ broken",
            LinkState::Unread(_) => "◇ unread",
            LinkState::Stated => "◆ stated",
            LinkState::Open => "○ says nothing",
        },
    }
}

/// Each label of [`step`] and the name of its style.
pub(super) const STEP_STYLES: [(&str, &str); 6] = [
    ("● holds", "pass"),
    ("▲ broken", "fail"),
    ("◇ unread", "not-evaluated"),
    ("◆ stated", "attested"),
    ("○ says nothing", "not-evaluated"),
    ("– not reached", "not-applicable"),
];

/// To the minute, for sentences.
pub(super) fn minute(time: DateTime<Utc>) -> String {
    clock(time, Precision::Minute)
}

/// To the second, for the index of calls.
pub(super) fn second(time: DateTime<Utc>) -> String {
    clock(time, Precision::Second)
}

/// To the millisecond, as a call records it.
pub(super) fn millisecond(time: DateTime<Utc>) -> String {
    clock(time, Precision::Millisecond)
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precision {
    Minute,
    Second,
    Millisecond,
}

/// A large pack writes millions of times, and reading a pattern for each is most of the work.
fn clock(time: DateTime<Utc>, precision: Precision) -> String {
    let mut text = String::with_capacity(27);
    let _ = write!(text, "{:04}", time.year());
    let mut two = |before: char, number: u32| {
        let digit = |number: u32| char::from_digit(number % 10, 10).unwrap_or('0');
        text.extend([before, digit(number / 10), digit(number)]);
    };
    two('-', time.month());
    two('-', time.day());
    two(' ', time.hour());
    two(':', time.minute());
    if precision >= Precision::Second {
        two(':', time.second());
    }
    if precision == Precision::Millisecond {
        let _ = write!(text, ".{:03}", time.timestamp_subsec_millis());
    }
    text.push_str(" UTC");
    text
}

/// A day.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// A number with a comma between thousands.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things, for instance `1 call` or `1,200 calls`.
pub(super) fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Words as a sentence lists them: `a, b and c`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The name, or what stands for it where there is none that could be seen.
pub(super) fn name_or<'a>(name: Option<&'a str>, otherwise: &'a str) -> &'a str {
    name.filter(|name| !super::escape::visible(name).is_empty()).unwrap_or(otherwise)
}

/// Length as a number that every platform counts with.
pub(super) fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::Gap;
    use crate::rules::{Link, Part};

    #[test]
    fn times_are_as_precise_as_asked_for() {
        for milliseconds in [0, 1_790_000_000_007, 1_709_164_799_999, 253_402_300_799_120] {
            let time = DateTime::from_timestamp_millis(milliseconds).expect("a time");
            let by_pattern = |pattern: &str| time.format(pattern).to_string();
            assert_eq!(minute(time), by_pattern("%Y-%m-%d %H:%M UTC"));
            assert_eq!(second(time), by_pattern("%Y-%m-%d %H:%M:%S UTC"));
            assert_eq!(millisecond(time), by_pattern("%Y-%m-%d %H:%M:%S%.3f UTC"));
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 75_000, 1_234_567].map(count), ["0", "999", "1,000", "75,000", "1,234,567"]);
        assert_eq!(counted(1, "call"), "1 call");
    }

    #[test]
    fn every_verdict_has_a_style() {
        let verdicts = [
            Verdict::Pass,
            Verdict::Fail,
            Verdict::NotEvaluated(Reason::Unspecified),
            Verdict::NotApplicable,
            Verdict::Attested,
        ];
        assert_eq!(verdicts.map(verdict), VERDICT_STYLES.map(|(label, _)| label));
    }

    #[test]
    fn every_step_has_a_style() {
        let gap = Gap { operation: "GetApp", outcome: Outcome::Throttled, calls: Vec::new() };
        let states = [LinkState::Holds, LinkState::Broken, LinkState::Unread(gap), LinkState::Stated, LinkState::Open];
        let mut labels: Vec<&str> = states
            .into_iter()
            .map(|state| Link { title: "", sentence: String::new(), state, calls: Vec::new(), part: Part::Number })
            .map(|link| step(&Step::Told(&link)))
            .collect();
        labels.push(step(&Step::NotReached { title: "" }));
        assert_eq!(labels, STEP_STYLES.map(|(label, _)| label));
    }

    #[test]
    fn every_status_has_a_style() {
        for label in Status::ALL.map(status) {
            let styled = VERDICT_STYLES.iter().chain(&STATUS_STYLES).filter(|(known, _)| *known == label);
            assert_eq!(styled.count(), 1, "{label}");
        }
    }
}
