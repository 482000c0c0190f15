//! One of the two packs, as far as the comparison needs it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::DiffError;
use super::answers::{Answers, question_id};
use crate::config::Config;
use crate::estate::Estate;
use crate::pack::{self, Compared, Judged, Period, Results, Sealed, SealedFinding};
use crate::programs;
use crate::rules::Context;
use crate::snapshot::several::Snapshots;
use crate::snapshot::{Call, Caller};

/// A pack that is compared.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// For messages.
    pub name: &'a str,
    /// What it says.
    pub results: &'a Results,
    /// The root digest of its manifest; `None` for a pack that is being written.
    pub root: Option<&'a str>,
    /// What it rests on.
    pub snapshots: &'a Snapshots,
    /// What people declared, as it was used.
    pub declarations: &'a str,
}

impl Sealed {
    /// The pack as one of two that are compared; `name` is for messages.
    #[must_use]
    pub fn source<'a>(&'a self, name: &'a str, snapshots: &'a Snapshots) -> Source<'a> {
        Source {
            name,
            results: &self.results,
            root: Some(&self.manifest.root),
            snapshots,
            declarations: &self.declarations,
        }
    }
}

/// A source that was read.
pub(super) struct Side<'a> {
    pub(super) source: Source<'a>,
    pub(super) caller: &'a Caller,
    pub(super) period: Period,
    pub(super) config: Config,
    /// The declarations as JSON, dates as text.
    pub(super) declared: Value,
    pub(super) estate: Estate,
    pub(super) answers: Answers,
    pub(super) findings: BTreeMap<&'a str, &'a SealedFinding>,
}

/// What each finding says, by its id.
pub(super) type Verdicts = BTreeMap<String, Judged>;

impl<'a> Side<'a> {
    /// Reads the evidence, and keeps the calls that differ.
    pub(super) fn read(source: Source<'a>, differing: &BTreeSet<String>) -> Result<Self, DiffError> {
        let damaged = |what: &dyn std::fmt::Display| DiffError::Declarations {
            pack: source.name.to_owned(),
            what: what.to_string(),
        };
        let config = Config::parse(source.declarations, pack::DECLARATIONS).map_err(|error| damaged(&error))?;
        let table: toml::Table = source.declarations.parse().map_err(|error| damaged(&error))?;
        let mut calls = Vec::new();
        let differs = |call: &Call| differing.contains(question_id(&call.id.to_string())).then(|| call.clone());
        let estate = pack::estate(source.snapshots, differs, |call| calls.extend(call))?;
        let span = &source.results.period;
        Ok(Self {
            source,
            caller: &source.snapshots.newest.header.caller,
            period: Period { name: span.name.clone(), start: span.start, end: span.end },
            config,
            declared: json(toml::Value::Table(table)),
            estate,
            answers: Answers::new(calls),
            findings: source.results.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect(),
        })
    }

    /// The time that its verdicts are given for.
    pub(super) const fn judged_at(&self) -> DateTime<Utc> {
        self.estate.finished
    }

    /// The same as a day, for sentences.
    pub(super) fn day(&self) -> String {
        self.judged_at().date_naive().to_string()
    }

    pub(super) fn results(&self) -> &'a Results {
        self.source.results
    }

    pub(super) fn compared(&self) -> Compared {
        let results = self.results();
        Compared {
            period: results.period.clone(),
            judged_at: self.judged_at(),
            tool: results.tool.clone(),
            caller: self.caller.arn.clone(),
            root: self.source.root.map(str::to_owned),
            summary: results.summary,
            open: results.open(),
        }
    }
}

/// Judges again, with this version of the program.
pub(super) fn judge(estate: &Estate, config: &Config, period: &Period) -> Verdicts {
    let context = Context { estate, config, period, programs: programs::all(), focus: crate::rules::Focus::Everything };
    pack::judge(&context).iter().map(|finding| (finding.id(), Judged::from(finding))).collect()
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(name, value)| (name, json(value))).collect(),
    }
}
