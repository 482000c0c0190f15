//! Some findings of one rule, compressed, and the statements and waivers that stand beside many of them.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::rules::{AppliedWaiver, Attestation, Finding, Level, Reason, Verdict};
use crate::snapshot::{CallId, Outcome};

/// How hard to compress: most of what repeats is near, and packing is done once for every finding.
const COMPRESSION: u32 = 3;

/// Statements and waivers, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    attestations: Vec<Attestation>,
    waivers: Vec<AppliedWaiver>,
}

impl Beside {
    pub(super) fn attestations(&self) -> &[Attestation] {
        &self.attestations
    }

    pub(super) const fn has_waivers(&self) -> bool {
        !self.waivers.is_empty()
    }
}

/// The place of a value in a list that holds it once; 0 stands for none.
fn place_of<T: PartialEq + Clone>(value: Option<&T>, all: &mut Vec<T>) -> u64 {
    let Some(value) = value else { return 0 };
    let known = all.iter().rposition(|other| other == value);
    let at = known.unwrap_or_else(|| {
        all.push(value.clone());
        all.len() - 1
    });
    at as u64 + 1
}

fn at_place<T: Clone>(place: u64, all: &[T]) -> Option<T> {
    usize::try_from(place.checked_sub(1)?).ok().and_then(|at| all.get(at)).cloned()
}

/// Findings of one rule, compressed.
#[derive(Clone, Debug)]
pub(super) struct Chunk(Box<[u8]>);

impl Chunk {
    pub(super) fn pack(findings: &[Finding], beside: &mut Beside) -> Self {
        let mut plain = Packer::default();
        plain.number(findings.len() as u64);
        for finding in findings {
            plain.finding(finding, beside);
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(COMPRESSION));
        // Writing to memory cannot fail.
        let _ = encoder.write_all(&plain.0);
        Self(encoder.finish().unwrap_or_default().into_boxed_slice())
    }

    pub(super) fn unpack(&self, rule: &'static str, level: Level, beside: &Beside) -> Vec<Finding> {
        let mut plain = Vec::new();
        // What was packed above is whole.
        let _ = DeflateDecoder::new(&*self.0).read_to_end(&mut plain);
        let mut plain = Unpacker(&plain);
        let number = plain.number();
        (0..number).map(|_| plain.finding(rule, level, beside)).collect()
    }
}

/// The bytes of a chunk before compression: numbers in as few bytes as they need, texts with their length before them.
#[derive(Default)]
struct Packer(Vec<u8>);

impl Packer {
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        self.number(u64::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    fn call(&mut self, call: &CallId) {
        if let Some(number) = call.number() {
            self.number(1);
            self.0.extend_from_slice(&number.to_le_bytes());
        } else {
            self.number(0);
            self.text(&call.to_string());
        }
    }

    fn finding(&mut self, finding: &Finding, beside: &mut Beside) {
        self.text(&finding.account);
        self.optional(finding.region.as_deref());
        self.text(&finding.resource);
        self.optional(finding.resource_name.as_deref());
        self.number(of_verdict(finding.verdict));
        self.text(&finding.message);
        self.number(place_of(finding.attestation.as_ref(), &mut beside.attestations));
        self.number(place_of(finding.waiver.as_ref(), &mut beside.waivers));
        self.number(finding.evidence.len() as u64);
        finding.evidence.iter().for_each(|call| self.call(call));
    }
}

/// The reverse of [`Packer`]. What is missing is empty; nothing ever is.
struct Unpacker<'b>(&'b [u8]);

impl<'b> Unpacker<'b> {
    fn bytes(&mut self, number: usize) -> &'b [u8] {
        let (bytes, rest) = self.0.split_at(number.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let Some((byte, rest)) = self.0.split_first() else { break };
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn text(&mut self) -> String {
        let length = usize::try_from(self.number()).unwrap_or_default();
        String::from_utf8_lossy(self.bytes(length)).into_owned()
    }

    fn optional(&mut self) -> Option<String> {
        let is_some = self.number() == 1;
        let text = self.text();
        is_some.then_some(text)
    }

    fn call(&mut self) -> CallId {
        if self.number() == 0 {
            return CallId::from_file(self.text());
        }
        let bytes = self.bytes(8).try_into().unwrap_or_default();
        CallId::of_number(u64::from_le_bytes(bytes))
    }

    fn finding(&mut self, rule: &'static str, level: Level, beside: &Beside) -> Finding {
        Finding {
            rule,
            level,
            account: self.text(),
            region: self.optional(),
            resource: self.text(),
            resource_name: self.optional(),
            verdict: verdict(self.number()),
            message: self.text(),
            attestation: at_place(self.number(), &beside.attestations),
            waiver: at_place(self.number(), &beside.waivers),
            evidence: (0..self.number()).map(|_| self.call()).collect(),
        }
    }
}

fn of_verdict(verdict: Verdict) -> u64 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Fail => 1,
        Verdict::NotApplicable => 2,
        Verdict::Attested => 3,
        Verdict::NotEvaluated(Reason::NeedsAttestation) => 4,
        Verdict::NotEvaluated(Reason::Unspecified) => 5,
        Verdict::NotEvaluated(Reason::Unread(outcome)) => {
            6 + Outcome::ALL.iter().position(|known| *known == outcome).unwrap_or_default() as u64
        }
    }
}

fn verdict(number: u64) -> Verdict {
    let outcome = |at: u64| usize::try_from(at).ok().and_then(|at| Outcome::ALL.get(at)).copied();
    match number {
        0 => Verdict::Pass,
        1 => Verdict::Fail,
        2 => Verdict::NotApplicable,
        3 => Verdict::Attested,
        4 => Verdict::NotEvaluated(Reason::NeedsAttestation),
        5 => Verdict::NotEvaluated(Reason::Unspecified),
        other => Verdict::NotEvaluated(Reason::Unread(outcome(other - 6).unwrap_or(Outcome::Unmodelled))),
    }
}
