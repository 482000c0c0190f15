//! The SDK's configuration: whose credentials, which region, which endpoint, how long to wait.
//!
//! Settings come from where AWS users keep them: environment, shared configuration and credentials files, SSO,
//! instance and container roles. The SDK reads them; this module only adds what the command line said.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::ProfileSet;
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as ProvideCredentialsFuture;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::record::chain;

/// Connections to one host that are kept for later, each of them with some 50 KB. As many as one account's quotas keep busy at a
/// latency of 15 ms; beyond, one is closed and opened again.
const IDLE: usize = 128;

/// What the command line says about the way to AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// A profile that was named on purpose: its credentials are used and no others. `None` leaves the choice to the
    /// SDK's usual order, which looks at the environment first and then at `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The region to start from; `None` takes the one that is configured.
    pub region: Option<String>,
    /// One endpoint for every service; `None` leaves `AWS_ENDPOINT_URL` and its variants in force.
    pub endpoint_url: Option<String>,
    /// How long one attempt may take, from connecting to the last byte. A call with its retries may take four times
    /// as long.
    pub attempt_timeout: Duration,
}

impl Default for Connection {
    fn default() -> Self {
        Self { profile: None, region: None, endpoint_url: None, attempt_timeout: Duration::from_secs(10) }
    }
}

/// Why there is no way to AWS. Each reads well after "failed to connect to AWS: ".
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A shared configuration or credentials file cannot be read.
    #[error("the shared AWS configuration cannot be read: {0}")]
    Files(String),
    /// The named profile stands in no file.
    #[error("the profile `{name}` is in no AWS configuration or credentials file")]
    NoProfile {
        /// The name that was asked for.
        name: String,
        /// The profiles that there are, in order.
        known: Vec<String>,
    },
    /// Neither the command line nor any configuration names a region.
    #[error("no AWS region is set")]
    NoRegion,
    /// No source of credentials holds any.
    #[error("no AWS credentials were found")]
    NoCredentials,
    /// There are credentials, but they cannot be obtained, for instance because an SSO session ended.
    #[error("the AWS credentials cannot be obtained: {0}")]
    Credentials(String),
    /// The endpoint is not an address.
    #[error("the endpoint `{0}` is not an http or https URL")]
    Endpoint(String),
    /// The SDK refuses to combine them.
    #[error("a custom endpoint (`{0}`) and FIPS endpoints exclude each other")]
    FipsWithEndpoint(String),
}

impl ConnectError {
    /// What to try next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Files(_) => "correct the file, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE to another".into(),
            Self::NoProfile { known, .. } if known.is_empty() => "run `aws configure` to make one".into(),
            Self::NoProfile { known, .. } => format!("the profiles are: {}", known.join(", ")),
            Self::NoRegion => "give --region, or set AWS_REGION, or `region` in the profile".into(),
            Self::NoCredentials => "give --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws sso login`".into(),
            Self::Credentials(_) => "for an SSO profile, run `aws sso login`; otherwise check the profile with `aws sts get-caller-identity`".into(),
            Self::Endpoint(_) => "write it like https://localhost:4566".into(),
            Self::FipsWithEndpoint(_) => "unset AWS_USE_FIPS_ENDPOINT, or give no endpoint".into(),
        }
    }
}

/// A way to AWS that has credentials and a region.
#[derive(Clone, Debug)]
pub struct Aws {
    sdk: SdkConfig,
    region: String,
}

impl Aws {
    pub(super) fn new(sdk: SdkConfig, region: &str) -> Self {
        Self { sdk, region: region.to_owned() }
    }

    /// The region that was asked for or is configured.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The same way with other credentials, which nobody else keeps.
    pub(super) fn as_somebody(&self, credentials: SharedCredentialsProvider) -> Self {
        let cache = IdentityCache::lazy().build();
        let sdk = self.sdk.to_builder().credentials_provider(credentials).identity_cache(cache).build();
        Self { sdk, region: self.region.clone() }
    }

    /// The configuration for another region.
    pub(crate) fn at(&self, region: &str) -> SdkConfig {
        self.sdk.to_builder().region(Region::new(region.to_owned())).build()
    }
}

/// Finds credentials and a region, and resolves the credentials once, so that having none is one error and not forty
/// failed calls.
///
/// # Errors
/// See [`ConnectError`].
pub async fn connect(connection: &Connection) -> Result<Aws, ConnectError> {
    check_profile(connection).await?;
    let mut sdk = loader(connection).load().await;
    check_endpoint(&sdk)?;
    let region =
        sdk.region().map(ToString::to_string).filter(|region| !region.is_empty()).ok_or(ConnectError::NoRegion)?;
    if let Some(profile) = &connection.profile {
        sdk = sdk.to_builder().credentials_provider(only(profile, &sdk)).build();
    }
    Ok(Aws { sdk: with_credentials(sdk).await?, region })
}

