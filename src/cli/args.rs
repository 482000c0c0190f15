//! What can be written on the command line.

mod packs;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::examples;
use crate::pack::DocumentName;
use crate::period::Period;
use crate::render::formats;
use crate::snapshot::Shard;

pub(super) use packs::{Diff, DiffFormat, Sealing, SignWith, Ticket, TicketFormat, Verify};

/// Compliance evidence for Amazon Pinpoint, AWS End User Messaging and Amazon SES.
///
/// Reads configuration only, keeps what AWS answered, judges whether PHI travels only by email, push, or SMS from a
/// dedicated short code, and seals the result as a pack of pages and data. Not legal advice.
#[derive(Debug, Parser)]
#[command(name = "pinpoint-evidence", version, max_term_width = 100, after_help = examples::PROGRAM)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) talk: Talk,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Do the main job on an embedded example account, offline
    #[command(after_help = examples::DEMO)]
    Demo(Demo),
    /// Write a configuration to begin with, filled with what can be read
    #[command(after_help = examples::INIT)]
    Init(Init),
    /// Say who asks, which calls are allowed, and which rules would be blind
    #[command(after_help = examples::DOCTOR)]
    Doctor(Doctor),
    /// Print the least-privilege, read-only IAM policy for a collection
    #[command(after_help = examples::POLICY)]
    Policy(Policy),
    /// Collect from AWS into a snapshot
    #[command(after_help = examples::COLLECT)]
    Collect(Collect),
    /// Make a sealed pack from a snapshot, or from AWS directly
    #[command(after_help = examples::PACK)]
    Pack(Box<Pack>),
    /// Check that a pack is whole, unchanged and signed, and judge its evidence again
    #[command(after_help = examples::VERIFY)]
    Verify(Verify),
    /// Say what changed between two packs, and why
    #[command(after_help = examples::DIFF)]
    Diff(Diff),
    /// Print one page for a ticket, and write the pack as one file to attach
    #[command(after_help = examples::TICKET)]
    Ticket(Ticket),
    /// Explain the rules, the programs and their controls
    #[command(after_help = examples::EXPLAIN)]
    Explain(Explain),
    /// Print the JSON Schema of a file or a stream
    #[command(after_help = examples::SCHEMA)]
    Schema(Schema),
    /// Print the completions of a shell
    #[command(hide = true, after_help = examples::COMPLETIONS)]
    Completions(Completions),
    /// Print or write the manual pages
    #[command(hide = true, after_help = examples::MAN)]
    Man(Man),
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
    /// Bars on a terminal, nothing elsewhere
    Auto,
    /// A line now and then
    Plain,
    /// A JSON object a line, as `schema progress` says
    Json,
    /// Nothing
    None,
}

/// What is of no use where nobody asks AWS.
const AWS_FLAGS: [&str; 3] = ["profile", "regions", "endpoint_url"];

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

fn format_names() -> impl Iterator<Item = PossibleValue> {
    formats::ALL.iter().map(|format| PossibleValue::new(format.name).help(format.title))
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

/// What of a pack is wanted.
#[derive(Clone, Debug, Args)]
pub(super) struct Wanted {
    /// Only this audit program, its controls and the findings that bear on them; repeatable
    #[arg(long = "program", value_name = "PROGRAM")]
    pub(super) programs: Vec<String>,
    /// Only this document: index, changes, channel-usage, hipaa-shared-responsibility, programs, findings, evidence; repeatable
    #[arg(long = "document", value_name = "DOCUMENT")]
    pub(super) documents: Vec<DocumentName>,
}

/// Where to write.
#[derive(Clone, Debug, Args)]
pub(super) struct Output {
    /// Directory to write, or s3://BUCKET/PREFIX
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
    /// Directory to write
    #[arg(long, value_name = "DIR", required_unless_present = "resume")]
    pub(super) out: Option<PathBuf>,
    /// Go on with a collection into this directory that was stopped or killed
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "regions", "shard", "shards"])]
    pub(super) resume: Option<PathBuf>,
    /// Replace the snapshot that is there, and what a stopped collection left
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) part: Part,
    #[command(flatten)]
    pub(super) declarations: Declarations,
    #[command(flatten)]
    pub(super) aws: Aws,
}

