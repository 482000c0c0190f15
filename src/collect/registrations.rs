//! AWS End User Messaging SMS: the registrations of short codes, with what was asked and answered in them.
//!
//! Registrations of other numbers are listed and not looked into.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_pinpointsmsvoicev2::Client;
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use serde_json::Value;

use super::place::{Place, all, list, parameters, text};
use super::record::Parameters;
use super::sms_voice::PAGE;

/// Looks into each registration that is one of a short code, by its type or because a short code names it.
pub(super) async fn collect(place: Place<'_>, client: &Client, registered: &[Value], codes: &[&Value]) {
    let by_id: BTreeMap<&str, &Value> = registered
        .iter()
        .filter_map(|registration| Some((text(registration, "RegistrationId")?, registration)))
        .collect();
    let named = codes.iter().filter_map(|code| text(code, "RegistrationId"));
    let typed = by_id.iter().filter(|(_, registration)| is_for_short_codes(registration)).map(|(id, _)| *id);
    let ids: BTreeSet<&str> = named.chain(typed).collect();
    let kinds: BTreeSet<&str> = ids.iter().filter_map(|id| text(by_id.get(id)?, "RegistrationType")).collect();
    let mut work: Vec<BoxFuture<'_, ()>> = Vec::new();
    work.extend(kinds.into_iter().map(|kind| questions(place, client, kind).boxed()));
    work.extend(ids.into_iter().map(|id| registration(place, client, id, by_id.get(id).copied()).boxed()));
    all(work).await;
}

fn is_for_short_codes(registration: &Value) -> bool {
    text(registration, "RegistrationType").is_some_and(|kind| kind.to_ascii_uppercase().contains("SHORT_CODE"))
}

fn of(id: &str) -> Parameters {
    parameters([("RegistrationId", Value::from(id))])
}

/// The questions of one type of registration, once for all registrations of the type.
async fn questions(place: Place<'_>, client: &Client, kind: &str) {
    let asked = parameters([("RegistrationType", Value::from(kind))]);
    list!(place, DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, asked, |token| client
        .describe_registration_field_definitions()
        .registration_type(kind)
        .max_results(PAGE)
        .set_next_token(token))
    .await;
}

async fn registration(place: Place<'_>, client: &Client, id: &str, itself: Option<&Value>) {
    let versions = list!(place, DESCRIBE_REGISTRATION_VERSIONS, of(id), |token| client
        .describe_registration_versions()
        .registration_id(id)
        .max_results(PAGE)
        .set_next_token(token));
    let associations = list!(place, LIST_REGISTRATION_ASSOCIATIONS, of(id), |token| client
        .list_registration_associations()
        .registration_id(id)
        .max_results(PAGE)
        .set_next_token(token));
    let approved = itself.and_then(|registration| registration.get("ApprovedVersionNumber")?.as_i64());
    let answers = join_all(approved.map(|version| answers(place, client, id, version)));
    tokio::join!(versions, associations, answers);
}

/// The answers of the approved version. Without one there is nothing that anybody approved.
async fn answers(place: Place<'_>, client: &Client, id: &str, version: i64) {
    let mut asked = of(id);
    asked.insert("VersionNumber".to_owned(), Value::from(version));
    list!(place, DESCRIBE_REGISTRATION_FIELD_VALUES, asked, |token| client
        .describe_registration_field_values()
        .registration_id(id)
        .version_number(version)
        .max_results(PAGE)
        .set_next_token(token))
    .await;
}
