//! Signed packs: by a key in a file and by AWS KMS, and what `verify` says when they are not.

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use serde_json::{Value, json};

use crate::common::bench::{files, json};
use crate::common::keys::{self, P256};
use crate::common::wire::{answer, error};
use crate::common::{Bench, Endpoint, packs};

const KEY_ARN: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const PACK: &str = "pack --exit-zero --from demo/evidence --config demo/declarations.toml --out";

/// A bench with the demo in it, a key, and a pack that is signed by it.
fn signed() -> Bench {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    keys::write(&bench, "key");
    let finished = bench.program(&format!("{PACK} pack --sign key.pem")).run().exits(0);
    assert!(finished.stderr.contains("Signed by the key "), "{}", finished.stderr);
    bench
}

#[test]
fn a_signed_pack_is_the_same_pack_and_a_signature() {
    let bench = signed();
    let (mut pack, plain) = (files(&bench.path("pack")), files(&bench.path("demo")));
    assert!(pack.remove("manifest.dsse.json").is_some());
    assert!(pack == plain, "signing changed another file");
    bench.program(&format!("{PACK} again --sign key.pem")).run().exits(0);
    assert!(files(&bench.path("pack")) == files(&bench.path("again")), "the same key signs otherwise");
    let known = bench.program("verify pack --public-key key.pub.pem").run().exits(0).stdout;
    assert!(known.contains("is signed by the key that was given"), "{known}");
    let unknown = bench.program("verify pack").run().exits(0).stdout;
    assert!(unknown.contains("not checked, for no key was given"), "{unknown}");
    let unsigned = bench.program("verify demo").run().exits(0).stdout;
    assert!(unsigned.contains("It is not signed."), "{unsigned}");
    let ticket: Value =
        serde_json::from_str(&bench.program("ticket pack --format json").run().exits(0).stdout).expect("JSON");
    assert_eq!(ticket["pack"]["signed"], true);
}

#[test]
fn a_pack_that_was_rewritten_with_care_is_not_the_one_that_was_signed() {
    let bench = signed();
    std::fs::write(bench.path("pack/findings.csv"), "id\n").expect("writes");
    packs::seal_again(&bench.path("pack"));
    for flags in ["", " --public-key key.pub.pem"] {
        let found = bench.program(&format!("verify pack{flags}")).run().exits(4).stdout;
        for what in
            ["does not sign", "signs `findings.csv` with another", "signs `manifest.json` with another", "`root`"]
        {
            assert_eq!(found.contains(what), what != "does not sign", "{what}: {found}");
        }
    }
}

#[test]
fn a_signature_that_is_missing_or_by_somebody_else_is_noticed() {
    let bench = signed();
    keys::write(&bench, "other");
    let other = bench.program("verify pack --public-key other.pub.pem").run().exits(4).stdout;
    assert!(other.contains("manifest.dsse.json: it is signed by the key"), "{other}");
    bench.program("verify demo --public-key key.pub.pem").run().exits(4).says(&["`demo`", "1 deviation"]);
    let envelope = std::fs::read_to_string(bench.path("pack/manifest.dsse.json")).expect("a file");
    let sig = json(&bench.path("pack/manifest.dsse.json"))["signatures"][0]["sig"].as_str().expect("a text").to_owned();
    bench.write("pack/manifest.dsse.json", &envelope.replace(&sig, &format!("B{}", &sig[1..])));
    let forged = bench.program("verify pack --public-key key.pub.pem").run().code;
    let same = sig.starts_with('B');
    assert_eq!(forged, Some(if same { 0 } else { 4 }));
}

#[test]
fn a_key_that_cannot_be_used_is_said_before_anything_is_written() {
    let bench = signed();
    let pack = |key: &str| bench.program(&format!("{PACK} other --sign {key}")).run().exits(2);
    pack("missing.pem").says(&["cannot sign", "missing.pem"]);
    pack("key.pub.pem").says(&["a public key"]).hints(&["openssl genpkey"]);
    pack("kms:alias/evidence").says(&["alias/evidence", "ARN"]).hints(&["kms:arn:aws:kms:"]);
    assert!(!bench.path("other").exists());
    let verify = |key: &str| bench.program(&format!("verify pack --public-key {key}")).run().exits(2);
    verify("key.pem").says(&["key.pem", "a private key"]).hints(&["-pubout"]);
    verify("missing.pem").says(&["missing.pem"]);
}

