//! One collection, from asking who asks to a snapshot on disk.

use std::io;
use std::path::Path;

use super::args;
use super::failure::Failure;
use super::progress::Progress;
use super::terminal::Terminal;
use crate::collect::{self, Aws, Clock, CollectError, Connection, Pace, Plan, Sink};
use crate::config::{self, Accounts, Config};
use crate::files::Existing;
use crate::regions;
use crate::snapshot::redact;
use crate::snapshot::write::{Collection, Writer};
use crate::snapshot::{Call, Caller, Header, Tool, time};

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
            // In this order: the first look at the signal sets up its handler, and only then the work begins.
            biased;
            _ = tokio::signal::ctrl_c() => Err(Failure::interrupted()),
            done = work => done,
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
    let (aws, regions) = connected(flags, config).await?;
    let clock = super::inputs::clock();
    let request = Request { aws: &aws, regions, pace: Pace::Quotas, clock: &clock, target, existing };
    snapshot(&request, config, terminal).await
}

/// The way to AWS, and the regions that were asked for.
async fn connected(flags: &args::Aws, config: &Config) -> Result<(Aws, Regions), Failure> {
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
    Ok((collect::connect(&connection).await?, regions))
}

/// Who asks, and where; known before anything else is asked.
pub(super) struct Ready {
    pub(super) aws: Aws,
    pub(super) clock: Clock,
    pub(super) caller: Caller,
    pub(super) scanned: Vec<String>,
}

/// Connects and asks who asks, for what needs no snapshot.
pub(super) async fn ready(flags: &args::Aws, config: &Config) -> Result<Ready, Failure> {
    let (aws, regions) = connected(flags, config).await?;
    let clock = super::inputs::clock();
    let (_, caller) = collect::caller(&aws, &clock).await;
    let caller = caller?;
    require_own_account(config, &caller)?;
    let (scanned, _) = choose(&aws, &regions, &caller)?;
    Ok(Ready { aws, clock, caller, scanned })
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
    let (scanned, not_scanned) = choose(aws, &request.regions, &caller)?;
    terminal.say(&format!("Collecting from account {} in {}.", caller.account, scanned.join(", ")));
    writer.add(&identity)?;
    let plan = Plan { account: caller.account.clone(), regions: scanned.clone(), pace: request.pace };
    let mut failure = None;
    let mut keep = |call: Call| {
        writer.add(&call).map_err(|error| {
            failure = Some(Failure::from(error));
            io::Error::other("the snapshot could not be written")
        })
    };
    let collected = observed(aws, &plan, clock, terminal, &mut keep).await;
    if let Some(failure) = failure {
        return Err(failure);
    }
    collected?;
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

/// Collects, and shows how it goes.
pub(super) async fn observed(
    aws: &Aws,
    plan: &Plan,
    clock: &Clock,
    terminal: &Terminal,
    keep: &mut Sink<'_>,
) -> Result<(), CollectError> {
    let progress = Progress::new(terminal);
    let observer = progress.observer();
    progress.during(terminal, collect::collect_observed(aws, plan, clock, observer, keep)).await
}

/// The SDK ignores an endpoint in the environment that is no URL, and would then ask AWS itself.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
pub(super) fn require_endpoints() -> Result<(), Failure> {
    let services = ["", "_PINPOINT", "_PINPOINT_SMS_VOICE_V2", "_SESV2", "_ARTIFACT", "_STS", "_KMS"];
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
fn choose(aws: &Aws, regions: &Regions, caller: &Caller) -> Result<(Vec<String>, Vec<String>), Failure> {
    let partition = caller.arn.split(':').nth(1).unwrap_or("aws");
    let offered = regions::offered(partition);
    let mut scanned: Vec<String> = match regions {
        Regions::All => offered.iter().map(|region| (*region).to_owned()).collect(),
        Regions::Named(named) => named.clone(),
        Regions::Default => {
            let region = aws.region();
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
