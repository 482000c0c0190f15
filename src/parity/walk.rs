//! Reads parts of a JSON file, one at a time.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Shows every value that stands at one of some paths, in the order of the file, with the number of its path. A path
/// is keys and, for the members of a list, `*`, between slashes. The document must be one JSON value.
///
/// Where one path leads on below another, what it leads to is shown first, and left out of what the other one shows: so
/// that a value with a long list in it is never held with all of the list.
pub(super) fn walk(
    file: impl Read,
    paths: &[&str],
    mut show: impl FnMut(usize, Value),
) -> Result<(), serde_json::Error> {
    let split: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').collect()).collect();
    let ways = split.iter().enumerate().map(|(number, path)| (number, path.as_slice())).collect();
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, file));
    Node { ways, wanted: false, show: &mut show }.deserialize(&mut json)?;
    json.end()
}

/// What is left of the paths that lead here.
type Ways<'p> = Vec<(usize, &'p [&'p str])>;

struct Node<'p, 's> {
    ways: Ways<'p>,
    /// Whether it is part of a value that is shown.
    wanted: bool,
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

/// Gives back what is part of a value that is shown, and was not shown by itself.
impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        let Self { mut ways, wanted, show } = self;
        let ends = ways.iter().position(|(_, rest)| rest.is_empty()).map(|at| ways.remove(at).0);
        let wanted_here = wanted || ends.is_some();
        let value = if !ways.is_empty() {
            deserializer.deserialize_any(Node { ways, wanted: wanted_here, show: &mut *show })?
        } else if wanted_here {
            Some(<Value as serde::Deserialize>::deserialize(deserializer)?)
        } else {
            deserializer.deserialize_ignored_any(IgnoredAny)?;
            None
        };
        match (ends, value) {
            (Some(number), Some(value)) => {
                show(number, value);
                Ok(None)
            }
            (_, value) => Ok(value),
        }
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let mut members = serde_json::Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let ways = self.below(&key);
            let value = map.next_value_seed(Node { ways, wanted: self.wanted, show: &mut *self.show })?;
            if let Some(value) = value {
                members.insert(key, value);
            }
        }
        Ok(self.wanted.then_some(Value::Object(members)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<Value>, A::Error> {
        let (ways, mut members) = (self.below("*"), Vec::new());
        let wanted = self.wanted;
        while let Some(value) = list.next_element_seed(Node { ways: ways.clone(), wanted, show: &mut *self.show })? {
            members.extend(value);
        }
        Ok(self.wanted.then_some(Value::Array(members)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<Value>, E> {
        Ok(self.wanted.then(|| value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<Value>, E> {
        Ok(self.wanted.then(|| value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<Value>, E> {
        Ok(self.wanted.then(|| value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<Value>, E> {
        Ok(self.wanted.then(|| value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Option<Value>, E> {
        Ok(self.wanted.then(|| value.into()))
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(self.wanted.then_some(Value::Null))
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

    #[test]
    fn what_a_longer_path_leads_to_is_shown_by_itself_and_left_out_of_the_rest() {
        let json = r#"{"a":[{"b":"x","c":{"d":[1,2],"e":[3]}},{"b":null},{"c":{"d":7,"e":[]}}]}"#;
        let mut seen = Vec::new();
        walk(json.as_bytes(), &["a/*", "a/*/c/d/*"], |number, value| seen.push((number, value.to_string())))
            .expect("JSON");
        let expected = [
            (1, "1"),
            (1, "2"),
            (0, r#"{"b":"x","c":{"d":[],"e":[3]}}"#),
            (0, r#"{"b":null}"#),
            (0, r#"{"c":{"d":7,"e":[]}}"#),
        ];
        assert_eq!(seen, expected.map(|(number, text)| (number, text.to_owned())));
    }
}
