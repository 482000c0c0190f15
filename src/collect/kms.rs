//! A key in AWS KMS that signs a pack. The only call of this program that is not a read: it changes nothing, and is made
//! only where somebody asks for it.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_sdk_kms::error::ProvideErrorMetadata;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{KeySpec, KeyUsageType, MessageType, SigningAlgorithmSpec};

use super::connect::Aws;
use super::record::chain;
use crate::seal::PublicKey;
use crate::snapshot::redact;

/// A key on P-256 that signs, and whose public half is known.
pub struct KmsKey {
    client: aws_sdk_kms::Client,
    arn: String,
    public: PublicKey,
}

impl fmt::Debug for KmsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsKey").field("arn", &self.arn).field("public", &self.public).finish_non_exhaustive()
    }
}

/// Why a key of AWS KMS does not sign. Each reads well after "failed to sign: ".
#[derive(Debug, thiserror::Error)]
pub enum KmsError {
    /// It is not named by an ARN.
    #[error("`{0}` is not the ARN of a key or an alias in AWS KMS")]
    Arn(String),
    /// AWS refused, or was not reached.
    #[error("{operation} of `{arn}`: {what}")]
    Call {
        /// `GetPublicKey` or `Sign`.
        operation: &'static str,
        /// The key.
        arn: String,
        /// Code and message as AWS gave them.
        what: String,
    },
    /// It is a key for something else.
    #[error("`{arn}` is {what}, not a key that signs with ECDSA on P-256")]
    Kind {
        /// The key.
        arn: String,
        /// Its specification and usage.
        what: String,
    },
    /// What came back is no signature by that key.
    #[error("the answer for `{0}` is not a signature by that key")]
    Signature(String),
}

impl KmsError {
    /// What to try next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Arn(_) => {
                "write it like kms:arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
            }
            Self::Call { .. } => {
                "the caller needs kms:GetPublicKey and kms:Sign on that key; check with `aws kms get-public-key`"
            }
            Self::Kind { .. } => "make one with `aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY`",
            Self::Signature(_) => "check what answers for AWS KMS, for instance AWS_ENDPOINT_URL_KMS",
        }
    }
}

impl KmsKey {
    /// The region in the ARN of a key or an alias.
    ///
    /// # Errors
    /// When it is no such ARN.
    pub fn region(arn: &str) -> Result<&str, KmsError> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", partition, "kms", region, account, key]
                if partition.starts_with("aws")
                    && !region.is_empty()
                    && account.len() == 12
                    && (key.starts_with("key/") || key.starts_with("alias/")) =>
            {
                Ok(region)
            }
            _ => Err(KmsError::Arn(arn.to_owned())),
        }
    }

    /// Asks for the public half of a key.
    ///
    /// # Errors
    /// When AWS refuses, or the key is for something else.
    pub async fn open(aws: &Aws, arn: &str) -> Result<Self, KmsError> {
        let client = aws_sdk_kms::Client::new(&aws.at(Self::region(arn)?));
        let answer = client.get_public_key().key_id(arn).send().await;
        let answer =
            answer.map_err(|error| refused("GetPublicKey", arn, error.code(), error.message(), &chain(&error)))?;
        let is_signing = answer.key_usage() == Some(&KeyUsageType::SignVerify);
        let other = |what: String| KmsError::Kind { arn: arn.to_owned(), what };
        // What kind it is stands in the key itself; an emulator may leave out the specification.
        let public = match (answer.key_spec(), answer.public_key()) {
            (None | Some(KeySpec::EccNistP256), Some(key)) if is_signing => {
                PublicKey::from_der(key.as_ref()).map_err(|error| other(error.to_string()))?
            }
            (spec, _) => {
                let spec = spec.map_or("of no known kind", KeySpec::as_str);
                let usage = answer.key_usage().map_or("no known use", KeyUsageType::as_str);
                return Err(other(format!("{spec} for {usage}")));
            }
        };
        Ok(Self { client, arn: arn.to_owned(), public })
    }

    /// SHA-256 of its public half (SubjectPublicKeyInfo, DER), in lower-case hexadecimal.
    #[must_use]
    pub fn id(&self) -> &str {
        self.public.id()
    }

    /// Signs a message of any length: AWS KMS takes 4,096 bytes at most, and is given the message's SHA-256.
    ///
    /// # Errors
    /// When AWS refuses, or what it answers is no signature by this key.
    pub async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KmsError> {
        let request = self
            .client
            .sign()
            .key_id(&self.arn)
            .message(Blob::new(digest(&SHA256, message).as_ref()))
            .message_type(MessageType::Digest)
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let answer = request.send().await;
        let answer =
            answer.map_err(|error| refused("Sign", &self.arn, error.code(), error.message(), &chain(&error)))?;
        let signature = answer.signature().map(|signature| signature.as_ref().to_vec());
        signature
            .filter(|signature| self.public.has_signed(message, signature))
            .ok_or_else(|| KmsError::Signature(self.arn.clone()))
    }
}

fn refused(operation: &'static str, arn: &str, code: Option<&str>, message: Option<&str>, otherwise: &str) -> KmsError {
    let what = match (code, message) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => otherwise.to_owned(),
    };
    KmsError::Call { operation, arn: arn.to_owned(), what: redact::message(&what) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_that_of_the_key() {
        let key = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        assert_eq!(KmsKey::region(key).expect("an ARN"), "us-gov-west-1");
        assert_eq!(KmsKey::region("arn:aws:kms:us-east-1:111122223333:alias/a").expect("an ARN"), "us-east-1");
        for other in
            ["", "alias/a", "arn:aws:s3:::bucket", "arn:aws:kms::111122223333:key/a", "arn:aws:kms:us-east-1:1:key/a"]
        {
            assert!(KmsKey::region(other).is_err(), "{other}");
        }
    }
}
