//! What an answer of AWS is about, in the words of somebody who does not know the API.

use std::collections::BTreeMap;

use super::answers::Question;

/// Names by id and ARN: applications, numbers, and whatever else both an id and a name are known of.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Later names win.
    pub(super) fn add(&mut self, id: &str, name: &str) {
        if !name.is_empty() {
            self.0.insert(id.to_owned(), name.to_owned());
        }
    }

    fn of<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }
}

/// What a question is about: words, and the parameter whose value follows them.
enum Noun {
    /// Of an application: `the voice channel of patient-reminders`.
    OfApplication(&'static str),
    /// Each entry of the list is a thing of its own: `the campaign spring of patient-reminders`.
    EntryOfApplication(&'static str),
    /// Each entry of the list is a thing of its own.
    Entry(&'static str),
    /// One thing, which a parameter names.
    Named(&'static str, &'static str),
}

/// The questions that need other words than their API's.
const NOUNS: &[(&str, Noun)] = &[
    ("DescribeAccountAttributes", Noun::Entry("the account attribute")),
    ("DescribeConfigurationSets", Noun::Entry("the SMS configuration set")),
    ("DescribeOptOutLists", Noun::Entry("the opt-out list")),
    ("DescribePhoneNumbers", Noun::Entry("the number")),
    ("DescribePools", Noun::Entry("the pool")),
    ("DescribeProtectConfigurations", Noun::Entry("the protect configuration")),
    ("DescribeRegistrationFieldDefinitions", Noun::Named("the questions of the registration form", "RegistrationType")),
    ("DescribeRegistrationFieldValues", Noun::Named("the answers of the registration", "RegistrationId")),
    ("DescribeRegistrationVersions", Noun::Named("the versions of the registration", "RegistrationId")),
    ("DescribeRegistrations", Noun::Entry("the registration")),
    ("DescribeSenderIds", Noun::Entry("the sender id")),
    ("DescribeSpendLimits", Noun::Entry("the spend limit")),
    ("GetAccount", Noun::Named("the Amazon SES account settings", "")),
    ("GetAdmChannel", Noun::OfApplication("the ADM push channel")),
    ("GetApnsChannel", Noun::OfApplication("the APNS push channel")),
    ("GetApnsSandboxChannel", Noun::OfApplication("the APNS_SANDBOX push channel")),
    ("GetApnsVoipChannel", Noun::OfApplication("the APNS_VOIP push channel")),
    ("GetApnsVoipSandboxChannel", Noun::OfApplication("the APNS_VOIP_SANDBOX push channel")),
    ("GetApp", Noun::Named("the application", "ApplicationId")),
    ("GetApplicationSettings", Noun::OfApplication("the settings")),
    ("GetApps", Noun::Entry("the application")),
    ("GetBaiduChannel", Noun::OfApplication("the BAIDU push channel")),
    ("GetCampaigns", Noun::EntryOfApplication("the campaign")),
    ("GetConfigurationSet", Noun::Named("the Amazon SES configuration set", "ConfigurationSetName")),
    (
        "GetConfigurationSetEventDestinations",
        Noun::Named("the event destinations of the configuration set", "ConfigurationSetName"),
    ),
    ("GetEmailChannel", Noun::OfApplication("the email channel")),
    ("GetEmailIdentity", Noun::Named("the email identity", "EmailIdentity")),
    ("GetEventStream", Noun::OfApplication("the event stream")),
    ("GetExportJobs", Noun::OfApplication("the export jobs")),
    ("GetGcmChannel", Noun::OfApplication("the GCM push channel")),
    ("GetImportJobs", Noun::OfApplication("the import jobs")),
    (
        "GetProtectConfigurationCountryRuleSet",
        Noun::Named("the country rules of the protect configuration", "ProtectConfigurationId"),
    ),
    ("GetRecommenderConfigurations", Noun::Entry("the recommender")),
    ("GetReportMetadata", Noun::Named("AWS's report", "reportId")),
    ("GetResourcePolicy", Noun::Named("the resource policy of", "ResourceArn")),
    ("GetSegments", Noun::EntryOfApplication("the segment")),
    ("GetSmsChannel", Noun::OfApplication("the SMS channel")),
    ("GetVoiceChannel", Noun::OfApplication("the voice channel")),
    ("ListConfigurationSets", Noun::Entry("the Amazon SES configuration set")),
    ("ListCustomerAgreements", Noun::Entry("the agreement")),
    ("ListEmailIdentities", Noun::Entry("the email identity")),
    ("ListJourneys", Noun::EntryOfApplication("the journey")),
    ("ListPoolOriginationIdentities", Noun::Named("the pool", "PoolId")),
    ("ListRegistrationAssociations", Noun::Named("the associations of the registration", "RegistrationId")),
    ("ListReportVersions", Noun::Named("AWS's report", "reportId")),
    ("ListReports", Noun::Entry("AWS's report")),
    ("ListTagsForResource", Noun::Named("the tags of", "ResourceArn")),
    ("ListTemplates", Noun::Entry("the message template")),
];

/// Whether each entry of the operation's list is a thing of its own, so that a change of one says nothing of another.
pub(super) fn lists_things(operation: &str) -> bool {
    matches!(find(operation), Some(Noun::Entry(_) | Noun::EntryOfApplication(_)))
}

/// What the answer, or this entry of it, is about.
pub(super) fn noun(question: &Question, path: &str, entry: Option<&str>, names: &Names) -> String {
    let asked = |name: &str| parameter(question, name).map(|id| names.of(id));
    let of_application = || asked("ApplicationId").map(|name| format!(" of {name}")).unwrap_or_default();
    if let ("GetChannels", Some(channel)) = (question.operation.as_str(), path.split('.').nth(1)) {
        return format!("{}{}", channel_noun(channel), of_application());
    }
    match (find(&question.operation), entry) {
        (Some(Noun::OfApplication(words)), _) => format!("{words}{}", of_application()),
        (Some(Noun::EntryOfApplication(words)), Some(entry)) => format!("{words} {entry}{}", of_application()),
        (Some(Noun::Entry(words)), Some(entry)) => format!("{words} {entry}"),
        (Some(Noun::Named(words, parameter)), _) => {
            asked(parameter).map_or_else(|| (*words).to_owned(), |name| format!("{words} {name}"))
        }
        _ if question.about.is_empty() => format!("the answer to {}", question.operation),
        _ => format!("the answer to {} ({})", question.operation, question.about),
    }
}

/// The same words as for the channel's own call, so that both answers tell of one thing.
fn channel_noun(channel: &str) -> String {
    match channel {
        "SMS" => "the SMS channel".to_owned(),
        "EMAIL" | "VOICE" => format!("the {} channel", channel.to_ascii_lowercase()),
        "CUSTOM" | "IN_APP" => format!("the {channel} channel"),
        push => format!("the {push} push channel"),
    }
}

fn find(operation: &str) -> Option<&'static Noun> {
    NOUNS.iter().find(|(name, _)| *name == operation).map(|(_, noun)| noun)
}

/// The value of a parameter in `Name=value&Other=value`.
fn parameter<'q>(question: &'q Question, name: &str) -> Option<&'q str> {
    question.about.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    fn question(operation: &str, about: &str) -> Question {
        let [service, account, region] = ["pinpoint", "111122223333", "us-east-1"].map(str::to_owned);
        Question { service, operation: operation.to_owned(), account, region, about: about.to_owned() }
    }

