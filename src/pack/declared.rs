//! What people declared, as documents show it: each with the key of the configuration that says it.

use crate::config::{Config, Processor, ShortCode};
use crate::rules::Attestation;

/// What people declared, besides what stands at findings, controls and applications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Every statement that was given, in the order of the configuration.
    pub attestations: Vec<Attestation>,
    /// A business associate addendum that AWS Artifact does not list.
    pub offline_baa: Option<Attestation>,
    /// Amazon SES identities that send PHI outside Amazon Pinpoint.
    pub email_identities: Vec<String>,
    /// For what each short code was requested.
    pub short_codes: Vec<ShortCode>,
    /// What may receive PHI.
    pub processors: Vec<Processor>,
}

impl Declared {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            attestations: config.attestations.iter().map(Attestation::from).collect(),
            offline_baa: config.agreements.offline_baa.as_ref().map(Attestation::from),
            email_identities: config.phi.email_identities.clone(),
            short_codes: config.phi.short_codes.clone(),
            processors: config.phi.processors.clone(),
        }
    }

    /// The statements with that id, in the order of the configuration.
    pub fn statements<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Attestation> {
        self.attestations.iter().filter(move |given| given.id == id)
    }
}
