//! No text makes the reader panic, and what it reports is always a problem of a line that exists.

use proptest::prelude::*;

use super::super::*;

/// What TOML and the configuration are made of.
const PIECES: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "\n",
    "\r\n",
    "\r",
    "#",
    " ",
    "\\",
    "\\u",
    "\u{feff}",
    "\u{0}",
    "é",
    "\u{1f600}",
    "phi",
    "excluded",
    "waiver",
    "aws",
    "regions",
    "tags",
    "on",
    "expires",
    "approved_on",
    "2026-02-30",
    "2026-01-31",
    "0000-01-01",
    "9999-12-31",
    "'9999-12-31'",
    "10:00:00",
    "-1",
    "1e9",
    "nan",
    "true",
    "0x",
    "us-east-1",
    "(?i)(",
    "arn:aws:",
    "https://",
    "@",
    "{account}",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read_or_refuse(&text)?;
    }

    #[test]
    fn any_heap_of_pieces_is_read_or_refused(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        read_or_refuse(&pieces.concat())?;
    }

    #[test]
    fn any_change_to_the_example_is_read_or_refused(
        changes in prop::collection::vec((0..EXAMPLE.len(), 0..30_usize, prop::sample::select(PIECES)), 1..4)
    ) {
        let mut text: Vec<char> = EXAMPLE.chars().collect();
        for (start, length, piece) in changes {
            let start = start.min(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, piece.chars());
        }
        read_or_refuse(&text.into_iter().collect::<String>())?;
    }

    #[test]
    fn the_example_with_any_lines_left_out_or_moved_is_read_or_refused(
        order in prop::collection::vec(0..EXAMPLE.lines().count(), 1..60)
    ) {
        let lines: Vec<&str> = EXAMPLE.lines().collect();
        let text: Vec<&str> = order.into_iter().filter_map(|line| lines.get(line).copied()).collect();
        read_or_refuse(&text.join("\n"))?;
    }
}

#[test]
fn deep_nesting_is_refused() {
    for text in [format!("phi = {}", "[".repeat(20_000)), format!("a{} = 1", ".a".repeat(20_000))] {
        assert!(Config::parse(&text, "evidence.toml").is_err());
    }
}

fn read_or_refuse(text: &str) -> Result<(), TestCaseError> {
    let Err(error) = Config::parse(text, "evidence.toml") else { return Ok(()) };
    prop_assert!(!error.problems.is_empty());
    prop_assert_eq!(error.to_string().lines().count(), error.problems.len(), "one line each: {}", error);
    let last = text.matches('\n').count() + 1;
    prop_assert!(error.problems.iter().all(|problem| (1..=last).contains(&problem.line)), "{}", error);
    Ok(())
}
