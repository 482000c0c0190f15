//! Imports and exports carry endpoints through buckets.

use super::context::Context;
use super::judgement::Judgement;
use super::processors::{self, Own, Receiver};
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Job, Listing, Place};
use crate::operations::{self as op, Operation};

rule! {
    /// Endpoints of an application that carries PHI are imported from and exported to declared buckets only.
    ///
    /// Passes when `GetImportJobs` and `GetExportJobs` show no job, or when the bucket of each job is the `target` of a
    /// `[[phi.processor]]` (`target = "arn:aws:s3:::bucket"`), in the own account too: a bucket's name does not say
    /// whose it is. Jobs count in every status.
    ///
    /// ## Why
    ///
    /// The files hold endpoints: addresses, attributes and user ids. What holds PHI has to be known (45 CFR
    /// 164.308(a)(1)(ii)(A), 164.310(d)(1)), and another party needs a business associate agreement (164.308(b)(1),
    /// 164.502(e)).
    ///
    /// ## Fix
    ///
    /// Name the bucket under `[[phi.processor]]` with its purpose. A job cannot be deleted; where the bucket should not
    /// have been used, accept the finding with a `[[waiver]]` that says what was done about the files.
    ///
    /// ## Limits
    ///
    /// It shows the jobs that AWS still listed when observed, not who reads the bucket.
    "import-export-declared", "Import and export buckets declared", Recommended, DataFlow, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let mut judgement = Judgement::new();
        judge_jobs((context, place), &op::GET_IMPORT_JOBS, "import", &application.imports, &mut judgement);
        judge_jobs((context, place), &op::GET_EXPORT_JOBS, "export", &application.exports, &mut judgement);
        vec![(Subject::application(place, application), judgement)]
    })
}

fn judge_jobs(
    context: (&Context<'_>, &Place),
    operation: &Operation,
    kind: &str,
    jobs: &Listing<Job>,
    judgement: &mut Judgement,
) {
    if let Some(gap) = &jobs.gap {
        judgement.unread(gap);
    } else if jobs.seen.is_empty() {
        judgement.holds(format!("{} shows no {kind} job.", operation.name), &jobs.calls);
    }
    for listed in &jobs.seen {
        let calls = std::slice::from_ref(&listed.call);
        let who = format!("The {kind} job {} uses", listed.value.id.as_deref().unwrap_or("without an id"));
        match &listed.value.location {
            Some(url) => processors::judge(context, &who, Receiver::Bucket(url), Own::IsDeclaredToo, calls, judgement),
            None => judgement.lacks(operation.name, calls),
        }
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, UNREAD, about_app, processor, unread};
    use crate::snapshot::Outcome;

    const LISTS: [(&Operation, &str); 2] = [(&op::GET_IMPORT_JOBS, "S3Url"), (&op::GET_EXPORT_JOBS, "S3UrlPrefix")];

    fn job(member: &str, url: &str) -> Value {
        json!({"Id": "j", "JobStatus": "FAILED", "Definition": {member: url}})
    }

    fn with(operation: &Operation, jobs: Value) -> Account {
        let mut account = Account::new();
        account.answer(operation, about_app(), json!({"Item": jobs}));
        account.config(&processor("arn:aws:s3:::declared"))
    }

    #[test]
    fn passes_without_a_job_and_with_declared_buckets_only() {
        assert_eq!(Account::new().verdict(&RULE, APP_ARN), Verdict::Pass);
        for (operation, member) in LISTS {
            for (url, expected) in [
                ("s3://declared/2026/file.csv", Verdict::Pass),
                ("s3://declared", Verdict::Pass),
                ("s3://other/2026/file.csv", Verdict::Fail),
                ("https://declared.s3.amazonaws.com/file.csv", Verdict::Fail),
            ] {
                let account = with(operation, json!([job(member, url)]));
                assert_eq!(account.verdict(&RULE, APP_ARN), expected, "{url}");
            }
            let both = json!([job(member, "s3://declared/a"), job(member, "s3://other/b")]);
            assert_eq!(with(operation, both).verdict(&RULE, APP_ARN), Verdict::Fail);
        }
    }

    #[test]
    fn an_empty_list_is_an_answer_also_after_the_end_of_support() {
        assert_eq!(Account::new().at("2026-11-23T10:00:00Z", "2026-Q4").verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn is_not_evaluated_when_a_list_is_unread_or_cut_unless_the_other_shows_a_violation() {
        for outcome in UNREAD {
            for ((operation, _), (other, member)) in [(LISTS[0], LISTS[1]), (LISTS[1], LISTS[0])] {
                let mut account = Account::new();
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
                account.answer(other, about_app(), json!({"Item": [job(member, "s3://other")]}));
                assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Fail);
            }
        }
        let mut cut = with(&op::GET_EXPORT_JOBS, json!([]));
        let page = json!({"Item": [job("S3Url", "s3://declared/a")], "NextToken": "more"}).to_string();
        cut.page(&op::GET_IMPORT_JOBS, about_app(), 1, &page, Outcome::Observed);
        assert_eq!(cut.verdict(&RULE, APP_ARN), unread(Outcome::Truncated));
    }

    #[test]
    fn a_job_that_names_no_bucket_is_unmodelled() {
        for (operation, _) in LISTS {
            for lacking in [json!({"Id": "j"}), json!({"Id": "j", "Definition": {}})] {
                assert_eq!(with(operation, json!([lacking])).verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
            }
            let mut account = Account::new();
            account.answer(operation, about_app(), json!({}));
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
        }
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        let account = with(&op::GET_IMPORT_JOBS, json!([job("S3Url", "s3://other")])).config(EXCLUDED);
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }
}
