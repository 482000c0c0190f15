//! Packs that somebody harmed at random, in eight ways. `tests/outside/tamper.py` does the same a thousand times each with
//! the program and with `verify.py`.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use pinpoint_evidence::files::Existing;
use pinpoint_evidence::seal::{self, ENVELOPE, Envelope, MANIFEST, Manifest, Message, PAYLOAD_TYPE, PackWriter};
use pinpoint_evidence::seal::{PublicKey, SigningKey, Statement};
use pinpoint_evidence::snapshot::{Tool, hex_sha256};

use crate::common::bench::files;
use crate::common::keys;
use crate::common::{Bench, packs};

/// How often each way is gone.
const TIMES: u64 = 150;

const FILES: [(&str, &str); 7] = [
    seal::VERIFY_PY,
    (
        "results.json",
        r#"{"period":{"name":"p","start":"2026-07-01","end":"2026-09-30"},"collected":{"first":"a","last":"b"},
        "summary":{"pass":1,"fail":0,"not_evaluated":0,"not_applicable":0,"attested":0,"waived":0}}"#,
    ),
    ("declarations.toml", ""),
    ("index.md", "# Pack\n"),
    ("evidence/snapshot.json", "{}\n"),
    ("evidence/calls/1/us-east-1/sts.jsonl", "{\"id\":\"c-1\"}\n"),
    ("evidence/calls/1/us-east-1/sesv2.jsonl", "{\"id\":\"c-2\"}\n"),
];

/// Numbers that are the same in every run (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).expect("small")
    }

    fn of<'a>(&mut self, names: &'a [String]) -> &'a str {
        let place = self.below(names.len());
        &names[place]
    }
}

fn write(pack: &Path, key: &SigningKey) {
    let writer = PackWriter::create(pack, Existing::Refuse).expect("begins");
    for (path, text) in FILES {
        writer.add(path, text.as_bytes()).expect("adds");
    }
    let day = NaiveDate::from_ymd_opt(2032, 12, 31).expect("a date");
    let sign = |staging: &Path, manifest: &Manifest| {
        let mut payload = Vec::new();
        Statement::of(staging, manifest).expect("a statement").write(&mut payload).expect("writes");
        let message = Message::new(PAYLOAD_TYPE, &payload);
        let out = fs::File::create(staging.join(ENVELOPE)).expect("creates");
        Envelope::write(&message, key.id(), &key.sign(message.bytes()), out).expect("writes");
        Ok::<(), pinpoint_evidence::files::FileError>(())
    };
    writer.finish_with(Tool::this(), day, sign).expect("finishes");
}

/// What both checks of the seal say.
fn deviations(pack: &Path, key: &PublicKey) -> Vec<String> {
    let checked = seal::check(pack).expect("a directory");
    let signed = checked.manifest.iter().flat_map(|manifest| seal::signature(pack, manifest, Some(key)).deviations);
    checked.deviations.iter().cloned().chain(signed).map(|deviation| deviation.to_string()).collect()
}

type Way = fn(&Path, &[String], &mut Chance);

