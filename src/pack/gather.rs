//! Judges an estate one account and region after the other, so that never more than one of them is held whole.
//!
//! What comes of it is what judging everything at once would give, in the same order.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use chrono::{DateTime, Utc};

use super::evidence::Ids;
use super::flows::{self, Flows};
use super::packed::List;
use super::waivers::Waivers;
use super::warnings::Met;
use super::{Application, Findings, applications};
use crate::config::Config;
use crate::estate::{Estate, Place};
use crate::period::Period;
use crate::programs;
use crate::rules::{self, Chain, Context, Finding, Focus};
use crate::snapshot::read::{ReadError, Snapshot};
use crate::snapshot::several::Snapshots;

/// Chains of short codes in one chunk: each names everything that sends from its short code.
const CHAINS: usize = 4;

/// What was made of every account and region.
pub(super) struct Gathered<'c> {
    config: &'c Config,
    pub(super) findings: Findings,
    pub(super) applications: List<Application>,
    pub(super) short_codes: List<Chain>,
    pub(super) flows: Flows,
    pub(super) waivers: Waivers<'c>,
    /// What of the declarations was met.
    pub(super) met: Met<'c>,
    /// The findings on no account and region that are not among the findings yet, by rule, in order.
    beyond: BTreeMap<&'static str, VecDeque<Finding>>,
}

/// Judges every account and region of snapshots: where the estate does not hold them whole, each is read again while the
/// estate holds the others reduced.
///
/// # Errors
/// When a snapshot cannot be read or is not what its header says.
pub(super) fn judge<'c>(
    snapshots: &Snapshots,
    (estate, whole): (&mut Estate, bool),
    (config, period): (&'c Config, &Period),
    calls: &Arc<Ids>,
) -> Result<Gathered<'c>, ReadError> {
    let programs = programs::all();
    let mut gathered =
        Gathered::new(&Context { estate, config, period, programs, focus: Focus::Beyond }, config, calls);
    if whole {
        for at in 0..estate.places.len() {
            recall(snapshots, &mut estate.places[at])?;
            gathered.place(&Context { estate, config, period, programs, focus: Focus::Place(at) }, at);
        }
    } else {
        gathered.one_by_one(snapshots, estate, period)?;
    }
    gathered.settle();
    Ok(gathered)
}

/// What the snapshots show of one account and region.
fn whole(snapshots: &Snapshots, account: &str, region: &str) -> Result<Place, ReadError> {
    let mut place = Place::read(&snapshots.newest, account, region)?;
    recall(snapshots, &mut place)?;
    Ok(place)
}

/// Adds what earlier snapshots show of it.
fn recall(snapshots: &Snapshots, place: &mut Place) -> Result<(), ReadError> {
    let (account, region) = (place.account.clone(), place.region.clone());
    let read = |snapshot: &Snapshot| Ok((snapshot.header.finished, Place::read(snapshot, &account, &region)?));
    let before = snapshots.earlier.iter().map(read).collect::<Result<Vec<_>, ReadError>>()?;
    let before: Vec<(DateTime<Utc>, &Place)> = before.iter().map(|(finished, place)| (*finished, place)).collect();
    place.recall(snapshots.newest.header.finished, &before);
    Ok(())
}

impl<'c> Gathered<'c> {
    /// Begins with what belongs to no account and region.
    fn new(context: &Context<'_>, config: &'c Config, calls: &Arc<Ids>) -> Self {
        let mut gathered = Self {
            config,
            findings: Findings::of_rules(rules::in_order().map(|rule| (rule.id, rule.level)), calls),
            applications: List::citing(calls),
            short_codes: List::in_chunks(calls, CHAINS),
            flows: Flows::citing(calls),
            waivers: Waivers::of(config, context.at().date_naive()),
            met: Met::new(config),
            beyond: BTreeMap::new(),
        };
        let mut findings = rules::judge(context);
        gathered.waivers.apply(&mut findings);
        for finding in findings {
            gathered.beyond.entry(finding.rule).or_default().push_back(finding);
        }
        gathered
    }