/// Which part of a collection, where several processes share the work.
#[derive(Clone, Debug, Args)]
pub(super) struct Part {
    /// Collect only part I of N, the first being 0, as in 0/8; `pack` puts the parts together
    #[arg(long, value_name = "I/N", value_parser = shard, conflicts_with = "shards")]
    pub(super) shard: Option<Shard>,
    /// Collect only one of N parts: the one that JOB_COMPLETION_INDEX (Kubernetes) or AWS_BATCH_JOB_ARRAY_INDEX names
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) shards: Option<u32>,
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((index, of)) if index < of => Ok(Shard { index, of }),
        Some((_, of)) if of > 0 => Err(format!("the first part is 0 and the last is {}", of - 1)),
        _ => Err("write a part and the number of parts, for instance 0/8".to_owned()),
    }
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
    #[arg(long, value_name = "SNAPSHOT", conflicts_with_all = AWS_FLAGS)]
    pub(super) from: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) declarations: Declarations,
    #[command(flatten)]
    pub(super) judging: Judging,
    /// Machine format to write, repeatable or with commas [default: every one]; pages and results.json are always there
    #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',', value_parser = PossibleValuesParser::new(format_names()))]
    pub(super) formats: Vec<String>,
    #[command(flatten)]
    pub(super) wanted: Wanted,
    #[command(flatten)]
    pub(super) sealing: Sealing,
    #[command(flatten)]
    pub(super) aws: Aws,
}

/// `init`
#[derive(Clone, Debug, Args)]
pub(super) struct Init {
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "evidence.toml")]
    pub(super) out: PathBuf,
    /// Replace the file that is there
    #[arg(long)]
    pub(super) force: bool,
    /// Snapshot to fill it from; without it, AWS is asked now
    #[arg(long, value_name = "SNAPSHOT", conflicts_with_all = AWS_FLAGS)]
    pub(super) from: Option<PathBuf>,
    /// Ask nobody: write the file with its comments and without anything filled in
    #[arg(long, conflicts_with_all = AWS_FLAGS, conflicts_with = "from")]
    pub(super) offline: bool,
    #[command(flatten)]
    pub(super) aws: Aws,
}

/// `doctor`
#[derive(Clone, Debug, Args)]
pub(super) struct Doctor {
    /// Form of the report
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: DoctorFormat,
    /// Seconds after which what has not been answered counts as not probed
    #[arg(long, value_name = "SECONDS", default_value = "9", value_parser = seconds)]
    pub(super) within: Duration,
    /// Let recommended rules decide the exit code as well
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) declarations: Declarations,
    #[command(flatten)]
    pub(super) aws: Aws,
}

/// The forms of the doctor's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DoctorFormat {
    /// A table for people
    Text,
    /// JSON, as `schema doctor` says
    Json,
}

/// `policy`
#[derive(Clone, Debug, Args)]
pub(super) struct Policy {
    /// Form of the policy
    #[arg(long, value_enum, default_value = "json")]
    pub(super) format: PolicyFormat,
    /// The role for every member of an organization, as the template of a StackSet
    #[arg(long, conflicts_with = "management")]
    pub(super) stackset: bool,
    /// What the management account needs: to find the accounts, and to become the role that reads each of them
    #[arg(long)]
    pub(super) management: bool,
}

/// The forms of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PolicyFormat {
    /// An IAM policy document
    Json,
    /// A template with a role, in YAML
    Cloudformation,
    /// A configuration with a role, in HCL
    Terraform,
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
    /// A line of `--progress json`
    Progress,
    /// The report of `doctor --format json`
    Doctor,
    /// What `diff --format json` prints, and changes.json
    Diff,
    /// What `ticket --format json` prints
    Ticket,
}

/// `completions`
#[derive(Clone, Debug, Args)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

/// The shells that have completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
}

/// `man`
#[derive(Clone, Debug, Args)]
pub(super) struct Man {
    /// Directory to write one page per command to; without it, the first page goes to standard output
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Replace pages that are there and differ
    #[arg(long, requires = "out")]
    pub(super) force: bool,
}
