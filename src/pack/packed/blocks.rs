//! Small values that lie together in memory, so that adding one never copies the others.

/// Values in one block.
const BLOCK: usize = 1 << 14;

/// A list that only grows.
#[derive(Clone, Debug)]
pub(in crate::pack) struct Blocks<T>(Vec<Vec<T>>);

impl<T: Copy> Blocks<T> {
    pub(in crate::pack) fn push(&mut self, value: T) {
        match self.0.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(value),
            _ => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(value);
                self.0.push(block);
            }
        }
    }

    pub(in crate::pack) fn get(&self, position: usize) -> Option<T> {
        self.0.get(position / BLOCK)?.get(position % BLOCK).copied()
    }

    pub(in crate::pack) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * BLOCK + last.len())
    }

    pub(in crate::pack) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.0.iter().flatten().copied()
    }

    /// Gives back the room that was kept for more.
    pub(in crate::pack) fn settle(&mut self) {
        self.0.shrink_to_fit();
        if let Some(block) = self.0.last_mut() {
            block.shrink_to_fit();
        }
    }
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}
