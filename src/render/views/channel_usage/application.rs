//! One application: what was observed, what that shows, what it cannot show; then channels, short codes, campaigns and
//! journeys, findings.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::code::{self, RuleVerdict, Summary};
use super::senders::{self, At, SenderRow, kind, rest};
use crate::pack::{Application, Channel, ChannelState, Pack, Phi};
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::page::page_path;
use crate::render::rows::Row;
use crate::render::views::families;
use crate::render::views::finding::FindingView;
use crate::render::views::matrix::Label;
use crate::render::views::places::{Place, Places, Shelf, section};
use crate::render::views::why;
use crate::render::words;
use crate::rules::Finding;
use crate::snapshot::CallId;

/// One application.
#[derive(Serialize)]
pub(super) struct Section {
    anchor: String,
    name: String,
    arn: String,
    account: String,
    region: String,
    phi: &'static str,
    how: String,
    result: Label,
    /// Why it fails or could not be evaluated.
    why: Vec<String>,
    observed: Observed,
    /// Channels that somebody configured, or that could not be read.
    channels: Vec<ChannelRow>,
    /// The others, together.
    quiet: Quiet,
    codes: Vec<UsedCode>,
    /// Whether the SMS channel was enabled.
    sends_sms: bool,
    senders: Vec<SenderRow>,
    senders_left: u64,
    /// Findings that failed or could not be evaluated.
    open: Vec<FindingRow>,
    /// The others.
    closed: Vec<FindingRow>,
    /// Of the findings.
    all_findings: String,
}

impl Row for Section {
    const TEMPLATE: &'static str = "application.md.tera";
    const COLUMNS: usize = 0;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { anchor, name, arn, account, region, how, why, all_findings, .. } = self;
        [anchor, name, arn, account, region, how, all_findings].into_iter().for_each(&mut *visit);
        why.iter_mut().for_each(&mut *visit);
        let Observed { when, enabled, permitted, not_permitted, disabled, unread, voice, required, .. } =
            &mut self.observed;
        [when, enabled, permitted, not_permitted, disabled, unread, voice, required].into_iter().for_each(&mut *visit);
        for ChannelRow { name, state, observed, evidence, .. } in &mut self.channels {
            [name, state, observed].into_iter().for_each(&mut *visit);
            for link in evidence {
                link.texts(visit);
            }
        }
        let Quiet { names, observed, evidence } = &mut self.quiet;
        [names, observed].into_iter().for_each(&mut *visit);
        for link in evidence {
            link.texts(visit);
        }
        for UsedCode { number, address, what, verdicts, summary } in &mut self.codes {
            [number, address, what].into_iter().for_each(&mut *visit);
            for verdict in verdicts {
                verdict.texts(visit);
            }
            summary.texts(visit);
        }
        self.senders.iter_mut().for_each(|sender| sender.texts(visit));
        for FindingRow { address, below, finding, .. } in self.open.iter_mut().chain(&mut self.closed) {
            [address, below].into_iter().for_each(&mut *visit);
            finding.texts(visit);
        }
    }
}

/// What the calls about an application showed, in numbers and names.
#[derive(Serialize)]
struct Observed {
    /// Empty when the index holds none of its calls.
    when: String,
    calls: u64,
    enabled: String,
    /// In words, as AWS's page sees them.
    permitted: String,
    not_permitted: String,
    disabled: String,
    not_configured: u64,
    /// With the reason of each.
    unread: String,
    campaigns: u64,
    journeys: u64,
    /// The state of the voice channel; empty where it was not asked for.
    voice: String,
    /// How many findings of required rules have each verdict: "6 fail, 9 pass".
    required: String,
}

#[derive(Serialize)]
struct ChannelRow {
    name: String,
    state: String,
    permission: &'static str,
    observed: String,
    evidence: Vec<CallLink>,
}

