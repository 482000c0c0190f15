use std::sync::Arc;

use super::*;
use crate::rules::{AppliedWaiver, Attestation, Reason, Verdict};
use crate::snapshot::{CallId, Outcome};

fn finding(rule: &'static str, level: Level, number: usize) -> Finding {
    let verdicts = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::NotApplicable,
        Verdict::Attested,
        Verdict::NotEvaluated(Reason::NeedsAttestation),
        Verdict::NotEvaluated(Reason::Unspecified),
        Verdict::NotEvaluated(Reason::Unread(Outcome::ALL[number % Outcome::ALL.len()])),
    ];
    let day = "2026-11-01".parse().expect("a day");
    Finding {
        rule,
        level,
        account: "111122223333".into(),
        region: number.is_multiple_of(2).then(|| "us-east-1".to_owned()),
        resource: format!("arn:{number}"),
        resource_name: number.is_multiple_of(3).then(|| "ä name".repeat(number)),
        verdict: verdicts[number % verdicts.len()],
        message: "Observed: m".into(),
        evidence: vec![
            CallId::from_file(format!("c-{number:016x}")),
            CallId::from_file("earlier/2026-10-20T09:00:00.000Z/c-0000000000000001"),
            CallId::from_file("c-ABCDEF0000000000"),
        ],
        attestation: number.is_multiple_of(5).then(|| Attestation {
            id: "x".into(),
            statement: format!("s{}", number % 2),
            by: Some("b".into()),
            role: None,
            on: Some(day),
            reference: None,
        }),
        waiver: (number % 7 == 1).then(|| AppliedWaiver {
            reason: "r".into(),
            owner: "o".into(),
            approver: "a".into(),
            ticket: "t".into(),
            approved_on: day,
            expires: day,
            valid: number.is_multiple_of(2),
        }),
    }
}

fn list() -> Vec<Finding> {
    let first = (0..300).map(|number| finding("a", Level::Required, number));
    first.chain((0..5).map(|number| finding("b", Level::Recommended, number))).collect()
}

#[test]
fn what_is_put_in_comes_out_in_order_and_at_every_position() {
    let findings: Findings = list().into_iter().collect();
    assert_eq!(findings.len(), 305);
    let all: Vec<Finding> = findings.iter().map(|found| (*found).clone()).collect();
    assert_eq!(all, list());
    for (position, expected) in list().iter().enumerate() {
        assert_eq!(*findings.get(position).expect("one"), *expected);
        assert_eq!(findings.id_at(position), Some(expected.id()));
        assert_eq!(findings.position(&expected.id()), list().iter().position(|it| it.id() == expected.id()));
    }
    assert!(findings.get(305).is_none() && findings.id_at(305).is_none());
    let wanted = [3, 127, 128, 4, 304, 999];
    let at: Vec<(usize, Finding)> = findings.at(wanted.into_iter()).map(|(at, found)| (at, (*found).clone())).collect();
    assert_eq!(at, wanted[..5].iter().map(|at| (*at, list()[*at].clone())).collect::<Vec<_>>());
    let some: Vec<Finding> = findings.range(298..999).map(|found| (*found).clone()).collect();
    assert_eq!(some, list()[298..]);
    assert!(findings.ids().eq(list().iter().map(Finding::id)));
}

#[test]
fn a_mark_says_what_its_finding_says() {
    let findings: Findings = list().into_iter().collect();
    for (run, of_rule) in findings.runs().zip(list().chunk_by(|a, b| a.rule == b.rule)) {
        assert_eq!(run.marks().count(), of_rule.len());
        for ((position, mark), finding) in run.marks().zip(of_rule) {
            assert_eq!((mark.verdict(), mark.is_waived()), (finding.verdict, finding.is_waived()));
            assert_eq!(findings.mark_on(run.rule, &finding.resource), Some(mark), "{position}");
        }
    }
    assert_eq!(findings.mark_on("b", "arn:200"), None, "it is of another rule");
    let open: Vec<(usize, Finding)> = findings
        .marked(|run| run.rule == "a", |mark| mark.is_open() && !mark.is_waived())
        .map(|(at, found)| (at, (*found).clone()))
        .collect();
    let expected = list().into_iter().enumerate().filter(|(_, it)| it.rule == "a" && it.verdict.is_open());
    assert_eq!(open, expected.filter(|(_, it)| !it.is_waived()).collect::<Vec<_>>());
    assert!(open.len() > 100);
}

