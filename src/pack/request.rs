//! What of a pack was asked for: some audit programs, some documents, or everything.
//!
//! A narrowed pack keeps its evidence whole and says what it was narrowed to, so that it can be judged again alike.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::model::REPORTS_RULE;
use super::{Pack, Program, coverage};
use crate::programs;
use crate::rules::Finding;

/// Rules that say what any other finding speaks of. No request leaves them out.
const SCOPE_RULES: [&str; 2] = ["phi-scope-declared", "regions-scanned"];

/// What was asked for. Empty lists ask for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    programs: Vec<&'static str>,
    documents: Vec<DocumentName>,
}

/// A document that can be asked for by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentName {
    /// The cover.
    Index,
    /// What changed since an earlier pack; only where one was given.
    Changes,
    /// Per application, what AWS asks and what was seen.
    ChannelUsage,
    /// Every finding.
    Findings,
    /// Every call.
    Evidence,
    /// The HIPAA write-up.
    HipaaSharedResponsibility,
    /// One page for each audit program.
    Programs,
}

/// Why a request cannot be met; fit after "error:".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No such program.
    #[error("there is no program `{0}`; there are {known}", known = programs::IDS.join(", "))]
    Program(String),
    /// No such document.
    #[error("there is no document `{0}`; there are {known}", known = DocumentName::ALL.map(DocumentName::as_str).join(", "))]
    Document(String),
    /// The write-up is about a program that was not asked for.
    #[error("the document `hipaa-shared-responsibility` needs the program `hipaa`")]
    WriteUpWithoutProgram,
}

impl DocumentName {
    /// Every document, in the order of reading.
    pub const ALL: [Self; 7] = [
        Self::Index,
        Self::Changes,
        Self::ChannelUsage,
        Self::HipaaSharedResponsibility,
        Self::Programs,
        Self::Findings,
        Self::Evidence,
    ];

    /// The word used in files and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Changes => "changes",
            Self::ChannelUsage => "channel-usage",
            Self::Findings => "findings",
            Self::Evidence => "evidence",
            Self::HipaaSharedResponsibility => "hipaa-shared-responsibility",
            Self::Programs => "programs",
        }
    }
}

impl FromStr for DocumentName {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|document| document.as_str() == text);
        found.ok_or_else(|| RequestError::Document(text.to_owned()))
    }
}

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Request {
    /// A request for some programs, by id, and some documents; for all of them where a list is empty.
    ///
    /// # Errors
    /// When there is no such program, or the write-up is asked for without its program.
    pub fn new(programs: &[String], documents: &[DocumentName]) -> Result<Self, RequestError> {
        if let Some(unknown) = programs.iter().find(|id| !programs::IDS.contains(&id.as_str())) {
            return Err(RequestError::Program(unknown.clone()));
        }
        let asked = |id: &&str| programs.iter().any(|wanted| wanted == id);
        let mut request = Self {
            programs: programs::IDS.into_iter().filter(asked).collect(),
            documents: DocumentName::ALL.into_iter().filter(|document| documents.contains(document)).collect(),
        };
        if request.programs.len() == programs::IDS.len() {
            request.programs.clear();
        }
        if request.documents.len() == DocumentName::ALL.len() {
            request.documents.clear();
        }
        let asks_for_write_up = request.documents.contains(&DocumentName::HipaaSharedResponsibility);
        if asks_for_write_up && !request.has_program("hipaa") {
            return Err(RequestError::WriteUpWithoutProgram);
        }
        Ok(request)
    }

    /// The programs that were asked for, in their order; empty when all were.
    #[must_use]
    pub fn programs(&self) -> &[&'static str] {
        &self.programs
    }

    /// The documents that were asked for, in the order of reading; empty when all were.
    #[must_use]
    pub fn documents(&self) -> &[DocumentName] {
        &self.documents
    }

    /// Whether a document is wanted.
    #[must_use]
    pub fn has(&self, document: DocumentName) -> bool {
        let is_of_a_program = document != DocumentName::HipaaSharedResponsibility || self.has_program("hipaa");
        is_of_a_program && (self.documents.is_empty() || self.documents.contains(&document))
    }

    fn has_program(&self, id: &str) -> bool {
        self.programs.is_empty() || self.programs.contains(&id)
    }
}

