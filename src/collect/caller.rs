//! Whose credentials these are, as AWS STS says.

use std::collections::BTreeSet;

use super::Clock;
use super::classify::{Absence, Case, element};
use super::connect::Aws;
use super::record::{Asked, Parameters, record};
use crate::operations;
use crate::snapshot::{Call, Caller, Outcome};

/// The account of a call that was made before the account was known.
const UNKNOWN: &str = "unknown";

/// Why it is not known who asks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("AWS STS did not say whose credentials these are: {}: {message}", self.what())]
pub struct CallerError {
    /// How the call ended.
    pub outcome: Outcome,
    /// What was said instead.
    pub message: String,
}

impl CallerError {
    /// How the call ended, for this one question.
    fn what(&self) -> &'static str {
        match self.outcome {
            Outcome::AccessDenied => "it refuses them",
            Outcome::Throttled | Outcome::ServerError => "it cannot answer now",
            Outcome::Timeout => "it did not answer in time",
            Outcome::Unreachable => "it cannot be reached",
            _ => "the answer is not one that it gives",
        }
    }

    /// What to try next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.outcome {
            Outcome::AccessDenied => {
                "renew the credentials (for SSO, `aws sso login`), and check that the account has enabled the region"
            }
            Outcome::Throttled | Outcome::ServerError => "try again in a few minutes",
            Outcome::Timeout => "check the region, the endpoint and the network, or allow more time with --timeout",
            Outcome::Unreachable => {
                "check the region, the endpoint (--endpoint-url, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS) and the network"
            }
            _ => {
                "check the endpoint (--endpoint-url, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS), and whether a proxy answers"
            }
        }
    }
}

/// Asks AWS STS who asks. The call is evidence too; its account is `unknown` when the answer did not tell.
///
/// # Errors
/// When there was no answer, or none that names account and caller. The call is there in any case.
pub async fn caller(aws: &Aws, clock: &Clock) -> (Call, Result<Caller, CallerError>) {
    let client = aws_sdk_sts::Client::new(&aws.at(aws.region()));
    let (parameters, seen) = (Parameters::new(), BTreeSet::new());
    let operation = &operations::GET_CALLER_IDENTITY;
    let asked = Asked { account: UNKNOWN, region: aws.region(), operation, parameters: &parameters, page: 1 };
    let (page, last_page, listed_before, absence) = (1, 1, false, Absence::Unconfirmed);
    let case = |started| Case { operation, started, page, absence, listed_before, seen: &seen, last_page };
    let send = |recorder| client.get_caller_identity().customize().interceptor(recorder).send();
    let (answer, _) = record(&asked, clock, case, send).await;
    let found = answer.text.as_deref().filter(|_| answer.outcome() == Outcome::Observed).and_then(read);
    let mut call = answer.call;
    let Some(caller) = found else {
        let error = refused(&call);
        return (call, Err(error));
    };
    call.account.clone_from(&caller.account);
    call.id = Asked { account: &caller.account, ..asked }.id();
    (call, Ok(caller))
}

fn read(xml: &str) -> Option<Caller> {
    Some(Caller { account: element(xml, "Account")?, arn: element(xml, "Arn")? })
}

fn refused(call: &Call) -> CallerError {
    let said = call.error.as_ref().and_then(|error| match (&error.code, &error.message) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (code, message) => code.clone().or_else(|| message.clone()),
    });
    CallerError { outcome: call.outcome, message: said.unwrap_or_else(|| call.outcome.in_words().to_owned()) }
}
