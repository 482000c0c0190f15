//! Variants of the demo's account: its lists in one page, in three pages, and a healthy part of it.

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::demo;
use pinpoint_evidence::operations::Operation;
use serde_json::{Value, json};

use super::wire::{self, operation_of};

/// What is declared about the healthy account.
pub(crate) const HEALTHY_CONFIG: &str = r#"
[organization]
name = "Example Health"
role = "covered_entity"

[phi]
applications = ["patient-reminders"]
tags = { DataClassification = "PHI" }
email_identities = ["mail.example.org"]

[[phi.short_code]]
number = "24680"
country = "US"
purpose = "appointment reminders that contain PHI"
support_case = "case-111122223333-muen-2025-a1b2c3"
requested_on = 2025-03-04

[[phi.processor]]
target = "arn:aws:kinesis:us-east-1:111122223333:stream/pinpoint-events"
purpose = "delivery audit trail"

[[phi.processor]]
target = "arn:aws:s3:::example-health-pinpoint-imports"
purpose = "monthly import of endpoints from the scheduling system"

[[phi.processor]]
target = "arn:aws:s3:::example-health-pinpoint-exports"
purpose = "backup of endpoints"

[[phi.processor]]
target = "arn:aws:personalize:us-east-1:111122223333:campaign/portal-articles"
purpose = "health articles for the portal"

[[phi.processor]]
target = "arn:aws:lambda:us-east-1:111122223333:function:article-titles"
purpose = "titles of the recommended articles"
"#;

/// The members of lists that stay in the healthy account: operation, member that names it (empty where the list holds
/// bare names), names.
const HEALTHY: &[(&str, &str, &[&str])] = &[
    ("GetApps", "Name", &["patient-reminders"]),
    ("DescribePhoneNumbers", "PhoneNumber", &["24680"]),
    ("DescribePools", "PoolId", &["pool-5e719dbf30624a0c4f1d579bd0236480"]),
    ("DescribeSenderIds", "SenderId", &[]),
    ("DescribeRegistrations", "RegistrationId", &["registration-7093bfd152844c2e613f79bdf24586a2"]),
    ("ListEmailIdentities", "IdentityName", &["mail.example.org"]),
    ("ListConfigurationSets", "", &["patient-mail"]),
    ("ListTemplates", "TemplateType", &["SMS", "EMAIL", "PUSH"]),
];

/// The example account without what goes wrong in it, each list in one page.
pub(crate) fn healthy(request: &WireRequest) -> WireResponse {
    let operation = operation_of(request);
    let mut response = in_one_page(request);
    if let Some((_, key, names)) = HEALTHY.iter().find(|(name, ..)| *name == operation.name) {
        let mut body: Value = serde_json::from_str(&response.body).expect("JSON");
        let list = body[operation.items.expect("a list")].as_array_mut().expect("a list");
        list.retain(|member| {
            let name = if key.is_empty() { member } else { &member[key] };
            names.contains(&name.as_str().unwrap_or_default())
        });
        response.body = body.to_string();
    }
    if operation.name == "DescribeSpendLimits" {
        let mut body: Value = serde_json::from_str(&response.body).expect("JSON");
        for limit in body["SpendLimits"].as_array_mut().expect("a list") {
            limit["EnforcedLimit"] = json!(0);
        }
        response.body = body.to_string();
    }
    response
}

/// The example account with each list in one page, whatever its own pages are.
pub(crate) fn in_one_page(request: &WireRequest) -> WireResponse {
    let operation = operation_of(request);
    let mut response = demo::answer(request);
    let (Some(paging), Some(member)) = (operation.paging, operation.items) else { return response };
    let Ok(mut body) = serde_json::from_str::<Value>(&response.body) else { return response };
    while let Some(token) = body[paging.next].as_str().map(str::to_owned) {
        let page = demo::answer(&wire::with_token(request, operation, Some(&token)));
        let mut page: Value = serde_json::from_str(&page.body).expect("JSON");
        let more = page[member].as_array_mut().expect("a list").split_off(0);
        body[member].as_array_mut().expect("a list").extend(more);
        body[paging.next] = page[paging.next].take();
    }
    remove(&mut body, paging.next);
    response.body = body.to_string();
    response
}

/// Serves the lists of `whole` in this many pages, the last ones empty where there are too few members.
pub(crate) fn in_pages(
    pages: usize,
    whole: impl Fn(&WireRequest) -> WireResponse,
    request: &WireRequest,
) -> WireResponse {
    let operation = operation_of(request);
    let page = page(request, operation);
    let mut response = whole(&wire::with_token_removed(request, operation));
    let (Some(paging), Some(member)) = (operation.paging, operation.items) else { return response };
    let Ok(mut body) = serde_json::from_str::<Value>(&response.body) else { return response };
    let Some(list) = body[member].as_array_mut() else { return response };
    let size = list.len().div_ceil(pages).max(1);
    *list = list.iter().skip(size * (page - 1)).take(size).cloned().collect();
    if page < pages {
        body[paging.next] = json!(token_of(page + 1));
    }
    response.body = body.to_string();
    response
}

/// The token that [`in_pages`] announces for a page.
pub(crate) fn token_of(page: usize) -> String {
    format!("integration-page-{page}")
}

/// Which page of [`in_pages`] a request asks for, 1-based.
pub(crate) fn page(request: &WireRequest, operation: &Operation) -> usize {
    let token = operation.paging.and_then(|_| wire::token(request, operation));
    token.and_then(|token| token.rsplit('-').next()?.parse().ok()).unwrap_or(1)
}

fn remove(body: &mut Value, member: &str) {
    if let Value::Object(members) = body {
        members.remove(member);
    }
}
