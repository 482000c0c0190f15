//! Where message data comes from and goes to besides the recipient, as the estate shows it.
//!
//! Facts only: whether a destination is declared, the findings of the rules about data flow say.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evidence::Ids;
use super::packed::{Held, List};
use crate::config::Config;
use crate::estate::{Application, CampaignStatus, Gap, Hook, Job, Listed, Listing, Place, Reading};
use crate::rules::{Finding, Phi, Verdict};
use crate::snapshot::{CallId, Outcome};

/// One way in which message data comes or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Which way.
    pub kind: FlowKind,
    /// Twelve digits.
    pub account: String,
    /// Where.
    pub region: String,
    /// Whose: the name of an application, a configuration set, a recommender or a number.
    pub whose: String,
    /// Where it comes from or goes to.
    pub target: FlowTarget,
    /// The resource of the finding that judges it.
    pub resource: String,
    /// The calls that show it.
    pub evidence: Vec<CallId>,
}

/// What was seen of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowTarget {
    /// An ARN, an address, a name.
    Seen(String),
    /// It could not be read, or not to its end; a sentence.
    Unread(String),
}

/// The ways that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlowKind {
    /// Endpoints are read from a bucket.
    Import,
    /// Recipients answer a short code.
    Replies,
    /// Endpoints are written to a bucket.
    Export,
    /// Events of an application.
    EventStream,
    /// Events of SMS and voice messages.
    EventDestination,
    /// A function or web hook sees endpoints before a campaign sends.
    Hook,
    /// A model or function sees attributes of endpoints.
    Recommender,
}

impl FlowKind {
    /// Every way, in the order of documents.
    pub const ALL: [Self; 7] = [
        Self::Import,
        Self::Replies,
        Self::Export,
        Self::EventStream,
        Self::EventDestination,
        Self::Hook,
        Self::Recommender,
    ];

    /// For a row of a table.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Import => "Import of endpoints",
            Self::Replies => "Replies to a short code",
            Self::Export => "Export of endpoints",
            Self::EventStream => "Event stream",
            Self::EventDestination => "Event destination of SMS",
            Self::Hook => "Campaign hook",
            Self::Recommender => "Recommender",
        }
    }

    /// Whether data comes in by it.
    #[must_use]
    pub const fn enters(self) -> bool {
        matches!(self, Self::Import | Self::Replies)
    }

    /// The rule that judges it.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Import | Self::Export => "import-export-declared",
            Self::Replies => "two-way-destination-declared",
            Self::EventStream => "event-stream-declared",
            Self::EventDestination => "event-destinations-declared",
            Self::Hook => "hooks-declared",
            Self::Recommender => "recommenders-declared",
        }
    }
}

/// Every flow of a pack: by kind, account, region, whose it is and its resource.
#[derive(Clone, Debug)]
pub struct Flows([List<Flow>; FlowKind::ALL.len()]);

impl Flows {
    /// None yet. Calls that stand in an index are kept as their places there.
    pub(super) fn citing(calls: &Arc<Ids>) -> Self {
        Self(std::array::from_fn(|_| List::citing(calls)))
    }

    /// Adds those of an account and region, which comes after the others in the order.
    pub(super) fn add(&mut self, mut flows: Vec<Flow>) {
        sort(&mut flows);
        for flow in flows {
            self.0[flow.kind as usize].push(flow);
        }
    }

    pub(super) fn settle(&mut self) {
        self.0.iter_mut().for_each(List::settle);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(List::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = Held<Flow>> + '_ {
        self.0.iter().flatten()
    }

    /// Those of one kind, in order.
    #[must_use]
    pub const fn of(&self, kind: FlowKind) -> &List<Flow> {
        &self.0[kind as usize]
    }
}

impl FromIterator<Flow> for Flows {
    fn from_iter<I: IntoIterator<Item = Flow>>(all: I) -> Self {
        let mut flows = Self::citing(&Arc::default());
        flows.add(all.into_iter().collect());
        flows.settle();
        flows
    }
}

/// Every flow of an account and region that one of its findings judges: what carries no PHI is left out, and the
/// findings say so.
pub(super) fn of_place(place: &Place, config: &Config, findings: &[Finding]) -> Vec<Flow> {
    let mut found = Found { place, flows: Vec::new() };
    for application in place.applications.iter().filter(|application| Phi::of(application, config).is_judged()) {
        found.application(application);
    }
    found.event_destinations();
    found.recommenders();
    found.replies();
    let judged = findings.iter().filter(|finding| finding.verdict != Verdict::NotApplicable);
    let judged: BTreeSet<(&str, &str)> = judged.map(|finding| (finding.rule, finding.resource.as_str())).collect();
    found.flows.retain(|flow| judged.contains(&(flow.kind.rule(), flow.resource.as_str())));
    found.flows
}

/// In the order of documents.
fn sort(flows: &mut [Flow]) {
    flows.sort_by(|a, b| {
        (a.kind, &a.account, &a.region, &a.whose, &a.resource).cmp(&(
            b.kind,
            &b.account,
            &b.region,
            &b.whose,
            &b.resource,
        ))
    });
}

struct Found<'a> {
    place: &'a Place,
    flows: Vec<Flow>,
}

