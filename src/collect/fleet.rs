//! The accounts of an organization, and the role that reads each of them.
//!
//! What a role's credentials are never leaves memory: the answer that holds them is written down as removed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as ProvideCredentialsFuture;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use chrono::DateTime;
use serde_json::Value;
use tokio::sync::mpsc;

use super::classify::{Absence, element};
use super::limiter::Limiter;
use super::place::{ACCOUNTS_PAGE, Place, get, list, parameters, text};
use super::record::Parameters;
use super::session::{Closed, FINISHED, Session, Site};
use super::{Aws, Clock, Pace, Recall, Role, Target};
use crate::snapshot::{Call, CallError, Outcome, SkippedAccount, redact};

/// The words of AWS Organizations for accounts that cannot be used. Every other account is tried.
const NOT_IN_USE: [&str; 4] = ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"];

/// What AWS Organizations says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its description, as it is written down; `None` where it could not be read.
    pub description: Option<Value>,
    /// The accounts to look at, in order.
    pub accounts: Vec<String>,
    /// The accounts that are not in use, in order.
    pub skipped: Vec<SkippedAccount>,
}

/// Why it is not known which accounts there are, or an account cannot be entered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FleetError {
    /// The list of accounts could not be read to its end.
    #[error("cannot read which accounts the organization has: {operation} ended with {}: {message}", .outcome.in_words())]
    Accounts {
        /// What was called.
        operation: String,
        /// How it ended.
        outcome: Outcome,
        /// What was said.
        message: String,
    },
    /// The one role that was to be assumed could not be.
    #[error("cannot assume the role `{role}`: {message}")]
    Role {
        /// Its ARN.
        role: String,
        /// What was said.
        message: String,
    },
}

impl FleetError {
    /// What to try next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Accounts { .. } => {
                "collect from the management account or a delegated administrator, with the policy of `pinpoint-evidence policy --management`; or name the accounts in `aws.accounts`"
            }
            Self::Role { .. } => "check aws.role and aws.external_id, and whom the role trusts",
        }
    }
}

/// Asks AWS Organizations which accounts there are. The calls are evidence too, and are there in any case.
///
/// # Errors
/// When the list of accounts could not be read to its end: nobody knows then what was left out.
pub async fn organization(
    aws: &Aws,
    caller: &str,
    clock: &Clock,
    recall: Option<Recall>,
) -> (Vec<Call>, Result<Organization, FleetError>) {
    let (sender, mut finished) = mpsc::channel(FINISHED);
    let asking = async move {
        let session = Session::new(Pace::Quotas, clock, sender).recalling(recall);
        let site = Site::new(&session, caller, aws.region(), None);
        ask_for_accounts(Place::new(&session, &site), &aws_sdk_organizations::Client::new(&aws.at(aws.region()))).await
    };
    let keeping = async {
        let mut calls = Vec::new();
        while let Some(call) = finished.recv().await {
            calls.push(call);
        }
        calls
    };
    let (accounts, calls) = tokio::join!(asking, keeping);
    let described = calls.iter().find(|call| call.operation == "DescribeOrganization");
    let description = described.and_then(|call| call.json()?.get("Organization").cloned());
    let read = match calls.iter().find(|call| call.operation == "ListAccounts" && call.outcome != Outcome::Observed) {
        Some(unread) => Err(unreadable(unread)),
        None => Ok(divided(&accounts, description)),
    };
    (calls, read)
}

async fn ask_for_accounts(place: Place<'_>, client: &aws_sdk_organizations::Client) -> Vec<Value> {
    get!(place, DESCRIBE_ORGANIZATION, Parameters::new(), Absence::Unconfirmed, client.describe_organization()).await;
    let size = i32::try_from(ACCOUNTS_PAGE).unwrap_or(1);
    list!(place, LIST_ACCOUNTS, Parameters::new(), |token| client
        .list_accounts()
        .max_results(size)
        .set_next_token(token))
    .await
}

fn unreadable(call: &Call) -> FleetError {
    FleetError::Accounts { operation: call.operation.clone(), outcome: call.outcome, message: said(call) }
}

fn divided(accounts: &[Value], description: Option<Value>) -> Organization {
    let mut organization = Organization { description, ..Organization::default() };
    for account in accounts {
        let Some(id) = text(account, "Id") else { continue };
        // `Status` is the older of the two members.
        let status = text(account, "State").or_else(|| text(account, "Status")).unwrap_or_default();
        if NOT_IN_USE.contains(&status) {
            let (account, name) = (id.to_owned(), text(account, "Name").unwrap_or_default().to_owned());
            organization.skipped.push(SkippedAccount { account, name, status: status.to_owned() });
        } else {
            organization.accounts.push(id.to_owned());
        }
    }
    organization.accounts.sort();
    organization.accounts.dedup();
    organization.skipped.sort();
    organization
}

