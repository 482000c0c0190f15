//! Part 4: which projects and channels carry PHI, to be signed.

use super::case::{Case, counted};
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Record, Row, Statement, Table, Text};
use crate::pack::{Application, ChannelState};
use crate::rules::Phi;

/// Projects that one document names.
const PROJECTS_SHOWN: usize = 150;

const GUIDE: &str = "Which channels of a project send PHI no API shows. Whoever signs below writes them into the empty \
    column.";

pub(super) fn part(case: &Case<'_>) -> Part {
    let applications = &case.pack.scope.applications;
    let (text, basis) = case.statement("Purpose of and authority for PHI in messages", "phi");
    let mut says = vec![Statement::new(text, basis)];
    says.extend(beyond(case));
    let mut blocks = vec![Block::Guide(GUIDE), Block::Says(says)];
    let rows: Vec<Row> = applications.iter().take(PROJECTS_SHOWN).map(|application| project(&application)).collect();
    if !rows.is_empty() {
        blocks.push(Block::Table(Table {
            columns: &[
                Column::Words("Project"),
                Column::Words("PHI"),
                Column::Words("Channels as observed"),
                Column::Words("Channels that send PHI"),
            ],
            rows,
        }));
    }
    if applications.len() > PROJECTS_SHOWN {
        let words = format!(
            "{} more stand in the document on channel usage.",
            counted(applications.len() - PROJECTS_SHOWN, "project")
        );
        blocks.push(Block::Says(vec![Statement::new(words, Ground::Record(Record::Results))]));
    }
    blocks.push(Block::Form(&["Stated by", "Role", "On", "Signature"], 1));
    Part { title: "Use of PHI by project and channel", blocks }
}

fn project(application: &Application) -> Row {
    let place = format!("{}, {}", application.account, application.region);
    let (phi, ground) = match &application.phi {
        Phi::Declared { how } => (format!("carries PHI: {how}"), Ground::Declared("phi")),
        Phi::Excluded { reason, declared_by, declared_on } => (
            format!("carries none: {reason}"),
            Ground::Attested {
                by: declared_by.clone(),
                role: String::new(),
                on: Some(*declared_on),
                reference: String::new(),
            },
        ),
        Phi::Undeclared { judged: true } => {
            ("nobody declares it; judged as if it carried PHI".to_owned(), Ground::NotEvidenced(Vec::new()))
        }
        Phi::Undeclared { judged: false } => {
            ("nobody declares it; left out of the rules on PHI".to_owned(), Ground::Declared("phi.undeclared"))
        }
    };
    let calls = application.channels.iter().flat_map(|channel| &channel.evidence);
    Row::new(
        [Text::from(application.name.clone()).line(place), phi.into(), channels(application), Text::blank()],
        Basis::of(ground).and(Ground::evidence_of_many(calls)),
    )
}

/// Enabled channels, and those that could not be read.
fn channels(application: &Application) -> Text {
    let of = |wanted: fn(ChannelState) -> bool| -> Vec<&str> {
        let channels = application.channels.iter().filter(|channel| wanted(channel.state));
        channels.map(|channel| channel.name.as_str()).collect()
    };
    let enabled = of(|state| state == ChannelState::Enabled);
    let unread = of(|state| matches!(state, ChannelState::Unread(_)));
    let text = if enabled.is_empty() {
        Text::from("none enabled")
    } else {
        Text::from(format!("enabled: {}", enabled.join(", ")))
    };
    if unread.is_empty() { text } else { text.line(format!("could not be read: {}", unread.join(", "))) }
}

/// What sends PHI outside of projects, and for what the short codes were requested.
fn beyond(case: &Case<'_>) -> Vec<Statement> {
    let declared = &case.pack.declared;
    let mut says = Vec::new();
    if !declared.email_identities.is_empty() {
        let sentence = format!(
            "Amazon SES identities that send PHI outside of projects: {}.",
            declared.email_identities.join(", ")
        );
        says.push(Statement::new(sentence, Ground::Declared("phi.email_identities")));
    }
    for code in &declared.short_codes {
        let purpose =
            code.purpose.as_deref().map_or("no purpose is given".to_owned(), |purpose| format!("for {purpose}"));
        let case_id = code.support_case.as_deref().map(|id| format!(", {id}")).unwrap_or_default();
        let on = code.requested_on.map(|day| format!(" on {day}")).unwrap_or_default();
        let sentence = format!("Short code {} was requested{on} {purpose}{case_id}.", code.number);
        says.push(Statement::new(sentence, Ground::Declared("phi.short_code")));
    }
    says
}
