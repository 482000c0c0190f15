//! Which calls are allowed, from how their probes ended.

use std::collections::BTreeMap;

use crate::collect::Probe;
use crate::operations::{self, Operation, Service};
use crate::regions;
use crate::snapshot::Outcome;

/// Whether a call is allowed, in the order in which one of several answers counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// AWS says that the caller may not make it.
    Denied,
    /// Something else went wrong, so nobody knows.
    Unclear,
    /// It was not answered in time, or not asked.
    NotProbed,
    /// AWS answered it, or looked for what it asked about.
    Allowed,
    /// It needs an id, the account showed none, and the answer to an id of nothing does not say. There is nothing to
    /// read either.
    NothingToAsk,
    /// AWS does not offer the service there.
    NotOffered,
}

impl Access {
    /// Every word, in the order of the report.
    pub const ALL: [Self; 6] =
        [Self::Denied, Self::Unclear, Self::NotProbed, Self::Allowed, Self::NothingToAsk, Self::NotOffered];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Unclear => "unclear",
            Self::NotProbed => "not_probed",
            Self::Allowed => "allowed",
            Self::NothingToAsk => "nothing_to_ask",
            Self::NotOffered => "not_offered",
        }
    }

    /// Whether a rule that rests on the call cannot count on it.
    #[must_use]
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::Denied | Self::Unclear | Self::NotProbed)
    }

    /// A not-found in the service's own words means that AWS looked for the thing, so the caller may ask.
    fn of(probe: &Probe) -> Self {
        match probe.outcome {
            Outcome::Observed | Outcome::NotConfigured | Outcome::Truncated | Outcome::EndOfSupport => Self::Allowed,
            Outcome::AccessDenied => Self::Denied,
            Outcome::NotOffered => Self::NotOffered,
            Outcome::Unmodelled if is_not_found(probe) => Self::Allowed,
            Outcome::Unmodelled if probe.of_nothing => Self::NothingToAsk,
            _ => Self::Unclear,
        }
    }
}

fn is_not_found(probe: &Probe) -> bool {
    matches!(probe.code.as_deref(), Some("NotFoundException" | "ResourceNotFoundException"))
}

/// One call in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// For instance `us-east-1`.
    pub region: String,
    /// Whether it is allowed there.
    pub access: Access,
    /// How the probe ended that decides; `None` where there was none.
    pub outcome: Option<Outcome>,
    /// What was said instead of an answer.
    pub message: Option<String>,
    /// Whether it asked about an id that belongs to nothing, because there was none to ask about.
    pub of_nothing: bool,
}

/// One call of the catalogue, in every region where it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Which call.
    pub operation: &'static Operation,
    /// By region, in order; never empty.
    pub places: Vec<Place>,
}

impl Permission {
    /// The answer that counts: denied anywhere is denied.
    #[must_use]
    pub fn access(&self) -> Access {
        self.places.iter().map(|place| place.access).min().unwrap_or(Access::NotProbed)
    }

    /// The regions with that answer, when others where the service is offered have another.
    #[must_use]
    pub fn only_in(&self, access: Access) -> Option<Vec<&str>> {
        let offered = self.places.iter().filter(|place| place.access != Access::NotOffered);
        let (such, others): (Vec<&Place>, Vec<&Place>) = offered.partition(|place| place.access == access);
        (!others.is_empty()).then(|| such.into_iter().map(|place| place.region.as_str()).collect())
    }

    /// Whether AWS answered with nothing about a feature that has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.places.iter().any(|place| place.outcome == Some(Outcome::EndOfSupport) && !place.of_nothing)
    }
}

/// Every call of the catalogue but the caller's identity, in its order.
#[must_use]
pub fn permissions(scanned: &[String], probes: &[Probe]) -> Vec<Permission> {
    let asked = operations::ALL.iter().filter(|operation| operation.service != Service::Sts);
    asked.map(|operation| Permission { operation, places: places(operation, scanned, probes) }).collect()
}

fn places(operation: &'static Operation, scanned: &[String], probes: &[Probe]) -> Vec<Place> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for region in expected(operation.service, scanned) {
        let access =
            if is_not_offered(operation.service, region, probes) { Access::NotOffered } else { Access::NotProbed };
        let nothing = Place { region: region.to_owned(), access, outcome: None, message: None, of_nothing: false };
        places.insert(region.to_owned(), nothing);
    }
    for probe in probes.iter().filter(|probe| probe.operation == operation) {
        let place = Place {
            region: probe.region.clone(),
            access: Access::of(probe),
            outcome: Some(probe.outcome),
            message: probe.message.clone(),
            of_nothing: probe.of_nothing,
        };
        match places.get(&probe.region) {
            Some(known) if known.outcome.is_some() && decides(known.access) <= decides(place.access) => {}
            _ => drop(places.insert(probe.region.clone(), place)),
        }
    }
    places.into_values().collect()
}

