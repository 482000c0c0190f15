//! Whether anything but the account's own short codes sends in place of a short code, or anybody else from it.

use super::{Link, LinkState, Part};
use crate::estate::{Gap, NumberStatus, NumberType, PhoneNumber, Place, Pool, PoolMember, Reading};
use crate::operations as op;
use crate::snapshot::CallId;

const PART: Part = Part::Dedication;

/// The links from a number over its pools to the resource policies.
pub(super) fn links(place: &Place, number: &PhoneNumber, call: &CallId) -> Vec<Link> {
    let listing = &place.pools;
    let is_named = |pool: &Pool| number.pool.as_deref().is_some_and(|named| pool.is_named(named));
    let pools: Vec<_> =
        listing.seen.iter().filter(|pool| is_named(&pool.value) || pool.value.holds(&number.arn)).collect();
    let mut links = Vec::new();
    if number.pool.is_some() && !pools.iter().any(|pool| is_named(&pool.value)) {
        links.push(match &listing.gap {
            Some(gap) => Link::unread(PART, "Pool", gap),
            None => Link::lacking(PART, "Pool", op::DESCRIBE_POOLS.name, &listing.calls),
        });
    } else if pools.is_empty() {
        // A pool counts that lists the number although the number does not name it, so every list has to be read.
        let unread = listing.gap.iter().chain(listing.iter().filter_map(|pool| pool.members.gap.as_ref())).next();
        let sentence = format!("DescribePhoneNumbers shows {} in no pool.", number.number);
        links.push(match unread {
            Some(gap) => Link::unread(PART, "Pool", gap),
            None => Link::seen(PART, "Pool", true, sentence, vec![call.clone()]),
        });
    }
    for listed in &pools {
        links.push(shared_routes(&listed.value, listing.gap.as_ref(), &listed.call));
        links.push(members(place, &listed.value, number));
    }
    links.push(policy(place, "Resource policy of the number", &number.number, &number.arn));
    let of_pool = |pool: &Pool| policy(place, "Resource policy of the pool", &format!("pool {}", pool.id), &pool.arn);
    links.extend(pools.iter().map(|listed| of_pool(&listed.value)));
    links
}

fn shared_routes(pool: &Pool, gap: Option<&Gap>, call: &CallId) -> Link {
    let calls = vec![call.clone()];
    match (pool.shared_routes, gap) {
        (Some(true), _) => {
            let sentence = format!("DescribePools shows that pool {} may use shared routes.", pool.id);
            Link::seen(PART, "Pool", false, sentence, calls)
        }
        (_, Some(gap)) => Link::unread(PART, "Pool", gap),
        (None, None) => Link::lacking(PART, "Pool", op::DESCRIBE_POOLS.name, &calls),
        (Some(false), None) => {
            let sentence = format!("DescribePools shows that pool {} uses no shared routes.", pool.id);
            Link::seen(PART, "Pool", true, sentence, calls)
        }
    }
}

/// Every member has to be an active short code of the account. A pool that does not show the number itself shows too
/// little.
fn members(place: &Place, pool: &Pool, number: &PhoneNumber) -> Link {
    const TITLE: &str = "Members of the pool";
    let Pool { id, members, .. } = pool;
    let verdicts = || members.seen.iter().map(|listed| (member(place, &listed.value), &listed.call));
    let wrong: Vec<_> = verdicts().filter(|(verdict, _)| matches!(verdict, Member::Wrong(..))).collect();
    if !wrong.is_empty() {
        let mut sentences = Vec::new();
        let mut calls = Vec::new();
        for (verdict, call) in wrong {
            let Member::Wrong(what, shown_by) = verdict else { continue };
            sentences.push(what);
            calls.push(call.clone());
            calls.extend(shown_by);
        }
        let sentence = format!("ListPoolOriginationIdentities shows in pool {id}: {}.", sentences.join("; "));
        return Link::seen(PART, TITLE, false, sentence, calls);
    }
    if let Some(gap) = &members.gap {
        return Link::unread(PART, TITLE, gap);
    }
    if let Some(gap) =
        verdicts().find_map(|(verdict, _)| if let Member::Unread(gap) = verdict { Some(gap) } else { None })
    {
        return Link::unread(PART, TITLE, &gap);
    }
    if !pool.holds(&number.arn) {
        return Link::lacking(PART, TITLE, op::LIST_POOL_ORIGINATION_IDENTITIES.name, &members.calls);
    }
    let numbers: Vec<&str> =
        place.numbers.own.iter().filter(|own| pool.holds(&own.arn)).map(|own| own.number.as_str()).collect();
    let sentence = format!(
        "ListPoolOriginationIdentities shows only ACTIVE short codes of the account in pool {id}: {}.",
        numbers.join(", ")
    );
    let calls = [members.calls.as_slice(), place.numbers.own.calls.as_slice()].concat();
    Link::new(PART, TITLE, LinkState::Holds, sentence, calls)
}

/// What a member of a pool is.
enum Member {
    Right,
    /// What it is instead, and the calls that show it.
    Wrong(String, Vec<CallId>),
    Unread(Gap),
}

fn member(place: &Place, member: &PoolMember) -> Member {
    let own = &place.numbers.own;
    let records: Vec<_> = own.seen.iter().filter(|listed| listed.value.arn == member.arn).collect();
    for listed in &records {
        let PhoneNumber { number, kind, status, .. } = &listed.value;
        let wrong = |what: String| Member::Wrong(what, vec![listed.call.clone()]);
        if *kind != NumberType::ShortCode {
            return wrong(format!("{number}, a {kind}"));
        }
        if *status != NumberStatus::Active {
            return wrong(format!("the short code {number}, which is {status}"));
        }
    }
    match &own.gap {
        _ if !records.is_empty() => Member::Right,
        Some(gap) if member.is_phone_number() => Member::Unread(gap.clone()),
        _ => Member::Wrong(format!("{}, which is no short code of the account", member.arn), Vec::new()),
    }
}

fn policy(place: &Place, title: &'static str, what: &str, arn: &str) -> Link {
    match place.policies.of(arn) {
        Reading::Absent { calls } => {
            let sentence = format!("GetResourcePolicy shows no resource policy of {what}.");
            Link::seen(PART, title, true, sentence, calls)
        }
        Reading::Seen { value, calls } => {
            let others = value.others(&place.account);
            let sentence = if others.is_empty() {
                format!(
                    "GetResourcePolicy shows that the resource policy of {what} allows nobody but the account itself."
                )
            } else {
                format!("GetResourcePolicy shows that the resource policy of {what} allows {}.", others.join(", "))
            };
            Link::seen(PART, title, others.is_empty(), sentence, calls)
        }
        Reading::Unread(gap) => Link::unread(PART, title, &gap),
    }
}
