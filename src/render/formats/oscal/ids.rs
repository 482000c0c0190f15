//! UUIDs of version 5, so that equal packs have equal documents: from a namespace of our own and the id of a thing.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::pack::Pack;
use crate::snapshot::{hex_digest, time};

/// Our own. Never to be changed: whoever tracks an item of a plan of action knows it by what follows from this.
const NAMESPACE: Uuid = Uuid::from_u128(0x9c1f_6a52_7d3e_4b08_8f6d_2b7a_5e90_c4d1);

/// The name of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id(Uuid);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Names the things of one pack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    run: Id,
}

impl Ids {
    /// The name of a pack follows from its evidence, its declarations, its period and the program that judged. So each
    /// collection has a result of its own.
    pub(super) fn of(pack: &Pack) -> Self {
        let mut digest = Sha256::new();
        let mut part = |text: &str| {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        };
        for text in [&pack.tool.name, &pack.tool.version, &pack.period.name, &pack.declarations] {
            part(text);
        }
        for text in [pack.period.start.to_string(), pack.period.end.to_string(), time::format(pack.collected.last)] {
            part(&text);
        }
        for program in &pack.programs {
            part(&program.id);
        }
        for file in &pack.evidence_files {
            part(&file.path);
            part(&file.sha256);
        }
        Self { run: stable("run", &hex_digest(&digest.finalize())) }
    }

    /// Of something that belongs to this pack alone.
    pub(super) fn here(self, kind: &str, id: &str) -> Id {
        Id(Uuid::new_v5(&self.run.0, format!("{kind}/{id}").as_bytes()))
    }
}

/// Of something that is the same in every pack.
pub(super) fn stable(kind: &str, id: &str) -> Id {
    Id(Uuid::new_v5(&NAMESPACE, format!("{kind}/{id}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn each_collection_has_a_result_of_its_own_and_a_thing_keeps_its_name() {
        let pack = sample::pack();
        let mut later = sample::pack();
        later.collected.last += chrono::TimeDelta::seconds(1);
        let mut other = sample::pack();
        other.evidence_files[0].sha256 = "0".repeat(64);
        let result = |pack: &Pack| Ids::of(pack).here("result", "");
        assert_eq!(result(&pack), result(&sample::pack()));
        assert_ne!(result(&pack), result(&later));
        assert_ne!(result(&pack), result(&other));
        assert_eq!(stable("a", "b").0.get_version_num(), 5);
        assert_ne!(stable("a", "b"), stable("a", "c"));
    }
}
