//! Which regions to look at: the command line, the configuration, and what AWS offers there.

use super::super::args;
use super::super::failure::Failure;
use crate::collect::Aws;
use crate::config::{self, Config};
use crate::regions;
use crate::snapshot::Caller;

/// The regions that were asked for.
#[derive(Clone, Debug)]
pub(in crate::cli) enum Regions {
    /// The one that is configured.
    Default,
    /// Every one where a messaging service is offered.
    All,
    /// These.
    Named(Vec<String>),
}

/// Flags win over the configuration.
pub(super) fn requested(flags: &args::Aws, config: &Config) -> Result<Regions, Failure> {
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
pub(super) fn choose(aws: &Aws, regions: &Regions, caller: &Caller) -> Result<(Vec<String>, Vec<String>), Failure> {
    let partition = partition(caller);
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
    if let Some(foreign) = scanned.iter().find(|region| regions::partition(region) != partition) {
        let message = format!(
            "`{foreign}` belongs to the partition {}, but the credentials are of {partition}",
            regions::partition(foreign)
        );
        return Err(Failure::usage(message).hint("collect each partition with credentials of its own"));
    }
    scanned.sort();
    scanned.dedup();
    let left = offered.into_iter().filter(|region| !scanned.iter().any(|scanned| scanned == region));
    let left = left.map(ToOwned::to_owned).collect();
    Ok((scanned, left))
}

/// The partition that the caller belongs to.
pub(super) fn partition(caller: &Caller) -> &str {
    caller.arn.split(':').nth(1).unwrap_or("aws")
}
