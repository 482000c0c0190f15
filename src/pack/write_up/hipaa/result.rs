//! Part 2: the result and what is open, on one page.

use super::case::{Case, counted};
use super::part;
use super::sum::{Open, Sum};
use crate::pack::write_up::{Block, Column, Ground, Part, Record, Row, Statement, Table, Text};
use crate::pack::{Status, Summary};
use crate::programs::security_rule;
use crate::rules::Level;

/// Rules that one page has room for.
const RULES_SHOWN: usize = 8;

/// Names of resources in a row.
const NAMES_SHOWN: usize = 2;

const GUIDE: &str = "Lines are standards and implementation specifications; those of 164.306 to 164.316 stand in part 8. Not \
    shown: no evidence of this pack bears on the line, and it asks for no statement; part 8 says why.";

const COLUMNS: [Column; 11] = [
    Column::Words("Lines of"),
    Column::Numbers("All"),
    Column::Numbers("▲ not met"),
    Column::Numbers("◇ not evaluated"),
    Column::Numbers("○ needs attestation"),
    Column::Numbers("□ inherited gap"),
    Column::Numbers("◆ attested"),
    Column::Numbers("● met"),
    Column::Numbers("■ inherited"),
    Column::Numbers("– not applicable"),
    Column::Numbers("Not shown"),
];

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut says = vec![verdicts(case), agreement(case), reports(case)];
    says.push(statements(case));
    let open = open(case);
    let mut blocks = vec![Block::Says(says), by_standard(case), Block::Guide(GUIDE)];
    if !open.rows.is_empty() {
        blocks.push(Block::Heading("", "What is open, required rules first"));
        blocks.push(Block::Table(open));
    }
    Part { title: "Result", blocks }
}

fn verdicts(case: &Case<'_>) -> Statement {
    let all = case.bearing();
    let required: Summary = all.rules().iter().filter(|of| of.level == Level::Required).map(|of| of.counts).sum();
    let number = |number: u64| counted(usize::try_from(number).unwrap_or(usize::MAX), "finding");
    let sentence = format!(
        "Of required rules that bear on HIPAA, {} failed without a valid waiver and {} could not be evaluated. All rules \
         that bear on it: {}.",
        number(required.fail - required.waived),
        number(required.not_evaluated),
        all.counts(),
    );
    Statement::new(sentence, all.evidence())
}

fn agreement(case: &Case<'_>) -> Statement {
    let sum = case.of_rule("baa-active").cloned().unwrap_or_default();
    let good = sum.counts().pass + sum.counts().attested;
    let sentence = format!(
        "An addendum with AWS was in force, or is attested, for {good} of {}; part",
        counted(case.pack.scope.accounts.len(), "account")
    );
    Statement::new(Text::from(sentence).part(part::BAA).words("."), sum.evidence())
}

fn reports(case: &Case<'_>) -> Statement {
    let statuses: Vec<Status> = case.program.groups.iter().map(|group| group.aws).collect();
    let worst = statuses.iter().max().copied().unwrap_or(Status::NotEvaluated);
    let sentence = match worst {
        Status::Inherited => {
            "AWS's audit reports that stand for AWS's part cover the period up to the collection; part "
        }
        Status::InheritedGap => "AWS's audit reports that stand for AWS's part leave days of the period open; part ",
        _ => "Whether AWS's audit reports cover the period could not be told; part ",
    };
    let calls = super::reports::of(case).into_iter().flat_map(|report| &report.evidence);
    Statement::new(Text::from(sentence).part(part::REPORTS).words("."), Ground::evidence_of_many(calls))
}

fn statements(case: &Case<'_>) -> Statement {
    let missing = super::attestations::missing(case).len();
    let given = super::attestations::given(case);
    let sentence = format!(
        "Of the statements that only a person can give, {} given and {missing} open; part ",
        if given.len() == 1 { "1 is".to_owned() } else { format!("{} are", given.len()) }
    );
    let text = Text::from(sentence).part(part::ATTESTATIONS).words(".");
    Statement::new(text, Ground::Record(Record::Results))
}

