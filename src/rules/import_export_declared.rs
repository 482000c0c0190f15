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
    /// The files hold endpoints: addresses, attributes and user ids. What holds PHI has to be known
    /// (45 CFR 164.308(a)(1)(ii)(A), 164.310(d)(1)), and another party needs a business associate agreement
    /// (164.308(b)(1), 164.502(e)).
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
