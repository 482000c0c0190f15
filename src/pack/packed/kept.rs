//! Chunks that were unpacked, for the next one who asks.

use std::sync::{Arc, Mutex, PoisonError};

/// The chunks that were looked at last, the newest at the end.
pub(in crate::pack) struct Kept<K, T>(Mutex<Vec<(K, Arc<[T]>)>>);

impl<K: Copy + PartialEq, T> Kept<K, T> {
    /// A chunk: the one that is kept, else unpacked; so many are kept at most.
    pub(in crate::pack) fn get(&self, of: K, most: usize, unpack: impl FnOnce() -> Arc<[T]>) -> Arc<[T]> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().iter().find(|(key, _)| *key == of).map(|(_, chunk)| Arc::clone(chunk));
        // Nobody waits while it is unpacked.
        let chunk = known.unwrap_or_else(unpack);
        let mut kept = kept();
        kept.retain(|(key, _)| *key != of);
        if kept.len() == most {
            kept.remove(0);
        }
        kept.push((of, Arc::clone(&chunk)));
        chunk
    }

    /// Keeps a chunk no longer.
    pub(in crate::pack) fn forget(&mut self, of: K) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).retain(|(key, _)| *key != of);
    }
}

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
