//! How far a collection has come, as a value: counted from what the collector says, without a look at any clock.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::collect::Stage;
use crate::operations::{Operation, Service};
use crate::snapshot::Outcome;

/// Over how long a rate is counted.
const WINDOW: Duration = Duration::from_secs(5);

/// What has been asked and answered so far.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// By service and region.
    pub(super) lanes: BTreeMap<(Service, String), Lane>,
    /// How the calls ended.
    pub(super) outcomes: BTreeMap<Outcome, u64>,
    /// All calls that have ended.
    pub(super) all: Count,
}

/// One service in one region.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// The calls that are known to be needed; it grows while lists are read.
    pub(super) known: u64,
    /// The calls that have ended.
    pub(super) count: Count,
    /// Waiting for the rate that AWS allows, by operation.
    queued: BTreeMap<&'static str, u64>,
    /// Waiting for an answer, by operation.
    sent: BTreeMap<&'static str, u64>,
}

/// A count that knows its rate.
#[derive(Debug, Default)]
pub(super) struct Count {
    /// How many.
    pub(super) ended: u64,
    samples: VecDeque<(Duration, u64)>,
}

/// What a lane waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// The answer to a call of this operation.
    Answer(&'static str),
    /// That AWS allows another call of this operation.
    Rate(&'static str),
}

impl Board {
    /// Counts what the collector says.
    pub(super) fn hear(&mut self, region: &str, operation: &'static Operation, stage: Stage) {
        let lane = self.lanes.entry((operation.service, region.to_owned())).or_default();
        match stage {
            Stage::Queued => {
                lane.known += 1;
                *lane.queued.entry(operation.name).or_default() += 1;
            }
            Stage::Sent => {
                take(&mut lane.queued, operation.name);
                *lane.sent.entry(operation.name).or_default() += 1;
            }
            Stage::Ended(outcome) => {
                // What is not offered ends without having been sent.
                if !take(&mut lane.sent, operation.name) {
                    take(&mut lane.queued, operation.name);
                }
                lane.count.ended += 1;
                self.all.ended += 1;
                *self.outcomes.entry(outcome).or_default() += 1;
            }
        }
    }

    /// Remembers the counts at this time, for the rates.
    pub(super) fn sample(&mut self, now: Duration) {
        self.all.sample(now);
        self.lanes.values_mut().for_each(|lane| lane.count.sample(now));
    }

    /// The calls that are known to be needed and have not ended.
    pub(super) fn pending(&self) -> u64 {
        self.lanes.values().map(Lane::pending).sum()
    }

    /// The lanes that wait for something, in order.
    pub(super) fn busy(&self) -> impl Iterator<Item = (&(Service, String), &Lane, Waiting)> {
        self.lanes.iter().filter_map(|(place, lane)| Some((place, lane, lane.waiting()?)))
    }
}

impl Lane {
    pub(super) const fn pending(&self) -> u64 {
        self.known.saturating_sub(self.count.ended)
    }

    /// What it waits for: an answer if any is on its way, as that is what a person could look into.
    pub(super) fn waiting(&self) -> Option<Waiting> {
        let most =
            |waiting: &BTreeMap<&'static str, u64>| waiting.iter().max_by_key(|(_, n)| **n).map(|(name, _)| *name);
        most(&self.sent).map(Waiting::Answer).or_else(|| most(&self.queued).map(Waiting::Rate))
    }
}

impl Count {
    fn sample(&mut self, now: Duration) {
        self.samples.push_back((now, self.ended));
        while self.samples.len() > 2 && self.samples.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) >= WINDOW) {
            self.samples.pop_front();
        }
    }

    /// Calls per second over the last seconds; 0 before there is anything to compare.
    #[expect(clippy::cast_precision_loss, reason = "a rate for people; counts stay far below 2^52")]
    pub(super) fn per_second(&self) -> f64 {
        let (Some((begin, before)), Some((end, after))) = (self.samples.front(), self.samples.back()) else {
            return 0.0;
        };
        let seconds = end.saturating_sub(*begin).as_secs_f64();
        if seconds > 0.0 { (after - before) as f64 / seconds } else { 0.0 }
    }
}

/// Takes one away; whether there was any.
fn take(waiting: &mut BTreeMap<&'static str, u64>, name: &'static str) -> bool {
    let Some(count) = waiting.get_mut(name) else { return false };
    *count -= 1;
    if *count == 0 {
        waiting.remove(name);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    const HERE: &str = "us-east-1";

    #[test]
    fn a_call_is_pending_from_queued_to_ended_and_waits_for_its_turn_and_then_for_its_answer() {
        let mut board = Board::default();
        let waiting = |board: &Board| board.busy().map(|(_, _, waiting)| waiting).next();
        board.hear(HERE, &operations::DESCRIBE_POOLS, Stage::Queued);
        assert_eq!((board.pending(), waiting(&board)), (1, Some(Waiting::Rate("DescribePools"))));
        board.hear(HERE, &operations::DESCRIBE_POOLS, Stage::Sent);
        assert_eq!((board.pending(), waiting(&board)), (1, Some(Waiting::Answer("DescribePools"))));
        board.hear(HERE, &operations::DESCRIBE_POOLS, Stage::Ended(Outcome::AccessDenied));
        assert_eq!((board.pending(), waiting(&board)), (0, None));
        assert_eq!(board.outcomes, BTreeMap::from([(Outcome::AccessDenied, 1)]));
    }

    #[test]
    fn what_is_not_offered_ends_without_being_sent() {
        let mut board = Board::default();
        board.hear(HERE, &operations::GET_APPS, Stage::Queued);
        board.hear(HERE, &operations::GET_APPS, Stage::Ended(Outcome::NotOffered));
        assert_eq!((board.pending(), board.all.ended, board.busy().count()), (0, 1, 0));
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut count = Count::default();
        for second in 0..=20 {
            count.ended += if second <= 10 { 100 } else { 2 };
            count.sample(Duration::from_secs(second));
        }
        assert!((count.per_second() - 2.0).abs() < 0.01, "{}", count.per_second());
    }
}
