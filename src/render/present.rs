//! Which documents a pack has, so that no page leads to one that it lacks.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::pack::{DocumentName, Pack};
use crate::programs;
use crate::render::formats::Chosen;
use crate::render::page::page_path;

/// Every finding as a row.
const CSV: &str = "findings.csv";

/// The documents of a pack.
pub(super) struct Present {
    documents: Vec<DocumentName>,
    /// The files of the pages of programs.
    programs: Vec<String>,
    /// Whether something was left out.
    is_narrowed: bool,
    /// Whether the findings lie there as a table for spreadsheets.
    has_csv: bool,
}

impl Present {
    pub(super) fn of(pack: &Pack, chosen: &Chosen) -> Self {
        let pages = pack.programs.iter().filter_map(|program| programs::page(&program.id));
        let programs: Vec<String> = pages.map(|page| page_path(page.document, 0)).collect();
        let exists = |document: DocumentName| match document {
            DocumentName::HipaaSharedResponsibility => programs.contains(&page_path("programs/hipaa", 0)),
            DocumentName::Programs => !programs.is_empty(),
            DocumentName::Changes => pack.changes.is_some(),
            _ => true,
        };
        let wanted = |document: &DocumentName| pack.request.has(*document) && exists(*document);
        let documents: Vec<DocumentName> = DocumentName::ALL.into_iter().filter(wanted).collect();
        let all = DocumentName::ALL.into_iter().filter(|document| exists(*document)).count();
        let is_narrowed = documents.len() < all || programs.len() < programs::IDS.len();
        Self { documents, programs, is_narrowed, has_csv: chosen.has_file(CSV) }
    }

    /// Whether a pack has the HIPAA write-up.
    pub(super) fn has_write_up(pack: &Pack) -> bool {
        Self::of(pack, &Chosen::all()).has(DocumentName::HipaaSharedResponsibility)
    }

    /// Whether something was left out, so that not every link leads somewhere.
    pub(super) const fn is_narrowed(&self) -> bool {
        self.is_narrowed
    }

    pub(super) fn has(&self, document: DocumentName) -> bool {
        self.documents.contains(&document)
    }

    /// The documents with the page that each begins with, in Markdown, and what the navigation calls it.
    pub(super) fn navigation(&self) -> Vec<(DocumentName, String, &'static str)> {
        let first = |document: DocumentName| match document {
            DocumentName::Programs if self.has(DocumentName::Index) => Some("index.md#programs".to_owned()),
            DocumentName::Programs => self.programs.first().cloned(),
            other => Some(page_path(other.as_str(), 0)),
        };
        self.documents.iter().filter_map(|document| Some((*document, first(*document)?, title(*document)))).collect()
    }

    /// Shows a link to a document that the pack lacks as its text. `page` is the file of the page, for instance
    /// `programs/soc.md`.
    pub(super) fn unlink(&self, markdown: String, page: &str) -> String {
        if !self.is_narrowed && self.has_csv {
            return markdown;
        }
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut kept = String::with_capacity(markdown.len());
        let mut done = 0;
        let mut dead: Option<std::ops::Range<usize>> = None;
        let mut inner: Option<std::ops::Range<usize>> = None;
        for (event, range) in Parser::new_ext(&markdown, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) if !self.leads(&dest_url, folder) => dead = Some(range),
                Event::End(TagEnd::Link) => {
                    if let (Some(link), Some(text)) = (dead.take(), inner.take()) {
                        kept.push_str(&markdown[done..link.start]);
                        kept.push_str(&markdown[text]);
                        done = link.end;
                    }
                }
                _ if dead.is_some() => {
                    inner = Some(inner.map_or(range.clone(), |text| text.start..range.end));
                }
                _ => {}
            }
        }
        kept.push_str(&markdown[done..]);
        kept
    }

    /// Whether an address on a page in that folder leads somewhere.
    fn leads(&self, address: &str, folder: &str) -> bool {
        let file = address.split('#').next().unwrap_or_default();
        if file.contains(':') {
            return true;
        }
        let file = if !folder.is_empty() && !file.starts_with("../") && !file.is_empty() {
            format!("{folder}/{file}")
        } else {
            file.trim_start_matches("../").to_owned()
        };
        if file == CSV {
            return self.has_csv;
        }
        match document_of(&file) {
            Some(DocumentName::Programs) => self.has(DocumentName::Programs) && self.programs.contains(&file),
            Some(document) => self.has(document),
            None => true,
        }
    }
}

