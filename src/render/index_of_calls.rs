//! Where each call stands in the index of the evidence, so that other documents can link to it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::pack::EvidenceRow;
use crate::render::page::page_path;
use crate::render::{escape, words};
use crate::snapshot::CallId;

/// Rows on one page of the index.
pub(super) const CALLS_PER_PAGE: usize = 1000;

/// Calls by their id.
pub(super) struct CallIndex<'a>(BTreeMap<&'a CallId, (usize, &'a EvidenceRow)>);

/// A call as other documents name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct CallLink {
    /// The call's id.
    pub(super) id: String,
    /// Where it stands; empty when the index does not hold it.
    pub(super) address: String,
}

impl<'a> CallIndex<'a> {
    /// Pages the rows in their order.
    pub(super) fn new(rows: &'a [EvidenceRow]) -> Self {
        Self(rows.iter().enumerate().map(|(at, row)| (&row.id, (at / CALLS_PER_PAGE, row))).collect())
    }

    /// The links to some calls, in their order.
    pub(super) fn links(&self, calls: &[CallId]) -> Vec<CallLink> {
        calls.iter().map(|id| CallLink { id: id.to_string(), address: self.address(id) }).collect()
    }

    /// The latest time of some calls, as a reader sees it.
    pub(super) fn observed(&self, calls: &[CallId]) -> Option<String> {
        let latest: Option<DateTime<Utc>> = calls.iter().filter_map(|id| Some(self.0.get(id)?.1.started)).max();
        latest.map(words::minute)
    }

    /// The time of the first and of the last of some calls, as a reader sees them; one time when they are the same.
    pub(super) fn span<'c>(&self, calls: impl Iterator<Item = &'c CallId>) -> Option<String> {
        let times: Vec<DateTime<Utc>> = calls.filter_map(|id| Some(self.0.get(id)?.1.started)).collect();
        let (first, last) = (words::minute(*times.iter().min()?), words::minute(*times.iter().max()?));
        Some(if first == last { first } else { format!("{first} to {last}") })
    }

    fn address(&self, id: &CallId) -> String {
        self.0.get(id).map_or_else(String::new, |(page, _)| {
            format!("{}#{}", page_path("evidence", *page), escape::anchor(id.as_str()))
        })
    }
}
