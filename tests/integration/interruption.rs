//! Stopped from the keyboard, or killed: nothing stands under the final name that is not whole.
#![cfg(unix)]

use std::thread;
use std::time::Duration;

use pinpoint_evidence::demo;
use pinpoint_evidence::snapshot::Snapshot;

use crate::common::wire::operation_of;
use crate::common::{Bench, Endpoint, Reply};

/// An endpoint that says who asks and then nothing more.
fn silent_after_the_caller() -> Endpoint {
    Endpoint::playing(|request| match operation_of(request).name {
        "GetCallerIdentity" => Reply::Answer(demo::answer(request)),
        _ => Reply::Silence,
    })
}

/// Waits until more than the caller was asked for.
fn wait_until_it_collects(endpoint: &Endpoint) {
    while endpoint.requests().len() < 2 {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn control_c_while_collecting_ends_with_130_and_leaves_nothing() {
    for command in ["collect --out target", "pack --out target", "init --out target", "doctor --within 60"] {
        let bench = Bench::new();
        let endpoint = silent_after_the_caller();
        let run = bench.program(&format!("{command} --endpoint-url {}", endpoint.url())).with_credentials().start();
        wait_until_it_collects(&endpoint);
        run.signal("INT");
        run.finish().exits(130).says(&["interrupted"]).hints(&["run the same command again"]);
        assert_eq!(bench.names(), [""; 0], "{command}");
    }
}

#[test]
fn control_c_before_anybody_answered_ends_with_130_and_leaves_nothing() {
    let bench = Bench::new();
    let endpoint = Endpoint::playing(|_| Reply::Silence);
    let run = bench.program(&format!("pack --out target --endpoint-url {}", endpoint.url())).with_credentials().start();
    endpoint.wait_for_a_request();
    run.signal("INT");
    run.finish().exits(130).says(&["interrupted"]).hints(&["run the same command again"]);
    assert_eq!(bench.names(), [""; 0]);
}

/// An endpoint that lists applications and then says nothing more.
fn silent_after_the_applications() -> Endpoint {
    Endpoint::playing(|request| match operation_of(request).name {
        "GetCallerIdentity" | "GetApps" => Reply::Answer(demo::answer(request)),
        _ => Reply::Silence,
    })
}

#[test]
fn a_collection_that_is_stopped_is_gone_on_with_and_ends_like_one_that_was_not() {
    for signal in ["INT", "KILL"] {
        let bench = Bench::new();
        let endpoint = silent_after_the_applications();
        let run = bench
            .program(&format!("collect --out target --region us-east-1 --endpoint-url {}", endpoint.url()))
            .with_credentials()
            .start();
        let journal = bench.path("target.partial/journal.jsonl");
        while !std::fs::read_to_string(&journal).is_ok_and(|text| text.matches("\"GetApps\"").count() >= 3) {
            thread::sleep(Duration::from_millis(5));
        }
        run.signal(signal);
        let finished = run.finish();
        if signal == "INT" {
            finished.exits(130).hints(&["collect --resume target"]);
        }
        assert_eq!(bench.names(), ["target.partial"]);
        if signal == "INT" {
            continue;
        }

        let whole = Endpoint::answering(demo::answer);
        let with = |flags: &str| format!("collect {flags} --endpoint-url {}", whole.url());
        let refused = bench.program(&with("--out target --region us-east-1")).with_credentials().run();
        refused.exits(2).says(&["an earlier run was stopped"]).hints(&["--resume"]);
        bench.program(&with("--resume target")).with_credentials().run().exits(0);
        let asked: Vec<_> = whole.requests().iter().map(|request| operation_of(request).name).collect();
        assert!(!asked.contains(&"GetApps"), "what was read is not asked again");
        bench.program(&with("--out undisturbed --region us-east-1")).with_credentials().run().exits(0);
        assert_eq!(bench.names(), ["target", "undisturbed"]);
        assert_eq!(what_was_said(&bench, "target"), what_was_said(&bench, "undisturbed"), "{signal}");
    }
}

/// Every question of a snapshot with its answer.
fn what_was_said(bench: &Bench, snapshot: &str) -> Vec<(String, u32, String, Option<String>)> {
    let snapshot = Snapshot::open(&bench.path(snapshot)).expect("a snapshot");
    snapshot.check().expect("whole");
    let calls = snapshot.files().flat_map(|file| snapshot.calls(file).expect("calls"));
    calls.map(|call| (call.id.to_string(), call.page, call.outcome.to_string(), call.body)).collect()
}

#[test]
fn control_c_while_a_pack_is_judged_and_written_ends_with_130_and_leaves_nothing() {
    let before = Bench::new();
    before.program("demo --out demo").run().exits(0);
    let evidence = before.path("demo/evidence");
    for command in
        [format!("pack --from {} --out target --exit-zero", evidence.display()), "demo --out target".to_owned()]
    {
        let mut stopped = 0;
        for attempt in 0..6 {
            let bench = Bench::new();
            let mut run = bench.program(&command).start();
            while bench.names().is_empty() && run.is_running() {
                thread::sleep(Duration::from_millis(1));
            }
            // Later each time: on the way to judging, to the first page, to the last file.
            thread::sleep(Duration::from_millis(20 * attempt));
            run.signal("INT");
            let finished = run.finish();
            if finished.code == Some(130) {
                stopped += 1;
                assert_eq!(finished.stderr.matches("error:").count(), 1, "{}", finished.stderr);
                finished.says(&["interrupted"]).hints(&["run the same command again"]);
                assert_eq!(bench.names(), [""; 0], "{command}");
            } else {
                // It was done before it heard of it.
                assert_eq!((finished.code, bench.names()), (Some(0), vec!["target".to_owned()]), "{}", finished.stderr);
            }
        }
        assert!(stopped > 0, "{command} was never stopped, so nothing was shown");
    }
}

#[test]
fn a_run_that_is_killed_while_collecting_leaves_hidden_names_only_and_the_next_one_works() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let endpoint = silent_after_the_caller();
    let run = bench.program(&format!("pack --out target --endpoint-url {}", endpoint.url())).with_credentials().start();
    wait_until_it_collects(&endpoint);
    run.signal("KILL");
    assert_eq!(run.finish().code, None);
    for name in bench.names().iter().filter(|name| *name != "demo") {
        assert!(name.starts_with('.') && name.ends_with(".partial"), "{name}");
    }
    bench.program("pack --from demo/evidence --out target --exit-zero").run().exits(0);
}

#[test]
fn a_pack_that_is_killed_while_it_is_written_is_whole_or_not_there() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let mut killed = 0;
    for attempt in 0..12 {
        let target = format!("pack-{attempt}");
        let mut run = bench.program(&format!("pack --from demo/evidence --out {target} --exit-zero")).start();
        // Later each time: in the middle of reading, judging, writing, renaming.
        thread::sleep(Duration::from_millis(15 * attempt));
        if run.is_running() {
            run.signal("KILL");
        }
        killed += u32::from(run.finish().code.is_none());
        if bench.path(&target).exists() {
            bench.program(&format!("verify {target}")).run().exits(0);
        }
    }
    assert!(killed > 0, "no run was killed, so nothing was shown");
}
