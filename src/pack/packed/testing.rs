//! Changes a packed list as a list.

use super::{Form, List};

impl<T: Form> List<T> {
    /// Changes it as a list.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Vec<T>)) {
        let mut list: Vec<T> = self.iter().map(|member| (*member).clone()).collect();
        change(&mut list);
        *self = list.into_iter().collect();
    }

    /// Takes all out.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The first one.
    pub(crate) fn first(&self) -> T {
        (*self.get(0).expect("one at least")).clone()
    }
}
