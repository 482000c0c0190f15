//! Packs that earlier versions wrote: what an auditor holds stays readable and checkable.

use std::path::PathBuf;

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::demo;

use crate::common::account::{self, HEALTHY_CONFIG};
use crate::common::bench::{json, names};
use crate::common::pipeline::{self, Scope};
use crate::common::unzip::unzip;
use crate::common::wire::{error, operation_of};
use crate::common::{Bench, committed};

/// Where [`freeze`] writes.
const NEXT: &str = "tests/frozen/v1";

/// Every frozen pack: the name of its folder, and a bench that holds it as `pack`.
fn frozen() -> Vec<(String, Bench)> {
    let folders = names(&committed::path("tests/frozen")).into_iter().filter(|name| name != "README.md");
    let thawed = |name: String| {
        let archive = std::fs::read(committed::path(&format!("tests/frozen/{name}/pack.zip"))).expect("an archive");
        let bench = Bench::new();
        unzip(&archive, &bench.path(""));
        let folder = bench.names().pop().expect("one folder");
        std::fs::rename(bench.path(&folder), bench.path("pack")).expect("renames");
        (name, bench)
    };
    let all: Vec<(String, Bench)> = folders.map(thawed).collect();
    assert!(!all.is_empty());
    all
}

#[test]
fn every_frozen_pack_is_small_and_of_a_version_that_no_release_has() {
    for (name, bench) in frozen() {
        let archive = committed::path(&format!("tests/frozen/{name}/pack.zip"));
        assert!(archive.metadata().expect("a file").len() < 200 * 1024, "{name}");
        let version = json(&bench.path("pack/manifest.json"))["tool"]["version"].clone();
        assert!(version.as_str().expect("a version").contains('-'), "{name}: {version}");
    }
}

#[test]
fn verify_accepts_every_frozen_pack_whatever_wrote_it() {
    for (name, bench) in frozen() {
        let finished = bench.program("verify pack").run();
        assert_eq!(finished.code, Some(0), "{name}: {}{}", finished.stdout, finished.stderr);
    }
}

#[test]
fn verify_sees_that_a_frozen_pack_was_tampered_with() {
    type Harm = (&'static str, fn(&Bench));
    let harms: [Harm; 5] = [
        ("findings.md", |bench| bench.write("pack/findings.md", "changed")),
        ("results.json", |bench| {
            let path = bench.path("pack/results.json");
            let text = std::fs::read_to_string(&path).expect("a file").replacen("\"not_evaluated\"", "\"pass\"", 1);
            std::fs::write(path, text).expect("writes");
        }),
        ("evidence/snapshot.json", |bench| {
            std::fs::remove_file(bench.path("pack/evidence/snapshot.json")).expect("removes");
        }),
        ("notes.txt", |bench| bench.write("pack/notes.txt", "added")),
        ("manifest.json", |bench| {
            let path = bench.path("pack/manifest.json");
            let text = std::fs::read_to_string(&path).expect("a file").replacen("\"root\": \"", "\"root\": \"0", 1);
            std::fs::write(path, text).expect("writes");
        }),
    ];
    for (file, harm) in harms {
        for (name, bench) in frozen() {
            harm(&bench);
            let finished = bench.program("verify pack").run();
            assert_eq!(finished.code, Some(4), "{name}, {file}: {}", finished.stdout);
            assert!(finished.stdout.contains(file), "{name}, {file}: {}", finished.stdout);
        }
    }
}

#[test]
fn a_frozen_pack_can_be_compared_and_handed_on() {
    for (name, bench) in frozen() {
        bench.program("demo --out demo").run().exits(0);
        let story = bench.program("diff pack demo").run().exits(0).stdout;
        assert!(story.starts_with("# Changes since "), "{name}: {story}");
        let ticket = bench.program("ticket pack").run().exits(0).stdout;
        assert!(ticket.contains("## How to verify"), "{name}: {ticket}");
        bench.program("pack --from demo/evidence --out later --previous pack --exit-zero").run().exits(0);
        bench.program("verify later").run().exits(0);
    }
}

/// One application, of which two channels cannot be read.
fn small(request: &WireRequest) -> WireResponse {
    match operation_of(request).name {
        "GetVoiceChannel" | "GetBaiduChannel" => error(403, "AccessDeniedException", "no"),
        _ => account::healthy(request),
    }
}

#[test]
#[ignore = "writes the pack of this version for all time; tests/frozen/README.md says when"]
fn freeze() {
    assert!(env!("CARGO_PKG_VERSION").contains('-'), "set a pre-release version first; see tests/frozen/README.md");
    let target: PathBuf = committed::path(NEXT).join("pack.zip");
    assert!(!target.exists(), "what is frozen stays as it is");
    let bench = Bench::new();
    bench.write("evidence.toml", HEALTHY_CONFIG);
    let collect = |answer: fn(&WireRequest) -> WireResponse, now: &'static str, name: &str| {
        let scope = Scope { regions: vec![pipeline::REGION.to_owned()], regions_not_scanned: Vec::new(), now };
        pipeline::collect_in(scope, answer, &bench.path(name)).expect("a caller");
    };
    collect(account::healthy, "2026-06-30T16:00:00.000Z", "before.snapshot");
    collect(small, demo::NOW, "snapshot");
    bench.program("pack --exit-zero --from before.snapshot --out before").run().exits(0);
    bench.program("pack --exit-zero --from snapshot --out pack --previous before").run().exits(0);
    bench.program("ticket pack --zip pack.zip").run().exits(0);
    std::fs::create_dir_all(committed::path(NEXT)).expect("creates");
    std::fs::copy(bench.path("pack.zip"), target).expect("copies");
}
