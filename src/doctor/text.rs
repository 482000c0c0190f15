//! The report for people: who, what is allowed, what would be blind, what to do.

use std::fmt::Write as _;

use super::access::{Access, Permission};
use super::managed;
use super::report::{BlindRule, ManagedReport, Report};
use crate::operations::{Operation, Service};
use crate::rules::Level;

/// How far lists are indented.
const INDENT: &str = "    ";
/// So many regions are named; of more, the number is given, and the JSON form names them.
const REGIONS: usize = 3;

/// The report as text, in lines of at most `width` columns where words allow.
#[must_use]
pub fn text(report: &Report, width: usize) -> String {
    let mut text = format!("Caller   {}\nAccount  {}\n", report.caller.arn, report.caller.account);
    wrapped(&mut text, "Regions  ", "         ", &report.regions.join(", "), width);
    text.push('\n');
    calls(&mut text, report, width);
    rules(&mut text, report, width);
    ended(&mut text, report, width);
    policies(&mut text, report, width);
    next(&mut text, report, width);
    text
}

fn calls(text: &mut String, report: &Report, width: usize) {
    let total = report.permissions.len();
    let others: Vec<String> = Access::ALL
        .into_iter()
        .map(|access| (report.count(access), access))
        .filter(|(count, access)| *count > 0 && *access != Access::Allowed)
        .map(|(count, access)| format!("{count} {}", in_words(access)))
        .collect();
    let counts = [vec![format!("{} of {total} allowed", report.count(Access::Allowed))], others].concat();
    let _ = writeln!(text, "Calls: {}", counts.join(", "));
    for service in Service::ALL {
        let here: Vec<&Permission> =
            report.permissions.iter().filter(|permission| permission.operation.service == service).collect();
        if !here.is_empty() {
            let _ = writeln!(text, "  {}", service.title());
        }
        for access in Access::ALL {
            let such = here.iter().filter(|permission| permission.access() == access);
            let names: Vec<String> = such.map(|permission| named(permission, access)).collect();
            let label = format!("{INDENT}{:<12} ", in_words(access));
            if !names.is_empty() {
                wrapped(text, &label, &" ".repeat(label.len()), &names.join(", "), width);
            }
        }
    }
    notes(text, report, width);
    text.push('\n');
}

/// What the words of the list mean.
fn notes(text: &mut String, report: &Report, width: usize) {
    let places = || report.permissions.iter().flat_map(|permission| &permission.places);
    if places().any(|place| place.of_nothing && place.access != Access::NothingToAsk) {
        let note = "asked about an id that does not exist, because the account showed none; not found means allowed";
        wrapped(text, "  * ", INDENT, note, width);
    }
    if report.count(Access::NothingToAsk) > 0 {
        let note = "no id: not probed, because it needs an id and the account showed none";
        wrapped(text, "  ", INDENT, note, width);
    }
}

/// An operation, with the regions where the answer holds if that is not everywhere, and why it is unclear.
fn named(permission: &Permission, access: Access) -> String {
    let decisive = permission.places.iter().find(|place| place.access == access);
    let star = if access != Access::NothingToAsk && decisive.is_some_and(|place| place.of_nothing) { "*" } else { "" };
    let mut notes = Vec::new();
    if access == Access::Unclear {
        notes.extend(decisive.and_then(|place| place.outcome).map(|outcome| outcome.in_words().to_owned()));
    }
    let regions = permission.only_in(access).filter(|_| access != Access::Allowed);
    notes.extend(regions.map(|regions| match regions.as_slice() {
        few if few.len() <= REGIONS => format!("in {}", few.join(" and ")),
        many => format!("in {} regions", many.len()),
    }));
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(" ")) };
    format!("{}{star}{notes}", permission.operation.name)
}

const fn in_words(access: Access) -> &'static str {
    match access {
        Access::Denied => "denied",
        Access::Unclear => "unclear",
        Access::NotProbed => "not probed",
        Access::Allowed => "allowed",
        Access::NothingToAsk => "no id",
        Access::NotOffered => "not offered",
    }
}

fn rules(text: &mut String, report: &Report, width: usize) {
    if report.rules.is_empty() {
        text.push_str("Rules: none would be blind.\n\n");
        return;
    }
    let required = report.rules.iter().filter(|blind| blind.rule.level == Level::Required).count();
    let _ =
        writeln!(text, "Rules that would be blind: {required} required, {} recommended", report.rules.len() - required);
    for blind in &report.rules {
        let label = format!("  {:<12} {:<29} ", blind.rule.level.as_str(), blind.rule.id);
        // Where the label would take most of the line, the reasons get lines of their own.
        if label.len() + 30 > width {
            let _ = writeln!(text, "{}", label.trim_end());
            wrapped(text, &INDENT.repeat(2), &INDENT.repeat(2), &why(blind), width);
        } else {
            wrapped(text, &label, &" ".repeat(label.len()), &why(blind), width);
        }
    }
    text.push('\n');
}

