//! Every rule over every fixture estate: `tests/data/verdicts.txt`, one line for each, to be reviewed against the
//! catalogue whenever it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::rc::Rc;

use serde_json::json;

use super::estates::spoilt::{cut, cut_list, failing, lacking, silent, unknown_everywhere};
use super::estates::wrong::wrong;
use super::estates::{AFTER, LATE, STATED, clean, empty, undeclared};
use super::{Account, EXCLUDED, about_app, recall};
use crate::config::Config;
use crate::estate::Estate;
use crate::operations::{self as op, Service};
use crate::period::Period;
use crate::rules::phi_numbers::testing::CODE;
use crate::rules::{self, Context, Finding, Reason, Rule, Verdict};
use crate::snapshot::Outcome;
use crate::snapshot::several::Snapshots;

const SKIP: &str = "[phi]\nundeclared = \"skip\"\n";

/// What a rule finds in an estate.
type Judge = Box<dyn Fn(&Rule) -> Vec<Finding>>;

/// An estate, and what it is, for the head of the file.
struct Scene {
    name: &'static str,
    about: &'static str,
    findings: Judge,
    /// Where it is one account at one time.
    account: Option<Rc<Account>>,
}

fn scene(name: &'static str, about: &'static str, account: Account) -> Scene {
    let account = Rc::new(account);
    let kept = Rc::clone(&account);
    Scene { name, about, findings: Box::new(move |rule| account.judge(rule)), account: Some(kept) }
}

/// The scenes that are one account at one time, by name.
pub(super) fn accounts() -> Vec<(&'static str, Rc<Account>)> {
    scenes().into_iter().filter_map(|scene| Some((scene.name, scene.account?))).collect()
}

fn scenes() -> Vec<Scene> {
    let mut scenes = vec![demo()];
    scenes.extend(clean_ones());
    scenes.extend(wrong_ones());
    scenes.extend(unread_ones());
    scenes.extend(scoped_ones());
    scenes
}

fn demo() -> Scene {
    let evidence = Path::new(env!("CARGO_MANIFEST_DIR")).join("output/demo/evidence");
    let newest = Snapshots::open(&[evidence]).expect("the sample pack's evidence").newest;
    let estate = Estate::read(&newest).expect("an estate");
    let config = Config::parse(crate::demo::CONFIG, "evidence.toml").expect("a configuration");
    let period = Period::quarter_of(newest.header.finished);
    let findings = move |rule: &Rule| {
        let programs = crate::programs::all();
        rules::judge_one(
            rule,
            &Context {
                estate: &estate,
                config: &config,
                period: &period,
                programs,
                focus: crate::rules::Focus::Everything,
            },
        )
    };
    Scene { name: "demo", about: "the example account of `demo`", findings: Box::new(findings), account: None }
}

fn clean_ones() -> Vec<Scene> {
    let (newest, before) = (clean_and_ended().at(LATE.0, LATE.1), clean().at("2026-10-20T09:00:00Z", LATE.1));
    let recalled = move |rule: &Rule| recall(&newest, &[&before], rule);
    vec![
        scene("clean", "all is as it should be, and declared", clean()),
        scene("clean-ended", "the same, when campaigns and journeys had ended", clean_and_ended().at(LATE.0, LATE.1)),
        scene("clean-after", "the same, in a period after the end", clean_and_ended().at(AFTER.0, AFTER.1)),
        Scene {
            name: "clean-recalled",
            about: "the same in 2026-Q4, with a snapshot from before the end",
            findings: Box::new(recalled),
            account: None,
        },
        scene("clean-still-there", "all as it should be, and campaigns still there after the end", {
            clean().at(LATE.0, LATE.1)
        }),
        scene("govcloud", "all is as it should be, in us-gov-west-1", clean().moved_to("us-gov-west-1")),
        scene("stated", "what no API shows is stated by persons", unsaid().config(STATED)),
        scene("unsaid", "the same, and nobody states it", unsaid()),
        scene("undeclared", "all is as it should be, and nothing is declared", undeclared()),
    ]
}

