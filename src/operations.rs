//! The catalogue of every AWS operation that this program may call, as data.
//!
//! Collecting, the least-privilege policy, the limiter and the reading of answers all start from this table, so a
//! call that is not in it cannot be made, and one that is in it is in the policy. It holds reads of configuration
//! only: nothing that returns endpoints, people's phone numbers, message templates' bodies or reports, and nothing
//! that changes anything.

use serde_json::{Map, Value};

/// An AWS service, by its name in the AWS CLI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Amazon Pinpoint, and AWS End User Messaging Push, which kept its API.
    Pinpoint,
    /// AWS End User Messaging SMS (version 2 of the API).
    SmsVoice,
    /// Amazon SES (version 2 of the API).
    Ses,
    /// AWS Artifact.
    Artifact,
    /// AWS STS.
    Sts,
    /// AWS Organizations.
    Organizations,
}

impl Service {
    /// Every service that is read in each account, in the order in which documents list them. AWS Organizations, which
    /// is asked once and only where the configuration says so, is not among them.
    pub const ALL: [Self; 5] = [Self::Pinpoint, Self::SmsVoice, Self::Ses, Self::Artifact, Self::Sts];

    /// The name used in files: the one of the AWS CLI and of the published service models.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pinpoint => "pinpoint",
            Self::SmsVoice => "pinpoint-sms-voice-v2",
            Self::Ses => "sesv2",
            Self::Artifact => "artifact",
            Self::Sts => "sts",
            Self::Organizations => "organizations",
        }
    }

    /// The prefix of the service's IAM actions.
    #[must_use]
    pub const fn iam_prefix(self) -> &'static str {
        match self {
            Self::Pinpoint => "mobiletargeting",
            Self::SmsVoice => "sms-voice",
            Self::Ses => "ses",
            Self::Artifact => "artifact",
            Self::Sts => "sts",
            Self::Organizations => "organizations",
        }
    }

    /// The name a reader knows.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pinpoint => "Amazon Pinpoint",
            Self::SmsVoice => "AWS End User Messaging SMS",
            Self::Ses => "Amazon SES",
            Self::Artifact => "AWS Artifact",
            Self::Sts => "AWS STS",
            Self::Organizations => "AWS Organizations",
        }
    }
}

/// The JSON type that a member must have before an answer counts as observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `[…]`
    List,
    /// `{…}`
    Object,
    /// `"…"`
    Text,
    /// `true` or `false`
    Flag,
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
        }
    }
}

/// How an operation hands out a list in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The request's member that takes the token.
    pub token: &'static str,
    /// The answer's member that announces another page.
    pub next: &'static str,
}

/// One read operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Whose it is.
    pub service: Service,
    /// Its name in the API and, after the service's prefix, in IAM.
    pub name: &'static str,
    /// The members without which an answer is `unmodelled`, and their types.
    pub required: &'static [(&'static str, Kind)],
    /// The member that holds the list or map whose members are counted.
    pub items: Option<&'static str>,
    /// Set when the answer comes in pages.
    pub paging: Option<Paging>,
    /// The modelled error codes that mean "nobody configured this".
    pub absent: &'static [&'static str],
    /// Whether the feature ended with the support of Amazon Pinpoint on 2026-10-30.
    pub ended: bool,
    /// Requests per second that AWS allows, per account and region.
    pub per_second: u32,
}

impl Operation {
    /// The IAM action that allows it, for instance `mobiletargeting:GetApps`.
    #[must_use]
    pub fn action(&self) -> String {
        format!("{}:{}", self.service.iam_prefix(), self.name)
    }

    /// Whether a body is a JSON object that has every required member in its type.
    ///
    /// The SDK answers `Ok` to a 200 whose body is empty, is `{}` or lacks members that the model requires; only the
    /// body shows it.
    #[must_use]
    pub fn is_answered_by(&self, body: &Map<String, Value>) -> bool {
        self.required.iter().all(|(member, kind)| body.get(*member).is_some_and(|value| kind.fits(value)))
    }
}

/// Pinpoint: 300 requests a second for each operation (Amazon Pinpoint quotas).
const PINPOINT_RATE: u32 = 300;
/// AWS End User Messaging SMS: 1 request a second for each Describe and List (its quotas page).
const SMS_VOICE_RATE: u32 = 1;
/// Amazon SES publishes 1 request a second for its account-level reads.
const SES_RATE: u32 = 1;
/// AWS Artifact publishes no rate; this one has caused no throttling.
const ARTIFACT_RATE: u32 = 5;
/// AWS STS publishes 600 a second; one is needed.
const STS_RATE: u32 = 10;
/// The same quota of AWS STS; an account's role is assumed once.
const ASSUME_RATE: u32 = 200;
/// AWS Organizations throttles reads of an organization together and publishes a few a second for most of them.
const ORGANIZATIONS_RATE: u32 = 4;

