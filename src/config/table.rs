//! Reading a TOML table key by key: a key that nobody asked for is unknown.
//!
//! It knows TOML and no table of the configuration. A reader asks for every key before it gives up, so that every
//! problem of the file is found; what it asks for is at once the list of the known keys.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ProblemKind, Problems};
use super::value;

/// A value and where it stands.
type Located<'d> = &'d Spanned<DeValue<'d>>;

/// A table that is being read.
pub(super) struct Table<'d, 'p> {
    entries: &'d DeTable<'d>,
    path: String,
    span: Range<usize>,
    known: Vec<&'static str>,
    problems: &'p mut Problems,
}

/// Reads the whole text; `None` when it is no TOML.
pub(super) fn read<T>(text: &str, problems: &mut Problems, read: impl FnOnce(&mut Table<'_, '_>) -> T) -> Option<T> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        problems.add_syntax(&errors);
        return None;
    }
    Some(read_entries(document.get_ref(), String::new(), document.span(), problems, read))
}

fn read_entries<'d, T>(
    entries: &'d DeTable<'d>,
    path: String,
    span: Range<usize>,
    problems: &mut Problems,
    read: impl FnOnce(&mut Table<'d, '_>) -> T,
) -> T {
    let mut table = Table { entries, path, span, known: Vec::new(), problems };
    let result = read(&mut table);
    table.report_unknown_keys();
    result
}

impl<'d> Table<'d, '_> {
    /// A value that must be there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Option<T> {
        if self.find(key).is_none() {
            self.problems.add(&self.span.clone(), self.path_of(key), ProblemKind::Missing);
        }
        self.optional(key, parse)
    }

    /// A value that may be there.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Option<T> {
        let located = self.find(key)?;
        self.keep(located, self.path_of(key), parse)
    }

    /// A list of values, empty when it is not there.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Vec<T> {
        let elements = self.elements(key, "a list");
        elements.into_iter().filter_map(|(path, located)| self.keep(located, path, &parse)).collect()
    }

    /// A table of strings under free names, empty when it is not there.
    pub(super) fn strings<C: FromIterator<(String, String)>>(&mut self, key: &'static str) -> C {
        let located = self.find(key);
        let entries = located.and_then(|located| self.entries_of(located, &self.path_of(key)));
        let mut strings = Vec::new();
        for (name, located) in entries.into_iter().flatten() {
            let path = join(&self.path_of(key), name.get_ref());
            if name.get_ref().is_empty() {
                self.problems.add(&name.span(), path, ProblemKind::Invalid("must have a name".to_owned()));
            } else if let Some(text) = self.keep(located, path, value::exact) {
                strings.push((name.get_ref().clone().into_owned(), text));
            }
        }
        strings.into_iter().collect()
    }

    /// A table that may be there.
    pub(super) fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'d, '_>) -> T) -> Option<T> {
        let located = self.find(key)?;
        self.read_located(located, self.path_of(key), read)
    }

    /// A list of tables, empty when it is not there.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Table<'d, '_>) -> Option<T>,
    ) -> Vec<T> {
        let elements = self.elements(key, &format!("a list of tables, written `[[{}]]`", self.path_of(key)));
        elements.into_iter().filter_map(|(path, located)| self.read_located(located, path, &mut read)?).collect()
    }

    /// Whether the key holds a list.
    pub(super) fn holds_list(&mut self, key: &'static str) -> bool {
        self.find(key).is_some_and(|located| located.get_ref().is_array())
    }

    /// Whether the key is there, whatever it holds.
    pub(super) fn holds(&mut self, key: &'static str) -> bool {
        self.find(key).is_some()
    }

    /// Says that the value of a key cannot be; `predicate` goes on after the key, as in "must not be blank".
    pub(super) fn reject(&mut self, key: &'static str, predicate: &str) {
        let span = self.find(key).map_or_else(|| self.span.clone(), Spanned::span);
        self.problems.add(&span, self.path_of(key), ProblemKind::Invalid(predicate.to_owned()));
    }

    fn find(&mut self, key: &'static str) -> Option<Located<'d>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.entries.get(key)
    }

    fn keep<T>(
        &mut self,
        located: Located<'d>,
        path: String,
        parse: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Option<T> {
        parse(located.get_ref()).map_err(|kind| self.problems.add(&located.span(), path, kind)).ok()
    }

    fn read_located<T>(
        &mut self,
        located: Located<'d>,
        path: String,
        read: impl FnOnce(&mut Table<'d, '_>) -> T,
    ) -> Option<T> {
        let entries = self.entries_of(located, &path)?;
        Some(read_entries(entries, path, located.span(), self.problems, read))
    }

    fn entries_of(&mut self, located: Located<'d>, path: &str) -> Option<&'d DeTable<'d>> {
        let entries = located.get_ref().as_table();
        if entries.is_none() {
            self.problems.add(&located.span(), path.to_owned(), value::wrong_type("a table", located.get_ref()));
        }
        entries
    }

    fn elements(&mut self, key: &'static str, expected: &str) -> Vec<(String, Located<'d>)> {
        let Some(located) = self.find(key) else { return Vec::new() };
        let path = self.path_of(key);
        if let Some(array) = located.get_ref().as_array() {
            return array.iter().enumerate().map(|(index, element)| (format!("{path}[{index}]"), element)).collect();
        }
        self.problems.add(&located.span(), path, value::wrong_type(expected, located.get_ref()));
        Vec::new()
    }

    fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    fn report_unknown_keys(&mut self) {
        for name in self.entries.keys().filter(|name| !self.known.contains(&name.get_ref().as_ref())) {
            let suggestion = value::nearest(name.get_ref(), &self.known);
            let kind = ProblemKind::UnknownKey { suggestion, known: self.known.clone() };
            self.problems.add(&name.span(), join(&self.path, name.get_ref()), kind);
        }
    }
}

/// A key that is no bare key of TOML is quoted and escaped, so that a problem stays on its line.
fn join(path: &str, key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let key = if is_bare { key.to_owned() } else { format!("{key:?}") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