/// Channels that nobody configured.
#[derive(Serialize)]
struct Quiet {
    names: String,
    observed: String,
    evidence: Vec<CallLink>,
}

/// A short code that the application is set to send from.
#[derive(Serialize)]
struct UsedCode {
    number: String,
    address: String,
    /// What of the application sends from it.
    what: String,
    verdicts: Vec<RuleVerdict>,
    summary: Summary,
}

/// A finding on the application itself or on one of its channels.
#[derive(Serialize)]
struct FindingRow {
    level: &'static str,
    /// On the page of findings.
    address: String,
    /// What of the application it is about; empty when it is the whole.
    below: String,
    finding: FindingView,
}

impl Section {
    /// The section of a judged application; its findings and those on short codes lie ready.
    pub(super) fn new(
        place: &Place,
        places: &Places<'_>,
        (shelf, shelf_of_codes): (&Shelf, &Shelf),
        pack: &Pack,
        calls: &CallIndex<'_>,
    ) -> Self {
        let application = &*place.application;
        let findings: Vec<At<'_>> = place.findings.iter().filter_map(|at| Some((*at, shelf.get(*at)?))).collect();
        let (below, own): (Vec<At<'_>>, Vec<At<'_>>) =
            findings.iter().copied().partition(|(_, finding)| kind(finding, application).is_some());
        let (open, mut closed): (Vec<At<'_>>, Vec<At<'_>>) =
            own.into_iter().partition(|(_, finding)| finding.verdict.is_open());
        closed.sort_by_key(|(_, finding)| Reverse(words::weight(finding.verdict)));
        let rows = |findings: Vec<At<'_>>| {
            findings.into_iter().map(|at| finding_row(at, application, pack, calls)).collect::<Vec<_>>()
        };
        let (senders, senders_left) = senders::senders(&below, application, pack, calls);
        let enabled = |channel: &Channel| channel.state == ChannelState::Enabled;
        Self {
            anchor: section(application),
            name: place.title.clone(),
            arn: application.arn.clone(),
            account: application.account.clone(),
            region: application.region.clone(),
            phi: application.phi.as_str(),
            how: match &application.phi {
                Phi::Declared { how } => how.clone(),
                _ => "nothing in the configuration declares it, so it is judged as if it carried PHI".to_owned(),
            },
            result: place.standing.label(),
            why: why::sentences(place, shelf),
            observed: Observed::of(place, shelf, calls),
            channels: application.channels.iter().filter(|it| !is_quiet(it)).map(|it| channel_row(it, calls)).collect(),
            quiet: quiet(application, calls),
            codes: place
                .chains
                .iter()
                .filter_map(|at| used_code(*at, application, places, shelf_of_codes, calls))
                .collect(),
            sends_sms: application.channels.iter().any(|channel| channel.name == "SMS" && enabled(channel)),
            senders,
            senders_left,
            open: rows(open),
            closed: rows(closed),
            all_findings: page_path("findings", 0),
        }
    }
}

impl Observed {
    fn of(place: &Place, shelf: &Shelf, calls: &CallIndex<'_>) -> Self {
        let application = &*place.application;
        let names = |is: &dyn Fn(&Channel) -> bool| {
            let names: Vec<&str> =
                application.channels.iter().filter(|it| is(it)).map(|channel| channel.name.as_str()).collect();
            names.join(", ")
        };
        let enabled = |channel: &Channel| channel.state == ChannelState::Enabled;
        let findings: Vec<&Finding> = place.findings.iter().filter_map(|at| shelf.get(*at)).collect();
        let mut asked: Vec<&CallId> = application.channels.iter().flat_map(|channel| &channel.evidence).collect();
        asked.extend(findings.iter().flat_map(|finding| &finding.evidence));
        asked.sort_unstable();
        asked.dedup();
        let judged = |below: &str| senders::judged(place.all_findings(shelf), application, below);
        let voice = application.channels.iter().find(|channel| channel.name == "VOICE");
        Self {
            when: calls.span(asked.iter().copied()).unwrap_or_default(),
            calls: words::number(asked.len()),
            enabled: names(&enabled),
            permitted: families::enabled_in_words(application, true),
            not_permitted: families::enabled_in_words(application, false),
            disabled: names(&|channel| channel.state == ChannelState::Disabled),
            not_configured: words::number(application.channels.iter().filter(|it| is_quiet(it)).count()),
            unread: unread(application),
            campaigns: judged("/campaigns/"),
            journeys: judged("/journeys/"),
            voice: voice.map(|channel| words::state(channel.state)).unwrap_or_default(),
            required: in_numbers(place.required(shelf)),
        }
    }
}

