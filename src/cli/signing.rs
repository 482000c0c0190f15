//! What seals a pack besides its manifest: a signature by a key in a file or in AWS KMS, and a trusted time over it.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use super::args::{self, Sealing, SignWith};
use super::collection;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::collect::{self, Connection, KmsKey};
use crate::files::{self, FileError};
use crate::seal::{
    self, ENVELOPE, Envelope, Manifest, Message, PAYLOAD_TYPE, QUERY_TYPE, SigningKey, Statement, TIMESTAMP,
};

/// Who signs, and who says when.
pub(super) struct Signer {
    signs: Signs,
    timestamp: Option<String>,
}

/// Who signs.
enum Signs {
    /// Nobody.
    Nobody,
    /// A key in a file.
    File(SigningKey),
    /// A key of AWS KMS.
    Kms(KmsKey),
}

impl Signer {
    /// Reads or asks for the key, so that one that cannot sign is known before anything is collected or written.
    pub(super) fn ready(sealing: &Sealing, aws: &args::Aws) -> Result<Self, Failure> {
        let signs = match &sealing.sign {
            None => Signs::Nobody,
            Some(SignWith::File(path)) => Signs::File(file(path)?),
            Some(SignWith::Kms(arn)) => Signs::Kms(collection::run(kms(arn, aws))?),
        };
        Ok(Self { signs, timestamp: sealing.timestamp.clone() })
    }

    /// Nobody signs.
    pub(super) const fn nobody() -> Self {
        Self { signs: Signs::Nobody, timestamp: None }
    }

    /// Signs a pack that is being written.
    pub(super) fn seal(&self, staging: &Path, manifest: &Manifest) -> Result<(), Failure> {
        let Some(id) = self.signs.id() else { return Ok(()) };
        let unreadable = |error| Failure::from(FileError::io("read back", staging, error));
        let statement = Statement::of(staging, manifest).map_err(unreadable)?;
        let mut payload = Vec::new();
        statement.write(&mut payload).map_err(Failure::usage)?;
        let message = Message::new(PAYLOAD_TYPE, &payload);
        drop(payload);
        let signature = self.signs.sign(message.bytes())?;
        let target = staging.join(ENVELOPE);
        let mut out = BufWriter::new(files::create(&target)?);
        let written = Envelope::write(&message, id, &signature, &mut out).and_then(|()| out.flush());
        written.map_err(|source| FileError::io("write", &target, source))?;
        self.timestamp.as_deref().map_or(Ok(()), |url| stamp(url, staging))
    }

    /// Tells by which key the pack is signed.
    pub(super) fn say(&self, terminal: &Terminal) {
        if let Some(id) = self.signs.id() {
            terminal.say(&format!("Signed by the key {id}, which is the SHA-256 of its public half."));
        }
    }
}

impl Signs {
    fn id(&self) -> Option<&str> {
        match self {
            Self::Nobody => None,
            Self::File(key) => Some(key.id()),
            Self::Kms(key) => Some(key.id()),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Nobody => Ok(Vec::new()),
            Self::File(key) => Ok(key.sign(message)),
            Self::Kms(key) => collection::run(async { Ok(key.sign(message).await?) }),
        }
    }
}

/// Asks an authority for a trusted time over the signature, and keeps its answer only if it is one.
fn stamp(url: &str, staging: &Path) -> Result<(), Failure> {
    let failed = |what: &dyn std::fmt::Display| {
        let failure = Failure::usage(format!("failed to get a time stamp: asking `{}`: {what}", shown(url)));
        failure.hint("give --timestamp the address of an RFC 3161 authority, or leave it out")
    };
    let envelope = staging.join(ENVELOPE);
    let envelope = fs::read(&envelope).map_err(|source| FileError::io("read back", &envelope, source))?;
    let mut nonce = [0; 8];
    aws_lc_rs::rand::fill(&mut nonce).map_err(|_| Failure::usage("the system gives no random numbers"))?;
    let nonce = u64::from_be_bytes(nonce);
    let query = seal::query(&envelope, nonce);
    let response =
        collection::run(async { collect::post(url, QUERY_TYPE, query).await.map_err(|error| failed(&error)) })?;
    seal::stamp(&response, &envelope, Some(nonce), None).map_err(|error| failed(&error))?;
    Ok(files::write(&staging.join(TIMESTAMP), &response)?)
}

/// An address without what may be secret in it.
fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{}", authority.rsplit('@').next().unwrap_or_default())
}

fn file(path: &Path) -> Result<SigningKey, Failure> {
    let what = |error: &dyn std::fmt::Display| format!("cannot sign with the key `{}`: {error}", path.display());
    let pem = fs::read(path).map_err(|error| Failure::usage(what(&error)))?;
    SigningKey::from_pem(&pem).map_err(|error| Failure::usage(what(&error)).hint(error.hint()))
}

async fn kms(arn: &str, aws: &args::Aws) -> Result<KmsKey, Failure> {
    let region = KmsKey::region(arn)?;
    collection::require_endpoints()?;
    let connection = Connection {
        profile: aws.profile.clone(),
        region: Some(region.to_owned()),
        endpoint_url: aws.endpoint_url.clone(),
        attempt_timeout: aws.timeout,
    };
    Ok(KmsKey::open(&collect::connect(&connection).await?, arn).await?)
}
