//! What AWS's managed policies allow of the catalogue.
//!
//! Which policies a caller has cannot be read by the calls of this program, so this is said of the well-known ones in
//! general. The actions are those of the published policy documents on [`AS_OF`]; AWS changes them without notice.

use crate::operations::{self, Operation, Service};

/// When the policy documents were looked up: an ISO date.
pub const AS_OF: &str = "2026-08-22";

/// The services whose actions were looked up. A call of another one has to be looked up first.
#[cfg(test)]
const LOOKED_UP: [&str; 10] = [
    "artifact",
    "cloudtrail",
    "cloudwatch",
    "connect",
    "mobiletargeting",
    "organizations",
    "ses",
    "sms-voice",
    "social-messaging",
    "sts",
];

/// What this program never reads, because it shows people, their numbers or a confidential report.
const NEVER_READ: [&str; 7] = [
    "mobiletargeting:GetEndpoint",
    "mobiletargeting:GetUserEndpoints",
    "mobiletargeting:GetInAppMessages",
    "sms-voice:DescribeOptedOutNumbers",
    "sms-voice:DescribeVerifiedDestinationNumbers",
    "artifact:GetReport",
    "artifact:GetTermForReport",
];

/// A managed policy.
#[derive(Debug)]
pub struct ManagedPolicy {
    /// Its name in IAM.
    pub name: &'static str,
    /// The version that was looked up.
    pub version: &'static str,
    /// Its actions of the services in question; one that ends in `*` is a pattern.
    actions: &'static [&'static str],
}

/// The policies that auditors are given.
pub const ALL: &[ManagedPolicy] = &[
    ManagedPolicy {
        name: "SecurityAudit",
        version: "v92",
        actions: &[
            "cloudtrail:DescribeTrails",
            "cloudtrail:GetEventSelectors",
            "cloudtrail:GetInsightSelectors",
            "cloudtrail:GetTrail",
            "cloudtrail:GetTrailStatus",
            "cloudtrail:ListTags",
            "cloudtrail:ListTrails",
            "cloudtrail:LookupEvents",
            "cloudwatch:Describe*",
            "cloudwatch:GetDashboard",
            "cloudwatch:ListDashboards",
            "cloudwatch:ListTagsForResource",
            "connect:ListApprovedOrigins",
            "connect:ListInstanceAttributes",
            "connect:ListInstanceStorageConfigs",
            "connect:ListInstances",
            "connect:ListIntegrationAssociations",
            "connect:ListLambdaFunctions",
            "connect:ListLexBots",
            "connect:ListSecurityKeys",
            "organizations:Describe*",
            "organizations:List*",
            "ses:Describe*",
            "ses:GetAccount",
            "ses:GetAccountSendingEnabled",
            "ses:GetConfigurationSet",
            "ses:GetConfigurationSetEventDestinations",
            "ses:GetDedicatedIps",
            "ses:GetEmailIdentity",
            "ses:GetIdentityDkimAttributes",
            "ses:GetIdentityPolicies",
            "ses:GetIdentityVerificationAttributes",
            "ses:ListConfigurationSets",
            "ses:ListDedicatedIpPools",
            "ses:ListIdentities",
            "ses:ListIdentityPolicies",
            "ses:ListReceiptFilters",
            "ses:ListReceiptRuleSets",
            "ses:ListVerifiedEmailAddresses",
            "sts:GetAccessKeyInfo",
        ],
    },
    ManagedPolicy {
        name: "ViewOnlyAccess",
        version: "v45",
        actions: &[
            "cloudtrail:DescribeTrails",
            "cloudtrail:ListTrails",
            "cloudtrail:LookupEvents",
            "cloudwatch:Get*",
            "cloudwatch:List*",
            "connect:List*",
            "mobiletargeting:GetApplicationSettings",
            "mobiletargeting:GetCampaigns",
            "mobiletargeting:GetImportJobs",
            "mobiletargeting:GetSegments",
            "organizations:List*",
            "ses:DescribeActiveReceiptRuleSet",
            "ses:List*",
        ],
    },
    ManagedPolicy {
        name: "ReadOnlyAccess",
        version: "v188",
        actions: &[
            "artifact:GetCustomerAgreement",
            "artifact:GetReport",
            "artifact:GetReportMetadata",
            "artifact:GetTermForReport",
            "artifact:ListAgreements",
            "artifact:ListCustomerAgreements",
            "artifact:ListReportVersions",
            "artifact:ListReports",
            "cloudtrail:Describe*",
            "cloudtrail:Get*",
            "cloudtrail:List*",
            "cloudtrail:LookupEvents",
            "cloudwatch:Describe*",
            "cloudwatch:GenerateQuery",
            "cloudwatch:GenerateQueryResultsSummary",
            "cloudwatch:Get*",
            "cloudwatch:List*",
            "connect:Describe*",
            "connect:GetContactAttributes",
            "connect:GetCurrentMetricData",
            "connect:GetCurrentUserData",
            "connect:GetFederationToken",
            "connect:GetMetricData",
            "connect:GetMetricDataV2",
            "connect:GetTaskTemplate",
            "connect:GetTrafficDistribution",
            "connect:List*",
            "mobiletargeting:Get*",
            "mobiletargeting:List*",
            "organizations:Describe*",
            "organizations:List*",
            "ses:BatchGetMetricData",
            "ses:Describe*",
            "ses:Get*",
            "ses:List*",
            "sms-voice:DescribeAccountAttributes",
            "sms-voice:DescribeAccountLimits",
            "sms-voice:DescribeConfigurationSets",
            "sms-voice:DescribeKeywords",
            "sms-voice:DescribeOptOutLists",
            "sms-voice:DescribeOptedOutNumbers",
            "sms-voice:DescribePhoneNumbers",
            "sms-voice:DescribePools",
            "sms-voice:DescribeProtectConfigurations",
            "sms-voice:DescribeRegistrationAttachments",
            "sms-voice:DescribeRegistrationFieldDefinitions",
            "sms-voice:DescribeRegistrationFieldValues",
            "sms-voice:DescribeRegistrationSectionDefinitions",
            "sms-voice:DescribeRegistrationTypeDefinitions",
            "sms-voice:DescribeRegistrationVersions",
            "sms-voice:DescribeRegistrations",
            "sms-voice:DescribeSenderIds",
            "sms-voice:DescribeSpendLimits",
            "sms-voice:DescribeVerifiedDestinationNumbers",
            "sms-voice:ListPoolOriginationIdentities",
            "sms-voice:ListTagsForResource",
            "sts:GetAccessKeyInfo",
            "sts:GetCallerIdentity",
            "sts:GetSessionToken",
        ],
    },
    ManagedPolicy {
        name: "AWSArtifactReportsReadOnlyAccess",
        version: "v7",
        actions: &[
            "artifact:GetReport",
            "artifact:GetReportMetadata",
            "artifact:GetTermForReport",
            "artifact:ListReportVersions",
            "artifact:ListReports",
        ],
    },
    ManagedPolicy {
        name: "AWSArtifactAgreementsReadOnlyAccess",
        version: "v3",
        actions: &[
            "artifact:GetCustomerAgreement",
            "artifact:ListAgreements",
            "artifact:ListCustomerAgreements",
            "organizations:DescribeOrganization",
            "organizations:ListAWSServiceAccessForOrganization",
        ],
    },
];

