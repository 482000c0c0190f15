//! `manifest.dsse.json`: a signature over the statement about a pack, as a DSSE v1 envelope.
//!
//! Signed is the pre-authentication encoding of the type and the payload, so that no payload can be taken for one of
//! another type. An envelope is written in one way; one that is written otherwise is refused.

use std::fmt;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use serde::{Deserialize, Serialize};

use super::keys::PublicKey;
use super::same;

/// The name of the signature in a pack.
pub const ENVELOPE: &str = "manifest.dsse.json";

/// The type of the payload.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What is signed for a payload of a type: `"DSSEv1" SP len(type) SP type SP len(body) SP body`.
#[derive(Debug)]
pub struct Message {
    encoded: Vec<u8>,
    payload_at: usize,
}

impl Message {
    /// The encoding of a payload.
    #[must_use]
    pub fn new(payload_type: &str, payload: &[u8]) -> Self {
        let mut encoded = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
        let payload_at = encoded.len();
        encoded.extend_from_slice(payload);
        Self { encoded, payload_at }
    }

    /// The bytes to sign.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.encoded
    }

    /// The payload in them.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.encoded.get(self.payload_at..).unwrap_or_default()
    }
}

/// An envelope. The order of the fields is the order in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    payload: &'a str,
    #[serde(rename = "payloadType")]
    payload_type: &'a str,
    #[serde(borrow)]
    signatures: Vec<WireSignature<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSignature<'a> {
    keyid: &'a str,
    sig: &'a str,
}

/// An envelope as read.
#[derive(Debug)]
pub struct Envelope {
    message: Message,
    signatures: Vec<Signature>,
}

#[derive(Debug)]
struct Signature {
    key_id: String,
    bytes: Vec<u8>,
}

/// Why an envelope cannot be read, or does not verify: a clause about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSigned(String);

impl fmt::Display for NotSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Envelope {
    /// Writes the envelope of a message with one signature.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn write(message: &Message, key_id: &str, signature: &[u8], mut out: impl Write) -> io::Result<()> {
        out.write_all(b"{\"payload\":\"")?;
        let mut payload = EncoderWriter::new(&mut out, &STANDARD);
        payload.write_all(message.payload())?;
        payload.finish()?;
        drop(payload);
        let sig = STANDARD.encode(signature);
        writeln!(
            out,
            "\",\"payloadType\":\"{PAYLOAD_TYPE}\",\"signatures\":[{{\"keyid\":\"{key_id}\",\"sig\":\"{sig}\"}}]}}"
        )
    }

    /// Reads an envelope.
    ///
    /// # Errors
    /// When it is none, is not written as envelopes are, is of another type, or nobody signed it.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotSigned> {
        let wire: Wire<'_> = serde_json::from_slice(bytes).map_err(|error| refused(format!("no envelope: {error}")))?;
        if wire.payload_type != PAYLOAD_TYPE {
            return Err(refused(format!("the type of its payload is not `{PAYLOAD_TYPE}`")));
        }
        let is_plain = bytes
            .strip_suffix(b"\n")
            .is_some_and(|bytes| same::bytes(bytes, |out| serde_json::to_writer(out, &wire).map_err(io::Error::from)));
        if !is_plain {
            return Err(refused("it is not written as envelopes are"));
        }
        if wire.signatures.is_empty() {
            return Err(refused("nobody signed it"));
        }
        let decoded = |text: &str| STANDARD.decode(text).map_err(|_| refused("it holds what is not Base64"));
        let signatures = wire
            .signatures
            .iter()
            .map(|signature| Ok(Signature { key_id: signature.keyid.to_owned(), bytes: decoded(signature.sig)? }));
        let signatures = signatures.collect::<Result<_, _>>()?;
        Ok(Self { message: Message::new(PAYLOAD_TYPE, &decoded(wire.payload)?), signatures })
    }

    /// What it signs.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.message.payload()
    }

    /// Who says to have signed it, in order.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|signature| signature.key_id.as_str())
    }

    /// Checks that a key signed it.
    ///
    /// # Errors
    /// When no signature is said to be by this key, or one is and is not.
    pub fn verify(&self, key: &PublicKey) -> Result<(), NotSigned> {
        let mut own = self.signatures.iter().filter(|signature| signature.key_id == key.id()).peekable();
        if own.peek().is_none() {
            let ids: Vec<String> = self.key_ids().map(|id| id.escape_debug().to_string()).collect();
            return Err(refused(format!("it is signed by the key {}, not by {}", ids.join(", "), key.id())));
        }
        if own.all(|signature| key.has_signed(self.message.bytes(), &signature.bytes)) {
            return Ok(());
        }
        Err(refused(format!("its signature is not by the key {}", key.id())))
    }
}

fn refused(what: impl Into<String>) -> NotSigned {
    NotSigned(what.into())
}

#[cfg(test)]
mod tests;
