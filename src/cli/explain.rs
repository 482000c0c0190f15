//! `explain`: the catalogue, from the code's own documentation.

use super::args::Explain;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::explain;

pub(super) fn run(options: &Explain, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(id) = &options.id else {
        terminal.data(&explain::catalogue())?;
        return Ok(Exit::Success);
    };
    match explain::entry(id) {
        Ok(text) => terminal.data(&text)?,
        Err(nearest) => {
            let failure = Failure::usage(format!("there is no rule, program, control or attestation `{id}`"));
            return Err(match nearest {
                Some(nearest) => failure.hint(format!("did you mean `{nearest}`?")),
                None => failure.hint(
                    "`pinpoint-evidence explain` lists rules and programs, and `explain hipaa` the controls of one",
                ),
            });
        }
    }
    Ok(Exit::Success)
}
