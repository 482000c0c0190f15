//! Changes a pack's findings as a list.

use super::Findings;
use crate::rules::Finding;

impl Findings {
    /// Changes them as a list.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Vec<Finding>)) {
        let mut list: Vec<Finding> = self.iter().map(|finding| (*finding).clone()).collect();
        change(&mut list);
        *self = list.into_iter().collect();
    }

    /// Takes them all out.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The first that a condition holds for.
    pub(crate) fn first(&self, is: impl Fn(&Finding) -> bool) -> Option<Finding> {
        self.iter().find(|finding| is(finding)).map(|finding| (*finding).clone())
    }

    /// What they take, in bytes, without the chunks that are kept unpacked.
    pub(crate) fn bytes(&self) -> usize {
        self.shared.bytes() + self.len() * size_of::<u64>()
    }
}
