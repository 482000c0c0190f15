//! Estates for the tests of rules, made from wire documents through the same reader as real ones.
#![expect(clippy::needless_pass_by_value, reason = "documents are written in place, as literals")]

mod closed;
pub(crate) mod estates;
mod matrix;
pub(crate) mod packs;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Context, Finding, Focus, Rule, Subject, Verdict};
use crate::config::Config;
use crate::estate::Estate;
use crate::operations::{self as op, Operation};
use crate::period::Period;
use crate::snapshot::{Call, CallError, CallId, Outcome, Question, hex_sha256};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const APP: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const APP_ARN: &str = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0123456789abcdef0123456789abcdef";

/// A small account, to which a test adds what it is about.
pub(crate) struct Account {
    calls: BTreeMap<CallId, Call>,
    at: DateTime<Utc>,
    period: Period,
    config: String,
    elsewhere: BTreeMap<&'static str, Vec<Call>>,
    home: &'static str,
    left_out: Vec<String>,
}

impl Account {
    /// One application named `reminders`; every channel absent; nothing else asked.
    pub(crate) fn new() -> Self {
        let mut account = Self {
            calls: BTreeMap::new(),
            at: time("2026-09-30T16:00:00Z"),
            period: "2026-Q3".parse().expect("a period"),
            config: String::new(),
            elsewhere: BTreeMap::new(),
            home: REGION,
            left_out: Vec::new(),
        };
        account.answer(&op::GET_APPS, json!({}), json!({"Item": [app()]}));
        account.answer(&op::GET_APP, about_app(), app());
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {}}));
        for operation in op::ALL.iter().filter(|operation| operation.name.ends_with("Channel")) {
            account.fail(operation, about_app(), Outcome::NotConfigured);
        }
        for list in [&op::GET_CAMPAIGNS, &op::LIST_JOURNEYS] {
            account.answer(list, about_app(), json!({"Item": []}));
        }
        account.answer(&op::GET_APPLICATION_SETTINGS, about_app(), json!({"ApplicationId": APP, "CampaignHook": {}}));
        account.fail(&op::GET_EVENT_STREAM, about_app(), Outcome::NotConfigured);
        for list in [&op::GET_IMPORT_JOBS, &op::GET_EXPORT_JOBS] {
            account.answer(list, about_app(), json!({"Item": []}));
        }
        account.answer(&op::GET_RECOMMENDER_CONFIGURATIONS, json!({}), json!({"Item": []}));
        account.answer(&op::DESCRIBE_CONFIGURATION_SETS, json!({}), json!({"ConfigurationSets": []}));
        account.answer(&op::LIST_EMAIL_IDENTITIES, json!({}), json!({"EmailIdentities": []}));
        account.answer(&op::LIST_CONFIGURATION_SETS, json!({}), json!({"ConfigurationSets": []}));
        account.numbers(json!([]));
        account.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), json!({"PhoneNumbers": []}));
        account.answer(&op::LIST_REPORTS, json!({}), json!({"reports": []}));
        account.answer(&op::LIST_CUSTOMER_AGREEMENTS, json!({}), json!({"customerAgreements": []}));
        account
    }

    /// Sets when everything is collected, and the period.
    pub(crate) fn at(mut self, at: &str, period: &str) -> Self {
        self.at = time(at);
        self.period = period.parse().expect("a period");
        for call in self.calls.values_mut() {
            (call.started, call.finished) = (self.at, self.at);
        }
        self
    }

    /// Looks at another region as well, which answers as that account does.
    pub(crate) fn also_in(mut self, region: &'static str, other: &Self) -> Self {
        let there = |call: &Call| Call {
            region: region.into(),
            id: CallId::from_file(format!("{region}-{}", call.id)),
            ..call.clone()
        };
        self.elsewhere.insert(region, other.calls.values().map(there).collect());
        self
    }

    /// Adds declarations.
    pub(crate) fn config(mut self, toml: &str) -> Self {
        self.config.push_str(toml);
        self
    }

    /// The same account in another region and partition.
    pub(crate) fn moved_to(mut self, region: &'static str) -> Self {
        let partition = format!("arn:{}:", crate::regions::partition(region));
        let moved = |text: &str| text.replace(self.home, region).replace("arn:aws:", &partition);
        for call in self.calls.values_mut() {
            call.region = region.into();
            call.body = call.body.as_deref().map(moved);
            call.parameters = serde_json::from_str(&moved(&json!(call.parameters).to_string())).expect("parameters");
        }
        self.config = moved(&self.config);
        Self { home: region, ..self }
    }

    /// Regions where nobody looked.
    pub(crate) fn without_looking_in(mut self, regions: &[&str]) -> Self {
        self.left_out = regions.iter().map(|region| (*region).to_owned()).collect();
        self
    }

    /// Changes every call.
    pub(crate) fn each(mut self, change: impl FnMut(&mut Call)) -> Self {
        self.calls.values_mut().for_each(change);
        self
    }

    /// Forgets every call.
    pub(crate) fn never_asked(self) -> Self {
        Self { calls: BTreeMap::new(), ..self }
    }

    /// Changes what AWS answers to every question about an operation, from the answers that it gave so far.
    pub(crate) fn change(&mut self, operation: &Operation, change: impl Fn(&mut Value)) {
        let asked = |call: &&mut Call| call.operation == operation.name && call.service == operation.service.as_str();
        for call in self.calls.values_mut().filter(asked) {
            let Some(mut body) = call.body.as_deref().and_then(|body| serde_json::from_str(body).ok()) else {
                continue;
            };
            change(&mut body);
            call.body = Some(body.to_string());
        }
    }

    /// What AWS answers, on one page.
    pub(crate) fn answer(&mut self, operation: &Operation, asked: Value, body: Value) -> CallId {
        self.page(operation, asked, 1, &body.to_string(), Outcome::Observed)
    }

    /// The numbers of the account itself.
    pub(crate) fn numbers(&mut self, numbers: Value) -> CallId {
        self.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), json!({"PhoneNumbers": numbers}))
    }

    /// A call that shows nothing.
    pub(crate) fn fail(&mut self, operation: &Operation, asked: Value, outcome: Outcome) -> CallId {
        let id = self.page(operation, asked, 1, "", outcome);
        let call = self.calls.get_mut(&id).expect("the call");
        (call.body, call.sha256) = (None, None);
        call.error = Some(CallError { code: Some("Example".into()), message: None });
        id
    }

    /// One page of an answer, whatever it holds.
    pub(crate) fn page(
        &mut self,
        operation: &Operation,
        asked: Value,
        page: u32,
        body: &str,
        outcome: Outcome,
    ) -> CallId {
        let parameters: BTreeMap<String, Value> = serde_json::from_value(asked).expect("an object");
        let (service, name) = (operation.service.as_str(), operation.name);
        let region = REGION;
        let question = Question { account: ACCOUNT, region, service, operation: name, parameters: &parameters, page };
        let id = CallId::derive(&question);
        let call = Call {
            id: id.clone(),
            service: service.into(),
            operation: name.into(),
            account: ACCOUNT.into(),
            region: region.into(),
            parameters,
            page,
            started: self.at,
            finished: self.at,
            outcome,
            error: None,
            http_status: Some(200),
            request_id: None,
            attempts: 1,
            items: None,
            more: false,
            sha256: Some(hex_sha256(body.as_bytes())),
            body: Some(body.to_owned()),
            redactions: Vec::new(),
        };
        self.calls.insert(id.clone(), call);
        id
    }

    /// The findings of a rule.
    pub(crate) fn judge(&self, rule: &Rule) -> Vec<Finding> {
        self.judge_estate(rule, &self.estate())
    }

    fn estate(&self) -> Estate {
        let regions: Vec<&str> = [self.home].into_iter().chain(self.elsewhere.keys().copied()).collect();
        let calls = self.calls.values().chain(self.elsewhere.values().flatten()).cloned();
        Estate { regions_not_scanned: self.left_out.clone(), ..Estate::of_calls(ACCOUNT, &regions, self.at, calls) }
    }

    fn judge_estate(&self, rule: &Rule, estate: &Estate) -> Vec<Finding> {
        self.look_at(estate, |context| {
            let findings = super::judge_one(rule, context);
            assert_eq!(one_by_one(rule, context), findings, "judged one account and region after the other");
            findings
        })
    }

    /// What somebody makes of everything that a rule may look at.
    pub(crate) fn judge_with<T>(&self, look: impl FnOnce(&Context<'_>) -> T) -> T {
        self.look_at(&self.estate(), look)
    }

    /// The same, with the findings of every rule.
    pub(crate) fn with_findings<T>(&self, look: impl FnOnce(&Context<'_>, Vec<Finding>) -> T) -> T {
        self.judge_with(|context| look(context, super::judge(context)))
    }

    fn look_at<T>(&self, estate: &Estate, look: impl FnOnce(&Context<'_>) -> T) -> T {
        let config = Config::parse(&self.config, "evidence.toml").expect("a configuration");
        let period = &self.period;
        look(&Context { estate, config: &config, period, programs: crate::programs::all(), focus: Focus::Everything })
    }

    /// The verdict of a rule on one resource.
    pub(crate) fn verdict(&self, rule: &Rule, resource: &str) -> Verdict {
        self.finding(rule, resource).verdict
    }

    /// The finding of a rule on one resource.
    pub(crate) fn finding(&self, rule: &Rule, resource: &str) -> Finding {
        let findings = self.judge(rule);
        let found = findings.iter().find(|finding| finding.resource == resource);
        found.cloned().unwrap_or_else(|| panic!("no finding on {resource} among {findings:#?}"))
    }
}

/// The findings of a rule, each account and region judged while the others are reduced.
fn one_by_one(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let mut estate = context.estate.clone();
    estate.places.iter_mut().for_each(|place| super::reduce(place, context.config));
    let mut findings = super::judge_one(rule, &Context { estate: &estate, focus: Focus::Beyond, ..*context });
    for (at, whole) in context.estate.places.iter().enumerate() {
        let reduced = std::mem::replace(&mut estate.places[at], whole.clone());
        findings.extend(super::judge_one(rule, &Context { estate: &estate, focus: Focus::Place(at), ..*context }));
        estate.places[at] = reduced;
    }
    findings.sort_by(|a, b| a.place().cmp(&b.place()));
    findings
}

/// The outcomes that show nothing and are no fact by themselves.
pub(crate) const UNREAD: [Outcome; 6] = [
    Outcome::AccessDenied,
    Outcome::Throttled,
    Outcome::Timeout,
    Outcome::Unreachable,
    Outcome::ServerError,
    Outcome::Unmodelled,
];

pub(crate) fn about_app() -> Value {
    json!({"ApplicationId": APP})
}

pub(crate) fn app() -> Value {
    json!({"Id": APP, "Arn": APP_ARN, "Name": "reminders", "tags": {}})
}

pub(crate) fn unread(outcome: Outcome) -> Verdict {
    Verdict::NotEvaluated(super::Reason::Unread(outcome))
}

fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc)
}

