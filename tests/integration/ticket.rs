//! `ticket`: one page in three forms, and the pack as one file.

use serde_json::{Value, json};

use crate::common::bench::{files, json as read};
use crate::common::unzip::unzip;
use crate::common::{Bench, packs};

/// What Jira takes in a description, in UTF-16 as it counts; GitHub takes 65,536 in an issue.
const LIMIT: usize = 32_767;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.program("demo --out pack").run().exits(0);
    bench
}

fn ticket(bench: &Bench, format: &str) -> String {
    bench.program(&format!("ticket pack --format {format}")).run().exits(0).stdout
}

fn data(bench: &Bench) -> Value {
    serde_json::from_str(&ticket(bench, "json")).expect("JSON")
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[test]
fn the_page_says_what_was_asked_the_result_what_is_open_and_how_to_verify() {
    let bench = bench();
    let page = ticket(&bench, "md");
    let manifest = read(&bench.path("pack/manifest.json"));
    for text in [
        "<!-- fingerprint: t-",
        "# Messaging of PHI, account 111122223333, 2026-Q3: 12 failed and 3 not evaluated of required rules\n",
        "- Period 2026-Q3: 2026-07-01 to 2026-09-30; judged at 2026-09-30 16:00 UTC\n",
        "- **Required rules**: 12 fail (0 waived), 3 not evaluated, 35 pass, 1 attested, 23 not applicable\n",
        "- **▲ fail**: Voice channel disabled, care-coordination. Observed ",
        "fingerprint: `f-aa50560d6e412a4a`\n",
        "more, in `findings.html` of the pack.\n",
        "No signature lies in it\n",
        "Keep until 2032-09-30: six years after the period (45 CFR 164.316(b)(2)(i))\n",
        "`pinpoint-evidence verify pinpoint-evidence-2026-Q3` compares every file",
        manifest["root"].as_str().expect("a digest"),
        "below the 25 MB that GitHub takes",
        "Not legal advice",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    let place = |text: &str| page.find(text).expect(text);
    assert!(place("Rule artifact-report-current, required") < place("(access denied): Voice channel disabled"));
    assert!(place("(access denied): Voice channel disabled") < place(", recommended; resource"), "required ones first");
}

#[test]
fn the_same_pack_gives_the_same_bytes_wherever_and_whenever() {
    let bench = bench();
    for format in ["md", "adf", "json"] {
        let first = ticket(&bench, format);
        let run = bench.shell(&format!(
            "sleep 0.05; cp -r pack copy-{format}; \"$PROGRAM\" ticket copy-{format} --format {format}"
        ));
        let second = run.env("TZ", "Pacific/Kiritimati").env("LC_ALL", "tr_TR.UTF-8").run().exits(0).stdout;
        assert_eq!(first, second, "{format}");
    }
    bench.program("ticket pack --zip one.zip").run().exits(0);
    bench.program("ticket copy-md --zip two.zip").run().exits(0);
    let bytes = |name: &str| std::fs::read(bench.path(name)).expect("an archive");
    assert!(bytes("one.zip") == bytes("two.zip"), "the archives differ");
}

#[test]
fn the_archive_is_the_one_that_the_ticket_names_and_holds_a_pack_that_verifies() {
    let bench = bench();
    let with = bench.program("ticket pack --format json --zip somewhere.zip").run().exits(0);
    assert_eq!(with.stdout, ticket(&bench, "json"), "writing the archive changes nothing in the ticket");
    assert!(with.stderr.contains("somewhere.zip"), "{}", with.stderr);
    let archive = std::fs::read(bench.path("somewhere.zip")).expect("an archive");
    let ticket: Value = serde_json::from_str(&with.stdout).expect("JSON");
    assert_eq!(ticket["archive"]["bytes"], json!(archive.len()));
    assert_eq!(ticket["archive"]["sha256"], json!(pinpoint_evidence::snapshot::hex_sha256(&archive)));
    unzip(&archive, &bench.path(""));
    let folder = ticket["archive"]["folder"].as_str().expect("a name");
    assert!(files(&bench.path(folder)) == files(&bench.path("pack")), "the archive holds another pack");
    bench.program(&format!("verify {folder}")).run().exits(0);
    let entry = &files(&bench.path("pack"))["manifest.json"];
    assert_eq!(ticket["pack"]["manifest_sha256"], json!(pinpoint_evidence::snapshot::hex_sha256(entry)));
}

#[test]
fn an_archive_that_is_there_is_refused_and_one_in_the_pack_is_never_written() {
    let bench = bench();
    bench.write("there.zip", "mine");
    bench.program("ticket pack --zip there.zip").run().exits(2).says(&["there.zip", "exists"]).hints(&["--force"]);
    assert_eq!(std::fs::read(bench.path("there.zip")).expect("a file"), b"mine");
    bench.program("ticket pack --zip there.zip --force").run().exits(0);
    assert_ne!(std::fs::read(bench.path("there.zip")).expect("a file"), b"mine");
    for inside in ["pack/pack.zip", "./pack/evidence/pack.zip", "pack/../pack/x"] {
        bench.program(&format!("ticket pack --zip {inside}")).run().exits(2).says(&[inside, "seal"]);
    }
    bench.program("ticket pack --zip none/pack.zip").run().exits(2).says(&["none/pack.zip"]);
    bench.program("ticket pack --force").run().exits(2).says(&["--zip"]);
    assert_eq!(bench.names(), ["pack", "there.zip"]);
}

#[cfg(unix)]
#[test]
fn an_archive_that_the_disk_does_not_take_leaves_nothing() {
    let bench = bench();
    // Blocks of 512 bytes; the signal is ignored so that the write fails as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$PROGRAM\" ticket pack --zip pack.zip";
    let full = bench.shell(script).run().exits(2);
    assert_eq!(full.stdout, "");
    full.says(&["cannot write", "pack.zip"]);
    assert_eq!(bench.names(), ["pack"]);
}

#[test]
fn the_data_has_the_shape_of_its_schema_and_fingerprints_are_those_of_the_findings() {
    let bench = bench();
    let schema = bench.program("schema ticket").run().exits(0).stdout;
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    let mut ticket = data(&bench);
    let errors: Vec<String> = validator.iter_errors(&ticket).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let results = read(&bench.path("pack/results.json"));
    let ids: Vec<&Value> = results["findings"].as_array().expect("findings").iter().map(|f| &f["id"]).collect();
    for item in ticket["items"].as_array().expect("items") {
        assert!(ids.contains(&&item["fingerprint"]));
    }
    assert_eq!(ticket["items"].as_array().expect("items").len() as u64 + ticket["more"].as_u64().expect("a count"), 35);
    ticket["items"][0]["verdict"] = json!("pass");
    assert!(!validator.is_valid(&ticket), "a pass is no open item");
}

#[test]
fn the_ticket_of_a_later_pack_of_the_period_has_the_same_fingerprint_and_another_period_another() {
    let bench = bench();
    let first = data(&bench);
    bench.program("pack --from pack/evidence --out again --exit-zero").run().exits(0);
    bench.program("pack --from pack/evidence --out later --period 2026-Q4 --exit-zero").run().exits(0);
    let of = |pack: &str| -> Value {
        let printed = bench.program(&format!("ticket {pack} --format json")).run().exits(0).stdout;
        serde_json::from_str(&printed).expect("JSON")
    };
    assert_eq!(of("again")["fingerprint"], first["fingerprint"]);
    assert_ne!(of("again")["pack"]["root"], first["pack"]["root"], "it is another pack: nothing was declared");
    assert_ne!(of("later")["fingerprint"], first["fingerprint"]);
}

/// A pack with this many open findings, each with long texts in which every character counts for two.
fn crowded(bench: &Bench, open: usize) {
    packs::rewrite(&bench.path("pack"), |results| {
        results["tool"]["version"] = json!("0.0.9");
        results["organization"]["name"] = json!("𝔈\u{202e}<!-- -->".repeat(500));
        let mut finding = results["findings"][0].clone();
        finding["verdict"] = json!("fail");
        finding["message"] = json!("𝔄|*`<b>&lt; ".repeat(200));
        finding["resource"] = json!("𝔅_\\".repeat(400));
        finding["resource_name"] = json!("# 1. 𝔆");
        let findings = results["findings"].as_array_mut().expect("findings");
        findings.clear();
        for number in 0..open {
            finding["id"] = json!(format!("f-{number:016x}"));
            findings.push(finding.clone());
        }
    });
}

#[test]
fn many_long_items_are_cut_to_what_trackers_take_and_the_first_stay() {
    let bench = bench();
    crowded(&bench, 3_000);
    for format in ["md", "adf", "json"] {
        let page = ticket(&bench, format);
        assert!(length(&page) <= LIMIT, "{format}: {}", length(&page));
        assert!(page.contains("f-0000000000000000") && !page.contains("f-0000000000000bb7"), "{format}");
    }
    let ticket = data(&bench);
    let shown = ticket["items"].as_array().expect("items").len();
    assert!((1..20).contains(&shown), "{shown} items fit");
    assert_eq!(ticket["more"], json!(3_000 - shown));
    assert!(length(ticket["title"].as_str().expect("a title")) <= 255);
}

#[test]
fn a_pack_with_nothing_open_says_so() {
    let bench = bench();
    crowded(&bench, 0);
    let page = ticket(&bench, "md");
    assert!(page.contains("nothing open of required rules"), "{page}");
    assert!(page.contains("None: nothing failed without a valid waiver, and nothing was left unevaluated."), "{page}");
}

#[test]
fn jira_gets_the_same_words() {
    let bench = bench();
    let document: Value = serde_json::from_str(&ticket(&bench, "adf")).expect("JSON");
    assert_eq!((&document["version"], &document["type"]), (&json!(1), &json!("doc")));
    let mut words = String::new();
    collect(&document, &mut words);
    for text in [
        "What was asked",
        "Voice channel disabled, care-coordination. Observed ",
        "f-aa50560d6e412a4a",
        "sha256sum pack.zip",
    ] {
        assert!(words.contains(text), "{text}");
    }
    assert!(!words.contains("<!--") && !words.contains("**") && !words.contains("&#124;"), "{words}");
}

/// Every text of a document, and that nothing has a shape that the format does not know.
fn collect(node: &Value, words: &mut String) {
    let kind = node["type"].as_str().expect("a type");
    let known = ["doc", "heading", "paragraph", "bulletList", "orderedList", "listItem", "text"];
    assert!(known.contains(&kind), "{kind}");
    if let Some(text) = node["text"].as_str() {
        assert!(!text.is_empty());
        words.push_str(text);
    } else {
        let content = node["content"].as_array().expect("content");
        assert!(!content.is_empty(), "{kind}");
        for node in content {
            collect(node, words);
        }
        words.push('\n');
    }
}

#[test]
fn what_is_no_pack_and_what_is_damaged_are_told_apart() {
    let bench = bench();
    std::fs::create_dir(bench.path("empty")).expect("creates");
    for pack in ["none", "empty", "pack/index.md"] {
        bench
            .program(&format!("ticket {pack}"))
            .run()
            .exits(2)
            .says(&["cannot read the pack", pack])
            .hints(&["pack --out"]);
    }
    bench.write("pack/notes.txt", "mine");
    let damaged = bench.program("ticket pack --zip pack.zip").run().exits(4);
    assert_eq!(damaged.stdout, "");
    damaged.says(&["`pack`", "notes.txt: added"]).hints(&["verify pack"]);
    assert_eq!(bench.names(), ["empty", "pack"]);
    bench.program("ticket").run().exits(2);
    bench.program("ticket pack --format html").run().exits(2);
}
