//! The engine of the Markdown documents: the templates, and the one place where values are made inert.
//!
//! Escaping belongs to the engine, not to the templates: `{{ value }}` shows any text as text, and `{{ value | code }}`
//! shows it as code, `{{ value | fence }}` as a block of it. `{{ value | address }}` is for the place that a link leads to. No template may say `safe`; a test looks.

use std::io::{self, Write};

use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use super::{RenderError, escape, words};

/// Every Markdown template, by its file name.
pub(super) const TEMPLATES: [(&str, &str); 17] = [
    ("application.md.tera", include_str!("../../templates/application.md.tera")),
    ("call-row.md.tera", include_str!("../../templates/call-row.md.tera")),
    ("calls.md.tera", include_str!("../../templates/calls.md.tera")),
    ("chain.md.tera", include_str!("../../templates/chain.md.tera")),
    ("changes.md.tera", include_str!("../../templates/changes.md.tera")),
    ("channel-usage.md.tera", include_str!("../../templates/channel-usage.md.tera")),
    ("evidence.md.tera", include_str!("../../templates/evidence.md.tera")),
    ("finding-row.md.tera", include_str!("../../templates/finding-row.md.tera")),
    ("findings.md.tera", include_str!("../../templates/findings.md.tera")),
    ("index-of-calls.md.tera", include_str!("../../templates/index-of-calls.md.tera")),
    ("index.md.tera", include_str!("../../templates/index.md.tera")),
    ("matrix-row.md.tera", include_str!("../../templates/matrix-row.md.tera")),
    ("parts.md.tera", include_str!("../../templates/parts.md.tera")),
    ("program.md.tera", include_str!("../../templates/program.md.tera")),
    ("sheet.md.tera", include_str!("../../templates/sheet.md.tera")),
    ("ticket.md.tera", include_str!("../../templates/ticket.md.tera")),
    ("write-up.md.tera", include_str!("../../templates/write-up.md.tera")),
];

/// Fills Markdown templates.
pub(super) struct Engine(Tera);

impl Engine {
    /// Reads the templates.
    ///
    /// # Errors
    /// When one does not parse.
    pub(super) fn new() -> Result<Self, RenderError> {
        Self::with(&TEMPLATES)
    }

    pub(super) fn with(templates: &[(&'static str, &'static str)]) -> Result<Self, RenderError> {
        let mut tera = Tera::new();
        tera.set_escape_fn(escape_text);
        tera.autoescape_on([".md.tera"]);
        tera.register_filter("code", |value: &str, _: Kwargs, _: &State| Value::safe_string(&escape::code(value)));
        tera.register_filter("address", |value: &str, _: Kwargs, _: &State| Value::safe_string(escape::address(value)));
        tera.register_filter("fence", |value: &str, _: Kwargs, _: &State| Value::safe_string(&escape::fenced(value)));
        tera.register_filter("count", |number: u64, _: Kwargs, _: &State| words::count(number));
        tera.add_raw_templates(templates.iter().copied())
            .map_err(|source| RenderError::Template { template: "*.md.tera", source })?;
        Ok(Self(tera))
    }

    /// Fills one template.
    ///
    /// # Errors
    /// When the view lacks something that the template asks for.
    pub(super) fn fill(&self, template: &'static str, view: &impl Serialize) -> Result<String, RenderError> {
        Context::from_serialize(view)
            .and_then(|context| self.0.render(template, &context))
            .map(|markdown| one_blank_line(&markdown))
            .map_err(|source| RenderError::Template { template, source })
    }
}

/// Leaves one blank line where a part of a template that shows nothing left several, and one line break at the end.
fn one_blank_line(markdown: &str) -> String {
    let mut tidy = String::with_capacity(markdown.len());
    for line in markdown.trim_end().lines() {
        if !(line.is_empty() && tidy.ends_with("\n\n")) {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy
}

fn escape_text(value: &str, output: &mut dyn Write) -> io::Result<()> {
    output.write_all(escape::text(value).as_bytes())
}
