//! An HTTP client that answers inside the process, for the demo and for tests.
//!
//! The real SDK clients sign and serialise a request, this client hands it to a function, and the SDK and the
//! recorder read the function's answer as if it had come over the wire.

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
