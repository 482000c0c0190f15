//! `hipaa-shared-responsibility`: a write-up as Markdown shows it. It says nothing of its own: every sentence and every
//! basis is that of the value.

use serde::Serialize;

use crate::pack::write_up::{Basis, Block, Column, Ground, Piece, Record, Row, Text, WriteUp};
use crate::pack::{DocumentName, Findings, Pack};
use crate::render::html::Pictures;
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::page::Page;
use crate::render::rows::Repeated;
use crate::render::{svg, words};

/// The document's file below the pack, without ending.
const DOCUMENT: &str = DocumentName::HipaaSharedResponsibility.as_str();

/// Where a statement stands, without its id.
const STATE: &str = "hipaa-shared-responsibility.md#state-";

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    parts: Vec<PartView<'a>>,
}

#[derive(Serialize)]
struct PartView<'a> {
    number: usize,
    title: &'a str,
    blocks: Vec<BlockView<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum BlockView<'a> {
    Heading { number: &'a str, title: &'a str },
    Guide { text: &'a str },
    Says { statements: Vec<StatementView> },
    Facts { facts: Vec<FactView<'a>> },
    Table { columns: Vec<ColumnView<'a>>, rows: Vec<RowView> },
    Picture { name: &'static str },
    Form { columns: &'a [&'static str], rows: usize },
}

#[derive(Serialize)]
struct StatementView {
    text: Vec<PieceView>,
    basis: Vec<GroundView>,
}

#[derive(Serialize)]
struct FactView<'a> {
    name: &'a str,
    text: Vec<PieceView>,
    basis: Vec<GroundView>,
}

#[derive(Serialize)]
struct ColumnView<'a> {
    title: &'a str,
    numbers: bool,
}

#[derive(Serialize)]
struct RowView {
    cells: Vec<Vec<PieceView>>,
    basis: Vec<GroundView>,
}

/// A piece of a text.
#[derive(Default, Serialize)]
struct PieceView {
    /// `words`, `code`, `link`, `label`, `anchor` or `break`.
    kind: &'static str,
    text: String,
    address: String,
    reason: String,
    waived: bool,
    /// Whether a space stands before it.
    apart: bool,
}

/// What a statement rests on: its label, calls, and words.
#[derive(Default, Serialize)]
struct GroundView {
    label: &'static str,
    calls: Vec<CallLink>,
    /// How many calls there are besides.
    others: u64,
    words: String,
    /// Where the words lead; empty where they lead nowhere.
    address: String,
    /// Ids of statements that are missing.
    needs: Vec<String>,
    /// Where a statement stands, without its id.
    state: &'static str,
}

/// What turns ids into places.
struct Places<'a> {
    findings: &'a Findings,
    calls: &'a CallIndex<'a>,
}

/// The page with its pictures.
pub(in crate::render) fn page<'a>(
    pack: &'a Pack,
    write_up: &'a WriteUp,
    calls: &'a CallIndex<'a>,
) -> (Page<'a, View<'a>>, Pictures) {
    let places = Places { findings: &pack.findings, calls };
    let blocks = write_up.parts.iter().flat_map(|part| &part.blocks);
    let pictures = blocks.filter_map(|block| match block {
        Block::Picture(picture) => Some(svg::draw(picture)),
        _ => None,
    });
    let parts = (1..).zip(&write_up.parts).map(|(number, part)| PartView {
        number,
        title: part.title,
        blocks: part.blocks.iter().map(|block| places.block(block)).collect(),
    });
    let view = View { parts: parts.collect() };
    let page = Page {
        document: DOCUMENT.into(),
        number: 0,
        title: "HIPAA write-up",
        template: "write-up.md.tera",
        view,
        repeated: Repeated::default(),
    };
    (page, pictures.collect())
}

