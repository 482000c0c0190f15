//! `schema`: the JSON Schemas of the files.

use super::args::{Schema, SchemaFile};
use super::failure::Failure;
use super::progress;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::{config, doctor, pack, render, seal, snapshot};

pub(super) fn run(options: &Schema, terminal: &mut Terminal) -> Result<Exit, Failure> {
    terminal.data(match options.file {
        SchemaFile::Config => config::SCHEMA,
        SchemaFile::Results => render::SCHEMA,
        SchemaFile::Snapshot => snapshot::SCHEMA_JSON,
        SchemaFile::Manifest => seal::SCHEMA_JSON,
        SchemaFile::Progress => progress::SCHEMA,
        SchemaFile::Doctor => doctor::SCHEMA_JSON,
        SchemaFile::Diff => pack::CHANGES_SCHEMA_JSON,
        SchemaFile::Ticket => pack::TICKET_SCHEMA_JSON,
    })?;
    Ok(Exit::Success)
}