fn loader(connection: &Connection) -> aws_config::ConfigLoader {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client())
        .timeout_config(timeouts(connection.attempt_timeout))
        // The attempt's own timeout covers an answer that stops coming.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Ok(name) = AppName::new(env!("CARGO_PKG_NAME")) {
        loader = loader.app_name(name);
    }
    if let Some(profile) = &connection.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &connection.region {
        loader = loader.region(Region::new(region.clone()));
    }
    match &connection.endpoint_url {
        Some(url) => loader.endpoint_url(url),
        None => loader,
    }
}

/// The SDK's own HTTP client, made once. Left to itself the SDK makes one for each service in each region of each account, and
/// each has its own connections and its own copy of the machine's root certificates.
fn http_client() -> SharedHttpClient {
    let made: Mutex<BTreeMap<_, SharedHttpConnector>> = Mutex::default();
    http_client_fn(move |settings, components| {
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        let timeouts = (settings.connect_timeout(), settings.read_timeout());
        made.entry(timeouts).or_insert_with(|| SharedHttpConnector::new(connector(settings, components))).clone()
    })
}

fn connector(settings: &HttpConnectorSettings, components: &RuntimeComponents) -> Connector {
    let mut connector = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .connector_settings(settings.clone())
        .pool_max_idle_per_host(IDLE)
        .proxy_config(ProxyConfig::from_env());
    connector.set_sleep_impl(components.sleep_impl());
    connector.build()
}

/// One attempt, and four times as long for a call with its retries.
pub(super) fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .read_timeout(attempt)
        .operation_attempt_timeout(attempt)
        .operation_timeout(attempt * 4)
        .build()
}

/// The credentials of one profile. The SDK's usual order would prefer those of the environment, and would go on to an
/// instance's role where the profile has none.
fn only(profile: &str, sdk: &SdkConfig) -> SharedCredentialsProvider {
    let settings = ProviderConfig::without_region().with_region(sdk.region().cloned()).with_use_fips(sdk.use_fips());
    let provider = aws_config::profile::ProfileFileCredentialsProvider::builder()
        .configure(&settings)
        .profile_name(profile)
        .build();
    SharedCredentialsProvider::new(provider)
}

/// The profile that was asked for, on the command line or through `AWS_PROFILE`, must stand in a file.
#[expect(clippy::default_trait_access, reason = "the SDK's types for file system and environment have no public path")]
async fn check_profile(connection: &Connection) -> Result<(), ConnectError> {
    let asked = connection.profile.clone().map(Cow::Owned);
    let profiles = aws_config::profile::load(&Default::default(), &Default::default(), &Default::default(), asked)
        .await
        .map_err(|error| ConnectError::Files(chain(&error)))?;
    let name = profiles.selected_profile();
    if name == "default" && connection.profile.is_none() || profiles.get_profile(name).is_some() {
        return Ok(());
    }
    Err(ConnectError::NoProfile { name: name.to_owned(), known: names(&profiles) })
}

fn names(profiles: &ProfileSet) -> Vec<String> {
    let mut names: Vec<String> = profiles.profiles().map(str::to_owned).collect();
    names.sort_unstable();
    names
}

fn check_endpoint(sdk: &SdkConfig) -> Result<(), ConnectError> {
    let Some(url) = sdk.endpoint_url() else { return Ok(()) };
    let is_http = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
    if !is_http || HttpRequest::get(url).is_err() {
        return Err(ConnectError::Endpoint(url.to_owned()));
    }
    if sdk.use_fips() == Some(true) {
        return Err(ConnectError::FipsWithEndpoint(url.to_owned()));
    }
    Ok(())
}

/// Resolves the credentials and hands them on as the first ones to use.
async fn with_credentials(sdk: SdkConfig) -> Result<SdkConfig, ConnectError> {
    let provider = sdk.credentials_provider().ok_or(ConnectError::NoCredentials)?;
    match provider.provide_credentials().await {
        Ok(first) => {
            let provider = Resolved { first: Mutex::new(Some(first)), then: provider };
            Ok(sdk.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build())
        }
        Err(CredentialsError::CredentialsNotLoaded(_)) => Err(ConnectError::NoCredentials),
        Err(error) => Err(ConnectError::Credentials(crate::snapshot::redact::message(&chain(&error)))),
    }
}

/// Credentials that were resolved already, and where the next ones come from when they expire. Without it a
/// credential process that asks a person would ask twice.
#[derive(Debug)]
struct Resolved {
    first: Mutex<Option<Credentials>>,
    then: SharedCredentialsProvider,
}

impl ProvideCredentials for Resolved {
    fn provide_credentials<'a>(&'a self) -> ProvideCredentialsFuture<'a>
    where
        Self: 'a,
    {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(first) => ProvideCredentialsFuture::ready(Ok(first)),
            None => self.then.provide_credentials(),
        }
    }
}

/// A configuration that reads nothing from the machine, with AWS's example key.
pub(super) fn with_example_credentials(region: &str) -> SdkConfig {
    let credentials = Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build()
}

#[cfg(test)]
mod tests;