pub(crate) fn a_rule() -> &'static Rule {
    &super::voice_channel_disabled::RULE
}

pub(super) fn a_subject() -> Subject {
    Subject { account: ACCOUNT.into(), region: None, resource: "x".into(), name: None }
}

pub(crate) fn context<T>(look: impl FnOnce(&Context<'_>) -> T) -> T {
    let estate = Estate::of_calls(ACCOUNT, &[REGION], time("2026-11-23T16:00:00Z"), []);
    let period = "2026-Q4".parse().expect("a period");
    look(&Context {
        estate: &estate,
        config: &Config::default(),
        period: &period,
        programs: crate::programs::all(),
        focus: Focus::Everything,
    })
}

/// An account without answers, and these declarations.
pub(crate) fn configured<T>(toml: &str, look: impl FnOnce(&Context<'_>) -> T) -> T {
    let config = Config::parse(toml, "evidence.toml").expect("a configuration");
    context(|context| look(&Context { config: &config, ..*context }))
}

/// Excludes the application.
pub(crate) const EXCLUDED: &str = r#"
[[phi.excluded]]
application = "reminders"
reason = "newsletter"
declared_by = "privacy officer"
declared_on = 2026-09-01
"#;

pub(crate) fn campaign_arn(id: &str) -> String {
    format!("{APP_ARN}/campaigns/{id}")
}

pub(crate) fn journey_arn(id: &str) -> String {
    format!("{APP_ARN}/journeys/{id}")
}

/// A campaign with these members besides its names.
pub(crate) fn campaign(id: &str, members: Value) -> Value {
    let mut campaign = json!({"Id": id, "Arn": campaign_arn(id), "Name": id, "State": {"CampaignStatus": "SCHEDULED"}});
    let Value::Object(members) = members else { panic!("an object") };
    campaign.as_object_mut().expect("an object").extend(members);
    campaign
}

pub(crate) fn journey(id: &str, state: &str, activities: Value) -> Value {
    json!({"Id": id, "Name": id, "ApplicationId": APP, "State": state, "Activities": activities})
}

pub(crate) fn number(number: &str, kind: &str, status: &str, capabilities: &[&str]) -> Value {
    json!({
        "PhoneNumberArn": format!("arn:aws:sms-voice:us-east-1:111122223333:phone-number/phone-{number}"),
        "PhoneNumberId": format!("phone-{number}"),
        "PhoneNumber": number,
        "NumberType": kind,
        "Status": status,
        "NumberCapabilities": capabilities,
        "MessageType": "TRANSACTIONAL",
        "IsoCountryCode": "US",
    })
}

pub(crate) fn identity_arn(region: &str, name: &str) -> String {
    format!("arn:aws:ses:{region}:{ACCOUNT}:identity/{name}")
}

/// An account whose Amazon SES has the identity `mail.example.org` as shown, and the configuration set `secure`.
pub(crate) fn with_identity(shown: Value) -> Account {
    let mut account = Account::new();
    account.answer(
        &op::LIST_EMAIL_IDENTITIES,
        json!({}),
        json!({"EmailIdentities": [{"IdentityName": "mail.example.org"}]}),
    );
    account.answer(&op::GET_EMAIL_IDENTITY, json!({"EmailIdentity": "mail.example.org"}), shown);
    account.answer(&op::LIST_CONFIGURATION_SETS, json!({}), json!({"ConfigurationSets": ["secure"]}));
    let set = json!({"ConfigurationSetName": "secure", "DeliveryOptions": {"TlsPolicy": "REQUIRE"}});
    account.answer(&op::GET_CONFIGURATION_SET, json!({"ConfigurationSetName": "secure"}), set);
    account
}

/// Enables the email channel with these members.
pub(crate) fn email_channel(account: &mut Account, members: Value) {
    let mut channel = json!({"Enabled": true, "Identity": identity_arn(REGION, "mail.example.org")});
    let Value::Object(members) = members else { panic!("an object") };
    channel.as_object_mut().expect("an object").extend(members);
    account.answer(&op::GET_EMAIL_CHANNEL, about_app(), channel);
}

/// Declares that the identity sends PHI.
pub(crate) const IDENTITY: &str = "[phi]\nemail_identities = [\"MAIL.example.org\"]\n";

pub(crate) const PLACE: &str = "account/111122223333/region/us-east-1";

/// Declares something that may receive PHI.
pub(crate) fn processor(target: &str) -> String {
    format!("[[phi.processor]]\ntarget = \"{target}\"\npurpose = \"p\"\n")
}

/// The findings of a rule over several snapshots.
pub(crate) fn recall(newest: &Account, earlier: &[&Account], rule: &Rule) -> Vec<Finding> {
    let mut estate = newest.estate();
    estate.recall(&earlier.iter().map(|account| account.estate()).collect::<Vec<_>>());
    newest.judge_estate(rule, &estate)
}
