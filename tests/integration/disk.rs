//! Where things are written: nothing is overwritten silently, and what cannot be written is one clear message.

use pinpoint_evidence::demo;

use crate::common::bench::files;
use crate::common::{Bench, Endpoint};

#[test]
fn a_directory_that_is_there_is_refused_and_replaced_only_by_force() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let pack = "pack --from demo/evidence --out pack";
    bench.program(pack).run();
    bench.write("pack/stale", "from before");
    bench.program(pack).run().exits(2).says(&["`pack`", "exists"]).hints(&["--force"]);
    assert!(bench.path("pack/stale").exists());
    let finished = bench.program(&format!("{pack} --force --exit-zero")).run().exits(0);
    assert_eq!(finished.stdout, "pack/index.html\n");
    assert!(!bench.path("pack/stale").exists(), "the old pack went as a whole");
    assert_eq!(bench.names(), ["demo", "pack"]);
}

#[test]
fn a_directory_of_somebody_else_is_not_replaced() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    std::fs::create_dir(bench.path("photos")).expect("creates");
    bench.write("photos/cat.jpg", "meow");
    bench.write("letter", "dear reader");
    for target in ["photos", "letter"] {
        for force in ["", "--force"] {
            let pack = format!("pack --from demo/evidence --out {target} {force}");
            bench.program(&pack).run().exits(2).says(&[target]).hints(&["choose another directory"]);
            bench.program(&format!("demo --out {target} {force}")).run().exits(2).says(&[target]);
        }
    }
    assert_eq!(files(&bench.path("photos")).len(), 1);
    assert_eq!(bench.names(), ["demo", "letter", "photos"]);
}

#[test]
fn parents_are_made_and_a_parent_that_is_a_file_is_an_error() {
    let bench = Bench::new();
    bench.program("demo --out a/b/pack").run().exits(0);
    bench.write("file", "");
    let finished = bench.program("demo --out file/pack").run().exits(2);
    finished.says(&["file"]).hints(&["a part of the path is a file"]);
    assert_eq!(bench.names(), ["a", "file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_nobody_may_write_to() {
    let bench = Bench::new();
    // Not even root makes directories here.
    bench.program("demo --out /proc/pack").run().exits(2).says(&["cannot", "/proc"]);
    bench.program("demo --out demo").run().exits(0);
    bench.program("pack --from demo/evidence --out /sys/pack").run().exits(2).says(&["cannot", "/sys/pack"]);
    assert_eq!(bench.names(), ["demo"]);
}

#[cfg(unix)]
#[test]
fn a_file_system_that_takes_no_more() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    for command in ["demo --out full", "pack --from demo/evidence --out full"] {
        // Blocks of 512 bytes; the signal is ignored so that the write fails as on a full disk.
        let script = format!("trap '' XFSZ; ulimit -f 16; exec \"$PROGRAM\" {command}");
        bench.shell(&script).run().exits(2).says(&["cannot write", "full"]).hints(&["another disk"]);
        assert_eq!(bench.names(), ["demo"], "{command}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_system_that_takes_no_more_while_it_collects() {
    let endpoint = Endpoint::answering(demo::answer);
    // What `collect` has by then is kept, so that it can be continued; nothing has the final name.
    for (command, left) in [("collect --out full", vec!["full.partial"]), ("pack --out full", vec![])] {
        let bench = Bench::new();
        let script =
            format!("trap '' XFSZ; ulimit -f 16; exec \"$PROGRAM\" {command} --endpoint-url {}", endpoint.url());
        let finished = bench.shell(&script).with_credentials().run().exits(2);
        finished.says(&["cannot write", "full"]).hints(&["another disk"]);
        assert_eq!(bench.names(), left, "{command}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_standard_output_that_is_full() {
    let bench = Bench::new();
    for command in ["explain", "schema results", "policy", "policy --format terraform", "completions bash", "man"] {
        bench
            .shell(&format!("\"$PROGRAM\" {command} > /dev/full"))
            .run()
            .exits(2)
            .says(&["standard output", "No space"]);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bench = Bench::new();
    for command in
        ["explain", "schema results", "policy", "policy --format cloudformation", "completions zsh", "man", "--help"]
    {
        let script = format!("{{ \"$PROGRAM\" {command}; echo $? >code; }} | true");
        let finished = bench.shell(&script).run().exits(0);
        assert_eq!(finished.stderr, "", "{command}");
        assert_eq!(std::fs::read_to_string(bench.path("code")).expect("a code"), "0\n", "{command}");
    }
    bench.program("demo --out demo").run().exits(0);
    bench.shell("\"$PROGRAM\" pack --from demo/evidence --out pack 2>&1 | true").run().exits(0);
    bench.program("verify pack").run().exits(0);
    let finished = bench.shell("\"$PROGRAM\" explain | head -n 1").run().exits(0);
    assert_eq!((finished.stdout.lines().count(), finished.stderr.as_str()), (1, ""));
}
