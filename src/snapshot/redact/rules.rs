//! What is removed and what stays, as data.
//!
//! Names are compared in lower case and without `_`, `-` and spaces ([`normal`]), so that no spelling slips through.
//! The members come from the published service models of Amazon Pinpoint (2016-12-01), AWS End User Messaging SMS
//! (2022-03-31), Amazon SES (2019-09-27) and AWS Artifact (2018-05-10). Where a customer's text can stand, the list of
//! what stays is the closed one: a member that AWS adds tomorrow is removed until somebody reads what it holds.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Parts of names under which a secret stands, in any answer at any depth.
const SECRET: &[&str] = &[
    "credential",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "privatekey",
    "apikey",
    "serverkey",
    "accesskey",
    "clientkey",
    "authkey",
    "authtoken",
    "authorization",
    "bearertoken",
    "sessiontoken",
    "securitytoken",
    "accesstoken",
    "refreshtoken",
    "devicetoken",
    "termtoken",
    "certificate",
    "tokenkey",
    "servicejson",
    "presignedurl",
    "^token$",
];

/// Ids and ARNs of keys name a secret and are none: `TokenKeyId`. An access key's id is known by its shape instead.
const NAMES_A_SECRET: &str = "(?:id|ids|arn|arns)$";

/// Names whose value is removed whole in any answer.
const WHOLE: &[&str] = &[
    // Lets whoever knows it assume the customer's role.
    "externalid",
    // Message variables, which hold what the message says of a person.
    "substitutions",
    "defaultsubstitutions",
];

/// Names below which every leaf is removed in any answer.
const LEAVES: &[&str] = &[
    // A person's numbers and addresses.
    "destinationphonenumber",
    "destinationnumber",
    "destinationidentity",
    "destinationaddress",
    "address",
    "addresses",
    "emailaddress",
    "emailaddresses",
    "additionalcontactemailaddresses",
    "optedoutnumber",
    "verifieddestinationphonenumber",
    "contactphonenumber",
    // Free text of registrations; `Feedback` quotes it.
    "textvalue",
    "feedback",
];

/// The operations whose answers carry messages.
const CARRY_MESSAGES: &[&str] = &["GetCampaigns", "ListJourneys", "ListTemplates"];

/// Names whose value is removed whole in answers that carry messages.
const CONTENT: &[&str] = &[
    "body",
    "htmlbody",
    "textbody",
    "title",
    "subject",
    "rawcontent",
    "jsonbody",
    "data",
    "htmlpart",
    "textpart",
    "imageurl",
    "imageiconurl",
    "imagesmalliconurl",
    "mediaurl",
    "mediaurls",
    "url",
    "content",
    "customconfig",
    "requestpayloadstring",
    "preview",
    "previewtext",
];

/// Names that open a message; below them only [`KEPT_IN_MESSAGE`] stays.
const MESSAGE: &[&str] = &["messageconfiguration", "messageconfig"];

/// What rules need of a message: who sends it, as what, and by which template.
const KEPT_IN_MESSAGE: &[&str] = &[
    "action",
    "entityid",
    "fromaddress",
    "layout",
    "messagetype",
    "originationnumber",
    "senderid",
    "silentpush",
    "templateid",
    "timetolive",
];

/// The operations whose answers carry conditions on people.
const CARRY_CONDITIONS: &[&str] = &["GetSegments", "GetCampaigns", "ListJourneys"];

/// Maps in answers that carry conditions whose very keys are the customer's words about people, such as a diagnosis:
/// they are removed whole.
const ABOUT_PEOPLE: &[&str] = &["attributes", "userattributes", "metrics"];

/// Names that open a condition; below them only [`KEPT_IN_CONDITION`] stays.
const CONDITION: &[&str] =
    &["dimensions", "segmentdimensions", "demographic", "location", "gpspoint", "coordinates", "values", "value"];

/// How a condition compares, not with what.
const KEPT_IN_CONDITION: &[&str] = &["attributetype", "comparisonoperator", "dimensiontype", "duration", "recencytype"];

/// Maps whose keys somebody chose, so that a key says nothing about its value unless it names a secret.
const CHOSEN_KEYS: &[&str] =
    &["activities", "additionalattributes", "attributes", "metrics", "policies", "tags", "userattributes"];

