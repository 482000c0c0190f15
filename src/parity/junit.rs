//! JUnit XML.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Unread;
use super::claims::{Claims, Said};
use super::reference::Verdict;

/// What was read of a test case or a suite so far.
#[derive(Default)]
struct Case {
    rule: String,
    resource: String,
    /// The element that says how it ended, its type and its message.
    ended: Option<(String, String, String)>,
    told: String,
}

pub(super) fn read(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, file));
    let (mut buffer, mut case, mut in_told) = (Vec::new(), Case::default(), false);
    let (mut total, mut suites) = (BTreeMap::new(), BTreeMap::new());
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(form)?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                b"testsuites" => total = numbers(tag)?,
                b"testsuite" => add(&mut suites, &numbers(tag)?),
                b"testcase" => {
                    case = Case { rule: value(tag, "classname")?, resource: value(tag, "name")?, ..Case::default() };
                }
                b"system-out" => in_told = matches!(event, Event::Start(_)),
                name @ (b"failure" | b"error" | b"skipped") => {
                    let name = String::from_utf8_lossy(name).into_owned();
                    case.ended = Some((name, value(tag, "type")?, value(tag, "message")?));
                }
                _ => {}
            },
            Event::Text(text) if in_told => case.told.push_str(&text.decode().map_err(form)?),
            Event::GeneralRef(reference) if in_told => case.told.extend(character(reference)?),
            Event::End(tag) if tag.name().as_ref() == b"system-out" => in_told = false,
            Event::End(tag) if tag.name().as_ref() == b"testcase" => case.claim(claims),
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    claims.nothing_left_out(|_| true);
    let reference = claims.reference();
    for (name, verdict) in [("failures", Verdict::Fail), ("errors", Verdict::NotEvaluated)] {
        claims.count(name, total.get(name).copied(), reference.count(verdict));
        claims.count(&format!("{name} of all suites"), suites.get(name).copied().or(Some(0)), reference.count(verdict));
    }
    let skipped = reference.count(Verdict::NotApplicable) + reference.count(Verdict::Attested);
    claims.count("skipped of all suites", suites.get("skipped").copied().or(Some(0)), skipped);
    claims.count("tests", total.get("tests").copied(), reference.findings().len() as u64);
    Ok(())
}

impl Case {
    fn claim(&self, claims: &mut Claims<'_>) {
        let told: BTreeMap<&str, &str> = self.told.lines().filter_map(|line| line.split_once(": ")).collect();
        let told = |name: &str| told.get(name).copied().unwrap_or_default();
        let (id, verdict) = (told("finding"), told("verdict"));
        let expected = match verdict {
            "pass" => None,
            "fail" => Some("failure"),
            "not_evaluated" => Some("error"),
            _ => Some("skipped"),
        };
        let ended = self.ended.as_ref();
        if ended.map(|(name, ..)| name.as_str()) != expected {
            claims.differs(format!("how {} ended does not fit its verdict", id.escape_debug()));
        }
        let reason = ended.filter(|(name, ..)| name == "error").map_or("", |(_, kind, _)| kind.as_str());
        claims.finding(&Said {
            id,
            verdict: Some(verdict),
            rule: Some(&self.rule),
            level: Some(told("level")),
            reason: Some(reason),
            resource: Some(&self.resource),
            message: Some(ended.map_or_else(|| told("seen"), |(.., message)| message)),
            evidence: Some(told("evidence").split_whitespace().collect()),
            waived: Some(told("waiver").starts_with("valid")),
            ..Said::default()
        });
    }
}

fn form(error: impl std::fmt::Display) -> Unread {
    Unread::Form(error.to_string())
}

/// The value of an attribute; empty where there is none.
fn value(tag: &BytesStart<'_>, name: &str) -> Result<String, Unread> {
    match tag.try_get_attribute(name).map_err(form)? {
        Some(attribute) => Ok(attribute.normalized_value(XmlVersion::Explicit1_0).map_err(form)?.into_owned()),
        None => Ok(String::new()),
    }
}

fn numbers(tag: &BytesStart<'_>) -> Result<BTreeMap<&'static str, u64>, Unread> {
    let mut numbers = BTreeMap::new();
    for name in ["tests", "failures", "errors", "skipped"] {
        if let Ok(number) = value(tag, name)?.parse() {
            numbers.insert(name, number);
        }
    }
    Ok(numbers)
}

fn add(sums: &mut BTreeMap<&'static str, u64>, numbers: &BTreeMap<&'static str, u64>) {
    for (name, number) in numbers {
        *sums.entry(name).or_default() += number;
    }
}

fn character(reference: &BytesRef<'_>) -> Result<Option<char>, Unread> {
    if let Some(character) = reference.resolve_char_ref().map_err(form)? {
        return Ok(Some(character));
    }
    Ok(match reference.decode().map_err(form)?.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    })
}
