//! Two successive quarters of the example account, and the story that `diff` tells of them.
//!
//! The earlier quarter is the sample pack in `output/demo`, the later one lies in `tests/data/quarters/2026-Q4`.

use crate::common::bench::files;
use crate::common::{Bench, committed, quarter};

const LATER: &str = "tests/data/quarters/2026-Q4";

/// A bench with the packs `old` and `new` of the two quarters.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.program("demo --out old").run().exits(0);
    let (snapshot, config) = (quarter::path("snapshot"), quarter::path("evidence.toml"));
    let arguments = format!("pack --out new --exit-zero --from {} --config {}", snapshot.display(), config.display());
    bench.program(&arguments).run().exits(0);
    bench
}

#[test]
fn the_committed_snapshot_of_the_later_quarter_follows_from_what_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join("snapshot");
    quarter::collect(&snapshot);
    committed::hold_folder(&format!("{LATER}/snapshot"), &files(&snapshot));
}

#[test]
fn the_committed_story_of_the_two_quarters_is_what_diff_prints() {
    let story = bench().program("diff old new").run().exits(0).stdout;
    committed::hold_file(&format!("{LATER}/diff.md"), &story);
}