/// What the navigation calls a document.
const fn title(document: DocumentName) -> &'static str {
    match document {
        DocumentName::Index => "Cover",
        DocumentName::Changes => "Changes",
        DocumentName::ChannelUsage => "Channel usage",
        DocumentName::HipaaSharedResponsibility => "HIPAA write-up",
        DocumentName::Programs => "Programs",
        DocumentName::Findings => "Findings",
        DocumentName::Evidence => "Evidence",
    }
}

/// The document that a file of the pack, in Markdown, is a page of.
pub(super) fn document_of(file: &str) -> Option<DocumentName> {
    if file.starts_with("programs/") {
        return Some(DocumentName::Programs);
    }
    if file.starts_with("calls/") {
        return Some(DocumentName::Evidence);
    }
    // The parts of a large document lie in a folder with its name.
    if let Some((folder, _)) = file.split_once('/') {
        return [DocumentName::ChannelUsage, DocumentName::Findings].into_iter().find(|it| it.as_str() == folder);
    }
    let stem = file.strip_suffix(".md")?;
    let is_page = |document: &DocumentName| {
        let rest = stem.strip_prefix(document.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_number))
    };
    DocumentName::ALL.into_iter().find(is_page)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Request;
    use crate::render::sample;

    fn only(documents: &[DocumentName]) -> Present {
        let request = Request::new(&[], documents).expect("a request");
        Present::of(&sample::with_every_control().narrowed(request), &Chosen::all())
    }

    #[test]
    fn a_page_belongs_to_its_document() {
        for (file, document) in [
            ("index.md", Some(DocumentName::Index)),
            ("findings-12.md", Some(DocumentName::Findings)),
            ("findings.csv", None),
            ("programs/soc.md", Some(DocumentName::Programs)),
            ("hipaa-shared-responsibility.md", Some(DocumentName::HipaaSharedResponsibility)),
            ("calls/111122223333/us-east-1/pinpoint-2.md", Some(DocumentName::Evidence)),
            ("findings/111122223333/us-east-1-2.md", Some(DocumentName::Findings)),
            ("channel-usage/short-codes.md", Some(DocumentName::ChannelUsage)),
            ("evidence/snapshot.json", None),
            ("results.json", None),
            ("findings-late.md", None),
        ] {
            assert_eq!(document_of(file), document, "{file}");
        }
    }

    #[test]
    fn a_link_to_what_is_not_there_becomes_its_text() {
        let present = only(&[DocumentName::Findings, DocumentName::Programs]);
        let markdown = "x [c-1](evidence.md#c-1), [a \\* b](index.md) and [f](findings.md#f)\n\n\
             | [`code`](channel-usage.md) | [r](results.json) | <a id=\"x\"></a>[p](programs/soc.md#y) [h](#x) |\n|---|---|---|\n";
        assert_eq!(
            present.unlink(markdown.to_owned(), "findings.md"),
            "x c-1, a \\* b and [f](findings.md#f)\n\n\
             | `code` | [r](results.json) | <a id=\"x\"></a>[p](programs/soc.md#y) [h](#x) |\n|---|---|---|\n"
        );
        let below = "[f](../findings.md) [e](../evidence.md#c) [w](https://a.example/evidence.md)";
        let shown = present.unlink(below.to_owned(), "programs/soc.md");
        assert_eq!(shown, "[f](../findings.md) e [w](https://a.example/evidence.md)");
    }

    #[test]
    fn the_table_for_spreadsheets_is_linked_where_its_format_was_chosen() {
        let narrowed = only(&[DocumentName::Index]);
        let markdown = "[findings](findings.md), as data [findings.csv](findings.csv)";
        assert_eq!(narrowed.unlink(markdown.to_owned(), "index.md"), "findings, as data [findings.csv](findings.csv)");
        let whole = Present::of(&sample::with_every_control(), &Chosen::named(&["sarif".to_owned()]));
        assert_eq!(whole.unlink(markdown.to_owned(), "index.md"), "[findings](findings.md), as data findings.csv");
    }

    #[test]
    fn the_navigation_names_what_is_there() {
        let addresses =
            |present: &Present| present.navigation().into_iter().map(|(_, address, _)| address).collect::<Vec<_>>();
        assert_eq!(addresses(&only(&[DocumentName::Programs])), ["programs/soc.md"]);
        assert_eq!(addresses(&only(&[DocumentName::Programs, DocumentName::Index])), ["index.md", "index.md#programs"]);
        assert_eq!(addresses(&only(&[])).len(), 6);
    }
}