/// Of several answers to one call in one region, the first in this order counts. A denial may be about one resource, and
/// one answer shows that the call is allowed, whatever happened to the next.
const fn decides(access: Access) -> u8 {
    match access {
        Access::Denied => 0,
        Access::Allowed => 1,
        Access::Unclear => 2,
        Access::NotProbed => 3,
        Access::NothingToAsk => 4,
        Access::NotOffered => 5,
    }
}

/// Where the call would be made. AWS Artifact answers for a partition at one place.
fn expected(service: Service, scanned: &[String]) -> Vec<&str> {
    match service {
        Service::Artifact => {
            vec![regions::artifact(scanned.first().map_or("aws", |region| regions::partition(region)))]
        }
        _ => scanned.iter().map(String::as_str).collect(),
    }
}

/// What hangs on a list is not asked at all where the service is not offered.
fn is_not_offered(service: Service, region: &str, probes: &[Probe]) -> bool {
    let here = |probe: &&Probe| probe.operation.service == service && probe.region == region;
    probes.iter().filter(here).any(|probe| probe.outcome == Outcome::NotOffered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(operation: &'static Operation, region: &str, outcome: Outcome) -> Probe {
        Probe { operation, region: region.into(), outcome, code: None, message: None, of_nothing: false }
    }

    fn access(probes: &[Probe]) -> Access {
        let scanned = ["us-east-1".to_owned(), "us-west-2".to_owned()];
        let found = permissions(&scanned, probes).into_iter().find(|found| found.operation == &operations::GET_APP);
        found.expect("every operation is there").access()
    }

    #[test]
    fn only_what_aws_answered_or_looked_for_is_allowed() {
        for outcome in Outcome::ALL {
            let both = ["us-east-1", "us-west-2"].map(|region| probe(&operations::GET_APP, region, outcome));
            let expected = match outcome {
                Outcome::Observed | Outcome::NotConfigured | Outcome::Truncated | Outcome::EndOfSupport => {
                    Access::Allowed
                }
                Outcome::AccessDenied => Access::Denied,
                Outcome::NotOffered => Access::NotOffered,
                _ => Access::Unclear,
            };
            assert_eq!(access(&both), expected, "{outcome}");
        }
    }

    #[test]
    fn not_found_is_allowed_in_the_words_of_the_service_only() {
        for (code, expected) in [
            (Some("NotFoundException"), Access::Allowed),
            (Some("ResourceNotFoundException"), Access::Allowed),
            (Some("ValidationException"), Access::Unclear),
            (None, Access::Unclear),
        ] {
            let both = ["us-east-1", "us-west-2"].map(|region| Probe {
                code: code.map(str::to_owned),
                ..probe(&operations::GET_APP, region, Outcome::Unmodelled)
            });
            assert_eq!(access(&both), expected, "{code:?}");
            let of_nothing = both.map(|probe| Probe { of_nothing: true, ..probe });
            let expected = if expected == Access::Unclear { Access::NothingToAsk } else { expected };
            assert_eq!(access(&of_nothing), expected, "{code:?}, about nothing");
        }
    }

    #[test]
    fn denied_anywhere_is_denied_and_a_region_without_an_answer_is_not_probed() {
        let here = |outcome| probe(&operations::GET_APP, "us-east-1", outcome);
        let there = |outcome| probe(&operations::GET_APP, "us-west-2", outcome);
        assert_eq!(access(&[here(Outcome::Observed), there(Outcome::AccessDenied)]), Access::Denied);
        assert_eq!(access(&[here(Outcome::AccessDenied), here(Outcome::Observed)]), Access::Denied);
        let answered_once = [here(Outcome::Observed), here(Outcome::Throttled), there(Outcome::Observed)];
        assert_eq!(access(&answered_once), Access::Allowed);
        assert_eq!(access(&[here(Outcome::Observed), there(Outcome::Throttled)]), Access::Unclear);
        assert_eq!(access(&[here(Outcome::Observed)]), Access::NotProbed);
        assert_eq!(access(&[]), Access::NotProbed);
    }

    #[test]
    fn what_hangs_on_a_list_is_not_offered_where_the_list_is_not() {
        let probes = [
            probe(&operations::GET_APPS, "us-west-2", Outcome::NotOffered),
            probe(&operations::GET_APP, "us-east-1", Outcome::Observed),
        ];
        assert_eq!(access(&probes), Access::Allowed);
    }
}
