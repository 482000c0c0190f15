//! Agreements as documents show them.

use super::Agreement;
use crate::estate::{self, Estate, Listed};
use crate::rules::is_baa;

/// Every agreement that AWS Artifact lists, by account.
pub(super) fn agreements(estate: &Estate) -> Vec<Agreement> {
    let of_account = |(account, artifact): (&String, &estate::Artifact)| {
        artifact.agreements.seen.iter().map(|listed| agreement(account, listed)).collect::<Vec<_>>()
    };
    estate.artifacts.iter().flat_map(of_account).collect()
}

fn agreement(account: &str, listed: &Listed<estate::Agreement>) -> Agreement {
    let agreement = &listed.value;
    Agreement {
        name: agreement.name.clone(),
        arn: agreement.arn.clone(),
        state: agreement.state.as_ref().map(|state| state.as_str().to_owned()),
        effective_start: agreement.effective_start,
        effective_end: agreement.effective_end,
        scope: if agreement.organization_arn.is_some() { "organization" } else { "account" },
        organization: agreement.organization_arn.clone(),
        baa: is_baa(agreement),
        account: account.to_owned(),
        evidence: vec![listed.call.clone()],
    }
}
