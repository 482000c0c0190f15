//! The records of a ZIP file, byte for byte (APPNOTE 6.3.10, sections 4.3 and 4.5.3).

/// 1980-01-01 00:00, the first time that the format knows.
const TIME: u16 = 0;
const DATE: u16 = 1 << 5 | 1;
/// DEFLATE.
const METHOD: u16 = 8;
/// Sizes follow the content (bit 3); names are UTF-8 (bit 11).
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// What a reader must know: 2.0 for DEFLATE, 4.5 for 64-bit numbers.
const NEEDED: u16 = 20;
const NEEDED_LARGE: u16 = 45;
/// Unix, so that the mode counts.
const MADE_BY: u16 = 3 << 8;
/// A plain file, `rw-r--r--`.
const MODE: u32 = 0o100_644 << 16;
/// The header id of the extra field with 64-bit numbers.
const LARGE: u16 = 1;
/// Says that the number is in the extra field.
const ELSEWHERE: u32 = u32::MAX;

/// What the archive's directory says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Where its local header begins.
    pub(super) offset: u64,
    /// Whether its sizes have 64 bits.
    pub(super) large: bool,
    pub(super) crc: u32,
    pub(super) compressed: u64,
    pub(super) size: u64,
}

/// A record that is being put together, little-endian.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn two(mut self, number: u16) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn four(mut self, number: u32) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn eight(mut self, number: u64) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }
}

/// The number where it fits, else the sign that it is elsewhere.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(ELSEWHERE)
}

/// The lengths of names and extra fields; a name in a pack is far shorter than the format allows.
fn length(bytes: usize) -> u16 {
    u16::try_from(bytes).unwrap_or(u16::MAX)
}

const fn needed(large: bool) -> u16 {
    if large { NEEDED_LARGE } else { NEEDED }
}

/// What stands before the content. The numbers follow it; a large file announces here that they have 64 bits.
pub(super) fn local(entry: &Entry) -> Vec<u8> {
    let (sizes, extra) = if entry.large {
        (ELSEWHERE, Record::default().two(LARGE).two(16).eight(0).eight(0).0)
    } else {
        (0, Vec::new())
    };
    let record = Record::default().bytes(b"PK\x03\x04").two(needed(entry.large)).two(FLAGS).two(METHOD);
    let record = record.two(TIME).two(DATE).four(0).four(sizes).four(sizes);
    let record = record.two(length(entry.name.len())).two(length(extra.len()));
    record.bytes(entry.name.as_bytes()).bytes(&extra).0
}

/// What stands after the content.
pub(super) fn data_descriptor(entry: &Entry) -> Vec<u8> {
    let record = Record::default().bytes(b"PK\x07\x08").four(entry.crc);
    if entry.large {
        record.eight(entry.compressed).eight(entry.size).0
    } else {
        record.four(narrow(entry.compressed)).four(narrow(entry.size)).0
    }
}

/// The file's entry in the directory; offsets from `far` on have 64 bits.
pub(super) fn central(entry: &Entry, far: u64) -> Vec<u8> {
    let is_far = entry.offset >= far;
    let mut numbers = Record::default();
    if entry.large {
        numbers = numbers.eight(entry.size).eight(entry.compressed);
    }
    if is_far {
        numbers = numbers.eight(entry.offset);
    }
    let extra = match numbers.0.len() {
        0 => Vec::new(),
        bytes => Record::default().two(LARGE).two(length(bytes)).bytes(&numbers.0).0,
    };
    let narrow_unless = |elsewhere: bool, number: u64| if elsewhere { ELSEWHERE } else { narrow(number) };
    let version = needed(entry.large || is_far);
    let record = Record::default().bytes(b"PK\x01\x02").two(MADE_BY | version).two(version).two(FLAGS).two(METHOD);
    let record = record.two(TIME).two(DATE).four(entry.crc);
    let record = record.four(narrow_unless(entry.large, entry.compressed));
    let record = record.four(narrow_unless(entry.large, entry.size));
    let record = record.two(length(entry.name.len())).two(length(extra.len())).two(0);
    let record = record.two(0).two(0).four(MODE).four(narrow_unless(is_far, entry.offset));
    record.bytes(entry.name.as_bytes()).bytes(&extra).0
}

/// The end: where the directory is. With 64 bits where the archive is large.
pub(super) fn end(entries: u64, size: u64, begin: u64, is_large: bool) -> Vec<u8> {
    let mut record = Record::default();
    if is_large {
        // The rest of this record has 44 bytes.
        record = record.bytes(b"PK\x06\x06").eight(44).two(MADE_BY | NEEDED_LARGE).two(NEEDED_LARGE);
        record = record.four(0).four(0).eight(entries).eight(entries).eight(size).eight(begin);
        record = record.bytes(b"PK\x06\x07").four(0).eight(begin + size).four(1);
    }
    let narrow_count = if is_large { u16::MAX } else { u16::try_from(entries).unwrap_or(u16::MAX) };
    let narrow_number = |number: u64| if is_large { ELSEWHERE } else { narrow(number) };
    let record = record.bytes(b"PK\x05\x06").two(0).two(0).two(narrow_count).two(narrow_count);
    record.four(narrow_number(size)).four(narrow_number(begin)).two(0).0
}