impl ManagedPolicy {
    /// The calls that it does not allow. The caller's identity needs no permission.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static Operation> {
        let needs_one = operations::ALL.iter().filter(|operation| operation.service != Service::Sts);
        needs_one.filter(|operation| !self.allows(&operation.action())).collect()
    }

    /// The actions that it allows and that this program never uses, because they show people or confidential reports.
    #[must_use]
    pub fn too_much(&self) -> Vec<&'static str> {
        NEVER_READ.into_iter().filter(|action| self.allows(action)).collect()
    }

    fn allows(&self, action: &str) -> bool {
        let fits = |allowed: &&str| match allowed.strip_suffix('*') {
            Some(begin) => action.starts_with(begin),
            None => action == *allowed,
        };
        self.actions.iter().any(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(name: &str) -> Vec<String> {
        let policy = ALL.iter().find(|policy| policy.name == name).expect("a policy");
        policy.missing().into_iter().map(Operation::action).collect()
    }

    #[test]
    fn every_service_that_is_called_was_looked_up() {
        for operation in operations::ALL {
            let prefix = operation.service.iam_prefix();
            assert!(LOOKED_UP.contains(&prefix), "look up what the managed policies allow of {prefix}");
        }
    }

    #[test]
    fn an_auditors_usual_role_sees_nothing_of_messaging_and_little_of_email() {
        let missing = missing("SecurityAudit");
        for operation in operations::ALL {
            let is_messaging = ["mobiletargeting", "sms-voice", "artifact"].contains(&operation.service.iam_prefix());
            assert!(!is_messaging || missing.contains(&operation.action()), "{}", operation.name);
        }
        assert!(missing.contains(&"ses:ListEmailIdentities".to_owned()));
        assert!(!missing.contains(&"ses:GetEmailIdentity".to_owned()));
    }

    #[test]
    fn read_only_access_lacks_three_calls_and_reads_endpoints() {
        let missing = missing("ReadOnlyAccess");
        for action in ["GetResourcePolicy", "GetProtectConfigurationCountryRuleSet", "ListRegistrationAssociations"] {
            assert!(missing.contains(&format!("sms-voice:{action}")), "{action}");
        }
        let too_much = ALL.iter().find(|policy| policy.name == "ReadOnlyAccess").expect("a policy").too_much();
        assert_eq!(too_much, NEVER_READ);
    }

    #[test]
    fn view_only_access_allows_four_calls_of_pinpoint() {
        let missing = missing("ViewOnlyAccess");
        let allowed = operations::ALL.iter().filter(|operation| operation.service == Service::Pinpoint);
        let allowed: Vec<&str> = allowed
            .filter(|operation| !missing.contains(&operation.action()))
            .map(|operation| operation.name)
            .collect();
        assert_eq!(allowed, ["GetApplicationSettings", "GetCampaigns", "GetSegments", "GetImportJobs"]);
    }
}
