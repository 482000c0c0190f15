//! The typed view of a snapshot: what there is, and what could not be seen.
//!
//! The estate is parsed from the recorded bodies and nothing else. It never guesses: a body without a member that
//! somebody needs is unread, and every value knows the calls that show it. It never judges.

mod artifact;
mod campaign;
mod data_flow;
mod earlier;
mod email;
mod index;
mod journey;
mod once;
mod pinpoint;
mod policy;
mod pool;
mod push;
mod reading;
mod registration;
mod sms_voice;
mod voice;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

pub use artifact::{Agreement, Artifact, Report, Versions};
pub use campaign::{Campaign, SmsMessage, Treatment};
pub use data_flow::{EventDestination, EventStream, Hook, Job, Recommender, Settings, SmsConfigurationSet};
pub use email::{ConfigurationSet, Dkim, EmailChannel, EmailIdentity, Ses, ShownIdentity};
pub use journey::{Activity, Journey};
pub use pinpoint::{Application, ChannelEntry, OwnGaps, SingleChannel, SmsChannel};
pub use policy::{Policies, ResourcePolicy};
pub use pool::{Pool, PoolMember};
pub use push::{PushChannel, ShownPush};
pub use reading::{Gap, Listed, Listing, Reading};
pub use registration::{Answer, ApprovedVersion, Question, Registration};
pub use sms_voice::{Numbers, PhoneNumber};
pub use voice::{AccountAttribute, CountryRules, ProtectConfiguration, SpendLimit, Template, VoiceGuards};
pub use words::{
    AgreementState, AuthenticationMethod, CampaignStatus, Capability, ChannelType, DkimStatus, JourneyState,
    MessageType, NumberStatus, NumberType, ProtectStatus, RegistrationStatus, TemplateType, TlsPolicy,
};

pub(crate) use index::about;

use crate::json;
use crate::operations as op;
use crate::regions;
use crate::snapshot::read::{ReadError, Snapshot};
use crate::snapshot::{Call, Shards, SkippedAccount, UnreadAccount};
use index::Calls;

/// Everything that a snapshot shows.
#[derive(Clone, Debug)]
pub struct Estate {
    /// When the collection ended: the time that everything is judged at.
    pub finished: DateTime<Utc>,
    /// Twelve digits.
    pub caller_account: String,
    /// The accounts that were looked at, in order.
    pub accounts: Vec<String>,
    /// Why nothing was read in some of them.
    pub accounts_unread: BTreeMap<String, Gap>,
    /// The accounts of the organization that were not looked at because they are not in use.
    pub accounts_skipped: Vec<SkippedAccount>,
    /// The parts of the collection that were not there, and of how many.
    pub parts_missing: Option<Shards>,
    /// The regions where a messaging service is offered and nobody looked, in order.
    pub regions_not_scanned: Vec<String>,
    /// The places that were looked at, by account and region.
    pub places: Vec<Place>,
    /// What AWS Artifact shows, by account.
    pub artifacts: BTreeMap<String, Artifact>,
}

/// One account in one region.
#[derive(Clone, Debug)]
pub struct Place {
    /// Twelve digits.
    pub account: String,
    /// For instance `us-east-1`.
    pub region: String,
    /// Applications of Amazon Pinpoint.
    pub applications: Listing<Application>,
    /// Origination numbers.
    pub numbers: Numbers,
    /// Recommender models of Amazon Pinpoint.
    pub recommenders: Listing<Recommender>,
    /// What Amazon SES has.
    pub ses: Ses,
    /// Configuration sets of AWS End User Messaging SMS.
    pub sms_configuration_sets: Listing<SmsConfigurationSet>,
    /// Resource policies of the account's own numbers and pools.
    pub policies: Policies,
    /// Pools of origination identities.
    pub pools: Listing<Pool>,
    /// Registrations.
    pub registrations: Listing<Registration>,
    /// Message templates of Amazon Pinpoint.
    pub templates: Listing<Template>,
    /// What may keep the account from sending voice messages.
    pub voice: VoiceGuards,
}

impl Place {
    /// Parses one account and region of a snapshot; without a call in it, every question there was not asked.
    ///
    /// # Errors
    /// When a file of the snapshot cannot be read or is not what the header says.
    pub fn read(snapshot: &Snapshot, account: &str, region: &str) -> Result<Self, ReadError> {
        let mut calls = Vec::new();
        for file in snapshot.files().filter(|file| place_of(file) == Some((account, region))) {
            snapshot.made(file, |_, call| trimmed(call), |call| calls.push(call))?;
        }
        Ok(place(account, region, &Calls::new(calls)))
    }

    /// The one form in which findings name it.
    #[must_use]
    pub fn resource(&self) -> String {
        format!("account/{}/region/{}", self.account, self.region)
    }
}

impl Estate {
    /// Parses a snapshot.
    ///
    /// # Errors
    /// When a file of the snapshot cannot be read or is not what the header says.
    pub fn read(snapshot: &Snapshot) -> Result<Self, ReadError> {
        Self::survey(snapshot, |_, _, _| {}, drop, |_| {})
    }

