//! What bears on voice messages of an account: message templates, spend limits, and the countries that are blocked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::index::Calls;
use super::reading::{Listing, Reading};
use super::words::{ProtectStatus, TemplateType};
use crate::operations as op;

/// A message template. Its body is never read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "TemplateWire")]
pub struct Template {
    /// `None` when the answer lacks it.
    pub name: Option<String>,
    /// `None` when the answer lacks it.
    pub kind: Option<TemplateType>,
}

/// What may keep an account from sending voice messages.
#[derive(Clone, Debug)]
pub struct VoiceGuards {
    /// Monthly spend limits.
    pub spend_limits: Listing<SpendLimit>,
    /// Attributes of the account, such as its default protect configuration.
    pub attributes: Listing<AccountAttribute>,
    /// Protect configurations.
    pub protect_configurations: Listing<ProtectConfiguration>,
    voice_rules: BTreeMap<String, Reading<CountryRules>>,
}

/// A monthly spend limit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SpendLimit {
    /// For instance `VOICE_MESSAGE_MONTHLY_SPEND_LIMIT`.
    pub name: String,
    /// In US dollars; `None` when the answer lacks it.
    #[serde(default)]
    pub enforced_limit: Option<i64>,
}

/// An attribute of the account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccountAttribute {
    /// For instance `DEFAULT_PROTECT_CONFIGURATION_ID`.
    pub name: String,
    /// As AWS gave it; `None` when the answer lacks it.
    #[serde(default)]
    pub value: Option<String>,
}

/// A protect configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProtectConfiguration {
    /// Its id.
    #[serde(rename = "ProtectConfigurationId")]
    pub id: String,
    /// Whether it is the account's default; `None` when the answer lacks it.
    #[serde(default)]
    pub account_default: Option<bool>,
}

/// What a protect configuration does with voice messages, by country.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "CountryRulesWire")]
pub struct CountryRules {
    /// By ISO 3166-1 alpha-2; `None` when an entry lacks it.
    pub by_country: BTreeMap<String, Option<ProtectStatus>>,
}

/// The attribute that names the account's default protect configuration.
pub(super) const DEFAULT_PROTECT_CONFIGURATION: &str = "DEFAULT_PROTECT_CONFIGURATION_ID";

impl VoiceGuards {
    /// The rules for voice messages of that protect configuration.
    #[must_use]
    pub fn voice_rules(&self, protect_configuration: &str) -> Option<Reading<&CountryRules>> {
        self.voice_rules.get(protect_configuration).map(Reading::as_ref)
    }
}

impl AccountAttribute {
    /// Whether it names the account's default protect configuration.
    #[must_use]
    pub fn is_default_protect_configuration(&self) -> bool {
        self.name.trim().eq_ignore_ascii_case(DEFAULT_PROTECT_CONFIGURATION)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TemplateWire {
    template_name: Option<String>,
    template_type: Option<String>,
}

impl From<TemplateWire> for Template {
    fn from(wire: TemplateWire) -> Self {
        Self { name: wire.template_name, kind: wire.template_type.as_deref().map(TemplateType::from_aws) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CountryRulesWire {
    country_rule_set: BTreeMap<String, CountryRuleWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CountryRuleWire {
    protect_status: Option<String>,
}

impl From<CountryRulesWire> for CountryRules {
    fn from(wire: CountryRulesWire) -> Self {
        let status = |rule: CountryRuleWire| rule.protect_status.as_deref().map(ProtectStatus::from_aws);
        Self { by_country: wire.country_rule_set.into_iter().map(|(country, rule)| (country, status(rule))).collect() }
    }
}

/// The message templates of an account and region.
pub(super) fn templates(calls: &Calls) -> Listing<Template> {
    calls.list(&op::LIST_TEMPLATES, &[])
}

/// What may keep an account from sending voice messages in a region.
pub(super) fn guards(calls: &Calls) -> VoiceGuards {
    let attributes: Listing<AccountAttribute> = calls.list(&op::DESCRIBE_ACCOUNT_ATTRIBUTES, &[]);
    let protect_configurations: Listing<ProtectConfiguration> = calls.list(&op::DESCRIBE_PROTECT_CONFIGURATIONS, &[]);
    let named = attributes.iter().filter(|attribute| attribute.is_default_protect_configuration());
    let ids = named
        .filter_map(|attribute| attribute.value.as_deref())
        .chain(protect_configurations.iter().map(|configuration| configuration.id.as_str()));
    let rules = |id: &str| {
        let asked = [("ProtectConfigurationId", json!(id)), ("NumberCapability", json!("VOICE"))];
        calls.one(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, &asked)
    };
    let voice_rules = ids.map(|id| (id.to_owned(), rules(id))).collect();
    let spend_limits = calls.list(&op::DESCRIBE_SPEND_LIMITS, &[]);
    VoiceGuards { spend_limits, attributes, protect_configurations, voice_rules }
}
