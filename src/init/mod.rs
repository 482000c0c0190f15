//! A configuration to begin with: what an account shows, as comments, for a person to decide.
//!
//! It declares nothing. Which applications carry PHI is for a person to say; here stand their names, tags and channels,
//! and a guess where a name or a tag gives rise to one, marked as a candidate.

mod candidates;
mod view;

use chrono::NaiveDate;

use crate::estate::Estate;
use crate::fill::{FillError, Template};
use view::View;

const TEMPLATE: Template =
    Template { name: "evidence.toml.tera", text: include_str!("../../templates/evidence.toml.tera") };

/// The text of an `evidence.toml`, from what was read or from nothing. `day` stands where a date has to be replaced.
///
/// # Errors
/// When the template of this program does not fit; see [`FillError`].
pub fn text(estate: Option<&Estate>, day: NaiveDate) -> Result<String, FillError> {
    let view = estate.map_or_else(|| View::empty(day), |estate| View::of(estate, day));
    TEMPLATE.fill(&view)
}

#[cfg(test)]
mod tests;
