//! Declarations that mean nothing: a typo is told to whoever runs the program and to whoever reads the pack.

use crate::common::Bench;
use crate::common::bench::json;

/// Everything that can be misspelt, misspelt.
const MISSPELT: &str = r#"
[phi]
applications = ["patient-remindres"]
tags = { DataClasification = "PHI" }
email_identities = ["mial.example.org"]

[[phi.excluded]]
application = "marketing-newslettre"
reason = "newsletter"
declared_by = "privacy officer"
declared_on = 2026-07-01

[[phi.excluded]]
application = "care-coordination"
reason = "moved"
declared_by = "privacy officer"
declared_on = 2026-07-01

[[phi.short_code]]
number = "24608"

[[phi.short_code]]
number = "24680"
country = "CA"

[[phi.processor]]
target = "arn:aws:kinesis:us-east-1:111122223333:stream/pinpiont-events"
purpose = "delivery audit trail"

[[attestation]]
id = "risk_analisys"
statement = "s"
by = "J. Doe"
role = "Security Officer"
on = 2026-07-15

[[waiver]]
rule = "push-sandbox-disabled"
resource = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/nobody"
reason = "r"
owner = "mobile team"
approver = "security officer"
ticket = "SEC-1"
expires = 2027-01-31
approved_on = 2026-08-12

[[waiver]]
rule = "baa-active"
resource = "account/111122223333"
reason = "r"
owner = "mobile team"
approver = "security officer"
ticket = "SEC-2"
expires = 2027-01-31
approved_on = 2026-08-12

[[artifact.report]]
program = "iso27001"
name = "(?i)iso-iec-27001"

[agreements]
offline_baa = { reference = "contract 7", by = "J. Doe", on = 2026-01-10 }
"#;

/// Parts of the warnings, in their order.
const WARNINGS: [&str; 12] = [
    "phi.applications names patient-remindres,",
    "phi.excluded names marketing-newslettre,",
    "phi.tags names DataClasification = PHI,",
    "phi.email_identities names mial.example.org,",
    "phi.short_code names 24608,",
    "phi.short_code says that 24680 is of CA;",
    "phi.processor names arn:aws:kinesis:us-east-1:111122223333:stream/pinpiont-events,",
    "The attestation risk_analisys answers",
    "The waiver SEC-1 of rule push-sandbox-disabled",
    "The waiver SEC-2 of rule baa-active",
    "artifact.report for iso27001 matches no report",
    "agreements.offline_baa is used by no finding",
];

#[test]
fn every_declaration_that_means_nothing_is_a_warning_on_standard_error_and_in_the_pack() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    bench.write("evidence.toml", MISSPELT);
    let finished = bench.program("pack --from demo/evidence --out pack --exit-zero").run().exits(0);
    let results = json(&bench.path("pack/results.json"));
    let told: Vec<&str> =
        results["warnings"].as_array().expect("a list").iter().map(|warning| warning.as_str().expect("text")).collect();
    assert_eq!(told.len(), WARNINGS.len(), "{told:#?}");
    let cover = std::fs::read_to_string(bench.path("pack/index.md")).expect("the cover");
    assert!(cover.contains("## Warnings"), "{cover}");
    for (warning, part) in told.iter().zip(WARNINGS) {
        assert!(warning.starts_with(part), "{warning} is not about: {part}");
        assert!(finished.stderr.contains(&format!("warning: {warning}\n")), "{}", finished.stderr);
        assert!(cover.contains(part.split(' ').next().expect("a word")), "{part}\n{cover}");
    }
    let quiet = bench.program("pack --from demo/evidence --out quiet --exit-zero -q").run().exits(0);
    assert_eq!(quiet.stderr, "", "whoever asks for silence gets it; the pack still tells");
}

#[test]
fn an_application_that_is_declared_by_its_tag_and_excluded_is_told() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let tagged = MISSPELT.replace("DataClasification", "DataClassification");
    bench.write("evidence.toml", &tagged);
    let finished = bench.program("pack --from demo/evidence --out pack --exit-zero").run().exits(0);
    let both = "warning: care-coordination is declared to carry PHI and excluded; it was judged as carrying PHI.\n";
    assert!(finished.stderr.contains(both), "{}", finished.stderr);
}