/// The account's own originations: the telephone numbers that stay.
const OWN_NUMBER: &[&str] = &[
    "defaultsenderid",
    "originationidentity",
    "originationnumber",
    "phonenumber",
    "phonenumberid",
    "senderid",
    "shortcode",
];

/// Opaque to everyone but AWS, and needed to see that a list came back whole.
const PAGING: &[&str] = &["nexttoken"];

static SECRET_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(&SECRET.join("|")));
static NAME_OF_SECRET: LazyLock<Regex> = LazyLock::new(|| pattern(NAMES_A_SECRET));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the table holds plain words")
}

/// Where a value stands, as far as it matters for what stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// Configuration: everything stays but what looks private.
    Open,
    /// Below a message.
    Message,
    /// Below the headers of a message: names stay.
    Headers,
    /// Below a condition on people.
    Condition,
    /// Everything goes.
    Erased,
}

/// What to do with the value of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Remove it whole, with the names in it.
    Remove,
    /// Look into it.
    Enter(Region),
}

/// What an operation's answers may carry.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing that an answer may carry")]
pub(super) struct Profile {
    messages: bool,
    conditions: bool,
    failures: bool,
    people: bool,
}

impl Profile {
    pub(super) fn of(service: &str, operation: &str) -> Self {
        let pinpoint = service == "pinpoint";
        Self {
            messages: pinpoint && CARRY_MESSAGES.contains(&operation),
            conditions: pinpoint && CARRY_CONDITIONS.contains(&operation),
            // The lines of a job quote the endpoints that were not imported.
            failures: pinpoint && matches!(operation, "GetImportJobs" | "GetExportJobs"),
            // An account's address is that of whoever holds its root.
            people: service == "organizations",
        }
    }

    /// What to do with the value of a member of this (normal) name, found in `region`, that is no secret.
    pub(super) fn step(self, region: Region, name: &str) -> Step {
        let is_content = self.messages && CONTENT.contains(&name);
        let is_person = self.people && matches!(name, "email" | "masteraccountemail");
        if WHOLE.contains(&name) || is_content || is_person || (self.conditions && ABOUT_PEOPLE.contains(&name)) {
            return Step::Remove;
        }
        Step::Enter(match region {
            Region::Erased => region,
            _ if LEAVES.contains(&name) || (self.failures && name == "failures") => Region::Erased,
            _ if self.messages && name == "headers" => Region::Headers,
            _ if self.messages && MESSAGE.contains(&name) => Region::Message,
            Region::Open if self.conditions && CONDITION.contains(&name) => Region::Condition,
            _ => region,
        })
    }
}

impl Region {
    /// Whether a leaf of this (normal) name goes because of where it stands.
    pub(super) fn removes(self, name: &str) -> bool {
        match self {
            Self::Open => false,
            Self::Message => !KEPT_IN_MESSAGE.contains(&name),
            Self::Headers => name != "name",
            Self::Condition => !KEPT_IN_CONDITION.contains(&name),
            Self::Erased => true,
        }
    }
}

/// Whether the (normal) name says that a secret stands there.
pub(super) fn is_secret(name: &str) -> bool {
    SECRET_NAME.is_match(name) && !NAME_OF_SECRET.is_match(name)
}

/// Whether the keys of this map are somebody's own words.
pub(super) fn has_chosen_keys(name: &str) -> bool {
    CHOSEN_KEYS.contains(&name)
}

/// What to do with the value under a chosen key, which may name a secret, of the map of this (normal) name.
///
/// AWS makes up the ids of a journey's activities, and rules need every activity: those never name a secret.
pub(super) fn chosen_step(region: Region, map: &str, secret: bool) -> Step {
    if map != "activities" && secret { Step::Remove } else { Step::Enter(region) }
}

/// Whether a telephone number under this name is the account's own.
pub(super) fn is_own_number(name: &str) -> bool {
    OWN_NUMBER.contains(&name)
}

/// Whether the value is a paging token.
pub(super) fn is_paging(name: &str) -> bool {
    PAGING.contains(&name)
}

/// A name without its spelling.
pub(super) fn normal(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(name);
    }
    let kept = name.chars().filter(|character| !matches!(character, '_' | '-' | ' '));
    Cow::Owned(kept.flat_map(char::to_lowercase).collect())
}
