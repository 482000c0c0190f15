//! What can be written on the command line of the commands that seal and check packs, compare them and hand them on.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

/// How a pack is sealed, besides its manifest.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Sealing {
    /// Sign the pack: with an Ed25519 key (PKCS#8 in a PEM file), or with an ECDSA key on P-256 that stays in AWS KMS
    #[arg(long, value_name = "FILE|kms:KEY-ARN")]
    pub(in crate::cli) sign: Option<SignWith>,
    /// Ask this RFC 3161 authority for a trusted time over the signature
    #[arg(long, value_name = "URL", requires = "sign")]
    pub(in crate::cli) timestamp: Option<String>,
}

/// What signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum SignWith {
    /// A key in a file.
    File(PathBuf),
    /// A key of AWS KMS, by its ARN or that of an alias.
    Kms(String),
}

impl FromStr for SignWith {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.strip_prefix("kms:") {
            Some(arn) => Self::Kms(arn.to_owned()),
            None => Self::File(text.into()),
        })
    }
}

/// `verify`
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Verify {
    /// Directory of the pack, or s3://BUCKET/PREFIX
    #[arg(value_name = "PACK")]
    pub(in crate::cli) pack: PathBuf,
    /// Public key (PEM; Ed25519, or ECDSA on P-256) that has to have signed the pack
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) public_key: Option<PathBuf>,
    /// Certificates (PEM), each of them trusted to vouch for the authority that has to have stamped the signature's time
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) timestamp_ca: Option<PathBuf>,
    /// Check the files, the evidence's hashes, the signature and its time only; judge nothing again
    #[arg(long)]
    pub(in crate::cli) files_only: bool,
}

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
    /// Directory of the pack, or s3://BUCKET/PREFIX
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
