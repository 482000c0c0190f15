use std::path::PathBuf;

use chrono::NaiveDate;
use tempfile::TempDir;

use super::*;
use crate::files::{Existing, FileError};
use crate::seal::keys::tests::{private_key, public_key};
use crate::seal::{MANIFEST, Message, PAYLOAD_TYPE, PackWriter, SigningKey};
use crate::snapshot::Tool;

const RESULTS: &str = r#"{"period":{"name":"2026-Q3","start":"2026-07-01","end":"2026-09-30"},
"collected":{"first":"2026-09-30T16:00:00.000Z","last":"2026-09-30T16:02:00.000Z"},
"summary":{"pass":1,"fail":2,"not_evaluated":3,"not_applicable":4,"attested":5,"waived":6},"other":[1.5]}"#;

struct Pack {
    _folder: TempDir,
    path: PathBuf,
    manifest: Manifest,
    key: SigningKey,
    public: PublicKey,
}

fn pack() -> Pack {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pack");
    let pem = private_key();
    let key = SigningKey::from_pem(pem.as_bytes()).expect("a key");
    let writer = PackWriter::create(&path, Existing::Refuse).expect("begins");
    let files = [
        ("results.json", RESULTS),
        ("declarations.toml", "[phi]\n"),
        ("evidence/snapshot.json", "{}"),
        ("evidence/earlier/2026-06-30T16:00:00.000Z/snapshot.json", "[]"),
    ];
    for (path, text) in files {
        writer.add(path, text.as_bytes()).expect("adds");
    }
    let day = NaiveDate::from_ymd_opt(2032, 12, 31).expect("a date");
    let sign = |staging: &Path, manifest: &Manifest| {
        let payload = payload(staging, manifest);
        std::fs::write(staging.join(ENVELOPE), envelope(&payload, &key)).expect("writes");
        Ok::<(), FileError>(())
    };
    let manifest = writer.finish_with(Tool::this(), day, sign).expect("finishes");
    let public = PublicKey::from_pem(public_key(&pem).as_bytes()).expect("a key");
    Pack { _folder: folder, path, manifest, key, public }
}

fn payload(pack: &Path, manifest: &Manifest) -> Vec<u8> {
    let mut payload = Vec::new();
    Statement::of(pack, manifest).expect("a statement").write(&mut payload).expect("writes");
    payload
}

fn envelope(payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let message = Message::new(PAYLOAD_TYPE, payload);
    let mut bytes = Vec::new();
    Envelope::write(&message, key.id(), &key.sign(message.bytes()), &mut bytes).expect("writes");
    bytes
}

impl Pack {
    fn deviations(&self, key: Option<&PublicKey>) -> Vec<String> {
        signature(&self.path, &self.manifest, key).deviations.iter().map(ToString::to_string).collect()
    }

    /// Signs something else with the right key.
    fn deviations_signing(&self, change: impl FnOnce(String) -> String) -> Vec<String> {
        let payload = String::from_utf8(payload(&self.path, &self.manifest)).expect("UTF-8");
        std::fs::write(self.path.join(ENVELOPE), envelope(change(payload).as_bytes(), &self.key)).expect("writes");
        self.deviations(Some(&self.public))
    }
}

#[test]
fn the_statement_names_every_file_and_what_it_is_about() {
    let pack = pack();
    let payload: serde_json::Value = serde_json::from_slice(&payload(&pack.path, &pack.manifest)).expect("JSON");
    assert_eq!(payload["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(payload["predicateType"], "urn:pinpoint-evidence:pack:v1");
    let names: Vec<&str> =
        payload["subject"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    let listed = pack.manifest.files.iter().map(|entry| entry.path.as_str());
    assert!(names.iter().copied().eq(std::iter::once(MANIFEST).chain(listed)), "{names:?}");
    let predicate = &payload["predicate"];
    assert_eq!(predicate["summary"]["waived"], 6);
    assert_eq!(predicate["root"], pack.manifest.root.as_str());
    assert_eq!(predicate["snapshots"].as_array().map(Vec::len), Some(2));
    assert_eq!(predicate["configuration"]["digest"]["sha256"], crate::snapshot::hex_sha256(b"[phi]\n").as_str());
    assert_eq!(predicate["collected"]["last"], "2026-09-30T16:02:00.000Z");
}

#[test]
fn a_signed_pack_verifies_with_the_key_that_signed_it_and_with_no_other() {
    let (pack, stranger) = (pack(), pack().public);
    assert_eq!(pack.deviations(Some(&pack.public)), Vec::<String>::new());
    assert_eq!(pack.deviations(None), Vec::<String>::new());
    assert_eq!(signature(&pack.path, &pack.manifest, None).key_ids, [pack.public.id()]);
    let [other] = &pack.deviations(Some(&stranger))[..] else { panic!("one deviation") };
    assert!(other.contains("not by") && other.contains(stranger.id()), "{other}");
}

#[cfg(unix)]
#[test]
fn results_that_never_end_are_not_read() {
    let pack = pack();
    std::fs::remove_file(pack.path.join("results.json")).expect("removes");
    let made = std::process::Command::new("mkfifo").arg(pack.path.join("results.json")).status().expect("mkfifo");
    assert!(made.success());
    assert_eq!(pack.deviations(Some(&pack.public)), Vec::<String>::new());
}

#[test]
fn a_signature_that_is_missing_matters_only_where_a_key_is_given() {
    let pack = pack();
    std::fs::remove_file(pack.path.join(ENVELOPE)).expect("removes");
    assert_eq!(pack.deviations(None), Vec::<String>::new());
    assert_eq!(pack.deviations(Some(&pack.public)), ["manifest.dsse.json: there is no signature"]);
}

#[test]
fn every_difference_of_the_statement_is_listed() {
    let pack = pack();
    let found = pack.deviations_signing(|text| {
        let text = text.replacen("declarations.toml", "other.toml", 1).replacen("\"pass\":1", "\"pass\":2", 1);
        let text = text.replace(&pack.manifest.root, "0");
        text.replace("Statement/v1", "Statement/v2")
    });
    let about = [
        "the type of its statement is",
        "it does not sign `declarations.toml`",
        "it signs `other.toml`, which the pack has not",
        "it states `root` as \"0\"",
        "it states `summary` as {",
    ];
    assert_eq!(found.len(), about.len(), "{found:#?}");
    for (found, about) in found.iter().zip(about) {
        assert!(found.contains(about), "{found}");
    }
    let digest = crate::snapshot::hex_sha256(b"{}");
    let found = pack.deviations_signing(|text| text.replacen(&digest, "1", 1));
    assert_eq!(found, ["manifest.dsse.json: it signs `evidence/snapshot.json` with another digest"]);
    let spaced = pack.deviations_signing(|text| text.replacen(',', ", ", 1));
    assert_eq!(spaced, ["manifest.dsse.json: its statement is not written as statements are"]);
    let none = pack.deviations_signing(|_| "[]".to_owned());
    assert!(none[0].contains("is no statement about a pack"), "{none:?}");
}
