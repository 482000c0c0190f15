//! The whole configuration: what no single table's file can test.

mod mutations;
mod places;
mod schema;

use chrono::NaiveDate;

use super::*;

/// The configuration that a text is.
#[track_caller]
pub(super) fn config(text: &str) -> Config {
    Config::parse(text, "evidence.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// Every problem of a text, as it is shown; none when there is none.
pub(super) fn problems(text: &str) -> Vec<String> {
    let error = Config::parse(text, "evidence.toml").err();
    error.map(|error| error.to_string().lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// A date of the form `2026-01-31`.
pub(super) fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

#[test]
fn no_text_is_no_configuration() {
    for text in ["", "\n", "# nothing\r\n", "\u{feff}"] {
        assert_eq!(format!("{:?}", config(text)), format!("{:?}", Config::default()), "{text:?}");
    }
}

#[test]
fn the_example_says_who_and_where_phi_is() {
    let Config { organization, phi, .. } = config(EXAMPLE);
    let name = "Example Health".to_owned();
    assert_eq!(organization, Some(Organization { name, role: Some(Role::CoveredEntity) }));
    assert_eq!(phi.applications, ["0123456789abcdef0123456789abcdef"]);
    assert_eq!(phi.tags["DataClassification"], "PHI");
    assert_eq!(phi.undeclared, Undeclared::Phi);
    assert_eq!(phi.email_identities, ["mail.example.org"]);
    let excluded = Excluded {
        application: "fedcba9876543210fedcba9876543210".to_owned(),
        reason: "marketing newsletter, no patient data".to_owned(),
        declared_by: "privacy officer".to_owned(),
        declared_on: day("2026-09-30"),
    };
    assert_eq!(phi.excluded, [excluded]);
    let short_code = ShortCode {
        number: "24680".to_owned(),
        country: Some("US".to_owned()),
        purpose: Some("appointment reminders that contain PHI".to_owned()),
        support_case: Some("case-123456789012-muen-2025-abcdef".to_owned()),
        requested_on: Some(day("2025-03-04")),
    };
    assert_eq!(phi.short_codes, [short_code]);
    let target = "arn:aws:kinesis:us-east-1:111122223333:stream/pinpoint-events".to_owned();
    assert_eq!(phi.processors, [Processor { target, purpose: "delivery audit trail".to_owned() }]);
}

#[test]
fn the_example_says_what_people_state_and_accept() {
    let Config { attestations, waivers, agreements, .. } = config(EXAMPLE);
    let attestation = Attestation {
        id: "risk_analysis".to_owned(),
        statement: "The 2026 risk analysis covers messaging.".to_owned(),
        by: "J. Doe".to_owned(),
        role: "Security Officer".to_owned(),
        on: day("2026-07-15"),
        reference: Some("GRC-881".to_owned()),
    };
    assert_eq!(attestations, [attestation]);
    let waiver = Waiver {
        rule: "push-sandbox-disabled".to_owned(),
        resource: "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0123456789abcdef0123456789abcdef".to_owned(),
        reason: "test devices until the store release".to_owned(),
        owner: "mobile team".to_owned(),
        approver: "security officer".to_owned(),
        ticket: "SEC-2041".to_owned(),
        expires: day("2027-01-31"),
        approved_on: day("2026-11-01"),
    };
    assert_eq!(waivers, [waiver]);
    let baa = OfflineBaa { reference: "contract 2019-114".to_owned(), by: "J. Doe".to_owned(), on: day("2026-01-10") };
    assert_eq!(agreements.offline_baa, Some(baa));
}

#[test]
fn the_example_says_where_to_look() {
    let Config { artifact_reports, aws, .. } = config(EXAMPLE);
    assert_eq!(artifact_reports[0].program, "iso27001");
    assert_eq!(artifact_reports[0].name.as_str(), "(?i)iso.*27001");
    let expected = Aws {
        regions: Some(Regions::List(vec!["us-east-1".to_owned(), "us-west-2".to_owned()])),
        role: Some("arn:aws:iam::{account}:role/PinpointEvidence".to_owned()),
        external_id: Some("audit-2026".to_owned()),
        accounts: Accounts::Organization,
        unscanned: Some(Unscanned {
            reason: "service control policy denies all other regions".to_owned(),
            declared_by: "platform team".to_owned(),
            declared_on: day("2026-09-01"),
        }),
    };
    assert_eq!(aws, expected);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let windows = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    assert_eq!(format!("{:?}", config(&windows)), format!("{:?}", config(EXAMPLE)));
}

#[test]
fn a_date_may_stand_in_quotes_and_must_exist() {
    let declared = |date: &str| {
        Config::parse(&format!("[aws.unscanned]\nreason = 'r'\ndeclared_by = 'd'\ndeclared_on = {date}"), "e.toml")
            .map(|config| config.aws.unscanned.map(|unscanned| unscanned.declared_on))
            .map_err(|error| error.to_string())
    };
    assert_eq!(declared("2026-01-31"), Ok(Some(day("2026-01-31"))));
    assert_eq!(declared("'2026-01-31'"), Ok(Some(day("2026-01-31"))));
    assert_eq!(declared("2028-02-29"), Ok(Some(day("2028-02-29"))));
    let key = "e.toml:4: `aws.unscanned.declared_on` must be a date such as 2026-01-31";
    assert_eq!(declared("'2026-02-30'"), Err(format!("{key}, not \"2026-02-30\"")));
    assert_eq!(declared("'2026-1-31'"), Err(format!("{key}, not \"2026-1-31\"")));
    assert_eq!(declared("'+12026-01-31'"), Err(format!("{key}, not \"+12026-01-31\"")));
    assert_eq!(declared("'31.01.2026'"), Err(format!("{key}, not \"31.01.2026\"")));
    assert_eq!(declared("2026-01-31T10:00:00Z"), Err(format!("{key}, without a time")));
    assert_eq!(declared("10:00:00"), Err(format!("{key}, not a time")));
    assert_eq!(declared("20260131"), Err(format!("{key}, not an integer")));
    let impossible = declared("2026-02-30").unwrap_err();
    assert!(impossible.starts_with("e.toml:4:15: invalid date"), "{impossible}");
}

#[test]
fn a_value_that_is_long_enough_to_be_a_secret_is_not_repeated() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let text = format!(
        "[organization]\nname = 'n'\nrole = '{secret}'\n[phi]\nundeclared = '{secret}'\nemail_identities = ['{secret}']\n\
         [[phi.processor]]\ntarget = '{secret}'\npurpose = ['{secret}']\n[[artifact.report]]\nprogram = '{secret}'\n\
         name = '({secret}'\n[aws]\nregions = ['{secret}']\naccounts = ['{secret}']\nrole = '{secret}'\n\
         [agreements]\noffline_baa = {{ reference = 'r', by = 'b', on = '{secret}' }}"
    );
    let found = problems(&text);
    assert_eq!(found.len(), 11, "{found:#?}");
    assert!(found.iter().all(|problem| !problem.contains(secret)), "{found:#?}");
}
