//! What `channel-usage` says, and in which order.

use super::{is, rendered, text};
use crate::pack::Pack;
use crate::render::sample;
use crate::rules::{Finding, Level, Reason, Verdict};
use crate::snapshot::Outcome;

fn usage(pack: &Pack) -> String {
    text(&rendered(pack), "channel-usage.md")
}

fn says(page: &str, lines: &[&str]) {
    for line in lines {
        assert!(page.contains(line), "{line}\n{page}");
    }
}

#[test]
fn the_answer_comes_first_then_why_then_what_it_rests_on() {
    let page = usage(&sample::pack());
    let mut at = 0;
    for heading in [
        "# Channel usage\n",
        "## Result\n",
        "## Applications and channels\n",
        "## Why\n",
        "## What AWS asks\n",
        "## What this shows, and what it cannot show\n",
        "</a>patient-reminders\n",
        "| What was observed |",
        "| What that shows |",
        "| What it cannot show |",
        "</a>Channels of patient-reminders\n",
        "</a>SMS proof chains of patient-reminders\n",
        "</a>Campaigns and journeys of patient-reminders\n",
        "</a>Findings on patient-reminders\n",
        "Short codes that carry PHI\n",
        "## Applications left out\n",
    ] {
        let found = page[at..].find(heading);
        assert!(found.is_some(), "{heading} does not follow\n{page}");
        at += found.unwrap_or_default();
    }
}

#[test]
fn the_result_counts_applications_and_names_what_stands_beside_them() {
    says(
        &usage(&sample::pack()),
        &[
            "| **▲ fail** | 1 | at least one required rule failed |\n\
             | **◇ not evaluated** | 1 | no required rule failed, but at least one could not be evaluated |\n\
             | left out | 1 | declared to carry no PHI, or undeclared and left out by the configuration |\n",
            "[Short codes that carry PHI](channel-usage.md#short-codes): 1 **◇ not evaluated**, 1 without a finding.\n",
            "Business associate addendum, which PHI needs beside all this: **◆ attested**.\n",
        ],
    );
}

#[test]
fn a_cell_says_whether_the_channel_is_enabled_permitted_and_passed_and_leads_to_the_application() {
    let here = "channel-usage.md#app-111122223333-us-east-1-0123456789abcdef0123456789abcdef";
    let page = usage(&sample::pack());
    let row = page.lines().find(|line| line.starts_with("| [patient-reminders]")).expect("a row");
    let cells: Vec<&str> = row.split(" | ").collect();
    let name = format!("| [patient-reminders]({here})<br>111122223333, us-east-1<br>PHI: declared");
    let enabled = format!("[**▸ enabled**]({here})<br>");
    assert_eq!(
        cells,
        [
            &*name,
            "**▲ fail**",
            "push",
            &format!("{enabled}**✓ permitted**"),
            &format!("{enabled}**? others unread**<br>**✓ permitted**<br>see last column"),
            &format!("{enabled}**✓ permitted**<br>**◇ not evaluated**"),
            &format!("{enabled}**✕ not permitted**<br>**▲ fail**"),
            &format!("[– none seen]({here})<br>✕ not permitted"),
            "**▲ fail** |",
        ]
    );
}

/// The sample's first application, whose findings of one rule are replaced by one with this verdict.
fn with(rule: &'static str, verdict: Verdict) -> Pack {
    let mut pack = sample::pack();
    let resource = pack.scope.applications.first().arn;
    pack.findings.retain(|finding| finding.rule != rule);
    pack.findings.edit(|findings| {
        let first = findings[0].clone();
        findings.insert(0, Finding { rule, level: Level::Required, resource, verdict, attestation: None, ..first });
    });
    pack
}

/// Gives the rule on what the short code was requested for this verdict.
fn settle(pack: &mut Pack, verdict: Verdict) {
    pack.findings.edit(|findings| {
        findings.iter_mut().filter(|it| it.rule == "short-code-phi-purpose").for_each(|it| it.verdict = verdict);
    });
}

