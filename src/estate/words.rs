//! The closed lists of words that AWS uses, each with an arm for a word that it has not used yet.
//!
//! Words compare without regard to case. An unknown word is kept as it came and is never among the permitted ones.

use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$arm_doc:meta])* $arm:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$arm_doc])* #[doc = concat!("`", $text, "`")] $arm,)*
            /// A word that this version does not know. Never permitted.
            Unknown(String),
        }

        impl $name {
            /// Every known word, in the order of AWS's documentation.
            pub const KNOWN: &[Self] = &[$(Self::$arm),*];

            /// Reads AWS's word.
            #[must_use]
            pub fn from_aws(word: &str) -> Self {
                match word.trim().to_ascii_uppercase().as_str() {
                    $($text => Self::$arm,)*
                    _ => Self::Unknown(word.to_owned()),
                }
            }

            /// AWS's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$arm => $text,)*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// A channel of an application (Amazon Pinpoint API, `ChannelType`).
    ChannelType {
        Email = "EMAIL",
        Sms = "SMS",
        Voice = "VOICE",
        Push = "PUSH",
        Gcm = "GCM",
        Apns = "APNS",
        ApnsSandbox = "APNS_SANDBOX",
        /// A push channel, not the voice channel.
        ApnsVoip = "APNS_VOIP",
        /// A push channel, not the voice channel.
        ApnsVoipSandbox = "APNS_VOIP_SANDBOX",
        Adm = "ADM",
        Baidu = "BAIDU",
        Custom = "CUSTOM",
        InApp = "IN_APP",
    }
}

impl ChannelType {
    /// Whether AWS's compliance page for Amazon Pinpoint names it for PHI: "email channel, push notification channel,
    /// or SMS channel".
    #[must_use]
    pub const fn is_permitted_for_phi(&self) -> bool {
        match self {
            Self::Email | Self::Sms => true,
            Self::Voice | Self::Custom | Self::InApp | Self::Unknown(_) => false,
            push => push.is_push(),
        }
    }

    /// Whether it is a push notification channel.
    #[must_use]
    pub const fn is_push(&self) -> bool {
        matches!(
            self,
            Self::Push
                | Self::Gcm
                | Self::Apns
                | Self::ApnsSandbox
                | Self::ApnsVoip
                | Self::ApnsVoipSandbox
                | Self::Adm
                | Self::Baidu
        )
    }
}

words! {
    /// The type of an origination number (AWS End User Messaging SMS API, `NumberType`).
    NumberType {
        ShortCode = "SHORT_CODE",
        LongCode = "LONG_CODE",
        TollFree = "TOLL_FREE",
        TenDlc = "TEN_DLC",
        Simulator = "SIMULATOR",
    }
}

words! {
    /// What a number can carry (AWS End User Messaging SMS API, `NumberCapability`).
    Capability {
        Sms = "SMS",
        Voice = "VOICE",
        Mms = "MMS",
        Rcs = "RCS",
    }
}

words! {
    /// The status of a number (AWS End User Messaging SMS API, `NumberStatus`).
    NumberStatus {
        Pending = "PENDING",
        Active = "ACTIVE",
        Associating = "ASSOCIATING",
        Disassociating = "DISASSOCIATING",
        Deleted = "DELETED",
    }
}

words! {
    /// What kind of message a number or a message is for.
    MessageType {
        Transactional = "TRANSACTIONAL",
        Promotional = "PROMOTIONAL",
    }
}

words! {
    /// The status of a campaign (Amazon Pinpoint API, `CampaignStatus`).
    CampaignStatus {
        Scheduled = "SCHEDULED",
        Executing = "EXECUTING",
        PendingNextRun = "PENDING_NEXT_RUN",
        Completed = "COMPLETED",
        Paused = "PAUSED",
        Deleted = "DELETED",
        Invalid = "INVALID",
    }
}

words! {
    /// The state of a journey (Amazon Pinpoint API, `State`).
    JourneyState {
        Draft = "DRAFT",
        Active = "ACTIVE",
        Completed = "COMPLETED",
        Cancelled = "CANCELLED",
        Closed = "CLOSED",
        Paused = "PAUSED",
    }
}

words! {
    /// How a push channel proves to Apple or Google who it is (Amazon Pinpoint API, `DefaultAuthenticationMethod`).
    AuthenticationMethod {
        Token = "TOKEN",
        /// For APNs the same as a token, for FCM the legacy server key.
        Key = "KEY",
        Certificate = "CERTIFICATE",
    }
}

words! {
    /// Whether the public keys of an identity were found in its domain (Amazon SES API, `DkimStatus`).
    DkimStatus {
        Pending = "PENDING",
        Success = "SUCCESS",
        Failed = "FAILED",
        TemporaryFailure = "TEMPORARY_FAILURE",
        NotStarted = "NOT_STARTED",
    }
}

words! {
    /// Whether mail is delivered over TLS only (Amazon SES API, `TlsPolicy`).
    TlsPolicy {
        Require = "REQUIRE",
        /// Over TLS where the receiver offers it.
        Optional = "OPTIONAL",
    }
}

words! {
    /// The state of an agreement (AWS Artifact API, `CustomerAgreementState`).
    AgreementState {
        Active = "ACTIVE",
        CustomerTerminated = "CUSTOMER_TERMINATED",
        AwsTerminated = "AWS_TERMINATED",
    }
}

words! {
    /// The status of a registration (AWS End User Messaging SMS API, `RegistrationStatus`).
    RegistrationStatus {
        Created = "CREATED",
        Submitted = "SUBMITTED",
        AwsReviewing = "AWS_REVIEWING",
        Reviewing = "REVIEWING",
        RequiresAuthentication = "REQUIRES_AUTHENTICATION",
        Provisioning = "PROVISIONING",
        Complete = "COMPLETE",
        RequiresUpdates = "REQUIRES_UPDATES",
        Closed = "CLOSED",
        Deleted = "DELETED",
    }
}

words! {
    /// What a protect configuration does with messages to a country (AWS End User Messaging SMS API, `ProtectStatus`).
    ProtectStatus {
        Allow = "ALLOW",
        Block = "BLOCK",
        Monitor = "MONITOR",
        Filter = "FILTER",
    }
}

words! {
    /// The type of a message template (Amazon Pinpoint API, `TemplateType`).
    TemplateType {
        Email = "EMAIL",
        Sms = "SMS",
        Voice = "VOICE",
        Push = "PUSH",
        InApp = "INAPP",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_sms_and_push_are_permitted_and_nothing_else() {
        let refused: Vec<&str> = ChannelType::KNOWN
            .iter()
            .filter(|channel| !channel.is_permitted_for_phi())
            .map(ChannelType::as_str)
            .collect();
        assert_eq!(refused, ["VOICE", "CUSTOM", "IN_APP"]);
        assert_eq!(ChannelType::KNOWN.len(), 13);
        assert!(!ChannelType::from_aws("HOLOGRAM").is_permitted_for_phi());
    }

    #[test]
    fn words_compare_without_regard_to_case() {
        assert_eq!(NumberType::from_aws("short_code"), NumberType::ShortCode);
        assert_eq!(ChannelType::from_aws("Voice"), ChannelType::Voice);
        assert_eq!(Capability::from_aws("FAX"), Capability::Unknown("FAX".to_owned()));
    }
}
