//! What is compressed of a row, and what it shares with the others of its file.

use chrono::{DateTime, TimeDelta, Utc};

use crate::hex;
use crate::pack::EvidenceRow;
use crate::pack::packed::{Packer, Place, Shared, Unpacker};
use crate::snapshot::{CallId, Outcome, hex_digest};

/// What every row of a file shares.
#[derive(Clone)]
pub(super) struct File {
    /// The position of its first row.
    pub(super) first: usize,
    /// The line of that row.
    line: u64,
    /// When that call began.
    started: DateTime<Utc>,
    pub(super) path: String,
    service: String,
    account: String,
    region: String,
}

/// What is compressed of a row.
#[derive(Clone, Default)]
pub(super) struct Plain {
    about: String,
    page: u32,
    request_id: Option<[u8; REQUEST_ID]>,
    sha256: Option<[u8; SHA256]>,
}

const REQUEST_ID: usize = 16;
const SHA256: usize = 32;

impl File {
    pub(super) fn of(row: &EvidenceRow, position: usize) -> Self {
        Self {
            first: position,
            line: row.line,
            started: row.started,
            path: row.file.clone(),
            service: row.service.clone(),
            account: row.account.clone(),
            region: row.region.clone(),
        }
    }

    pub(super) fn has(&self, row: &EvidenceRow) -> bool {
        self.path == row.file && self.service == row.service && self.account == row.account && self.region == row.region
    }

    /// Its account and region.
    pub(super) fn place(&self) -> (&str, &str) {
        (&self.account, &self.region)
    }

    /// The line of the row at a position.
    pub(super) fn line(&self, position: usize) -> u64 {
        self.line.saturating_add(position.saturating_sub(self.first) as u64)
    }

    /// Milliseconds from the start of its first call to some time, where they are few enough.
    pub(super) fn milliseconds_to(&self, time: DateTime<Utc>) -> Option<i32> {
        i32::try_from(time.signed_duration_since(self.started).num_milliseconds()).ok()
    }

    /// The reverse.
    pub(super) fn time(&self, milliseconds: i32) -> DateTime<Utc> {
        self.started + TimeDelta::milliseconds(i64::from(milliseconds))
    }

    /// The row at a position.
    pub(super) fn row(
        &self,
        position: usize,
        (id, started, outcome, operation): (CallId, i32, Outcome, &str),
        plain: &Plain,
    ) -> EvidenceRow {
        let Plain { about, page, request_id, sha256 } = plain;
        EvidenceRow {
            id,
            service: self.service.clone(),
            operation: operation.to_owned(),
            about: about.clone(),
            account: self.account.clone(),
            region: self.region.clone(),
            page: *page,
            started: self.time(started),
            request_id: request_id.map(|bytes| uuid::Uuid::from_bytes(bytes).to_string()),
            outcome,
            sha256: sha256.map(|bytes| hex_digest(&bytes)),
            file: self.path.clone(),
            line: self.line(position),
        }
    }
}

impl Plain {
    /// What is compressed of a row; `None` where it would not come back as it is.
    pub(super) fn of(row: &EvidenceRow) -> Option<Self> {
        let request_id = |text: &String| uuid::Uuid::parse_str(text).ok().map(uuid::Uuid::into_bytes);
        Some(Self {
            about: row.about.clone(),
            page: row.page,
            request_id: match &row.request_id {
                Some(text) => Some(request_id(text)?),
                None => None,
            },
            sha256: match &row.sha256 {
                Some(digits) => Some(hex::bytes(digits.as_bytes())?),
                None => None,
            },
        })
    }

    fn pack(&self, into: &mut Packer<'_>) {
        into.text(&self.about);
        into.number(u64::from(self.page));
        into.number(u64::from(self.request_id.is_some()));
        into.number(u64::from(self.sha256.is_some()));
    }

    /// The reverse; ids and hashes that it has are taken from what is left of them.
    fn unpack(from: &mut Unpacker<'_>, request_ids: &mut &[u8], hashes: &mut &[u8]) -> Self {
        Self {
            about: from.text(),
            page: u32::try_from(from.number()).unwrap_or_default(),
            request_id: (from.number() == 1).then(|| take(request_ids)),
            sha256: (from.number() == 1).then(|| take(hashes)),
        }
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    let Some((taken, rest)) = bytes.split_first_chunk() else { return [0; N] };
    *bytes = rest;
    *taken
}

/// Some rows, what is alike in them together.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    texts: Place,
    request_ids: Place,
    hashes: Place,
}

impl Columns {
    pub(super) fn pack(rows: &[Plain], shared: &mut Shared) -> Self {
        let texts = shared.pack(|packer| {
            packer.number(rows.len() as u64);
            for row in rows {
                row.pack(packer);
            }
        });
        let request_ids: Vec<u8> = rows.iter().filter_map(|row| row.request_id).flatten().collect();
        let hashes: Vec<u8> = rows.iter().filter_map(|row| row.sha256).flatten().collect();
        Self { texts, request_ids: shared.store(&request_ids), hashes: shared.store(&hashes) }
    }

    pub(super) fn unpack(&self, shared: &Shared) -> Vec<Plain> {
        let (request_ids, hashes) = (shared.stored(self.request_ids), shared.stored(self.hashes));
        let (mut request_ids, mut hashes) = (&*request_ids, &*hashes);
        shared.unpack(self.texts, |from| {
            (0..from.number()).map(|_| Plain::unpack(from, &mut request_ids, &mut hashes)).collect()
        })
    }
}