impl Places<'_> {
    fn block<'a>(&self, block: &'a Block) -> BlockView<'a> {
        match block {
            Block::Heading(number, title) => BlockView::Heading { number, title },
            Block::Guide(text) => BlockView::Guide { text },
            Block::Says(statements) => BlockView::Says {
                statements: statements
                    .iter()
                    .map(|of| StatementView { text: self.text(&of.text), basis: self.basis(&of.basis) })
                    .collect(),
            },
            Block::Facts(facts) => BlockView::Facts {
                facts: facts
                    .iter()
                    .map(|of| FactView { name: of.name, text: self.text(&of.value), basis: self.basis(&of.basis) })
                    .collect(),
            },
            Block::Table(table) => BlockView::Table {
                columns: table.columns.iter().map(column).collect(),
                rows: table.rows.iter().map(|row| self.row(row)).collect(),
            },
            Block::Picture(picture) => BlockView::Picture { name: svg::name(picture) },
            Block::Form(columns, rows) => BlockView::Form { columns, rows: *rows },
        }
    }

    fn row(&self, row: &Row) -> RowView {
        RowView { cells: row.cells.iter().map(|cell| self.text(cell)).collect(), basis: self.basis(&row.basis) }
    }

    fn text(&self, text: &Text) -> Vec<PieceView> {
        let pieces = text.pieces();
        let before = |at: usize| at.checked_sub(1).map(|before| &pieces[before]);
        let apart = |at: usize, piece: &Piece| before(at).is_some_and(|before| stands_apart(before, piece));
        pieces
            .iter()
            .enumerate()
            .map(|(at, piece)| PieceView { apart: apart(at, piece), ..self.piece(piece) })
            .collect()
    }

    fn piece(&self, piece: &Piece) -> PieceView {
        let of = |kind, text: &str| PieceView { kind, text: text.to_owned(), ..PieceView::default() };
        let link = |text: &str, address: String| PieceView { address, ..of("link", text) };
        match piece {
            Piece::Words(text) => of("words", text),
            Piece::Code(text) => of("code", text),
            Piece::Verdict(verdict, waived) => PieceView {
                reason: verdict.reason().map(words::reason).unwrap_or_default(),
                waived: *waived,
                ..of("label", words::verdict(*verdict))
            },
            Piece::Status(status) => of("label", words::status(*status)),
            Piece::Finding(text, id) => match self.findings.position(id) {
                Some(place) => link(text, self.calls.findings().address_of(place, id)),
                None => of("words", text),
            },
            Piece::Statement(id) => link(id, format!("{STATE}{id}")),
            Piece::StatementHere(id) => of("anchor", id),
            Piece::Part(number) => link(&number.to_string(), format!("{DOCUMENT}.md#part-{number}")),
            Piece::Break => of("break", ""),
        }
    }

    fn basis(&self, basis: &Basis) -> Vec<GroundView> {
        basis.grounds().iter().map(|ground| self.ground(ground)).collect()
    }

    fn ground(&self, ground: &Ground) -> GroundView {
        let label = |label| GroundView { label, ..GroundView::default() };
        match ground {
            Ground::Evidence(calls) => GroundView {
                calls: self.calls.links(calls.shown()),
                others: words::number(calls.others()),
                ..label("evidence")
            },
            Ground::Aws(source) => GroundView {
                words: source.name().to_owned(),
                address: source.address().to_owned(),
                ..label("AWS states")
            },
            Ground::Attested { by, role, on, reference } => {
                GroundView { words: attested(by, role, *on, reference), ..label("attested") }
            }
            Ground::Declared(key) => GroundView { words: (*key).to_owned(), ..label("declared") },
            Ground::Law(citation) => GroundView { words: citation.clone(), ..label("law") },
            Ground::Published(title) => GroundView { words: (*title).to_owned(), ..label("published") },
            Ground::Record(record) => {
                let (words, address) = file(*record);
                GroundView { words: words.to_owned(), address: address.to_owned(), ..label("this pack") }
            }
            Ground::Catalogue => GroundView { words: "catalogue".to_owned(), ..label("this program") },
            Ground::NotEvidenced(ids) => GroundView { needs: ids.clone(), state: STATE, ..label("not evidenced") },
        }
    }
}

/// Whether a space belongs between two pieces.
fn stands_apart(before: &Piece, piece: &Piece) -> bool {
    let ends_open = matches!(before, Piece::Words(words) if words.ends_with('('));
    let begins_closed = matches!(piece, Piece::Words(words) if words.starts_with(['.', ',', ';', ':', ')']));
    !ends_open && !begins_closed && *before != Piece::Break && *piece != Piece::Break
}

const fn column<'a>(column: &Column) -> ColumnView<'a> {
    match column {
        Column::Words(title) => ColumnView { title, numbers: false },
        Column::Numbers(title) => ColumnView { title, numbers: true },
    }
}

/// Who, as what, when, where the original lies; what is not said is left out.
fn attested(by: &str, role: &str, on: Option<chrono::NaiveDate>, reference: &str) -> String {
    let who = if role.is_empty() { by.to_owned() } else { format!("{by} ({role})") };
    let on = on.map(words::day).unwrap_or_default();
    let all = [who.as_str(), on.as_str(), reference];
    all.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What a record is called, and where it lies in the pack.
const fn file(record: Record) -> (&'static str, &'static str) {
    match record {
        Record::Snapshot => ("evidence/snapshot.json", "evidence/snapshot.json"),
        Record::Results => ("results.json", "results.json"),
        Record::Manifest => ("manifest.json", "manifest.json"),
    }
}
