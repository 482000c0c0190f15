//! What to collect, and how it is divided.

use std::collections::BTreeSet;

use super::Pace;
use crate::snapshot::Shard;

/// What to collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The caller's account, twelve digits.
    pub caller: String,
    /// The accounts to look at; each is looked at once.
    pub targets: Vec<Target>,
    /// The regions to look at in each of them, for instance `us-east-1`; each is looked at once.
    pub regions: Vec<String>,
    /// How fast.
    pub pace: Pace,
    /// Which part of it, where several processes share the work.
    pub shard: Option<Shard>,
}

/// One account, and as whom it is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Twelve digits.
    pub account: String,
    /// The role to assume; `None` for the caller's own credentials.
    pub role: Option<Role>,
}

/// A role that is assumed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role {
    /// `arn:<partition>:iam::<account>:role/<name>`.
    pub arn: String,
    /// What the role's trust policy may ask for.
    pub external_id: Option<String>,
    /// The name under which CloudTrail shows the session.
    pub session: String,
}

/// What one collection asks in one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) target: Target,
    /// In order.
    pub(super) regions: Vec<String>,
    /// Whether the account's agreements belong to it.
    pub(super) agreements: bool,
}

impl Plan {
    /// One account with the caller's own credentials.
    #[must_use]
    pub fn own(account: &str, regions: Vec<String>, pace: Pace) -> Self {
        let target = Target { account: account.to_owned(), role: None };
        Self { caller: account.to_owned(), targets: vec![target], regions, pace, shard: None }
    }

    /// What is asked in each account. Pairs of account and region, in order, are dealt out to the shards in turn; an
    /// account's agreements go with its first region.
    pub(super) fn shares(&self) -> Vec<Share> {
        let (targets, regions): (BTreeSet<&Target>, BTreeSet<&String>) =
            (self.targets.iter().collect(), self.regions.iter().collect());
        let mut pair = 0_u32;
        let mut shares = Vec::new();
        for target in targets {
            let mut share = Share { target: target.clone(), regions: Vec::new(), agreements: false };
            for (index, region) in regions.iter().enumerate() {
                if self.shard.is_none_or(|shard| pair % shard.of == shard.index) {
                    share.regions.push((*region).clone());
                    share.agreements |= index == 0;
                }
                pair += 1;
            }
            if !share.regions.is_empty() {
                shares.push(share);
            }
        }
        shares
    }

    /// The reports are asked for once, by the first shard.
    pub(super) fn asks_for_reports(&self) -> bool {
        self.shard.is_none_or(|shard| shard.index == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(shard: Option<Shard>) -> Plan {
        let target = |account: &str| Target { account: account.to_owned(), role: None };
        let regions = ["us-west-2", "eu-west-1", "us-east-1", "us-east-1"].map(str::to_owned).to_vec();
        let targets = ["333333333333", "111111111111", "222222222222"].map(target).to_vec();
        Plan { targets, shard, ..Plan::own("111111111111", regions, Pace::Unlimited) }
    }

    fn pairs(plan: &Plan) -> Vec<(String, String)> {
        let of = |share: Share| share.regions.into_iter().map(move |region| (share.target.account.clone(), region));
        plan.shares().into_iter().flat_map(of).collect()
    }

    #[test]
    fn every_pair_belongs_to_exactly_one_shard_whatever_their_number() {
        let all = pairs(&plan(None));
        assert_eq!(all.len(), 9, "each region once");
        for of in 1..=12 {
            let shards: Vec<Plan> = (0..of).map(|index| plan(Some(Shard { index, of }))).collect();
            let mut dealt: Vec<_> = shards.iter().flat_map(pairs).collect();
            dealt.sort();
            assert_eq!(dealt, all, "{of} shards");
            let sizes: BTreeSet<usize> = shards.iter().map(|shard| pairs(shard).len()).collect();
            assert!(sizes.last().unwrap_or(&0) - sizes.first().unwrap_or(&0) <= 1, "{sizes:?}");
            let agreements = shards.iter().flat_map(Plan::shares).filter(|share| share.agreements).count();
            assert_eq!(agreements, 3, "the agreements of each account once");
            assert_eq!(shards.iter().filter(|shard| shard.asks_for_reports()).count(), 1);
        }
    }
}
