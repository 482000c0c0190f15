//! Several things are done at a time; where it matters, what is made comes out in its order.

use std::convert::Infallible;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// More than this waits for the disk.
const WORKERS_AT_MOST: usize = 16;

/// Where items are taken from, and where the place of each is handed on; `None` when there are no more.
type Source<I, T> = Mutex<Option<(I, SyncSender<Receiver<T>>)>>;

/// Makes something of each item, several at a time, and gives the results to `keep` in the order of the items. At most a
/// few results for each processor wait at any time.
///
/// # Errors
/// The first that `keep` says; no further item is taken then.
pub(crate) fn in_order<I, T: Send, E>(
    items: I,
    make: impl Fn(I::Item) -> T + Sync,
    mut keep: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
{
    let workers = workers();
    let (places, queue) = sync_channel(workers);
    let source: Source<I, T> = Mutex::new(Some((items, places)));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((item, reply)) = next(&source) {
                    // Nobody waits for it once something could not be kept.
                    let _ = reply.send(make(item));
                }
            });
        }
        // A place that stays empty is that of a worker which panicked: the scope passes that on.
        let mut kept = Ok(());
        while let (Ok(()), Ok(place)) = (&kept, queue.recv()) {
            let Ok(result) = place.recv() else { break };
            kept = keep(result);
        }
        drop(queue);
        kept
    })
}

/// Does something with each item, several at a time and in no order. What it works in is made once for each processor,
/// and given to it again with every item.
///
/// # Errors
/// The first that `work` says; no further item is taken then.
pub(crate) fn each_of<I, S: Default, E: Send>(
    items: I,
    work: impl Fn(&mut S, I::Item) -> Result<(), E> + Sync,
) -> Result<(), E>
where
    I: Iterator + Send,
{
    let workers = workers().min(items.size_hint().1.unwrap_or(usize::MAX));
    let (source, failed) = (Mutex::new(Some(items)), Mutex::new(None));
    let take = || locked(&source).as_mut().and_then(Iterator::next);
    let run = || {
        let mut room = S::default();
        while let Some(item) = take() {
            if let Err(error) = work(&mut room, item) {
                *locked(&source) = None;
                locked(&failed).get_or_insert(error);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(run);
        }
        run();
    });
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

/// Does two things at the same time.
pub(crate) fn both<A: Send, B>(one: impl FnOnce() -> A + Send, two: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let two = two();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), two)
    })
}

/// The same as [`in_order`], one at a time where there is too little to do for more.
///
/// # Errors
/// As [`in_order`].
pub(crate) fn in_order_if<I, T: Send, E>(
    several: bool,
    items: I,
    make: impl Fn(I::Item) -> T + Sync,
    mut keep: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
{
    if several {
        return in_order(items, make, keep);
    }
    items.map(make).try_for_each(&mut keep)
}

/// Makes something of each item, in their order, several at a time where there are at least as many as that is worth.
pub(crate) fn each<T: Send, U: Send>(items: Vec<T>, worth: usize, make: impl Fn(T) -> U + Sync) -> Vec<U> {
    let mut results = Vec::with_capacity(items.len());
    let Ok(()) = in_order_if(items.len() >= worth, items.into_iter(), make, |one| {
        results.push(one);
        Ok::<(), Infallible>(())
    });
    results
}

/// The next item, and where its result goes. Taken and queued in one step, so that the queue has the order of the items.
fn next<I: Iterator, T>(source: &Source<I, T>) -> Option<(I::Item, SyncSender<T>)> {
    let mut source = locked(source);
    let (items, places) = source.as_mut()?;
    if let Some(item) = items.next() {
        let (made, place) = sync_channel(1);
        if places.send(place).is_ok() {
            return Some((item, made));
        }
    }
    *source = None;
    None
}

fn workers() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).min(WORKERS_AT_MOST)
}

/// Who panicked while holding it is passed on by the scope.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once() {
        for number in [0, 1, 2, 100_u64] {
            let done = Mutex::new(Vec::new());
            let all: Result<(), ()> = each_of(0..number, |(): &mut (), item| {
                locked(&done).push(item);
                Ok(())
            });
            let mut done = done.into_inner().expect("nobody panicked");
            done.sort_unstable();
            assert_eq!((all, done), (Ok(()), (0..number).collect()));
        }
    }

    #[test]
    fn after_an_error_nothing_more_is_begun() {
        let begun = Mutex::new(0);
        let all = each_of(0.., |(): &mut (), item: u64| {
            *locked(&begun) += 1;
            if item == 5 { Err("full") } else { Ok(()) }
        });
        assert_eq!(all, Err("full"));
        assert!(*locked(&begun) >= 6);
    }

    #[test]
    fn what_panics_is_passed_on() {
        let work = |(): &mut (), number: u64| if number == 3 { panic!("no page") } else { Ok::<(), ()>(()) };
        let of_each = || each_of(0..50, work);
        assert!(std::panic::catch_unwind(of_each).is_err());
    }

    #[test]
    fn results_come_in_the_order_of_the_items_however_long_each_takes() {
        let mut seen = Vec::new();
        let slow_first = |number: u64| {
            thread::sleep(std::time::Duration::from_micros(if number.is_multiple_of(7) { 2_000 } else { 10 }));
            number
        };
        let kept: Result<(), ()> = in_order(0..200, slow_first, |number| {
            seen.push(number);
            Ok(())
        });
        assert_eq!((kept, seen), (Ok(()), (0..200).collect()));
    }

    #[test]
    fn of_few_items_and_of_many_the_same_is_made() {
        let squares: Vec<u64> = (0..50).map(|number| number * number).collect();
        for worth in [0, 50, 51] {
            assert_eq!(each((0..50).collect(), worth, |number: u64| number * number), squares);
        }
    }

    #[test]
    fn nothing_more_is_taken_after_an_error() {
        let mut seen = 0;
        let kept = in_order(
            0..,
            |number: u64| number,
            |number| {
                seen += 1;
                if number == 5 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!((kept, seen), (Err("full"), 6));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_page_that_could_not_be_made_is_not_left_out_in_silence() {
        let _: Result<(), ()> = in_order(0..50, |number: u64| assert_ne!(number, 3), |()| Ok(()));
    }
}
