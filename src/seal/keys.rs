//! Keys: an Ed25519 key that signs, and the public keys that check. Nothing here ever shows a private key.

use std::fmt;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivatePkcs8KeyDer, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer};
use webpki::aws_lc_rs::{ECDSA_P256_SHA256, ED25519};

use super::der::{self, Reader};
use crate::snapshot::hex_sha256;

/// 1.3.101.112 (RFC 8410).
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// 1.2.840.10045.2.1 (RFC 5480).
const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.10045.3.1.7 (RFC 5480).
const OID_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.2.840.113549.1.1.1 (RFC 8017).
const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Why a key cannot be used: a clause about the file that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError {
    what: String,
    hint: &'static str,
}

impl KeyError {
    fn new(what: impl Into<String>, hint: &'static str) -> Self {
        Self { what: what.into(), hint }
    }

    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        self.hint
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

const MAKE: &str = "make one with `openssl genpkey -algorithm ed25519 -out key.pem`";
const DERIVE: &str = "write it with `openssl pkey -in key.pem -pubout -out key.pub.pem`, \
                      or for a key of AWS KMS with `aws kms get-public-key`";
const DECRYPT: &str = "decrypt it with `openssl pkey -in FILE -out key.pem`, and remove that file afterwards";

/// A private key.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    id: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Reads an Ed25519 key in PKCS#8, in a PEM file.
    ///
    /// # Errors
    /// When it is encrypted, public, of another kind or in another form.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let has = |label: &str| {
            let label = format!("-----BEGIN {label}-----");
            pem.windows(label.len()).any(|window| window == label.as_bytes())
        };
        if has("ENCRYPTED PRIVATE KEY") || pem.windows(9).any(|window| window == b"ENCRYPTED") {
            return Err(KeyError::new("it is encrypted, and this program asks for no passphrase", DECRYPT));
        }
        for label in ["RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
            if has(label) {
                return Err(KeyError::new(format!("it holds a `{label}`, not an Ed25519 key in PKCS#8"), MAKE));
            }
        }
        if has("PUBLIC KEY") {
            return Err(KeyError::new("it holds a public key, and only a private key signs", MAKE));
        }
        let not_pem = |_| KeyError::new("it is not a PEM file with a private key in PKCS#8", MAKE);
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem).map_err(not_pem)?;
        if let Some(kind) = kind_of_private(key.secret_pkcs8_der()).filter(|kind| *kind != "Ed25519") {
            return Err(KeyError::new(format!("it holds a key for {kind}, not for Ed25519"), MAKE));
        }
        let refused = |_| KeyError::new("its key is not a sound Ed25519 key", MAKE);
        let pair = Ed25519KeyPair::from_pkcs8(key.secret_pkcs8_der()).map_err(refused)?;
        let public =
            pair.public_key().as_der().map_err(|_| KeyError::new("its public half cannot be written", MAKE))?;
        Ok(Self { id: hex_sha256(public.as_ref()), pair })
    }

    /// SHA-256 of its public half (SubjectPublicKeyInfo, DER), in lower-case hexadecimal.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Signs a message of any length.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

/// The algorithm of a PKCS#8 key: `SEQUENCE { version, SEQUENCE { algorithm, … }, … }`.
fn kind_of_private(key: &[u8]) -> Option<&'static str> {
    let mut key = Reader::new(key).sequence().ok()?;
    key.take(der::INTEGER).ok()?;
    Some(kind(key.sequence().ok()?.take(der::OID).ok()?))
}

fn kind(oid: &[u8]) -> &'static str {
    match oid {
        _ if oid == OID_ED25519 => "Ed25519",
        _ if oid == OID_EC => "elliptic curves",
        _ if oid == OID_RSA => "RSA",
        _ => "another algorithm",
    }
}

/// A public key: Ed25519, or ECDSA on P-256 with SHA-256.
pub struct PublicKey {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    point: Vec<u8>,
    id: String,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl PublicKey {
    /// Reads a key from a PEM file.
    ///
    /// # Errors
    /// When it is a private key, of another kind or in another form.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        if pem.windows(12).any(|window| window == b"PRIVATE KEY-") {
            return Err(KeyError::new("it holds a private key; keep that to yourself", DERIVE));
        }
        let not_pem = |_| KeyError::new("it is not a PEM file with a public key", DERIVE);
        let key = SubjectPublicKeyInfoDer::from_pem_slice(pem).map_err(not_pem)?;
        Self::from_der(&key)
    }

    /// Reads a key from its SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// When it is of another kind.
    pub fn from_der(key: &[u8]) -> Result<Self, KeyError> {
        let (algorithm, point) = public_parts(key)?;
        Ok(Self { algorithm, point: point.to_vec(), id: hex_sha256(key) })
    }

    /// SHA-256 of it (SubjectPublicKeyInfo, DER), in lower-case hexadecimal.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether a signature is by this key, over this message.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.algorithm.verify_signature(&self.point, message, signature).is_ok()
    }
}

type Parts<'a> = (&'static dyn SignatureVerificationAlgorithm, &'a [u8]);

/// `SEQUENCE { SEQUENCE { algorithm, parameters }, BIT STRING }`
fn public_parts(key: &[u8]) -> Result<Parts<'_>, KeyError> {
    let malformed = |_: der::Malformed| KeyError::new("its key is not a SubjectPublicKeyInfo", DERIVE);
    let mut whole = Reader::new(key);
    let mut info = whole.sequence().map_err(malformed)?;
    whole.end().map_err(malformed)?;
    let mut identifier = info.sequence().map_err(malformed)?;
    let oid = identifier.take(der::OID).map_err(malformed)?;
    let curve = identifier.optional(der::OID).map_err(malformed)?;
    let point = info.bits().map_err(malformed)?;
    match (oid, curve) {
        (OID_ED25519, None) => Ok((ED25519, point)),
        (OID_EC, Some(OID_P256)) => Ok((ECDSA_P256_SHA256, point)),
        _ => Err(KeyError::new(format!("its key is for {}, not Ed25519 or ECDSA on P-256", kind(oid)), DERIVE)),
    }
}

#[cfg(test)]
pub(super) mod tests;