#[test]
fn a_channel_is_named_as_usable_only_when_nothing_required_of_it_is_open() {
    let usable = |pack: &Pack| {
        let page = usage(pack);
        let row = page.lines().find(|line| line.starts_with("| [patient-reminders]")).expect("a row");
        row.split(" | ").nth(2).expect("a cell").to_owned()
    };
    let email = |verdict: Verdict| usable(&with("email-identity-verified", verdict));
    assert_eq!(email(Verdict::Pass), "email, push");
    assert_eq!(email(Verdict::Attested), "email (attested), push");
    for verdict in [
        Verdict::Fail,
        Verdict::NotEvaluated(Reason::Unread(Outcome::Throttled)),
        Verdict::NotEvaluated(Reason::Unspecified),
        Verdict::NotApplicable,
    ] {
        assert_eq!(email(verdict), "push", "{verdict:?}");
    }
    // The application's own SMS rules pass, and the short code that it sends from does not.
    assert_eq!(usable(&with("sms-origination-short-code", Verdict::Pass)), "push");
    let mut settled = with("sms-origination-short-code", Verdict::Pass);
    settle(&mut settled, Verdict::Pass);
    assert_eq!(usable(&settled), "push, SMS");
    let voice = usable(&with("voice-channel-disabled", Verdict::Pass));
    assert_eq!(voice, "push", "voice is not permitted, whatever its verdict");
}

#[test]
fn why_is_said_in_plain_words_with_the_time_and_what_is_not_known() {
    let mut pack = sample::pack();
    let mut finding = pack.findings.first(|it| it.rule == "voice-channel-disabled").expect("one");
    let arn = finding.resource.clone();
    finding.message = "Observed 2026-09-30 15:58 UTC: whatever.".to_owned();
    let fails = [
        ("campaign-channels-permitted", "/campaigns/a", "recall"),
        ("journey-channels-permitted", "/journeys/a", "onboarding"),
        ("sms-origination-short-code", "", "patient-reminders"),
        ("sms-origination-short-code", "/campaigns/a", "recall"),
        ("sms-origination-short-code", "/campaigns/b", "again"),
        ("sms-origination-short-code", "/campaigns/c", "and again"),
        ("sms-sender-id-unused", "/journeys/a", "onboarding"),
    ];
    for (rule, below, name) in fails {
        let resource = format!("{arn}{below}");
        pack.findings.push(Finding { rule, resource, resource_name: Some(name.to_owned()), ..finding.clone() });
    }
    says(
        &usage(&pack),
        &[
            ", **▲ fail**: When observed (2026-09-30 15:58 UTC), the voice channel was enabled, which AWS's page does not \
             permit for PHI; campaign recall and journey onboarding would send through a channel that is not permitted. \
             The SMS channel and 3 campaigns would send SMS, but not from a named, active short code of the account; \
             journey onboarding would send under a sender id, which is no short code. Not known (needs attestation): for \
             what short code 24680 was requested.\n",
            ", **◇ not evaluated**: Not known (access denied): whether only permitted channels were enabled.\n",
        ],
    );
}

#[test]
fn a_channel_that_is_not_permitted_is_named_and_a_fail_on_a_short_code_too() {
    let mut pack = sample::pack();
    pack.scope.applications.edit(|all| {
        let voice = all[0].channels.iter_mut().find(|channel| channel.name == "VOICE");
        voice.expect("voice").name = "HOLOGRAM".to_owned();
    });
    settle(&mut pack, Verdict::Fail);
    says(
        &usage(&pack),
        &[
            "channels were enabled that AWS's page does not permit for PHI (HOLOGRAM).",
            " Short code 24680 was not requested for PHI.",
            "[**▸ enabled: HOLOGRAM**]",
            ", and by HOLOGRAM, which AWS's page does not permit for PHI.",
        ],
    );
}

#[test]
fn where_nothing_is_open_nothing_is_said_to_fail() {
    let mut pack = sample::pack();
    pack.findings.retain(|finding| finding.verdict == Verdict::Pass);
    says(
        &usage(&pack),
        &[
            "| **● pass** | 2 | every required rule that applies passed |\n",
            "No required rule on an application failed or was left unevaluated.\n",
        ],
    );
}

