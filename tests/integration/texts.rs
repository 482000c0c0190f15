//! What goes to standard output: help, the catalogue, schemas, the policy. It is data, without colour, and exit code 0.

use pinpoint_evidence::rules;

use crate::common::Bench;

#[test]
fn what_is_asked_for_goes_to_standard_output_and_ends_well() {
    let bench = Bench::new();
    let texts = [
        ("--help", "Exit codes:"),
        ("-h", "pack"),
        ("pack --help", "--exit-zero"),
        ("diff --help", "Ends with 0 whatever differs"),
        ("ticket --help", "Ends with 0 whatever is open"),
        ("--version", env!("CARGO_PKG_VERSION")),
        ("policy", "mobiletargeting:GetVoiceChannel"),
        ("schema results", "pinpoint-evidence/results/v1"),
        ("schema config", "phi"),
        ("schema snapshot", "$defs"),
        ("schema manifest", "sha256"),
        ("schema diff", "pinpoint-evidence/diff/v1"),
        ("schema ticket", "pinpoint-evidence/ticket/v1"),
        ("explain", "Programs"),
        ("explain voice-channel-disabled", "## Limits"),
        ("explain hipaa", "HIPAA"),
    ];
    for (arguments, word) in texts {
        let finished = bench.program(arguments).env("FORCE_COLOR", "1").run().exits(0);
        assert!(finished.stdout.contains(word), "{arguments}: {}", finished.stdout);
        assert!(finished.stdout.ends_with('\n'), "{arguments}");
        assert!(!finished.stdout.contains('\u{1b}'), "{arguments}");
        assert_eq!(finished.stderr, "", "{arguments}");
    }
    assert!(bench.names().is_empty());
}

#[test]
fn explain_lists_every_rule_and_explains_each() {
    let bench = Bench::new();
    let catalogue = bench.program("explain").run().exits(0).stdout;
    for rule in rules::ALL {
        assert!(catalogue.contains(rule.id), "{}", rule.id);
    }
    let [first, .., last] = rules::ALL else { panic!("too few rules") };
    for rule in [first, last] {
        let text = bench.program("explain").args([rule.id]).run().exits(0).stdout;
        assert!(text.starts_with(&format!("# {}\n", rule.id)), "{text}");
    }
}

#[test]
fn an_unknown_rule_gets_the_nearest_one() {
    let bench = Bench::new();
    bench
        .program("explain voice-chanel-disabled")
        .run()
        .exits(2)
        .says(&["voice-chanel-disabled"])
        .hints(&["voice-channel-disabled"]);
    bench.program("explain xyzzy").run().exits(2).says(&["xyzzy"]).hints(&["explain"]);
}

#[test]
fn an_unknown_command_or_flag_is_an_error_on_standard_error() {
    let bench = Bench::new();
    for (arguments, word) in
        [("pakc", "pack"), ("pack", "--out"), ("policy --format yaml", "json"), ("demo --quiet --verbose", "--verbose")]
    {
        let finished = bench.program(arguments).run().exits(2).says(&[word]);
        assert_eq!(finished.stdout, "", "{arguments}");
    }
}

#[test]
fn colour_is_used_only_where_it_is_wanted() {
    let bench = Bench::new();
    let coloured = |arguments: &str, no_colour: &str| {
        let finished = bench.program(arguments).env("NO_COLOR", no_colour).run().exits(2);
        finished.stderr.contains('\u{1b}')
    };
    assert!(!coloured("explain xyzzy", ""), "standard error is no terminal");
    assert!(!coloured("explain xyzzy", "1"));
    assert!(!coloured("explain xyzzy --color never", ""));
    assert!(coloured("explain xyzzy --color always", "1"), "what was asked for wins");
}

#[test]
fn quiet_says_nothing_and_verbose_says_more() {
    let bench = Bench::new();
    let said = |flag: &str| bench.program(&format!("demo --out demo {flag}")).run().exits(0).stderr;
    assert_eq!(said("-q"), "");
    assert!(said("-v").contains("fail  voice-channel-disabled"));
    let plain = said("");
    assert!(plain.contains("findings") && !plain.contains("fail  voice-channel-disabled"), "{plain}");
}

#[test]
fn progress_as_json_is_one_object_a_line() {
    let bench = Bench::new();
    let said = bench.program("demo --out demo -q --progress json").run().exits(0).stderr;
    let events: Vec<serde_json::Value> =
        said.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(events.last().expect("an event")["event"], "collected");
}
