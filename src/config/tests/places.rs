//! Problems are all found, each at its line, and an unknown key is answered with the nearest known one.

use super::super::*;
use super::problems;

#[test]
fn an_unknown_key_is_named_at_every_level() {
    let cases: [(&str, &str, &str); 16] = [
        ("[fhi]", "fhi", "phi"),
        ("[organization]\nname = 'n'\nrol = 'x'", "organization.rol", "role"),
        ("[phi]\n\naplications = []", "phi.aplications", "applications"),
        ("phi.APPLICATIONS = []", "phi.APPLICATIONS", "applications"),
        ("phi.Email-Identities = []", "phi.Email-Identities", "email_identities"),
        ("[[phi.short_codes]]", "phi.short_codes", "short_code"),
        ("[[phi.excluded]]\ndeclaredby = 'x'", "phi.excluded[0].declaredby", "declared_by"),
        ("[[phi.short_code]]\nnumbr = '1'", "phi.short_code[0].numbr", "number"),
        ("[[phi.processor]]\ntargets = '1'", "phi.processor[0].targets", "target"),
        ("[[attestation]]\nstatment = '1'", "attestation[0].statment", "statement"),
        ("[[waiver]]\n[[waiver]]\nexpiry = 1", "waiver[1].expiry", "expires"),
        ("[artifact]\nreports = []", "artifact.reports", "report"),
        ("artifact.report = [\n{ programme = 'soc' }]", "artifact.report[0].programme", "program"),
        ("[agreements]\nofline_baa = 1", "agreements.ofline_baa", "offline_baa"),
        ("[agreements.offline_baa]\nrefrence = 1", "agreements.offline_baa.refrence", "reference"),
        ("[aws]\nregion = 'all'", "aws.region", "regions"),
    ];
    for (text, key, near) in cases {
        let line = text.lines().count();
        let expected = format!("evidence.toml:{line}: unknown key `{key}`; did you mean `{near}`?");
        assert!(problems(text).contains(&expected), "{expected}\n{:#?}", problems(text));
    }
}

#[test]
fn a_key_that_is_near_nothing_is_answered_with_the_keys_of_its_table() {
    assert_eq!(
        problems("[aws.unscanned]\nreason='r'\ndeclared_by='d'\ndeclared_on=2026-09-01\ncolour = 'red'"),
        [
            "evidence.toml:5: unknown key `aws.unscanned.colour`; the keys here are `reason`, `declared_by`, `declared_on`"
        ]
    );
}

#[test]
fn a_key_with_strange_characters_stays_on_one_line() {
    assert_eq!(
        problems("[organization]\nname = 'n'\n\"a\\n.b\" = 1"),
        [r#"evidence.toml:3: unknown key `organization."a\n.b"`; the keys here are `name`, `role`"#]
    );
}

#[test]
fn every_problem_of_a_file_is_found_in_its_order() {
    let text = "\u{feff}[phi]\r\napplications = 'one'\r\nundeclared = 1\r\ntags = []\r\n\r\n[[phi.excluded]]\r\n\
        application = ['a']\r\nreason = ' '\r\ndeclared_on = 2026-09-30T10:00:00Z\r\n[[phi.excluded]]\r\nwho = 'x'\r\n\
        [waiver]\r\nrule = 'r'\r\n[[attestation]]\r\n[[aws]]\r\n";
    assert_eq!(
        problems(text),
        [
            "evidence.toml:2: `phi.applications` must be a list, not a string",
            "evidence.toml:3: `phi.undeclared` must be \"phi\" or \"skip\", not an integer",
            "evidence.toml:4: `phi.tags` must be a table, not a list",
            "evidence.toml:6: missing key `phi.excluded[0].declared_by`",
            "evidence.toml:7: `phi.excluded[0].application` must be a string, not a list",
            "evidence.toml:8: `phi.excluded[0].reason` must not be blank",
            "evidence.toml:9: `phi.excluded[0].declared_on` must be a date such as 2026-01-31, without a time",
            "evidence.toml:10: missing key `phi.excluded[1].application`",
            "evidence.toml:10: missing key `phi.excluded[1].reason`",
            "evidence.toml:10: missing key `phi.excluded[1].declared_by`",
            "evidence.toml:10: missing key `phi.excluded[1].declared_on`",
            "evidence.toml:11: unknown key `phi.excluded[1].who`; the keys here are `application`, `reason`, `declared_by`, `declared_on`",
            "evidence.toml:12: `waiver` must be a list of tables, written `[[waiver]]`, not a table",
            "evidence.toml:14: missing key `attestation[0].id`",
            "evidence.toml:14: missing key `attestation[0].statement`",
            "evidence.toml:14: missing key `attestation[0].by`",
            "evidence.toml:14: missing key `attestation[0].role`",
            "evidence.toml:14: missing key `attestation[0].on`",
            "evidence.toml:15: `aws` must be a table, not a list",
        ]
    );
}

#[test]
fn an_element_of_a_list_is_named_by_its_place() {
    assert_eq!(
        problems("[phi]\napplications = [\n  'a',\n  '',\n  3,\n]\nexcluded = [1]"),
        [
            "evidence.toml:4: `phi.applications[1]` must not be blank",
            "evidence.toml:5: `phi.applications[2]` must be a string, not an integer",
            "evidence.toml:7: `phi.excluded[0]` must be a table, not an integer",
        ]
    );
}

#[test]
fn a_text_that_is_no_toml_is_reported_by_line_and_column() {
    assert_eq!(
        problems("[phi]\nundeclared = skip\n[aws\n"),
        [
            "evidence.toml:2:14: string values must be quoted, expected literal string",
            "evidence.toml:3:5: unclosed table, expected `]`",
        ]
    );
    assert_eq!(
        problems("\u{feff}é = [ = , = ]"),
        ["evidence.toml:1:1: invalid unquoted key, expected letters, numbers, `-`, `_`"],
        "a line is reported once; a byte order mark is no column"
    );
    assert_eq!(problems("[phi]\n[phi]\nwrong = 1"), ["evidence.toml:2:2: duplicate key"]);
}

#[test]
fn a_problem_says_where_it_is_for_programs_too() {
    let error = Config::parse("[aws]\n  regons = 'all'", "other.toml").unwrap_err();
    let [problem] = error.problems.as_slice() else { panic!("{error}") };
    assert_eq!((problem.file.as_str(), problem.line, problem.column), ("other.toml", 2, 3));
    assert_eq!(problem.key.as_deref(), Some("aws.regons"));
    let known = vec!["regions", "accounts", "role", "external_id", "unscanned"];
    assert_eq!(problem.kind, ProblemKind::UnknownKey { suggestion: Some("regions"), known });
}
