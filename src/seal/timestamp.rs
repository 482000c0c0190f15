//! `manifest.tsr`: a trusted time over the signature, as a response of an RFC 3161 time stamping authority.
//!
//! Read and checked offline. What cannot be checked offline, whether a certificate was revoked, is not.

mod authority;
mod signed;
mod token;

use std::fmt;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

pub use authority::Authorities;
use signed::Signed;
use token::Token;

use super::der::{self, Malformed, Reader};

/// The name of the trusted time in a pack.
pub const TIMESTAMP: &str = "manifest.tsr";

/// What a request is sent as.
pub const QUERY_TYPE: &str = "application/timestamp-query";

/// 2.16.840.1.101.3.4.2.1 (NIST).
const OID_SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// 1.2.840.113549.1.7.2 (RFC 5652).
const OID_SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// Why a response is no trusted time over the signature: a clause about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotStamped(String);

impl NotStamped {
    fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for NotStamped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Malformed> for NotStamped {
    fn from(_: Malformed) -> Self {
        Self::new("it is not the response of a time stamping authority in DER")
    }
}

/// A request for a time stamp over some bytes, with the authority's certificate.
#[must_use]
pub fn query(stamped: &[u8], nonce: u64) -> Vec<u8> {
    let algorithm =
        der::element(der::SEQUENCE, &[der::element(der::OID, OID_SHA256), der::element(der::NULL, &[])].concat());
    let imprint = [algorithm, der::element(der::OCTET_STRING, &Sha256::digest(stamped))].concat();
    let fields = [
        der::element(der::INTEGER, &[1]),
        der::element(der::SEQUENCE, &imprint),
        der::element(der::INTEGER, &number(nonce)),
        der::element(der::BOOLEAN, &[0xff]),
    ];
    der::element(der::SEQUENCE, &fields.concat())
}

/// A number in the fewest bytes that keep it positive.
fn number(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(bytes.len() - 1);
    let digits = &bytes[zeros..];
    if digits.first().is_some_and(|first| *first >= 0x80) { [&[0], digits].concat() } else { digits.to_vec() }
}

/// A trusted time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The time, by the authority's clock.
    pub time: DateTime<Utc>,
    /// What the authority's certificate calls it.
    pub authority: String,
}

/// Checks that a response is a time stamp over these bytes which its own certificate signed; that it answers a request,
/// where the request's nonce is given; and that the certificate is one of an authority, where those are given.
///
/// # Errors
/// When it is not.
pub fn stamp(
    response: &[u8],
    stamped: &[u8],
    nonce: Option<u64>,
    authorities: Option<&Authorities>,
) -> Result<Stamp, NotStamped> {
    let signed = Signed::parse(granted(response)?)?;
    let token = Token::parse(signed.content)?;
    if token.algorithm != OID_SHA256 || token.imprint != Sha256::digest(stamped).as_slice() {
        return Err(NotStamped::new("it is a time stamp over something else"));
    }
    if nonce.is_some_and(|nonce| token.nonce != Some(number(nonce).as_slice())) {
        return Err(NotStamped::new("it does not answer this request: its nonce is another"));
    }
    let certificate = signed.certificate()?;
    signed.check(certificate)?;
    let authority = authority::name(certificate)?;
    if let Some(authorities) = authorities {
        authorities.check(certificate, &signed.certificates, token.time)?;
    }
    Ok(Stamp { time: token.time, authority })
}

/// The token of a response that grants one: `SEQUENCE { SEQUENCE { status, … }, token }`.
fn granted(response: &[u8]) -> Result<Reader<'_>, NotStamped> {
    let mut whole = Reader::new(response);
    let mut response = whole.sequence()?;
    whole.end()?;
    let mut status = response.sequence()?;
    let code = status.small()?;
    if code > 1 {
        let said = status.any().map(|text| printable(text.content)).unwrap_or_default();
        let said = if said.is_empty() { said } else { format!(": {said}") };
        return Err(NotStamped::new(format!("the authority refused with status {code}{said}")));
    }
    let mut token = response.sequence()?;
    response.end()?;
    if token.take(der::OID)? != OID_SIGNED_DATA {
        return Err(Malformed.into());
    }
    Ok(Reader::new(token.take(der::context(0))?))
}

/// What of some bytes can be shown.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|character| (' '..='~').contains(character)).take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