    #[test]
    fn every_operation_has_words_and_every_word_an_operation() {
        let others = ["GetCallerIdentity", "GetChannels"];
        let mut without: Vec<&str> = operations::ALL.iter().map(|operation| operation.name).collect();
        without.retain(|name| find(name).is_none() && !others.contains(name));
        assert_eq!(without, Vec::<&str>::new());
        for (name, _) in NOUNS {
            assert!(operations::ALL.iter().any(|operation| operation.name == *name), "{name}");
        }
    }

    #[test]
    fn a_channel_is_one_thing_whichever_call_shows_it() {
        let mut names = Names::default();
        names.add("abc", "reminders");
        let voice = noun(&question("GetVoiceChannel", "ApplicationId=abc"), "Enabled", None, &names);
        let entry = noun(&question("GetChannels", "ApplicationId=abc"), "Channels.VOICE.Enabled", None, &names);
        assert_eq!((voice.as_str(), entry), ("the voice channel of reminders", voice.clone()));
        let push = noun(&question("GetApnsSandboxChannel", "ApplicationId=abc"), "Enabled", None, &names);
        let entry = noun(&question("GetChannels", "ApplicationId=abc"), "Channels.APNS_SANDBOX", None, &names);
        assert_eq!(push, entry);
    }

    #[test]
    fn an_entry_of_a_list_is_named_with_its_application() {
        let names = Names::default();
        let campaign = noun(&question("GetCampaigns", "ApplicationId=abc"), "Item[x]", Some("spring"), &names);
        assert_eq!(campaign, "the campaign spring of abc");
        let unknown = noun(&question("GetNovelty", "Id=1"), "A", None, &names);
        assert_eq!(unknown, "the answer to GetNovelty (Id=1)");
    }
}
