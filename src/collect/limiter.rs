//! Keeps the calls within the rates that AWS allows, per account, region and operation.
//!
//! It counts the requests that this program decides to make, pages included, and the SDK's retries once they are known.
//! It stays a little below each rate: requests do not arrive as evenly as they are sent, and a request that comes a
//! millisecond early is refused and has to wait for its retry.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Pace;
use crate::operations::Operation;

/// The time between two requests: 4 % more than the rate asks for.
fn interval(per_second: u32) -> Duration {
    Duration::from_millis(1040) / per_second
}

/// When the next request of one kind may go out, as time since the limiter was made.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    /// When the bucket will be full again.
    full_at: Duration,
}

impl Bucket {
    /// Takes one token at `now` and gives the time at which it may be spent.
    ///
    /// A rate of one a second allows no burst; a higher one allows as many at once as it allows in a second.
    fn take(&mut self, now: Duration, per_second: u32) -> Duration {
        let rate = per_second.max(1);
        let interval = interval(rate);
        let begin = self.full_at.max(now);
        self.full_at = begin + interval;
        begin.saturating_sub(interval * (rate - 1)).max(now)
    }

    /// Takes tokens that are spent already.
    fn give_up(&mut self, now: Duration, per_second: u32, spent: u32) {
        self.full_at = self.full_at.max(now) + interval(per_second.max(1)) * spent;
    }
}

/// The buckets of one collection.
#[derive(Debug)]
pub(super) struct Limiter {
    pace: Pace,
    origin: Instant,
    buckets: Mutex<BTreeMap<(String, &'static str, &'static str), Bucket>>,
}

impl Limiter {
    /// Full buckets.
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, origin: Instant::now(), buckets: Mutex::default() }
    }

    /// Waits until the operation may be called once more in the region.
    pub(super) async fn acquire(&self, region: &str, operation: &Operation) {
        if self.pace == Pace::Unlimited {
            return;
        }
        let at = self.bucket(region, operation, Bucket::take);
        tokio::time::sleep_until(self.origin + at).await;
    }

    /// Counts retries that the SDK made by itself, so that the next request waits for them as well.
    pub(super) fn retried(&self, region: &str, operation: &Operation, retries: u32) {
        if retries > 0 {
            self.bucket(region, operation, |bucket, now, rate| bucket.give_up(now, rate, retries));
        }
    }

    fn bucket<T>(&self, region: &str, operation: &Operation, act: impl FnOnce(&mut Bucket, Duration, u32) -> T) -> T {
        let key = (region.to_owned(), operation.service.as_str(), operation.name);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        act(buckets.entry(key).or_default(), self.origin.elapsed(), operation.per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    #[test]
    fn one_a_second_leaves_a_second_between_any_two() {
        let mut bucket = Bucket::default();
        let now = Duration::from_secs(5);
        let times: Vec<u128> = (0..3).map(|_| bucket.take(now, 1).as_millis()).collect();
        assert_eq!(times, [5000, 6040, 7080]);
        assert_eq!(bucket.take(Duration::from_secs(20), 1).as_secs(), 20);
    }

    #[test]
    fn a_higher_rate_allows_one_second_of_it_at_once_and_then_keeps_to_it() {
        let mut bucket = Bucket::default();
        let now = Duration::from_secs(1);
        let times: Vec<Duration> = (0..11).map(|_| bucket.take(now, 5)).collect();
        assert_eq!(times[4], now);
        assert_eq!(times[5], now + Duration::from_millis(208));
        assert_eq!(times[10], now + Duration::from_millis(1248));
    }

    #[test]
    fn retries_take_the_place_of_requests() {
        let mut bucket = Bucket::default();
        let now = Duration::from_secs(5);
        bucket.take(now, 1);
        bucket.give_up(now, 1, 2);
        assert_eq!(bucket.take(now, 1).as_millis(), 5000 + 3 * 1040);
    }

    #[tokio::test]
    async fn the_pace_of_the_quotas_waits_for_each_bucket_by_itself() {
        let limiter = Limiter::new(Pace::Quotas);
        let begin = Instant::now();
        for region in ["us-east-1", "us-west-2", "eu-west-1", "us-east-1"] {
            limiter.acquire(region, &operations::DESCRIBE_POOLS).await;
            limiter.acquire(region, &operations::DESCRIBE_SENDER_IDS).await;
        }
        assert!(begin.elapsed() >= Duration::from_millis(900), "the fourth round waits for the first");
        let buckets = limiter.buckets.lock().expect("nobody panicked").len();
        assert_eq!(buckets, 6, "three regions, two operations");
    }

    #[tokio::test]
    async fn the_unlimited_pace_does_not_wait() {
        let limiter = Limiter::new(Pace::Unlimited);
        let many = async {
            for _ in 0..1000 {
                limiter.acquire("us-east-1", &operations::DESCRIBE_POOLS).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), many).await.expect("at one a second it would take longer");
    }
}
