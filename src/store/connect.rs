//! The way to a bucket: credentials, region and endpoint from where AWS users keep them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_types::service_config::ServiceConfigKey;
use chrono::{DateTime, TimeDelta, Utc};
use object_store::aws::{AmazonS3Builder, AwsCredential, Checksum};
use object_store::{BackoffConfig, ClientOptions, CredentialProvider, RetryConfig};

use super::http::{BucketRegion, Sdk};
use super::{Location, Remote, StoreError};
use crate::collect::{self, Aws, Clock, ConnectError, Connection};
use crate::regions;

/// Where to begin when no region is set; S3 then says where the bucket is.
const ANYWHERE: &str = "us-east-1";

/// How often and how long what may succeed later is tried again.
fn retries() -> RetryConfig {
    RetryConfig { backoff: BackoffConfig::default(), max_retries: 5, retry_timeout: Duration::from_mins(2) }
}

/// Types by which a browser or a person's tool knows the files.
const TYPES: [(&str, &str); 8] = [
    ("html", "text/html; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("json", "application/json"),
    ("jsonl", "application/jsonl"),
    ("toml", "application/toml"),
    ("py", "text/x-python; charset=utf-8"),
    ("xml", "application/xml"),
];

/// Finds the bucket, with the same credentials as a collection, wherever it is: a bucket in another region than the one
/// that is set is asked there.
///
/// # Errors
/// When there are no credentials, or the bucket does not answer a listing.
pub async fn connect(connection: &Connection, clock: &Clock, location: &Location) -> Result<Remote, StoreError> {
    let aws = match collect::connect(connection).await {
        Err(ConnectError::NoRegion) => {
            let anywhere = Connection { region: Some(ANYWHERE.to_owned()), ..connection.clone() };
            collect::connect(&anywhere).await?
        }
        connected => connected?,
    };
    let endpoint = custom_endpoint(&aws, connection)?;
    let first = remote(&aws, clock, location, endpoint.as_deref(), aws.region())?;
    match first.0.reach().await {
        Err(StoreError::OtherRegion { region, .. }) => {
            let region = region.or_else(|| first.1.get()).filter(|region| region != aws.region());
            let Some(region) = region else {
                return Err(StoreError::OtherRegion { location: location.clone(), region });
            };
            let (there, _) = remote(&aws, clock, location, endpoint.as_deref(), &region)?;
            there.reach().await?;
            Ok(there)
        }
        reached => reached.map(|()| first.0),
    }
}

impl Remote {
    /// One page of a listing: shows in one call whether the bucket is there, and may be read.
    async fn reach(&self) -> Result<(), StoreError> {
        let root = self.location.root()?;
        let listed = futures_util::StreamExt::next(&mut self.store.list(Some(&root))).await;
        listed.transpose().map(drop).map_err(|error| self.failed("list", "", &error))
    }
}

fn remote(
    aws: &Aws,
    clock: &Clock,
    location: &Location,
    endpoint: Option<&str>,
    region: &str,
) -> Result<(Remote, BucketRegion), StoreError> {
    let sdk = aws.at(region);
    let provider = sdk.credentials_provider().ok_or(ConnectError::NoCredentials)?;
    let seen = BucketRegion::default();
    let http = Sdk::new(&sdk, seen.clone()).ok_or_else(|| unbuilt(location, "there is no HTTP client"))?;
    let options = TYPES
        .iter()
        .fold(ClientOptions::new(), |options, (ending, kind)| options.with_content_type_for_suffix(*ending, *kind));
    let (endpoint, virtual_hosted) = address(&sdk, location.bucket(), endpoint, region);
    let store = AmazonS3Builder::new()
        .with_bucket_name(location.bucket())
        .with_region(region)
        .with_endpoint(endpoint)
        .with_virtual_hosted_style_request(virtual_hosted)
        .with_credentials(Arc::new(Cached { provider, clock: clock.clone(), last: Mutex::new(None) }))
        .with_http_connector(http)
        .with_client_options(options)
        .with_retry(retries())
        // Sent with each part, so that what arrives is what was read.
        .with_checksum_algorithm(Checksum::SHA256)
        .with_disable_tagging(true)
        .build()
        .map_err(|error| unbuilt(location, &error.to_string()))?;
    Ok((Remote::new(Arc::new(store), location.clone()), seen))
}

fn unbuilt(location: &Location, what: &str) -> StoreError {
    StoreError::Failed { action: "prepare for", object: location.to_string(), what: what.to_owned() }
}

/// The endpoint that somebody set: on the command line, for S3, or for every service, in this order.
fn custom_endpoint(aws: &Aws, connection: &Connection) -> Result<Option<String>, StoreError> {
    let sdk = aws.at(aws.region());
    let key = ServiceConfigKey::builder().service_id("s3").env("AWS_ENDPOINT_URL").profile("endpoint_url").build().ok();
    let of_s3 = || sdk.service_config().zip(key.as_ref()).and_then(|(settings, key)| settings.load_config(key.clone()));
    let found = connection.endpoint_url.clone().or_else(of_s3).or_else(|| sdk.endpoint_url().map(str::to_owned));
    match found.filter(|url| !url.is_empty()) {
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => Ok(Some(url)),
        Some(url) => Err(ConnectError::Endpoint(url).into()),
        None => Ok(None),
    }
}

/// The address of a bucket, and whether its host is the bucket's own.
///
/// Amazon S3 user guide, "Virtual hosting of general purpose buckets": a name with dots does not fit the certificate.
/// Other stores are asked by path, which all of them understand.
fn address(sdk: &SdkConfig, bucket: &str, custom: Option<&str>, region: &str) -> (String, bool) {
    if let Some(url) = custom {
        return (url.trim_end_matches('/').to_owned(), false);
    }
    let kind = if sdk.use_fips() == Some(true) { "s3-fips" } else { "s3" };
    let stack = if sdk.use_dual_stack() == Some(true) { ".dualstack" } else { "" };
    let suffix = match regions::partition(region) {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    };
    let host = format!("{kind}{stack}.{region}.{suffix}");
    if bucket.contains('.') { (format!("https://{host}"), false) } else { (format!("https://{bucket}.{host}"), true) }
}

/// Credentials, and when they expire.
type Kept = (Arc<AwsCredential>, Option<DateTime<Utc>>);

/// The SDK's credentials, kept until shortly before they expire.
struct Cached {
    provider: SharedCredentialsProvider,
    clock: Clock,
    last: Mutex<Option<Kept>>,
}

impl std::fmt::Debug for Cached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cached")
    }
}

