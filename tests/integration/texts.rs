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
        ("policy --format cloudformation", "AWS::IAM::Role"),
        ("policy --format terraform", "aws_iam_role_policy"),
        ("schema progress", "pinpoint-evidence/progress/v1"),
        ("schema doctor", "pinpoint-evidence/doctor/v1"),
        ("completions bash", "complete -F"),
        ("completions zsh", "#compdef pinpoint-evidence"),
        ("completions fish", "complete -c pinpoint-evidence"),
        ("completions powershell", "Register-ArgumentCompleter"),
        ("man", ".TH pinpoint-evidence 1"),
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
    for (arguments, word) in [
        ("pakc", "pack"),
        ("pack", "--out"),
        ("policy --format yaml", "cloudformation"),
        ("demo --quiet --verbose", "--verbose"),
    ] {
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
    let open = |said: &str| said.lines().filter(|line| line.starts_with("  fail")).count();
    let (plain, verbose) = (said(""), said("-v"));
    assert!(plain.contains("findings") && verbose.contains("fail  voice-channel-disabled"), "{verbose}");
    assert_eq!(open(&plain), 3, "{plain}");
    assert!(open(&verbose) > 20 && !verbose.contains(" more in "), "{verbose}");
}

#[test]
fn manual_pages_are_written_for_every_command_and_replace_nothing_silently() {
    let bench = Bench::new();
    assert_eq!(bench.program("man --out man1").run().exits(0).stdout, "man1\n");
    let pages = crate::common::bench::names(&bench.path("man1"));
    let help = bench.program("--help").run().exits(0).stdout;
    let commands = help.split_once("Commands:\n").expect("commands").1.lines().take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let expected = std::iter::once("pinpoint-evidence.1".to_owned())
        .chain(names.map(|name| format!("pinpoint-evidence-{name}.1")))
        .collect::<std::collections::BTreeSet<_>>();
    assert_eq!(pages.into_iter().collect::<std::collections::BTreeSet<_>>(), expected);
    let page = std::fs::read_to_string(bench.path("man1/pinpoint-evidence-pack.1")).expect("a page");
    assert!(page.contains("pinpoint\\-evidence pack \\-\\-out 2026\\-Q4"), "{page}");
    bench.program("man --out man1").run().exits(0);
    bench.write("man1/pinpoint-evidence-pack.1", "somebody's own");
    bench.program("man --out man1").run().exits(2).says(&["pinpoint-evidence-pack.1", "exists"]).hints(&["--force"]);
    bench.program("man --out man1 --force").run().exits(0);
    bench.program("man --force").run().exits(2).says(&["--out"]);
}

#[test]
fn hidden_commands_work_and_are_not_listed() {
    let bench = Bench::new();
    let help = bench.program("--help").run().exits(0).stdout;
    assert!(!help.contains("completions") && !help.contains("  man "), "{help}");
    bench.program("completions tcsh").run().exits(2).says(&["powershell"]);
}

#[test]
fn help_keeps_to_the_width_of_the_terminal_that_is_said_to_be_there() {
    let bench = Bench::new();
    let widest = |columns: &str, arguments: &str| {
        let help = bench.program(arguments).env("COLUMNS", columns).run().exits(0).stdout;
        let options =
            help.split_once("Options:").expect("options").1.split("Examples:").next().unwrap_or_default().to_owned();
        options.lines().map(|line| line.chars().count()).max().unwrap_or_default()
    };
    for arguments in ["pack --help", "doctor --help", "init --help"] {
        assert!(widest("60", arguments) <= 60, "{arguments}");
        assert!(widest("300", arguments) <= 100, "{arguments}");
    }
}

#[test]
fn progress_as_json_is_one_object_a_line() {
    let bench = Bench::new();
    let said = bench.program("demo --out demo -q --progress json").run().exits(0).stderr;
    let events: Vec<serde_json::Value> =
        said.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let told: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    assert!(told.contains(&"collected") && told.last() == Some(&"packing"), "{told:?}");
}