    /// Parses a snapshot, one account and region at a time. On the way something is made of every call, of several at a
    /// time, from the file below the snapshot, the 1-based line, and the call; and shown in their order. Of each account
    /// and region `reduce` leaves what is wanted of it, as soon as it was read: of a large estate no more than one is held
    /// whole. [`Place::read`] gives it back.
    ///
    /// # Errors
    /// As [`Estate::read`].
    pub fn survey<T: Send>(
        snapshot: &Snapshot,
        make: impl Fn(&str, u64, &Call) -> T + Sync,
        mut show: impl FnMut(T),
        mut reduce: impl FnMut(&mut Place),
    ) -> Result<Self, ReadError> {
        let header = &snapshot.header;
        let mut estate = Self::empty(&header.caller.account, &header.accounts, header.finished);
        estate.regions_not_scanned.clone_from(&header.regions_not_scanned);
        estate.accounts_skipped.clone_from(&header.accounts_skipped);
        estate.parts_missing = header.shards.clone().filter(|shards| !shards.missing.is_empty());
        let gap = |UnreadAccount { outcome, call, .. }: &UnreadAccount| Gap {
            operation: op::ASSUME_ROLE.name,
            outcome: *outcome,
            calls: vec![call.clone()],
        };
        estate.accounts_unread =
            header.accounts_unread.iter().map(|unread| (unread.account.clone(), gap(unread))).collect();
        let home = artifact_region(&header.regions);
        let mut by_place: BTreeMap<(&str, &str), Vec<Call>> = BTreeMap::new();
        let mut files = header.files.keys().peekable();
        while let Some(file) = files.next() {
            let Some(place) = place_of(file) else { continue };
            let of_place = by_place.entry(place).or_default();
            let make = |line: u64, call: Call| (make(file, line, &call), trimmed(call));
            snapshot.made(file, make, |(made, call)| {
                show(made);
                of_place.push(call);
            })?;
            if files.peek().and_then(|next| place_of(next)) == Some(place) {
                continue;
            }
            let calls = Calls::new(by_place.remove(&place).unwrap_or_default());
            estate.add(place, home, &calls);
            estate.places.last_mut().into_iter().for_each(&mut reduce);
        }
        estate.complete(&header.accounts, &header.regions);
        Ok(estate)
    }

    /// The estate of one account, from calls in memory.
    #[must_use]
    pub fn of_calls(
        account: &str,
        regions: &[&str],
        finished: DateTime<Utc>,
        calls: impl IntoIterator<Item = Call>,
    ) -> Self {
        let accounts = [account.to_owned()];
        let regions: Vec<String> = regions.iter().map(|region| (*region).to_owned()).collect();
        let mut estate = Self::empty(account, &accounts, finished);
        let all: Vec<Call> = calls.into_iter().collect();
        let home = artifact_region(&regions);
        for region in regions.iter().map(String::as_str).chain([home]).collect::<std::collections::BTreeSet<_>>() {
            let calls = Calls::new(all.iter().filter(|call| call.region == region).cloned());
            estate.add((account, region), home, &calls);
        }
        estate.complete(&accounts, &regions);
        estate
    }

    fn add(&mut self, (account, region): (&str, &str), artifact_region: &str, calls: &Calls) {
        if region == artifact_region {
            self.artifacts.insert(account.to_owned(), artifact::artifact(calls));
        }
        self.places.push(place(account, region, calls));
    }

    /// Adds what the header promises and no file shows, so that it is seen to be missing; and leaves out places that
    /// were not looked at, such as the home of AWS Artifact.
    fn complete(&mut self, accounts: &[String], regions: &[String]) {
        let nothing = Calls::new([]);
        self.places.retain(|place| regions.contains(&place.region) && accounts.contains(&place.account));
        for account in accounts {
            self.artifacts.entry(account.clone()).or_insert_with(|| artifact::artifact(&nothing));
            for region in regions {
                if !self.places.iter().any(|place| place.account == *account && place.region == *region) {
                    self.places.push(place(account, region, &nothing));
                }
            }
        }
        self.places.sort_by(|a, b| (&a.account, &a.region).cmp(&(&b.account, &b.region)));
    }

    fn empty(caller_account: &str, accounts: &[String], finished: DateTime<Utc>) -> Self {
        Self {
            finished,
            caller_account: caller_account.to_owned(),
            accounts: accounts.to_vec(),
            accounts_unread: BTreeMap::new(),
            accounts_skipped: Vec::new(),
            parts_missing: None,
            regions_not_scanned: Vec::new(),
            places: Vec::new(),
            artifacts: BTreeMap::new(),
        }
    }
}

fn place(account: &str, region: &str, calls: &Calls) -> Place {
    let numbers = sms_voice::numbers(calls);
    let pools = pool::pools(calls);
    let guarded =
        numbers.own.iter().map(|number| number.arn.as_str()).chain(pools.iter().map(|pool| pool.arn.as_str()));
    Place {
        account: account.to_owned(),
        region: region.to_owned(),
        applications: pinpoint::applications(calls),
        recommenders: calls.list(&op::GET_RECOMMENDER_CONFIGURATIONS, &[]),
        ses: email::ses(account, region, calls),
        sms_configuration_sets: calls.list(&op::DESCRIBE_CONFIGURATION_SETS, &[]),
        policies: policy::policies(calls, guarded),
        registrations: registration::registrations(calls),
        templates: voice::templates(calls),
        voice: voice::guards(calls),
        numbers,
        pools,
    }
}

/// A call without the white space at the ends of its answer, which says nothing.
fn trimmed(mut call: Call) -> Call {
    if let Some(body) = &mut call.body {
        let trimmed = json::trimmed(body);
        if trimmed.len() < body.len() {
            *body = trimmed.to_owned();
        }
    }
    call
}

/// Where the partition of these regions has its AWS Artifact.
fn artifact_region(scanned: &[String]) -> &'static str {
    regions::artifact(scanned.first().map_or("aws", |region| regions::partition(region)))
}

/// The account and region of a file, `calls/<account>/<region>/<service>.jsonl`.
fn place_of(file: &str) -> Option<(&str, &str)> {
    let mut parts = file.strip_prefix("calls/")?.split('/');
    Some((parts.next()?, parts.next()?))
}
