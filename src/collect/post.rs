//! One request over HTTP that is not one to AWS: a time stamping authority's.

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use super::record::chain;

/// How long an answer may take, from connecting to the last byte.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no answer. Each reads well after "asking `URL`: ".
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// It is no address.
    #[error("it is not an http or https URL")]
    Url,
    /// Nobody answered.
    #[error("{0}")]
    Unreachable(String),
    /// The answer took too long.
    #[error("no answer within 30 seconds")]
    Timeout,
    /// The answer is an error.
    #[error("it answered with HTTP status {0}")]
    Status(u16),
}

/// Sends a document of a type and gives back the answer. Redirects are not followed.
///
/// # Errors
/// See [`PostError`].
pub async fn post(url: &str, content_type: &'static str, body: Vec<u8>) -> Result<Vec<u8>, PostError> {
    if !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(PostError::Url);
    }
    let length = body.len();
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST").map_err(|_| PostError::Url)?;
    request.set_uri(url).map_err(|_| PostError::Url)?;
    request.headers_mut().insert("content-type", content_type);
    request.headers_mut().insert("content-length", length.to_string());
    let connector = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build();
    let answer = async {
        let response = connector.call(request).await.map_err(|error| PostError::Unreachable(chain(&error)))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(PostError::Status(status));
        }
        let body = ByteStream::new(response.into_body()).collect().await;
        body.map(|body| body.into_bytes().to_vec()).map_err(|error| PostError::Unreachable(chain(&error)))
    };
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(PostError::Timeout))
}
