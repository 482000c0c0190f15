//! The proof chain of a short code: each step with what was observed, when and by which call.

use serde::Serialize;

use crate::pack::Chain;
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::rows::Row;
use crate::render::views::matrix::{Label, phi_word};
use crate::render::views::places::{CodePlace, Place, Places, Shelf, chain_section};
use crate::render::words;
use crate::rules::{Finding, Level, Link, LinkState, Step};

/// Applications that a chain names as sending from its short code; the others name it in their own sections.
const APPLICATIONS_SHOWN: usize = 50;

/// One short code.
#[derive(Serialize)]
pub(super) struct CodeSection {
    anchor: String,
    number: String,
    account: String,
    region: String,
    /// Of the required rules on it.
    verdicts: Vec<RuleVerdict>,
    summary: Summary,
    steps: Vec<StepView>,
    origins: Vec<OriginsOf>,
    /// How many applications more are set to send from it.
    origins_left: u64,
}

impl Row for CodeSection {
    const TEMPLATE: &'static str = "chain.md.tera";
    const COLUMNS: usize = 0;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { anchor, number, account, region, verdicts, summary, .. } = self;
        [anchor, number, account, region].into_iter().for_each(&mut *visit);
        for verdict in verdicts {
            verdict.texts(visit);
        }
        summary.texts(visit);
        for StepView { title, reason, sentence, observed, evidence, .. } in &mut self.steps {
            [title, reason, sentence, observed].into_iter().for_each(&mut *visit);
            for link in evidence {
                link.texts(visit);
            }
        }
        for OriginsOf { name, address, what, .. } in &mut self.origins {
            [name, address].into_iter().for_each(&mut *visit);
            for OriginView { what, silent, evidence, .. } in what {
                [what, silent].into_iter().for_each(&mut *visit);
                for link in evidence {
                    link.texts(visit);
                }
            }
        }
    }
}

/// What a rule says of a short code.
#[derive(Serialize)]
pub(super) struct RuleVerdict {
    rule: &'static str,
    address: String,
    result: Label,
    reason: String,
}

/// The chain in a sentence. At most one of the titles is the first that stops it; all are empty when every link holds.
#[derive(Serialize)]
pub(super) struct Summary {
    broken: String,
    broken_sentence: String,
    unread: String,
    unread_sentence: String,
    /// The first link that was read and says nothing.
    open: String,
    open_sentence: String,
    /// Whether a person's statement stands there.
    stated: bool,
}

#[derive(Serialize)]
struct StepView {
    title: String,
    label: &'static str,
    reason: String,
    sentence: String,
    /// Whether it is what the configuration declares.
    declared: bool,
    observed: String,
    evidence: Vec<CallLink>,
}

/// What of one application is set to send from a short code.
#[derive(Serialize)]
struct OriginsOf {
    name: String,
    address: String,
    phi: &'static str,
    what: Vec<OriginView>,
}

#[derive(Serialize)]
struct OriginView {
    what: String,
    inherits: bool,
    /// Why nothing goes out from it; empty when something can.
    silent: String,
    evidence: Vec<CallLink>,
}

impl CodeSection {
    /// The section of a short code.
    pub(super) fn new(place: &CodePlace<'_>, places: &Places<'_>, shelf: &Shelf, calls: &CallIndex<'_>) -> Self {
        let chain = &*place.chain;
        let shown = place.senders.iter().take(APPLICATIONS_SHOWN).filter_map(|at| places.application(*at as usize));
        Self {
            anchor: chain_section(chain),
            number: chain.number.clone(),
            account: chain.account.clone(),
            region: chain.region.clone(),
            verdicts: verdicts(place, shelf, calls),
            summary: Summary::of(chain),
            steps: chain.steps().into_iter().map(|step| step_view(step, calls)).collect(),
            origins: shown.map(|application| origins_of(application, chain, calls)).collect(),
            origins_left: words::number(place.senders.len().saturating_sub(APPLICATIONS_SHOWN)),
        }
    }
}

/// What the required rules say of a short code.
pub(super) fn verdicts(place: &CodePlace<'_>, shelf: &Shelf, calls: &CallIndex<'_>) -> Vec<RuleVerdict> {
    let findings = place.findings.iter().filter_map(|at| Some((*at, shelf.get(*at)?)));
    let verdict = |(at, finding): (usize, &Finding)| RuleVerdict {
        rule: finding.rule,
        address: calls.of_finding(at),
        result: Label::of(std::iter::once(finding)),
        reason: finding.verdict.reason().map(words::reason).unwrap_or_default(),
    };
    findings.filter(|(_, finding)| finding.level == Level::Required).map(verdict).collect()
}

impl RuleVerdict {
    /// See [`Row::texts`](crate::render::rows::Row::texts).
    pub(super) fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        [&mut self.address, &mut self.reason].into_iter().for_each(visit);
    }
}

impl Summary {
    /// See [`Row::texts`](crate::render::rows::Row::texts).
    pub(super) fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { broken, broken_sentence, unread, unread_sentence, open, open_sentence, .. } = self;
        [broken, broken_sentence, unread, unread_sentence, open, open_sentence].into_iter().for_each(visit);
    }

    /// The sentence on a chain.
    pub(super) fn of(chain: &Chain) -> Self {
        let told = |link: Option<&Link>| {
            link.map_or_else(Default::default, |link| (link.title.to_owned(), link.sentence.clone()))
        };
        let first = |is: fn(&LinkState) -> bool| told(chain.links.iter().find(|link| is(&link.state)));
        let (broken, broken_sentence) = told(chain.first_broken());
        let (unread, unread_sentence) = first(|state| matches!(state, LinkState::Unread(_)));
        let (open, open_sentence) = first(|state| *state == LinkState::Open);
        let stated = chain.links.iter().any(|link| link.state == LinkState::Stated);
        Self { broken, broken_sentence, unread, unread_sentence, open, open_sentence, stated }
    }
}

fn step_view(step: Step<'_>, calls: &CallIndex<'_>) -> StepView {
    let link = match step {
        Step::Told(link) => Some(link),
        Step::NotReached { .. } => None,
    };
    let evidence = link.map_or(&[][..], |link| &link.calls);
    StepView {
        title: step.title().to_owned(),
        label: words::step(&step),
        reason: link.map_or_else(String::new, |link| match &link.state {
            LinkState::Unread(gap) => words::outcome(gap.outcome),
            _ => String::new(),
        }),
        sentence: link.map_or_else(String::new, |link| link.sentence.clone()),
        declared: link.is_some_and(Link::is_declaration),
        observed: calls.observed(evidence).unwrap_or_default(),
        evidence: calls.links(evidence),
    }
}

fn origins_of(place: Place, chain: &Chain, calls: &CallIndex<'_>) -> OriginsOf {
    let own = chain.origins.iter().filter(|origin| origin.application == place.application.arn);
    OriginsOf {
        phi: phi_word(&place.application.phi),
        what: own
            .map(|origin| OriginView {
                what: origin.what.clone(),
                inherits: origin.inherits,
                silent: origin.silent.clone().unwrap_or_default(),
                evidence: calls.links(&origin.calls),
            })
            .collect(),
        name: place.title,
        address: place.address,
    }
}
