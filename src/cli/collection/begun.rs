//! What a collection set out to do, as a later run finds it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::failure::Failure;
use super::fleet::{Fleet, SESSION};
use crate::collect::{Pace, Plan, Role, Target};
use crate::config::Config;
use crate::snapshot::{CallId, Caller, Collection, Shard, SkippedAccount, Tool, Writer};

const SCHEMA: &str = "pinpoint-evidence/partial/v1";

/// The plan. Nothing in it is secret: what a role's trust policy asks for stays in the configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Begun {
    schema: String,
    tool: Tool,
    #[serde(with = "crate::snapshot::time")]
    started: DateTime<Utc>,
    caller_account: String,
    accounts: Vec<Account>,
    accounts_skipped: Vec<SkippedAccount>,
    organization: Option<Value>,
    regions: Vec<String>,
    regions_not_scanned: Vec<String>,
    shard: Option<Shard>,
    /// The calls that showed which accounts there are.
    opening: Vec<CallId>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    id: String,
    role: Option<String>,
}

impl Begun {
    pub(super) fn new(
        started: DateTime<Utc>,
        caller_account: String,
        fleet: Fleet,
        (regions, regions_not_scanned): (Vec<String>, Vec<String>),
        shard: Option<Shard>,
        opening: Vec<CallId>,
    ) -> Self {
        let account = |target: Target| Account { id: target.account, role: target.role.map(|role| role.arn) };
        let mut accounts: Vec<Account> = fleet.targets.into_iter().map(account).collect();
        accounts.sort_by(|one, other| one.id.cmp(&other.id));
        let (schema, tool) = (SCHEMA.to_owned(), Tool::this());
        let (accounts_skipped, organization) = (fleet.skipped, fleet.organization);
        Self {
            schema,
            tool,
            started,
            caller_account,
            accounts,
            accounts_skipped,
            organization,
            regions,
            regions_not_scanned,
            shard,
            opening,
        }
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let unreadable = |what: String| {
            let failure = Failure::usage(format!("cannot go on with the stopped collection: its plan.json {what}"));
            failure.hint("begin anew, with --force")
        };
        let begun: Self = serde_json::from_slice(bytes).map_err(|error| unreadable(format!("is damaged: {error}")))?;
        if begun.schema != SCHEMA || begun.tool != Tool::this() {
            let Tool { name, version } = &begun.tool;
            return Err(unreadable(format!("is of {name} {version}, and this is {}", Tool::this().version)));
        }
        Ok(begun)
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Failure> {
        serde_json::to_vec_pretty(self).map_err(Failure::usage)
    }

    /// Checks that the same account goes on, and keeps what showed the accounts.
    pub(super) fn gone_on_with(self, caller: &Caller, writer: &mut Writer) -> Result<Self, Failure> {
        if caller.account != self.caller_account {
            let message = format!(
                "cannot go on with the stopped collection: it was begun by account {}, and this is {}",
                self.caller_account, caller.account
            );
            return Err(Failure::usage(message).hint("use the credentials of that account, or begin anew with --force"));
        }
        if let Some(recalled) = writer.recalled() {
            for call in self.opening.iter().filter_map(|id| recalled(id)) {
                writer.add(&call)?;
            }
        }
        Ok(self)
    }

    /// What is asked.
    pub(super) fn plan(&self, caller: &Caller, config: &Config, pace: Pace) -> Plan {
        // Each shard has a session of its own, so that the calls that open an account are told apart.
        let session =
            self.shard.map_or_else(|| SESSION.to_owned(), |Shard { index, of }| format!("{SESSION}-{index}-of-{of}"));
        let external_id = &config.aws.external_id;
        let role = |arn: &String| Role { arn: arn.clone(), external_id: external_id.clone(), session: session.clone() };
        let target = |account: &Account| Target { account: account.id.clone(), role: account.role.as_ref().map(role) };
        Plan {
            caller: caller.account.clone(),
            targets: self.accounts.iter().map(target).collect(),
            regions: self.regions.clone(),
            pace,
            shard: self.shard,
        }
    }

    pub(super) fn in_words(&self) -> String {
        let accounts = match self.accounts.as_slice() {
            [one] => format!("account {}", one.id),
            several => format!("{} accounts", several.len()),
        };
        let shard = self.shard.map(|Shard { index, of }| format!(", shard {index} of {of}")).unwrap_or_default();
        format!("Collecting from {accounts} in {}{shard}.", self.regions.join(", "))
    }

    /// What the header says.
    pub(super) fn collection(self, caller: Caller, finished: DateTime<Utc>) -> Collection {
        Collection {
            tool: self.tool,
            started: self.started,
            finished,
            caller,
            organization: self.organization,
            accounts: self.accounts.into_iter().map(|account| account.id).collect(),
            accounts_skipped: self.accounts_skipped,
            shard: self.shard,
            regions: self.regions,
            regions_not_scanned: self.regions_not_scanned,
        }
    }
}
