//! AWS Artifact: which reports and agreements there are.
//!
//! It never fetches a report, never asks for terms, and never accepts anything.

use aws_sdk_artifact::Client;
use futures_util::future::{FutureExt as _, join_all};
use serde_json::Value;

use super::classify::Absence;
use super::place::{Place, all, distinct, get, list, parameters};
use super::record::Parameters;

const PAGE: i32 = 100;

/// Asks which agreements an account has. The place is the region whose endpoint answers.
pub(super) async fn agreements(place: Place<'_>, client: &Client) {
    list!(place, LIST_CUSTOMER_AGREEMENTS, Parameters::new(), |token| client
        .list_customer_agreements()
        .max_results(PAGE)
        .set_next_token(token))
    .await;
}

/// Asks for the audit reports, which are AWS's own and the same for every account.
pub(super) async fn reports(place: Place<'_>, client: &Client) {
    let listed = list!(place, LIST_REPORTS, Parameters::new(), |token| client
        .list_reports()
        .max_results(PAGE)
        .set_next_token(token))
    .await;
    join_all(distinct(&listed, "id").into_iter().map(|(id, _)| report(place, client, id))).await;
}

/// Without a version in the request, AWS describes the latest one.
async fn report(place: Place<'_>, client: &Client, id: &str) {
    let asked = parameters([("reportId", Value::from(id))]);
    let metadata = client.get_report_metadata().report_id(id);
    all(vec![
        get!(place, GET_REPORT_METADATA, asked.clone(), Absence::Believed, metadata.clone()).map(drop).boxed(),
        list!(place, LIST_REPORT_VERSIONS, asked, |token| client
            .list_report_versions()
            .report_id(id)
            .max_results(PAGE)
            .set_next_token(token))
        .map(drop)
        .boxed(),
    ])
    .await;
}
