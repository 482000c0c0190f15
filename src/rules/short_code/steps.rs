//! The chain as it is told: every link that there is, and in its place each that was not reached.

use super::{Chain, DECLARATION, Link, LinkState};

/// One step of the way from a number to the purpose that it was requested for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// What was observed, or what a person states.
    Told(&'a Link),
    /// The link before it does not lead to it, so nothing is known of it.
    NotReached {
        /// What it would be about.
        title: &'static str,
    },
}

/// The titles of the links that AWS answers, with their places in the order of telling. A pool and its members share
/// one, and so do a registration, its version and its answer, because there can be several of each.
const ORDER: [(&str, u8); 9] = [
    ("Short code", 0),
    ("Status", 1),
    (POOL, 2),
    ("Members of the pool", 2),
    ("Resource policy of the number", 3),
    ("Resource policy of the pool", 4),
    ("Registration", 5),
    ("Approved version", 5),
    ("HIPAA eligible use case", 5),
];

const POOL: &str = "Pool";

impl Chain {
    /// Every step in order.
    #[must_use]
    pub fn steps(&self) -> Vec<Step<'_>> {
        let mut steps: Vec<Step<'_>> = self.links.iter().map(Step::Told).collect();
        for (title, rank) in ORDER {
            if self.links.iter().all(|link| link.title != title) && !self.has_none(title) {
                let at = steps.iter().position(|step| step.rank() > rank).unwrap_or(steps.len());
                steps.insert(at, Step::NotReached { title });
            }
        }
        steps
    }

    /// Whether it was seen that there is nothing of that title: a number in no pool has neither members nor a policy of
    /// a pool.
    fn has_none(&self, title: &str) -> bool {
        let is_of_pool = title.ends_with("of the pool");
        is_of_pool && self.links.iter().any(|link| link.title == POOL && !matches!(link.state, LinkState::Unread(_)))
    }
}

impl Step<'_> {
    /// What it is about.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Told(link) => link.title,
            Self::NotReached { title } => title,
        }
    }

    /// Declarations come last.
    fn rank(&self) -> u8 {
        let title = self.title();
        let known = ORDER.iter().find(|(known, _)| *known == title);
        debug_assert!(known.is_some() || title == DECLARATION, "{title} has no place");
        known.map_or(u8::MAX, |(_, rank)| *rank)
    }
}
