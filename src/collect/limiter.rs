//! Keeps the calls of one account and region within the rates that AWS allows for each operation.
//!
//! It counts the requests that this program decides to make, pages included, and the SDK's retries once they are known.
//! Requests do not arrive as evenly as they are sent, and one that comes a millisecond early is refused and has to wait for
//! its retry. Two things keep that rare. A rate with a burst is kept to a little below. Where no two may come within a second,
//! the second is counted from when the one before must have arrived: half of the shortest way there and back before its
//! answer. Only an answer that is late is not waited for.
//!
//! Where AWS asks to slow down all the same, the rate of that operation falls, and rises again with every answer that was not
//! throttled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Pace;
use crate::operations::Operation;

/// The distance between two requests, in percent of what the published rate asks for, when nothing was throttled: requests are
/// sent at this distance and arrive with some jitter.
const CALM: u32 = 104;
/// The same where it is counted from when the one before arrived.
const CALM_APART: u32 = 101;
/// How long an answer is waited for before the next request goes all the same, in percent of the distance. A busy machine
/// notices an answer seconds after it came.
const PATIENCE: u32 = 1000;
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
    /// When the last request went.
    sent: Duration,
    /// The shortest time that an answer took.
    way: Option<Duration>,
}

impl Bucket {
    fn of(rate: u32) -> Self {
        let rate = rate.max(1);
        let slowness = if rate == 1 { CALM_APART } else { CALM };
        let none = Duration::ZERO;
        Self { rate, full_at: none, slowness, fell_at: None, sent: none, way: None }
    }

    /// Whether no two requests may come within a second.
    const fn is_apart(&self) -> bool {
        self.rate == 1
    }

    const fn calm(&self) -> u32 {
        if self.is_apart() { CALM_APART } else { CALM }
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

    /// One request goes.
    fn send(&mut self, now: Duration) {
        self.spend(now, 1);
        self.sent = now;
        if self.is_apart() {
            self.full_at = now + self.interval() * PATIENCE / 100;
        }
    }

    /// The request that was sent then has its answer, after so many retries.
    fn arrived(&mut self, now: Duration, sent: Duration, retries: u32) {
        if retries == 0 {
            let took = now.saturating_sub(sent);
            self.way = Some(self.way.map_or(took, |way| way.min(took)));
        }
        if !self.is_apart() {
            self.spend(now, retries);
        } else if sent == self.sent {
            // The first answer says nothing of the way: a connection had to be made for it.
            let back = self.way.filter(|way| *way < now.saturating_sub(sent)).unwrap_or_default() / 2;
            self.full_at = now.saturating_sub(back) + self.interval();
        }
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
        self.slowness = (self.slowness - self.slowness / 10).max(self.calm());
    }
}

/// When a request was let go, as time since the limiter was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn(Duration);

/// A bucket, and the line of those who wait for it.
#[derive(Debug)]
struct Lane {
    turn: tokio::sync::Mutex<()>,
    answered: tokio::sync::Notify,
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

    /// Waits until the operation may be called once more, and gives when that is. Whoever asked first goes first.
    pub(super) async fn acquire(&self, operation: &Operation) -> Turn {
        if self.pace == Pace::Unlimited {
            return Turn(Duration::ZERO);
        }
        let lane = self.lane(operation);
        let _turn = lane.turn.lock().await;
        loop {
            let at = lane.act(|bucket| bucket.next());
            let now = self.origin.elapsed();
            if at <= now {
                // Counted from when it really goes: one that was held up must not be followed too soon.
                lane.act(|bucket| bucket.send(now));
                return Turn(now);
            }
            tokio::select! {
                () = tokio::time::sleep_until(self.origin + at) => {}
                () = lane.answered.notified() => {}
            }
        }
    }

    /// Hears that a request has its answer: how many retries the SDK made by itself, and how many attempts AWS refused for
    /// their rate.
    pub(super) fn ended(&self, operation: &Operation, turn: Turn, retries: u32, throttled: u32) {
        if self.pace == Pace::Unlimited {
            return;
        }
        let now = self.origin.elapsed();
        let lane = self.lane(operation);
        lane.act(|bucket| {
            match throttled {
                0 => bucket.answered(),
                _ => bucket.throttled(now),
            }
            bucket.arrived(now, turn.0, retries);
        });
        lane.answered.notify_one();
    }

    fn lane(&self, operation: &Operation) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry((operation.service.as_str(), operation.name)).or_insert_with(|| {
            Arc::new(Lane {
                turn: tokio::sync::Mutex::new(()),
                answered: tokio::sync::Notify::new(),
                bucket: Mutex::new(Bucket::of(operation.per_second)),
            })
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
            bucket.send(at);
            at.as_millis()
        };
        (0..requests).map(take).collect()
    }

    const WAY: Duration = Duration::from_millis(30);

    /// A request that goes when it may and is answered after so long; gives when it went.
    fn asked(bucket: &mut Bucket, takes: Duration) -> u128 {
        let at = bucket.next().max(NOW);
        bucket.send(at);
        bucket.arrived(at + takes, at, 0);
        at.as_millis()
    }

    #[test]
    fn one_a_second_leaves_a_second_between_any_two() {
        let mut bucket = Bucket::of(1);
        let times = [0; 4].map(|_| asked(&mut bucket, WAY));
        // The first way was with a connection to make, so that nothing is taken off it.
        assert_eq!(times, [5000, 5000 + 1040, 5000 + 2 * 1040, 5000 + 3 * 1040]);
    }

    #[test]
    fn the_second_is_counted_from_when_the_one_before_arrived_however_late_it_did() {
        let mut bucket = Bucket::of(1);
        asked(&mut bucket, WAY);
        let late = asked(&mut bucket, WAY + Duration::from_millis(500));
        assert_eq!(bucket.next().as_millis(), late + 530 - 15 + 1010);
        let at = bucket.next();
        bucket.send(at);
        assert_eq!(bucket.next(), at + Duration::from_millis(10_100), "an answer that does not come is not waited for");
        bucket.send(bucket.next());
        let next = bucket.next();
        bucket.arrived(bucket.sent + WAY, at, 0);
        assert_eq!(bucket.next(), next, "the answer to an earlier one says nothing of the last");
    }

    #[test]
    fn a_higher_rate_allows_one_second_of_it_at_once_and_then_keeps_to_it() {
        let times = times(&mut Bucket::of(5), 11);
        assert_eq!((times[4], times[5], times[10]), (5000, 5208, 6248));
    }

    #[test]
    fn retries_take_the_place_of_requests() {
        let mut bucket = Bucket::of(2);
        bucket.send(NOW);
        bucket.arrived(NOW, NOW, 2);
        assert_eq!(bucket.next().as_millis(), 5000 + 2 * 520);
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
            for operation in [&operations::DESCRIBE_POOLS, &operations::DESCRIBE_SENDER_IDS] {
                let turn = places[place].acquire(operation).await;
                places[place].ended(operation, turn, 0, 0);
            }
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
