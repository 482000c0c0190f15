//! `doctor`: who asks, which calls are allowed, and which rules would be blind, before collecting.

use std::time::Duration;

use super::args::{Doctor, DoctorFormat};
use super::collection::{self, Ready};
use super::failure::Failure;
use super::inputs;
use super::terminal::Terminal;
use crate::collect::{self, Pace, Plan, Probe};
use crate::doctor::{self, Examined, Example, Report};
use crate::exit::Exit;

pub(super) fn run(options: &Doctor, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let declared = inputs::declared(&options.declarations, terminal)?;
    let report = collection::run(async {
        let ready = collection::ready(&options.aws, &declared.config).await?;
        terminal.say("Probing every call that a collection makes.");
        if ready.others {
            terminal.say(&format!("Only in account {}; the others are entered by a collection.", ready.account));
        }
        report(ready, options.within).await
    })?;
    let text = match options.format {
        DoctorFormat::Text => doctor::text(&report, terminal.width()),
        DoctorFormat::Json => doctor::json(&report).map_err(Failure::usage)?,
    };
    terminal.data(&text)?;
    Ok(report.exit(options.strict))
}

async fn report(ready: Ready, within: Duration) -> Result<Report, Failure> {
    let (probes, example) = tokio::join!(probes(&ready, within), Example::collect());
    let example = example.ok_or_else(|| Failure::usage("the example account of this program is broken"))?;
    let examined = Examined { caller: ready.caller, regions: ready.scanned, probes };
    Ok(Report::of(examined, &example).await)
}

/// What was answered in time.
async fn probes(ready: &Ready, within: Duration) -> Vec<Probe> {
    let mut probes = Vec::new();
    let plan = Plan::own(&ready.account, ready.scanned.clone(), Pace::Quotas);
    let asking = collect::probe(&ready.aws, &plan, &ready.clock, |probe| probes.push(probe));
    // Whatever has not ended by then is not among the probes, and the report says so.
    let _ = tokio::time::timeout(within, asking).await;
    probes
}
