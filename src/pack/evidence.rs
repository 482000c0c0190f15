//! The index of every call, packed: of a row nothing is kept as it is but what documents ask for in any order, 18 bytes;
//! the rest is compressed.
//!
//! A row takes about 70 bytes. Most of them are the hash of the answer and the id of the request, which nothing makes
//! smaller.

mod ids;
mod operations;
mod row;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub(super) use ids::Ids;

use self::operations::Operations;
use self::row::{Columns, File, Plain};
use super::EvidenceRow;
use super::packed::{Blocks, Shared};
use crate::snapshot::{CallId, Outcome};

/// Rows in one chunk.
const CHUNK: usize = 256;

/// A row for each call, in the order of the files and of the lines in them.
#[derive(Clone, Default)]
pub struct Evidence {
    ids: Arc<Ids>,
    /// When each call began: milliseconds since the first one of its file did.
    started: Blocks<i32>,
    outcomes: Blocks<Outcome>,
    operations: Operations,
    files: Vec<File>,
    /// Rows that do not have the form that a collection gives them; they are kept as they are.
    odd: BTreeMap<usize, EvidenceRow>,
    chunks: Vec<Columns>,
    /// Those that make no whole chunk yet.
    open: Vec<Plain>,
    shared: Shared,
}

impl Evidence {
    /// Adds a row after the last.
    pub fn push(&mut self, row: EvidenceRow) {
        let position = self.len();
        if !self.files.last().is_some_and(|file| file.has(&row)) {
            self.files.push(File::of(&row, position));
        }
        let regular = self.files.last().and_then(|file| {
            let (plain, started) = (Plain::of(&row)?, file.milliseconds_to(row.started)?);
            let is_same = file.row(position, (row.id.clone(), started, row.outcome, &row.operation), &plain) == row;
            is_same.then_some((plain, started, self.operations.name(&row.operation)?))
        });
        Arc::make_mut(&mut self.ids).push(&row.id);
        self.outcomes.push(row.outcome);
        let (plain, started, operation) = regular.unwrap_or_else(|| {
            self.odd.insert(position, row);
            Default::default()
        });
        self.started.push(started);
        self.operations.push(operation);
        self.open.push(plain);
        if self.open.len() == CHUNK {
            self.pack();
        }
    }

    fn pack(&mut self) {
        self.chunks.push(Columns::pack(&self.open, &mut self.shared));
        self.open.clear();
    }

    /// Ends the adding: from now on rows are found by their ids.
    pub fn settle(&mut self) {
        if !self.open.is_empty() {
            self.pack();
        }
        self.open = Vec::new();
        self.chunks.shrink_to_fit();
        self.files.shrink_to_fit();
        self.started.settle();
        self.outcomes.settle();
        self.operations.settle();
        self.shared.settle();
        Arc::make_mut(&mut self.ids).settle();
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of the calls by their positions, and back.
    pub(super) const fn index(&self) -> &Arc<Ids> {
        &self.ids
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = EvidenceRow> + '_ {
        self.range(0..self.len())
    }

    /// The rows at some positions, in order; what lies beyond the last is left out.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = EvidenceRow> + '_ {
        self.unpacked(range).filter_map(|(position, plain)| self.row(position, &plain))
    }

