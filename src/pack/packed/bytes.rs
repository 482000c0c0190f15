//! The bytes of a chunk, and what all chunks of a store share.
//!
//! What tells members from each other is mostly ids: those that Amazon Pinpoint gives, of 32 hexadecimal digits, and those
//! of calls. Compression cannot make them smaller, so each is kept once and named by its place from then on, as the step
//! from the last place that was named: members come in the order of what they name, so that most steps are the same.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::Blocks;
use crate::hex;
use crate::pack::evidence::Ids;
use crate::snapshot::{CallId, Outcome};

/// How hard to compress: most of what repeats is near, and packing is done once for every member.
const COMPRESSION: u32 = 3;

/// Compressed bytes that lie together in memory, apart from what comes and goes.
const BLOCK: usize = 1 << 18;

/// Ids that are recognised when they come again. Those of an account and region come together.
const RECENT: usize = 1 << 13;

/// Hexadecimal digits of an id that is kept once.
const DIGITS: usize = 32;

/// How a call is written that stands in no index.
const AS_TEXT: u64 = 0;
const AS_NUMBER: u64 = 1;
const AS_STEP: u64 = 2;

/// What all chunks of a store share.
#[derive(Clone, Default)]
pub(in crate::pack) struct Shared {
    calls: Arc<Ids>,
    ids: Blocks<[u8; DIGITS / 2]>,
    recent: BTreeMap<[u8; DIGITS / 2], u64>,
    /// Texts of the program itself.
    fixed: Vec<&'static str>,
    blocks: Vec<Vec<u8>>,
}

/// Where a chunk lies.
#[derive(Clone, Copy, Debug)]
pub(in crate::pack) struct Place {
    block: u32,
    begin: u32,
    length: u32,
}

impl Shared {
    /// Calls that stand in an index are kept as their places there.
    pub(in crate::pack) fn citing(calls: &Arc<Ids>) -> Self {
        Self { calls: Arc::clone(calls), ..Self::default() }
    }

    pub(in crate::pack) const fn calls(&self) -> &Arc<Ids> {
        &self.calls
    }

    /// Packs a chunk.
    pub(in crate::pack) fn pack(&mut self, write: impl FnOnce(&mut Packer<'_>)) -> Place {
        if self.recent.len() > RECENT {
            self.recent.clear();
        }
        let mut packer = Packer { bytes: Vec::new(), shared: self, id: 0, call: 0 };
        write(&mut packer);
        let plain = packer.bytes;
        self.store(&plain)
    }

    /// Compresses bytes, and keeps them. What does not get smaller stays as it is.
    pub(in crate::pack) fn store(&mut self, plain: &[u8]) -> Place {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(COMPRESSION));
        // Writing to memory cannot fail.
        let _ = encoder.write_all(plain);
        let packed = encoder.finish().unwrap_or_default();
        if self.blocks.last().is_none_or(|block| block.capacity() - block.len() < packed.len()) {
            self.blocks.push(Vec::with_capacity(BLOCK.max(packed.len())));
        }
        let block = self.blocks.len() - 1;
        let begin = self.blocks[block].len();
        self.blocks[block].extend_from_slice(&packed);
        let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { block: place(block), begin: place(begin), length: place(packed.len()) }
    }

    /// Reads a chunk.
    pub(in crate::pack) fn unpack<R>(&self, place: Place, read: impl FnOnce(&mut Unpacker<'_>) -> R) -> R {
        let plain = self.stored(place);
        read(&mut Unpacker { bytes: &plain, shared: self, id: 0, call: 0 })
    }

    /// Bytes that were kept.
    pub(in crate::pack) fn stored(&self, place: Place) -> Vec<u8> {
        let Place { block, begin, length } = place;
        let (begin, end) = (begin as usize, begin as usize + length as usize);
        let packed = self.blocks.get(block as usize).and_then(|block| block.get(begin..end)).unwrap_or_default();
        let mut plain = Vec::new();
        // What was packed above is whole.
        let _ = DeflateDecoder::new(packed).read_to_end(&mut plain);
        plain
    }

    /// Gives back the room that was kept for more.
    pub(in crate::pack) fn settle(&mut self) {
        self.recent = BTreeMap::new();
        self.ids.settle();
        self.blocks.iter_mut().for_each(Vec::shrink_to_fit);
    }

    /// What it holds, in bytes, without the calls.
    #[cfg(test)]
    pub(in crate::pack) fn bytes(&self) -> usize {
        self.blocks.iter().map(Vec::len).sum::<usize>() + self.ids.len() * DIGITS / 2
    }
}

/// Writes a chunk: numbers in as few bytes as they need, texts with their length before them.
pub struct Packer<'s> {
    bytes: Vec<u8>,
    shared: &'s mut Shared,
    /// The places that were named last.
    id: u64,
    call: u64,
}

