//! The account on which the doctor tries what the rules cannot do without: the demo's, answered inside this process.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::blindness::{Key, unread};
use crate::collect::{self, Aws, Clock, Pace, Plan, in_process};
use crate::config::Config;
use crate::demo;
use crate::operations::Operation;
use crate::snapshot::{Call, Outcome};

/// The example account, and what is declared about it. Nothing of it leaves the process.
pub struct Example {
    aws: Aws,
    plan: Plan,
    clock: Clock,
    /// Every call but the caller's identity.
    pub(super) calls: Vec<Call>,
    /// The declarations.
    pub(super) config: Config,
    /// When it was collected: while every feature was supported.
    pub(super) at: DateTime<Utc>,
    /// What the account itself denies, before anything else is.
    pub(super) unread: BTreeSet<Key>,
}

impl Example {
    /// Collects the example account. `None` only if this program's own documents were broken.
    pub async fn collect() -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(demo::NOW).ok()?.to_utc();
        let config = Config::parse(demo::CONFIG, "evidence.toml").ok()?;
        let aws = in_process::aws(demo::REGIONS[0], demo::answer);
        let clock: Clock = Arc::new(move || at);
        let regions = demo::REGIONS.map(str::to_owned).to_vec();
        let plan = Plan::own(demo::ACCOUNT, regions, Pace::Unlimited);
        let calls = collect::rehearse(&aws, &plan, &clock, &[]).await;
        let mut example = Self { aws, plan, clock, calls, config, at, unread: BTreeSet::new() };
        example.unread = unread(&example, &example.calls);
        Some(example)
    }

    /// The calls as they would be if these operations were denied.
    pub(super) async fn denying(&self, denied: &[&'static Operation]) -> Vec<Call> {
        if denied.iter().any(|operation| collect::leads_on(operation)) {
            return collect::rehearse(&self.aws, &self.plan, &self.clock, denied).await;
        }
        // Nothing hangs on their answers, so that nothing else changes.
        let is_denied = |call: &Call| denied.iter().any(|operation| is_of(call, operation));
        let first_pages = self.calls.iter().filter(|call| call.page == 1 || !is_denied(call));
        first_pages.map(|call| if is_denied(call) { refused(call) } else { call.clone() }).collect()
    }
}

/// Whether a call is one of this operation.
pub(super) fn is_of(call: &Call, operation: &Operation) -> bool {
    call.operation == operation.name && call.service == operation.service.as_str()
}

fn refused(call: &Call) -> Call {
    let (items, body, sha256) = (None, None, None);
    Call { outcome: Outcome::AccessDenied, items, more: false, body, sha256, redactions: Vec::new(), ..call.clone() }
}