/// Campaigns and journeys show nothing any more, and the email channel is off.
pub(super) fn clean_and_ended() -> Account {
    let mut account = clean();
    for list in [&op::GET_CAMPAIGNS, &op::LIST_JOURNEYS] {
        account.answer(list, about_app(), json!({"Item": []}));
    }
    account.fail(&op::GET_EMAIL_CHANNEL, about_app(), Outcome::NotConfigured);
    account.change(&op::GET_CHANNELS, |body| body["Channels"]["EMAIL"]["Enabled"] = json!(false));
    account
}

/// Nothing in it says what only a person can say.
fn unsaid() -> Account {
    let mut account = undeclared().without_looking_in(&["eu-west-1"]);
    account.change(&op::LIST_CUSTOMER_AGREEMENTS, |body| body["customerAgreements"] = json!([]));
    account.change(&op::DESCRIBE_REGISTRATIONS, |body| {
        body["Registrations"][0]["RegistrationStatus"] = json!("REVIEWING");
    });
    account.change(&op::DESCRIBE_PHONE_NUMBERS, |body| {
        if let Some(number) = body["PhoneNumbers"].get_mut(0) {
            number["SelfManagedOptOutsEnabled"] = json!(true);
        }
    });
    account.change(&op::LIST_REPORTS, |body| body["reports"][0]["periodEnd"] = json!(null));
    account.change(&op::LIST_REPORT_VERSIONS, |body| body["reports"][0]["periodEnd"] = json!(null));
    account
}

fn wrong_ones() -> Vec<Scene> {
    vec![
        scene("wrong", "everything is wrong, after the end of support", wrong()),
        scene("wrong-and-cut", "the same, and no list was read to its end", cut(wrong())),
        scene("wrong-unread-apps", "everything is wrong, and nobody may list applications", {
            let mut account = wrong();
            account.fail(&op::GET_APPS, json!({}), Outcome::AccessDenied);
            account
        }),
        scene("contradicting", "GetChannels and the channels' own answers disagree", contradicting()),
        scene("elsewhere", "the short code is shared by another account, the identity lies where nobody looked", {
            elsewhere()
        }),
        scene("unknown", "words that nobody knows, wherever one is compared", unknown_everywhere()),
        scene("unknown-ended", "the same, after the end of support", unknown_everywhere().at(LATE.0, LATE.1)),
    ]
}

/// `GetChannels` shows enabled what the channels' own answers deny, and the other way round.
fn contradicting() -> Account {
    let mut account = clean();
    let map = ["SMS", "EMAIL", "GCM", "APNS", "APNS_SANDBOX", "VOICE"];
    for channel in op::ALL.iter().filter(|operation| operation.name.ends_with("Channel")) {
        account.fail(channel, about_app(), Outcome::NotConfigured);
    }
    account.change(&op::GET_CHANNELS, |body| {
        body["Channels"] = map.map(|name| (name.to_owned(), json!({"Enabled": true}))).into_iter().collect();
    });
    account.at(LATE.0, LATE.1)
}

fn elsewhere() -> Account {
    let mut account = clean();
    let shared = super::number(CODE, "SHORT_CODE", "ACTIVE", &["SMS"]);
    account.numbers(json!([]));
    account.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), json!({"PhoneNumbers": [shared]}));
    account.change(&op::GET_EMAIL_CHANNEL, |body| {
        body["Identity"] = json!("arn:aws:ses:eu-west-1:111122223333:identity/mail.example.org");
    });
    account.answer(&op::LIST_EMAIL_IDENTITIES, json!({}), json!({"EmailIdentities": []}));
    account
}

