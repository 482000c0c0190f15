//! Planted secrets: wherever an answer of AWS, an error or the environment may hold one, some do, and none leaves a
//! trace in any file, on standard output or on standard error.
//!
//! Every plant has one of a few forms, so that one search finds them all; each is a word of its own, so that one can
//! count them and say which leaked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::demo;
use serde_json::{Value, json};

use crate::common::bench::files;
use crate::common::wire::{self, answer, operation_of};
use crate::common::{Bench, Endpoint, Finished, pipeline};

/// What every plant has in it, in lower case: words, numbers, telephone numbers.
const FORMS: [&str; 3] = ["zqplant", "731731", "+1206731"];

/// What stands in a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A word that nothing but its place gives away.
    Word,
    /// A number that nothing but its place gives away.
    Number,
    /// A person's telephone number in a text.
    Telephone,
    /// An access key in a text.
    AccessKey,
    /// A JSON web token in a text.
    Token,
    /// A URL with a password.
    Url,
    /// A signed URL.
    Signed,
    /// Something long and random, as AWS quotes it in errors.
    LongRun,
}

use Kind::{AccessKey, LongRun, Number, Signed, Telephone, Token, Url, Word};

/// Where plants go in the answers of an operation. `0` is every element of a list, `@` every member of a map, `^` a
/// member whose name is itself a plant.
type Places = (&'static str, &'static [(&'static str, Kind)]);

const PLACES: &[Places] = &[
    ("GetGcmChannel", &[("Credential", Word), ("ServiceJson", Word), ("ApiKey", Word)]),
    ("GetBaiduChannel", &[("Credential", Word), ("SecretKey", Word)]),
    ("GetApnsChannel", &[("TokenKey", Word), ("PrivateKey", Word), ("Certificate", Word)]),
    ("GetApnsSandboxChannel", &[("TokenKey", Word), ("PrivateKey", Word)]),
    ("GetSmsChannel", &[("Credential", Word), ("Note", Telephone)]),
    ("GetEmailChannel", &[("Password", Word), ("Note", Token)]),
    ("GetVoiceChannel", &[("Credential", Word)]),
    ("GetChannels", &[("Channels/GCM/Credential", Word), ("Channels/SMS/apiKey", Word), ("Channels/SMS/Note", Url)]),
    ("GetApplicationSettings", &[("CampaignHook/AuthToken", Word), ("Note", Signed)]),
    ("GetEventStream", &[("ExternalId", Word), ("Note", AccessKey)]),
    ("GetImportJobs", &[("Item/0/Definition/ExternalId", Word), ("Item/0/Failures/0", Word)]),
    ("GetExportJobs", &[("Item/0/Failures/0", Word)]),
    ("GetRecommenderConfigurations", &[("Item/0/Description", Telephone), ("Item/0/SecretToken", Word)]),
    ("ListTagsForResource", &[("tags/db-password", Word), ("tags/note", AccessKey), ("tags/contact", Telephone)]),
    ("GetSegments", SEGMENTS),
    ("GetCampaigns", CAMPAIGNS),
    ("ListJourneys", JOURNEYS),
    ("ListTemplates", &[("Item/0/DefaultSubstitutions", Word), ("Item/0/Body", Word), ("Item/0/Subject", Word)]),
    ("DescribePhoneNumbers", &[("PhoneNumbers/0/DestinationPhoneNumber", Telephone)]),
    ("DescribeSenderIds", &[("SenderIds/0/Note", Telephone)]),
    (
        "DescribeRegistrationFieldValues",
        &[("RegistrationFieldValues/0/TextValue", Word), ("RegistrationFieldValues/0/Feedback", Word)],
    ),
    ("DescribeRegistrationVersions", &[("RegistrationVersions/0/Feedback", Word)]),
    ("DescribeConfigurationSets", &[("ConfigurationSets/0/Note", Telephone)]),
    ("GetAccount", &[("Details/AdditionalContactEmailAddresses/0", Word), ("Details/UseCaseDescription", Telephone)]),
    ("GetEmailIdentity", &[("DkimAttributes/DomainSigningPrivateKey", Word), ("MailFromAttributes/Password", Word)]),
    ("GetConfigurationSet", &[("TrackingOptions/Note", Signed)]),
    ("ListReports", &[("reports/0/documentPresignedUrl", Word), ("reports/0/description", Signed)]),
    ("GetReportMetadata", &[("reportDetails/documentPresignedUrl", Word), ("reportDetails/termToken", Word)]),
    ("ListReportVersions", &[("reports/0/termToken", Word)]),
    ("ListCustomerAgreements", &[("customerAgreements/0/termToken", Word), ("customerAgreements/0/description", Url)]),
];

const SEGMENTS: &[(&str, Kind)] = &[
    ("Item/0/ImportDefinition/ExternalId", Word),
    ("Item/0/Dimensions/Attributes/^/Values/0", Word),
    ("Item/0/Dimensions/UserAttributes/^/Values/0", Word),
    ("Item/0/Dimensions/Metrics/^/Value", Number),
    ("Item/0/Dimensions/Demographic/DeviceType/Values/0", Word),
    ("Item/0/Dimensions/Demographic/Model/Values/0", Word),
    ("Item/0/Dimensions/Location/Country/Values/0", Word),
    ("Item/0/Dimensions/Location/GPSPoint/Coordinates/Latitude", Number),
    ("Item/0/Dimensions/Location/GPSPoint/Coordinates/Longitude", Number),
    ("Item/0/SegmentGroups/Groups/0/Dimensions/0/Attributes/^/Values/0", Word),
    ("Item/0/SegmentGroups/Groups/0/Dimensions/0/UserAttributes/^/Values/0", Word),
    ("Item/0/SegmentGroups/Groups/0/Dimensions/0/Metrics/^/Value", Number),
];

/// In each campaign, and in each of its treatments.
const CAMPAIGNS: &[(&str, Kind)] = &[
    ("Item/0/Description", Telephone),
    ("Item/0/TreatmentDescription", Token),
    ("Item/0/Schedule/EventFilter/Dimensions/Attributes/^/Values/0", Word),
    ("Item/0/Schedule/EventFilter/Dimensions/EventType/Values/0", Word),
    ("Item/0/Schedule/EventFilter/Dimensions/Metrics/^/Value", Number),
    ("Item/0/MessageConfiguration/ADMMessage/Body", Word),
    ("Item/0/MessageConfiguration/ADMMessage/ImageUrl", Word),
    ("Item/0/MessageConfiguration/ADMMessage/Title", Word),
    ("Item/0/MessageConfiguration/APNSMessage/JsonBody", Word),
    ("Item/0/MessageConfiguration/APNSMessage/MediaUrl", Word),
    ("Item/0/MessageConfiguration/APNSMessage/RawContent", Word),
    ("Item/0/MessageConfiguration/BaiduMessage/Body", Word),
    ("Item/0/MessageConfiguration/BaiduMessage/Url", Word),
    ("Item/0/MessageConfiguration/GCMMessage/ImageIconUrl", Word),
    ("Item/0/MessageConfiguration/GCMMessage/ImageSmallIconUrl", Word),
    ("Item/0/MessageConfiguration/DefaultMessage/Body", Word),
    ("Item/0/MessageConfiguration/DefaultMessage/Title", Word),
    ("Item/0/MessageConfiguration/CustomMessage/Data", Word),
    ("Item/0/MessageConfiguration/EmailMessage/Body", Word),
    ("Item/0/MessageConfiguration/EmailMessage/HtmlBody", Word),
    ("Item/0/MessageConfiguration/EmailMessage/Title", Word),
    ("Item/0/MessageConfiguration/EmailMessage/Headers/0/Value", Word),
    ("Item/0/MessageConfiguration/SMSMessage/Body", Word),
    ("Item/0/MessageConfiguration/SMSMessage/DestinationPhoneNumber", Telephone),
    ("Item/0/MessageConfiguration/SMSMessage/AddedTomorrow/Text", Word),
    ("Item/0/MessageConfiguration/InAppMessage/Content/0/BodyConfig/Body", Word),
    ("Item/0/MessageConfiguration/InAppMessage/Content/0/HeaderConfig/Header", Word),
    ("Item/0/MessageConfiguration/InAppMessage/Content/0/PrimaryBtn/DefaultConfig/Text", Word),
    ("Item/0/MessageConfiguration/InAppMessage/CustomConfig/^", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/ADMMessage/Body", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/APNSMessage/RawContent", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/CustomMessage/Data", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/DefaultMessage/Body", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/EmailMessage/Headers/0/Value", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/EmailMessage/HtmlBody", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/InAppMessage/CustomConfig/^", Word),
    ("Item/0/AdditionalTreatments/0/MessageConfiguration/SMSMessage/Body", Word),
    ("Item/0/AdditionalTreatments/0/Schedule/EventFilter/Dimensions/Attributes/^/Values/0", Word),
];

const JOURNEYS: &[(&str, Kind)] = &[
    ("Item/0/StartCondition/Description", Telephone),
    ("Item/0/StartCondition/EventStartCondition/EventFilter/Dimensions/Attributes/^/Values/0", Word),
    ("Item/0/StartCondition/EventStartCondition/EventFilter/Dimensions/EventType/Values/0", Word),
    ("Item/0/StartCondition/EventStartCondition/EventFilter/Dimensions/Metrics/^/Value", Number),
    ("Item/0/Activities/@/Description", Telephone),
    ("Item/0/Activities/@/SMS/MessageConfig/Body", Word),
    ("Item/0/Activities/@/EMAIL/MessageConfig/Title", Word),
    ("Item/0/Activities/@/CUSTOM/MessageConfig/Data", Word),
    (
        "Item/0/Activities/@/ConditionalSplit/Condition/Conditions/0/EventCondition/Dimensions/Attributes/^/Values/0",
        Word,
    ),
    ("Item/0/Activities/@/ConditionalSplit/Condition/Conditions/0/segmentDimensions/UserAttributes/^/Values/0", Word),
    ("Item/0/Activities/@/ConditionalSplit/Condition/Conditions/0/segmentDimensions/Location/Country/Values/0", Word),
    ("Item/0/Activities/@/MultiCondition/Branches/0/Condition/EventCondition/Dimensions/Metrics/^/Value", Number),
    ("Item/0/Activities/@/MultiCondition/Branches/0/Condition/segmentDimensions/Attributes/^/Values/0", Word),
];

/// What was planted so far, and what of it was served.
#[derive(Clone, Default)]
struct Garden(Arc<Mutex<BTreeMap<String, String>>>);

impl Garden {
    /// A plant of that kind, for that place.
    fn plant(&self, kind: Kind, place: &str) -> Value {
        let mut planted = self.0.lock().expect("no panic");
        let n = planted.len();
        let (plant, text) = match kind {
            Word => (format!("zqplant{n:05}x"), format!("zqplant{n:05}x")),
            Number => {
                let number = 731_731_000_000 + n;
                planted.insert(number.to_string(), place.to_owned());
                return json!(number);
            }
            Telephone => (format!("+1206731{n:04}"), format!("call +1206731{n:04} after six")),
            AccessKey => (format!("AKIAZQPLANT{n:09}"), format!("key AKIAZQPLANT{n:09}")),
            Token => {
                let token = format!("eyJzqplant{n:05}.eyJzqplantpayload.c2ln");
                (token.clone(), format!("bearer {token}"))
            }
            Url => (format!("zqplant{n:05}x"), format!("https://jane:zqplant{n:05}x@example.org/")),
            Signed => (
                format!("zqplant{n:05}x"),
                format!("https://bucket.example.org/report?X-Amz-Signature=zqplant{n:05}x&X-Amz-Date=20260930"),
            ),
            LongRun => {
                let run = format!("ZqPlant{n:05}{}", "Q9z".repeat(14));
                (run.clone(), format!("the request had x-amz-security-token:{run}"))
            }
        };
        planted.insert(plant, place.to_owned());
        json!(text)
    }

    fn count(&self) -> usize {
        self.0.lock().expect("no panic").len()
    }

    /// The places that were served, as `operation path`.
    fn places(&self) -> BTreeSet<String> {
        self.0.lock().expect("no panic").values().cloned().collect()
    }

    /// The answer with plants in every place of its operation.
    fn grow(&self, request: &WireRequest, mut response: WireResponse) -> WireResponse {
        let operation = operation_of(request);
        let Ok(mut body) = serde_json::from_str::<Value>(&response.body) else { return response };
        if response.status != 200 {
            return response;
        }
        for (_, places) in PLACES.iter().filter(|(name, _)| *name == operation.name) {
            for (path, kind) in *places {
                let steps: Vec<&str> = path.split('/').collect();
                self.set(&mut body, &steps, *kind, &format!("{} {path}", operation.name));
            }
        }
        response.body = body.to_string();
        response
    }

    /// Plants at the end of the path, and makes the way there.
    fn set(&self, value: &mut Value, steps: &[&str], kind: Kind, place: &str) {
        let [step, rest @ ..] = steps else {
            *value = self.plant(kind, place);
            return;
        };
        match *step {
            "0" => {
                // A list of the account that is empty stays so; one that only exists on the way is made.
                if !value.is_array() {
                    *value = json!([null]);
                }
                value.as_array_mut().expect("a list").iter_mut().for_each(|it| self.set(it, rest, kind, place));
            }
            "@" => {
                let members = value.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut);
                members.for_each(|it| self.set(it, rest, kind, place));
            }
            name => {
                if !value.is_object() {
                    *value = json!({});
                }
                let chosen = (name == "^").then(|| self.plant(Word, place));
                let name = chosen.as_ref().and_then(Value::as_str).unwrap_or(name);
                self.set(&mut value[name], rest, kind, place);
            }
        }
    }
}

/// Where in a text a plant stands.
fn leaks(name: &str, bytes: &[u8]) -> Vec<String> {
    for magic in [&b"PK\x03\x04"[..], b"\x1f\x8b", b"\x28\xb5\x2f\xfd"] {
        assert!(!bytes.starts_with(magic), "{name} is compressed: unpack it here before it is searched");
    }
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let around = |at: usize| {
        let from = text[..at].char_indices().rev().nth(40).map_or(0, |(index, _)| index);
        text[from..].chars().take(100).collect::<String>()
    };
    FORMS.iter().filter_map(|form| Some(format!("{name}: …{}…", around(text.find(form)?)))).collect()
}

/// Nothing of what was planted is in these directories, nor was any of it said.
#[track_caller]
fn assert_no_trace(bench: &Bench, directories: &[&str], runs: &[Finished]) {
    let mut found = Vec::new();
    let mut searched = 0;
    for directory in directories {
        for (path, bytes) in files(&bench.path(directory)) {
            assert!(leaks("the name of a file", path.as_bytes()).is_empty(), "{path}");
            found.extend(leaks(&format!("{directory}/{path}"), &bytes));
            searched += 1;
        }
    }
    for run in runs {
        found.extend(leaks("standard output", run.stdout.as_bytes()));
        found.extend(leaks("standard error", run.stderr.as_bytes()));
    }
    assert!(searched > 0 || directories.is_empty(), "there was nothing to search");
    assert!(found.is_empty(), "{} leaks:\n{}", found.len(), found.join("\n"));
}

/// What the demo declares, without regions, so that those of the command line count.
fn declared() -> String {
    demo::CONFIG.replace("regions = [\"us-east-1\", \"us-west-2\"]", "")
}

#[test]
fn a_plant_that_stays_is_found() {
    for (kind, form) in [(Word, 0), (Number, 1), (Telephone, 2), (AccessKey, 0), (Token, 0), (Url, 0), (LongRun, 0)] {
        let plant = Garden::default().plant(kind, "here").to_string();
        assert_eq!(leaks("x", plant.as_bytes()).len(), 1, "{plant}");
        assert!(plant.to_ascii_lowercase().contains(FORMS[form]), "{plant}");
    }
    assert!(leaks("x", b"zqplan t 73173 +120673").is_empty());
}

#[test]
fn two_hundred_planted_secrets_leave_no_trace_from_the_wire_to_the_pack() {
    let (bench, garden) = (Bench::new(), Garden::default());
    bench.write("evidence.toml", &declared());
    let served = garden.clone();
    let endpoint = Endpoint::answering(move |request| served.grow(request, demo::answer(request)));
    let secret =
        |name: &str| garden.plant(LongRun, name).as_str().expect("text").rsplit(':').next().expect("a run").to_owned();
    let (key, token) = (secret("AWS_SECRET_ACCESS_KEY"), secret("AWS_SESSION_TOKEN"));
    let run = |arguments: &str| {
        let program = bench.program(&format!("{arguments} --endpoint-url {} --region us-east-1", endpoint.url()));
        let program = program.env("AWS_ACCESS_KEY_ID", "AKIAZQPLANT999999999").env("AWS_SECRET_ACCESS_KEY", &key);
        program.env("AWS_SESSION_TOKEN", &token).env("AWS_REGION", "us-east-1").run()
    };
    let collected = run("collect --out snapshot -v --progress json").exits(0);
    let packed = bench.program("pack --from snapshot --out pack -v --exit-zero").run().exits(0);
    let verified = bench.program("verify pack").run().exits(0);
    // Every place of the table was on the wire.
    let expected: BTreeSet<String> = PLACES
        .iter()
        .flat_map(|(operation, places)| places.iter().map(move |(path, _)| format!("{operation} {path}")))
        .chain(["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].map(str::to_owned))
        .collect();
    let served = garden.places();
    assert_eq!(expected.symmetric_difference(&served).collect::<Vec<_>>(), [""; 0], "served, or not expected");
    assert!(garden.count() >= 200, "{} plants", garden.count());
    println!("plants: {}", garden.count());
    assert_no_trace(&bench, &["snapshot", "pack"], &[collected, packed, verified]);
    let evidence = files(&bench.path("pack/evidence"));
    let marks = evidence.values().map(|bytes| String::from_utf8_lossy(bytes).matches("[redacted]").count());
    assert!(marks.sum::<usize>() >= 200, "what was removed is marked");
}

/// How an answer goes wrong while it holds secrets.
type Spoil = fn(&Garden, &WireRequest) -> WireResponse;

const SPOILT: &[(&str, Spoil)] = &[
    ("denied", |garden, request| refused(garden, request, 403, "AccessDeniedException")),
    ("throttled", |garden, request| refused(garden, request, 429, "TooManyRequestsException")),
    ("not found", |garden, request| refused(garden, request, 404, "NotFoundException")),
    ("signature", |garden, request| refused(garden, request, 403, "SignatureDoesNotMatch")),
    ("500", |garden, request| refused(garden, request, 500, "InternalServerErrorException")),
    ("cut off", |garden, request| {
        let healthy = garden.grow(request, demo::answer(request)).body;
        let end = (0..=healthy.len() * 2 / 3).rev().find(|end| healthy.is_char_boundary(*end)).unwrap_or(0);
        answer(200, &healthy[..end])
    }),
    ("page of a proxy", |garden, _| {
        let plants = [Word, Telephone, Url, LongRun].map(|kind| garden.plant(kind, "proxy").to_string());
        answer(200, format!("<html>{}</html>", plants.join(" ")))
    }),
    ("refused by a proxy", |garden, _| answer(407, format!("<html>{}</html>", garden.plant(Word, "proxy")))),
    ("plain text", |garden, _| answer(200, garden.plant(Word, "text").as_str().expect("text").to_owned())),
    ("a text for the answer", |garden, _| answer(200, garden.plant(Url, "text").to_string())),
    ("wrong types", |garden, request| {
        let healthy = demo::answer(request);
        match serde_json::from_str(&healthy.body) {
            Ok(body) => answer(200, wrong_types(garden, body).to_string()),
            Err(_) => healthy,
        }
    }),
];

/// An error that quotes secrets.
fn refused(garden: &Garden, request: &WireRequest, status: u16, code: &str) -> WireResponse {
    let kinds = [Telephone, AccessKey, Token, Url, Signed, LongRun];
    let quoted = kinds.map(|kind| garden.plant(kind, code).as_str().expect("text").to_owned()).join("; ");
    let mut response = wire::error(status, code, &quoted);
    let mut body: Value = serde_json::from_str(&response.body).expect("JSON");
    body["Message"] = json!(quoted);
    body["Credential"] = garden.plant(Word, code);
    body["RequestID"] = json!(operation_of(request).name);
    response.body = body.to_string();
    response
}

/// Secrets of a known shape where the model has flags, numbers and times.
fn wrong_types(garden: &Garden, value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(|value| wrong_types(garden, value)).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, wrong_types(garden, value))).collect(),
        Value::Bool(_) | Value::Number(_) => garden.plant(Url, "wrong type"),
        text => text,
    }
}

#[test]
fn answers_that_go_wrong_with_secrets_in_them_leave_no_trace() {
    for (name, spoil) in SPOILT {
        let (bench, garden) = (Bench::new(), Garden::default());
        bench.write("evidence.toml", &declared());
        let served = garden.clone();
        let play = move |request: &WireRequest| match operation_of(request).name {
            // Somebody has to ask, and something has to be listed, or few questions follow.
            "GetCallerIdentity" | "GetApps" | "GetApp" | "DescribePhoneNumbers" | "DescribePools" => {
                demo::answer(request)
            }
            _ => spoil(&served, request),
        };
        pipeline::collect(play, &bench.path("snapshot")).expect("a caller");
        assert!(garden.count() >= 20, "{name}: {} plants", garden.count());
        let packed = bench.program("pack --from snapshot --out pack -v --exit-zero").run();
        assert!(matches!(packed.code, Some(0 | 5)), "{name}: {}", packed.stderr);
        assert_no_trace(&bench, &["snapshot", "pack"], &[packed]);
    }
}

#[test]
fn a_caller_who_is_refused_is_told_so_without_a_secret() {
    for spelling in ["xml", "json"] {
        let (bench, garden) = (Bench::new(), Garden::default());
        let served = garden.clone();
        let endpoint = Endpoint::answering(move |request| match spelling {
            "xml" => {
                let quoted = [LongRun, Telephone, AccessKey].map(|kind| served.plant(kind, "caller"));
                let quoted = quoted.map(|text| text.as_str().expect("text").to_owned()).join("; ");
                wire::xml_error(403, "SignatureDoesNotMatch", &quoted)
            }
            _ => refused(&served, request, 403, "InvalidClientTokenId"),
        });
        let run = bench.program(&format!("collect --out snapshot -v --endpoint-url {}", endpoint.url()));
        let refused = run.with_credentials().run().exits(5);
        assert!(garden.count() > 2, "the refusal was served");
        assert!(refused.stderr.contains("error:"), "{}", refused.stderr);
        assert!(!bench.path("snapshot").exists());
        assert_no_trace(&bench, &[], &[refused]);
    }
}

#[test]
fn settings_of_aws_that_hold_secrets_are_not_repeated() {
    let bench = Bench::new();
    let process = "/bin/sh -c 'echo secret AKIAZQPLANT000000001 >&2; echo not json zqplant00001 eyJzqplant00001.eyJzqplantpayload.c2ln'";
    bench.aws_config(&format!("[profile vendor]\ncredential_process = {process}\nregion = us-east-1\n"));
    let by_process = bench.program("collect --out snapshot -v --profile vendor").run();
    let with_password = bench.program("collect --out snapshot -v --endpoint-url http://jane:zqplant00002x@127.0.0.1:9");
    let by_url = with_password.with_credentials().run();
    let token = bench.program("collect --out snapshot -v --endpoint-url http://127.0.0.1:9").with_credentials();
    let unreachable = token.env("AWS_SESSION_TOKEN", "ZqPlant00003zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz").run();
    for run in [by_process, by_url, unreachable] {
        assert_ne!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stderr.contains("error:"), "{}", run.stderr);
        assert_no_trace(&bench, &[], &[run]);
    }
    assert!(!Path::new(&bench.path("snapshot")).exists());
}
