//! One application: what was observed, what that shows, what it cannot show; then channels, short codes, campaigns and
//! journeys, findings.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::code::{self, RuleVerdict, Summary};
use super::senders::{self, At, SenderRow, kind, rest};
use crate::pack::{Application, Channel, ChannelState, Found, Pack, Phi};
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::views::families;
use crate::render::views::finding::{FindingView, finding_address};
use crate::render::views::matrix::Label;
use crate::render::views::places::{Place, Places, section};
use crate::render::views::why;
use crate::render::words;
use crate::snapshot::CallId;

/// One application.
#[derive(Serialize)]
pub(super) struct Section<'a> {
    anchor: String,
    name: &'a str,
    arn: &'a str,
    account: &'a str,
    region: &'a str,
    phi: &'static str,
    how: &'a str,
    result: Label,
    /// Why it fails or could not be evaluated.
    why: Vec<String>,
    observed: Observed,
    /// Channels that somebody configured, or that could not be read.
    channels: Vec<ChannelRow<'a>>,
    /// The others, together.
    quiet: Quiet,
    codes: Vec<UsedCode<'a>>,
    /// Whether the SMS channel was enabled.
    sends_sms: bool,
    senders: Vec<SenderRow>,
    senders_left: u64,
    /// Findings that failed or could not be evaluated.
    open: Vec<FindingRow>,
    /// The others.
    closed: Vec<FindingRow>,
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
struct ChannelRow<'a> {
    name: &'a str,
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
struct UsedCode<'a> {
    number: &'a str,
    address: &'a str,
    /// What of the application sends from it.
    what: String,
    verdicts: Vec<RuleVerdict>,
    summary: Summary<'a>,
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

impl<'a> Section<'a> {
    /// The section of a judged application.
    pub(super) fn new(place: &'a Place<'a>, places: &'a Places<'a>, pack: &'a Pack, calls: &CallIndex<'_>) -> Self {
        let application = place.application;
        let findings: Vec<(usize, Found)> =
            place.findings.iter().filter_map(|at| Some((*at, pack.findings.get(*at)?))).collect();
        let findings: Vec<At<'_>> = findings.iter().map(|(at, finding)| (*at, &**finding)).collect();
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
            name: words::name_or(Some(&application.name), &application.id),
            arn: &application.arn,
            account: &application.account,
            region: &application.region,
            phi: application.phi.as_str(),
            how: match &application.phi {
                Phi::Declared { how } => how,
                _ => "nothing in the configuration declares it, so it is judged as if it carried PHI",
            },
            result: Label::of(place.required(pack)),
            why: why::sentences(place, pack),
            observed: Observed::of(place, pack, calls),
            channels: application.channels.iter().filter(|it| !is_quiet(it)).map(|it| channel_row(it, calls)).collect(),
            quiet: quiet(application, calls),
            codes: place.chains.iter().map(|at| used_code(*at, application, places, pack)).collect(),
            sends_sms: application.channels.iter().any(|channel| channel.name == "SMS" && enabled(channel)),
            senders,
            senders_left,
            open: rows(open),
            closed: rows(closed),
        }
    }
}

impl Observed {
    fn of(place: &Place<'_>, pack: &Pack, calls: &CallIndex<'_>) -> Self {
        let application = place.application;
        let names = |is: &dyn Fn(&Channel) -> bool| {
            let names: Vec<&str> =
                application.channels.iter().filter(|it| is(it)).map(|channel| channel.name.as_str()).collect();
            names.join(", ")
        };
        let enabled = |channel: &Channel| channel.state == ChannelState::Enabled;
        let findings: Vec<Found> = place.findings.iter().filter_map(|at| pack.findings.get(*at)).collect();
        let mut asked: Vec<&CallId> = application.channels.iter().flat_map(|channel| &channel.evidence).collect();
        asked.extend(findings.iter().flat_map(|finding| &finding.evidence));
        asked.sort_unstable();
        asked.dedup();
        let judged = |below: &str| senders::judged(place.all_findings(pack), application, below);
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
            required: in_numbers(place.required(pack)),
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
fn in_numbers(findings: impl Iterator<Item = Found>) -> String {
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

fn channel_row<'a>(channel: &'a Channel, calls: &CallIndex<'_>) -> ChannelRow<'a> {
    ChannelRow {
        name: &channel.name,
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

fn used_code<'a>(at: usize, application: &Application, places: &'a Places<'a>, pack: &'a Pack) -> UsedCode<'a> {
    let place = &places.codes[at];
    let own = place.chain.origins.iter().filter(|it| it.application == application.arn && it.silent.is_none());
    let what = own.map(|origin| origin.what.as_str()).collect::<Vec<_>>().join(", ");
    UsedCode {
        number: &place.chain.number,
        address: &place.address,
        what,
        verdicts: code::verdicts(place, pack),
        summary: Summary::of(place.chain),
    }
}

fn finding_row((at, finding): At<'_>, application: &Application, pack: &Pack, calls: &CallIndex<'_>) -> FindingRow {
    FindingRow {
        level: finding.level.as_str(),
        address: finding_address(at, finding),
        below: rest(finding, application).unwrap_or_default().to_owned(),
        finding: FindingView::new(finding, pack, calls),
    }
}
