//! Packs for tests: a small one with something of everything, and a large one.

mod controls;
mod large;
mod short_codes;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::pack::{
    Agreement, Application, Channel, ChannelState, Collected, ControlGroup, Declared, EvidenceFile, EvidenceRow,
    Organization, Pack, Period, Phi, Program, Report, Request, RuleCoverage, Scope, Status, Summary,
};
use crate::rules::{AppliedWaiver, Attestation, Finding, Level, Reason, Verdict};
use crate::snapshot::{CallId, Caller, Outcome, Tool, hex_sha256};

pub(super) use controls::programs;
pub(super) use large::large;

/// A name that would act in Markdown, in HTML and in a terminal.
pub(super) const NASTY: &str =
    "<script>alert(1)</script>|[x](javascript:1) **b** `c` &lt; http://evil.example \u{202e}fdp";

const ONE: &str = "111122223333";
const TWO: &str = "444455556666";

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn arn(account: &str, region: &str, id: &str) -> String {
    format!("arn:aws:mobiletargeting:{region}:{account}:apps/{id}")
}

fn call(number: usize) -> CallId {
    CallId::from_file(format!("c-{number:016x}"))
}

fn channel(name: &str, state: ChannelState, evidence: usize) -> Channel {
    let permitted = !matches!(name, "VOICE" | "CUSTOM");
    Channel { name: name.to_owned(), permitted, state, evidence: vec![call(evidence)] }
}

fn application(account: &str, region: &str, id: &str, name: &str, phi: Phi, channels: Vec<Channel>) -> Application {
    Application {
        id: id.to_owned(),
        arn: arn(account, region, id),
        name: name.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        phi,
        channels,
    }
}

fn finding(rule: &'static str, level: Level, resource: &str, name: &str, verdict: Verdict, message: &str) -> Finding {
    Finding {
        rule,
        level,
        account: ONE.to_owned(),
        region: Some("us-east-1".to_owned()),
        resource: resource.to_owned(),
        resource_name: (!name.is_empty()).then(|| name.to_owned()),
        verdict,
        message: message.to_owned(),
        evidence: vec![call(1)],
        attestation: None,
        waiver: None,
    }
}

fn waiver(expires: &str, valid: bool) -> AppliedWaiver {
    AppliedWaiver {
        reason: "test devices until the store release".to_owned(),
        owner: "mobile team".to_owned(),
        approver: "security officer".to_owned(),
        ticket: "SEC-2041".to_owned(),
        approved_on: day("2026-02-01"),
        expires: day(expires),
        valid,
    }
}

fn row(number: usize, operation: &str, about: &str, outcome: Outcome) -> EvidenceRow {
    let read = outcome.is_read();
    EvidenceRow {
        id: call(number),
        service: "pinpoint".to_owned(),
        operation: operation.to_owned(),
        about: about.to_owned(),
        account: ONE.to_owned(),
        region: "us-east-1".to_owned(),
        page: 1,
        started: time("2026-09-30T15:58:00Z") + TimeDelta::seconds(i64::try_from(number % 120).expect("small")),
        request_id: read.then(|| format!("00000000-0000-4000-8000-{number:012}")),
        outcome,
        sha256: read.then(|| hex_sha256(&number.to_be_bytes())),
        file: "evidence/calls/111122223333/us-east-1/pinpoint.jsonl".to_owned(),
        line: u64::try_from(number).expect("small"),
    }
}

fn coverage(id: &'static str, title: &'static str, level: Level, eligible: u64) -> RuleCoverage {
    RuleCoverage { id, title, level, eligible, examined: eligible, unexamined: BTreeMap::new() }
}

fn applications() -> Vec<Application> {
    use ChannelState::{Disabled, Enabled, NotConfigured, Unread};
    let declared = || Phi::Declared { how: "the configuration names its id".to_owned() };
    vec![
        application(
            ONE,
            "us-east-1",
            &"0123456789abcdef".repeat(2),
            "patient-reminders",
            declared(),
            vec![
                channel("EMAIL", Enabled, 2),
                channel("GCM", Enabled, 2),
                channel("APNS", Unread(Outcome::AccessDenied), 5),
                channel("SMS", Enabled, 3),
                channel("VOICE", Enabled, 4),
            ],
        ),
        application(
            ONE,
            "us-east-1",
            &"b".repeat(32),
            NASTY,
            Phi::Undeclared { judged: true },
            vec![
                channel("EMAIL", NotConfigured, 2),
                channel("GCM", Disabled, 2),
                channel("SMS", Disabled, 3),
                channel("VOICE", NotConfigured, 4),
                channel("CUSTOM", Unread(Outcome::Throttled), 5),
            ],
        ),
        application(
            TWO,
            "us-west-2",
            &"fedcba9876543210".repeat(2),
            "newsletter",
            Phi::Excluded {
                reason: "marketing newsletter, no patient data".to_owned(),
                declared_by: "privacy officer".to_owned(),
                declared_on: day("2026-09-30"),
            },
            vec![channel("EMAIL", Enabled, 2)],
        ),
    ]
}

