use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// A new key as `openssl genpkey` writes it.
pub(crate) fn private_key() -> String {
    let pair = Ed25519KeyPair::generate().expect("a key");
    pem("PRIVATE KEY", pair.to_pkcs8v1().expect("a key").as_ref())
}

/// Its public half as `openssl pkey -pubout` writes it.
pub(crate) fn public_key(private: &str) -> String {
    let key = SigningKey::from_pem(private.as_bytes()).expect("a key");
    pem("PUBLIC KEY", key.pair.public_key().as_der().expect("a key").as_ref())
}

#[test]
fn a_signing_key_shows_nothing_but_its_id() {
    let private = private_key();
    let key = SigningKey::from_pem(private.as_bytes()).expect("a key");
    assert_eq!(format!("{key:?}"), format!("SigningKey {{ id: \"{}\", .. }}", key.id()));
    let public = PublicKey::from_pem(public_key(&private).as_bytes()).expect("a key");
    assert!(public.has_signed(b"text", &key.sign(b"text")) && !public.has_signed(b"other", &key.sign(b"text")));
}

#[test]
fn a_file_that_is_no_signing_key_is_told_apart_and_never_quoted() {
    let private = private_key();
    let secret = private.lines().nth(1).expect("a body");
    let rsa = der::element(
        der::SEQUENCE,
        &[
            der::element(der::INTEGER, &[0]),
            der::element(der::SEQUENCE, &[der::element(der::OID, OID_RSA), der::element(der::NULL, &[])].concat()),
            der::element(der::OCTET_STRING, &[1, 2, 3]),
        ]
        .concat(),
    );
    let cases = [
        (private.replace("PRIVATE", "ENCRYPTED PRIVATE"), "encrypted"),
        (private.replace("PRIVATE KEY-----\nM", "PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nM"), "encrypted"),
        (private.replace("PRIVATE", "RSA PRIVATE"), "`RSA PRIVATE KEY`"),
        (private.replace("PRIVATE", "EC PRIVATE"), "`EC PRIVATE KEY`"),
        (private.replace("PRIVATE", "OPENSSH PRIVATE"), "`OPENSSH PRIVATE KEY`"),
        (public_key(&private), "a public key"),
        (pem("PRIVATE KEY", &rsa), "a key for RSA"),
        (pem("PRIVATE KEY", b"nothing"), "not a sound"),
        (private.replacen(secret, &secret[..20], 1), "not a sound"),
        (private.replace("-----END", "---- END"), "not a PEM file"),
        (String::new(), "not a PEM file"),
    ];
    for (text, why) in cases {
        let error = SigningKey::from_pem(text.as_bytes()).expect_err("refused");
        assert!(error.to_string().contains(why), "{why}: {error}");
        assert!(!format!("{error:?}{}", error.hint()).contains(&secret[22..]), "{error:?}");
    }
}

#[test]
fn a_file_that_is_no_public_key_is_told_apart() {
    let private = private_key();
    let rsa = [
        der::element(der::SEQUENCE, &[der::element(der::OID, OID_RSA), der::element(der::NULL, &[])].concat()),
        der::element(der::BIT_STRING, &[0, 1, 2, 3]),
    ];
    let cases = [
        (private.clone(), "a private key"),
        (pem("PUBLIC KEY", &der::element(der::SEQUENCE, &rsa.concat())), "for RSA, not Ed25519"),
        (pem("PUBLIC KEY", b"nothing"), "not a SubjectPublicKeyInfo"),
        (public_key(&private).replace("PUBLIC KEY", "CERTIFICATE"), "not a PEM file"),
    ];
    for (text, why) in cases {
        let error = PublicKey::from_pem(text.as_bytes()).expect_err("refused").to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
}