fn unread_ones() -> Vec<Scene> {
    vec![
        scene("denied", "every read was denied", failing(clean(), Outcome::AccessDenied)),
        scene("denied-below", "every read but that of applications was denied", denied_below()),
        scene("throttled", "every read was throttled", failing(clean(), Outcome::Throttled)),
        scene("not-offered", "AWS offers neither of the messaging services there", not_offered()),
        scene(
            "ended-reads",
            "the reads of campaigns, journeys and the email channel say that the feature ended",
            ended_reads(LATE),
        ),
        scene("never-asked", "a snapshot without any call", clean().never_asked()),
        scene("silent", "every answer is {}", silent(clean())),
        scene("lacking", "answers lack members that AWS documents", lacking(clean())),
        scene("cut", "all is as it should be, and no list was read to its end", cut(clean())),
        scene("cut-apps", "all is as it should be, and there may be more applications", {
            cut_list(clean(), &op::GET_APPS)
        }),
    ]
}

fn not_offered() -> Account {
    clean().each(|call| {
        if [Service::Pinpoint, Service::SmsVoice].iter().any(|service| service.as_str() == call.service) {
            call.outcome = Outcome::NotOffered;
            (call.body, call.sha256) = (None, None);
        }
    })
}

fn denied_below() -> Account {
    clean().each(|call| {
        if !matches!(call.operation.as_str(), "GetApps" | "GetApp") {
            call.outcome = Outcome::AccessDenied;
            (call.body, call.sha256) = (None, None);
        }
    })
}

fn ended_reads((at, period): (&str, &str)) -> Account {
    let ended = ["GetCampaigns", "ListJourneys", "GetEmailChannel"];
    let account = clean().each(|call| {
        if ended.contains(&call.operation.as_str()) {
            call.outcome = Outcome::EndOfSupport;
            (call.body, call.sha256) = (None, None);
        }
    });
    account.at(at, period)
}

fn scoped_ones() -> Vec<Scene> {
    vec![
        scene("empty", "an account in which nobody uses any of the services", empty()),
        scene(
            "excluded",
            "all is as it should be, and the only application is excluded",
            undeclared().config(EXCLUDED),
        ),
        scene("skipped", "all is as it should be, and what nobody declares is skipped", undeclared().config(SKIP)),
        scene("untagged", "nobody may read tags, and what nobody declares is skipped", untagged()),
    ]
}

/// Tags may declare the application, and nobody can see them.
fn untagged() -> Account {
    let mut account = undeclared().config(SKIP);
    let remove = |app: &mut serde_json::Value| app.as_object_mut().expect("an object").remove("tags");
    account.change(&op::GET_APPS, |body| drop(remove(&mut body["Item"][0])));
    account.change(&op::GET_APP, |body| drop(remove(body)));
    let resource = json!({"ResourceArn": super::APP_ARN});
    account.fail(&op::LIST_TAGS_FOR_RESOURCE, resource, Outcome::AccessDenied);
    account
}

/// How often a rule has each verdict, with its reason.
fn counts(findings: &[Finding]) -> String {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.verdict).or_default() += 1;
    }
    let one = |(verdict, count): (&Verdict, &usize)| {
        let reason = verdict.reason().map(|reason| format!(" {reason}")).unwrap_or_default();
        format!("{count} {}{reason}", verdict.as_str())
    };
    let counts: Vec<String> = counts.iter().map(one).collect();
    if counts.is_empty() { "no finding".to_owned() } else { counts.join(", ") }
}

fn matrix() -> String {
    let scenes = scenes();
    let mut text = String::from(
        "# Every rule over every fixture estate: how many findings it has, by verdict and reason.\n\
         # A test writes this file. Hold every changed line against the catalogue before you commit it.\n#\n",
    );
    for Scene { name, about, .. } in &scenes {
        let _ = writeln!(text, "# {name:<17} {about}");
    }
    for rule in rules::ALL {
        let _ = writeln!(text, "\n{} ({})", rule.id, rule.level.as_str());
        for Scene { name, findings, .. } in &scenes {
            let _ = writeln!(text, "  {name:<17} {}", counts(&findings(rule)));
        }
    }
    text
}

#[test]
fn every_rule_over_every_estate_is_the_reviewed_matrix() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/verdicts.txt");
    let (fresh, reviewed) = (matrix(), std::fs::read_to_string(path).unwrap_or_default());
    if fresh != reviewed {
        std::fs::write(path, &fresh).expect("the matrix is repaired");
        let old: BTreeSet<&str> = reviewed.lines().collect();
        let new: Vec<&str> = fresh.lines().filter(|line| !old.contains(line)).collect();
        panic!("tests/data/verdicts.txt was behind; it is written again: review these lines\n{}", new.join("\n"));
    }
}

