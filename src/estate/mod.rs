//! The typed view of a snapshot: what there is, and what could not be seen.
//!
//! The estate is parsed from the recorded bodies and nothing else. It never guesses: a body without a member that
//! somebody needs is unread, and every value knows the calls that show it. It never judges.

mod artifact;
mod campaign;
mod index;
mod journey;
mod pinpoint;
mod reading;
mod sms_voice;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

pub use artifact::{Agreement, Artifact, Report, Versions};
pub use campaign::{Campaign, SmsMessage, Treatment};
pub use journey::{Activity, Journey};
pub use pinpoint::{Application, ChannelEntry, SingleChannel, SmsChannel};
pub use reading::{Gap, Listed, Listing, Reading};
pub use sms_voice::{Numbers, PhoneNumber};
pub use words::{
    AgreementState, CampaignStatus, Capability, ChannelType, JourneyState, MessageType, NumberStatus, NumberType,
};

pub(crate) use index::is_page_size;

use crate::operations::Service;
use crate::regions;
use crate::snapshot::read::{ReadError, Snapshot};
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
}

impl Place {
    /// The one form in which findings name it.
    #[must_use]
    pub fn resource(&self) -> String {
        format!("account/{}/region/{}", self.account, self.region)
    }
}

impl Estate {
    /// Parses a snapshot, one account and region at a time.
    ///
    /// # Errors
    /// When a file of the snapshot cannot be read or is not what the header says.
    pub fn read(snapshot: &Snapshot) -> Result<Self, ReadError> {
        let header = &snapshot.header;
        let mut estate = Self::empty(&header.caller.account, &header.accounts, header.finished);
        for account in &header.accounts {
            let home = artifact_region(&header.regions);
            let calls = load(snapshot, account, home, &[Service::Artifact])?;
            estate.artifacts.insert(account.clone(), artifact::artifact(&calls));
            for region in &header.regions {
                let calls = load(snapshot, account, region, &[Service::Pinpoint, Service::SmsVoice, Service::Ses])?;
                estate.places.push(place(account, region, &calls));
            }
        }
        Ok(estate)
    }

    /// The estate of one account, from calls in memory.
    #[cfg(test)]
    pub(crate) fn of_calls(
        account: &str,
        regions: &[&str],
        finished: DateTime<Utc>,
        calls: impl IntoIterator<Item = crate::snapshot::Call>,
    ) -> Self {
        let mut estate = Self::empty(account, &[account.to_owned()], finished);
        let all: Vec<_> = calls.into_iter().collect();
        let of = |region: &str| Calls::new(all.iter().filter(|call| call.region == region).cloned());
        let home = artifact_region(&regions.iter().map(|region| (*region).to_owned()).collect::<Vec<_>>());
        estate.artifacts.insert(account.to_owned(), artifact::artifact(&of(home)));
        estate.places = regions.iter().map(|region| place(account, region, &of(region))).collect();
        estate
    }

    fn empty(caller_account: &str, accounts: &[String], finished: DateTime<Utc>) -> Self {
        Self {
            finished,
            caller_account: caller_account.to_owned(),
            accounts: accounts.to_vec(),
            places: Vec::new(),
            artifacts: BTreeMap::new(),
        }
    }
}

fn place(account: &str, region: &str, calls: &Calls) -> Place {
    Place {
        account: account.to_owned(),
        region: region.to_owned(),
        applications: pinpoint::applications(calls),
        numbers: sms_voice::numbers(calls),
    }
}

/// Where the partition of these regions has its AWS Artifact.
fn artifact_region(scanned: &[String]) -> &'static str {
    regions::artifact(scanned.first().map_or("aws", |region| regions::partition(region)))
}

/// The calls of some services in one account and region.
fn load(snapshot: &Snapshot, account: &str, region: &str, services: &[Service]) -> Result<Calls, ReadError> {
    let mut all = Vec::new();
    for service in services {
        let file = format!("calls/{account}/{region}/{}.jsonl", service.as_str());
        if snapshot.header.files.contains_key(&file) {
            all.extend(snapshot.calls(&file)?);
        }
    }
    Ok(Calls::new(all))
}
