//! Equal snapshot, configuration and version give byte-equal packs, wherever and whenever they are made.

use crate::common::Bench;
use crate::common::bench::files;

#[test]
fn a_pack_depends_on_nothing_but_the_snapshot_and_the_configuration() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let (snapshot, declared) = (bench.path("demo/evidence"), bench.path("demo/declarations.toml"));
    let arguments = format!("pack --from {} --config {} --out", snapshot.display(), declared.display());
    let one = bench.path("one");
    bench.program(&format!("{arguments} {}", one.display())).run().exits(1);
    std::fs::create_dir(bench.path("elsewhere")).expect("creates");
    let two = bench.path("elsewhere/two");
    bench
        .shell(&format!("umask 077; exec \"$PROGRAM\" {arguments} two -v --color always --progress json"))
        .current_dir(&bench.path("elsewhere"))
        .env("TZ", "Pacific/Kiritimati")
        .env("LANG", "tr_TR.UTF-8")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("SOURCE_DATE_EPOCH", "1")
        .env("COLUMNS", "20")
        .run()
        .exits(1);
    let (one, two) = (files(&one), files(&two));
    assert!(one.keys().eq(two.keys()), "{:?} and {:?}", one.keys(), two.keys());
    for (path, bytes) in &one {
        assert!(two[path] == *bytes, "{path} differs");
    }
    assert_eq!(one["declarations.toml"], std::fs::read(&declared).expect("a file"));
    assert_eq!(one["evidence/snapshot.json"], std::fs::read(snapshot.join("snapshot.json")).expect("a file"));
}

#[test]
fn the_pack_of_the_demos_snapshot_is_the_demo() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    bench.program("pack --from demo/evidence --config demo/declarations.toml --out pack").run().exits(1);
    assert!(files(&bench.path("demo")) == files(&bench.path("pack")), "the two commands write different packs");
}

#[test]
fn two_collections_of_equal_answers_at_an_equal_time_are_equal() {
    let bench = Bench::new();
    bench.program("demo --out one").run().exits(0);
    bench.program("demo --out two").run().exits(0);
    assert!(files(&bench.path("one")) == files(&bench.path("two")), "two demos differ");
}
