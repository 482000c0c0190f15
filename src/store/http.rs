//! The SDK's HTTP client as that of the object store, so that the program has one HTTP and TLS stack and not two.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest as SdkRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt as _;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the head of an answer may take, from the request's first byte. A part has to go up in this time.
const ANSWER: Duration = Duration::from_mins(1);

/// The region that S3 says a bucket is in, once it has said so.
#[derive(Clone, Debug, Default)]
pub(super) struct BucketRegion(Arc<Mutex<Option<String>>>);

impl BucketRegion {
    pub(super) fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, response: &http::HeaderMap) {
        if let Some(region) = response.get("x-amz-bucket-region").and_then(|value| value.to_str().ok()) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(region.to_owned());
        }
    }
}

/// Sends what the object store asks with the SDK's client.
#[derive(Clone, Debug)]
pub(super) struct Sdk {
    connector: SharedHttpConnector,
    region: BucketRegion,
}

impl Sdk {
    /// `None` when the SDK was built without a client.
    pub(super) fn new(sdk: &aws_config::SdkConfig, region: BucketRegion) -> Option<Self> {
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(ANSWER).build();
        let connector = aws_smithy_http_client::default_connector(&settings, sdk.sleep_impl())?;
        Some(Self { connector, region })
    }
}

impl HttpConnector for Sdk {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Sdk {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        use aws_smithy_runtime_api::client::http::HttpConnector as _;
        let request = SdkRequest::try_from(request.map(SdkBody::from_body_1_x))
            .map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
        let response = self.connector.call(request).await.map_err(not_sent)?;
        let response = response.try_into_http1x().map_err(|error| HttpError::new(HttpErrorKind::Decode, error))?;
        self.region.note(response.headers());
        Ok(response.map(|body| HttpResponseBody::new(body.map_err(interrupted))))
    }
}

fn interrupted(error: aws_smithy_types::body::Error) -> HttpError {
    HttpError::new_boxed(HttpErrorKind::Interrupted, error)
}

/// What the store may try again depends on how it failed.
fn not_sent(error: ConnectorError) -> HttpError {
    let kind = match &error {
        error if error.is_timeout() => HttpErrorKind::Timeout,
        error if error.is_io() => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}
