//! What can be written on the command line of the commands that compare packs and hand them on.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `diff`
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Diff {
    /// Directory of the earlier pack
    #[arg(value_name = "OLD")]
    pub(in crate::cli) old: PathBuf,
    /// Directory of the later pack
    #[arg(value_name = "NEW")]
    pub(in crate::cli) new: PathBuf,
    /// Form of the answer
    #[arg(long, value_enum, default_value = "md")]
    pub(in crate::cli) format: DiffFormat,
}

/// The forms of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DiffFormat {
    /// A page to read, in Markdown
    Md,
    /// Data; `schema diff` prints its shape
    Json,
}

/// `ticket`
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Ticket {
    /// Directory of the pack
    #[arg(value_name = "PACK")]
    pub(in crate::cli) pack: PathBuf,
    /// Form of the page
    #[arg(long, value_enum, default_value = "md")]
    pub(in crate::cli) format: TicketFormat,
    /// Also write the pack as a ZIP file, to attach
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) zip: Option<PathBuf>,
    /// Replace the ZIP file that is there
    #[arg(long, requires = "zip")]
    pub(in crate::cli) force: bool,
}

/// The forms of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TicketFormat {
    /// Markdown, for GitHub and others
    Md,
    /// Atlassian Document Format, for Jira
    Adf,
    /// Data; `schema ticket` prints its shape
    Json,
}
