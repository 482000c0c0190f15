//! Part 5: where PHI can enter, rest and leave, and where AWS's part ends.

use super::case::{Case, counted};
use super::sum::{CallSet, Names};
use crate::pack::write_up::{
    Basis, Block, Column, Ground, Node, Part, Picture, Record, Row, Side, Source, Statement, Table, Text,
};
use crate::pack::{Application, Channel, ChannelState, Evidence, Flow, FlowKind, FlowTarget, Held, Mark};

/// Ways that one document names.
const FLOWS_SHOWN: usize = 150;

/// Projects that a row names.
const NAMES_SHOWN: usize = 150;

const GUIDE: &str = "The picture stands in the HTML page; the table says the same. A triangle marks what is open: a fail or \
    something unread.";

/// A family of channels: what leaves by it, and to whom.
struct Family {
    title: &'static str,
    to: &'static str,
    channels: &'static [&'static str],
}

const FAMILIES: [Family; 4] = [
    Family { title: "Email", to: "the receiving mail servers", channels: &["EMAIL"] },
    Family {
        title: "Push",
        to: "Apple, Google, Amazon, Baidu",
        channels: &["GCM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "ADM", "BAIDU"],
    },
    Family { title: "SMS", to: "the carriers", channels: &["SMS"] },
    Family { title: "Voice", to: "the telephone networks", channels: &["VOICE"] },
];

pub(super) fn part(case: &Case<'_>) -> Part {
    let families = Seen::of_each(case);
    let mut rows: Vec<Row> = vec![senders(case)];
    rows.extend(flows(case, FlowKind::enters));
    rows.push(stored());
    rows.extend(FAMILIES.iter().zip(&families).map(|(family, seen)| family_row(family, seen)));
    rows.extend(flows(case, |kind| !kind.enters()));
    let table = Table {
        columns: &[Column::Words("Way"), Column::Words("Of"), Column::Words("From or to"), Column::Words("Verdict")],
        rows,
    };
    let mut blocks =
        vec![Block::Guide(GUIDE), Block::Picture(Picture::DataFlow(nodes(case, &families))), Block::Table(table)];
    blocks.push(Block::Says(says(case)));
    Part { title: "Data flow", blocks }
}

fn says(case: &Case<'_>) -> Vec<Statement> {
    let mut says = vec![Statement::new(
        "AWS's part ends where a message leaves its network: at the receiving mail server, the carrier, Apple, Google, \
         Amazon or Baidu. Beyond that point SMS may not be encrypted.",
        Basis::of(Ground::Aws(Source::SharedResponsibility)).and(Ground::Aws(Source::SmsCompliance)),
    )];
    says.extend((case.pack.flows.len() > FLOWS_SHOWN).then(|| {
        let words = format!("{} ways in all; each stands at the findings of its rule.", case.pack.flows.len());
        Statement::new(words, Ground::Record(Record::Results))
    }));
    says.push(Statement::new(
        "Event destinations of Amazon SES were collected and are judged by no rule; their answers stand in the evidence.",
        Ground::evidence(case.calls("GetConfigurationSetEventDestinations")),
    ));
    says
}

fn senders(case: &Case<'_>) -> Row {
    Row::new(
        [
            "Enters".into(),
            "your applications".into(),
            "calls of the API: endpoints, events, direct sends. Who calls, and with what, was not read.".into(),
            "–".into(),
        ],
        case.who_stated("access_policies"),
    )
}

fn stored() -> Row {
    Row::new(
        [
            "Rests".into(),
            "Amazon Pinpoint".into(),
            "endpoints, segments, templates, campaigns, analytics; encrypted with keys that AWS owns and rotates, and \
             not with keys of yours. Their content was not read."
                .into(),
            "–".into(),
        ],
        Basis::of(Ground::Aws(Source::DataProtection)).and(Ground::Aws(Source::Encryption)),
    )
}

fn family_row(family: &Family, seen: &Seen) -> Row {
    let whose =
        if seen.enabled == 0 { "no project that may carry PHI".to_owned() } else { seen.enabled_of.told(NAMES_SHOWN) };
    let mut text = Text::from(format!("to {}", family.to));
    if seen.unread > 0 {
        text = text.line(format!("could not be read of {}", seen.unread_of.told(NAMES_SHOWN)));
    }
    let verdict = if seen.is_open(family) { "▲ see part 7" } else { "–" };
    Row::new([format!("Leaves: {}", family.title).into(), whose.into(), text, verdict.into()], seen.calls.evidence())
}

impl Family {
    /// Its channels of an application.
    fn of<'s>(&'s self, application: &'s Application) -> impl Iterator<Item = &'s Channel> {
        application.channels.iter().filter(|channel| self.channels.contains(&channel.name.as_str()))
    }
}

/// The projects that may carry PHI and have a family of channels.
struct Seen {
    enabled: usize,
    enabled_of: Names,
    unread: usize,
    unread_of: Names,
    calls: CallSet,
}

impl Seen {
    /// Of each family: one look at every project.
    fn of_each(case: &Case<'_>) -> [Self; FAMILIES.len()] {
        let mut each = FAMILIES.each_ref().map(|_| Self::new());
        for application in case.pack.scope.applications.iter().filter(|application| application.phi.is_judged()) {
            for (seen, family) in each.iter_mut().zip(&FAMILIES) {
                seen.see(&application, family, &case.pack.evidence);
            }
        }
        each
    }

    fn new() -> Self {
        let none = || Names::knowing(NAMES_SHOWN);
        Self { enabled: 0, enabled_of: none(), unread: 0, unread_of: none(), calls: CallSet::default() }
    }

    fn see(&mut self, application: &Application, family: &Family, evidence: &Evidence) {
        let has = |is: fn(ChannelState) -> bool| family.of(application).any(|channel| is(channel.state));
        if has(ChannelState::is_enabled) {
            self.enabled += 1;
            self.enabled_of.add(&application.name);
        }
        if has(ChannelState::is_unread) {
            self.unread += 1;
            self.unread_of.add(&application.name);
        }
        family.of(application).flat_map(|channel| &channel.evidence).for_each(|call| self.calls.add(call, evidence));
    }

    /// Voice that is enabled is open by itself; any other family only where it could not be read.
    fn is_open(&self, family: &Family) -> bool {
        self.unread > 0 || (family.title == "Voice" && self.enabled > 0)
    }
}

fn flows(case: &Case<'_>, wanted: impl Fn(FlowKind) -> bool) -> Vec<Row> {
    let shown = case.pack.flows.iter().take(FLOWS_SHOWN).filter(|flow| wanted(flow.kind));
    shown.map(|flow| flow_row(case, &flow)).collect()
}

fn flow_row(case: &Case<'_>, flow: &Flow) -> Row {
    let (way, target) = match &flow.target {
        FlowTarget::Seen(target) => (flow.kind.title(), Text::blank().code(target)),
        FlowTarget::Unread(sentence) => (flow.kind.title(), sentence.clone().into()),
    };
    let verdict = match case.finding(flow.kind.rule(), &flow.resource) {
        Some(finding) => Text::blank().verdict(&finding).broken().finding("finding", finding.id()),
        None => "–".into(),
    };
    Row::new([way.into(), flow.whose.clone().into(), target, verdict], Ground::evidence(&flow.evidence))
}

/// The picture: the same in a few words, however many projects there are.
fn nodes(case: &Case<'_>, families: &[Seen; FAMILIES.len()]) -> Vec<Node> {
    let node = |side, title, lines: Vec<String>, open| Node { side, title, lines, open };
    let mut nodes = vec![
        node(Side::Enters, "Your applications", vec!["API calls; not read here".to_owned()], false),
        node(
            Side::Rests,
            "Endpoints, segments, analytics",
            vec!["encrypted by AWS's keys (AWS states)".to_owned(), "content not read".to_owned()],
            false,
        ),
        node(Side::Rests, "Templates, campaigns, journeys", vec!["message text not read".to_owned()], false),
    ];
    nodes.extend(FAMILIES.iter().zip(families).map(|(family, seen)| {
        let mut lines = vec![format!("to {}", family.to), format!("enabled: {}", counted(seen.enabled, "project"))];
        if seen.unread > 0 {
            lines.push(format!("unread: {}", seen.unread));
        }
        node(Side::Recipients, family.title, lines, seen.is_open(family))
    }));
    nodes.extend(FlowKind::ALL.into_iter().map(|kind| {
        let flows = case.pack.flows.of(kind);
        let unread = flows.iter().filter(|flow| matches!(flow.target, FlowTarget::Unread(_))).count();
        let is_open = |flow: &Held<Flow>| case.mark(kind.rule(), &flow.resource).is_some_and(Mark::is_open);
        let open = flows.iter().filter(is_open).count();
        let mut lines = vec![format!("seen: {}", flows.len() - unread)];
        if unread > 0 {
            lines.push(format!("unread: {unread}"));
        }
        if open > 0 {
            lines.push(format!("open findings: {open}"));
        }
        let side = if kind.enters() { Side::Enters } else { Side::Processors };
        node(side, kind.title(), lines, open > 0)
    }));
    nodes
}
