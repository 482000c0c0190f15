//! The index of every call, packed: a row takes less than a hundred bytes, because what many rows share is kept once.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Utc};

use super::EvidenceRow;
use crate::snapshot::{CallId, Outcome, hex_digest};

/// Rows that lie together in memory, so that adding one never copies the others.
const BLOCK: usize = 4096;

/// A row for each call, in the order of the files and of the lines in them.
#[derive(Clone, Default)]
pub struct Evidence {
    blocks: Vec<Vec<Packed>>,
    /// Rows that do not have the form that a collection gives them; they are kept as they are.
    odd: BTreeMap<usize, EvidenceRow>,
    files: Vec<File>,
    words: Words,
    /// Positions, in the order of what identifies a row.
    by_id: Vec<u32>,
}

/// What every row of a file shares.
#[derive(Clone, PartialEq, Eq)]
struct File {
    path: String,
    service: String,
    account: String,
    region: String,
    /// The earlier snapshot that it is of.
    earlier: Option<DateTime<Utc>>,
}

/// Texts that stand in many rows, each once.
#[derive(Clone, Default)]
struct Words {
    all: Vec<Box<str>>,
    /// Those of the file that rows are added of.
    known: BTreeMap<Box<str>, u32>,
}

#[derive(Clone)]
struct Packed {
    id: u64,
    /// Milliseconds.
    started: i64,
    /// Counts where `has_sha256`; an `Option` would need eight bytes more, and there may be a million rows.
    sha256: [u8; 32],
    /// A UUID; counts where `has_request_id`.
    request_id: [u8; 16],
    file: u32,
    line: u32,
    page: u32,
    operation: u32,
    about: u32,
    outcome: Outcome,
    has_sha256: bool,
    has_request_id: bool,
}

impl Evidence {
    /// Adds a row after the last.
    pub fn push(&mut self, row: EvidenceRow) {
        let position = self.len();
        let packed = self.pack(&row).unwrap_or_else(|| {
            self.odd.insert(position, row);
            Packed::nothing()
        });
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(packed),
            _ => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(packed);
                self.blocks.push(block);
            }
        }
    }

    /// Ends the adding: from now on rows are found by their ids.
    pub fn settle(&mut self) {
        self.words.known = BTreeMap::new();
        if let Some(block) = self.blocks.last_mut() {
            block.shrink_to_fit();
        }
        let mut by_id: Vec<u32> = (0..self.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        by_id.sort_by_key(|at| self.key(*at as usize));
        self.by_id = by_id;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = EvidenceRow> + '_ {
        self.range(0..self.len())
    }

    /// The rows at some positions, in order; what lies beyond the last is left out.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = EvidenceRow> + '_ {
        (range.start..range.end.min(self.len())).filter_map(|at| self.get(at))
    }

    /// The row at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<EvidenceRow> {
        let packed = self.packed(position)?;
        Some(self.odd.get(&position).cloned().unwrap_or_else(|| self.unpack(packed)))
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
        odd.or_else(|| DateTime::from_timestamp_millis(self.packed(position)?.started))
    }

    /// How each call ended, in order.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome> + '_ {
        let packed = self.blocks.iter().flatten().enumerate();
        packed.map(|(at, packed)| self.odd.get(&at).map_or(packed.outcome, |row| row.outcome))
    }

    /// Where the row of a call stands.
    #[must_use]
    pub fn position(&self, id: &CallId) -> Option<usize> {
        let key = key(id);
        let found = self.by_id.binary_search_by(|at| self.key(*at as usize).cmp(&key));
        found.ok().map(|at| self.by_id[at] as usize)
    }

    /// What identifies the row at a position.
    fn key(&self, position: usize) -> Key {
        match (self.odd.get(&position), self.packed(position)) {
            (Some(row), _) => key(&row.id),
            (None, Some(packed)) => (self.files[packed.file as usize].earlier, packed.id, None),
            (None, None) => (None, 0, None),
        }
    }

    fn packed(&self, position: usize) -> Option<&Packed> {
        self.blocks.get(position / BLOCK)?.get(position % BLOCK)
    }

    /// A row as it is kept; `None` where it would not come back as it is.
    fn pack(&mut self, row: &EvidenceRow) -> Option<Packed> {
        let (earlier, id, None) = key(&row.id) else { return None };
        let packed = Packed {
            id,
            started: row.started.timestamp_millis(),
            sha256: row.sha256.as_deref().map_or(Some([0; 32]), digest)?,
            request_id: row.request_id.as_deref().map_or(Some([0; 16]), uuid)?,
            has_sha256: row.sha256.is_some(),
            has_request_id: row.request_id.is_some(),
            file: self.file(row, earlier)?,
            line: u32::try_from(row.line).ok()?,
            page: row.page,
            operation: self.words.place_of(&row.operation)?,
            about: self.words.place_of(&row.about)?,
            outcome: row.outcome,
        };
        (self.unpack(&packed) == *row).then_some(packed)
    }

    fn unpack(&self, packed: &Packed) -> EvidenceRow {
        let file = &self.files[packed.file as usize];
        let id = CallId::of_number(packed.id);
        EvidenceRow {
            id: file.earlier.map_or_else(|| id.clone(), |finished| id.of_earlier(finished)),
            service: file.service.clone(),
            operation: self.words.at(packed.operation),
            about: self.words.at(packed.about),
            account: file.account.clone(),
            region: file.region.clone(),
            page: packed.page,
            started: DateTime::from_timestamp_millis(packed.started).unwrap_or_default(),
            request_id: packed.has_request_id.then(|| uuid::Uuid::from_bytes(packed.request_id).to_string()),
            outcome: packed.outcome,
            sha256: packed.has_sha256.then(|| hex_digest(&packed.sha256)),
            file: file.path.clone(),
            line: u64::from(packed.line),
        }
    }

    /// The place of a row's file, which is nearly always the last one.
    fn file(&mut self, row: &EvidenceRow, earlier: Option<DateTime<Utc>>) -> Option<u32> {
        let is_of = |file: &File| {
            file.path == row.file
                && file.service == row.service
                && file.account == row.account
                && file.region == row.region
                && file.earlier == earlier
        };
        if !self.files.last().is_some_and(is_of) {
            self.words.known = BTreeMap::new();
            self.files.push(File {
                path: row.file.clone(),
                service: row.service.clone(),
                account: row.account.clone(),
                region: row.region.clone(),
                earlier,
            });
        }
        u32::try_from(self.files.len() - 1).ok()
    }
}

