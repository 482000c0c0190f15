//! `init`: a configuration to begin with, filled with what can be read.

use super::args::Init;
use super::collection::{self, Ready};
use super::failure::Failure;
use super::inputs;
use super::terminal::Terminal;
use crate::collect::{Pace, Plan};
use crate::config::Config;
use crate::estate::Estate;
use crate::exit::Exit;
use crate::files::{self, Existing};
use crate::init;
use crate::snapshot::Snapshot;
use crate::snapshot::time;

pub(super) fn run(options: &Init, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let existing = if options.force { Existing::Replace } else { Existing::Refuse };
    let target = &options.out;
    // Before anything is asked: a collection takes a minute.
    files::check_file(target, existing)?;
    let estate = estate(options, terminal)?;
    let day = estate.as_ref().map_or_else(|| inputs::clock()(), |estate| estate.finished).date_naive();
    let text = init::text(estate.as_ref(), day)?;
    // What is written must be what is read; a name in the account could have broken it.
    Config::parse(&text, &target.display().to_string())
        .map_err(|error| Failure::usage(error).hint("please report this as a bug"))?;
    files::write_one(target, text.as_bytes(), existing)?;
    terminal.say("It declares nothing yet: remove the `#` before what holds, and fill in what is in capitals.");
    terminal.say("Next: edit it, and run `pinpoint-evidence pack --out DIR` in this directory. The configuration:");
    terminal.data(&format!("{}\n", target.display()))?;
    Ok(Exit::Success)
}

fn estate(options: &Init, terminal: &Terminal) -> Result<Option<Estate>, Failure> {
    if options.offline {
        return Ok(None);
    }
    if let Some(snapshot) = &options.from {
        return Ok(Some(Estate::read(&Snapshot::open(snapshot)?)?));
    }
    let asked = collection::run(async {
        let ready = collection::ready(&options.aws, &Config::default()).await?;
        asked(ready, terminal).await
    });
    asked.map(Some).map_err(Failure::or_offline)
}

/// Reads what a collection reads, and keeps it in memory.
async fn asked(ready: Ready, terminal: &Terminal) -> Result<Estate, Failure> {
    let Ready { aws, clock, account, scanned, .. } = ready;
    terminal.say(&format!("Reading account {account} in {}.", scanned.join(", ")));
    let plan = Plan::own(&account, scanned, Pace::Quotas);
    let mut calls = Vec::new();
    let mut keep = |call| {
        calls.push(call);
        Ok(())
    };
    collection::observed(&aws, &plan, &clock, terminal, None, &mut keep).await?;
    let regions: Vec<&str> = plan.regions.iter().map(String::as_str).collect();
    Ok(Estate::of_calls(&account, &regions, time::whole_milliseconds(clock()), calls))
}