/// What a call said instead of an answer, in one sentence.
fn said(call: &Call) -> String {
    let error = call.error.as_ref();
    let part = |part: Option<&String>| part.cloned();
    match (error.and_then(|error| part(error.code.as_ref())), error.and_then(|error| part(error.message.as_ref()))) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => call.outcome.in_words().to_owned(),
    }
}

/// A way to AWS as somebody else.
///
/// # Errors
/// When the role cannot be assumed.
pub async fn assume(aws: &Aws, target: &Target, clock: &Clock) -> Result<Aws, FleetError> {
    let (sender, mut finished) = mpsc::channel(FINISHED);
    let session = Session::new(Pace::Quotas, clock, sender);
    let entered = enter(aws, &session, &Arc::new(Limiter::new(Pace::Quotas)), target).await;
    finished.close();
    entered.map_err(|(_, closed)| FleetError::Role {
        role: target.role.as_ref().map(|role| role.arn.clone()).unwrap_or_default(),
        message: closed.error.message.unwrap_or_default(),
    })
}

/// The way to AWS as whoever reads the account. The error has the caller's own way, with which nothing is asked there.
pub(super) async fn enter(
    aws: &Aws,
    session: &Session,
    assuming: &Arc<Limiter>,
    target: &Target,
) -> Result<Aws, (Aws, Closed)> {
    let Some(role) = &target.role else { return Ok(aws.clone()) };
    let site = Site { limiter: Arc::clone(assuming), ..Site::new(session, &target.account, aws.region(), None) };
    let client = aws_sdk_sts::Client::new(&aws.at(aws.region()));
    let mut asked = parameters([
        ("RoleArn", Value::from(role.arn.as_str())),
        ("RoleSessionName", Value::from(role.session.as_str())),
    ]);
    if role.external_id.is_some() {
        asked.insert("ExternalId".to_owned(), Value::from(redact::MARK));
    }
    let (place, assume) = (Place::new(session, &site), request(&client, role));
    let answer = get!(place, ASSUME_ROLE, asked, Absence::Unconfirmed, assume.clone()).await;
    match answer.text.as_deref().filter(|_| answer.outcome() == Outcome::Observed).and_then(credentials) {
        Some(first) => {
            let provider = Assumed { first: Mutex::new(Some(first)), client, role: role.clone() };
            Ok(aws.as_somebody(SharedCredentialsProvider::new(provider)))
        }
        None => Err((aws.clone(), closed(&answer.call, role))),
    }
}

fn request(
    client: &aws_sdk_sts::Client,
    role: &Role,
) -> aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder {
    client.assume_role().role_arn(&role.arn).role_session_name(&role.session).set_external_id(role.external_id.clone())
}

fn closed(call: &Call, role: &Role) -> Closed {
    // An answer that was read and holds no credentials opens nothing either.
    let outcome = if call.outcome.is_read() { Outcome::Unmodelled } else { call.outcome };
    let message = format!("not asked, because the role {} could not be assumed: {}", role.arn, said(call));
    let code = call.error.as_ref().and_then(|error| error.code.clone());
    Closed { outcome, error: CallError { code, message: Some(message) } }
}

fn credentials(xml: &str) -> Option<Credentials> {
    let expires = DateTime::parse_from_rfc3339(&element(xml, "Expiration")?).ok()?;
    Some(Credentials::new(
        element(xml, "AccessKeyId")?,
        element(xml, "SecretAccessKey")?,
        element(xml, "SessionToken"),
        Some(SystemTime::from(expires)),
        "AssumeRole",
    ))
}

/// The role's credentials, assumed again when they end: a collection can take longer than the hour that they hold.
#[derive(Debug)]
struct Assumed {
    first: Mutex<Option<Credentials>>,
    client: aws_sdk_sts::Client,
    role: Role,
}

impl Assumed {
    async fn again(&self) -> Result<Credentials, CredentialsError> {
        let answer = request(&self.client, &self.role).send().await.map_err(CredentialsError::provider_error)?;
        let found = answer.credentials.ok_or_else(|| CredentialsError::unhandled("an answer without credentials"))?;
        let expires = SystemTime::try_from(found.expiration).map_err(CredentialsError::unhandled)?;
        let token = Some(found.session_token);
        Ok(Credentials::new(found.access_key_id, found.secret_access_key, token, Some(expires), "AssumeRole"))
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> ProvideCredentialsFuture<'a>
    where
        Self: 'a,
    {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(first) => ProvideCredentialsFuture::ready(Ok(first)),
            None => ProvideCredentialsFuture::new(self.again()),
        }
    }
}
