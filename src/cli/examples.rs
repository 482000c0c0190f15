//! What stands below the help of each command: commands to copy.
//!
//! A test parses every line, so that no example names a flag that is not there.

/// `pinpoint-evidence --help`
pub(super) const PROGRAM: &str = "\
Examples:
  pinpoint-evidence demo                                   # an example pack, offline
  pinpoint-evidence policy > policy.json                   # the IAM policy that a collection needs
  pinpoint-evidence doctor --region us-east-1              # which calls are allowed, before collecting
  pinpoint-evidence init --region us-east-1                # a configuration to begin with
  pinpoint-evidence pack --out 2026-Q4 --region us-east-1  # collect and judge in one step

Exit codes:
  0  every required rule that applies passed, is attested, or is waived
  1  a required rule failed
  2  the command line, the configuration or the disk is the problem
  3  no required rule failed, but one could not be evaluated
  4  a snapshot or pack is not what its hashes say
  5  nothing could be evaluated
  130  stopped from the keyboard; nothing was written under the final name";

/// `demo`
pub(super) const DEMO: &str = "\
Examples:
  pinpoint-evidence demo
  pinpoint-evidence demo --out /tmp/example --force";

/// `init`
pub(super) const INIT: &str = "\
Examples:
  pinpoint-evidence init --profile audit --region us-east-1
  pinpoint-evidence init --from snapshot --out evidence.toml  # from a snapshot, without asking AWS again
  pinpoint-evidence init --offline                            # comments only

It names candidates in comments and declares nothing: who carries PHI is for a person to say.";

/// `doctor`
pub(super) const DOCTOR: &str = "\
Examples:
  pinpoint-evidence doctor --profile audit --region us-east-1 --region us-west-2
  pinpoint-evidence doctor --format json > doctor.json

Exit codes:
  0  no required rule would be blind
  2  no credentials, no region, or a wrong flag
  3  a required rule would be blind
  5  nothing but the caller's identity could be read";

/// `policy`
pub(super) const POLICY: &str = "\
Examples:
  pinpoint-evidence policy > policy.json
  pinpoint-evidence policy --format cloudformation > role.yaml  # a role, with who may assume it as parameters
  pinpoint-evidence policy --format terraform > role.tf
  pinpoint-evidence policy --format cloudformation --stackset > members.yaml    # the role for every account of an organization
  pinpoint-evidence policy --format cloudformation --management > caller.yaml   # the role that finds and enters them";

/// `collect`
pub(super) const COLLECT: &str = "\
Examples:
  pinpoint-evidence collect --out snapshot --profile audit --region us-east-1 --region us-west-2
  pinpoint-evidence collect --out snapshot --region all --progress json
  pinpoint-evidence collect --out s3://evidence/2026-Q4/snapshot --region all    # nothing counts before all is there";

/// `pack`
pub(super) const PACK: &str = "\
Examples:
  pinpoint-evidence pack --out 2026-Q4 --profile audit --region us-east-1    # collect and judge
  pinpoint-evidence pack --out 2026-Q4 --from snapshot --period 2026-Q4      # judge what was collected
  pinpoint-evidence pack --out 2026-Q4 --from october --from november --exit-zero
  pinpoint-evidence pack --out s3://evidence/2026-Q4/pack --from s3://evidence/2026-Q4/snapshot
  pinpoint-evidence pack --out 2026-Q4 --from snapshot --sign key.pem        # openssl genpkey -algorithm ed25519 -out key.pem
  pinpoint-evidence pack --out 2026-Q4 --from snapshot --sign kms:arn:aws:kms:us-east-1:111122223333:alias/evidence

Signing with AWS KMS needs kms:GetPublicKey and kms:Sign on that key, which `policy` does not list, for nothing else does;
with --from, credentials come from the environment, for instance AWS_PROFILE.";

/// `verify`
pub(super) const VERIFY: &str = "\
Examples:
  pinpoint-evidence verify 2026-Q4
  pinpoint-evidence verify s3://evidence/2026-Q4/pack
  pinpoint-evidence verify 2026-Q4 --public-key key.pub.pem  # openssl pkey -in key.pem -pubout -out key.pub.pem
  pinpoint-evidence verify 2026-Q4 --files-only

Without a key, nothing shows who signed, nor that a signature was removed.

Exit codes:
  0  the pack is whole, unchanged and signed as asked, and its verdicts follow from its evidence
  2  the pack or the key cannot be read
  4  it is not what its seal says; every deviation is on a line of its own";

/// `explain`
pub(super) const EXPLAIN: &str = "\
Examples:
  pinpoint-evidence explain                          # every rule and program
  pinpoint-evidence explain voice-channel-disabled
  pinpoint-evidence explain hipaa
  pinpoint-evidence explain '164.312(e)(1)'";

/// `diff`
pub(super) const DIFF: &str = "\
Examples:
  pinpoint-evidence diff 2026-Q3 2026-Q4 > changes.md
  pinpoint-evidence diff 2026-Q3 2026-Q4 --format json | jq '.causes[] | .sentence'

Ends with 0 whatever differs, and with 4 when a pack is not what its hashes say.";

/// `ticket`
pub(super) const TICKET: &str = "\
Examples:
  pinpoint-evidence ticket 2026-Q4 --zip pack.zip | gh issue create --title PHI --body-file -
  pinpoint-evidence ticket 2026-Q4 --format adf > description.json
  pinpoint-evidence ticket 2026-Q4 --format json | jq -r .title

Ends with 0 whatever is open, and with 4 when the pack is not what its hashes say.";

/// `schema`
pub(super) const SCHEMA: &str = "\
Examples:
  pinpoint-evidence schema config
  pinpoint-evidence schema results > results.schema.json";

/// `completions`
pub(super) const COMPLETIONS: &str = "\
Examples:
  pinpoint-evidence completions bash > /etc/bash_completion.d/pinpoint-evidence
  pinpoint-evidence completions zsh > ~/.zfunc/_pinpoint-evidence
  pinpoint-evidence completions fish > ~/.config/fish/completions/pinpoint-evidence.fish
  pinpoint-evidence completions powershell >> $PROFILE";

/// `man`
pub(super) const MAN: &str = "\
Examples:
  pinpoint-evidence man
  pinpoint-evidence man --out ~/.local/share/man/man1";

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use crate::cli::args::Arguments;

    /// The commands of a help text, without comments, redirections, what they are piped to, and quotes.
    fn commands(help: &str) -> Vec<Vec<String>> {
        let lines = help.lines().map(str::trim).filter(|line| line.starts_with("pinpoint-evidence "));
        let words = |line: &str| {
            let command = line.split(" #").next().unwrap_or_default().split(['>', '|']).next().unwrap_or_default();
            command.split_whitespace().map(|word| word.replace('\'', "")).collect()
        };
        lines.map(words).collect()
    }

    #[test]
    fn every_command_has_examples_of_itself_and_every_example_parses() {
        let program = Arguments::command();
        let mut seen = 0;
        for command in std::iter::once(&program).chain(program.get_subcommands()) {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples = commands(&help);
            assert!(!examples.is_empty(), "{name} has no examples");
            for words in examples {
                assert!(name == program.get_name() || words[1] == name, "{words:?} under {name}");
                Arguments::try_parse_from(&words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
                seen += 1;
            }
        }
        assert!(seen > 25, "{seen} examples");
    }

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }
}
