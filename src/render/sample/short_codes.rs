//! Proof chains with every state that a link can have.

use super::{NASTY, ONE, arn, call};
use crate::estate::Gap;
use crate::pack::Chain;
use crate::rules::{Link, LinkState, Origin, Part};
use crate::snapshot::Outcome;

/// One that is broken, not read to its end and stated, from which the first two applications send; and one that nobody
/// has, which a person declares.
pub(super) fn chains() -> Vec<Chain> {
    let (first, second) =
        (arn(ONE, "us-east-1", &"0123456789abcdef".repeat(2)), arn(ONE, "us-east-1", &"b".repeat(32)));
    let gap = Gap { operation: "GetResourcePolicy", outcome: Outcome::AccessDenied, calls: vec![call(5)] };
    let told = Chain {
        number: "24680".to_owned(),
        resource: "arn:aws:sms-voice:us-east-1:111122223333:phone-number/24680".to_owned(),
        links: vec![
            link(Part::Number, "Short code", LinkState::Holds, "DescribePhoneNumbers lists 24680 as a SHORT_CODE.", 6),
            link(Part::Readiness, "Status", LinkState::Holds, "24680 is ACTIVE and can send SMS.", 6),
            link(Part::Dedication, "Pool", LinkState::Holds, "Pool p1 uses no shared routes.", 6),
            link(Part::Dedication, "Members of the pool", LinkState::Broken, &format!("Pool p1 holds {NASTY}."), 6),
            link(Part::Dedication, "Resource policy of the number", LinkState::Unread(gap), "It was denied.", 5),
            link(Part::Dedication, "Resource policy of the pool", LinkState::Holds, "Pool p1 has none.", 6),
            link(Part::Purpose, "Registration", LinkState::Open, "24680 has no registration.", 6),
            declared("24680 was requested for reminders."),
        ],
        origins: vec![
            origin(&first, "", "the SMS channel", false, None),
            origin(&first, "/campaigns/c1", "campaign recall <b>2026</b>", true, None),
            origin(&second, "/journeys/j1", &format!("journey {NASTY}"), false, Some("The journey is CLOSED.")),
        ],
        account: ONE.to_owned(),
        region: "us-east-1".to_owned(),
    };
    let missing = Chain {
        number: "13579".to_owned(),
        resource: "account/111122223333/region/us-east-1/phone-number/13579".to_owned(),
        links: vec![
            link(Part::Number, "Short code", LinkState::Open, "DescribePhoneNumbers shows no 13579.", 6),
            declared("13579 was requested for results."),
        ],
        origins: Vec::new(),
        ..told.clone()
    };
    vec![told, missing]
}

fn link(part: Part, title: &'static str, state: LinkState, sentence: &str, evidence: usize) -> Link {
    Link { title, sentence: sentence.to_owned(), state, calls: vec![call(evidence)], part }
}

fn declared(sentence: &str) -> Link {
    Link { calls: Vec::new(), ..link(Part::Purpose, "Declaration", LinkState::Stated, sentence, 0) }
}

fn origin(application: &str, below: &str, what: &str, inherits: bool, silent: Option<&str>) -> Origin {
    Origin {
        application: application.to_owned(),
        resource: format!("{application}{below}"),
        what: what.to_owned(),
        inherits,
        silent: silent.map(str::to_owned),
        calls: vec![call(3)],
    }
}
