//! What can be written on the command line.

mod packs;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use packs::{Diff, DiffFormat, Ticket, TicketFormat};

use crate::period::Period;
use crate::render::formats;

/// Compliance evidence for Amazon Pinpoint, AWS End User Messaging and Amazon SES.
///
/// Reads configuration only, keeps what AWS answered, judges whether PHI travels only by email, push, or SMS from a
/// dedicated short code, and seals the result as a pack of pages and data. Not legal advice.
#[derive(Debug, Parser)]
#[command(name = "pinpoint-evidence", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) talk: Talk,
}

const AFTER_HELP: &str = "\
Examples:
  pinpoint-evidence demo                                  an example pack, offline
  pinpoint-evidence policy > policy.json                  the IAM policy that a collection needs
  pinpoint-evidence pack --out 2026-Q4 --region us-east-1 collect and judge in one step
  pinpoint-evidence diff 2026-Q3 2026-Q4                  what changed, and why
  pinpoint-evidence ticket 2026-Q4 --zip pack.zip         one page for a ticket, and a file to attach

Exit codes:
  0  every required rule that applies passed, is attested, or is waived
  1  a required rule failed
  2  the command line, the configuration or the disk is the problem
  3  no required rule failed, but one could not be evaluated
  4  a snapshot or pack is not what its hashes say
  5  nothing could be evaluated";

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Do the main job on an embedded example account, offline
    Demo(Demo),
    /// Collect from AWS into a snapshot
    Collect(Collect),
    /// Make a sealed pack from a snapshot, or from AWS directly
    Pack(Pack),
    /// Check that a pack is whole and unchanged, and judge its evidence again
    Verify(Verify),
    /// Say what changed between two packs, and why
    Diff(Diff),
    /// Print one page for a ticket, and write the pack as one file to attach
    Ticket(Ticket),
    /// Print the least-privilege, read-only IAM policy for a collection
    Policy(Policy),
    /// Explain the rules, the programs and their controls
    Explain(Explain),
    /// Print the JSON Schema of a file
    Schema(Schema),
}

/// How much to say, and how.
#[derive(Clone, Debug, Args)]
pub(super) struct Talk {
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// When to use colour on standard error
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(super) color: Color,
    /// How to tell of a collection's progress
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "FORM")]
    pub(super) progress: Progress,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How to tell of progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Progress {
    /// Lines on a terminal, nothing elsewhere
    Auto,
    /// Lines
    Plain,
    /// A JSON object a line
    Json,
    /// Nothing
    None,
}

/// How to reach AWS.
#[derive(Clone, Debug, Args)]
pub(super) struct Aws {
    /// Profile in the shared AWS configuration
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Region to look at; repeatable; `all` for every region where the services are offered
    #[arg(long = "region", value_name = "REGION")]
    pub(super) regions: Vec<String>,
    /// Endpoint for every service, for instance of a local emulator
    #[arg(long, value_name = "URL")]
    pub(super) endpoint_url: Option<String>,
    /// Seconds that one attempt of a call may take; a call with its retries may take four times as long
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(super) timeout: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds, for instance 10".to_owned())?;
    if !(0.05..=3600.0).contains(&seconds) {
        return Err("write between 0.05 and 3600 seconds".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

fn format_names() -> impl Iterator<Item = &'static str> {
    formats::ALL.iter().map(|format| format.name)
}

/// What people declared.
#[derive(Clone, Debug, Args)]
pub(super) struct Declarations {
    /// Configuration with the declarations [default: evidence.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// What a pack covers and how its verdicts end.
#[derive(Clone, Debug, Args)]
pub(super) struct Judging {
    /// Period, such as 2026-Q4 or 2026-10-01..2026-12-31 [default: the quarter of the collection]
    #[arg(long, value_name = "PERIOD")]
    pub(super) period: Option<Period>,
    /// Let recommended rules decide the exit code as well
    #[arg(long)]
    pub(super) strict: bool,
    /// Exit with 0 where 1 or 3 would say what the verdicts are
    #[arg(long)]
    pub(super) exit_zero: bool,
}

/// Where to write.
#[derive(Clone, Debug, Args)]
pub(super) struct Output {
    /// Directory to write
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Replace the snapshot or pack that is there
    #[arg(long)]
    pub(super) force: bool,
}

/// `demo`
#[derive(Clone, Debug, Args)]
pub(super) struct Demo {
    /// Directory to write
    #[arg(long, value_name = "DIR", default_value = "output/demo")]
    pub(super) out: PathBuf,
    /// Replace the pack that is there
    #[arg(long)]
    pub(super) force: bool,
}

/// `collect`
#[derive(Clone, Debug, Args)]
pub(super) struct Collect {
    #[command(flatten)]
    pub(super) output: Output,
    #[command(flatten)]
    pub(super) declarations: Declarations,
    #[command(flatten)]
    pub(super) aws: Aws,
}

/// `pack`
#[derive(Clone, Debug, Args)]
pub(super) struct Pack {
    #[command(flatten)]
    pub(super) output: Output,
    /// Directory of an earlier pack; the new one says what changed since, and why
    #[arg(long, value_name = "PACK")]
    pub(super) previous: Option<PathBuf>,
    /// Snapshot to judge; repeatable: the newest judges, earlier ones fill in ended features; without it, AWS is asked now
    #[arg(long, value_name = "SNAPSHOT", conflicts_with_all = ["profile", "regions", "endpoint_url"])]
    pub(super) from: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) declarations: Declarations,
    #[command(flatten)]
    pub(super) judging: Judging,
    /// Machine format to write, repeatable or with commas [default: every one]; pages and results.json are always there
    #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',', value_parser = PossibleValuesParser::new(format_names()))]
    pub(super) formats: Vec<String>,
    #[command(flatten)]
    pub(super) aws: Aws,
}

/// `verify`
#[derive(Clone, Debug, Args)]
pub(super) struct Verify {
    /// Directory of the pack
    #[arg(value_name = "PACK")]
    pub(super) pack: PathBuf,
}

/// `policy`
#[derive(Clone, Debug, Args)]
pub(super) struct Policy {
    /// Form of the policy
    #[arg(long, value_enum, default_value = "json")]
    pub(super) format: PolicyFormat,
}

/// The forms of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PolicyFormat {
    /// An IAM policy document
    Json,
}

/// `explain`
#[derive(Clone, Debug, Args)]
pub(super) struct Explain {
    /// Id of a rule, a program, a control or an attestation; without it, all rules and programs are listed
    #[arg(value_name = "RULE|CONTROL|PROGRAM")]
    pub(super) id: Option<String>,
}

/// `schema`
#[derive(Clone, Debug, Args)]
pub(super) struct Schema {
    /// Which file
    #[arg(value_enum)]
    pub(super) file: SchemaFile,
}

/// The files that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaFile {
    /// evidence.toml, as JSON
    Config,
    /// results.json
    Results,
    /// snapshot.json, and under `$defs/call` a line of its files
    Snapshot,
    /// manifest.json
    Manifest,
    /// What `diff --format json` prints, and changes.json
    Diff,
    /// What `ticket --format json` prints
    Ticket,
}
