//! Nothing is hidden in a region where nobody looked.

use super::context::Context;
use super::finding::Attestation;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::Gap;

rule! {
    /// Every region where Amazon Pinpoint or AWS End User Messaging is offered was looked at.
    ///
    /// Passes when the collection left out no region of its partition. Where it did, `[aws.unscanned]` in the
    /// configuration stands as a person's statement why the others need no look; without it the rule fails and names
    /// them.
    ///
    /// ## Why
    ///
    /// The services are regional: an application in a region where nobody looked sends messages all the same. A risk
    /// analysis has to cover all electronic PHI (45 CFR 164.308(a)(1)(ii)(A)); NIST SP 800-53r5 CM-8.
    ///
    /// ## Fix
    ///
    /// Collect with `--region all`, or `regions = "all"` under `[aws]`. Where a service control policy denies the other
    /// regions, say so under `[aws.unscanned]` with a reason, a person and a date.
    ///
    /// ## Limits
    ///
    /// The list of regions is AWS's published one, as of 2026-05-20. Whether a policy really denies the other regions
    /// is not checked.
    "regions-scanned", "Every region looked at", Recommended, Agreements, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let account = |account: &String| {
        let resource = format!("account/{account}");
        let subject = Subject { account: account.clone(), region: None, resource, name: None };
        let judgement = match context.estate.accounts_unread.get(account) {
            Some(gap) => unread(gap),
            // What the missing parts were to look at is not known to have been looked at.
            None if context.estate.parts_missing.is_some() => unread(&Gap::not_asked("GetApps")),
            None => judge_regions(context),
        };
        judgement.conclude(rule, subject, context)
    };
    context.estate.accounts.iter().filter(|_| context.judges_beyond()).map(account).collect()
}

/// Nobody looked in any region of an account that could not be entered.
fn unread(gap: &Gap) -> Judgement {
    let mut judgement = Judgement::new();
    judgement.unread(gap);
    judgement
}

fn judge_regions(context: &Context<'_>) -> Judgement {
    let mut judgement = Judgement::new();
    let left_out = &context.estate.regions_not_scanned;
    match &context.config.aws.unscanned {
        _ if left_out.is_empty() => judgement.holds("Every region where the services are offered was looked at.", &[]),
        Some(unscanned) => {
            judgement.holds(format!("Nobody looked in: {}.", left_out.join(", ")), &[]);
            let attestation = Attestation {
                id: "unscanned".to_owned(),
                statement: unscanned.reason.clone(),
                by: Some(unscanned.declared_by.clone()),
                role: None,
                on: Some(unscanned.declared_on),
                reference: None,
            };
            judgement.attested(attestation, &[]);
        }
        None => judgement.violated(
            format!("Nobody looked in: {}. Nothing says why these regions need no look.", left_out.join(", ")),
            &[],
        ),
    }
    judgement
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::estate::Estate;
    use crate::files::Existing;
    use crate::rules::testing::{ACCOUNT, configured};
    use crate::rules::{Reason, Verdict, judge_one};
    use crate::snapshot::{CallId, Caller, Collection, Outcome, Snapshot, Tool, Writer};

    const UNSCANNED: &str = r#"
[aws.unscanned]
reason = "a service control policy denies them"
declared_by = "platform team"
declared_on = 2026-09-01
"#;

    fn findings(toml: &str, left_out: &[&str]) -> Vec<Finding> {
        configured(toml, |context| {
            let estate = Estate {
                regions_not_scanned: left_out.iter().map(|region| (*region).to_owned()).collect(),
                accounts: vec![ACCOUNT.to_owned(), "444455556666".to_owned()],
                ..context.estate.clone()
            };
            judge_one(&RULE, &Context { estate: &estate, ..*context })
        })
    }

    #[test]
    fn passes_when_no_region_is_left_out_whatever_is_declared() {
        for toml in ["", UNSCANNED] {
            assert!(findings(toml, &[]).iter().all(|finding| finding.verdict == Verdict::Pass));
        }
    }

    #[test]
    fn fails_for_every_account_with_the_names_of_the_regions() {
        let findings = findings("", &["eu-west-1", "us-west-2"]);
        let resources: Vec<&str> = findings.iter().map(|finding| finding.resource.as_str()).collect();
        assert_eq!(resources, ["account/111122223333", "account/444455556666"]);
        for finding in findings {
            assert_eq!((finding.verdict, finding.region), (Verdict::Fail, None));
            assert!(finding.message.contains("Nobody looked in: eu-west-1, us-west-2."), "{}", finding.message);
        }
    }

    #[test]
    fn an_account_that_could_not_be_entered_is_not_evaluated() {
        let call = CallId::from_file("c-0123456789abcdef");
        let gap = Gap { operation: "AssumeRole", outcome: Outcome::AccessDenied, calls: vec![call.clone()] };
        configured("", |context| {
            let accounts_unread = BTreeMap::from([(ACCOUNT.to_owned(), gap.clone())]);
            let estate = Estate { accounts_unread, regions_not_scanned: Vec::new(), ..context.estate.clone() };
            for finding in judge_one(&RULE, &Context { estate: &estate, ..*context }) {
                assert_eq!(
                    (finding.verdict, &finding.evidence),
                    (Verdict::NotEvaluated(Reason::Unread(Outcome::AccessDenied)), &vec![call.clone()])
                );
            }
        });
    }

    #[test]
    fn the_regions_are_those_of_the_snapshots_header() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("snapshot");
        let collection = Collection {
            tool: Tool::this(),
            started: DateTime::<Utc>::UNIX_EPOCH,
            finished: DateTime::<Utc>::UNIX_EPOCH,
            caller: Caller { account: ACCOUNT.to_owned(), arn: "arn".to_owned() },
            organization: None,
            accounts_skipped: Vec::new(),
            shard: None,
            accounts: vec![ACCOUNT.to_owned()],
            regions: vec!["us-east-1".to_owned()],
            regions_not_scanned: vec!["eu-west-1".to_owned()],
        };
        Writer::create(&target, Existing::Refuse).and_then(|writer| writer.finish(collection)).expect("a snapshot");
        let snapshot = Snapshot::open(&target).expect("a snapshot");
        let estate = Estate::read(&snapshot).expect("an estate");
        assert_eq!(estate.regions_not_scanned, ["eu-west-1"]);
    }

    #[test]
    fn is_attested_when_somebody_says_why_and_names_the_regions_all_the_same() {
        for finding in findings(UNSCANNED, &["eu-west-1"]) {
            assert_eq!(finding.verdict, Verdict::Attested);
            let attestation = finding.attestation.expect("an attestation");
            assert_eq!(attestation.by.as_deref(), Some("platform team"));
            assert!(finding.message.contains("Nobody looked in: eu-west-1."), "{}", finding.message);
        }
    }
}
