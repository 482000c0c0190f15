//! One collection, from asking who asks to a snapshot on disk.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde_json::json;

use super::args;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::collect::{self, Aws, Clock, Connection, Pace, Plan};
use crate::config::{self, Accounts, Config};
use crate::files::Existing;
use crate::regions;
use crate::snapshot::redact;
use crate::snapshot::write::{Collection, Writer};
use crate::snapshot::{Caller, Header, Outcome, Tool, time};

/// How many calls pass between two lines of progress.
const PROGRESS_STEP: u64 = 500;

/// What to collect, from where, to where.
pub(super) struct Request<'a> {
    pub(super) aws: &'a Aws,
    pub(super) regions: Regions,
    pub(super) pace: Pace,
    pub(super) clock: &'a Clock,
    pub(super) target: &'a Path,
    pub(super) existing: Existing,
}

/// The regions that were asked for.
#[derive(Clone, Debug)]
pub(super) enum Regions {
    /// The one that is configured.
    Default,
    /// Every one where a messaging service is offered.
    All,
    /// These.
    Named(Vec<String>),
}

/// Collects on the command line's own runtime; stops cleanly when interrupted.
pub(super) fn run<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::usage(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        tokio::select! {
            done = work => done,
            _ = tokio::signal::ctrl_c() => Err(Failure::interrupted()),
        }
    })
}

/// Collects from AWS as the flags and the configuration say.
pub(super) async fn from_aws(
    flags: &args::Aws,
    config: &Config,
    target: &Path,
    existing: Existing,
    terminal: &Terminal,
) -> Result<Header, Failure> {
    require_endpoints()?;
    let regions = requested(flags, config)?;
    let region = match &regions {
        Regions::Named(named) => named.first().cloned(),
        Regions::Default | Regions::All => None,
    };
    let connection = Connection {
        profile: flags.profile.clone(),
        region,
        endpoint_url: flags.endpoint_url.clone(),
        attempt_timeout: flags.timeout,
    };
    let aws = collect::connect(&connection).await?;
    let clock = super::inputs::clock();
    let request = Request { aws: &aws, regions, pace: Pace::Quotas, clock: &clock, target, existing };
    snapshot(&request, config, terminal).await
}

/// Collects into a snapshot.
pub(super) async fn snapshot(request: &Request<'_>, config: &Config, terminal: &Terminal) -> Result<Header, Failure> {
    let Request { aws, clock, target, existing, .. } = request;
    // Fails before the first call where the result could not be kept.
    let mut writer = Writer::create(target, *existing)?;
    let started = time::whole_milliseconds(clock());
    let (identity, caller) = collect::caller(aws, clock).await;
    let caller = caller?;
    require_own_account(config, &caller)?;
    let (scanned, not_scanned) = choose(request, &caller)?;
    terminal.say(&format!("Collecting from account {} in {}.", caller.account, scanned.join(", ")));
    writer.add(&identity)?;
    let plan = Plan { account: caller.account.clone(), regions: scanned.clone(), pace: request.pace };
    let mut tally = Tally::default();
    let mut failure = None;
    let mut keep = |call: crate::snapshot::Call| {
        tally.count(call.outcome, terminal);
        writer.add(&call).map_err(|error| {
            failure = Some(Failure::from(error));
            io::Error::other("the snapshot could not be written")
        })
    };
    let collected = collect::collect(aws, &plan, clock, &mut keep).await;
    if let Some(failure) = failure {
        return Err(failure);
    }
    collected?;
    tally.finish(terminal);
    let header = writer.finish(Collection {
        tool: Tool::this(),
        started,
        finished: time::whole_milliseconds(clock()),
        accounts: vec![caller.account.clone()],
        caller,
        organization: None,
        regions: scanned,
        regions_not_scanned: not_scanned,
    })?;
    Ok(header)
}

