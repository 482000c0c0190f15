//! Amazon Pinpoint: applications, their channels, and what they send.
//!
//! It never asks for endpoints, users, in-app messages or the bodies of templates.

use aws_sdk_pinpoint::Client;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::{self, StreamExt as _};
use serde_json::Value;

use super::classify::Absence;
use super::place::{Place, all, distinct, get, list, parameters, text};
use super::record::Parameters;
use crate::operations::{self, Operation};
use crate::regions;
use crate::snapshot::Outcome;

/// Applications of one place that are asked about at once; at a latency of 0.1 s, as many as the quota of 300 a second
/// asks for. Half of what all places have, so that one that AWS slows down does not hold up the rest.
const APPLICATIONS_AT_ONCE: usize = 64;
/// Members per page; the API takes it as text.
const PAGE: &str = "100";
/// What is asked in every region.
const TOP_LEVEL: [&Operation; 3] =
    [&operations::GET_APPS, &operations::LIST_TEMPLATES, &operations::GET_RECOMMENDER_CONFIGURATIONS];

/// Asks everything about Amazon Pinpoint in one region.
pub(super) async fn collect(place: Place<'_>, client: &Client) {
    if !regions::PINPOINT.contains(&place.region()) {
        for operation in TOP_LEVEL {
            place.not_offered(operation, &Parameters::new()).await;
        }
        return;
    }
    all(vec![
        applications(place, client).boxed(),
        list!(place, LIST_TEMPLATES, Parameters::new(), |token| client
            .list_templates()
            .page_size(PAGE)
            .set_next_token(token))
        .map(drop)
        .boxed(),
        list!(place, GET_RECOMMENDER_CONFIGURATIONS, Parameters::new(), |token| client
            .get_recommender_configurations()
            .page_size(PAGE)
            .set_token(token))
        .map(drop)
        .boxed(),
    ])
    .await;
}

async fn applications(place: Place<'_>, client: &Client) {
    let found =
        list!(place, GET_APPS, Parameters::new(), |token| client.get_apps().page_size(PAGE).set_token(token)).await;
    // Of each no more than what it is asked about by: they are held until all were asked about.
    let named: Vec<(String, String)> =
        distinct(&found, "Id").into_iter().map(|(id, item)| (id.to_owned(), arn(place, item, id))).collect();
    drop(found);
    stream::iter(named)
        .for_each_concurrent(APPLICATIONS_AT_ONCE, |(id, arn)| async move {
            let _turn = place.turn().await;
            // Boxed, so that the many that wait for their turn are small.
            application(place, client, &id, &arn).boxed().await;
        })
        .await;
}

/// The application's ARN as listed; built from its parts where the list left it out.
fn arn(place: Place<'_>, item: &Value, id: &str) -> String {
    text(item, "Arn").map_or_else(
        || {
            let partition = regions::partition(place.region());
            format!("arn:{partition}:mobiletargeting:{}:{}:apps/{id}", place.region(), place.account())
        },
        str::to_owned,
    )
}

/// `GetApp` comes first: only an application that it shows can be said to lack a channel.
async fn application(place: Place<'_>, client: &Client, id: &str, arn: &str) {
    let itself = get!(place, GET_APP, named(id), Absence::Unconfirmed, client.get_app().application_id(id)).await;
    let absence = if itself.outcome() == Outcome::Observed { Absence::Believed } else { Absence::Unconfirmed };
    let mut work = channels(place, client, id, absence);
    work.extend(settings(place, client, id, arn, absence));
    work.extend(activity(place, client, id));
    all(work).await;
}

fn named(id: &str) -> Parameters {
    parameters([("ApplicationId", Value::from(id))])
}

/// Questions about one application that are answered at once.
macro_rules! ask {
    ($place:ident, $id:ident, $absence:expr, $($operation:ident => $request:expr),+ $(,)?) => {
        vec![$(get!($place, $operation, named($id), $absence, $request.application_id($id)).map(drop).boxed()),+]
    };
}

/// Questions about one application that are answered in pages.
macro_rules! ask_list {
    ($place:ident, $id:ident, $($operation:ident => $request:expr),+ $(,)?) => {
        vec![$(
            list!($place, $operation, named($id), |token| $request
                .application_id($id)
                .page_size(PAGE)
                .set_token(token))
            .map(drop)
            .boxed()
        ),+]
    };
}

fn channels<'a>(place: Place<'a>, client: &'a Client, id: &'a str, absence: Absence) -> Vec<BoxFuture<'a, ()>> {
    ask!(place, id, absence,
        GET_CHANNELS => client.get_channels(),
        GET_EMAIL_CHANNEL => client.get_email_channel(),
        GET_SMS_CHANNEL => client.get_sms_channel(),
        GET_VOICE_CHANNEL => client.get_voice_channel(),
        GET_APNS_CHANNEL => client.get_apns_channel(),
        GET_APNS_SANDBOX_CHANNEL => client.get_apns_sandbox_channel(),
        GET_APNS_VOIP_CHANNEL => client.get_apns_voip_channel(),
        GET_APNS_VOIP_SANDBOX_CHANNEL => client.get_apns_voip_sandbox_channel(),
        GET_GCM_CHANNEL => client.get_gcm_channel(),
        GET_ADM_CHANNEL => client.get_adm_channel(),
        GET_BAIDU_CHANNEL => client.get_baidu_channel(),
    )
}

fn settings<'a>(
    place: Place<'a>,
    client: &'a Client,
    id: &'a str,
    arn: &'a str,
    absence: Absence,
) -> Vec<BoxFuture<'a, ()>> {
    let mut work = ask!(place, id, absence,
        GET_APPLICATION_SETTINGS => client.get_application_settings(),
        GET_EVENT_STREAM => client.get_event_stream(),
    );
    let resource = parameters([("ResourceArn", Value::from(arn))]);
    work.push(
        get!(place, LIST_TAGS_FOR_RESOURCE, resource, absence, client.list_tags_for_resource().resource_arn(arn))
            .map(drop)
            .boxed(),
    );
    work
}

fn activity<'a>(place: Place<'a>, client: &'a Client, id: &'a str) -> Vec<BoxFuture<'a, ()>> {
    ask_list!(place, id,
        GET_CAMPAIGNS => client.get_campaigns(),
        LIST_JOURNEYS => client.list_journeys(),
        GET_SEGMENTS => client.get_segments(),
        GET_IMPORT_JOBS => client.get_import_jobs(),
        GET_EXPORT_JOBS => client.get_export_jobs(),
    )
}