    /// Judges each account and region, of which the next is read meanwhile.
    fn one_by_one(&mut self, snapshots: &Snapshots, estate: &mut Estate, period: &Period) -> Result<(), ReadError> {
        let (config, programs) = (self.config, programs::all());
        let places: Vec<(String, String)> =
            estate.places.iter().map(|place| (place.account.clone(), place.region.clone())).collect();
        thread::scope(|scope| {
            let (send, read) = sync_channel(0);
            scope.spawn(move || {
                let whole = |(account, region): &(String, String)| whole(snapshots, account, region);
                // Nobody takes more where one could not be read.
                for place in places.iter().map(whole) {
                    if send.send(place).is_err() {
                        break;
                    }
                }
            });
            for (at, place) in read.into_iter().enumerate() {
                let reduced = std::mem::replace(&mut estate.places[at], place?);
                self.place(&Context { estate, config, period, programs, focus: Focus::Place(at) }, at);
                estate.places[at] = reduced;
            }
            Ok(())
        })
    }

    /// Adds what is made of one account and region.
    fn place(&mut self, context: &Context<'_>, at: usize) {
        let (place, config) = (&context.estate.places[at], context.config);
        let mut findings = rules::judge(context);
        self.waivers.apply(&mut findings);
        self.met.note(place);
        self.flows.add(flows::of_place(place, config, &findings));
        self.applications.extend(applications::of_place(place, config));
        self.short_codes.extend(rules::chains(context));
        for finding in findings {
            self.push(finding);
        }
    }

    /// Adds a finding, and before it those on no account and region that come first in the order.
    fn push(&mut self, finding: Finding) {
        let is_first = |other: &Finding| other.place() < finding.place();
        if let Some(beyond) = self.beyond.get_mut(finding.rule) {
            while beyond.front().is_some_and(is_first) {
                beyond.pop_front().into_iter().for_each(|first| self.findings.push(first));
            }
        }
        self.findings.push(finding);
    }

    fn settle(&mut self) {
        std::mem::take(&mut self.beyond).into_values().flatten().for_each(|finding| self.findings.push(finding));
        self.findings.settle();
        self.applications.settle();
        self.short_codes.settle();
        self.flows.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::judge;
    use std::sync::Arc;

    use crate::pack::build;
    use crate::rules::testing::packs::each;
    use crate::rules::{Context, Finding, Focus};
    use crate::{pack, programs};

    #[test]
    fn one_place_after_the_other_gives_what_all_at_once_gives_in_the_same_order() {
        each(|name, inputs, pack| {
            let estate = build::estate(inputs.snapshots, |_| (), drop).expect("an estate");
            let (config, period, programs) = (inputs.config, &pack.period, programs::all());
            let context = Context { estate: &estate, config, period, programs, focus: Focus::Everything };
            let at_once: Vec<Finding> = pack::judge(&context);
            for whole in [false, true] {
                let (mut estate, calls) = (build::survey(inputs.snapshots, (config, whole), |_| {}), Arc::default());
                let estate = estate.as_mut().expect("an estate");
                let gathered = judge(inputs.snapshots, (estate, whole), (config, period), &calls).expect("findings");
                let packed: Vec<Finding> = gathered.findings.iter().map(|finding| (*finding).clone()).collect();
                assert_eq!(packed, at_once, "{name}");
                let chains: Vec<_> = gathered.short_codes.iter().map(|chain| (*chain).clone()).collect();
                assert_eq!(chains, crate::rules::chains(&context), "{name}");
                assert!(gathered.flows.iter().map(|it| (*it).clone()).eq(pack.flows.iter().map(|it| (*it).clone())));
                assert_eq!(gathered.applications, pack.scope.applications, "{name}");
            }
        });
    }
}
