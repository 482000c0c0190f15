//! `demo`: the main job on an embedded example account, through the real SDK clients, offline.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::DateTime;

use super::args::Demo;
use super::collection::{self, Life, Regions, Request};
use super::failure::Failure;
use super::inputs::Declared;
use super::interrupt::Interrupt;
use super::pack;
use super::progress::Phases;
use super::signing::Signer;
use super::terminal::Terminal;
use crate::collect::{Clock, Pace, in_process};
use crate::config::Config;
use crate::demo;
use crate::exit::{Exit, Strictness};
use crate::files::Existing;
use crate::pack::Request as Wanted;
use crate::render::formats::Chosen;
use crate::seal::{Entry, MANIFEST, Manifest, PackWriter};
use crate::snapshot::hex_sha256;
use crate::snapshot::several::Snapshots;

pub(super) fn run(options: &Demo, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen()?;
    interrupt.judge(shown(options, &interrupt, terminal))
}

fn shown(options: &Demo, interrupt: &Interrupt, terminal: &Terminal) -> Result<Exit, Failure> {
    let target = &options.out;
    let declared =
        Declared { config: Config::parse(demo::CONFIG, "evidence.toml")?, text: Some(demo::CONFIG.to_owned()) };
    let scratch = Scratch::beside(target);
    let collected = scratch.path("snapshot");
    collection::run(collect(&collected, &declared.config, terminal))?;
    let snapshots = Snapshots::open(&[collected])?;
    let pack = pack::judge(&snapshots, &declared, None, Wanted::default(), terminal)?;
    let fresh = scratch.path("pack");
    interrupt.check()?;
    let write = |target: &Path, existing| {
        let writer = PackWriter::create(target, existing)?;
        let (how, phases) = ((&Chosen::all(), &Signer::nobody()), &mut Phases::new(terminal));
        pack::write(writer, &snapshots, &pack, how, (interrupt, phases))
    };
    write(&fresh, Existing::Refuse)?;
    if !is_same(&fresh, target) {
        // What is there and differs is somebody's: it is replaced only with --force.
        let existing = if options.force { Existing::Replace } else { Existing::Refuse };
        write(target, existing)?;
    }
    pack::conclude(&pack, target, terminal)?;
    let would = Exit::of(&pack, Strictness::default());
    terminal.say(&format!("On a real account, `pack` would end with exit code {}.", would as u8));
    Ok(Exit::Success)
}

/// Collects the example account at its own fixed time.
async fn collect(target: &Path, config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    let aws = in_process::aws(demo::REGIONS[0], demo::answer);
    let now = DateTime::parse_from_rfc3339(demo::NOW).map_err(Failure::usage)?.to_utc();
    let clock: Clock = Arc::new(move || now);
    let regions = Regions::Named(demo::REGIONS.map(str::to_owned).to_vec());
    let (pace, existing, life) = (Pace::Unlimited, Existing::Refuse, Life::Passing);
    let request = Request { aws: &aws, regions, pace, clock: &clock, target, existing, life, shard: None };
    collection::snapshot(&request, config, terminal).await.map(|_| ())
}

/// Whether the pack that is there is the one that was just made.
fn is_same(fresh: &Path, target: &Path) -> bool {
    let manifest = |pack: &Path| fs::read(pack.join(MANIFEST)).ok();
    let (Some(new), Some(old)) = (manifest(fresh), manifest(target)) else { return false };
    let Ok(sealed) = serde_json::from_slice::<Manifest>(&new) else { return false };
    let unchanged =
        |entry: &Entry| fs::read(target.join(&entry.path)).is_ok_and(|bytes| hex_sha256(&bytes) == entry.sha256);
    new == old && sealed.files.iter().all(unchanged)
}

/// A hidden directory beside the target, for what only lives until the pack is written.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(target: &Path) -> Self {
        Self(super::pack::hidden_beside(target, "demo"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
