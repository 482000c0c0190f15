//! The signature of an authority: `SignedData` of RFC 5652, section 5, with one signer, and the attribute by which it names
//! its certificate (RFC 2634, RFC 5035).

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use webpki::{EndEntityCert, aws_lc_rs as with};

use super::NotStamped;
use crate::seal::der::{self, Malformed, Reader};

/// 1.2.840.113549.1.9.16.1.4: the content is a time.
const OID_TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
/// 1.2.840.113549.1.9.3
const OID_CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
/// 1.2.840.113549.1.9.4
const OID_MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// 1.2.840.113549.1.9.16.2.12
const OID_SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
/// 1.2.840.113549.1.9.16.2.47
const OID_SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];

/// Signed content.
#[derive(Debug)]
pub(super) struct Signed<'a> {
    /// The time, still in DER.
    pub(super) content: &'a [u8],
    /// Every certificate that came with it.
    pub(super) certificates: Vec<CertificateDer<'a>>,
    signer: Signer<'a>,
}

#[derive(Debug)]
struct Signer<'a> {
    digest: &'static digest::Algorithm,
    attributes: der::Element<'a>,
    signature: &'a [u8],
}

impl<'a> Signed<'a> {
    pub(super) fn parse(mut token: Reader<'a>) -> Result<Self, NotStamped> {
        let mut data = token.sequence()?;
        token.end()?;
        data.small()?;
        data.take(der::SET)?;
        let mut info = data.sequence()?;
        if info.take(der::OID)? != OID_TST_INFO {
            return Err(NotStamped::new("it signs something that is no time"));
        }
        let content = Reader::new(info.take(der::context(0))?).take(der::OCTET_STRING)?;
        let mut certificates = Vec::new();
        let mut carried = Reader::new(data.optional(der::context(0))?.unwrap_or_default());
        while !carried.is_empty() {
            certificates.push(CertificateDer::from(carried.any()?.whole));
        }
        data.optional(der::context(1))?;
        let mut signers = Reader::new(data.take(der::SET)?);
        let signer = Signer::parse(signers.sequence()?)?;
        signers.end()?;
        Ok(Self { content, certificates, signer })
    }

    /// The certificate that the signer names.
    pub(super) fn certificate(&self) -> Result<&CertificateDer<'a>, NotStamped> {
        let (algorithm, hash) = self.signer.certificate_hash()?;
        let mut own = self.certificates.iter().filter(|certificate| digest(algorithm, certificate).as_ref() == hash);
        own.next().ok_or_else(|| NotStamped::new("it does not carry the certificate of its signer"))
    }

    /// Whether that certificate signed it.
    pub(super) fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), NotStamped> {
        let signer = &self.signer;
        if signer.attribute(OID_CONTENT_TYPE)?.take(der::OID)? != OID_TST_INFO {
            return Err(NotStamped::new("it signs something that is no time"));
        }
        if signer.attribute(OID_MESSAGE_DIGEST)?.take(der::OCTET_STRING)?
            != digest(signer.digest, self.content).as_ref()
        {
            return Err(NotStamped::new("what it signs is not the time in it"));
        }
        let certificate = EndEntityCert::try_from(certificate)
            .map_err(|error| NotStamped::new(format!("the certificate of its signer cannot be used: {error}")))?;
        // Signed as a SET, whatever tag it stands under.
        let mut attributes = signer.attributes.whole.to_vec();
        attributes[..1].copy_from_slice(&[der::SET]);
        let is_signed = |algorithm: &dyn SignatureVerificationAlgorithm| {
            certificate.verify_signature(algorithm, &attributes, signer.signature).is_ok()
        };
        if algorithms(signer.digest).into_iter().any(is_signed) {
            Ok(())
        } else {
            Err(NotStamped::new("its signature is not by the certificate that it names"))
        }
    }
}

impl<'a> Signer<'a> {
    fn parse(mut info: Reader<'a>) -> Result<Self, NotStamped> {
        info.small()?;
        // Issuer and serial number, or a key's id: the signed attribute is what counts.
        info.any()?;
        let digest = hash(info.sequence()?.take(der::OID)?)?;
        let attributes = info.any()?;
        if attributes.tag != der::context(0) {
            return Err(Malformed.into());
        }
        info.sequence()?;
        Ok(Self { digest, attributes, signature: info.take(der::OCTET_STRING)? })
    }

    /// The only value of a signed attribute that stands there once.
    fn attribute(&self, oid: &[u8]) -> Result<Reader<'a>, NotStamped> {
        let mut attributes = Reader::new(self.attributes.content);
        let mut found = None;
        while !attributes.is_empty() {
            let mut attribute = attributes.sequence()?;
            if attribute.take(der::OID)? == oid && found.replace(Reader::new(attribute.take(der::SET)?)).is_some() {
                return Err(Malformed.into());
            }
        }
        found.ok_or_else(|| NotStamped::new("it lacks a signed attribute that a time stamp has"))
    }

    /// The hash by which the signer names its certificate.
    fn certificate_hash(&self) -> Result<(&'static digest::Algorithm, &'a [u8]), NotStamped> {
        if let Ok(mut value) = self.attribute(OID_SIGNING_CERTIFICATE_V2) {
            let mut id = value.sequence()?.sequence()?.sequence()?;
            let algorithm = match id.optional(der::SEQUENCE)? {
                Some(algorithm) => hash(Reader::new(algorithm).take(der::OID)?)?,
                None => &SHA256,
            };
            return Ok((algorithm, id.take(der::OCTET_STRING)?));
        }
        let mut id = self.attribute(OID_SIGNING_CERTIFICATE)?.sequence()?.sequence()?.sequence()?;
        Ok((&SHA1_FOR_LEGACY_USE_ONLY, id.take(der::OCTET_STRING)?))
    }
}

/// SHA-2 by its OID, `2.16.840.1.101.3.4.2.n`.
fn hash(oid: &[u8]) -> Result<&'static digest::Algorithm, NotStamped> {
    match oid {
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 1] => Ok(&SHA256),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 2] => Ok(&SHA384),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 3] => Ok(&SHA512),
        _ => Err(NotStamped::new("it uses a hash other than SHA-256, SHA-384 and SHA-512")),
    }
}

/// The ways to sign with a hash; the key of the certificate decides between them.
fn algorithms(hash: &digest::Algorithm) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    if hash == &SHA256 {
        vec![
            with::RSA_PKCS1_2048_8192_SHA256,
            with::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
            with::ECDSA_P256_SHA256,
            with::ECDSA_P384_SHA256,
            with::ECDSA_P521_SHA256,
        ]
    } else if hash == &SHA384 {
        vec![
            with::RSA_PKCS1_2048_8192_SHA384,
            with::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
            with::ECDSA_P256_SHA384,
            with::ECDSA_P384_SHA384,
            with::ECDSA_P521_SHA384,
        ]
    } else {
        vec![
            with::RSA_PKCS1_2048_8192_SHA512,
            with::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
            with::ECDSA_P256_SHA512,
            with::ECDSA_P384_SHA512,
            with::ECDSA_P521_SHA512,
            with::ED25519,
        ]
    }
}
