//! Keys as `openssl` writes them; made anew for each test.

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Bench;

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// Writes an Ed25519 key and its public half, as `NAME.pem` and `NAME.pub.pem`.
pub(crate) fn write(bench: &Bench, name: &str) {
    let pair = Ed25519KeyPair::generate().expect("a key");
    bench.write(&format!("{name}.pem"), &pem("PRIVATE KEY", pair.to_pkcs8v1().expect("a key").as_ref()));
    let public = pair.public_key().as_der().expect("a key");
    bench.write(&format!("{name}.pub.pem"), &pem("PUBLIC KEY", public.as_ref()));
}

/// A key on P-256, as AWS KMS holds one.
pub(crate) struct P256(EcdsaKeyPair);

impl P256 {
    pub(crate) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"))
    }

    /// Its public half, DER in Base64.
    pub(crate) fn public(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().expect("a key");
        STANDARD.encode(der.as_ref())
    }

    pub(crate) fn public_pem(&self) -> String {
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", self.public())
    }

    /// Signs what is given in Base64; `is_digest` when that is a digest already.
    pub(crate) fn sign(&self, message: &str, is_digest: bool) -> String {
        let message = STANDARD.decode(message).expect("Base64");
        let signature = if is_digest {
            let digest = aws_lc_rs::digest::Digest::import_less_safe(&message, &aws_lc_rs::digest::SHA256);
            self.0.sign_digest(&digest.expect("a digest"))
        } else {
            self.0.sign(&SystemRandom::new(), &message)
        };
        STANDARD.encode(signature.expect("signs"))
    }
}