const WAYS: [(&str, Way); 8] = [
    ("changed", |pack, names, chance| {
        let path = pack.join(chance.of(names));
        let mut bytes = fs::read(&path).expect("a file");
        match (chance.below(3), bytes.len()) {
            (0, 1..) => {
                let place = chance.below(bytes.len());
                bytes[place] ^= 1 << chance.below(8);
            }
            (1, 1..) => bytes.truncate(chance.below(bytes.len())),
            (_, length) => bytes.insert(chance.below(length + 1), b'x'),
        }
        fs::write(path, bytes).expect("writes");
    }),
    ("removed", |pack, names, chance| fs::remove_file(pack.join(chance.of(names))).expect("removes")),
    ("added", |pack, names, chance| {
        let beside = pack.join(chance.of(names));
        let name = format!("{}{}", ["x", ".x", "manifest.json.", "Manifest.json"][chance.below(4)], chance.below(1000));
        fs::write(beside.with_file_name(name), "").expect("writes");
    }),
    ("renamed", |pack, names, chance| {
        let path = pack.join(chance.of(names));
        fs::rename(&path, path.with_file_name(format!("x{}", chance.below(1000)))).expect("moves");
    }),
    ("swapped", |pack, names, chance| {
        let one = chance.of(names);
        let others: Vec<String> = names.iter().filter(|name| *name != one).cloned().collect();
        let other = chance.of(&others);
        let aside = pack.with_extension("aside");
        for (from, to) in
            [(pack.join(one), aside.clone()), (pack.join(other), pack.join(one)), (aside, pack.join(other))]
        {
            fs::rename(from, to).expect("moves");
        }
    }),
    ("linked", |pack, names, chance| {
        let path = pack.join(chance.of(names));
        let aside = pack.with_extension("aside");
        let target = if chance.below(2) == 0 { path.clone() } else { path.parent().expect("a folder").to_owned() };
        let target = if target == pack { path } else { target };
        fs::rename(&target, &aside).expect("moves");
        std::os::unix::fs::symlink(&aside, &target).expect("links");
    }),
    ("re-cased", |pack, names, chance| {
        let name = chance.of(names);
        let letters: Vec<usize> =
            name.char_indices().filter(|(_, letter)| letter.is_ascii_lowercase()).map(|(at, _)| at).collect();
        let at = letters[chance.below(letters.len())];
        let part = name[at..].find('/').map_or(name.len(), |end| at + end);
        let old = &name[..part];
        let new = format!("{}{}{}", &old[..at], old[at..=at].to_ascii_uppercase(), &old[at + 1..]);
        fs::rename(pack.join(old), pack.join(new)).expect("moves");
    }),
    ("rewritten", |pack, names, chance| {
        // A file is changed and the manifest made to fit: only the signature can tell.
        let own: Vec<String> =
            names.iter().filter(|name| ![MANIFEST, ENVELOPE].contains(&name.as_str())).cloned().collect();
        let path = pack.join(chance.of(&own));
        let bytes = fs::read(&path).expect("a file");
        fs::write(&path, [bytes.as_slice(), &b" "[..]].concat()).expect("writes");
        packs::seal_again(pack);
        if chance.below(2) == 0 {
            let text = fs::read_to_string(pack.join(MANIFEST)).expect("a file");
            let root = &text[text.find("\"root\"").expect("a root")..][9..73];
            fs::write(pack.join(MANIFEST), text.replace(root, &hex_sha256(root.as_bytes()))).expect("writes");
        }
    }),
];

#[cfg(unix)]
#[test]
fn no_way_to_harm_a_signed_pack_goes_unnoticed() {
    let bench = Bench::new();
    keys::write(&bench, "key");
    let key = SigningKey::from_pem(&fs::read(bench.path("key.pem")).expect("a file")).expect("a key");
    let public = PublicKey::from_pem(&fs::read(bench.path("key.pub.pem")).expect("a file")).expect("a key");
    let pack = bench.path("pack");
    write(&pack, &key);
    assert_eq!(deviations(&pack, &public), Vec::<String>::new());
    let whole = files(&pack);
    let names: Vec<String> = whole.keys().cloned().collect();
    for (name, way) in WAYS {
        for time in 0..TIMES {
            way(&pack, &names, &mut Chance(time));
            assert!(!deviations(&pack, &public).is_empty(), "{name} {time} went unnoticed");
            fs::remove_dir_all(&pack).expect("removes");
            let aside = pack.with_extension("aside");
            let _ = fs::remove_file(&aside).or_else(|_| fs::remove_dir_all(&aside));
            for (path, bytes) in &whole {
                let path = pack.join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
                fs::write(path, bytes).expect("writes");
            }
        }
    }
}
