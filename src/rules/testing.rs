//! Estates for the tests of rules, made from wire documents through the same reader as real ones.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Context, Finding, Rule, Subject, Verdict};
use crate::config::Config;
use crate::estate::Estate;
use crate::operations::{self as op, Operation};
use crate::period::Period;
use crate::snapshot::{Call, CallError, CallId, Outcome, Question, hex_sha256};

pub(super) const ACCOUNT: &str = "111122223333";
pub(super) const REGION: &str = "us-east-1";
pub(super) const APP: &str = "0123456789abcdef0123456789abcdef";
pub(super) const APP_ARN: &str = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0123456789abcdef0123456789abcdef";

/// A small account, to which a test adds what it is about.
pub(super) struct Account {
    calls: BTreeMap<CallId, Call>,
    at: DateTime<Utc>,
    period: Period,
    config: String,
}

impl Account {
    /// One application named `reminders`; every channel absent; nothing else asked.
    pub(super) fn new() -> Self {
        let mut account = Self {
            calls: BTreeMap::new(),
            at: time("2026-09-30T16:00:00Z"),
            period: "2026-Q3".parse().expect("a period"),
            config: String::new(),
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
        account.numbers(json!([]));
        account.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), json!({"PhoneNumbers": []}));
        account.answer(&op::LIST_REPORTS, json!({}), json!({"reports": []}));
        account.answer(&op::LIST_CUSTOMER_AGREEMENTS, json!({}), json!({"customerAgreements": []}));
        account
    }

    /// Sets when everything is collected, and the period.
    pub(super) fn at(mut self, at: &str, period: &str) -> Self {
        self.at = time(at);
        self.period = period.parse().expect("a period");
        for call in self.calls.values_mut() {
            (call.started, call.finished) = (self.at, self.at);
        }
        self
    }

    /// Adds declarations.
    pub(super) fn config(mut self, toml: &str) -> Self {
        self.config.push_str(toml);
        self
    }

    /// What AWS answers, on one page.
    pub(super) fn answer(&mut self, operation: &Operation, asked: Value, body: Value) -> CallId {
        self.page(operation, asked, 1, &body.to_string(), Outcome::Observed)
    }

    /// The numbers of the account itself.
    pub(super) fn numbers(&mut self, numbers: Value) -> CallId {
        self.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), json!({"PhoneNumbers": numbers}))
    }

    /// A call that shows nothing.
    pub(super) fn fail(&mut self, operation: &Operation, asked: Value, outcome: Outcome) -> CallId {
        let id = self.page(operation, asked, 1, "", outcome);
        let call = self.calls.get_mut(&id).expect("the call");
        (call.body, call.sha256) = (None, None);
        call.error = Some(CallError { code: Some("Example".into()), message: None });
        id
    }

    /// One page of an answer, whatever it holds.
    pub(super) fn page(
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
    pub(super) fn judge(&self, rule: &Rule) -> Vec<Finding> {
        self.judge_with(|context| super::judge_one(rule, context))
    }

    /// What somebody makes of everything that a rule may look at.
    pub(super) fn judge_with<T>(&self, look: impl FnOnce(&Context<'_>) -> T) -> T {
        let estate = Estate::of_calls(ACCOUNT, &[REGION], self.at, self.calls.values().cloned());
        let config = Config::parse(&self.config, "evidence.toml").expect("a configuration");
        let period = &self.period;
        look(&Context { estate: &estate, config: &config, period, programs: crate::programs::all() })
    }

    /// The verdict of a rule on one resource.
    pub(super) fn verdict(&self, rule: &Rule, resource: &str) -> Verdict {
        self.finding(rule, resource).verdict
    }

    /// The finding of a rule on one resource.
    pub(super) fn finding(&self, rule: &Rule, resource: &str) -> Finding {
        let findings = self.judge(rule);
        let found = findings.iter().find(|finding| finding.resource == resource);
        found.cloned().unwrap_or_else(|| panic!("no finding on {resource} among {findings:#?}"))
    }
}

/// The outcomes that show nothing and are no fact by themselves.
pub(super) const UNREAD: [Outcome; 6] = [
    Outcome::AccessDenied,
    Outcome::Throttled,
    Outcome::Timeout,
    Outcome::Unreachable,
    Outcome::ServerError,
    Outcome::Unmodelled,
];

pub(super) fn about_app() -> Value {
    json!({"ApplicationId": APP})
}

pub(super) fn app() -> Value {
    json!({"Id": APP, "Arn": APP_ARN, "Name": "reminders", "tags": {}})
}

pub(super) fn unread(outcome: Outcome) -> Verdict {
    Verdict::NotEvaluated(super::Reason::Unread(outcome))
}

fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc)
}

pub(super) fn a_rule() -> &'static Rule {
    &super::voice_channel_disabled::RULE
}

pub(super) fn a_subject() -> Subject {
    Subject { account: ACCOUNT.into(), region: None, resource: "x".into(), name: None }
}

pub(super) fn context<T>(look: impl FnOnce(&Context<'_>) -> T) -> T {
    let estate = Estate::of_calls(ACCOUNT, &[REGION], time("2026-11-23T16:00:00Z"), []);
    let period = "2026-Q4".parse().expect("a period");
    look(&Context { estate: &estate, config: &Config::default(), period: &period, programs: crate::programs::all() })
}

/// Excludes the application.
pub(super) const EXCLUDED: &str = r#"
[[phi.excluded]]
application = "reminders"
reason = "newsletter"
declared_by = "privacy officer"
declared_on = 2026-09-01
"#;

pub(super) fn campaign_arn(id: &str) -> String {
    format!("{APP_ARN}/campaigns/{id}")
}

pub(super) fn journey_arn(id: &str) -> String {
    format!("{APP_ARN}/journeys/{id}")
}

/// A campaign with these members besides its names.
pub(super) fn campaign(id: &str, members: Value) -> Value {
    let mut campaign = json!({"Id": id, "Arn": campaign_arn(id), "Name": id, "State": {"CampaignStatus": "SCHEDULED"}});
    let Value::Object(members) = members else { panic!("an object") };
    campaign.as_object_mut().expect("an object").extend(members);
    campaign
}

pub(super) fn journey(id: &str, state: &str, activities: Value) -> Value {
    json!({"Id": id, "Name": id, "ApplicationId": APP, "State": state, "Activities": activities})
}

pub(super) fn number(number: &str, kind: &str, status: &str, capabilities: &[&str]) -> Value {
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
