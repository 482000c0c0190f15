//! The parts of a large pack: a document that does not fit on one page has pages for each account and region.

use super::escape;
use crate::rules::Finding;

/// What is found of an account as a whole, beside its regions.
const WHOLE: &str = "account";

/// What is found of no account.
const NO_ACCOUNT: &str = "pack";

/// An account and a region of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// Twelve digits; empty where it is about no account.
    pub(super) account: String,
    /// `None` where it is about the account as a whole.
    pub(super) region: Option<String>,
}

impl Part {
    /// The one that a finding belongs to.
    pub(super) fn of(finding: &Finding) -> Self {
        Self { account: finding.account.clone(), region: finding.region.clone() }
    }

    /// Whether a finding belongs to it.
    pub(super) fn has(&self, finding: &Finding) -> bool {
        self.account == finding.account && self.region == finding.region
    }

    /// Where the pages of a document on it lie: `<document>/<account>/<region>`.
    pub(super) fn document(&self, document: &str) -> String {
        let account = if self.account.is_empty() { NO_ACCOUNT } else { &self.account };
        let region = self.region.as_deref().unwrap_or(WHOLE);
        format!("{document}/{}/{}", escape::anchor(account), escape::anchor(region))
    }

    /// For a heading: `account 111122223333, us-east-1`.
    pub(super) fn words(&self) -> String {
        let account =
            if self.account.is_empty() { "no account".to_owned() } else { format!("account {}", self.account) };
        format!("{account}, {}", self.region())
    }

    /// For a cell.
    pub(super) fn account(&self) -> String {
        if self.account.is_empty() { "none".to_owned() } else { self.account.clone() }
    }

    /// For a cell.
    pub(super) fn region(&self) -> String {
        self.region.clone().unwrap_or_else(|| "as a whole".to_owned())
    }
}
