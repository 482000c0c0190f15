//! What stands on which page of `channel-usage`.

use std::ops::Range;

use super::{Row, page_path};
use crate::render::parts::Part;

/// Applications on one page of `channel-usage`.
const APPLICATIONS_PER_PAGE: usize = 100;

/// Chains of short codes on one page of `channel-usage`.
const CHAINS_PER_PAGE: usize = 100;

/// Applications that are left out, on one page of `channel-usage`.
const LEFT_OUT_PER_PAGE: usize = 500;

/// The document.
const DOCUMENT: &str = "channel-usage";

/// A page of `channel-usage`.
#[derive(Clone, Debug)]
pub(in crate::render) struct UsagePage {
    /// Without number and ending.
    pub(in crate::render::views) document: String,
    pub(in crate::render::views) number: usize,
    pub(in crate::render::views) of: usize,
    /// Whether it is the first of all.
    pub(in crate::render::views) is_first: bool,
    /// What it is about, where it is about a part only.
    pub(in crate::render::views) part: String,
    /// Which of the judged applications it shows; `None` where it is not about applications.
    pub(in crate::render::views) applications: Option<Range<usize>>,
    /// Which short codes.
    pub(in crate::render::views) codes: Range<usize>,
    /// Which of the applications that are left out.
    pub(in crate::render::views) left_out: Range<usize>,
}

/// The judged applications of an account and region.
pub(in crate::render::views) struct ApplicationsOf {
    pub(in crate::render::views) part: Part,
    pub(in crate::render::views) document: String,
    pub(in crate::render::views) at: Range<usize>,
}

impl UsagePage {
    /// The address of a section on it.
    pub(super) fn address(&self, section: &str) -> String {
        format!("{}#{section}", page_path(&self.document, self.number))
    }
}

/// Whether there are pages for each account and region, for so many applications, judged applications and short codes.
pub(super) const fn are_split((all, judged, codes): (usize, usize, usize)) -> bool {
    judged > APPLICATIONS_PER_PAGE || codes > CHAINS_PER_PAGE || all - judged > LEFT_OUT_PER_PAGE
}

/// The accounts and regions of judged applications, which stand together.
pub(super) fn parts(judged: &[Row], known: &[Part]) -> Vec<ApplicationsOf> {
    let mut first = 0;
    let part = |chunk: &[Row]| {
        let at = first..first + chunk.len();
        first = at.end;
        let part = known[chunk[0].part as usize].clone();
        ApplicationsOf { document: part.document(DOCUMENT), part, at }
    };
    judged.chunk_by(|a, b| a.part == b.part).map(part).collect()
}

/// The pages, for so many applications, judged applications and short codes.
pub(super) fn pages(parts: &[ApplicationsOf], (all, judged, codes): (usize, usize, usize)) -> Vec<UsagePage> {
    let is_split = all > judged + LEFT_OUT_PER_PAGE || codes > CHAINS_PER_PAGE || !parts.is_empty();
    let whole = UsagePage {
        document: DOCUMENT.to_owned(),
        number: 0,
        of: 1,
        is_first: true,
        part: String::new(),
        applications: Some(0..judged),
        codes: 0..codes,
        left_out: 0..all - judged,
    };
    if !is_split {
        return vec![whole];
    }
    let page = |document: &str, number, of, part: &str| UsagePage {
        document: document.to_owned(),
        number,
        of,
        is_first: false,
        part: part.to_owned(),
        applications: None,
        codes: 0..0,
        left_out: 0..0,
    };
    let mut pages = vec![UsagePage { applications: None, codes: 0..0, left_out: 0..0, ..whole }];
    for ApplicationsOf { part, document, at } in parts {
        let chunks = chunks(at.clone(), APPLICATIONS_PER_PAGE);
        pages.extend(chunks.into_iter().map(|(number, of, own)| UsagePage {
            applications: Some(own),
            ..page(document, number, of, &part.words())
        }));
    }
    let document = format!("{DOCUMENT}/short-codes");
    let of_codes = chunks(0..codes, CHAINS_PER_PAGE).into_iter();
    pages.extend(
        of_codes.map(|(number, of, own)| UsagePage { codes: own, ..page(&document, number, of, "short codes") }),
    );
    let document = format!("{DOCUMENT}/left-out");
    let left_out = chunks(0..all - judged, LEFT_OUT_PER_PAGE).into_iter();
    pages.extend(
        left_out.map(|(number, of, own)| UsagePage {
            left_out: own,
            ..page(&document, number, of, "applications left out")
        }),
    );
    pages
}

/// A range in pieces of at most this length, each with its number and how many there are.
fn chunks(all: Range<usize>, length: usize) -> Vec<(usize, usize, Range<usize>)> {
    let of = all.len().div_ceil(length);
    let piece = |number: usize| {
        let first = all.start + number * length;
        (number, of, first..all.end.min(first + length))
    };
    (0..of).map(piece).collect()
}