fn required() -> Vec<Finding> {
    let (first, second) =
        (arn(ONE, "us-east-1", &"0123456789abcdef".repeat(2)), arn(ONE, "us-east-1", &"b".repeat(32)));
    let unread = Verdict::NotEvaluated(Reason::Unread(Outcome::AccessDenied));
    let mut baa = finding(
        "baa-active",
        Level::Required,
        "account/111122223333",
        "",
        Verdict::Attested,
        "No agreement is listed.",
    );
    baa.region = None;
    baa.attestation = Some(Attestation {
        id: "offline_baa".to_owned(),
        statement: "The addendum was signed on paper.".to_owned(),
        by: Some("J. Doe".to_owned()),
        role: Some("Privacy Officer".to_owned()),
        on: Some(day("2026-01-10")),
        reference: Some("contract 2019-114".to_owned()),
    });
    let number = "arn:aws:sms-voice:us-east-1:111122223333:phone-number/24680";
    let mut short_code = finding(
        "short-code-phi-purpose",
        Level::Required,
        number,
        "24680",
        Verdict::NotEvaluated(Reason::NeedsAttestation),
        "The registration does not say what the code was requested for.",
    );
    short_code.evidence = vec![call(6), CallId::from_file("earlier/2026-06-30T16:00:00.000Z/c-0000000000000001")];
    vec![
        baa,
        finding(
            "channels-permitted",
            Level::Required,
            &first,
            "patient-reminders",
            Verdict::Fail,
            "VOICE was enabled when observed (2026-09-30 15:58 UTC); AWS's page does not name it for PHI.",
        ),
        finding("channels-permitted", Level::Required, &second, NASTY, unread, "GetChannels was denied."),
        short_code,
        finding(
            "sms-origination-short-code",
            Level::Required,
            &format!("{first}/campaigns/c1"),
            "recall <b>2026</b>",
            Verdict::Pass,
            "The campaign names 24680, an active short code of the account.",
        ),
        finding(
            "voice-channel-disabled",
            Level::Required,
            &first,
            "patient-reminders",
            Verdict::Fail,
            "Voice was enabled when observed (2026-09-30 15:58 UTC).",
        ),
        finding(
            "voice-channel-disabled",
            Level::Required,
            &second,
            NASTY,
            Verdict::Pass,
            "Voice was not configured when observed (2026-09-30 15:58 UTC).",
        ),
    ]
}

fn recommended() -> Vec<Finding> {
    let (first, second) =
        (arn(ONE, "us-east-1", &"0123456789abcdef".repeat(2)), arn(ONE, "us-east-1", &"b".repeat(32)));
    let mut valid = finding(
        "push-sandbox-disabled",
        Level::Recommended,
        &first,
        "patient-reminders",
        Verdict::Fail,
        "APNS_SANDBOX was enabled when observed (2026-09-30 15:58 UTC).",
    );
    valid.waiver = Some(waiver("2027-01-31", true));
    let mut ended = finding(
        "push-token-credentials",
        Level::Recommended,
        &format!("{first}/channels/gcm"),
        "GCM of patient-reminders",
        Verdict::Fail,
        "A legacy server key was in use.",
    );
    ended.waiver = Some(waiver("2026-06-30", false));
    vec![
        valid,
        finding(
            "push-sandbox-disabled",
            Level::Recommended,
            &second,
            NASTY,
            Verdict::NotApplicable,
            "No push channel was enabled.",
        ),
        ended,
    ]
}

fn rules() -> Vec<RuleCoverage> {
    let unexamined = |reason| BTreeMap::from([(reason, 1)]);
    vec![
        coverage("baa-active", "A business associate addendum was in effect", Level::Required, 1),
        RuleCoverage {
            examined: 1,
            unexamined: unexamined("access_denied"),
            ..coverage("channels-permitted", "Every enabled channel is one that AWS names for PHI", Level::Required, 2)
        },
        RuleCoverage {
            examined: 0,
            unexamined: unexamined("needs_attestation"),
            ..coverage("short-code-phi-purpose", "The short code was requested for PHI", Level::Required, 1)
        },
        coverage(
            "sms-origination-short-code",
            "SMS goes out from an active short code of the account",
            Level::Required,
            1,
        ),
        coverage("voice-channel-disabled", "The voice channel is not enabled", Level::Required, 2),
        coverage("push-sandbox-disabled", "No sandbox push channel is enabled", Level::Recommended, 2),
        coverage("push-token-credentials", "Push channels use token credentials", Level::Recommended, 1),
    ]
}

