//! Reads parts of a JSON file, one at a time.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Shows every value that stands at one of some paths, in the order of the file, with the number of its path. A path
/// is keys and, for the members of a list, `*`, between slashes. The document must be one JSON value.
pub(super) fn walk(
    file: impl Read,
    paths: &[&str],
    mut show: impl FnMut(usize, Value),
) -> Result<(), serde_json::Error> {
    let split: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').collect()).collect();
    let ways = split.iter().enumerate().map(|(number, path)| (number, path.as_slice())).collect();
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, file));
    Node { ways, show: &mut show }.deserialize(&mut json)?;
    json.end()
}

/// What is left of the paths that lead here.
type Ways<'p> = Vec<(usize, &'p [&'p str])>;

struct Node<'p, 's> {
    ways: Ways<'p>,
    show: &'s mut dyn FnMut(usize, Value),
}

impl<'p> Node<'p, '_> {
    fn below(&self, step: &str) -> Ways<'p> {
        let follows = |(number, path): &(usize, &'p [&'p str])| {
            path.split_first().filter(|(first, _)| **first == step).map(|(_, rest)| (*number, rest))
        };
        self.ways.iter().filter_map(follows).collect()
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if let Some((number, _)) = self.ways.iter().find(|(_, rest)| rest.is_empty()) {
            let value = <Value as serde::Deserialize>::deserialize(deserializer)?;
            (self.show)(*number, value);
            return Ok(());
        }
        if self.ways.is_empty() {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let ways = self.below(&key);
            map.next_value_seed(Node { ways, show: &mut *self.show })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let ways = self.below("*");
        while list.next_element_seed(Node { ways: ways.clone(), show: &mut *self.show })?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The text at some keys below a value; empty where there is none.
pub(super) fn text<'v>(value: &'v Value, keys: &[&str]) -> &'v str {
    keys.iter().fold(value, |value, key| &value[*key]).as_str().unwrap_or_default()
}

/// The texts of a list below a value.
pub(super) fn texts<'v>(value: &'v Value, keys: &[&str]) -> Vec<&'v str> {
    let list = keys.iter().fold(value, |value, key| &value[*key]).as_array();
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_shown_one_at_a_time_in_the_order_of_the_file() {
        let json = r#"{"a":[1,{"b":"x","c":[true,null]},{"b":"y"}],"b":{"d":{"e":2.5}},"f":"z"}"#;
        let mut seen = Vec::new();
        walk(json.as_bytes(), &["b/d", "a/*/b", "g"], |number, value| seen.push((number, value.to_string())))
            .expect("JSON");
        assert_eq!(seen, [(1, "\"x\"".to_owned()), (1, "\"y\"".to_owned()), (0, "{\"e\":2.5}".to_owned())]);
        assert!(walk("{} {}".as_bytes(), &["a"], |_, _| {}).is_err(), "something follows");
    }
}
