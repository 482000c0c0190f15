//! An HTTP client that answers inside the process, for the demo and for tests.
//!
//! The real SDK clients sign and serialise a request, this client hands it to a function, and the SDK and the
//! recorder read the function's answer as if it had come over the wire.

use std::sync::Arc;
use std::{fmt, io};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::connect::{self, Aws};

/// An AWS that `answer` plays. Nothing is retried, nothing times out, and the credentials are made up.
#[must_use]
pub fn aws<R: Into<Reply>>(region: &str, answer: impl Fn(&WireRequest) -> R + Send + Sync + 'static) -> Aws {
    let sdk = connect::with_example_credentials(region)
        .to_builder()
        .http_client(InProcess(Arc::new(move |request: &WireRequest| answer(request).into())))
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .build();
    Aws::new(sdk, region)
}

/// A request as the SDK sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// For instance `pinpoint.us-east-1.amazonaws.com`.
    pub host: String,
    /// Path and query as sent, for instance `/v1/apps?page-size=100`.
    pub path: String,
    /// The header `x-amz-target`, for instance `PinpointSMSVoiceV2.DescribePools`.
    pub target: Option<String>,
    /// The body; empty where there is none.
    pub body: String,
}

/// An answer as AWS would send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireResponse {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case, and their values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Answer(WireResponse),
    /// None within the time allowed.
    TimedOut,
    /// The connection was reset before there was one.
    Reset,
}

impl From<WireResponse> for Reply {
    fn from(answer: WireResponse) -> Self {
        Self::Answer(answer)
    }
}

#[derive(Clone)]
struct InProcess(Arc<dyn Fn(&WireRequest) -> Reply + Send + Sync>);

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(match (self.0)(&WireRequest::of(&request)) {
            Reply::Answer(answer) => answer.into_http(),
            Reply::TimedOut => Err(ConnectorError::timeout(Box::new(io::Error::from(io::ErrorKind::TimedOut)))),
            Reply::Reset => Err(ConnectorError::io(Box::new(io::Error::from(io::ErrorKind::ConnectionReset)))),
        })
    }
}

impl WireRequest {
    fn of(request: &HttpRequest) -> Self {
        let uri = request.uri();
        let after_scheme = uri.split_once("://").map_or(uri, |(_, rest)| rest);
        let (host, path) = after_scheme.find('/').map_or((after_scheme, "/"), |slash| after_scheme.split_at(slash));
        let body = request.body().bytes().unwrap_or_default();
        Self {
            method: request.method().to_owned(),
            host: host.to_owned(),
            path: path.to_owned(),
            target: request.headers().get("x-amz-target").map(str::to_owned),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

impl WireResponse {
    /// What an HTTP client could not have received is an error of whoever plays AWS.
    fn into_http(self) -> Result<HttpResponse, ConnectorError> {
        let status = self.status.try_into().map_err(|error| ConnectorError::user(Box::new(error)))?;
        let mut response = HttpResponse::new(status, SdkBody::from(self.body));
        for (name, value) in self.headers {
            response.headers_mut().try_append(name, value).map_err(|error| ConnectorError::user(Box::new(error)))?;
        }
        Ok(response)
    }
}