/// How many lines of each section have each status.
fn by_standard(case: &Case<'_>) -> Block {
    let mut rows: Vec<(Text, Vec<Option<Status>>)> = Vec::new();
    for section in security_rule::sections() {
        let statuses = case.lines(section).map(|line| line.status(case)).collect();
        rows.push((Text::from(format!("{} {}", section.citation, section.title)), statuses));
    }
    for (subpart, title, number) in
        [("Subpart D", "Subpart D, breach", part::BREACH), ("Subpart E", "Subpart E, privacy", part::PRIVACY)]
    {
        let statuses = case.of_subpart(subpart).into_iter().map(|control| Some(control.status)).collect();
        rows.push((Text::from(format!("{title}, part")).part(number), statuses));
    }
    let all: Vec<Option<Status>> = rows.iter().flat_map(|(_, statuses)| statuses.iter().copied()).collect();
    rows.push((Text::from("Together"), all));
    let row = |(title, statuses): (Text, Vec<Option<Status>>)| {
        let count = |wanted: Option<Status>| statuses.iter().filter(|status| **status == wanted).count().to_string();
        let counts = Status::ALL.iter().map(|status| count(Some(*status))).chain([count(None)]);
        let cells = [title, statuses.len().to_string().into()].into_iter().chain(counts.map(Text::from));
        Row::new(cells, Ground::Record(Record::Results))
    };
    Block::Table(Table { columns: &COLUMNS, rows: rows.into_iter().map(row).collect() })
}

/// The rules with an open finding that bear on HIPAA, required ones first; those for which the page has no room are
/// counted in a row of their own.
fn open(case: &Case<'_>) -> Table {
    let mut rules = case.open_by_rule();
    rules.sort_by_key(|open| (open.sum.rules().first().map(|of| of.level), weight(open.sum.counts())));
    let mut rows: Vec<Row> = rules.iter().take(RULES_SHOWN).filter_map(open_row).collect();
    let mut rest = Sum::default();
    rules.iter().skip(RULES_SHOWN).for_each(|open| rest.join(&open.sum));
    if !rest.rules().is_empty() {
        let first = Text::from(format!("{} more, part", rules.len() - RULES_SHOWN)).part(part::PLAN);
        rows.push(Row::new([first, rest.counts().to_string().into(), Text::from("–")], rest.evidence()));
    }
    Table { columns: &[Column::Words("Rule"), Column::Words("Open"), Column::Words("Where")], rows }
}

fn open_row(Open { sum, names }: &Open) -> Option<Row> {
    let of = sum.rules().first()?;
    let first = Text::blank().finding(of.rule, of.first.clone());
    let first = if of.level == Level::Required { first } else { first.words(", recommended") };
    Some(Row::new([first, of.counts.to_string().into(), names.told(NAMES_SHOWN).into()], sum.evidence()))
}

/// The order in which a reader must see the open findings of rules, by the worst of each.
const fn weight(open: Summary) -> u8 {
    match open {
        Summary { fail, waived, .. } if fail > waived => 0,
        Summary { not_evaluated: 1.., .. } => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix;
    use super::*;
    use crate::render::sample;

    #[test]
    fn the_columns_are_the_statuses_in_their_order() {
        let words: Vec<&str> = COLUMNS[2..10]
            .iter()
            .filter_map(|column| match column {
                Column::Numbers(title) => title.split_once(' ').map(|(_, word)| word),
                Column::Words(_) => None,
            })
            .collect();
        assert_eq!(words, Status::ALL.map(|status| status.as_str().replace('_', " ")));
    }

    #[test]
    fn every_line_of_the_rule_is_counted_once() {
        let pack = sample::with_every_control();
        let case = Case::new(&pack).expect("the program is there");
        let Block::Table(table) = by_standard(&case) else { panic!("no table") };
        let together = table.rows.last().expect("a row");
        let numbers: Vec<usize> = together.cells[1..]
            .iter()
            .filter_map(|cell| match cell.pieces() {
                [crate::pack::write_up::Piece::Words(words)] => words.parse().ok(),
                _ => None,
            })
            .collect();
        assert_eq!(numbers[0], numbers[1..].iter().sum::<usize>());
        assert_eq!(numbers[0], matrix::rows_of_all(&case));
    }
}
