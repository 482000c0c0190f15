//! Part 7: the sentences of AWS's page on channels, each with its rules and what was observed.

use super::case::Case;
use super::sum::{NAMES_SHOWN, Open};
use crate::pack::write_up::{Block, Column, Ground, Part, Row, Source, Statement, Table, Text};
use crate::rules;

const GUIDE: &str = "AWS's words keep their force: “should” for email, push, SMS and the short code, “do not” for voice. The \
    findings say what each rule saw of each project, campaign, journey and number.";

/// A sentence of AWS's page, and the rules that hold the configuration against it.
struct Sentence {
    heading: &'static str,
    words: &'static str,
    rules: &'static [&'static str],
}

const SENTENCES: [Sentence; 3] = [
    Sentence {
        heading: "Email, push or SMS",
        words: "“you should use the email channel, push notification channel, or SMS channel to send messages that contain PHI”",
        rules: &["channels-permitted", "campaign-channels-permitted", "journey-channels-permitted"],
    },
    Sentence {
        heading: "A dedicated short code",
        words: "“you should send those messages from a dedicated short code that you requested for your AWS account for the \
                explicit purpose of sending messages that will or may contain PHI”",
        rules: &[
            "sms-origination-short-code",
            "sms-sender-id-unused",
            "short-code-dedicated",
            "short-code-phi-purpose",
            "short-code-reserved-for-phi",
        ],
    },
    Sentence {
        heading: "Never voice",
        words: "“do not use the voice channel to send messages that contain PHI”",
        rules: &[
            "voice-channel-disabled",
            "voice-templates-absent",
            "voice-capability-absent",
            "voice-sending-blocked",
        ],
    },
];

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut blocks = vec![Block::Guide(GUIDE)];
    for sentence in &SENTENCES {
        blocks.push(Block::Heading("", sentence.heading));
        blocks.push(Block::Says(vec![Statement::new(sentence.words, Ground::Aws(Source::CompliancePage))]));
        let rows: Vec<Row> = sentence.rules.iter().filter_map(|rule| row(case, rule)).collect();
        if !rows.is_empty() {
            blocks.push(Block::Table(Table {
                columns: &[
                    Column::Words("Rule"),
                    Column::Words("Level"),
                    Column::Words("What was observed"),
                    Column::Words("Open, and where"),
                ],
                rows,
            }));
        }
    }
    blocks.push(Block::Says(vec![
        Statement::new(
            "Voice messages and the WhatsApp channel are excluded from AWS's list of HIPAA eligible services.",
            Ground::Aws(Source::EligibleServices),
        ),
        Statement::new(
            "A direct send names its channel in each request. No configuration shows it, and no usage was read.",
            Ground::NotEvidenced(Vec::new()),
        ),
    ]));
    Part { title: "Channel rules and facts", blocks }
}

fn row(case: &Case<'_>, id: &str) -> Option<Row> {
    let rule = rules::find(id)?;
    let all = case.of_rule(id)?;
    let first = all.rules().first()?.first.clone();
    let Open { sum: open, names } = case.open_of_rule(id)?;
    let is_open = !open.rules().is_empty();
    let names = if is_open { names.told(NAMES_SHOWN) } else { "–".to_owned() };
    let heading = Text::blank().finding(rule.id, first).line(rule.title);
    let cells = [heading, rule.level.as_str().into(), all.counts().to_string().into(), names.into()];
    Some(Row::new(cells, if is_open { open.evidence() } else { all.evidence() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_a_sentence_exists() {
        for rule in SENTENCES.iter().flat_map(|sentence| sentence.rules) {
            assert!(rules::find(rule).is_some(), "{rule}");
        }
    }
}
