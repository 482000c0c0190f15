//! Keeps the calls of one account and region within the rates that AWS allows for each operation.
//!
//! It counts the requests that this program decides to make, pages included, and the SDK's retries once they are known.
//! It stays a little below each rate: requests do not arrive as evenly as they are sent, and a request that comes a
//! millisecond early is refused and has to wait for its retry. Where AWS asks to slow down all the same, the rate of
//! that operation falls, and rises again with every answer that was not throttled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Pace;
use crate::operations::Operation;

/// How much slower than the published rate to ask, in percent, when nothing was throttled: requests are sent at this
/// distance and arrive with some jitter.
const CALM: u32 = 104;
/// The slowest, in percent: a tenth of the rate.
const SLOWEST: u32 = 1000;
/// A second throttled answer of the same moment says nothing new.
const SAME_MOMENT: Duration = Duration::from_secs(1);

/// When the next request of one operation may go out, as time since the limiter was made.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Requests a second, as AWS publishes it.
    rate: u32,
    /// When the bucket will be full again.
    full_at: Duration,
    /// The distance between two requests, in percent of what the rate asks for.
    slowness: u32,
    /// When the rate last fell.
    fell_at: Option<Duration>,
}

impl Bucket {
    fn of(rate: u32) -> Self {
        Self { rate: rate.max(1), full_at: Duration::ZERO, slowness: CALM, fell_at: None }
    }

    /// The time between two requests.
    fn interval(&self) -> Duration {
        Duration::from_millis(10) * self.slowness / self.rate
    }

    /// When a token may be spent.
    ///
    /// A rate of one a second allows no burst; a higher one allows as many at once as it allows in a second.
    fn next(&self) -> Duration {
        self.full_at.saturating_sub(self.interval() * (self.rate - 1))
    }

    fn spend(&mut self, now: Duration, tokens: u32) {
        self.full_at = self.full_at.max(now) + self.interval() * tokens;
    }

    /// Slows down by a half, and leaves nothing to burst with.
    fn throttled(&mut self, now: Duration) {
        if self.fell_at.is_none_or(|before| now >= before + SAME_MOMENT) {
            self.slowness = (self.slowness * 3 / 2).min(SLOWEST);
            self.fell_at = Some(now);
        }
        self.full_at = self.full_at.max(now + self.interval() * self.rate);
    }

    fn answered(&mut self) {
        self.slowness = (self.slowness - self.slowness / 10).max(CALM);
    }
}

/// A bucket, and the line of those who wait for it.
#[derive(Debug)]
struct Lane {
    turn: tokio::sync::Mutex<()>,
    bucket: Mutex<Bucket>,
}