impl Pack {
    /// Leaves out what was not asked for: programs, and the findings that bear on none of those that stay. What is left
    /// out is counted in a warning.
    #[must_use]
    pub fn narrowed(mut self, request: Request) -> Self {
        if !request.programs.is_empty() {
            self.programs.retain(|program| request.programs.contains(&program.id.as_str()));
            let bearing = Bearing::of(&self.programs);
            let before = self.findings.len();
            self.findings.retain(|finding| bearing.has(finding));
            let rules: BTreeSet<&str> = self.findings.runs().map(|run| run.rule).collect();
            self.rules = coverage::coverage(&self.findings);
            self.rules.retain(|rule| rules.contains(rule.id));
            self.summary = self.findings.runs().map(|run| run.summary).sum();
            let (asked, left_out) = (request.programs.join(", "), before - self.findings.len());
            self.warnings.push(format!(
                "This pack was narrowed to what was asked for: {asked}. It leaves out {left_out} of {before} findings, \
                 which bear on no control of these programs."
            ));
        }
        if !request.documents.is_empty() {
            let asked: Vec<&str> = request.documents.iter().map(|document| document.as_str()).collect();
            self.warnings.push(format!(
                "Of the documents, this pack holds what was asked for: {}. The data and the evidence are whole.",
                asked.join(", ")
            ));
        }
        self.request = request;
        self
    }
}

/// The findings that bear on some programs: those of the rules of their controls, of the rule about reports those on
/// the programs whose reports stand for AWS's part.
struct Bearing {
    rules: BTreeSet<String>,
    reports: BTreeSet<String>,
}

impl Bearing {
    fn of(programs: &[Program]) -> Self {
        let own = programs.iter().map(|program| &program.id);
        let stand = programs.iter().flat_map(|program| &program.groups).map(|group| &group.reports_of);
        Self {
            rules: programs.iter().flat_map(Program::controls).flat_map(|it| it.definition.rules.clone()).collect(),
            reports: own.chain(stand).map(|id| format!("program/{id}")).collect(),
        }
    }

    fn has(&self, finding: &Finding) -> bool {
        match finding.rule {
            rule if SCOPE_RULES.contains(&rule) => true,
            REPORTS_RULE => self.reports.contains(&finding.resource),
            rule => self.rules.contains(rule),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(programs: &[&str], documents: &[DocumentName]) -> Result<Request, RequestError> {
        let programs: Vec<String> = programs.iter().map(|id| (*id).to_owned()).collect();
        Request::new(&programs, documents)
    }

    #[test]
    fn a_request_is_in_order_and_asking_for_all_asks_for_nothing_special() {
        let asked =
            request(&["iso9001", "soc", "soc"], &[DocumentName::Evidence, DocumentName::Index]).expect("a request");
        assert_eq!(asked.programs(), ["soc", "iso9001"]);
        assert_eq!(asked.documents(), [DocumentName::Index, DocumentName::Evidence]);
        assert_eq!(request(&programs::IDS, &DocumentName::ALL), Ok(Request::default()));
    }

    #[test]
    fn what_is_not_there_is_refused_by_name() {
        let error = request(&["pci"], &[]).expect_err("no such program").to_string();
        assert_eq!(
            error,
            "there is no program `pci`; there are soc, fedramp, hipaa, iso27001, iso27017, iso27018, iso9001"
        );
        let error = "cover".parse::<DocumentName>().expect_err("no such document").to_string();
        assert!(
            error.starts_with("there is no document `cover`; there are index, changes, channel-usage, "),
            "{error}"
        );
        let write_up = [DocumentName::HipaaSharedResponsibility];
        assert_eq!(request(&["soc"], &write_up), Err(RequestError::WriteUpWithoutProgram));
        assert!(request(&["soc", "hipaa"], &write_up).is_ok());
    }

    #[test]
    fn the_write_up_belongs_to_its_program() {
        let soc = request(&["soc"], &[]).expect("a request");
        assert!(!soc.has(DocumentName::HipaaSharedResponsibility) && soc.has(DocumentName::Programs));
        assert!(DocumentName::ALL.into_iter().all(|document| Request::default().has(document)));
        let one = request(&[], &[DocumentName::Findings]).expect("a request");
        assert!(one.has(DocumentName::Findings) && !one.has(DocumentName::Index));
    }
}
