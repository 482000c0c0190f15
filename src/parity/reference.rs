//! What `results.json` says, as a few numbers for each finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;

use serde_json::Value;

use super::Unread;
use super::walk::{text, texts, walk};
use crate::hex;

/// What is read first: the findings, and what does not refer to them.
const FIRST: [&str; 6] =
    ["findings/*", "summary", "rules/*", "evidence/*", "reports/*", "rules/*/coverage/unexamined/*"];

/// What refers to the findings.
const THEN: [&str; 4] =
    ["programs/*/id", "programs/*/title", "programs/*/controls/*", "programs/*/controls/*/findings/*"];

/// No finding is written in fewer bytes.
const SHORTEST: u64 = 200;

/// A verdict in the words of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    Fail,
    NotEvaluated,
    NotApplicable,
    Attested,
}

impl Verdict {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Pass, "pass"),
        (Self::Fail, "fail"),
        (Self::NotEvaluated, "not_evaluated"),
        (Self::NotApplicable, "not_applicable"),
        (Self::Attested, "attested"),
    ];

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(verdict, _)| *verdict)
    }

    pub(super) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(verdict, _)| *verdict == self).map_or("", |(_, word)| word)
    }
}

/// One finding. Texts are kept as numbers that are equal for texts that say the same: of what is nearly always another
/// text as few digits as tell two findings apart, for there may be more than a million.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    id: u64,
    resource: u32,
    message: u32,
    evidence: u32,
    /// The place of its kind.
    kind: u32,
}

/// What many findings have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) verdict: Verdict,
    pub(super) waived: bool,
    rule: u64,
    level: u64,
    reason: u64,
    /// Which findings bear on the same controls.
    key: u32,
}

/// Numbers of calls of which each stands for a call, how it ended and the hash of its answer: the same for the same ones
/// in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Calls {
    number: u64,
    sum: u64,
    mixed: u64,
}

impl Calls {
    /// Adds one by its id, how it ended, and the hash of its answer.
    pub(super) fn add(&mut self, id: &str, outcome: &str, sha256: &str) {
        let call = alike(&format!("{id} {outcome} {sha256}"));
        self.number += 1;
        self.sum = self.sum.wrapping_add(call);
        self.mixed = self.mixed.wrapping_add(call.wrapping_mul(call | 1));
    }
}

impl Fact {
    /// As files write it.
    pub(super) fn id(&self) -> String {
        format!("f-{}", hex::of(&self.id.to_be_bytes()))
    }
}

impl Kind {
    /// Whether it failed, waived or not, or could not be evaluated.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self.verdict, Verdict::Fail | Verdict::NotEvaluated)
    }
}

/// One control.
#[derive(Clone, Debug)]
pub(super) struct Control {
    pub(super) program: String,
    /// The program's title.
    pub(super) title: String,
    pub(super) id: String,
    pub(super) status: String,
    pub(super) responsibility: String,
    /// The rules of its findings.
    pub(super) rules: BTreeSet<String>,
    keys: BTreeSet<u32>,
}

/// Everything that the other files are compared with.
#[derive(Debug, Default)]
pub(super) struct Reference {
    findings: Vec<Fact>,
    kinds: Vec<Kind>,
    pub(super) summary: BTreeMap<String, u64>,
    pub(super) controls: Vec<Control>,
    /// Rules with how many resources are eligible, examined and unexamined.
    pub(super) rules: BTreeMap<String, [u64; 3]>,
    pub(super) calls: Calls,
    pub(super) reports: BTreeSet<String>,
    /// Titles and ids of the controls, by key.
    bearings: BTreeMap<u32, BTreeSet<String>>,
}

