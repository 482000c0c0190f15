//! Amazon SES: identities and configuration sets, and whether the account may send.
//!
//! It never reads contacts, suppressed addresses, templates or messages.

use std::collections::BTreeSet;

use aws_sdk_sesv2::Client;
use futures_util::future::{FutureExt as _, join_all};
use serde_json::Value;

use super::classify::Absence;
use super::place::{Place, all, distinct, get, list, parameters};
use super::record::Parameters;

const PAGE: i32 = 100;

/// Asks everything about Amazon SES in one region. No region list is kept for SES, so it is always asked.
pub(super) async fn collect(place: Place<'_>, client: &Client) {
    let none = Parameters::new();
    all(vec![
        get!(place, GET_ACCOUNT, none, Absence::Unconfirmed, client.get_account()).map(drop).boxed(),
        identities(place, client).boxed(),
        configuration_sets(place, client).boxed(),
    ])
    .await;
}

async fn identities(place: Place<'_>, client: &Client) {
    let listed = list!(place, LIST_EMAIL_IDENTITIES, Parameters::new(), |token| client
        .list_email_identities()
        .page_size(PAGE)
        .set_next_token(token))
    .await;
    join_all(distinct(&listed, "IdentityName").into_iter().map(|(name, _)| {
        let asked = parameters([("EmailIdentity", Value::from(name))]);
        get!(place, GET_EMAIL_IDENTITY, asked, Absence::Believed, client.get_email_identity().email_identity(name))
    }))
    .await;
}

async fn configuration_sets(place: Place<'_>, client: &Client) {
    let listed = list!(place, LIST_CONFIGURATION_SETS, Parameters::new(), |token| client
        .list_configuration_sets()
        .page_size(PAGE)
        .set_next_token(token))
    .await;
    let names: BTreeSet<&str> = listed.iter().filter_map(Value::as_str).collect();
    join_all(names.into_iter().map(|name| configuration_set(place, client, name))).await;
}

async fn configuration_set(place: Place<'_>, client: &Client, name: &str) {
    let asked = parameters([("ConfigurationSetName", Value::from(name))]);
    let request = client.get_configuration_set().configuration_set_name(name);
    let destinations = client.get_configuration_set_event_destinations().configuration_set_name(name);
    all(vec![
        get!(place, GET_CONFIGURATION_SET, asked.clone(), Absence::Believed, request.clone()).map(drop).boxed(),
        get!(place, GET_CONFIGURATION_SET_EVENT_DESTINATIONS, asked, Absence::Believed, destinations.clone())
            .map(drop)
            .boxed(),
    ])
    .await;
}
