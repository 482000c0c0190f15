//! The sample pack in `output/demo` is what the program writes. Where it is not, it is written again and the test fails
//! once, so that the change is looked at and committed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::common::Bench;
use crate::common::bench::files;

#[test]
fn the_committed_sample_pack_is_what_demo_writes() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("output/demo");
    let bench = Bench::new();
    bench.program("demo --out pack").run().exits(0);
    let fresh = files(&bench.path("pack"));
    let old = if committed.is_dir() { files(&committed) } else { BTreeMap::new() };
    if fresh == old {
        return;
    }
    let differing: Vec<&String> =
        fresh.keys().chain(old.keys()).filter(|path| fresh.get(*path) != old.get(*path)).collect();
    let _ = std::fs::remove_dir_all(&committed);
    for (path, bytes) in &fresh {
        let path = committed.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
        std::fs::write(path, bytes).expect("writes");
    }
    panic!(
        "output/demo was not what `demo` writes and has been written again; look at it and commit it: {differing:?}"
    );
}

#[test]
fn demo_leaves_an_equal_pack_alone_and_refuses_a_changed_one() {
    let bench = Bench::new();
    let first = bench.program("demo").run().exits(0);
    assert_eq!(first.stdout, "output/demo/index.html\n");
    bench.program("demo").run().exits(0);
    bench.write("output/demo/index.md", "changed");
    bench.program("demo").run().exits(2).says(&["output/demo", "exists"]).hints(&["--force"]);
    assert_eq!(std::fs::read(bench.path("output/demo/index.md")).expect("a file"), b"changed");
    bench.program("demo --force").run().exits(0);
    assert_ne!(std::fs::read(bench.path("output/demo/index.md")).expect("a file"), b"changed");
    assert_eq!(crate::common::bench::names(&bench.path("output")), ["demo"]);
}
