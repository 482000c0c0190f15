//! The end of a run in a few lines: the verdicts counted, what is most important among the open ones, what to do next.

use super::terminal::Terminal;
use crate::pack::{Findings, Found, Mark, Pack};
use crate::rules::{Finding, Level, Reason, Verdict};
use crate::snapshot::Outcome;

/// How many open items are shown.
const SHOWN: usize = 3;
/// How much of a message is shown, in characters.
const MESSAGE: usize = 160;

/// Says what the verdicts are. `rest` is where everything else stands, for instance `2026-Q4/findings.html`.
pub(super) fn say(pack: &Pack, rest: &str, terminal: &Terminal) {
    let summary = pack.summary;
    terminal.say(&format!(
        "{} findings for {}: {} pass, {} fail ({} waived), {} not evaluated, {} not applicable, {} attested.",
        pack.findings.len(),
        pack.period,
        summary.pass,
        summary.fail,
        summary.waived,
        summary.not_evaluated,
        summary.not_applicable,
        summary.attested,
    ));
    let shown: Vec<Found> = if terminal.is_verbose() { Vec::new() } else { one_of_each_rule(open(&pack.findings)) };
    let mut told = shown.len();
    for finding in &shown {
        terminal.say(&line(finding, false));
    }
    if terminal.is_verbose() {
        told = open(&pack.findings).inspect(|finding| terminal.say(&line(finding, true))).count();
    }
    let open = pack.summary.open();
    if open > told as u64 {
        terminal.say(&format!("  and {} more in {rest}", open - told as u64));
    }
}

/// The next steps that the verdicts call for, besides reading them.
pub(super) fn next(pack: &Pack) -> String {
    let denied = Verdict::NotEvaluated(Reason::Unread(Outcome::AccessDenied));
    let mut steps = Vec::new();
    if let Some(finding) = open(&pack.findings).next() {
        steps.push(format!("`pinpoint-evidence explain {}` says what the rule asks and how to fix it", finding.rule));
    }
    if pack.findings.runs().any(|run| run.verdicts.contains_key(&denied)) {
        steps.push("`pinpoint-evidence doctor` shows which calls are denied".to_owned());
    }
    if steps.is_empty() {
        steps.push("`pinpoint-evidence verify PACK` checks a pack before it is handed on".to_owned());
    }
    steps.join("; ")
}

/// What failed or could not be evaluated and nobody accepted, the most important first: required before recommended,
/// seen wrong before not seen, then in the order of the catalogue.
fn open(findings: &Findings) -> impl Iterator<Item = Found> + '_ {
    let kinds = [Level::Required, Level::Recommended].into_iter().flat_map(|level| [(level, true), (level, false)]);
    kinds.flat_map(move |(level, fails)| {
        let is_fail = move |mark: Mark| (mark.verdict() == Verdict::Fail) == fails;
        let is_shown = move |mark: Mark| mark.is_open() && !mark.is_waived() && is_fail(mark);
        findings.marked(move |run| run.level == level, is_shown).map(|(_, finding)| finding)
    })
}

/// Three times the same sentence would say less than three different ones.
fn one_of_each_rule(open: impl Iterator<Item = Found>) -> Vec<Found> {
    let mut shown: Vec<Found> = Vec::new();
    for finding in open {
        if shown.len() < SHOWN && !shown.iter().any(|seen| seen.rule == finding.rule) {
            shown.push(finding);
        }
    }
    shown
}

fn line(finding: &Finding, whole: bool) -> String {
    let verdict = match finding.verdict {
        Verdict::NotEvaluated(reason) => format!("not evaluated ({reason})"),
        verdict => verdict.as_str().to_owned(),
    };
    let level = if finding.level == Level::Recommended { " (recommended)" } else { "" };
    let resource = finding.resource_name.as_deref().unwrap_or(&finding.resource);
    let message = if whole { finding.message.clone() } else { shortened(&finding.message) };
    format!("  {verdict}  {}{level}  {resource}: {message}", finding.rule)
}

fn shortened(message: &str) -> String {
    if message.chars().count() <= MESSAGE {
        return message.to_owned();
    }
    let begin: String = message.chars().take(MESSAGE).collect();
    let whole_words = begin.rsplit_once(' ').map_or(begin.as_str(), |(words, _)| words);
    format!("{whole_words} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &'static str, level: Level, verdict: Verdict) -> Finding {
        Finding {
            rule,
            level,
            account: "111122223333".into(),
            region: None,
            resource: "r".into(),
            resource_name: None,
            verdict,
            message: "m".into(),
            evidence: Vec::new(),
            attestation: None,
            waiver: None,
        }
    }

    #[test]
    fn required_comes_before_recommended_and_wrong_before_unseen_and_no_rule_is_shown_twice() {
        let unseen = Verdict::NotEvaluated(Reason::Unspecified);
        let findings = [
            finding("a", Level::Recommended, Verdict::Fail),
            finding("b", Level::Required, unseen),
            finding("c", Level::Required, Verdict::Pass),
            finding("d", Level::Required, Verdict::Fail),
            finding("d", Level::Required, Verdict::Fail),
            finding("e", Level::Recommended, unseen),
        ];
        let findings = findings.into_iter().collect();
        assert_eq!(open(&findings).count(), 5);
        let shown: Vec<&str> = one_of_each_rule(open(&findings)).iter().map(|finding| finding.rule).collect();
        assert_eq!(shown, ["d", "b", "a"]);
    }

    #[test]
    fn a_long_message_ends_at_a_word() {
        let short = shortened(&"seven77 ".repeat(40));
        assert!(short.ends_with("seven77 …") && short.chars().count() <= MESSAGE + 2, "{short}");
    }
}