/// The channels that could not be read, by reason.
fn unread(application: &Application) -> String {
    let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for channel in &application.channels {
        if let ChannelState::Unread(why) = channel.state {
            by_reason.entry(words::outcome(why)).or_default().push(&channel.name);
        }
    }
    let told = by_reason.into_iter().map(|(why, names)| format!("{} ({why})", names.join(", ")));
    told.collect::<Vec<_>>().join("; ")
}

/// For instance "6 fail, 9 pass".
fn in_numbers<'f>(findings: impl Iterator<Item = &'f Finding>) -> String {
    let mut counts: BTreeMap<_, (&str, u64)> = BTreeMap::new();
    for finding in findings {
        let key = Reverse(words::weight(finding.verdict));
        let (_, count) = counts.entry(key).or_insert((finding.verdict.as_str(), 0));
        *count += 1;
    }
    let told =
        counts.values().map(|(verdict, count)| format!("{} {}", words::count(*count), verdict.replace('_', " ")));
    told.collect::<Vec<_>>().join(", ")
}

fn is_quiet(channel: &Channel) -> bool {
    channel.state == ChannelState::NotConfigured
}

fn channel_row(channel: &Channel, calls: &CallIndex<'_>) -> ChannelRow {
    ChannelRow {
        name: channel.name.clone(),
        state: words::shaped_state(channel.state),
        permission: words::permission(channel.permitted),
        observed: calls.observed(&channel.evidence).unwrap_or_default(),
        evidence: calls.links(&channel.evidence),
    }
}

fn quiet(application: &Application, calls: &CallIndex<'_>) -> Quiet {
    let channels: Vec<&Channel> = application.channels.iter().filter(|it| is_quiet(it)).collect();
    let mut evidence: Vec<CallId> = Vec::new();
    for call in channels.iter().flat_map(|channel| &channel.evidence) {
        if !evidence.contains(call) {
            evidence.push(call.clone());
        }
    }
    let names: Vec<&str> = channels.iter().map(|channel| channel.name.as_str()).collect();
    Quiet {
        names: names.join(", "),
        observed: calls.span(evidence.iter()).unwrap_or_default(),
        evidence: calls.links(&evidence),
    }
}

fn used_code(
    at: usize,
    application: &Application,
    places: &Places<'_>,
    shelf: &Shelf,
    calls: &CallIndex<'_>,
) -> Option<UsedCode> {
    let place = places.code(at)?;
    let own = place.chain.origins.iter().filter(|it| it.application == application.arn && it.silent.is_none());
    let what = own.map(|origin| origin.what.as_str()).collect::<Vec<_>>().join(", ");
    Some(UsedCode {
        number: place.chain.number.clone(),
        what,
        verdicts: code::verdicts(&place, shelf, calls),
        summary: Summary::of(&place.chain),
        address: place.address,
    })
}

fn finding_row((at, finding): At<'_>, application: &Application, pack: &Pack, calls: &CallIndex<'_>) -> FindingRow {
    FindingRow {
        level: finding.level.as_str(),
        address: calls.of_finding(at),
        below: rest(finding, application).unwrap_or_default().to_owned(),
        finding: FindingView::new((at, finding), pack, calls),
    }
}
