//! An SDK interceptor that keeps what came over the wire.
//!
//! SDK types do not serialise, and they hide an empty answer behind an empty value. So the answer's own bytes, status
//! and headers are kept here, beside whatever the SDK makes of them. It changes no request and no answer.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextRef,
    BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::classify;

/// The last answer of a call, as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    /// HTTP status.
    pub(super) status: u16,
    /// The header `x-amzn-errortype`, as received.
    pub(super) error_type: Option<String>,
    /// Under any of the names that AWS gives it.
    pub(super) request_id: Option<String>,
    /// The body; `None` when it did not arrive whole.
    pub(super) body: Option<Vec<u8>>,
}

/// What one call left on the wire.
#[derive(Clone, Debug, Default)]
pub(super) struct Recording {
    /// How many requests were handed to the connection, including retries.
    pub(super) attempts: u32,
    /// How many of them the service refused for their rate.
    pub(super) throttled: u32,
    /// The last attempt's answer; `None` when it brought none.
    pub(super) wire: Option<Wire>,
}

/// The interceptor of one call. Clones share one recording.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder(Arc<Mutex<Recording>>);

impl Recorder {
    /// What was recorded so far.
    pub(super) fn recording(&self) -> Recording {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn update(&self, change: impl FnOnce(&mut Recording)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "Recorder"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.update(|recording| recording.wire = None);
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.update(|recording| recording.attempts += 1);
        Ok(())
    }

    /// Status and headers are there before the body is, and stay when the body never comes.
    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let wire = Wire::of(context.response(), None);
        self.update(|recording| recording.wire = Some(wire));
        Ok(())
    }

    /// Runs whether or not the SDK could read the answer; the body is in memory unless it was cut off.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let wire = Wire::of(response, response.body().bytes().map(<[u8]>::to_vec));
        self.update(|recording| {
            recording.throttled += u32::from(classify::is_throttling(&wire));
            recording.wire = Some(wire);
        });
        Ok(())
    }
}

impl Wire {
    fn of(response: &HttpResponse, body: Option<Vec<u8>>) -> Self {
        let header = |names: &[&str]| {
            names.iter().find_map(|name| match response.headers().try_get(name) {
                Some(Ok(value)) => Some(value.to_owned()),
                _ => None,
            })
        };
        Self {
            status: response.status().as_u16(),
            error_type: header(&["x-amzn-errortype"]),
            request_id: header(&["x-amzn-requestid", "x-amz-request-id"]),
            body,
        }
    }
}