fn reports() -> Vec<Report> {
    vec![Report {
        program: Some("soc".to_owned()),
        kind: Some("SOC 2".to_owned()),
        arn: Some("arn:aws:artifact:us-east-1::report/report-abc:1".to_owned()),
        id: "report-abc".to_owned(),
        name: Some("SOC 2 Type 2 Report".to_owned()),
        series: Some("SOC 2".to_owned()),
        category: Some("Certifications and Attestations".to_owned()),
        version: Some(1),
        period_start: Some(day("2025-10-01")),
        period_end: Some(day("2026-09-30")),
        state: Some("PUBLISHED".to_owned()),
        usable: true,
        covers_period: Some(true),
        gap_days: Some(0),
        bridge_letter: false,
        evidence: vec![call(7)],
    }]
}

fn agreements() -> Vec<Agreement> {
    vec![Agreement {
        name: Some("AWS Business Associate Addendum".to_owned()),
        arn: None,
        state: Some("ACTIVE".to_owned()),
        effective_start: Some(time("2024-01-01T00:00:00Z")),
        effective_end: None,
        scope: "account",
        organization: None,
        baa: true,
        account: ONE.to_owned(),
        evidence: vec![call(7)],
    }]
}

fn program() -> Program {
    Program {
        id: "iso27001".to_owned(),
        title: "ISO/IEC 27001".to_owned(),
        named_by_aws: Some("2013".to_owned()),
        on_report: None,
        in_force: Some("2022".to_owned()),
        checked: "2026-11".to_owned(),
        dates: vec!["Certificates to the 2013 edition stopped being valid on 2025-10-31.".to_owned()],
        other_numbers: Some("2022".to_owned()),
        groups: vec![ControlGroup {
            title: "Annex A of the 2013 edition".to_owned(),
            edition: "ISO/IEC 27001:2013".to_owned(),
            reports_of: "iso27001".to_owned(),
            reports_kind: None,
            aws: Status::Inherited,
            controls: controls::controls(),
        }],
    }
}

/// A pack whose programs have every control of the catalogue.
pub(crate) fn with_every_control() -> Pack {
    Pack { programs: programs(), ..pack() }
}

/// Two accounts, every verdict, waivers valid and ended, an attestation, nasty names.
pub(crate) fn pack() -> Pack {
    let mut findings = required();
    findings.extend(recommended());
    let programs = vec![program()];
    Pack {
        tool: Tool { name: "pinpoint-evidence".to_owned(), version: "0.1.0".to_owned() },
        organization: Some(Organization { name: "Example Health".to_owned(), role: Some("covered_entity".to_owned()) }),
        period: Period { name: "2026-Q3".to_owned(), start: day("2026-07-01"), end: day("2026-09-30") },
        collected: Collected { first: time("2026-09-30T15:58:00Z"), last: time("2026-09-30T16:00:00Z") },
        caller: Caller {
            account: ONE.to_owned(),
            arn: "arn:aws:sts::111122223333:assumed-role/PinpointEvidence/jdoe".to_owned(),
        },
        retain_until: day("2032-09-30"),
        summary: Summary::of(&findings),
        scope: Scope {
            accounts: vec![ONE.to_owned(), TWO.to_owned()],
            regions: vec!["us-east-1".to_owned(), "us-west-2".to_owned()],
            accounts_unread: Vec::new(),
            accounts_skipped: Vec::new(),
            regions_not_scanned: vec!["eu-west-1".to_owned()],
            applications: applications().into_iter().collect(),
        },
        findings: findings.into_iter().collect(),
        rules: rules(),
        programs,
        reports: reports(),
        agreements: agreements(),
        flows: std::iter::empty().collect(),
        declared: Declared::default(),
        request: Request::default(),
        evidence: [
            row(1, "GetApps", "", Outcome::Observed),
            row(2, "GetChannels", "ApplicationId 0123456789abcdef0123456789abcdef", Outcome::Observed),
            row(3, "GetSmsChannel", "ApplicationId 0123456789abcdef0123456789abcdef", Outcome::Observed),
            row(4, "GetVoiceChannel", "ApplicationId 0123456789abcdef0123456789abcdef", Outcome::NotConfigured),
            row(5, "GetApnsChannel", "ApplicationId a|b", Outcome::AccessDenied),
            row(6, "DescribeRegistrations", "", Outcome::Observed),
            row(7, "ListReports", "", Outcome::Observed),
        ]
        .into_iter()
        .collect(),
        evidence_files: vec![EvidenceFile {
            path: "evidence/calls/111122223333/us-east-1/pinpoint.jsonl".to_owned(),
            sha256: hex_sha256(b"calls"),
        }],
        short_codes: short_codes::chains().into_iter().collect(),
        warnings: vec!["The waiver for rule email-tls-required matched no finding.".to_owned()],
        declarations: String::new(),
        changes: None,
    }
}
