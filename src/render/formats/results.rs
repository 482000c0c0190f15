//! `results.json`: the pack as data, schema `pinpoint-evidence/results/v1`.
//!
//! The structures here are the format, frozen: they are written out by hand and never follow the inner types. Every
//! key is always present, `null` where there is nothing. A change of meaning is a new version of the schema.

mod wire;

use std::io::{self, Write};

use super::{Facts, File, Format, always, stream};

/// The value of `schema`.
pub const SCHEMA_ID: &str = "pinpoint-evidence/results/v1";

/// The JSON Schema (draft 2020-12) of `results.json`.
pub const SCHEMA: &str = include_str!("results.schema.json");

/// In every pack.
pub(super) const FORMAT: Format = Format {
    name: "results",
    title: "everything that a pack says",
    files: &[File { path: "results.json", has: always, write }],
};

fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    stream::indented(&wire::results(facts.pack), out)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::render::sample;

    fn text() -> String {
        let (pack, mut out) = (sample::pack(), Vec::new());
        write(&Facts { pack: &pack }, &mut out).expect("written");
        String::from_utf8(out).expect("text")
    }

    fn written() -> Value {
        serde_json::from_str(&text()).expect("JSON")
    }

    #[test]
    fn the_file_is_valid_by_its_schema() {
        let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
        let errors: Vec<String> = validator.iter_errors(&written()).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }

    #[test]
    fn the_schema_knows_every_key_and_refuses_others() {
        let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
        let mut results = written();
        results["findings"][0]["surprise"] = Value::Null;
        assert!(!validator.is_valid(&results), "a key that the schema does not know");
        let mut results = written();
        results["findings"][0].as_object_mut().expect("an object").remove("reason");
        assert!(!validator.is_valid(&results), "a key that is missing");
    }

    #[test]
    fn the_keys_stand_in_the_order_of_the_contract() {
        let text = text();
        let keys: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  \"")?.split('"').next()).collect();
        assert_eq!(
            keys,
            [
                "schema",
                "tool",
                "organization",
                "period",
                "collected",
                "retain_until",
                "summary",
                "scope",
                "findings",
                "rules",
                "programs",
                "reports",
                "agreements",
                "evidence",
                "warnings",
                "request",
            ]
        );
        assert!(text.ends_with("}\n"));
    }

    #[test]
    fn a_finding_carries_its_fingerprint_its_reason_and_what_stands_beside_it() {
        let (pack, results) = (sample::pack(), written());
        let findings = results["findings"].as_array().expect("a list");
        assert_eq!(findings[0]["id"], pack.findings.ids().next().expect("one"));
        assert_eq!(findings[0]["attestation"]["on"], "2026-01-10");
        assert_eq!(findings[0]["region"], Value::Null);
        let unread = findings.iter().find(|f| f["verdict"] == "not_evaluated").expect("one");
        assert_eq!(unread["reason"], "access_denied");
        let waived: Vec<&Value> = findings.iter().filter(|f| f["waiver"]["valid"] == true).collect();
        assert_eq!(waived.len(), 1);
        assert_eq!(waived[0]["waiver"]["expires"], "2027-01-31");
        assert_eq!(waived[0]["verdict"], "fail");
    }

    #[test]
    fn an_application_lists_its_enabled_channels_only() {
        let results = written();
        let channels = &results["scope"]["applications"][0]["channels"];
        assert_eq!(*channels, serde_json::json!(["EMAIL", "GCM", "SMS", "VOICE"]));
        assert_eq!(results["scope"]["applications"][1]["channels"], serde_json::json!([]));
    }
}
