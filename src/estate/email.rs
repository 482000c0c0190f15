//! Email: the channel of an application, and what Amazon SES has in an account and region.

use serde::Deserialize;
use serde_json::{Value, json};

use super::index::Calls;
use super::pinpoint::named;
use super::reading::{Listing, Reading};
use super::words::{DkimStatus, TlsPolicy};
use crate::operations as op;
use crate::regions;

/// The email channel of an application.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "ChannelWire")]
pub struct EmailChannel {
    /// Whether messages can be sent through it.
    pub enabled: bool,
    /// The ARN of the Amazon SES identity behind it.
    pub identity: Option<String>,
    /// The configuration set that it names.
    pub configuration_set: Option<String>,
    /// The sender that it names.
    pub from_address: Option<String>,
}

/// What Amazon SES has in an account and region.
#[derive(Clone, Debug)]
pub struct Ses {
    /// Email identities: domains and addresses.
    pub identities: Listing<EmailIdentity>,
    /// Configuration sets.
    pub configuration_sets: Listing<ConfigurationSet>,
}

/// An email identity that `ListEmailIdentities` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailIdentity {
    /// A domain or an address, as AWS writes it.
    pub name: String,
    /// `arn:<partition>:ses:<region>:<account>:identity/<name>`: the API gives no ARN.
    pub arn: String,
    /// What `GetEmailIdentity` shows.
    pub shown: Reading<ShownIdentity>,
}

/// What `GetEmailIdentity` shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "IdentityWire")]
pub struct ShownIdentity {
    /// `VerifiedForSendingStatus`.
    pub verified: bool,
    /// `None` when the answer lacks it.
    pub dkim: Option<Dkim>,
    /// The configuration set that messages use that name none.
    pub configuration_set: Option<String>,
}

/// How messages of an identity are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dkim {
    /// `None` when the answer lacks it.
    pub signing_enabled: Option<bool>,
    /// `None` when the answer lacks it.
    pub status: Option<DkimStatus>,
}

/// A configuration set of Amazon SES that `ListConfigurationSets` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationSet {
    /// Its name.
    pub name: String,
    /// `arn:<partition>:ses:<region>:<account>:configuration-set/<name>`: the API gives no ARN.
    pub arn: String,
    /// What `GetConfigurationSet` says of TLS; `None` inside when the set says nothing.
    pub tls_policy: Reading<Option<TlsPolicy>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChannelWire {
    enabled: bool,
    identity: Option<String>,
    configuration_set: Option<String>,
    from_address: Option<String>,
}

impl From<ChannelWire> for EmailChannel {
    fn from(wire: ChannelWire) -> Self {
        Self {
            enabled: wire.enabled,
            identity: named(wire.identity),
            configuration_set: named(wire.configuration_set),
            from_address: named(wire.from_address),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedWire {
    identity_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityWire {
    verified_for_sending_status: bool,
    dkim_attributes: Option<DkimWire>,
    configuration_set_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DkimWire {
    signing_enabled: Option<bool>,
    status: Option<String>,
}

impl From<IdentityWire> for ShownIdentity {
    fn from(wire: IdentityWire) -> Self {
        let dkim = |wire: DkimWire| Dkim {
            signing_enabled: wire.signing_enabled,
            status: wire.status.as_deref().map(DkimStatus::from_aws),
        };
        Self {
            verified: wire.verified_for_sending_status,
            dkim: wire.dkim_attributes.map(dkim),
            configuration_set: named(wire.configuration_set_name),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetWire {
    delivery_options: Option<DeliveryWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeliveryWire {
    tls_policy: Option<String>,
}

/// What Amazon SES has in the account and region whose calls these are.
pub(super) fn ses(account: &str, region: &str, calls: &Calls) -> Ses {
    let prefix = format!("arn:{}:ses:{region}:{account}", regions::partition(region));
    let identities = calls.list::<ListedWire>(&op::LIST_EMAIL_IDENTITIES, &[]).map(|listed| {
        let name = listed.value.identity_name;
        let shown = calls.one(&op::GET_EMAIL_IDENTITY, &[("EmailIdentity", json!(name))]);
        EmailIdentity { arn: format!("{prefix}:identity/{name}"), name, shown }
    });
    let configuration_sets = calls.list::<String>(&op::LIST_CONFIGURATION_SETS, &[]).map(|listed| {
        let name = listed.value;
        let asked = [("ConfigurationSetName", Value::from(name.as_str()))];
        let tls_policy = calls.one::<SetWire>(&op::GET_CONFIGURATION_SET, &asked).map(|set| {
            let word = set.delivery_options.and_then(|delivery| delivery.tls_policy);
            word.as_deref().map(TlsPolicy::from_aws)
        });
        ConfigurationSet { arn: format!("{prefix}:configuration-set/{name}"), name, tls_policy }
    });
    Ses { identities, configuration_sets }
}
