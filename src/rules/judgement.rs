//! How single observations become a verdict: once, for every rule.
//!
//! Seen wrong beats not seen; not seen beats everything else; and a judgement into which nobody put a fact is never a
//! pass.

use chrono::{DateTime, Utc};

use super::context::Context;
use super::finding::{Attestation, Finding, OBSERVED, Reason, Verdict};
use super::{Rule, Subject};
use crate::estate::Gap;
use crate::snapshot::{CallId, Outcome};

/// What one rule saw of one resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Judgement {
    violations: Statements,
    gaps: Vec<Gap>,
    open: Statements,
    needs: Statements,
    attested: Option<Attestation>,
    beside_the_point: Statements,
    facts: Statements,
}

/// Sentences, and the calls that show them.
#[derive(Clone, Debug, Default)]
struct Statements {
    sentences: Vec<String>,
    calls: Vec<CallId>,
}

impl Statements {
    fn add(&mut self, sentence: impl Into<String>, calls: &[CallId]) {
        self.sentences.push(sentence.into());
        self.calls.extend_from_slice(calls);
    }

    fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }
}

impl Judgement {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// An observation that the rule asks for.
    pub(super) fn holds(&mut self, sentence: impl Into<String>, calls: &[CallId]) {
        self.facts.add(sentence, calls);
    }

    /// An observation that breaks the rule.
    pub(super) fn violated(&mut self, sentence: impl Into<String>, calls: &[CallId]) {
        self.violations.add(sentence, calls);
    }

    /// Something that the rule needs and that was not read.
    pub(super) fn unread(&mut self, gap: &Gap) {
        self.gaps.push(gap.clone());
    }

    /// The list that shows the resource was not read to its end: nothing passes on it. A fact that shows that the rule
    /// does not concern the resource stands all the same.
    pub(super) fn listed_incompletely(&mut self, gap: &Gap) {
        if self.beside_the_point.is_empty() {
            self.unread(gap);
        }
    }

    /// Something that the rule needs and that an answer did not have, although it was read.
    pub(super) fn lacks(&mut self, operation: &'static str, calls: &[CallId]) {
        self.gaps.push(Gap::unmodelled(operation, calls));
    }

    /// Something that the configuration of the account leaves open.
    pub(super) fn unspecified(&mut self, sentence: impl Into<String>, calls: &[CallId]) {
        self.open.add(sentence, calls);
    }

    /// Something that only a person can say, and nobody has.
    pub(super) fn needs_attestation(&mut self, sentence: impl Into<String>, calls: &[CallId]) {
        self.needs.add(sentence, calls);
    }

    /// A person's statement that stands where no API can answer.
    pub(super) fn attested(&mut self, attestation: Attestation, calls: &[CallId]) {
        self.facts.calls.extend_from_slice(calls);
        self.attested = Some(attestation);
    }

    /// A fact that shows that the rule does not concern the resource.
    pub(super) fn not_applicable(&mut self, sentence: impl Into<String>, calls: &[CallId]) {
        self.beside_the_point.add(sentence, calls);
    }

    /// Whether something is unread or left open.
    pub(super) fn is_undecided(&self) -> bool {
        !self.gaps.is_empty() || !self.open.is_empty()
    }

    /// The verdict, with its sentence and the calls it rests on.
    pub(super) fn conclude(mut self, rule: &Rule, subject: Subject, context: &Context<'_>) -> Finding {
        let (shown, gaps): (Vec<Gap>, Vec<Gap>) = self.gaps.drain(..).partition(|gap| shows_itself(gap, context));
        for gap in shown {
            self.beside_the_point.add(gap.sentence(), &gap.calls);
        }
        let (verdict, statements) = if !self.violations.is_empty() {
            (Verdict::Fail, self.violations)
        } else if let Some(first) = gaps.first() {
            (Verdict::NotEvaluated(Reason::Unread(first.outcome)), of_gaps(&gaps))
        } else if !self.open.is_empty() {
            (Verdict::NotEvaluated(Reason::Unspecified), self.open)
        } else if !self.needs.is_empty() {
            (Verdict::NotEvaluated(Reason::NeedsAttestation), self.needs)
        } else if let Some(attestation) = &self.attested {
            self.facts.sentences.push(attested_sentence(attestation));
            (Verdict::Attested, self.facts)
        } else if !self.beside_the_point.is_empty() {
            (Verdict::NotApplicable, self.beside_the_point)
        } else if !self.facts.is_empty() {
            (Verdict::Pass, self.facts)
        } else {
            self.open.add("Nothing was observed that this rule could rest on.", &[]);
            (Verdict::NotEvaluated(Reason::Unspecified), self.open)
        };
        let attestation = if verdict == Verdict::Attested { self.attested } else { None };
        finding(rule, subject, context, verdict, statements, attestation)
    }
}

/// Whether not being read is itself the answer: the service is not offered there, or the feature had ended before the
/// period began.
fn shows_itself(gap: &Gap, context: &Context<'_>) -> bool {
    match gap.outcome {
        Outcome::NotOffered => true,
        Outcome::EndOfSupport => context.period.start > crate::lifecycle::LAST_DAY,
        _ => false,
    }
}