impl Found<'_> {
    fn add(&mut self, kind: FlowKind, (whose, resource): (&str, &str), target: FlowTarget, calls: &[CallId]) {
        self.flows.push(Flow {
            kind,
            account: self.place.account.clone(),
            region: self.place.region.clone(),
            whose: whose.to_owned(),
            target,
            resource: resource.to_owned(),
            evidence: calls.to_vec(),
        });
    }

    fn unread(&mut self, kind: FlowKind, of: (&str, &str), gap: &Gap) {
        if gap.outcome != Outcome::NotOffered {
            self.add(kind, of, FlowTarget::Unread(gap.sentence()), &gap.calls);
        }
    }

    fn application(&mut self, application: &Application) {
        let of = (application.name.as_str(), application.arn.as_str());
        self.jobs(FlowKind::Import, of, &application.imports);
        self.jobs(FlowKind::Export, of, &application.exports);
        match &application.event_stream {
            Reading::Seen { value, calls } => {
                let target = FlowTarget::Seen(value.destination_stream_arn.clone());
                self.add(FlowKind::EventStream, of, target, calls);
            }
            Reading::Absent { .. } => {}
            Reading::Unread(gap) => self.unread(FlowKind::EventStream, of, gap),
        }
        match &application.settings {
            Reading::Seen { value, calls } => {
                if let Some(hook) = &value.campaign_hook {
                    self.hook(of, hook, calls);
                }
            }
            Reading::Absent { .. } => {}
            Reading::Unread(gap) => self.unread(FlowKind::Hook, of, gap),
        }
        for Listed { value, call } in &application.campaigns.seen {
            if let (Some(hook), true) = (&value.hook, value.status != Some(CampaignStatus::Deleted)) {
                self.hook(of, hook, std::slice::from_ref(call));
            }
        }
        // A campaign that ended with the support of Amazon Pinpoint calls no hook any more.
        if let Some(gap) = application.campaigns.gap.as_ref().filter(|gap| gap.outcome != Outcome::EndOfSupport) {
            self.unread(FlowKind::Hook, of, gap);
        }
    }

    fn jobs(&mut self, kind: FlowKind, of: (&str, &str), jobs: &Listing<Job>) {
        for Listed { value, call } in &jobs.seen {
            let target = match &value.location {
                Some(url) => FlowTarget::Seen(url.clone()),
                None => FlowTarget::Unread("The answer names no place.".to_owned()),
            };
            self.add(kind, of, target, std::slice::from_ref(call));
        }
        if let Some(gap) = &jobs.gap {
            self.unread(kind, of, gap);
        }
    }

    fn hook(&mut self, of: (&str, &str), hook: &Hook, calls: &[CallId]) {
        for target in hook.function.iter().chain(&hook.url) {
            self.add(FlowKind::Hook, of, FlowTarget::Seen(target.clone()), calls);
        }
    }

    fn event_destinations(&mut self) {
        let (sets, place) = (&self.place.sms_configuration_sets, self.place.resource());
        for Listed { value: set, call } in &sets.seen {
            for destination in set.event_destinations.iter().flatten().filter(|it| it.enabled != Some(false)) {
                for target in &destination.targets {
                    let target = FlowTarget::Seen(target.clone());
                    self.add(FlowKind::EventDestination, (&set.name, &set.arn), target, std::slice::from_ref(call));
                }
            }
        }
        if let Some(gap) = &sets.gap {
            self.unread(FlowKind::EventDestination, ("configuration sets", &place), gap);
        }
    }

    fn recommenders(&mut self) {
        let (list, place) = (&self.place.recommenders, self.place.resource());
        for Listed { value, call } in &list.seen {
            for target in value.provider.iter().chain(&value.transformer) {
                let target = FlowTarget::Seen(target.clone());
                self.add(FlowKind::Recommender, (&value.name, &place), target, std::slice::from_ref(call));
            }
        }
        if let Some(gap) = &list.gap {
            self.unread(FlowKind::Recommender, ("recommenders", &place), gap);
        }
    }

    fn replies(&mut self) {
        for Listed { value, call } in &self.place.numbers.own.seen {
            if let (Some(true), Some(target)) = (value.two_way, &value.two_way_channel) {
                let target = FlowTarget::Seen(target.clone());
                self.add(FlowKind::Replies, (&value.number, &value.arn), target, std::slice::from_ref(call));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::testing::{APP, Account, EXCLUDED, UNREAD, about_app, campaign};
    use crate::rules::{self, testing};

    /// Each flow in a line.
    fn seen(account: &Account) -> Vec<String> {
        account.judge_with(|context| {
            let findings = rules::judge(context);
            let line = |flow: &Flow| {
                let target = match &flow.target {
                    FlowTarget::Seen(target) => target.clone(),
                    FlowTarget::Unread(sentence) => format!("unread: {sentence}"),
                };
                format!("{:?} of {}: {target} ({})", flow.kind, flow.whose, flow.evidence.len())
            };
            let of_place = |place| of_place(place, context.config, &findings);
            let mut flows: Vec<Flow> = context.estate.places.iter().flat_map(of_place).collect();
            sort(&mut flows);
            flows.iter().map(line).collect()
        })
    }

    fn with_everything() -> Account {
        let mut account = Account::new();
        let job = |member: &str, url: &str| json!({"Item": [{"Id": "j", "Definition": {member: url}}]});
        account.answer(&op::GET_IMPORT_JOBS, about_app(), job("S3Url", "s3://in/a.csv"));
        account.answer(&op::GET_EXPORT_JOBS, about_app(), job("S3UrlPrefix", "s3://out/"));
        account.answer(
            &op::GET_EVENT_STREAM,
            about_app(),
            json!({"DestinationStreamArn": "arn:aws:kinesis:x:1:stream/s"}),
        );
        let settings = json!({"ApplicationId": APP, "CampaignHook": {"LambdaFunctionName": "filter"}});
        account.answer(&op::GET_APPLICATION_SETTINGS, about_app(), settings);
        let hooked = campaign("c", json!({"Hook": {"WebUrl": "https://hooks.example.org/in"}}));
        let deleted = campaign(
            "d",
            json!({"Hook": {"WebUrl": "https://gone.example.org"}, "State": {"CampaignStatus": "DELETED"}}),
        );
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [hooked, deleted]}));
        let model = json!({"Item": [{"Id": "r", "Name": "articles", "RecommendationProviderUri": "arn:aws:personalize:x:1:campaign/m"}]});
        account.answer(&op::GET_RECOMMENDER_CONFIGURATIONS, json!({}), model);
        let destination = |name: &str, enabled: bool, target: Value| json!({"EventDestinationName": name, "Enabled": enabled, "SnsDestination": {"TopicArn": target}});
        let set = json!({"ConfigurationSets": [{"ConfigurationSetArn": "arn:set", "ConfigurationSetName": "sms", "EventDestinations": [
            destination("on", true, json!("arn:aws:sns:x:1:on")), destination("off", false, json!("arn:aws:sns:x:1:off")),
        ]}]});
        account.answer(&op::DESCRIBE_CONFIGURATION_SETS, json!({}), set);
        account
    }

    #[test]
    fn every_way_is_seen_once_and_what_is_off_or_deleted_is_none() {
        assert_eq!(
            seen(&with_everything()),
            [
                "Import of reminders: s3://in/a.csv (1)",
                "Export of reminders: s3://out/ (1)",
                "EventStream of reminders: arn:aws:kinesis:x:1:stream/s (1)",
                "EventDestination of sms: arn:aws:sns:x:1:on (1)",
                "Hook of reminders: filter (1)",
                "Hook of reminders: https://hooks.example.org/in (1)",
                "Recommender of articles: arn:aws:personalize:x:1:campaign/m (1)",
            ]
        );
        assert_eq!(seen(&Account::new()), Vec::<String>::new());
    }

    #[test]
    fn what_could_not_be_read_stands_as_unread_and_never_as_nothing() {
        for outcome in UNREAD {
            for (operation, kind) in [
                (&op::GET_IMPORT_JOBS, "Import"),
                (&op::GET_EXPORT_JOBS, "Export"),
                (&op::GET_EVENT_STREAM, "EventStream"),
                (&op::GET_APPLICATION_SETTINGS, "Hook"),
            ] {
                let mut account = Account::new();
                account.fail(operation, about_app(), outcome);
                let lines = seen(&account);
                let expected = format!("{kind} of reminders: unread: {} could not be read", operation.name);
                assert!(lines.iter().any(|line| line.starts_with(&expected)), "{outcome:?} {expected}: {lines:?}");
            }
        }
    }

    #[test]
    fn an_application_without_phi_has_no_flow() {
        let of_application = |line: &String| line.contains("of reminders");
        let account = with_everything().config(EXCLUDED);
        assert_eq!(seen(&account).into_iter().filter(of_application).collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn replies_to_a_short_code_go_somewhere() {
        let mut account = Account::new();
        account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true, "ShortCode": "24680"}));
        let mut number = testing::number("24680", "SHORT_CODE", "ACTIVE", &["SMS"]);
        number["TwoWayEnabled"] = json!(true);
        number["TwoWayChannelArn"] = json!("arn:aws:sns:us-east-1:111122223333:replies");
        account.numbers(json!([number]));
        assert_eq!(seen(&account), ["Replies of 24680: arn:aws:sns:us-east-1:111122223333:replies (1)"]);
    }
}