/// What a rule misses, by the reason.
fn why(blind: &BlindRule) -> String {
    let mut reasons = Vec::new();
    for access in Access::ALL {
        let such = blind.misses.iter().filter(|(_, missed)| *missed == access);
        let names: Vec<&str> = such.map(|(operation, _)| operation.name).collect();
        if !names.is_empty() {
            reasons.push(format!("{} {}", names.join(", "), in_words(access)));
        }
    }
    reasons.join("; ")
}

/// No permission brings back what has ended.
fn ended(text: &mut String, report: &Report, width: usize) {
    let names: Vec<&str> =
        report.permissions.iter().filter(|found| found.has_ended()).map(|found| found.operation.name).collect();
    if names.is_empty() {
        return;
    }
    let sentence = format!(
        "{} allowed, and showed nothing of the first application after the end of support of Amazon Pinpoint \
         (2026-10-30). An empty list given after that day is no evidence. Judge it by a snapshot from before, with \
         `pack --from`.",
        names.join(", ")
    );
    wrapped(text, "Ended: ", "       ", &sentence, width);
    text.push('\n');
}

fn policies(text: &mut String, report: &Report, width: usize) {
    let _ = writeln!(text, "AWS managed policies, by their documents of {}", managed::AS_OF);
    for managed in &report.managed {
        let _ = writeln!(text, "  {} {}", managed.policy.name, managed.policy.version);
        wrapped(text, INDENT, INDENT, &of_policy(managed), width);
    }
    text.push('\n');
}

fn of_policy(managed: &ManagedReport) -> String {
    let required = managed.blind.iter().filter(|rule| rule.level == Level::Required).count();
    let mut sentences = vec![format!(
        "Lacks {}. Rules blind with it alone: {required} required, {} recommended.",
        lacking(&managed.missing),
        managed.blind.len() - required
    )];
    let too_much = managed.policy.too_much();
    if !too_much.is_empty() {
        sentences.push(format!("Allows what this program never reads: {}.", too_much.join(", ")));
    }
    if managed.fits {
        sentences.push("What is denied here is exactly what it lacks.".to_owned());
    }
    sentences.join(" ")
}

/// The calls by service: all of them by the service's name, some of them by theirs.
fn lacking(missing: &[&'static Operation]) -> String {
    let mut parts = Vec::new();
    for service in Service::ALL {
        let of_service = || crate::operations::ALL.iter().filter(|operation| operation.service == service);
        let lacks: Vec<&str> =
            missing.iter().filter(|found| found.service == service).map(|found| found.name).collect();
        let (count, total) = (lacks.len(), of_service().count());
        if count == total {
            parts.push(format!("every call of {}", service.title()));
        } else if count > total / 2 {
            parts.push(format!("{count} of {total} calls of {}", service.title()));
        } else if count > 0 {
            parts.push(lacks.join(", "));
        }
    }
    if parts.is_empty() { "no call".to_owned() } else { parts.join("; ") }
}

fn next(text: &mut String, report: &Report, width: usize) {
    let missing = report.permissions.iter().filter(|permission| permission.access().is_missing()).count();
    let sentence = if report.count(Access::Denied) > 0 {
        "attach the policy that `pinpoint-evidence policy` prints to the role that collects, or ask whoever can; \
         `policy --format cloudformation` and `--format terraform` make such a role. What is denied by a service \
         control policy stays denied."
    } else if missing > 0 {
        "run it again, with a longer --within or --timeout, or look at the network and the endpoint."
    } else {
        "`pinpoint-evidence init` writes a configuration to begin with, and `pinpoint-evidence pack --out DIR` collects \
         and judges."
    };
    wrapped(text, "Next: ", "      ", sentence, width);
}

/// Adds a paragraph: the first line begins with `first`, the others with `then`.
fn wrapped(text: &mut String, first: &str, then: &str, words: &str, width: usize) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in words.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > width {
            let _ = writeln!(text, "{}", line.trim_end());
            then.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_the_width_where_words_allow() {
        let mut text = String::new();
        wrapped(&mut text, "Next: ", "      ", "one two three four a-word-that-is-longer-than-the-line end", 16);
        assert_eq!(text, "Next: one two\n      three four\n      a-word-that-is-longer-than-the-line\n      end\n");
    }
}