impl Cached {
    fn fresh(&self) -> Option<Arc<AwsCredential>> {
        let soon = (self.clock)() + TimeDelta::minutes(5);
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(_, expiry)| expiry.is_none_or(|expiry| expiry > soon)).map(|(kept, _)| kept.clone())
    }

    fn keep(&self, credentials: &Credentials) -> Arc<AwsCredential> {
        let kept = Arc::new(AwsCredential {
            key_id: credentials.access_key_id().to_owned(),
            secret_key: credentials.secret_access_key().to_owned(),
            token: credentials.session_token().map(str::to_owned),
        });
        let expiry = credentials.expiry().map(DateTime::from);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((kept.clone(), expiry));
        kept
    }
}

#[async_trait]
impl CredentialProvider for Cached {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        if let Some(kept) = self.fresh() {
            return Ok(kept);
        }
        let unobtainable = |error| object_store::Error::Generic { store: "credentials", source: Box::new(error) };
        Ok(self.keep(&self.provider.provide_credentials().await.map_err(unobtainable)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sdk(fips: bool) -> SdkConfig {
        SdkConfig::builder().use_fips(fips).build()
    }

    #[test]
    fn a_bucket_has_its_own_host_except_at_other_stores_and_with_dots() {
        let at = |bucket: &str, custom, region: &str| address(&sdk(false), bucket, custom, region);
        assert_eq!(at("b-1", None, "eu-west-1"), ("https://b-1.s3.eu-west-1.amazonaws.com".into(), true));
        assert_eq!(at("b.1", None, "eu-west-1"), ("https://s3.eu-west-1.amazonaws.com".into(), false));
        assert_eq!(at("b-1", None, "cn-north-1"), ("https://b-1.s3.cn-north-1.amazonaws.com.cn".into(), true));
        let local = Some("http://127.0.0.1:8333/");
        assert_eq!(at("b-1", local, "eu-west-1"), ("http://127.0.0.1:8333".into(), false));
    }

    #[test]
    fn fips_endpoints_are_asked_where_they_are_wanted() {
        let (url, _) = address(&sdk(true), "evidence", None, "us-gov-west-1");
        assert_eq!(url, "https://evidence.s3-fips.us-gov-west-1.amazonaws.com");
    }
}
