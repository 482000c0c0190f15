//! What each document's template may ask for, taken from the pack. One file per document.

pub(super) mod changes;
pub(super) mod channel_usage;
pub(super) mod evidence;
mod families;
mod finding;
pub(super) mod finding_pages;
pub(super) mod findings;
pub(super) mod index;
mod matrix;
pub(super) mod places;
pub(super) mod program;
pub(super) mod sheets;
mod why;
pub(super) mod write_up;
