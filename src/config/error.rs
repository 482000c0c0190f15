//! What is wrong with a configuration, and where.
//!
//! A problem never repeats free text: a value is shown only where a closed list or a fixed form is expected, and
//! only when it is short (`value::shown`).

use std::fmt;
use std::ops::Range;

/// Every problem of a configuration: at least one, in the order of the file.
///
/// It is written as one problem a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.problems))]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
}

/// One problem of a configuration.
///
/// Its written form is `evidence.toml:12: ` and what is wrong; for a syntax error the column follows the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as the caller named it.
    pub file: String,
    /// 1-based. For a missing key, the line where its table begins.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// The dotted key, for instance `phi.excluded[1].declared_by` (0-based); `None` for a syntax error.
    pub key: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No such key exists.
    UnknownKey {
        /// The key of this table that it may have been meant to be.
        suggestion: Option<&'static str>,
        /// Every key of this table, in the order in which it is read.
        known: Vec<&'static str>,
    },
    /// A mandatory key is not there.
    Missing,
    /// A value of another type.
    WrongType {
        /// For instance "a string".
        expected: String,
        /// For instance "an integer".
        found: &'static str,
    },
    /// A value that cannot be; a predicate such as "must not be blank".
    Invalid(String),
    /// Not TOML.
    Syntax(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line, column) = (&self.file, self.line, self.column);
        let key = self.key.as_deref().unwrap_or_default();
        match &self.kind {
            ProblemKind::UnknownKey { suggestion: Some(near), .. } => {
                write!(f, "{file}:{line}: unknown key `{key}`; did you mean `{near}`?")
            }
            ProblemKind::UnknownKey { suggestion: None, known } => {
                write!(f, "{file}:{line}: unknown key `{key}`; the keys here are `{}`", known.join("`, `"))
            }
            ProblemKind::Missing => write!(f, "{file}:{line}: missing key `{key}`"),
            ProblemKind::WrongType { expected, found } => {
                write!(f, "{file}:{line}: `{key}` must be {expected}, not {found}")
            }
            ProblemKind::Invalid(message) => write!(f, "{file}:{line}: `{key}` {message}"),
            ProblemKind::Syntax(message) => write!(f, "{file}:{line}:{column}: {message}"),
        }
    }
}

/// Collects problems while a file is read.
pub(super) struct Problems {
    text: String,
    file: String,
    found: Vec<Problem>,
}

impl Problems {
    /// No problem yet.
    pub(super) fn new(text: &str, file: &str) -> Self {
        Self { text: text.to_owned(), file: file.to_owned(), found: Vec::new() }
    }

    /// Adds one, at the bytes where it is.
    pub(super) fn add(&mut self, span: &Range<usize>, key: String, kind: ProblemKind) {
        self.push(span.start, Some(key), kind);
    }

    /// Adds what the TOML parser reports: the first of each line, because the rest of a line follows from it.
    pub(super) fn add_syntax(&mut self, errors: &[toml::de::Error]) {
        let mut errors: Vec<_> = errors.iter().map(|error| (error.span().unwrap_or(0..0).start, error)).collect();
        errors.sort_by_key(|(start, _)| *start);
        for (start, error) in errors {
            let line = self.position(start).0;
            if self.found.last().is_none_or(|last| last.line != line) {
                self.push(start, None, ProblemKind::Syntax(error.message().to_owned()));
            }
        }
    }

    /// The configuration, if there is no problem.
    pub(super) fn into_result<T>(mut self, config: Option<T>) -> Result<T, ConfigError> {
        self.found.sort_by_key(|problem| (problem.line, problem.column));
        config.filter(|_| self.found.is_empty()).ok_or(ConfigError { problems: self.found })
    }

    fn push(&mut self, start: usize, key: Option<String>, kind: ProblemKind) {
        let (line, column) = self.position(start);
        self.found.push(Problem { file: self.file.clone(), line, column, key, kind });
    }

    /// Line and column of a byte; a byte order mark is no column.
    fn position(&self, start: usize) -> (usize, usize) {
        let before = self.text.get(..start).unwrap_or(&self.text);
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, last_line.trim_start_matches('\u{feff}').chars().count() + 1)
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