#[test]
fn an_application_says_what_was_observed_what_that_shows_and_what_it_cannot_show() {
    says(
        &usage(&sample::pack()),
        &[
            "| PHI | undeclared; nothing in the configuration declares it, so it is judged as if it carried PHI |\n",
            "| What was observed | 2026-09-30 15:58 UTC, by 5 calls. Enabled: EMAIL, GCM, SMS, VOICE. Could not be read: \
             APNS (access denied). 0 campaigns and 0 journeys judged. |\n",
            "| What that shows | As configured then, messages could go out by email, push (GCM) and SMS, which AWS's page \
             permits for PHI, and by voice, which AWS's page does not permit for PHI. What could not be read may be \
             enabled. Findings of required rules: 2 fail, 1 not evaluated, 1 pass. |\n",
            "| What it cannot show | Direct sends: each names its channel in its own request, and SendTextMessage and \
             SendVoiceMessage need no application.<br>Usage: whether anything was sent, by whom or from which number; voice was not configured when \
             observed, and whether it was used is not shown.<br>Content: what messages said. |\n",
            "No channel was seen enabled. What could not be read may be enabled.",
        ],
    );
}

#[test]
fn an_application_shows_its_channels_and_what_lies_below_it() {
    says(
        &usage(&sample::pack()),
        &[
            "| VOICE | ✕ not permitted | ▸ enabled | 2026-09-30 15:58 UTC | [c-0000000000000004](calls/111122223333/us-east-1/pinpoint.md#c-0000000000000004) |\n",
            "| APNS | ✓ permitted | ? unread (access denied) | 2026-09-30 15:58 UTC | [c-0000000000000005](calls/111122223333/us-east-1/pinpoint.md#c-0000000000000005) |\n",
            "Not configured when asked at 2026-09-30 15:58 UTC: EMAIL, VOICE. Evidence: [c-0000000000000002]",
            "| campaign recall &lt;b>2026&lt;/b><br>`/campaigns/c1` | – | **● pass** The campaign names 24680, an active short \
             code of the account. | – | [c-0000000000000001](calls/111122223333/us-east-1/pinpoint.md#c-0000000000000001) |\n",
            "| **▲ fail** | [push-token-credentials](findings.md#f-f063cef0333ba8c2)<br>recommended<br>`/channels/gcm` | A \
             legacy server key was in use.<br>Waiver ended on 2026-06-30 and does not count: ",
            " | 444455556666, us-west-2 | marketing newsletter, no patient data | privacy officer, 2026-09-30 |\n",
        ],
    );
}

#[test]
fn a_chain_is_told_link_by_link_with_the_first_broken_one_in_words() {
    let call = |number: u8| {
        format!(
            "2026-09-30 15:58 UTC | [c-000000000000000{number}](calls/111122223333/us-east-1/pinpoint.md#c-000000000000000{number}) |\n"
        )
    };
    let (inventory, denied) = (call(6), call(5));
    let page = usage(&sample::pack());
    says(
        &page,
        &[
            "**◇ not evaluated** [short-code-phi-purpose](findings.md#f-fbb2b6bd06ab161b) (needs attestation). First broken \
             link: *Members of the pool*. Pool p1 holds &lt;script>",
            " First link that could not be read: *Resource policy of the number*. It was denied. *Registration* leaves it \
             open: 24680 has no registration. The configuration's statement stands there.\n",
            &format!("| Short code | **● holds** | DescribePhoneNumbers lists 24680 as a SHORT_CODE. | {inventory}"),
            "| Members of the pool | **▲ broken** | Pool p1 holds ",
            &format!("| Resource policy of the number | **◇ unread**<br>access denied | It was denied. | {denied}"),
            &format!("| Registration | **○ says nothing** | 24680 has no registration. | {inventory}"),
            "| Approved version | **– not reached** | – | – | – |\n| HIPAA eligible use case | **– not reached** | – | – | – |\n",
            "| Declaration | **◆ stated** | 24680 was requested for reminders. | – | declarations.toml |\n",
        ],
    );
    let html = text(&rendered(&sample::pack()), "channel-usage.html");
    assert!(html.contains("<td><span class=\"verdict fail\">▲ broken</span></td>"));
}