#[test]
fn a_number_that_another_account_shares_with_two_is_two_findings() {
    let number = "arn:aws:sms-voice:us-east-1:444455556666:phone-number/phone-1";
    let seen_in = |account: &str| Finding {
        account: account.to_owned(),
        resource: number.to_owned(),
        ..finding("a", Level::Required, 0)
    };
    let shared = ["111122223333", "111122223334"].map(seen_in);
    assert_ne!(shared[0].id(), shared[1].id());
    assert_eq!(seen_in("444455556666").id(), Finding::id_of("a", number), "its owner's is the resource's");
    let findings: Findings = shared.iter().cloned().collect();
    assert_eq!(shared.map(|finding| findings.position(&finding.id())), [Some(0), Some(1)]);
}

#[test]
fn counts_are_those_of_the_list() {
    let findings: Findings = list().into_iter().collect();
    let runs: Vec<&Run> = findings.runs().collect();
    assert_eq!(
        runs.iter().map(|run| (run.rule, run.first, run.len())).collect::<Vec<_>>(),
        [("a", 0, 300), ("b", 300, 5)]
    );
    assert_eq!(runs[0].summary, Summary::of(&list()[..300]));
    let unread = list()[..300].iter().filter(|finding| finding.verdict.reason().is_some()).count();
    assert_eq!(runs[0].reasons().map(|(_, number)| number).sum::<u64>(), unread as u64);
}

#[test]
fn announced_rules_stand_in_their_order_whatever_comes_first() {
    let mut findings = Findings::of_rules(
        [("a", Level::Required), ("c", Level::Required), ("b", Level::Recommended)],
        &Arc::default(),
    );
    let mut mixed = list();
    mixed.sort_by(|a, b| (&a.resource, b.rule).cmp(&(&b.resource, a.rule)));
    mixed.iter().cloned().for_each(|finding| findings.push(finding));
    findings.settle();
    mixed.sort_by_key(|finding| finding.rule);
    let all: Vec<Finding> = findings.iter().map(|found| (*found).clone()).collect();
    assert_eq!(all, mixed);
    assert!(findings.of_rule("b").map(|(position, _)| position).eq(300..305));
}

/// What a collection of the whole organization has of one more finding: a call of its own and an application that other
/// rules judge as well, in the order of all of them.
#[test]
fn a_finding_more_takes_little_room() {
    const ALL: usize = 2_000;
    let rules: Vec<&'static str> = crate::rules::in_order().map(|rule| rule.id).take(8).collect();
    let id = |n: usize| crate::snapshot::hex_sha256(&n.to_be_bytes())[..32].to_owned();
    let call = |rule: usize, n: usize| CallId::of_number(((rule * ALL + n) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let row = |at: usize| crate::pack::EvidenceRow { id: call(at / ALL, at % ALL), line: at as u64 + 1, ..row() };
    let evidence: crate::pack::Evidence = (0..rules.len() * ALL).map(row).collect();
    let mut findings = Findings::of_rules(rules.iter().map(|rule| (*rule, Level::Required)), evidence.index());
    for (at, rule) in rules.iter().enumerate() {
        for n in 0..ALL {
            findings.push(Finding {
                resource: format!("arn:aws:mobiletargeting:us-east-1:111122223333:apps/{}", id(n)),
                resource_name: Some(format!("clinic {n}")),
                evidence: vec![call(at, n), call(0, n)],
                attestation: None,
                waiver: None,
                ..finding(rule, Level::Required, 0)
            });
        }
    }
    findings.settle();
    assert_eq!(findings.len(), rules.len() * ALL);
    assert!(findings.bytes() < 24 * findings.len(), "{} bytes each", findings.bytes() / findings.len());
}

fn row() -> crate::pack::EvidenceRow {
    crate::pack::EvidenceRow {
        id: CallId::of_number(0),
        service: "pinpoint".into(),
        operation: "GetApp".into(),
        about: String::new(),
        account: "111122223333".into(),
        region: "us-east-1".into(),
        page: 1,
        started: "2026-11-01T00:00:00Z".parse().expect("a time"),
        request_id: None,
        outcome: Outcome::Observed,
        sha256: None,
        file: "evidence/calls/111122223333/us-east-1/pinpoint.jsonl".into(),
        line: 1,
    }
}