impl Lane {
    fn act<T>(&self, act: impl FnOnce(&mut Bucket) -> T) -> T {
        act(&mut self.bucket.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The buckets of one account and region.
#[derive(Debug)]
pub(super) struct Limiter {
    pace: Pace,
    origin: Instant,
    lanes: Mutex<BTreeMap<(&'static str, &'static str), Arc<Lane>>>,
}

impl Limiter {
    /// Full buckets.
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, origin: Instant::now(), lanes: Mutex::default() }
    }

    /// Waits until the operation may be called once more. Whoever asked first goes first.
    pub(super) async fn acquire(&self, operation: &Operation) {
        if self.pace == Pace::Unlimited {
            return;
        }
        let lane = self.lane(operation);
        let _turn = lane.turn.lock().await;
        loop {
            let at = lane.act(|bucket| bucket.next());
            let now = self.origin.elapsed();
            if at <= now {
                // Counted from when it really goes: one that was held up must not be followed too soon.
                return lane.act(|bucket| bucket.spend(now, 1));
            }
            tokio::time::sleep_until(self.origin + at).await;
        }
    }

    /// Counts retries that the SDK made by itself, and how many attempts AWS refused for their rate.
    pub(super) fn ended(&self, operation: &Operation, retries: u32, throttled: u32) {
        if self.pace == Pace::Unlimited {
            return;
        }
        let now = self.origin.elapsed();
        self.lane(operation).act(|bucket| {
            if retries > 0 {
                bucket.spend(now, retries);
            }
            if throttled > 0 { bucket.throttled(now) } else { bucket.answered() }
        });
    }

    fn lane(&self, operation: &Operation) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry((operation.service.as_str(), operation.name)).or_insert_with(|| {
            Arc::new(Lane { turn: tokio::sync::Mutex::new(()), bucket: Mutex::new(Bucket::of(operation.per_second)) })
        });
        Arc::clone(lane)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    const NOW: Duration = Duration::from_secs(5);

    /// When so many requests may go that are all wanted at once.
    fn times(bucket: &mut Bucket, requests: u32) -> Vec<u128> {
        let take = |_| {
            let at = bucket.next().max(NOW);
            bucket.spend(at, 1);
            at.as_millis()
        };
        (0..requests).map(take).collect()
    }

    #[test]
    fn one_a_second_leaves_a_second_between_any_two() {
        let mut bucket = Bucket::of(1);
        assert_eq!(times(&mut bucket, 3), [5000, 6040, 7080]);
        assert!(bucket.next() <= Duration::from_secs(20));
    }

    #[test]
    fn a_request_that_was_held_up_is_not_followed_too_soon() {
        let mut bucket = Bucket::of(1);
        bucket.spend(NOW, 1);
        bucket.spend(NOW + Duration::from_millis(1500), 1);
        assert_eq!(bucket.next().as_millis(), 5000 + 1500 + 1040);
    }

    #[test]
    fn a_higher_rate_allows_one_second_of_it_at_once_and_then_keeps_to_it() {
        let times = times(&mut Bucket::of(5), 11);
        assert_eq!((times[4], times[5], times[10]), (5000, 5208, 6248));
    }

    #[test]
    fn retries_take_the_place_of_requests() {
        let mut bucket = Bucket::of(1);
        bucket.spend(NOW, 1);
        bucket.spend(NOW, 2);
        assert_eq!(bucket.next().as_millis(), 5000 + 3 * 1040);
    }

    #[test]
    fn throttling_slows_the_operation_down_once_a_moment_and_answers_bring_it_back() {
        let mut bucket = Bucket::of(300);
        bucket.spend(NOW, 1);
        bucket.throttled(NOW);
        assert!(bucket.next() > NOW, "nothing is left to burst with");
        let once = bucket.slowness;
        assert_eq!(once, CALM * 3 / 2);
        bucket.throttled(NOW + Duration::from_millis(10));
        assert_eq!(bucket.slowness, once, "three hundred answers of one moment are one message");
        for second in 0..100 {
            bucket.throttled(NOW + Duration::from_secs(10 + second));
        }
        assert_eq!(bucket.slowness, SLOWEST);
        (0..100).for_each(|_| bucket.answered());
        assert_eq!(bucket.slowness, CALM);
    }

    #[tokio::test]
    async fn the_pace_of_the_quotas_waits_for_each_operation_and_place_by_itself() {
        let places = [Limiter::new(Pace::Quotas), Limiter::new(Pace::Quotas)];
        let begin = Instant::now();
        for place in [0, 1, 0] {
            places[place].acquire(&operations::DESCRIBE_POOLS).await;
            places[place].acquire(&operations::DESCRIBE_SENDER_IDS).await;
        }
        assert!(begin.elapsed() >= Duration::from_secs(1), "the third round waits for the first");
        let lanes = places.map(|place| place.lanes.lock().expect("nobody panicked").len());
        assert_eq!(lanes, [2, 2]);
    }

    #[tokio::test]
    async fn the_unlimited_pace_does_not_wait() {
        let limiter = Limiter::new(Pace::Unlimited);
        let many = async {
            for _ in 0..1000 {
                limiter.acquire(&operations::DESCRIBE_POOLS).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), many).await.expect("at one a second it would take longer");
    }
}
