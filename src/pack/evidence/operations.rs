//! Which operation each call asked for: one byte a call, because there are few operations.

use crate::pack::packed::Blocks;

/// The operation of each call, in the order of the index.
#[derive(Clone, Default)]
pub(super) struct Operations {
    names: Vec<String>,
    of_each: Blocks<u8>,
}

/// The place of a name.
#[derive(Clone, Copy, Default)]
pub(super) struct Name(u8);

impl Operations {
    /// The place of an operation's name; `None` where there is no room for another name.
    pub(super) fn name(&mut self, operation: &str) -> Option<Name> {
        let known = self.names.iter().position(|name| name == operation);
        let place = u8::try_from(known.unwrap_or(self.names.len())).ok()?;
        if known.is_none() {
            self.names.push(operation.to_owned());
        }
        Some(Name(place))
    }

    /// Adds a call after the last.
    pub(super) fn push(&mut self, Name(place): Name) {
        self.of_each.push(place);
    }

    /// The operation of the call at a position.
    pub(super) fn get(&self, position: usize) -> Option<&str> {
        self.named(self.of_each.get(position)?)
    }

    /// The operation of each call, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.of_each.iter().map(|place| self.named(place).unwrap_or_default())
    }

    fn named(&self, place: u8) -> Option<&str> {
        self.names.get(usize::from(place)).map(String::as_str)
    }

    /// Gives back the room that was kept for more.
    pub(super) fn settle(&mut self) {
        self.of_each.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_more_names_than_a_byte_can_tell_apart_the_rest_has_no_place() {
        let mut operations = Operations::default();
        for number in 0..256 {
            let name = operations.name(&format!("Get{number}")).expect("a place");
            operations.push(name);
        }
        assert!(operations.name("Get256").is_none());
        assert!(operations.name("Get255").is_some());
        assert_eq!((operations.get(0), operations.get(255), operations.get(256)), (Some("Get0"), Some("Get255"), None));
        assert!(operations.iter().enumerate().all(|(number, name)| name == format!("Get{number}")));
    }
}