/// The same number for texts that differ in white space only, which some formats do not keep.
pub(super) fn alike(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}' || c == '\u{fffd}';
    for word in text.split(blank).filter(|word| !word.is_empty() && *word != "-") {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

/// As many of its digits as are kept.
const fn short(number: u64) -> u32 {
    (number >> 32) as u32
}

fn number(id: &str) -> Option<u64> {
    hex::number(id.strip_prefix("f-")?)
}

impl Reference {
    /// Reads the file twice: the findings first, then what refers to them.
    pub(super) fn read(open: impl Fn() -> io::Result<File>) -> Result<Self, Unread> {
        let mut reference = Self::default();
        let mut keys: BTreeMap<String, u32> = BTreeMap::new();
        let (mut wrong, mut unexamined) = (None, 0);
        let at_most = open()?.metadata()?.len() / SHORTEST;
        walk(open()?, &FIRST, |part, value| match part {
            0 => match fact(&value, &mut keys) {
                Some((fact, kind)) => reference.add(fact, kind),
                None => {
                    wrong =
                        Some(format!("a finding `{}` is not as it should be", text(&value, &["id"]).escape_debug()));
                }
            },
            1 => {
                reference.summary = numbers(&value);
                // Not more than the file can hold, whatever it says.
                let said = reference.summary.values().fold(0, |sum: u64, number| sum.saturating_add(*number));
                reference.findings.reserve_exact(usize::try_from(said.min(at_most)).unwrap_or_default());
            }
            2 => reference.rule(&value, std::mem::take(&mut unexamined)),
            3 => {
                let [id, outcome, sha256] = ["id", "outcome", "sha256"].map(|name| text(&value, &[name]));
                reference.calls.add(id, outcome, sha256);
            }
            4 => {
                reference.reports.insert(text(&value, &["id"]).to_owned());
            }
            _ => unexamined += 1,
        })?;
        if let Some(wrong) = wrong {
            return Err(Unread::Form(wrong));
        }
        reference.findings.shrink_to_fit();
        reference.findings.sort_unstable_by_key(|fact| fact.id);
        if reference.findings.windows(2).any(|pair| pair[0].id == pair[1].id) {
            return Err(Unread::Form("a finding stands twice".to_owned()));
        }
        let names: BTreeMap<u32, String> = keys.into_iter().map(|(name, key)| (key, name)).collect();
        let (mut program, mut keys) = ([String::new(), String::new()], BTreeSet::new());
        walk(open()?, &THEN, |part, value| match part {
            0 | 1 => value.as_str().unwrap_or_default().clone_into(&mut program[part]),
            2 => reference.control(&program, &value, std::mem::take(&mut keys), &names),
            _ => {
                keys.extend(value.as_str().and_then(|id| reference.find(id)).map(|(_, fact)| reference.kind(fact).key));
            }
        })?;
        reference.bear();
        Ok(reference)
    }

    pub(super) fn findings(&self) -> &[Fact] {
        &self.findings
    }

    /// The finding with that id, and its place.
    pub(super) fn find(&self, id: &str) -> Option<(usize, &Fact)> {
        let at = self.findings.binary_search_by_key(&number(id)?, |fact| fact.id).ok()?;
        Some((at, &self.findings[at]))
    }

    /// How many findings have a verdict.
    pub(super) fn count(&self, verdict: Verdict) -> u64 {
        self.findings.iter().filter(|fact| self.kind(fact).verdict == verdict).count() as u64
    }

    /// Whether a finding bears on exactly these controls.
    pub(super) fn bears_on(&self, fact: &Fact, controls: &BTreeSet<&str>) -> bool {
        let expected = self.bearings.get(&self.kind(fact).key);
        let expected: BTreeSet<&str> = expected.into_iter().flatten().map(String::as_str).collect();
        expected == *controls
    }

    /// What a finding has in common with others.
    pub(super) fn kind(&self, fact: &Fact) -> &Kind {
        &self.kinds[fact.kind as usize]
    }

    /// Whether a text is the rule, the level and so on of a finding; by the name of what it is.
    pub(super) fn is(&self, fact: &Fact, what: &str, text: &str) -> bool {
        let (number, kind) = (alike(text), self.kind(fact));
        match what {
            "rule" => kind.rule == number,
            "level" => kind.level == number,
            "reason" => kind.reason == number,
            "resource" => fact.resource == short(number),
            "message" => fact.message == short(number),
            _ => fact.evidence == short(number),
        }
    }

    /// Adds a finding; nearly always one of the kind of the last.
    fn add(&mut self, fact: Fact, kind: Kind) {
        let known = self.kinds.iter().rposition(|known| *known == kind);
        let at = known.unwrap_or_else(|| {
            self.kinds.push(kind);
            self.kinds.len() - 1
        });
        self.findings.push(Fact { kind: u32::try_from(at).unwrap_or(u32::MAX), ..fact });
    }

    fn rule(&mut self, rule: &Value, unexamined: u64) {
        let coverage = &rule["coverage"];
        let [eligible, examined] = ["eligible", "examined"].map(|name| coverage[name].as_u64().unwrap_or_default());
        self.rules.insert(text(rule, &["id"]).to_owned(), [eligible, examined, unexamined]);
    }

    /// A control; `keys` are those of its findings.
    fn control(
        &mut self,
        [program, title]: &[String; 2],
        control: &Value,
        keys: BTreeSet<u32>,
        names: &BTreeMap<u32, String>,
    ) {
        let rule = |key: &u32| names.get(key).and_then(|name| name.split(' ').next()).map(str::to_owned);
        self.controls.push(Control {
            program: program.clone(),
            title: title.clone(),
            id: text(control, &["id"]).to_owned(),
            status: text(control, &["status"]).to_owned(),
            responsibility: text(control, &["responsibility"]).to_owned(),
            rules: keys.iter().filter_map(rule).collect(),
            keys,
        });
    }

    fn bear(&mut self) {
        for control in &self.controls {
            for key in &control.keys {
                self.bearings.entry(*key).or_default().insert(format!("{} {}", control.title, control.id));
            }
        }
    }
}

/// One finding; the number of a key is that of its first finding.
fn fact(value: &Value, keys: &mut BTreeMap<String, u32>) -> Option<(Fact, Kind)> {
    let [rule, resource] = ["rule", "resource"].map(|name| text(value, &[name]));
    // Findings about programs bear on the controls of one program each, all others on those of their rule.
    let name = if resource.starts_with("program/") { format!("{rule} {resource}") } else { rule.to_owned() };
    let next = u32::try_from(keys.len()).ok()?;
    let fact = Fact {
        id: number(text(value, &["id"]))?,
        resource: short(alike(resource)),
        message: short(alike(text(value, &["message"]))),
        evidence: short(alike(&texts(value, &["evidence"]).join(" "))),
        kind: 0,
    };
    let kind = Kind {
        verdict: Verdict::parse(text(value, &["verdict"]))?,
        waived: value["waiver"]["valid"].as_bool().unwrap_or_default(),
        rule: alike(rule),
        level: alike(text(value, &["level"])),
        reason: alike(text(value, &["reason"])),
        key: *keys.entry(name).or_insert(next),
    };
    Some((fact, kind))
}

fn numbers(value: &Value) -> BTreeMap<String, u64> {
    let members = value.as_object().into_iter().flatten();
    members.filter_map(|(name, number)| Some((name.clone(), number.as_u64()?))).collect()
}
