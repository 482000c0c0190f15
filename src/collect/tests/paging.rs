//! Following lists to their end, on every operation that pages.

use serde_json::{Value, json};

use super::world::{self, answer, error, of};
use crate::collect::in_process::{WireRequest, WireResponse};
use crate::operations::{ALL, Operation};
use crate::snapshot::{Call, Outcome};

const TOKENS: [&str; 2] = ["token-of-page-two", "token-of-page-three"];

/// Which page a request asks for.
fn page(request: &WireRequest) -> usize {
    TOKENS.iter().position(|token| request.path.contains(token) || request.body.contains(token)).map_or(1, |at| at + 2)
}

/// The usual answer with an announcement of another page.
fn announcing(operation: &Operation, token: &str) -> WireResponse {
    let mut body: Value = serde_json::from_str(world::body(operation)).expect("JSON");
    body[operation.paging.expect("it pages").next] = json!(token);
    answer(200, &body.to_string())
}

/// Collects with `play` in place of one operation; gives each of its lists.
async fn lists(operation: &'static Operation, play: fn(&'static Operation, usize) -> WireResponse) -> Vec<Vec<Call>> {
    let calls =
        world::collect(move |called, request| (called == operation).then(|| play(operation, page(request)))).await;
    let mut lists: Vec<Vec<Call>> = Vec::new();
    let mut calls: Vec<Call> = of(&calls, operation).into_iter().cloned().collect();
    calls.sort_by_key(|call| (question(call), call.page));
    for call in calls {
        match lists.last_mut() {
            Some(list) if question(&list[0]) == question(&call) => list.push(call),
            _ => lists.push(vec![call]),
        }
    }
    assert!(!lists.is_empty(), "{} was not called", operation.name);
    lists
}

fn question(call: &Call) -> String {
    let asked: Vec<_> = call.parameters.iter().filter(|(name, _)| !crate::snapshot::is_paging_token(name)).collect();
    format!("{asked:?}")
}

fn paged() -> impl Iterator<Item = &'static Operation> {
    ALL.iter().filter(|operation| operation.paging.is_some())
}

fn told(list: &[Call]) -> Vec<(u32, Outcome, bool)> {
    list.iter().map(|call| (call.page, call.outcome, call.more)).collect()
}

#[tokio::test]
async fn three_pages_are_three_calls_and_an_empty_token_is_the_end() {
    for operation in paged() {
        let play = |operation: &'static Operation, page| match page {
            1 => announcing(operation, TOKENS[0]),
            2 => announcing(operation, TOKENS[1]),
            _ => announcing(operation, ""),
        };
        for list in lists(operation, play).await {
            let expected = [(1, Outcome::Observed, true), (2, Outcome::Observed, true), (3, Outcome::Observed, false)];
            assert_eq!(told(&list), expected, "{}", operation.name);
            let name = operation.paging.expect("it pages").token;
            assert_eq!(list[0].parameters.get(name), None);
            assert_eq!(list[1].parameters[name], TOKENS[0]);
            assert_eq!(list[2].parameters[name], TOKENS[1]);
            assert!(list.iter().all(|call| call.items >= Some(1)), "{}", operation.name);
        }
    }
}

#[tokio::test]
async fn a_token_that_comes_back_ends_the_list_as_truncated() {
    for operation in paged() {
        for list in lists(operation, |operation, _| announcing(operation, TOKENS[0])).await {
            let expected = [(1, Outcome::Observed, true), (2, Outcome::Truncated, true)];
            assert_eq!(told(&list), expected, "{}", operation.name);
            assert!(list[1].body.is_some() && list[1].items >= Some(1), "{}", operation.name);
        }
    }
}

#[tokio::test]
async fn a_failing_second_page_has_its_own_outcome_and_the_first_is_kept() {
    for operation in paged() {
        let play = |operation: &'static Operation, page| match page {
            1 => announcing(operation, TOKENS[0]),
            _ => error(403, "AccessDeniedException"),
        };
        for list in lists(operation, play).await {
            let expected = [(1, Outcome::Observed, true), (2, Outcome::AccessDenied, false)];
            assert_eq!(told(&list), expected, "{}", operation.name);
        }
    }
}

#[tokio::test]
async fn what_every_page_lists_is_asked_about() {
    let apps = ALL.iter().find(|operation| operation.name == "GetApps").expect("known");
    let calls = world::collect(move |operation, request| {
        (operation == apps).then(|| match page(request) {
            1 => announcing(apps, TOKENS[0]),
            _ => answer(200, r#"{"Item":[{"Id":"app1"},{"Id":"app2"},{"Id":""}]}"#),
        })
    })
    .await;
    let asked: Vec<&Value> =
        of(&calls, &crate::operations::GET_APP).iter().map(|call| &call.parameters["ApplicationId"]).collect();
    assert_eq!(asked, ["app1", "app2"]);
}
