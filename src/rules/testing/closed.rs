//! Every closed list that a rule compares a value with, and what must never rest on a word that is not in it.
//!
//! One entry in [`lists()`] for each list: what is compared, the words that the rules know, and the verdicts that would
//! be a pass only because of the word. A new list is a new entry; a test holds them against `estate/words.rs`.

mod lists;

use proptest::prelude::*;
use proptest::sample::Index;

use super::Account;
use crate::rules::{self, Verdict};
use lists::lists;

/// Words that rules compare a value with.
struct Closed {
    /// The type in `estate/words.rs` where there is one, and where the value stands.
    list: &'static str,
    /// Every word of the list.
    known: Vec<String>,
    /// One of them with which everything that rests on it passes.
    good: &'static str,
    /// An account with that word.
    with: fn(&str) -> Account,
    /// Rules, and the resources on which they pass only because of the word.
    rests: Vec<(&'static str, String)>,
}

/// A word that somebody may invent: out of nothing, or out of a word of the list.
fn invented(known: &str, junk: &str, how: usize) -> String {
    match how {
        0 => junk.to_owned(),
        1 => format!("{known}{junk}"),
        2 => format!("{junk}{known}"),
        3 => known.replacen(['_', 'S', 'e'], junk, 1),
        _ => junk.to_uppercase(),
    }
}

fn verdict(account: &Account, rule: &str, resource: &str) -> Verdict {
    account.verdict(rules::find(rule).expect(rule), resource)
}

#[test]
fn a_word_of_the_list_passes_so_that_another_one_can_be_seen_not_to() {
    for Closed { list, known, good, with, rests } in lists() {
        assert!(known.iter().any(|word| word == good), "{list}");
        for (rule, resource) in rests {
            assert_eq!(verdict(&with(good), rule, &resource), Verdict::Pass, "{list}: {rule} on {resource}");
        }
    }
}

#[test]
fn every_list_of_words_of_the_estate_has_an_entry() {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/estate/words.rs")).expect("a file");
    let is_name = |line: &&str| line.starts_with("    ") && line.ends_with(" {") && !line[4..].starts_with([' ', '(']);
    let of_macro = source.split("words! {").skip(1).filter_map(|list| list.lines().find(is_name));
    let names: Vec<&str> = of_macro.map(|line| line.trim().trim_end_matches(" {")).collect();
    assert!(names.len() >= 14, "{names:?}");
    for name in names {
        assert!(lists().iter().any(|closed| closed.list.split([' ', ',']).next() == Some(name)), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn no_word_outside_a_list_is_ever_permitted(
        list: Index,
        word: Index,
        junk in prop_oneof!["[A-Z_]{1,20}", "[a-zA-Z0-9 ._-]{0,12}", "\\PC{0,8}"],
        how in 0usize..5,
    ) {
        let lists = lists();
        let Closed { list, known, with, rests, .. } = list.get(&lists);
        let word = invented(word.get::<String>(known), &junk, how);
        prop_assume!(!known.iter().any(|known| known.eq_ignore_ascii_case(word.trim())));
        for (rule, resource) in rests {
            let verdict = verdict(&with(&word), rule, resource);
            prop_assert!(
                matches!(verdict, Verdict::Fail | Verdict::NotEvaluated(_)),
                "{}: {} with {:?} is {} on {}", list, rule, word, verdict.as_str(), resource
            );
        }
    }
}
