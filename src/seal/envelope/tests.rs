use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

use super::*;
use crate::seal::keys::tests::{private_key, public_key};
use crate::seal::{PublicKey, SigningKey, der};

fn signed(payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let message = Message::new(PAYLOAD_TYPE, payload);
    let mut bytes = Vec::new();
    Envelope::write(&message, key.id(), &key.sign(message.bytes()), &mut bytes).expect("writes");
    bytes
}

/// A key that signs and the one that checks it.
fn pair() -> (SigningKey, PublicKey) {
    let pem = private_key();
    let key = SigningKey::from_pem(pem.as_bytes()).expect("a key");
    let public = PublicKey::from_pem(public_key(&pem).as_bytes()).expect("a key");
    assert_eq!(key.id(), public.id());
    (key, public)
}

/// The vector of the specification (secure-systems-lab/dsse, protocol.md and its reference implementation).
#[test]
fn the_encoding_is_that_of_the_specification() {
    let message = Message::new("http://example.com/HelloWorld", b"hello world");
    assert_eq!(message.bytes(), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    assert_eq!(message.payload(), b"hello world");
    // Its key, as x and y, and its signature, as r and s side by side.
    let point = [
        "67cd390f77aa359cb08c2235f652270493a9ed832b0abcc01f70954c0390d238",
        "0c782bd54e269125a44f4433aff1432ce94e12bca73aa67ac80cea12608ddf74",
    ];
    let point: Vec<u8> = std::iter::once(4).chain(hex(&point.concat())).collect();
    let signature = STANDARD
        .decode("A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==")
        .expect("Base64");
    let (r, s) = signature.split_at(32);
    let signature =
        der::element(der::SEQUENCE, &[der::element(der::INTEGER, r), der::element(der::INTEGER, s)].concat());
    let key = PublicKey::from_der(&p256(&point)).expect("a key");
    assert!(key.has_signed(message.bytes(), &signature));
    assert!(!key.has_signed(b"DSSEv1 29 http://example.com/HelloWorld 11 hello World", &signature));
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("digits"));
    digits.map(|pair| u8::from_str_radix(pair, 16).expect("digits")).collect()
}

/// The SubjectPublicKeyInfo of a point on P-256.
fn p256(point: &[u8]) -> Vec<u8> {
    let algorithm = [
        der::element(der::OID, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
        der::element(der::OID, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]),
    ];
    let bits = [&[0], point].concat();
    let info = [der::element(der::SEQUENCE, &algorithm.concat()), der::element(der::BIT_STRING, &bits)];
    der::element(der::SEQUENCE, &info.concat())
}

#[test]
fn what_was_signed_verifies_and_nothing_else_does() {
    let (key, public) = pair();
    let bytes = signed(b"{\"a\":1}", &key);
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    assert!(
        text.starts_with("{\"payload\":\"eyJhIjoxfQ==\",\"payloadType\":\"application/vnd.in-toto+json\","),
        "{text}"
    );
    let envelope = Envelope::parse(&bytes).expect("an envelope");
    assert_eq!((envelope.payload(), envelope.verify(&public)), (&b"{\"a\":1}"[..], Ok(())));
    let other = text.replace("eyJhIjoxfQ==", "eyJhIjoyfQ==");
    let envelope = Envelope::parse(other.as_bytes()).expect("an envelope");
    let refused = envelope.verify(&public).expect_err("another payload").to_string();
    assert_eq!(refused, format!("its signature is not by the key {}", public.id()));
    let (_, stranger) = pair();
    let refused = envelope.verify(&stranger).expect_err("another key").to_string();
    assert_eq!(refused, format!("it is signed by the key {}, not by {}", public.id(), stranger.id()));
}

#[test]
fn an_envelope_is_written_in_one_way_only() {
    let (key, _) = pair();
    let bytes = signed(b"{}", &key);
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    let signature = &text[text.find("{\"keyid\"").expect("a signature")..text.find(']').expect("an end")];
    let others = [
        (text.trim_end().to_owned(), "not written"),
        (text.replace("\",\"", "\", \""), "not written"),
        (text.replace("e30=", "e31="), "not Base64"),
        (text.replace("e30=", "e30"), "not Base64"),
        (text.replace("{\"payload\":\"e30=\",", "{\"payload\":\"e30=\",\"payload\":\"e30=\","), "duplicate field"),
        (text.replace("{\"payload\"", "{\"more\":1,\"payload\""), "unknown field"),
        (text.replace("in-toto", "other"), "the type of its payload"),
        (text.replace(signature, ""), "nobody signed it"),
        ("[]".to_owned(), "no envelope"),
    ];
    for (other, why) in others {
        let refused = Envelope::parse(other.as_bytes()).expect_err("refused").to_string();
        assert!(refused.contains(why), "{other}: {refused}");
    }
}

#[test]
fn a_key_of_kms_is_a_key_as_well() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
    let public = PublicKey::from_der(&p256(pair.public_key().as_ref())).expect("a key");
    let message = Message::new(PAYLOAD_TYPE, b"{}");
    let signature = pair.sign(&SystemRandom::new(), message.bytes()).expect("signs");
    let mut bytes = Vec::new();
    Envelope::write(&message, public.id(), signature.as_ref(), &mut bytes).expect("writes");
    assert_eq!(Envelope::parse(&bytes).expect("an envelope").verify(&public), Ok(()));
}