#[test]
fn a_chain_names_what_is_set_to_send_from_it() {
    says(
        &usage(&sample::pack()),
        &[
            "- [patient-reminders](channel-usage.md#app-111122223333-us-east-1-0123456789abcdef0123456789abcdef) (PHI: \
             declared): the SMS channel [[c-0000000000000003](calls/111122223333/us-east-1/pinpoint.md#c-0000000000000003)]; campaign recall \
             &lt;b>2026&lt;/b>, which takes the application's [[c-0000000000000003]",
            ", from which nothing goes out (The journey is CLOSED.) [[c-0000000000000003]",
            "No application that was seen is set to send from it; the configuration declares it.\n",
            "#code-arn:aws:sms-voice:us-east-1:111122223333:phone-number/24680) | the SMS channel, campaign recall \
             &lt;b>2026&lt;/b> | **◇ not evaluated** [short-code-phi-purpose]",
        ],
    );
}

#[test]
fn what_nobody_saw_is_admitted_beside_the_result() {
    let mut pack = sample::pack();
    let denied = Verdict::NotEvaluated(Reason::Unread(Outcome::AccessDenied));
    let place = |rule: &'static str, verdict: Verdict, message: &str| Finding {
        rule,
        verdict,
        message: message.to_owned(),
        resource: "account/111122223333/region/us-east-1".to_owned(),
        resource_name: None,
        ..(*pack.findings.get(1).expect("one")).clone()
    };
    let findings = [
        place("voice-channel-disabled", denied, "GetApps could not be read: access denied."),
        place("short-code-dedicated", denied, "DescribePhoneNumbers could not be read: access denied."),
        place("short-code-dedicated", Verdict::NotApplicable, "The service is not offered."),
    ];
    assert!(!usage(&pack).contains("More may exist"));
    pack.findings.edit(|all| all.extend(findings));
    let page = usage(&pack);
    says(
        &page,
        &[
            "More may exist than stands here:\n\n- applications in `account/111122223333/region/us-east-1`, [**◇ not \
             evaluated**](findings.md#f-",
            "): GetApps could not be read: access denied.\n- short codes that carry PHI in ",
            "): DescribePhoneNumbers could not be read: access denied.\n",
        ],
    );
    assert!(!page.contains("The service is not offered."));
    pack.scope.applications.clear();
    says(&usage(&pack), &["No application is judged as one that carries PHI.\n", "GetApps could not be read"]);
}

#[test]
fn the_force_of_aws_sentences_is_kept() {
    says(
        &usage(&sample::pack()),
        &[
            "“you should use the email channel, push notification channel, or SMS channel to send messages that contain PHI” | should |",
            "“do not use the voice channel to send messages that contain PHI” | do not |",
            "AWS, “Compliance validation for Amazon Pinpoint”, [Amazon Pinpoint Developer Guide](https://docs.aws.amazon.com/",
        ],
    );
}

#[test]
fn a_large_pack_has_pages_for_each_account_and_region_and_what_fails_stands_first_there() {
    let documents = rendered(&sample::large(450, 10));
    let page = |number: usize| {
        let name = if number == 1 { "us-east-1.md".to_owned() } else { format!("us-east-1-{number}.md") };
        text(&documents, &format!("channel-usage/111122223333/{name}"))
    };
    let rows = |page: &str| page.lines().filter(|line| line.starts_with("| [clinic_")).count();
    let [first, second, last] = [page(1), page(2), page(5)];
    assert_eq!([rows(&first), rows(&second), rows(&last)], [100, 100, 50]);
    assert!(first.starts_with("# Channel usage: account 111122223333, us-east-1, page 1 of 5\n"));
    assert_eq!(first.matches("**▲ fail**: When observed").count(), 9, "every fiftieth of 450");
    assert!(first.find("| [clinic_0 reminders]") < first.find("| [clinic_50 reminders]"));
    assert!(first.find("| [clinic_400 reminders]") < first.find("| [clinic_1 reminders]"));
    assert!(second.contains("No required rule on these applications failed or was left unevaluated."));
    assert!(!second.contains("## What AWS asks"));
    let all = text(&documents, "channel-usage.md");
    assert!(
        all.contains("| 111122223333 | [us-east-1](channel-usage/111122223333/us-east-1.md) | 450 | 9 | 0 |"),
        "{all}"
    );
    assert!(all.contains("[Short codes that carry PHI](channel-usage/short-codes.md#short-codes)"));
    assert!(all.contains("## What AWS asks") && rows(&all) == 0);
    assert!(text(&documents, "channel-usage/short-codes.md").contains("Short codes that carry PHI\n"));
}