/// The verdicts that the catalogue gives each rule, besides `not_evaluated` for what is unread: pass, fail,
/// not applicable, attested, left to an attestation, and unspecified. A number that is declared or named and in no
/// inventory leaves open what its record would say.
const VERDICTS: [(&str, &str); 31] = [
    ("voice-channel-disabled", "pass fail n/a"),
    ("voice-templates-absent", "pass fail n/a"),
    ("voice-capability-absent", "pass fail n/a open"),
    ("voice-sending-blocked", "pass fail n/a"),
    ("channels-permitted", "pass fail n/a"),
    ("campaign-channels-permitted", "pass fail n/a"),
    ("journey-channels-permitted", "pass fail n/a"),
    ("hooks-declared", "pass fail n/a"),
    ("sms-origination-short-code", "pass fail n/a"),
    ("sms-sender-id-unused", "pass fail n/a"),
    ("short-code-dedicated", "pass fail n/a open"),
    ("short-code-phi-purpose", "pass fail n/a attested asked open"),
    ("short-code-reserved-for-phi", "pass fail n/a open"),
    ("sms-transactional", "pass fail n/a open"),
    ("short-code-deletion-protected", "pass fail n/a open"),
    ("opt-out-managed", "pass fail n/a attested asked open"),
    ("two-way-destination-declared", "pass fail n/a open"),
    ("email-identity-verified", "pass fail n/a open"),
    ("email-dkim-signed", "pass fail n/a open"),
    ("email-tls-required", "pass fail n/a open"),
    ("push-token-credentials", "pass fail n/a"),
    ("push-sandbox-disabled", "pass fail n/a"),
    ("event-stream-declared", "pass fail n/a"),
    ("event-destinations-declared", "pass fail n/a"),
    ("recommenders-declared", "pass fail n/a"),
    ("import-export-declared", "pass fail n/a"),
    ("baa-active", "pass fail attested asked"),
    ("artifact-report-current", "pass fail n/a open"),
    ("service-supported", "pass fail n/a"),
    ("phi-scope-declared", "pass fail n/a"),
    ("regions-scanned", "pass fail attested"),
];

#[test]
fn every_rule_has_every_verdict_of_the_catalogue_somewhere_and_no_other() {
    const WORDS: [&str; 6] = ["pass", "fail", "n/a", "attested", "asked", "open"];
    let word = |verdict: Verdict| match verdict {
        Verdict::Pass => Some("pass"),
        Verdict::Fail => Some("fail"),
        Verdict::NotApplicable => Some("n/a"),
        Verdict::Attested => Some("attested"),
        Verdict::NotEvaluated(Reason::NeedsAttestation) => Some("asked"),
        Verdict::NotEvaluated(Reason::Unspecified) => Some("open"),
        Verdict::NotEvaluated(Reason::Unread(_)) => None,
    };
    let scenes = scenes();
    for (rule, expected) in VERDICTS {
        let rule = rules::find(rule).expect(rule);
        let findings: Vec<Finding> = scenes.iter().flat_map(|scene| (scene.findings)(rule)).collect();
        let seen: BTreeSet<&str> = findings.iter().filter_map(|finding| word(finding.verdict)).collect();
        let in_order: Vec<&str> = WORDS.into_iter().filter(|word| seen.contains(word)).collect();
        assert_eq!(in_order.join(" "), expected, "{}", rule.id);
        let is_unread = |finding: &Finding| matches!(finding.verdict.reason(), Some(Reason::Unread(_)));
        assert_eq!(findings.iter().any(is_unread), rule.id != "regions-scanned", "{}", rule.id);
    }
    assert_eq!(VERDICTS.map(|(id, _)| id).to_vec(), rules::ALL.iter().map(|rule| rule.id).collect::<Vec<_>>());
}