    /// The row at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<EvidenceRow> {
        self.range(position..position.checked_add(1)?).next()
    }

    /// The row of a call.
    #[must_use]
    pub fn of(&self, id: &CallId) -> Option<EvidenceRow> {
        self.get(self.position(id)?)
    }

    /// When a call began.
    #[must_use]
    pub fn started(&self, id: &CallId) -> Option<DateTime<Utc>> {
        let position = self.position(id)?;
        let odd = self.odd.get(&position).map(|row| row.started);
        odd.or_else(|| Some(self.file(position)?.time(self.started.get(position)?)))
    }

    /// In which file a call stands, by the number that [`Evidence::paths`] gives it, and on which line, 1-based.
    #[must_use]
    pub fn line_of(&self, id: &CallId) -> Option<(usize, u64)> {
        let position = self.position(id)?;
        let file = self.file_at(position)?;
        let odd = self.odd.get(&position).map(|row| row.line);
        Some((file, odd.unwrap_or_else(|| self.files[file].line(position))))
    }

    /// The path of every file of calls, in the order of the rows.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// How each call ended, in order.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome> + '_ {
        self.outcomes.iter()
    }

    /// The id of each call, in order.
    pub fn ids(&self) -> impl Iterator<Item = CallId> + '_ {
        (0..self.len()).filter_map(|position| self.ids.id(position))
    }

    /// The calls of an operation, in order: the id of each, and how it ended.
    pub fn of_operation<'s>(&'s self, operation: &'s str) -> impl Iterator<Item = (CallId, Outcome)> + 's {
        let of_it = self.briefly().filter(move |(_, of, _)| *of == operation);
        of_it.filter_map(|(position, _, outcome)| Some((self.ids.id(position)?, outcome)))
    }

    /// The calls that ended in some ways, in order: the id of each, and its operation.
    pub fn ended(&self, is: fn(Outcome) -> bool) -> impl Iterator<Item = (CallId, &str)> {
        let of_them = self.briefly().filter(move |(_, _, outcome)| is(*outcome));
        of_them.filter_map(|(position, operation, _)| Some((self.ids.id(position)?, operation)))
    }

    /// Of each call, without unpacking anything, its operation and how it ended.
    fn briefly(&self) -> impl Iterator<Item = (usize, &str, Outcome)> {
        let all = self.operations.iter().zip(self.outcomes.iter()).enumerate();
        all.map(|(position, (operation, outcome))| {
            let odd = if self.odd.is_empty() { None } else { self.odd.get(&position) };
            (position, odd.map_or(operation, |row| &row.operation), outcome)
        })
    }

    /// The calls of each file: its path, its account, its region, and where its rows stand.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str, &str, Range<usize>)> {
        let ends = self.files.iter().skip(1).map(|next| next.first).chain([self.len()]);
        self.files.iter().zip(ends).map(|(file, end)| {
            let (account, region) = file.place();
            (file.path.as_str(), account, region, file.first..end)
        })
    }

    /// Where the row of a call stands.
    #[must_use]
    pub fn position(&self, id: &CallId) -> Option<usize> {
        self.ids.position(id)
    }

    /// What is compressed of the rows at some positions.
    fn unpacked(&self, range: Range<usize>) -> impl Iterator<Item = (usize, Plain)> + '_ {
        let end = range.end.min(self.len());
        let of_chunk = move |chunk: usize| {
            let rows = self.chunks.get(chunk).map_or_else(|| self.open.clone(), |rows| rows.unpack(&self.shared));
            (chunk * CHUNK..).zip(rows)
        };
        let all = (range.start / CHUNK..end.div_ceil(CHUNK)).flat_map(of_chunk);
        all.filter(move |(position, _)| (range.start..end).contains(position))
    }

    fn row(&self, position: usize, plain: &Plain) -> Option<EvidenceRow> {
        if let Some(row) = self.odd.get(&position) {
            return Some(row.clone());
        }
        let (id, started) = (self.ids.id(position)?, self.started.get(position)?);
        let of_its_own = (id, started, self.outcomes.get(position)?, self.operations.get(position)?);
        Some(self.file(position)?.row(position, of_its_own, plain))
    }

    /// The file that holds the row at a position.
    fn file(&self, position: usize) -> Option<&File> {
        self.files.get(self.file_at(position)?)
    }

    fn file_at(&self, position: usize) -> Option<usize> {
        self.files.partition_point(|file| file.first <= position).checked_sub(1)
    }

    /// What it takes, in bytes.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        const OF_EACH: usize = size_of::<u64>() + size_of::<u32>() + size_of::<i32>() + size_of::<Outcome>() + 1;
        self.len() * OF_EACH + self.shared.bytes() + self.chunks.len() * size_of::<Columns>()
    }
}

impl FromIterator<EvidenceRow> for Evidence {
    fn from_iter<I: IntoIterator<Item = EvidenceRow>>(rows: I) -> Self {
        let mut evidence = Self::default();
        rows.into_iter().for_each(|row| evidence.push(row));
        evidence.settle();
        evidence
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str) -> EvidenceRow {
        EvidenceRow {
            id: CallId::from_file(id),
            service: "pinpoint".into(),
            operation: "GetApp".into(),
            about: "ApplicationId a".into(),
            account: "111122223333".into(),
            region: "us-east-1".into(),
            page: 1,
            started: DateTime::from_timestamp_millis(1_790_000_000_123).expect("a time"),
            request_id: Some("5b2f9d1c-7c1e-4f57-9d2b-0123456789ab".into()),
            outcome: Outcome::Observed,
            sha256: Some("ab".repeat(32)),
            file: "evidence/calls/111122223333/us-east-1/pinpoint.jsonl".into(),
            line: 7,
        }
    }

