//! The sample pack in `output/demo` is what the program writes. Where it is not, it is written again and the test fails
//! once, so that the change is looked at and committed.

use crate::common::bench::files;
use crate::common::{Bench, committed};

#[test]
fn the_committed_sample_pack_is_what_demo_writes() {
    let bench = Bench::new();
    bench.program("demo --out pack").run().exits(0);
    committed::hold_folder("output/demo", &files(&bench.path("pack")));
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
