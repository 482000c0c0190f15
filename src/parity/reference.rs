//! What `results.json` says, as a few numbers for each finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;

use serde_json::Value;

use super::Unread;
use super::walk::{text, texts, walk};

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

/// One finding. Texts are kept as numbers that are equal for texts that say the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    id: u64,
    pub(super) verdict: Verdict,
    pub(super) waived: bool,
    pub(super) rule: u64,
    pub(super) level: u64,
    pub(super) reason: u64,
    pub(super) resource: u64,
    pub(super) message: u64,
    pub(super) evidence: u64,
    /// Which findings bear on the same controls.
    key: u32,
}

impl Fact {
    /// As files write it.
    pub(super) fn id(&self) -> String {
        format!("f-{:016x}", self.id)
    }

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
    pub(super) summary: BTreeMap<String, u64>,
    pub(super) controls: Vec<Control>,
    /// Rules with how many resources are eligible, examined and unexamined.
    pub(super) rules: BTreeMap<String, [u64; 3]>,
    /// Each call, with how it ended and the hash of its answer, as a number.
    pub(super) calls: BTreeSet<u64>,
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

/// A call by its id, how it ended, and the hash of its answer.
pub(super) fn call(id: &str, outcome: &str, sha256: &str) -> u64 {
    alike(&format!("{id} {outcome} {sha256}"))
}

fn number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix("f-").filter(|digits| digits.len() == 16)?;
    u64::from_str_radix(digits, 16).ok()
}

impl Reference {
    /// Reads the file twice: the findings first, then what refers to them.
    pub(super) fn read(open: impl Fn() -> io::Result<File>) -> Result<Self, Unread> {
        let mut reference = Self::default();
        let mut keys: BTreeMap<String, u32> = BTreeMap::new();
        let mut wrong = None;
        walk(open()?, &["findings/*", "summary", "rules/*", "evidence/*", "reports/*"], |part, value| match part {
            0 => match fact(&value, &mut keys) {
                Some(fact) => reference.findings.push(fact),
                None => {
                    wrong =
                        Some(format!("a finding `{}` is not as it should be", text(&value, &["id"]).escape_debug()));
                }
            },
            1 => reference.summary = numbers(&value),
            2 => reference.rule(&value),
            3 => {
                let [id, outcome, sha256] = ["id", "outcome", "sha256"].map(|name| text(&value, &[name]));
                reference.calls.insert(call(id, outcome, sha256));
            }
            _ => {
                reference.reports.insert(text(&value, &["id"]).to_owned());
            }
        })?;
        if let Some(wrong) = wrong {
            return Err(Unread::Form(wrong));
        }
        reference.findings.sort_unstable_by_key(|fact| fact.id);
        if reference.findings.windows(2).any(|pair| pair[0].id == pair[1].id) {
            return Err(Unread::Form("a finding stands twice".to_owned()));
        }
        let names: BTreeMap<u32, String> = keys.into_iter().map(|(name, key)| (key, name)).collect();
        let mut program = [String::new(), String::new()];
        walk(open()?, &["programs/*/id", "programs/*/title", "programs/*/controls/*"], |part, value| match part {
            0 | 1 => value.as_str().unwrap_or_default().clone_into(&mut program[part]),
            _ => reference.control(&program, &value, &names),
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
        self.findings.iter().filter(|fact| fact.verdict == verdict).count() as u64
    }

    /// Whether a finding bears on exactly these controls.
    pub(super) fn bears_on(&self, fact: &Fact, controls: &BTreeSet<&str>) -> bool {
        let expected = self.bearings.get(&fact.key);
        let expected: BTreeSet<&str> = expected.into_iter().flatten().map(String::as_str).collect();
        expected == *controls
    }

    fn rule(&mut self, rule: &Value) {
        let coverage = &rule["coverage"];
        let unexamined = coverage["unexamined"].as_array().map_or(0, Vec::len) as u64;
        let [eligible, examined] = ["eligible", "examined"].map(|name| coverage[name].as_u64().unwrap_or_default());
        self.rules.insert(text(rule, &["id"]).to_owned(), [eligible, examined, unexamined]);
    }

    fn control(&mut self, [program, title]: &[String; 2], control: &Value, names: &BTreeMap<u32, String>) {
        let findings = control["findings"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let keys: BTreeSet<u32> = findings.filter_map(|id| self.find(id)).map(|(_, fact)| fact.key).collect();
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
fn fact(value: &Value, keys: &mut BTreeMap<String, u32>) -> Option<Fact> {
    let [rule, resource] = ["rule", "resource"].map(|name| text(value, &[name]));
    // Findings about programs bear on the controls of one program each, all others on those of their rule.
    let name = if resource.starts_with("program/") { format!("{rule} {resource}") } else { rule.to_owned() };
    let next = u32::try_from(keys.len()).ok()?;
    Some(Fact {
        id: number(text(value, &["id"]))?,
        verdict: Verdict::parse(text(value, &["verdict"]))?,
        waived: value["waiver"]["valid"].as_bool().unwrap_or_default(),
        rule: alike(rule),
        level: alike(text(value, &["level"])),
        reason: alike(text(value, &["reason"])),
        resource: alike(resource),
        message: alike(text(value, &["message"])),
        evidence: alike(&texts(value, &["evidence"]).join(" ")),
        key: *keys.entry(name).or_insert(next),
    })
}

fn numbers(value: &Value) -> BTreeMap<String, u64> {
    let members = value.as_object().into_iter().flatten();
    members.filter_map(|(name, number)| Some((name.clone(), number.as_u64()?))).collect()
}
