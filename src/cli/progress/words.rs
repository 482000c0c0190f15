//! A board in words: lines for a terminal, a line now and then, and JSON.

use std::time::Duration;

use serde_json::{Value, json};

use super::board::{Board, Lane, Waiting};
use crate::operations::Service;

/// At most so many services and regions have a line of their own; they change places as they finish.
const LINES: usize = 12;
/// A terminal of fewer columns has no room for bars.
const WIDE: usize = 110;
/// The columns of a bar.
const BAR: usize = 10;

/// The lines for a terminal: one for each service and region that waits for something, and one for all.
pub(super) fn lines(board: &Board, elapsed: Duration, width: usize) -> Vec<String> {
    let busy: Vec<_> = board.busy().collect();
    let mut lines: Vec<String> = busy
        .iter()
        .take(LINES)
        .map(|((service, region), lane, waiting)| {
            let done = format!("{}/{}", lane.count.ended, lane.known);
            let rate = lane.count.per_second();
            let begin = format!("{:<26} {region:<14} {done:>9} {rate:>6.1}/s  ", service.title());
            if width < WIDE {
                begin + &briefly(*waiting)
            } else {
                format!("{begin}{} {}", bar(lane), for_what(*waiting))
            }
        })
        .collect();
    if busy.len() > LINES {
        lines.push(format!("and {} more services and regions", busy.len() - LINES));
    }
    let (calls, pending, rate) = (board.all.ended, board.pending(), board.all.per_second());
    lines.push(format!(
        "{calls} calls in {}, {rate:.1}/s, {pending} to go as far as known{}",
        clock(elapsed),
        unread(board)
    ));
    lines.into_iter().map(|line| line.chars().take(width).collect()).collect()
}

/// What is happening, in one line.
pub(super) fn line(board: &Board, elapsed: Duration) -> String {
    let (calls, pending, rate) = (board.all.ended, board.pending(), board.all.per_second());
    let begin =
        format!("collecting: {calls} calls in {}, {rate:.1}/s, {pending} to go as far as known", clock(elapsed));
    let longest = board.busy().max_by_key(|(_, lane, _)| lane.pending());
    let waits = longest
        .map(|((service, region), _, waiting)| format!("; {} in {region} is {}", service.title(), for_what(waiting)));
    begin + &unread(board) + &waits.unwrap_or_default()
}

/// What has happened, in one line.
pub(super) fn last_line(board: &Board, elapsed: Duration) -> String {
    let outcomes: Vec<String> = board.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    format!("collected {} calls in {}: {}", board.all.ended, clock(elapsed), outcomes.join(", "))
}

/// The same as data; `schema.json` says what the members mean.
pub(super) fn event(name: &str, board: &Board, elapsed: Duration) -> Value {
    let places: Vec<Value> = board.lanes.iter().map(place).collect();
    json!({
        "event": name,
        "seconds": rounded(elapsed.as_secs_f64()),
        "calls": board.all.ended,
        "pending": board.pending(),
        "per_second": rounded(board.all.per_second()),
        "outcomes": board.outcomes,
        "places": places,
    })
}

fn place(((service, region), lane): (&(Service, String), &Lane)) -> Value {
    let waiting = lane.waiting().map(|waiting| match waiting {
        Waiting::Answer(operation) => json!({"what": "answer", "operation": operation}),
        Waiting::Rate(operation) => json!({"what": "rate", "operation": operation}),
    });
    json!({
        "service": service.as_str(),
        "region": region,
        "calls": lane.count.ended,
        "pending": lane.pending(),
        "per_second": rounded(lane.count.per_second()),
        "waiting_for": waiting,
    })
}

fn for_what(waiting: Waiting) -> String {
    match waiting {
        Waiting::Answer(operation) => format!("waiting for {operation}"),
        Waiting::Rate(operation) => format!("waiting for AWS's rate of {operation}"),
    }
}

fn briefly(waiting: Waiting) -> String {
    match waiting {
        Waiting::Answer(operation) => operation.to_owned(),
        Waiting::Rate(operation) => format!("rate: {operation}"),
    }
}

/// Something went wrong so far: said early, so that nobody waits for an hour of denials.
fn unread(board: &Board) -> String {
    use crate::snapshot::Outcome;
    let quiet = |outcome: Outcome| outcome.is_read() || matches!(outcome, Outcome::NotOffered | Outcome::EndOfSupport);
    let loud = board.outcomes.iter().filter(|(outcome, _)| !quiet(**outcome));
    let words: Vec<String> = loud.map(|(outcome, count)| format!("{count} {outcome}")).collect();
    if words.is_empty() { String::new() } else { format!(", {}", words.join(", ")) }
}

/// In letters that every terminal has.
fn bar(lane: &Lane) -> String {
    let done = lane.count.ended * BAR as u64 / lane.known.max(1);
    let done = usize::try_from(done).map_or(BAR, |done| done.min(BAR));
    format!("[{}{}]", "#".repeat(done), ".".repeat(BAR - done))
}

fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min {} s", seconds / 60, seconds % 60) }
}

fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Stage;
    use crate::operations;
    use crate::snapshot::Outcome;

    fn board(regions: &[&str]) -> Board {
        let mut board = Board::default();
        for region in regions {
            for _ in 0..4 {
                board.hear(region, &operations::GET_APP, Stage::Queued);
            }
            board.hear(region, &operations::GET_APP, Stage::Sent);
            board.hear(region, &operations::GET_APP, Stage::Ended(Outcome::Observed));
            board.hear(region, &operations::GET_APP, Stage::Sent);
            board.hear(region, &operations::GET_APP, Stage::Ended(Outcome::AccessDenied));
        }
        board
    }

    #[test]
    fn each_service_and_region_has_a_line_and_the_last_line_is_about_all() {
        let lines = super::lines(&board(&["us-east-1", "us-west-2"]), Duration::from_secs(61), 200);
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[0],
            "Amazon Pinpoint            us-east-1            2/4    0.0/s  [#####.....] waiting for AWS's rate of GetApp"
        );
        let narrow = super::lines(&board(&["us-east-1"]), Duration::from_secs(61), 80);
        assert_eq!(narrow[0], "Amazon Pinpoint            us-east-1            2/4    0.0/s  rate: GetApp");
        assert_eq!(lines[2], "4 calls in 1 min 1 s, 0.0/s, 4 to go as far as known, 2 access_denied");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_there_are_not_more_than_it_can_show() {
        let regions: Vec<String> = (0..40).map(|n| format!("region-{n}")).collect();
        let names: Vec<&str> = regions.iter().map(String::as_str).collect();
        let lines = super::lines(&board(&names), Duration::from_secs(1), 60);
        assert_eq!(lines.len(), LINES + 2);
        assert!(lines[LINES].starts_with("and 28 more"), "{}", lines[LINES]);
        assert!(lines.iter().all(|line| line.chars().count() <= 60));
    }

    #[test]
    fn the_line_names_what_holds_it_up() {
        let line = super::line(&board(&["us-east-1"]), Duration::from_secs(3));
        assert!(
            line.ends_with("1 access_denied; Amazon Pinpoint in us-east-1 is waiting for AWS's rate of GetApp"),
            "{line}"
        );
    }
}