impl Packer<'_> {
    pub(in crate::pack) fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// A text: pieces, with ids between them.
    pub(in crate::pack) fn text(&mut self, mut text: &str) {
        while let Some((begin, id)) = first_id(text) {
            self.piece(&text[..begin], true);
            self.id(id);
            text = &text[begin + DIGITS..];
        }
        self.piece(text, false);
    }

    fn piece(&mut self, piece: &str, more: bool) {
        self.number(2 * piece.len() as u64 + u64::from(more));
        self.bytes.extend_from_slice(piece.as_bytes());
    }

    fn id(&mut self, id: [u8; DIGITS / 2]) {
        let Shared { ids, recent, .. } = &mut *self.shared;
        let place = *recent.entry(id).or_insert_with(|| {
            ids.push(id);
            ids.len() as u64 - 1
        });
        let last = std::mem::replace(&mut self.id, place);
        self.number(step(last, place));
    }

    pub(in crate::pack) fn optional(&mut self, text: Option<&str>) {
        self.number(u64::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    /// A text of the program itself.
    pub(in crate::pack) fn fixed(&mut self, text: &'static str) {
        let fixed = &mut self.shared.fixed;
        let known = fixed.iter().position(|known| *known == text);
        let place = known.unwrap_or_else(|| {
            fixed.push(text);
            fixed.len() - 1
        });
        self.number(place as u64);
    }

    pub(in crate::pack) fn outcome(&mut self, outcome: Outcome) {
        self.number(Outcome::ALL.iter().position(|known| *known == outcome).unwrap_or_default() as u64);
    }

    pub(in crate::pack) fn calls(&mut self, calls: &[CallId]) {
        self.number(calls.len() as u64);
        for call in calls {
            self.call(call);
        }
    }

    fn call(&mut self, call: &CallId) {
        if let Some(place) = self.shared.calls.position(call) {
            let place = place as u64;
            let last = std::mem::replace(&mut self.call, place);
            self.number(AS_STEP + step(last, place));
        } else if let Some(number) = call.number() {
            self.number(AS_NUMBER);
            self.bytes.extend_from_slice(&number.to_le_bytes());
        } else {
            self.number(AS_TEXT);
            self.text(&call.to_string());
        }
    }
}

/// The reverse of [`Packer`]. What is missing is empty; nothing ever is.
pub struct Unpacker<'b> {
    bytes: &'b [u8],
    shared: &'b Shared,
    id: u64,
    call: u64,
}

impl<'b> Unpacker<'b> {
    fn bytes(&mut self, number: usize) -> &'b [u8] {
        let (bytes, rest) = self.bytes.split_at(number.min(self.bytes.len()));
        self.bytes = rest;
        bytes
    }

    pub(in crate::pack) fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let Some((byte, rest)) = self.bytes.split_first() else { break };
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    pub(in crate::pack) fn text(&mut self) -> String {
        let mut text = String::new();
        loop {
            let piece = self.number();
            let bytes = self.bytes(usize::try_from(piece / 2).unwrap_or_default());
            let is_last = piece.is_multiple_of(2);
            // What was packed was a text, and most are one piece, or two around an id.
            text.reserve_exact(bytes.len() + if is_last { 0 } else { 2 * DIGITS });
            text.push_str(std::str::from_utf8(bytes).unwrap_or_default());
            if is_last {
                return text;
            }
            self.id = stepped(self.id, self.number());
            let id = usize::try_from(self.id).ok().and_then(|at| self.shared.ids.get(at)).unwrap_or_default();
            hex::push(&id, &mut text);
        }
    }

    pub(in crate::pack) fn optional(&mut self) -> Option<String> {
        (self.number() == 1).then(|| self.text())
    }

    pub(in crate::pack) fn fixed(&mut self) -> &'static str {
        let place = usize::try_from(self.number()).ok();
        place.and_then(|place| self.shared.fixed.get(place)).copied().unwrap_or_default()
    }

    pub(in crate::pack) fn outcome(&mut self) -> Outcome {
        let known = usize::try_from(self.number()).ok().and_then(|at| Outcome::ALL.get(at)).copied();
        known.unwrap_or(Outcome::Unmodelled)
    }

    pub(in crate::pack) fn calls(&mut self) -> Vec<CallId> {
        (0..self.number()).map(|_| self.call()).collect()
    }

    fn call(&mut self) -> CallId {
        match self.number() {
            AS_TEXT => CallId::from_file(self.text()),
            AS_NUMBER => CallId::of_number(u64::from_le_bytes(self.bytes(8).try_into().unwrap_or_default())),
            other => {
                self.call = stepped(self.call, other - AS_STEP);
                let place = usize::try_from(self.call).ok();
                place.and_then(|place| self.shared.calls.id(place)).unwrap_or_else(|| CallId::of_number(0))
            }
        }
    }
}

/// From one place to another, as a number that is small for a near one in either direction.
const fn step(from: u64, to: u64) -> u64 {
    if to >= from { (to - from) << 1 } else { (from - to) << 1 | 1 }
}

const fn stepped(from: u64, step: u64) -> u64 {
    if step & 1 == 0 { from.wrapping_add(step >> 1) } else { from.wrapping_sub(step >> 1) }
}

/// The first id in a text: so many hexadecimal digits between other characters.
fn first_id(text: &str) -> Option<(usize, [u8; DIGITS / 2])> {
    let bytes = text.as_bytes();
    let mut begin = 0;
    while begin + DIGITS <= bytes.len() {
        let length = bytes[begin..].iter().take_while(|byte| hex::value(**byte).is_some()).count();
        if length == DIGITS {
            return Some((begin, hex::bytes(&bytes[begin..begin + DIGITS])?));
        }
        begin += length + 1;
    }
    None
}