/// What identifies a call: the earlier snapshot that it is of, its number, and its whole id where it has none.
type Key = (Option<DateTime<Utc>>, u64, Option<String>);

fn key(id: &CallId) -> Key {
    let earlier = id.earlier();
    let number = if earlier.is_some() { id.own_number() } else { id.number() };
    number.map_or_else(|| (earlier, 0, Some(id.to_string())), |number| (earlier, number, None))
}

impl Words {
    fn place_of(&mut self, text: &str) -> Option<u32> {
        if let Some(place) = self.known.get(text) {
            return Some(*place);
        }
        let place = u32::try_from(self.all.len()).ok()?;
        self.all.push(text.into());
        self.known.insert(text.into(), place);
        Some(place)
    }

    fn at(&self, place: u32) -> String {
        self.all.get(place as usize).map(ToString::to_string).unwrap_or_default()
    }
}

impl Packed {
    /// Stands where a row is kept as it is.
    const fn nothing() -> Self {
        Self {
            id: 0,
            started: 0,
            sha256: [0; 32],
            request_id: [0; 16],
            has_sha256: false,
            has_request_id: false,
            file: 0,
            line: 0,
            page: 0,
            operation: 0,
            about: 0,
            outcome: Outcome::Unmodelled,
        }
    }
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    uuid::Uuid::parse_str(text).ok().map(uuid::Uuid::into_bytes)
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
        let mut rows: Vec<EvidenceRow> = (0..BLOCK + 3).map(|n| row(&format!("c-{n:016x}"))).collect();
        let earlier = "earlier/2026-06-30T16:00:00.000Z/c-0000000000000001";
        rows.push(EvidenceRow { file: "evidence/earlier/x/calls/1/2/pinpoint.jsonl".into(), ..row(earlier) });
        // What no collection writes comes back all the same.
        rows.push(EvidenceRow {
            request_id: Some("5B2F9D1C-7C1E-4F57-9D2B-0123456789AB".into()),
            ..row("c-00000000000f0001")
        });
        rows.push(EvidenceRow { request_id: Some("none of ours".into()), sha256: None, ..row("c-00000000000f0002") });
        rows.push(EvidenceRow { sha256: Some("AB".repeat(32)), line: u64::MAX, ..row("sts/odd") });
        rows.push(EvidenceRow { request_id: None, outcome: Outcome::Throttled, ..row("c-00000000000f0003") });
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
        assert!(evidence.range(BLOCK - 1..BLOCK + 2).eq(rows()[BLOCK - 1..BLOCK + 2].iter().cloned()));
        assert_eq!(evidence.range(BLOCK..usize::MAX).count(), rows().len() - BLOCK);
        assert!(Evidence::default().is_empty());
    }
}