/// AWS KMS with one key.
fn kms(key: &P256, request: &WireRequest) -> WireResponse {
    let asked: Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!(asked["KeyId"], KEY_ARN);
    assert_eq!(request.host, "kms.eu-west-1.amazonaws.com");
    let body = match request.target.as_deref() {
        Some("TrentService.GetPublicKey") => json!({
            "KeyId": KEY_ARN, "PublicKey": key.public(), "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY",
            "SigningAlgorithms": ["ECDSA_SHA_256"],
        }),
        Some("TrentService.Sign") => {
            assert_eq!(
                (&asked["MessageType"], &asked["SigningAlgorithm"]),
                (&json!("DIGEST"), &json!("ECDSA_SHA_256"))
            );
            let signature = key.sign(asked["Message"].as_str().expect("a text"), true);
            json!({ "KeyId": KEY_ARN, "Signature": signature, "SigningAlgorithm": "ECDSA_SHA_256" })
        }
        other => panic!("{other:?}"),
    };
    answer(200, body.to_string())
}

fn sign_with(bench: &Bench, endpoint: &Endpoint, arn: &str) -> crate::common::bench::Invocation {
    let run = bench.program(&format!("{PACK} pack --sign kms:{arn}")).with_keys();
    run.env("AWS_ENDPOINT_URL_KMS", endpoint.url())
}

#[test]
fn a_key_in_kms_signs_without_leaving_it() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let key = std::sync::Arc::new(P256::new());
    bench.write("kms.pub.pem", &key.public_pem());
    let endpoint = Endpoint::answering(move |request| kms(&key, request));
    sign_with(&bench, &endpoint, KEY_ARN).run().exits(0);
    assert_eq!(endpoint.requests().len(), 2);
    bench.program("verify pack --public-key kms.pub.pem").run().exits(0);
}

#[test]
fn a_key_in_kms_that_refuses_or_is_for_something_else_leaves_no_pack() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let denied = Endpoint::answering(|_| error(400, "AccessDeniedException", "not allowed"));
    sign_with(&bench, &denied, KEY_ARN)
        .run()
        .exits(2)
        .says(&["GetPublicKey", "AccessDeniedException"])
        .hints(&["kms:Sign"]);
    let rsa = Endpoint::answering(|_| {
        let body = json!({ "KeyId": KEY_ARN, "PublicKey": "AAAA", "KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY" });
        answer(200, body.to_string())
    });
    sign_with(&bench, &rsa, KEY_ARN).run().exits(2).says(&["RSA_2048", "P-256"]).hints(&["ECC_NIST_P256"]);
    let (announced, signs) = (P256::new(), P256::new());
    let false_friend = Endpoint::answering(move |request| {
        kms(if request.target.as_deref() == Some("TrentService.Sign") { &signs } else { &announced }, request)
    });
    sign_with(&bench, &false_friend, KEY_ARN).run().exits(2).says(&["not a signature by that key"]);
    assert_eq!(bench.names(), ["demo"]);
}

#[test]
fn a_verdict_that_does_not_follow_is_named() {
    let bench = signed();
    let mut turned = String::new();
    packs::rewrite(&bench.path("demo"), |results| {
        let findings = results["findings"].as_array_mut().expect("a list");
        let failed = findings.iter_mut().find(|finding| finding["verdict"] == "fail").expect("a fail");
        failed["verdict"] = "pass".into();
        turned = format!(
            "results.json: the finding {} ({} on {}) is `pass`, and the evidence gives `fail`",
            failed["id"].as_str().expect("a text"),
            failed["rule"].as_str().expect("a text"),
            failed["resource"].as_str().expect("a text")
        );
    });
    let found = bench.program("verify demo").run().exits(4).stdout;
    assert_eq!(
        found.lines().filter(|line| line.starts_with("results.json: the finding")).collect::<Vec<_>>(),
        [turned]
    );
    let files_only = bench.program("verify demo --files-only").run().exits(0).stdout;
    assert!(files_only.contains("not judged again"), "{files_only}");
}
