//! What the documents say, and what they never say.

use super::{is, rendered, text};
use crate::programs;
use crate::render::sample;
use crate::rules::Verdict;

#[test]
fn no_document_claims_more_than_was_observed() {
    let documents = rendered(&sample::pack());
    for document in documents.iter().filter(|d| is(&d.path, "md") || is(&d.path, "html")) {
        let text = text(&documents, &document.path).to_lowercase();
        for claim in ["compliant", "certified", "guarantee", "no voice message", "secure"] {
            assert!(!text.contains(claim), "{} says {claim}", document.path);
        }
    }
}

#[test]
fn no_page_of_a_program_claims_anything_of_the_customer() {
    let documents = rendered(&sample::with_every_control());
    let pages = documents.iter().filter(|d| d.path.starts_with("programs/"));
    assert_eq!(pages.clone().count(), 2 * programs::IDS.len());
    for document in pages {
        let text = text(&documents, &document.path).to_lowercase();
        // The law's own term.
        let text = text.replace("unsecured phi", "");
        for claim in ["compliant", "certified", "guarantee", "no voice message", "secure"] {
            assert!(!text.contains(claim), "{} says {claim}", document.path);
        }
    }
}

#[test]
fn a_page_of_a_program_can_be_taken_alone() {
    let page = text(&rendered(&sample::pack()), "programs/iso27001.md");
    for line in [
        "# ISO/IEC 27001\n",
        "| Period | 2026-07-01 to 2026-09-30, both days included |\n",
        "| Accounts | 111122223333, 444455556666 |\n",
        "| **▲ not met** | 1 | at least one of its rules failed;",
        "**Editions differ.** AWS's page names the edition of 2013; the edition of 2022 is in force.\n",
        "- Certificates to the 2013 edition stopped being valid on 2025-10-31.\n",
        "- ISO/IEC 27001 **■ inherited**: The reports and the letters that go on from them cover every day of the period up \
         to 2026-09-30.\n",
        "| In force | 2022 | 2026-11, the newest text that was read |\n",
        "| <a id=\"needs-mfa\"></a>`mfa` | That principals who may change messaging use multi-factor authentication. | A.9.4.2 |\n",
        "2022: A.5.14 | **▲ not met**<br>AWS: ■ inherited<br>Customer: ▲ not met | ",
        "[voice-channel-disabled](../findings.md#voice-channel-disabled): 1 fail, 1 pass<br>",
        "[push-sandbox-disabled](../findings.md#push-sandbox-disabled): 1 fail (1 waived), 1 not applicable<br>",
        "| stated: [policies](#said-policies), J. Doe, 2026-07-15 | – |\n",
        "| AWS's reports leave days of the period uncovered |\n",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let place = |text: &str| page.find(text).expect(text);
    assert!(place("**▲ fail** | [channels-permitted]") < place("**▲ fail**, waived | [push-sandbox-disabled]"));
}

#[test]
fn the_cover_counts_the_controls_of_each_program() {
    let cover = text(&rendered(&sample::pack()), "index.md");
    assert!(
        cover.contains("| [ISO/IEC 27001](programs/iso27001.md) | 8 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 |\n"),
        "{cover}"
    );
}

#[test]
fn a_page_in_a_directory_leads_back() {
    let page = text(&rendered(&sample::pack()), "programs/iso27001.html");
    assert!(page.contains("<a href=\"../index.html#programs\" aria-current=\"page\">Programs</a>"));
    assert!(page.contains("<a href=\"../findings.html\">Findings</a>"));
}

#[test]
fn the_cover_says_whose_when_and_what_is_open() {
    let cover = text(&rendered(&sample::pack()), "index.md");
    for sentence in [
        "# Evidence pack 2026-Q3: Example Health\n",
        "| Period | 2026-07-01 to 2026-09-30, both days included |\n",
        "| Collected by | `arn:aws:sts::111122223333:assumed-role/PinpointEvidence/jdoe` |\n",
        "| Keep until | 2032-09-30: six years after the period (45 CFR 164.316(b)(2)(i)) |\n",
        "2 findings of required rules failed without a valid waiver, and 2 could not be evaluated; what was not read is \
         not counted as a pass.",
        "| Required | 2 | 0 | 2 | 2 | 1 | 0 |\n",
        "| Together | 4 | 1 | 2 | 2 | 1 | 1 |\n",
        "- The waiver for rule email-tls-required matched no finding.\n",
        "| Regions not looked at | eu-west-1 |\n",
        "This is not legal advice",
    ] {
        assert!(cover.contains(sentence), "{sentence}\n{cover}");
    }
    let place = |text: &str| cover.find(text).expect(text);
    assert!(
        place("**▲ fail** | [voice-channel-disabled]")
            < place("**◇ not evaluated**<br>access denied | [channels-permitted]")
    );
}

#[test]
fn the_matrix_shows_each_family_with_its_own_verdict() {
    let cover = text(&rendered(&sample::pack()), "index.md");
    for row in [
        " | declared | enabled | enabled: GCM; unread (access denied): APNS<br>**▲ fail** | enabled<br>**◇ not \
         evaluated** | enabled<br>**▲ fail** | none seen | **▲ fail** |\n",
        " | undeclared, judged as PHI | not configured | disabled: GCM<br>**– not applicable** | disabled | not \
         configured<br>**● pass** | unread (throttled): CUSTOM | **◇ not evaluated** |\n",
        "444455556666, us-west-2 | excluded | enabled | none seen | none seen | none seen | none seen | no finding |\n",
    ] {
        assert!(cover.contains(row), "{row}\n{cover}");
    }
}

#[test]
fn a_waived_fail_is_not_open_and_an_unwaived_one_is() {
    let mut pack = sample::pack();
    pack.findings.retain(|finding| finding.verdict == Verdict::Fail);
    let waiver = pack.findings.iter().find(|f| f.is_waived()).and_then(|f| f.waiver.clone());
    pack.findings.edit(|findings| {
        let on_channels = findings.iter_mut().filter(|finding| finding.rule == "channels-permitted");
        on_channels.for_each(|finding| finding.waiver.clone_from(&waiver));
    });
    let cover = text(&rendered(&pack), "index.md");
    assert!(cover.contains("1 finding of required rules failed without a valid waiver.\n"));
    assert!(!cover.contains("| **▲ fail** | [channels-permitted]"));
    assert!(cover.contains("**▲ fail**, waived |"), "{cover}");
}

#[test]
fn the_cover_names_twenty_open_findings_and_leads_to_the_others() {
    let cover = text(&rendered(&sample::large(450, 10)), "index.md");
    assert!(cover.contains(
        "The first 20 of 63 open findings of required rules, fails first. The others: [all findings](findings.md)."
    ));
    assert!(cover.contains("The first 12 of 450 applications; the others: [channel usage](channel-usage.md)."));
}

#[test]
fn waivers_and_attestations_stand_beside_the_verdict_with_their_dates() {
    let findings = text(&rendered(&sample::pack()), "findings.md");
    for sentence in [
        "Waiver valid until 2027-01-31: test devices until the store release (owner mobile team; approved by security \
         officer on 2026-02-01; ticket SEC-2041).",
        "Waiver ended on 2026-06-30 and does not count: ",
        "Attested by J. Doe (Privacy Officer) on 2026-01-10: “The addendum was signed on paper.” Reference: contract 2019-114.",
        "`earlier/2026-06-30T16:00:00.000Z/c-0000000000000001` (not in the index)",
        "| [channels-permitted](findings.md#channels-permitted)<br>Every enabled channel is one that AWS names for PHI | \
         required | 2 | 1 | 1 access denied |\n",
    ] {
        assert!(findings.contains(sentence), "{sentence}\n{findings}");
    }
}

#[test]
fn a_short_document_is_exactly_this() {
    let mut pack = sample::pack();
    pack.findings.edit(|findings| findings.truncate(1));
    pack.rules.truncate(1);
    assert_eq!(
        text(&rendered(&pack), "findings.md"),
        "\
# Findings

1 finding, judged at 2026-09-30 16:00 UTC. A finding is one rule on one resource; its id is the same in every pack.

## Coverage of each rule

Eligible: how many resources the rule concerns. Examined: of how many it could say something. Each that it could not \
examine stands below as *not evaluated*, with the reason.

<!-- picture coverage -->

| Rule and what it asks | Level | Eligible | Examined | Not examined |
| --- | --- | --: | --: | --- |
| [baa-active](findings.md#baa-active)<br>A business associate addendum was in effect | required | 1 | 1 | 0 |

## Required

### <a id=\"baa-active\"></a>baa-active

A business associate addendum was in effect

| Verdict | Resource | What was seen | Evidence |
| --- | --- | --- | --- |
| <a id=\"f-96fb9680890988d5\"></a>**◆ attested** | `account/111122223333` | No agreement is listed.<br>Attested by \
J. Doe (Privacy Officer) on 2026-01-10: “The addendum was signed on paper.” Reference: contract 2019-114. | \
[c-0000000000000001](calls/111122223333/us-east-1/pinpoint.md#c-0000000000000001) |
"
    );
}
