//! One collection, from asking who asks to a snapshot on disk.

use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::args;
use super::failure::Failure;
use super::progress::Progress;
use super::terminal::Terminal;
use crate::collect::{self, Aws, Clock, CollectError, Connection, Pace, Plan, Recall, Sink};
use crate::config::Config;
use crate::files::Existing;
use crate::snapshot::redact;
use crate::snapshot::{Call, Caller, Header, Resumed, Shard, Writer, time};
use begun::Begun;
use fleet::Fleet;
pub(super) use regions::Regions;
use regions::{choose, requested};

mod begun;
mod fleet;
mod regions;

/// What to collect, from where, to where.
pub(super) struct Request<'a> {
    pub(super) aws: &'a Aws,
    pub(super) regions: Regions,
    pub(super) pace: Pace,
    pub(super) clock: &'a Clock,
    pub(super) target: &'a Path,
    pub(super) existing: Existing,
    pub(super) life: Life,
    pub(super) shard: Option<Shard>,
}

/// What becomes of a collection that is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// It is lost.
    Passing,
    /// A later run can go on with it.
    Lasting,
    /// This is the later run.
    Resumed,
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

/// Collects from AWS as the flags and the configuration say, to where it can be gone on with or not.
pub(super) async fn from_aws(
    flags: &args::Aws,
    config: &Config,
    (target, existing, life): (&Path, Existing, Life),
    shard: Option<Shard>,
    terminal: &Terminal,
) -> Result<Header, Failure> {
    let (aws, regions) = connected(flags, config).await?;
    let clock = super::inputs::clock();
    let request = Request { aws: &aws, regions, pace: Pace::Quotas, clock: &clock, target, existing, life, shard };
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
    /// The way to AWS as whoever reads the account.
    pub(super) aws: Aws,
    pub(super) clock: Clock,
    pub(super) caller: Caller,
    /// The account that is looked at.
    pub(super) account: String,
    /// Whether the configuration names others as well.
    pub(super) others: bool,
    pub(super) scanned: Vec<String>,
}

/// Connects and asks who asks, for what needs no snapshot.
pub(super) async fn ready(flags: &args::Aws, config: &Config) -> Result<Ready, Failure> {
    let (aws, regions) = connected(flags, config).await?;
    let clock = super::inputs::clock();
    let (_, caller) = collect::caller(&aws, &clock).await;
    let caller = caller?;
    let (scanned, _) = choose(&aws, &regions, &caller)?;
    let (target, others) = fleet::one(&config.aws, &caller)?;
    let aws = collect::assume(&aws, &target, &clock).await?;
    Ok(Ready { aws, clock, caller, account: target.account, others, scanned })
}

/// Collects into a snapshot.
pub(super) async fn snapshot(request: &Request<'_>, config: &Config, terminal: &Terminal) -> Result<Header, Failure> {
    let Request { aws, clock, target, existing, .. } = request;
    // Fails before the first call where the result could not be kept.
    let (mut writer, begun) = match request.life {
        Life::Passing => (Writer::create(target, *existing)?, None),
        Life::Lasting => (Writer::begin(target, *existing)?, None),
        Life::Resumed => match Writer::resume(target, *existing)? {
            Resumed::Begun(writer, plan) => (*writer, Some(Begun::read(&plan)?)),
            Resumed::Finished(header) => return Ok(*header),
        },
    };
    let started = time::whole_milliseconds(clock());
    let (identity, caller) = collect::caller(aws, clock).await;
    let caller = caller?;
    writer.add(&identity)?;
    let begun = match begun {
        Some(begun) => begun.gone_on_with(&caller, &mut writer)?,
        None => opening(request, config, &caller, started, &mut writer).await?,
    };
    terminal.say(&begun.in_words());
    let plan = begun.plan(&caller, config, request.pace);
    ask(request, &plan, &mut writer, terminal).await?;
    Ok(writer.finish(begun.collection(caller, time::whole_milliseconds(clock())))?)
}

/// Finds out what there is to collect, and notes it.
async fn opening(
    request: &Request<'_>,
    config: &Config,
    caller: &Caller,
    started: DateTime<Utc>,
    writer: &mut Writer,
) -> Result<Begun, Failure> {
    let (regions, regions_not_scanned) = choose(request.aws, &request.regions, caller)?;
    let (calls, fleet) = Fleet::find(request.aws, &config.aws, caller, request.clock, None).await;
    for call in &calls {
        writer.add(call)?;
    }
    let opening = calls.iter().map(|call| call.id.clone()).collect();
    let begun =
        Begun::new(started, caller.account.clone(), fleet?, (regions, regions_not_scanned), request.shard, opening);
    writer.note(&begun.to_bytes()?)?;
    Ok(begun)
}

/// Asks everything, and keeps it.
async fn ask(request: &Request<'_>, plan: &Plan, writer: &mut Writer, terminal: &Terminal) -> Result<(), Failure> {
    let (mut failure, recalled) = (None, writer.recalled());
    let mut keep = |call: Call| {
        writer.add(&call).map_err(|error| {
            failure = Some(Failure::from(error));
            io::Error::other("the snapshot could not be written")
        })
    };
    let collected = observed(request.aws, plan, request.clock, terminal, recalled, &mut keep).await;
    match failure {
        Some(failure) => Err(failure),
        None => Ok(collected?),
    }
}

/// Collects, and shows how it goes.
pub(super) async fn observed(
    aws: &Aws,
    plan: &Plan,
    clock: &Clock,
    terminal: &Terminal,
    recall: Option<Recall>,
    keep: &mut Sink<'_>,
) -> Result<(), CollectError> {
    let progress = Progress::new(terminal);
    let observer = progress.observer();
    progress.during(terminal, collect::collect_observed(aws, plan, clock, observer, recall, keep)).await
}

/// The SDK ignores an endpoint in the environment that is no URL, and would then ask AWS itself.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
pub(super) fn require_endpoints() -> Result<(), Failure> {
    let services = ["", "_PINPOINT", "_PINPOINT_SMS_VOICE_V2", "_SESV2", "_ARTIFACT", "_STS", "_ORGANIZATIONS", "_KMS"];
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