fn of_gaps(gaps: &[Gap]) -> Statements {
    let mut statements = Statements::default();
    for gap in gaps {
        let sentence = gap.sentence();
        statements.calls.extend_from_slice(&gap.calls);
        if !statements.sentences.contains(&sentence) {
            statements.sentences.push(sentence);
        }
    }
    statements
}

/// A person's statement, with who says it and since when.
pub(super) fn attested_sentence(attestation: &Attestation) -> String {
    let by = attestation.by.as_deref().unwrap_or("the configuration");
    let on = attestation.on.map(|on| format!(" on {on}")).unwrap_or_default();
    format!("Stated by {by}{on}: {}", attestation.statement)
}

fn finding(
    rule: &Rule,
    subject: Subject,
    context: &Context<'_>,
    verdict: Verdict,
    statements: Statements,
    attestation: Option<Attestation>,
) -> Finding {
    let mut evidence: Vec<CallId> = Vec::new();
    for call in statements.calls {
        if !evidence.contains(&call) {
            evidence.push(call);
        }
    }
    Finding {
        rule: rule.id,
        level: rule.level,
        account: subject.account,
        region: subject.region,
        resource: subject.resource,
        resource_name: subject.name,
        verdict,
        message: format!("{OBSERVED}{}: {}", observed(&evidence, context), statements.sentences.join(" ")),
        evidence,
        attestation,
        waiver: None,
    }
}

/// When the calls were made, for a sentence. What rests on earlier snapshots shows their age.
fn observed(evidence: &[CallId], context: &Context<'_>) -> String {
    let mut moments: Vec<String> = evidence.iter().map(|call| moment(call, context)).collect();
    moments.sort();
    moments.dedup();
    if moments.is_empty() { written(context.at()) } else { moments.join(" and ") }
}

fn moment(call: &CallId, context: &Context<'_>) -> String {
    let Some(finished) = call.earlier() else { return written(context.at()) };
    let days = (context.at().date_naive() - finished.date_naive()).num_days();
    format!("{} ({days} days before the newest snapshot)", written(finished))
}

fn written(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{a_rule, a_subject, context};

    fn gap(outcome: Outcome) -> Gap {
        Gap { operation: "GetApp", outcome, calls: vec![CallId::from_file("c-gap")] }
    }

    type Step<'a> = (&'a dyn Fn(&mut Judgement), Verdict);

    fn verdict(fill: impl FnOnce(&mut Judgement)) -> Verdict {
        let mut judgement = Judgement::new();
        fill(&mut judgement);
        context(|context| judgement.conclude(a_rule(), a_subject(), context).verdict)
    }

    #[test]
    fn seen_wrong_beats_not_seen_and_not_seen_beats_the_rest() {
        let attestation =
            Attestation { id: "x".into(), statement: "s".into(), by: None, role: None, on: None, reference: None };
        let steps: [Step<'_>; 7] = [
            (&|j| j.violated("wrong", &[]), Verdict::Fail),
            (&|j| j.unread(&gap(Outcome::Throttled)), Verdict::NotEvaluated(Reason::Unread(Outcome::Throttled))),
            (&|j| j.unspecified("open", &[]), Verdict::NotEvaluated(Reason::Unspecified)),
            (&|j| j.needs_attestation("say", &[]), Verdict::NotEvaluated(Reason::NeedsAttestation)),
            (&|j| j.attested(attestation.clone(), &[]), Verdict::Attested),
            (&|j| j.not_applicable("other", &[]), Verdict::NotApplicable),
            (&|j| j.holds("right", &[]), Verdict::Pass),
        ];
        for first in 0..steps.len() {
            let all_from_here = |judgement: &mut Judgement| steps[first..].iter().for_each(|(step, _)| step(judgement));
            assert_eq!(verdict(all_from_here), steps[first].1);
        }
    }

    #[test]
    fn a_judgement_without_facts_is_no_pass() {
        assert_eq!(verdict(|_| {}), Verdict::NotEvaluated(Reason::Unspecified));
    }

    #[test]
    fn a_message_can_be_told_apart_from_its_time() {
        let mut judgement = Judgement::new();
        judgement.holds("GetApp shows: something.", &[]);
        let finding = context(|context| judgement.conclude(a_rule(), a_subject(), context));
        assert_eq!(finding.told(), ("2026-11-23 16:00 UTC", "GetApp shows: something."));
        let undated = Finding { message: "Seen: something.".into(), ..finding };
        assert_eq!(undated.told(), ("", "Seen: something."));
    }

    #[test]
    fn a_service_that_is_not_offered_is_beside_the_point() {
        assert_eq!(verdict(|judgement| judgement.unread(&gap(Outcome::NotOffered))), Verdict::NotApplicable);
    }

    #[test]
    fn every_outcome_that_is_not_read_is_its_own_reason() {
        for outcome in Outcome::ALL.into_iter().filter(|outcome| !outcome.is_read() && *outcome != Outcome::NotOffered)
        {
            let seen = verdict(|judgement| {
                judgement.holds("right", &[]);
                judgement.unread(&gap(outcome));
            });
            assert_eq!(seen, Verdict::NotEvaluated(Reason::Unread(outcome)));
        }
    }
}