    fn rows() -> Vec<EvidenceRow> {
        let mut rows: Vec<EvidenceRow> = (0..CHUNK + 3).map(|n| row(&format!("c-{n:016x}"))).collect();
        for (line, row) in (7..).zip(&mut rows) {
            row.line = line;
        }
        let earlier = "earlier/2026-06-30T16:00:00.000Z/c-0000000000000001";
        rows.push(EvidenceRow { file: "evidence/earlier/x/calls/1/2/pinpoint.jsonl".into(), ..row(earlier) });
        // What no collection writes comes back all the same.
        rows.push(EvidenceRow {
            request_id: Some("5B2F9D1C-7C1E-4F57-9D2B-0123456789AB".into()),
            ..row("c-00000000000f0001")
        });
        rows.push(EvidenceRow { request_id: Some("none of ours".into()), sha256: None, ..row("c-00000000000f0002") });
        rows.push(EvidenceRow { sha256: Some("AB".repeat(32)), line: 9, ..row("sts/odd") });
        rows.push(EvidenceRow { request_id: None, outcome: Outcome::Throttled, line: 10, ..row("c-00000000000f0003") });
        rows
    }

    #[test]
    fn every_row_comes_back_as_it_was_in_order_and_by_its_id() {
        let evidence: Evidence = rows().into_iter().collect();
        assert_eq!(evidence.len(), rows().len());
        assert!(evidence.iter().eq(rows()));
        assert!(evidence.outcomes().eq(rows().iter().map(|row| row.outcome)));
        for row in rows() {
            assert_eq!(evidence.started(&row.id), Some(row.started), "{}", row.id);
            assert_eq!(evidence.of(&row.id), Some(row));
        }
        assert_eq!(evidence.of(&CallId::from_file("c-ffffffffffffffff")), None);
        assert_eq!(evidence.odd.len(), 3, "{:?}", evidence.odd.keys());
    }

    #[test]
    fn a_part_of_it_stands_at_its_positions() {
        let evidence: Evidence = rows().into_iter().collect();
        assert!(evidence.range(CHUNK - 1..CHUNK + 2).eq(rows()[CHUNK - 1..CHUNK + 2].iter().cloned()));
        assert_eq!(evidence.range(CHUNK..usize::MAX).count(), rows().len() - CHUNK);
        assert!(Evidence::default().is_empty());
    }

    #[test]
    fn a_call_says_where_it_stands_without_its_row() {
        let evidence: Evidence = rows().into_iter().collect();
        let paths: Vec<&str> = evidence.paths().collect();
        for row in rows() {
            let (file, line) = evidence.line_of(&row.id).expect("a line");
            assert_eq!((paths[file], line), (row.file.as_str(), row.line), "{}", row.id);
        }
        let throttled = |(id, outcome): (CallId, Outcome)| (outcome == Outcome::Throttled).then_some(id);
        let found: Vec<CallId> = evidence.of_operation("GetApp").filter_map(throttled).collect();
        assert_eq!(found, [CallId::from_file("c-00000000000f0003")]);
        assert_eq!(evidence.of_operation("GetApps").count(), 0);
        assert!(evidence.ids().eq(rows().into_iter().map(|row| row.id)));
    }

    /// Of which a hash takes 32 and the id of a request 16.
    #[test]
    fn a_call_more_takes_little_room() {
        const ALL: usize = 20_000;
        let hash = |n: usize| crate::snapshot::hex_sha256(&n.to_be_bytes());
        let request = |n: usize| uuid::Uuid::from_u128(u128::from_str_radix(&hash(n)[32..], 16).expect("digits"));
        let line = |n: usize| EvidenceRow {
            about: format!("ApplicationId {}", &hash(n / 20)[..32]),
            request_id: Some(request(n).to_string()),
            sha256: Some(hash(n)),
            line: n as u64 + 1,
            ..row(&format!("c-{}", &hash(n)[..16]))
        };
        let evidence: Evidence = (0..ALL).map(line).collect();
        assert!(evidence.iter().eq((0..ALL).map(line)) && evidence.odd.is_empty());
        assert!(evidence.bytes() < 72 * ALL, "{} bytes each", evidence.bytes() / ALL);
    }
}
