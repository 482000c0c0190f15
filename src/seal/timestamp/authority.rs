//! Whether a certificate is one of a time stamping authority that somebody trusts.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::{NotStamped, printable};
use crate::seal::der::{self, Malformed, Reader};

/// 1.3.6.1.5.5.7.3.8: the key signs times.
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
/// 2.5.29.37: what a key may be used for.
const OID_EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
/// 2.5.4.3: the common name.
const OID_COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// Certificates that are trusted, each of them, to have issued one that signs times.
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Authorities").field(&self.0.len()).finish()
    }
}

impl Authorities {
    /// Reads certificates from a PEM file.
    ///
    /// # Errors
    /// When there is none, or one cannot be trusted to issue others; the error is a clause about the file.
    pub fn from_pem(pem: &[u8]) -> Result<Self, String> {
        let anchor = |certificate: Result<CertificateDer<'_>, _>| {
            let certificate = certificate.map_err(|_| "it is not a PEM file of certificates".to_owned())?;
            let anchor = anchor_from_trusted_cert(&certificate).map(|anchor| anchor.to_owned());
            anchor.map_err(|error| format!("a certificate in it cannot be used: {error}"))
        };
        let anchors = CertificateDer::pem_slice_iter(pem).map(anchor).collect::<Result<Vec<_>, _>>()?;
        if anchors.is_empty() { Err("it holds no certificate".to_owned()) } else { Ok(Self(anchors)) }
    }

    /// Whether one of them issued the certificate, directly or through others, all of them valid at that time.
    pub(super) fn check(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        time: DateTime<Utc>,
    ) -> Result<(), NotStamped> {
        if !only_stamps(certificate)? {
            return Err(NotStamped::new("the certificate of its signer is not for time stamping alone"));
        }
        let seconds = u64::try_from(time.timestamp()).map_err(|_| Malformed)?;
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let usage = KeyUsage::required_if_present(TIME_STAMPING);
        let end = EndEntityCert::try_from(certificate).map_err(|error| untrusted(&error))?;
        end.verify_for_usage(ALL_VERIFICATION_ALGS, &self.0, others, time, usage, None, None)
            .map(|_| ())
            .map_err(|error| untrusted(&error))
    }
}

fn untrusted(error: &webpki::Error) -> NotStamped {
    NotStamped::new(format!("the given certificates do not vouch for its signer: {error}"))
}

/// What a certificate calls its owner; empty where it gives no common name.
pub(super) fn name(certificate: &[u8]) -> Result<String, NotStamped> {
    let mut names = Reader::new(parts(certificate)?.subject);
    let mut name = String::new();
    while !names.is_empty() {
        let mut set = Reader::new(names.take(der::SET)?);
        while !set.is_empty() {
            let mut part = set.sequence()?;
            if part.take(der::OID)? == OID_COMMON_NAME {
                name = printable(part.any()?.content);
            }
        }
    }
    Ok(name)
}

/// Whether the key may be used to sign times and for nothing else, as RFC 3161, section 2.3, has it.
fn only_stamps(certificate: &[u8]) -> Result<bool, Malformed> {
    let mut extensions = parts(certificate)?.extensions;
    while !extensions.is_empty() {
        let mut extension = extensions.sequence()?;
        if extension.take(der::OID)? != OID_EXTENDED_KEY_USAGE {
            continue;
        }
        let is_critical = extension.optional(der::BOOLEAN)? == Some(&[0xff]);
        let mut uses = Reader::new(extension.take(der::OCTET_STRING)?).sequence()?;
        let is_for_times = uses.take(der::OID)? == TIME_STAMPING;
        return Ok(is_critical && is_for_times && uses.is_empty());
    }
    Ok(false)
}

struct Parts<'a> {
    subject: &'a [u8],
    extensions: Reader<'a>,
}

/// RFC 5280, section 4.1: version, serial number, algorithm, issuer, validity, subject, key, ids, extensions.
fn parts(certificate: &[u8]) -> Result<Parts<'_>, Malformed> {
    let mut body = Reader::new(certificate).sequence()?.sequence()?;
    body.optional(der::context(0))?;
    body.take(der::INTEGER)?;
    for _ in ["algorithm", "issuer", "validity"] {
        body.sequence()?;
    }
    let subject = body.take(der::SEQUENCE)?;
    body.sequence()?;
    while !body.is_empty() {
        let part = body.any()?;
        if part.tag == der::context(3) {
            return Ok(Parts { subject, extensions: Reader::new(part.content).sequence()? });
        }
    }
    Ok(Parts { subject, extensions: Reader::new(&[]) })
}