const NEXT_TOKEN: Paging = Paging { token: "NextToken", next: "NextToken" };
const PINPOINT_TOKEN: Paging = Paging { token: "Token", next: "NextToken" };
const ARTIFACT_TOKEN: Paging = Paging { token: "nextToken", next: "nextToken" };
const NOT_FOUND: &[&str] = &["NotFoundException"];
const RESOURCE_NOT_FOUND: &[&str] = &["ResourceNotFoundException"];

const fn one(
    service: Service,
    name: &'static str,
    required: &'static [(&'static str, Kind)],
    per_second: u32,
) -> Operation {
    Operation { service, name, required, items: None, paging: None, absent: &[], ended: false, per_second }
}

const fn pinpoint(name: &'static str, required: &'static [(&'static str, Kind)]) -> Operation {
    one(Service::Pinpoint, name, required, PINPOINT_RATE)
}

/// A channel of an application. `NotFoundException` means that nobody configured it, if the application exists.
const fn channel(name: &'static str) -> Operation {
    Operation { absent: NOT_FOUND, ..pinpoint(name, &[("Enabled", Kind::Flag)]) }
}

const fn pinpoint_list(name: &'static str) -> Operation {
    Operation { items: Some("Item"), paging: Some(PINPOINT_TOKEN), ..pinpoint(name, &[("Item", Kind::List)]) }
}

const fn ended_list(name: &'static str) -> Operation {
    Operation { ended: true, ..pinpoint_list(name) }
}

macro_rules! list {
    ($service:expr, $name:literal, $member:literal, $paging:expr, $rate:expr) => {
        Operation { items: Some($member), paging: $paging, ..one($service, $name, &[($member, Kind::List)], $rate) }
    };
}

macro_rules! sms_voice_list {
    ($name:literal, $member:literal) => {
        list!(Service::SmsVoice, $name, $member, Some(NEXT_TOKEN), SMS_VOICE_RATE)
    };
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $id:ident = $operation:expr;)*) => {
        $($(#[$doc])* pub const $id: Operation = $operation;)*
        /// Every operation that is called in each account.
        pub const ALL: &[Operation] = &[$($id),*];
    };
}

catalogue! {
    /// The applications of an account and region.
    GET_APPS = pinpoint_list("GetApps");
    /// One application; shows that it exists before a channel's not-found is believed.
    GET_APP = pinpoint("GetApp", &[("Id", Kind::Text)]);
    /// Campaign hook, limits and quiet time of an application.
    GET_APPLICATION_SETTINGS = pinpoint("GetApplicationSettings", &[("ApplicationId", Kind::Text)]);
    /// Every channel of an application in one map.
    GET_CHANNELS = Operation { items: Some("Channels"), ..pinpoint("GetChannels", &[("Channels", Kind::Object)]) };
    /// The email channel.
    GET_EMAIL_CHANNEL = channel("GetEmailChannel");
    /// The SMS channel, with the short code and sender id that it names.
    GET_SMS_CHANNEL = channel("GetSmsChannel");
    /// The voice channel.
    GET_VOICE_CHANNEL = channel("GetVoiceChannel");
    /// The Apple push channel.
    GET_APNS_CHANNEL = channel("GetApnsChannel");
    /// The Apple push sandbox channel.
    GET_APNS_SANDBOX_CHANNEL = channel("GetApnsSandboxChannel");
    /// The Apple `VoIP` push channel.
    GET_APNS_VOIP_CHANNEL = channel("GetApnsVoipChannel");
    /// The Apple `VoIP` push sandbox channel.
    GET_APNS_VOIP_SANDBOX_CHANNEL = channel("GetApnsVoipSandboxChannel");
    /// The Firebase push channel.
    GET_GCM_CHANNEL = channel("GetGcmChannel");
    /// The Amazon Device Messaging channel.
    GET_ADM_CHANNEL = channel("GetAdmChannel");
    /// The Baidu push channel.
    GET_BAIDU_CHANNEL = channel("GetBaiduChannel");
    /// Where an application's events go.
    GET_EVENT_STREAM = Operation {
        absent: NOT_FOUND,
        ..pinpoint("GetEventStream", &[("DestinationStreamArn", Kind::Text)])
    };
    /// Campaigns with their treatments.
    GET_CAMPAIGNS = ended_list("GetCampaigns");
    /// Journeys with their activities.
    LIST_JOURNEYS = ended_list("ListJourneys");
    /// Segments with their definitions.
    GET_SEGMENTS = ended_list("GetSegments");
    /// Names and types of message templates; their bodies are never fetched.
    LIST_TEMPLATES = Operation { paging: Some(NEXT_TOKEN), ..pinpoint_list("ListTemplates") };
    /// Imports of endpoints.
    GET_IMPORT_JOBS = pinpoint_list("GetImportJobs");
    /// Exports of endpoints.
    GET_EXPORT_JOBS = pinpoint_list("GetExportJobs");
    /// Recommender models that read endpoint attributes.
    GET_RECOMMENDER_CONFIGURATIONS = pinpoint_list("GetRecommenderConfigurations");
    /// Tags of an application.
    LIST_TAGS_FOR_RESOURCE = Operation {
        items: Some("tags"),
        ..pinpoint("ListTagsForResource", &[("tags", Kind::Object)])
    };

    /// Origination phone numbers, with their type and status.
    DESCRIBE_PHONE_NUMBERS = sms_voice_list!("DescribePhoneNumbers", "PhoneNumbers");
    /// Pools of origination identities.
    DESCRIBE_POOLS = sms_voice_list!("DescribePools", "Pools");
    /// The members of a pool.
    LIST_POOL_ORIGINATION_IDENTITIES = sms_voice_list!("ListPoolOriginationIdentities", "OriginationIdentities");
    /// Sender ids.
    DESCRIBE_SENDER_IDS = sms_voice_list!("DescribeSenderIds", "SenderIds");
    /// Registrations, for instance of short codes.
    DESCRIBE_REGISTRATIONS = sms_voice_list!("DescribeRegistrations", "Registrations");
    /// The versions of a registration, of which one may be approved.
    DESCRIBE_REGISTRATION_VERSIONS = sms_voice_list!("DescribeRegistrationVersions", "RegistrationVersions");
    /// The questions of a type of registration, with their titles.
    DESCRIBE_REGISTRATION_FIELD_DEFINITIONS =
        sms_voice_list!("DescribeRegistrationFieldDefinitions", "RegistrationFieldDefinitions");
    /// The answers of a registration.
    DESCRIBE_REGISTRATION_FIELD_VALUES =
        sms_voice_list!("DescribeRegistrationFieldValues", "RegistrationFieldValues");
    /// The resources that a registration belongs to.
    LIST_REGISTRATION_ASSOCIATIONS = sms_voice_list!("ListRegistrationAssociations", "RegistrationAssociations");
    /// Configuration sets, with their event destinations.
    DESCRIBE_CONFIGURATION_SETS = sms_voice_list!("DescribeConfigurationSets", "ConfigurationSets");
    /// The names of opt-out lists; who opted out is never read.
    DESCRIBE_OPT_OUT_LISTS = sms_voice_list!("DescribeOptOutLists", "OptOutLists");
    /// Protect configurations.
    DESCRIBE_PROTECT_CONFIGURATIONS = sms_voice_list!("DescribeProtectConfigurations", "ProtectConfigurations");
    /// Which countries a protect configuration blocks, per capability.
    GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET = Operation {
        items: Some("CountryRuleSet"),
        ..one(
            Service::SmsVoice,
            "GetProtectConfigurationCountryRuleSet",
            &[("CountryRuleSet", Kind::Object)],
            SMS_VOICE_RATE,
        )
    };
    /// Who else may use a number or pool; `ResourceNotFoundException` means that no policy exists.
    GET_RESOURCE_POLICY = Operation {
        absent: RESOURCE_NOT_FOUND,
        ..one(Service::SmsVoice, "GetResourcePolicy", &[("ResourceArn", Kind::Text)], SMS_VOICE_RATE)
    };
    /// The account's tier and default protect configuration.
    DESCRIBE_ACCOUNT_ATTRIBUTES = sms_voice_list!("DescribeAccountAttributes", "AccountAttributes");
    /// Monthly spend limits per kind of message.
    DESCRIBE_SPEND_LIMITS = sms_voice_list!("DescribeSpendLimits", "SpendLimits");

    /// Whether sending is enabled, and the enforcement status.
    GET_ACCOUNT = one(Service::Ses, "GetAccount", &[("SendingEnabled", Kind::Flag)], SES_RATE);
    /// Email identities.
    LIST_EMAIL_IDENTITIES = list!(Service::Ses, "ListEmailIdentities", "EmailIdentities", Some(NEXT_TOKEN), SES_RATE);
    /// Verification and DKIM of an identity.
    GET_EMAIL_IDENTITY = Operation {
        absent: NOT_FOUND,
        ..one(Service::Ses, "GetEmailIdentity", &[("VerifiedForSendingStatus", Kind::Flag)], SES_RATE)
    };
    /// Names of configuration sets.
    LIST_CONFIGURATION_SETS =
        list!(Service::Ses, "ListConfigurationSets", "ConfigurationSets", Some(NEXT_TOKEN), SES_RATE);
    /// The TLS policy of a configuration set.
    GET_CONFIGURATION_SET = Operation {
        absent: NOT_FOUND,
        ..one(Service::Ses, "GetConfigurationSet", &[("ConfigurationSetName", Kind::Text)], SES_RATE)
    };
    /// Where a configuration set sends its events.
    GET_CONFIGURATION_SET_EVENT_DESTINATIONS =
        list!(Service::Ses, "GetConfigurationSetEventDestinations", "EventDestinations", None, SES_RATE);

    /// Third-party audit reports, newest versions.
    LIST_REPORTS = list!(Service::Artifact, "ListReports", "reports", Some(ARTIFACT_TOKEN), ARTIFACT_RATE);
    /// Every version of a report.
    LIST_REPORT_VERSIONS = list!(Service::Artifact, "ListReportVersions", "reports", Some(ARTIFACT_TOKEN), ARTIFACT_RATE);
    /// The period and state of a report; the report itself is never fetched.
    GET_REPORT_METADATA =
        one(Service::Artifact, "GetReportMetadata", &[("reportDetails", Kind::Object)], ARTIFACT_RATE);
    /// Agreements that apply to the caller, such as the business associate addendum.
    LIST_CUSTOMER_AGREEMENTS =
        list!(Service::Artifact, "ListCustomerAgreements", "customerAgreements", Some(ARTIFACT_TOKEN), ARTIFACT_RATE);

    /// Who asks. Its answer is XML.
    GET_CALLER_IDENTITY = one(Service::Sts, "GetCallerIdentity", &[], STS_RATE);
}

/// The accounts of the organization, with their names and whether they are active.
pub const LIST_ACCOUNTS: Operation =
    list!(Service::Organizations, "ListAccounts", "Accounts", Some(NEXT_TOKEN), ORGANIZATIONS_RATE);
/// Which organization it is.
pub const DESCRIBE_ORGANIZATION: Operation =
    one(Service::Organizations, "DescribeOrganization", &[("Organization", Kind::Object)], ORGANIZATIONS_RATE);
/// Becomes the role that reads another account. It changes nothing, and its answer, which holds credentials, is never
/// kept.
pub const ASSUME_ROLE: Operation = one(Service::Sts, "AssumeRole", &[], ASSUME_RATE);

/// What the caller needs beyond [`ALL`] where the configuration names other accounts: to find them, and to become the
/// role that reads each of them.
pub const FLEET: &[Operation] = &[LIST_ACCOUNTS, DESCRIBE_ORGANIZATION, ASSUME_ROLE];

/// The operation with these names in a snapshot.
#[must_use]
pub fn find(service: &str, name: &str) -> Option<&'static Operation> {
    ALL.iter().chain(FLEET).find(|operation| operation.service.as_str() == service && operation.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_reads_endpoints_people_reports_or_templates_is_in_the_catalogue() {
        let forbidden = [
            "GetEndpoint",
            "GetUserEndpoints",
            "GetInAppMessages",
            "DescribeOptedOutNumbers",
            "DescribeVerifiedDestinationNumbers",
            "GetReport",
            "GetTermForReport",
            "GetEmailTemplate",
            "GetSmsTemplate",
            "GetPushTemplate",
            "GetVoiceTemplate",
            "GetInAppTemplate",
            "CarrierLookup",
            "PhoneNumberValidate",
            "GetMessageInsights",
            "GetContact",
            "ListContacts",
            "GetSuppressedDestination",
        ];
        for operation in ALL.iter().chain(FLEET) {
            assert!(!forbidden.contains(&operation.name), "{} must never be called", operation.name);
        }
    }

    #[test]
    fn every_operation_is_a_read_by_its_name_and_stands_once() {
        let mut all: Vec<&Operation> = ALL.iter().chain(FLEET).collect();
        all.retain(|operation| **operation != ASSUME_ROLE);
        for (index, operation) in all.iter().enumerate() {
            assert!(["Get", "List", "Describe"].iter().any(|verb| operation.name.starts_with(verb)));
            assert!(!all[..index].contains(operation), "{} stands twice", operation.name);
        }
    }

    #[test]
    fn what_is_counted_is_required() {
        for operation in ALL {
            if let Some(member) = operation.items {
                assert!(operation.required.iter().any(|(name, _)| *name == member), "{}", operation.name);
            }
        }
    }
}
