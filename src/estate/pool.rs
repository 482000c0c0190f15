//! Pools of origination identities: what else may send in place of a number.

use serde::Deserialize;
use serde_json::json;

use super::index::Calls;
use super::reading::Listing;
use crate::operations as op;

/// A pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Whether messages may go out from identities that AWS shares among its customers; `None` when the answer lacks
    /// it.
    pub shared_routes: Option<bool>,
    /// Its members.
    pub members: Listing<PoolMember>,
}

/// A member of a pool. The API gives no type: a number is known by its ARN in the inventory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PoolMember {
    /// The ARN of a phone number, a sender id or an RCS agent.
    #[serde(rename = "OriginationIdentityArn")]
    pub arn: String,
}

impl Pool {
    /// Whether a number's `PoolId` means this pool; the API takes the id and the ARN for the same.
    #[must_use]
    pub fn is_named(&self, pool: &str) -> bool {
        self.id == pool || self.arn == pool
    }

    /// Whether a page of its members shows that identity.
    #[must_use]
    pub fn holds(&self, arn: &str) -> bool {
        self.members.iter().any(|member| member.arn == arn)
    }
}

impl PoolMember {
    /// Whether its ARN says that it is a phone number.
    #[must_use]
    pub fn is_phone_number(&self) -> bool {
        self.arn.splitn(6, ':').nth(5).is_some_and(|resource| resource.starts_with("phone-number/"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PoolWire {
    pool_id: String,
    pool_arn: String,
    shared_routes_enabled: Option<bool>,
}

/// The pools of an account and region.
pub(super) fn pools(calls: &Calls) -> Listing<Pool> {
    calls.list::<PoolWire>(&op::DESCRIBE_POOLS, &[]).map(|listed| {
        let PoolWire { pool_id, pool_arn, shared_routes_enabled } = listed.value;
        let members = calls.list(&op::LIST_POOL_ORIGINATION_IDENTITIES, &[("PoolId", json!(pool_id))]);
        Pool { id: pool_id, arn: pool_arn, shared_routes: shared_routes_enabled, members }
    })
}
