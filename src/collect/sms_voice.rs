//! AWS End User Messaging SMS: numbers, pools, registrations, and what guards them.
//!
//! It never reads who opted out, whom the account verified, or any message. Resource policies are asked for short
//! codes and their pools only, because AWS allows one request a second.

use std::collections::BTreeSet;

use aws_sdk_pinpointsmsvoicev2::Client;
use aws_sdk_pinpointsmsvoicev2::types::{NumberCapability, Owner};
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use serde_json::Value;

use super::classify::Absence;
use super::place::{Place, all, distinct, get, list, parameters, text};
use super::record::Parameters;
use super::registrations;
use crate::operations::{self, Operation};
use crate::regions;

/// Members per page.
pub(super) const PAGE: i32 = 100;
/// The voice rule set is what a rule needs; the one for SMS stands beside it.
const CAPABILITIES: [NumberCapability; 2] = [NumberCapability::Voice, NumberCapability::Sms];
/// What is asked in every region without anything to ask about.
const TOP_LEVEL: [&Operation; 8] = [
    &operations::DESCRIBE_POOLS,
    &operations::DESCRIBE_SENDER_IDS,
    &operations::DESCRIBE_REGISTRATIONS,
    &operations::DESCRIBE_CONFIGURATION_SETS,
    &operations::DESCRIBE_OPT_OUT_LISTS,
    &operations::DESCRIBE_PROTECT_CONFIGURATIONS,
    &operations::DESCRIBE_ACCOUNT_ATTRIBUTES,
    &operations::DESCRIBE_SPEND_LIMITS,
];

/// Asks everything about AWS End User Messaging SMS in one region.
pub(super) async fn collect(place: Place<'_>, client: &Client) {
    if !regions::SMS_VOICE.contains(&place.region()) {
        for owner in [Owner::SelfValue, Owner::Shared] {
            place.not_offered(&operations::DESCRIBE_PHONE_NUMBERS, &owned(&owner)).await;
        }
        for operation in TOP_LEVEL {
            place.not_offered(operation, &Parameters::new()).await;
        }
        return;
    }
    tokio::join!(identities(place, client), all(lists(place, client)), protection(place, client));
}

fn owned(owner: &Owner) -> Parameters {
    parameters([("Owner", Value::from(owner.as_str()))])
}

/// A list that needs nothing but a token.
macro_rules! plain {
    ($place:ident, $operation:ident, $request:expr) => {
        list!($place, $operation, Parameters::new(), |token| $request.max_results(PAGE).set_next_token(token))
    };
}

fn lists<'a>(place: Place<'a>, client: &'a Client) -> Vec<BoxFuture<'a, ()>> {
    vec![
        numbers(place, client, Owner::Shared).map(drop).boxed(),
        plain!(place, DESCRIBE_SENDER_IDS, client.describe_sender_ids()).map(drop).boxed(),
        plain!(place, DESCRIBE_CONFIGURATION_SETS, client.describe_configuration_sets()).map(drop).boxed(),
        plain!(place, DESCRIBE_OPT_OUT_LISTS, client.describe_opt_out_lists()).map(drop).boxed(),
        plain!(place, DESCRIBE_ACCOUNT_ATTRIBUTES, client.describe_account_attributes()).map(drop).boxed(),
        plain!(place, DESCRIBE_SPEND_LIMITS, client.describe_spend_limits()).map(drop).boxed(),
    ]
}

async fn numbers(place: Place<'_>, client: &Client, owner: Owner) -> Vec<Value> {
    list!(place, DESCRIBE_PHONE_NUMBERS, owned(&owner), |token| client
        .describe_phone_numbers()
        .owner(owner.clone())
        .max_results(PAGE)
        .set_next_token(token))
    .await
}

/// Numbers, pools and registrations, and then what hangs on the short codes among them.
async fn identities(place: Place<'_>, client: &Client) {
    let (numbers, pools, registered) = tokio::join!(
        numbers(place, client, Owner::SelfValue),
        pools(place, client),
        plain!(place, DESCRIBE_REGISTRATIONS, client.describe_registrations()),
    );
    let codes: Vec<&Value> = numbers.iter().filter(|number| is_short_code(number)).collect();
    tokio::join!(registrations::collect(place, client, &registered, &codes), policies(place, client, &codes, &pools),);
}

fn is_short_code(number: &Value) -> bool {
    text(number, "NumberType").is_some_and(|kind| kind.eq_ignore_ascii_case("SHORT_CODE"))
}

/// A pool and its members.
struct Pool {
    itself: Value,
    members: Vec<Value>,
}

async fn pools(place: Place<'_>, client: &Client) -> Vec<Pool> {
    let listed = plain!(place, DESCRIBE_POOLS, client.describe_pools()).await;
    join_all(
        distinct(&listed, "PoolId").into_iter().map(|(id, itself)| async move {
            Pool { itself: itself.clone(), members: members(place, client, id).await }
        }),
    )
    .await
}

async fn members(place: Place<'_>, client: &Client, pool: &str) -> Vec<Value> {
    let asked = parameters([("PoolId", Value::from(pool))]);
    list!(place, LIST_POOL_ORIGINATION_IDENTITIES, asked, |token| client
        .list_pool_origination_identities()
        .pool_id(pool)
        .max_results(PAGE)
        .set_next_token(token))
    .await
}

async fn policies(place: Place<'_>, client: &Client, codes: &[&Value], pools: &[Pool]) {
    let numbers = codes.iter().filter_map(|code| text(code, "PhoneNumberArn"));
    let holders = pools.iter().filter(|pool| codes.iter().any(|code| pool.holds(code)));
    let arns: BTreeSet<&str> = numbers.chain(holders.filter_map(|pool| text(&pool.itself, "PoolArn"))).collect();
    join_all(arns.into_iter().map(|arn| {
        let asked = parameters([("ResourceArn", Value::from(arn))]);
        get!(place, GET_RESOURCE_POLICY, asked, Absence::Believed, client.get_resource_policy().resource_arn(arn))
    }))
    .await;
}

impl Pool {
    /// By either answer: the number may name the pool, or the pool the number.
    fn holds(&self, number: &Value) -> bool {
        let named = text(number, "PoolId")
            .is_some_and(|id| [text(&self.itself, "PoolId"), text(&self.itself, "PoolArn")].contains(&Some(id)));
        let arn = text(number, "PhoneNumberArn");
        named || arn.is_some() && self.members.iter().any(|member| text(member, "OriginationIdentityArn") == arn)
    }
}

async fn protection(place: Place<'_>, client: &Client) {
    let listed = plain!(place, DESCRIBE_PROTECT_CONFIGURATIONS, client.describe_protect_configurations()).await;
    let configurations = distinct(&listed, "ProtectConfigurationId").into_iter();
    let pairs = configurations.flat_map(|(id, _)| CAPABILITIES.map(|capability| (id, capability)));
    join_all(pairs.map(|(id, capability)| {
        let asked = parameters([
            ("ProtectConfigurationId", Value::from(id)),
            ("NumberCapability", Value::from(capability.as_str())),
        ]);
        let request = client
            .get_protect_configuration_country_rule_set()
            .protect_configuration_id(id)
            .number_capability(capability);
        get!(place, GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, asked, Absence::Believed, request.clone())
    }))
    .await;
}