#[test]
fn many_chains_have_pages_of_their_own() {
    let mut pack = sample::pack();
    let chain = pack.short_codes.first();
    pack.short_codes = (0..250)
        .map(|number| {
            let mut chain = chain.clone();
            chain.number = format!("{}", 10_000 + number);
            chain.resource = format!("arn:aws:sms-voice:us-east-1:111122223333:phone-number/{number}");
            chain
        })
        .collect();
    let documents = rendered(&pack);
    let chains = |name: &str| text(&documents, &format!("channel-usage/{name}")).matches("| Declaration |").count();
    assert_eq!(["short-codes.md", "short-codes-2.md", "short-codes-3.md"].map(chains), [100, 100, 50]);
    let third = text(&documents, "channel-usage/short-codes-3.md");
    assert!(third.contains("## Short codes that carry PHI\n") && !third.contains("No application is judged"));
    let all = text(&documents, "channel-usage.md");
    assert!(all.contains("[Applications left out](channel-usage/left-out.md)"), "{all}");
    assert!(text(&documents, "channel-usage/left-out.md").contains("## Applications left out\n"));
    let page = text(&documents, "channel-usage/111122223333/us-east-1.md");
    let last =
        "[10249](../../channel-usage/short-codes-3.md#code-arn:aws:sms-voice:us-east-1:111122223333:phone-number/249)";
    assert!(page.contains(last), "{page}");
}

#[test]
fn many_quiet_campaigns_are_counted_and_open_ones_are_all_named() {
    let mut pack = sample::pack();
    let arn = pack.scope.applications.first().arn;
    let finding = pack.findings.first(|it| it.rule == "sms-origination-short-code").expect("one");
    pack.findings.retain(|it| it.rule != finding.rule);
    let campaigns = (0..130).map(|number| Finding {
        resource: format!("{arn}/campaigns/c{number:03}"),
        resource_name: Some(format!("campaign-{number:03}")),
        verdict: if number < 60 { Verdict::Fail } else { Verdict::Pass },
        ..finding.clone()
    });
    pack.findings.edit(|all| all.extend(campaigns));
    let page = usage(&pack);
    assert_eq!(page.matches("| campaign campaign-").count(), 60 + 50);
    says(
        &page,
        &[
            "| campaign campaign-059<br>",
            "\n20 more have no open finding; they stand among the [findings](findings.md).\n",
        ],
    );
}

#[test]
fn no_page_is_larger_than_a_browser_likes() {
    for document in rendered(&sample::large(450, 2_500)).iter().filter(|it| is(&it.path, "html")) {
        assert!(document.bytes.len() < 3_000_000, "{} has {} bytes", document.path, document.bytes.len());
    }
}

#[test]
fn applications_of_one_name_are_told_apart_in_every_heading() {
    let mut pack = sample::pack();
    let mut twin = pack.scope.applications.first();
    let id = "ffffffffffffffffffffffffffffffff".to_owned();
    (twin.arn, twin.id) = (twin.arn.replace(&twin.id, &id), id);
    pack.scope.applications.push(twin);
    let page = usage(&pack);
    let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
    let words: std::collections::BTreeSet<&str> =
        headings.iter().map(|line| line.rsplit("</a>").next().unwrap_or_default()).collect();
    assert_eq!(words.len(), headings.len(), "{headings:#?}");
    says(&page, &["</a>patient-reminders (ffffffffffffffffffffffffffffffff)\n"]);
}