/// The SDK ignores an endpoint in the environment that is no URL, and would then ask AWS itself.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn require_endpoints() -> Result<(), Failure> {
    let services = ["", "_PINPOINT", "_PINPOINT_SMS_VOICE_V2", "_SESV2", "_ARTIFACT", "_STS"];
    for name in services.map(|service| format!("AWS_ENDPOINT_URL{service}")) {
        let value = std::env::var(&name).unwrap_or_default();
        if !(value.is_empty() || value.starts_with("http://") || value.starts_with("https://")) {
            let failure = Failure::usage(format!(
                "failed to connect to AWS: {name} is `{}`, which is not an http or https URL",
                redact::message(&value)
            ));
            return Err(failure.hint("write it like https://localhost:4566"));
        }
    }
    Ok(())
}

/// Flags win over the configuration.
fn requested(flags: &args::Aws, config: &Config) -> Result<Regions, Failure> {
    let named = match (flags.regions.as_slice(), &config.aws.regions) {
        ([], None) => return Ok(Regions::Default),
        ([], Some(config::Regions::All)) => return Ok(Regions::All),
        ([], Some(config::Regions::List(named))) => named,
        (flags, _) if flags.iter().any(|region| region == "all") => return Ok(Regions::All),
        (flags, _) => flags,
    };
    for region in named {
        if !regions::is_offered(region) {
            return Err(unknown_region(region));
        }
    }
    Ok(Regions::Named(named.to_vec()))
}

fn unknown_region(region: &str) -> Failure {
    let known = regions::PINPOINT.iter().chain(regions::SMS_VOICE);
    let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(known, region));
    let failure =
        Failure::usage(format!("AWS offers neither Amazon Pinpoint nor AWS End User Messaging in `{region}`"));
    match nearest {
        Some(nearest) if strsim::damerau_levenshtein(nearest, region) <= 3 => {
            failure.hint(format!("did you mean `{nearest}`?"))
        }
        _ => failure.hint("`--region all` looks at every region where they are offered"),
    }
}

/// The regions to look at, and those that nobody looks at.
fn choose(request: &Request<'_>, caller: &Caller) -> Result<(Vec<String>, Vec<String>), Failure> {
    let partition = caller.arn.split(':').nth(1).unwrap_or("aws");
    let offered = regions::offered(partition);
    let mut scanned: Vec<String> = match &request.regions {
        Regions::All => offered.iter().map(|region| (*region).to_owned()).collect(),
        Regions::Named(named) => named.clone(),
        Regions::Default => {
            let region = request.aws.region();
            if !regions::is_offered(region) {
                return Err(unknown_region(region));
            }
            vec![region.to_owned()]
        }
    };
    scanned.sort();
    scanned.dedup();
    let left = offered.into_iter().filter(|region| !scanned.iter().any(|scanned| scanned == region));
    let left = left.map(ToOwned::to_owned).collect();
    Ok((scanned, left))
}

/// This version looks at the caller's own account; what the configuration asks beyond that must not be left out
/// silently.
fn require_own_account(config: &Config, caller: &Caller) -> Result<(), Failure> {
    let only_own = match &config.aws.accounts {
        Accounts::Own => true,
        Accounts::Organization => false,
        Accounts::List(accounts) => accounts.iter().all(|account| *account == caller.account),
    };
    if only_own {
        return Ok(());
    }
    let message = format!("aws.accounts asks for more than the caller's own account {}", caller.account);
    Err(Failure::usage(message).hint("collect each account with its own role, and remove aws.accounts"))
}

/// Counts calls and tells of progress.
#[derive(Default)]
struct Tally {
    calls: u64,
    outcomes: BTreeMap<Outcome, u64>,
}

impl Tally {
    fn count(&mut self, outcome: Outcome, terminal: &Terminal) {
        self.calls += 1;
        *self.outcomes.entry(outcome).or_default() += 1;
        if self.calls.is_multiple_of(PROGRESS_STEP) {
            self.tell("collecting", terminal);
        }
    }

    fn finish(&self, terminal: &Terminal) {
        self.tell("collected", terminal);
    }

    fn tell(&self, event: &str, terminal: &Terminal) {
        let outcomes: Vec<String> = self.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
        let words = format!("{event} {} calls: {}", self.calls, outcomes.join(", "));
        let event = json!({"event": event, "calls": self.calls, "outcomes": self.outcomes});
        terminal.progress(&words, &event);
    }
}
