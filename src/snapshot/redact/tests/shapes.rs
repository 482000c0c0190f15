use serde_json::json;

use super::super::{MARK, body, message};

#[test]
fn telephone_numbers_of_people_go_wherever_they_stand() {
    for number in [
        "+15555550123",
        "call Jane at +1 (555) 555-0123 please",
        "+44 20 7946 0958",
        "tel:+1.555.555.0123",
        "(555) 555-0123",
        "555-555-0123",
        "555.555.0123",
        "1-555-555-0123",
        "mail+15555550123@example.org",
        "\u{2b}49\u{a0}30\u{a0}901820",
    ] {
        let text = json!({"Name": "a", "Description": [number]}).to_string();
        assert_eq!(body("pinpoint", "GetApps", &text).removed, ["/Description/0"], "{number}");
        assert!(message(number).contains(MARK), "{number}");
    }
    let escaped = r#"{"Description":"\u002b15555550123"}"#;
    assert_eq!(body("pinpoint", "GetApps", escaped).body, r#"{"Description":"[redacted]"}"#);
}

#[test]
fn what_only_resembles_a_telephone_number_stays() {
    for text in [
        "2026-10-30T12:00:00+02:00",
        "2026-10-30T12:00:00.000+0000",
        "20261030T120000Z",
        "arn:aws:iam::111122223333:role/Audit",
        "111122223333",
        "123e4567-e89b-12d3-a456-426614174000",
        "12345678-1234-1234-1234-123456789012",
        "10.100.200.1",
        "192.168.100.100",
        "1.0.0+20261030",
        "1.0.0-alpha+20261030120000",
        "case-123456789012-muen-2025-abcdef",
        "2001:db8::1",
        "s3://bucket/2026-10-30/part-000-111",
        "+1",
        "+123456789012345678",
    ] {
        assert_eq!(body("pinpoint", "GetApps", &json!({ "Name": text }).to_string()).removed, [""; 0], "{text}");
        assert_eq!(message(text), text);
    }
}

#[test]
fn secrets_go_by_their_shape_too() {
    for secret in [
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123",
        "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
        "https://user:pa55@example.com/",
        "https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&X-Amz-Date=1",
    ] {
        let text = json!({"LastModifiedBy": secret}).to_string();
        assert_eq!(body("pinpoint", "GetApnsChannel", &text).removed, ["/LastModifiedBy"], "{secret}");
        assert!(!message(&format!("failed: {secret}.")).contains(secret));
    }
}

#[test]
fn an_error_message_keeps_arns_and_accounts_and_is_not_long() {
    let denied = "User: arn:aws:sts::111122223333:assumed-role/a-very-long-role-name-for-auditing/session-of-somebody is not \
                  authorized to perform: mobiletargeting:GetVoiceChannel in account 111122223333";
    assert_eq!(message(denied), denied);
    assert_eq!(message(&format!("key {} bad", "Ab0/".repeat(12))), "key [redacted] bad");
    assert_eq!(message("to +1 555 555 0123 failed"), "to [redacted] failed");
    let long = message(&"é ".repeat(1000));
    assert_eq!(long.chars().count(), 500);
    assert!(long.ends_with('…'));
}
