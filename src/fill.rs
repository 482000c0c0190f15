//! Fills templates that are no documents of a pack: infrastructure code, and the configuration to begin with.
//!
//! Whatever a template shows goes through the escape function of its format, so that no name in an account can end a
//! string or begin a line. A template cannot switch that off: `safe` in one is an error.

use std::io::{self, Write};

use serde::Serialize;
use tera::{Context, Tera};

/// A template of one format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template {
    /// Its file name under `templates/`.
    pub(crate) name: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
}

/// A template that does not parse, or asks for what it is not given; always a mistake in this program.
#[derive(Debug, thiserror::Error)]
#[error("failed to fill the template `{template}`: {source}")]
pub struct FillError {
    template: &'static str,
    source: tera::Error,
}

impl Template {
    /// Fills it, with every value escaped for a string between double quotes.
    ///
    /// # Errors
    /// When the view lacks something that the template asks for.
    pub(crate) fn fill(&self, view: &impl Serialize) -> Result<String, FillError> {
        debug_assert!(!self.text.contains("safe"), "{} switches escaping off", self.name);
        let mut tera = Tera::new();
        tera.set_escape_fn(escape);
        tera.autoescape_on([".tera"]);
        tera.add_raw_templates([(self.name, self.text)])
            .and_then(|()| Context::from_serialize(view))
            .and_then(|context| tera.render(self.name, &context))
            .map_err(|source| FillError { template: self.name, source })
    }
}

/// The escapes of a JSON string, which TOML, YAML and HCL read alike between double quotes.
///
/// What HCL would take for an interpolation is doubled nowhere here: no value in a Terraform template comes from outside.
fn escape(value: &str, output: &mut dyn Write) -> io::Result<()> {
    let quoted = serde_json::to_string(value)?;
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    // JSON leaves these as they are; TOML forbids the first, and the others end a line for some readers.
    for character in inner.chars() {
        match character {
            '\u{7f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => write!(output, "\\u{:04x}", u32::from(character))?,
            other => write!(output, "{other}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PLAIN: Template = Template { name: "plain.tera", text: "name = \"{{ name }}\"  # {{ name }}\n" };

    #[test]
    fn no_value_leaves_its_string_or_its_line() {
        for name in ["a\"b", "a\\", "a\nb = 1", "a\r\u{85}\u{2028}\u{7f}\u{0}\u{1b}[31m", "ä€😀 # [x]"] {
            let filled = PLAIN.fill(&json!({"name": name})).expect("fills");
            assert_eq!(filled.lines().count(), 1, "{filled:?}");
            assert!(!filled.trim_end().chars().any(char::is_control), "{filled:?}");
            let table: toml::Table = filled.parse().unwrap_or_else(|error| panic!("{filled}: {error}"));
            assert_eq!(table["name"].as_str(), Some(name));
        }
    }

    #[test]
    fn what_a_view_lacks_is_an_error_that_names_the_template() {
        let error = PLAIN.fill(&json!({})).expect_err("name is missing");
        assert!(error.to_string().contains("plain.tera"), "{error}");
    }
}
