use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{MARK, MARK_JSON, Redacted, body, first_unredacted, message};
use super::planted;

/// What is not linear would take minutes here.
#[test]
fn every_secret_of_a_page_of_seven_megabytes_is_found() {
    let condition =
        planted("ConditionalSplit/Condition/Conditions/0/EventCondition/Dimensions/Attributes/*/Values/0", json!("x"));
    let activities: serde_json::Map<String, Value> =
        (0..30_000).map(|n| (format!("id{n}"), condition.clone())).collect();
    let text = json!({"Item": [{"Activities": activities, "Description": "some words, 12 of 34-56 (more) + others ".repeat(80_000)}]}).to_string();
    assert!(text.len() > 7_000_000);
    let redacted = body("pinpoint", "ListJourneys", &text);
    assert_eq!(redacted.removed.len(), 30_000);
}

fn anything() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        "[a-zé\"/~\\\\]{0,4}",
        Just("Body".into()),
        Just("Credential".into()),
        Just("Dimensions".into()),
        Just("Values".into()),
        Just("Attributes".into()),
        Just("MessageConfiguration".into()),
        Just("tags".into()),
        Just("Key".into())
    ];
    let text = prop_oneof![
        any::<String>(),
        Just("+1 555 555 0123".to_owned()),
        Just(MARK.to_owned()),
        Just("ApiKey".to_owned())
    ];
    let text = (text, any::<bool>()).prop_map(|(text, ascii)| {
        let plain = Value::from(text.as_str()).to_string();
        let escape = |unit: u16| format!("\\u{unit:04X}");
        if ascii { format!("\"{}\"", text.encode_utf16().map(escape).collect::<String>()) } else { plain }
    });
    let leaf = prop_oneof![
        text,
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("-0.50E+01".to_owned()),
        Just("7".to_owned())
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let blank = "[ \t\r\n]{0,2}";
        let member = (key.clone(), blank, inner.clone(), blank)
            .prop_map(|(key, before, value, after)| format!("{before}{}:{after}{value}{before}", Value::from(key)));
        prop_oneof![
            proptest::collection::vec(inner, 0..5).prop_map(|elements| format!("[{}]", elements.join(" ,"))),
            proptest::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// The text with every removed span cut out must be the original with the same spans cut out.
fn is_verbatim(original: &str, redacted: &Redacted) -> bool {
    let mut rest = original;
    let mut pieces = redacted.body.split(MARK_JSON);
    let Some(mut tail) = pieces.next().and_then(|first| rest.strip_prefix(first)) else { return false };
    for piece in pieces {
        let Some(at) = tail.find(piece) else { return false };
        rest = &tail[at..];
        tail = &rest[piece.len()..];
    }
    true
}

proptest! {
    #[test]
    fn what_is_not_removed_keeps_every_byte(text in anything()) {
        for operation in ["GetCampaigns", "GetSegments", "GetGcmChannel"] {
            let redacted = body("pinpoint", operation, &text);
            prop_assert!(serde_json::from_str::<Value>(&redacted.body).is_ok());
            prop_assert!(is_verbatim(&text, &redacted), "{text} {redacted:?}");
            if redacted.removed.is_empty() {
                prop_assert_eq!(&redacted.body, &text);
            }
            prop_assert_eq!(first_unredacted(&redacted.body, &redacted.removed), None);
        }
    }

    #[test]
    fn redacting_twice_is_redacting_once(text in anything()) {
        let once = body("pinpoint", "ListJourneys", &text);
        let twice = body("pinpoint", "ListJourneys", &once.body);
        prop_assert_eq!(&twice.body, &once.body);
        prop_assert!(twice.removed.is_empty());
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), json in ".{0,3}[\\[\\]{}\":,\\\\a-z0-9 ]{0,20}") {
        for text in [text, json] {
            let _ = body("pinpoint", "GetCampaigns", &text);
            let _ = body("sts", "GetCallerIdentity", &text);
            prop_assert!(message(&text).chars().count() <= 500);
        }
    }
}
