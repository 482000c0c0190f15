//! Which accounts to look at, and as whom.

use serde_json::Value;

use super::super::failure::Failure;
use super::regions::partition;
use crate::collect::{self, Aws, Clock, Recall, Role, Target};
use crate::config::{self, Accounts};
use crate::snapshot::{Call, Caller, SkippedAccount};

/// The name under which CloudTrail shows the sessions of this program.
pub(super) const SESSION: &str = "pinpoint-evidence";

/// The accounts of a collection.
#[derive(Clone, Debug)]
pub(super) struct Fleet {
    pub(super) targets: Vec<Target>,
    pub(super) organization: Option<Value>,
    pub(super) skipped: Vec<SkippedAccount>,
}

impl Fleet {
    /// Finds them as the configuration says. The calls that this took are there in any case.
    pub(super) async fn find(
        aws: &Aws,
        config: &config::Aws,
        caller: &Caller,
        clock: &Clock,
        recall: Option<Recall>,
    ) -> (Vec<Call>, Result<Self, Failure>) {
        if let Err(failure) = require_partition(config, caller) {
            return (Vec::new(), Err(failure));
        }
        let of = |accounts: &[String]| accounts.iter().map(|account| target(config, caller, account)).collect();
        let alone = |targets| Ok(Self { targets, organization: None, skipped: Vec::new() });
        match &config.accounts {
            Accounts::Own => (Vec::new(), alone(vec![own(config, caller)])),
            Accounts::List(accounts) => (Vec::new(), alone(of(accounts))),
            Accounts::Organization => {
                let (calls, read) = collect::organization(aws, &caller.account, clock, recall).await;
                let found = read.map(|found| Self {
                    targets: of(&found.accounts),
                    organization: found.description,
                    skipped: found.skipped,
                });
                (calls, found.map_err(Failure::from))
            }
        }
    }
}

/// The one account that a command looks at which looks at one, and whether the configuration names others.
pub(super) fn one(config: &config::Aws, caller: &Caller) -> Result<(Target, bool), Failure> {
    require_partition(config, caller)?;
    Ok(match &config.accounts {
        Accounts::Own => (own(config, caller), false),
        _ => (Target { account: caller.account.clone(), role: None }, true),
    })
}

/// Without a list of accounts, a role stands for the account that it is in.
fn own(config: &config::Aws, caller: &Caller) -> Target {
    let Some(template) = &config.role else { return Target { account: caller.account.clone(), role: None } };
    let named = template.split(':').nth(4).filter(|account| *account != "{account}");
    let account = named.unwrap_or(&caller.account).to_owned();
    Target { role: Some(role(config, template, &account)), account }
}

/// Beside other accounts, the caller's own is read as the caller: a role that is rolled out to the members of an
/// organization is not in its management account.
fn target(config: &config::Aws, caller: &Caller, account: &str) -> Target {
    let template = config.role.as_ref().filter(|_| account != caller.account);
    Target { account: account.to_owned(), role: template.map(|template| role(config, template, account)) }
}

fn role(config: &config::Aws, template: &str, account: &str) -> Role {
    Role {
        arn: template.replace("{account}", account),
        external_id: config.external_id.clone(),
        session: SESSION.to_owned(),
    }
}

fn require_partition(config: &config::Aws, caller: &Caller) -> Result<(), Failure> {
    let Some(role) = &config.role else { return Ok(()) };
    let (named, own) = (role.split(':').nth(1).unwrap_or_default(), partition(caller));
    if named == own {
        return Ok(());
    }
    let message = format!("aws.role is of the partition {named}, but the credentials are of {own}");
    Err(Failure::usage(message).hint(format!("write aws.role like arn:{own}:iam::{{account}}:role/PinpointEvidence")))
}
