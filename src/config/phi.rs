//! `[phi]`: where PHI is, and what may carry or receive it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::table::Table;
use super::value;

/// Where PHI is, and what may carry or receive it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phi {
    /// Ids or names of applications that carry PHI.
    pub applications: Vec<String>,
    /// Tags, exact in key and value: an application with any of them carries PHI.
    pub tags: BTreeMap<String, String>,
    /// How an application is judged that nothing declares.
    pub undeclared: Undeclared,
    /// Amazon SES identities (domains or addresses) that send PHI outside Amazon Pinpoint.
    pub email_identities: Vec<String>,
    /// Applications that carry no PHI; none of them is in [`Phi::applications`].
    pub excluded: Vec<Excluded>,
    /// For what each short code was requested; each number once.
    pub short_codes: Vec<ShortCode>,
    /// What may receive PHI.
    pub processors: Vec<Processor>,
}

/// How an application is judged that nothing declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undeclared {
    /// As if it carried PHI.
    #[default]
    Phi,
    /// Not by the rules for PHI.
    Skip,
}

/// An application that carries no PHI, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// Its id or name.
    pub application: String,
    /// Why it carries none.
    pub reason: String,
    /// Who says so.
    pub declared_by: String,
    /// Since when.
    pub declared_on: NaiveDate,
}

/// A short code that sends PHI, and for what it was requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortCode {
    /// As the configuration writes it; compare with [`same_number`].
    pub number: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// What it was requested for.
    pub purpose: Option<String>,
    /// The AWS Support case of the request.
    pub support_case: Option<String>,
    /// When it was requested.
    pub requested_on: Option<NaiveDate>,
}

/// What may receive PHI: a Lambda function, a stream, a bucket, a topic, a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processor {
    /// Its ARN, or an http or https URL.
    pub target: String,
    /// What it receives PHI for.
    pub purpose: String,
}

/// Whether two phone numbers are the same: without surrounding blanks and a leading `+`.
#[must_use]
pub fn same_number(a: &str, b: &str) -> bool {
    bare_number(a) == bare_number(b)
}

impl Undeclared {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Phi, Self::Skip];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phi => "phi",
            Self::Skip => "skip",
        }
    }
}

impl Phi {
    pub(super) fn read(table: &mut Table<'_, '_>) -> Self {
        let words = Undeclared::ALL.map(|word| (word.as_str(), word));
        let applications = table.list("applications", value::text);
        Self {
            tags: table.strings("tags"),
            undeclared: table.optional("undeclared", |word| value::one_of(&words, "", word)).unwrap_or_default(),
            email_identities: table.list("email_identities", value::email_identity),
            excluded: table.tables("excluded", |table| Excluded::read(table, &applications)),
            short_codes: read_short_codes(table),
            processors: table.tables("processor", Processor::read),
            applications,
        }
    }
}

impl Excluded {
    fn read(table: &mut Table<'_, '_>, applications: &[String]) -> Option<Self> {
        let application = table.required("application", value::text);
        let reason = table.required("reason", value::text);
        let declared_by = table.required("declared_by", value::text);
        let declared_on = table.required("declared_on", value::date);
        if application.as_ref().is_some_and(|application| applications.contains(application)) {
            table.reject("application", "must not be in `phi.applications` as well");
        }
        Some(Self { application: application?, reason: reason?, declared_by: declared_by?, declared_on: declared_on? })
    }
}

impl ShortCode {
    fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let number = table.required("number", value::text);
        let country = table.optional("country", value::text);
        let purpose = table.optional("purpose", value::text);
        let support_case = table.optional("support_case", value::text);
        let requested_on = table.optional("requested_on", value::date);
        Some(Self { number: number?, country, purpose, support_case, requested_on })
    }
}

impl Processor {
    fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let target = table.required("target", value::arn_or_url);
        let purpose = table.required("purpose", value::text);
        Some(Self { target: target?, purpose: purpose? })
    }
}

fn read_short_codes(table: &mut Table<'_, '_>) -> Vec<ShortCode> {
    let mut seen = BTreeSet::new();
    table.tables("short_code", |table| {
        let short_code = ShortCode::read(table)?;
        if !seen.insert(bare_number(&short_code.number).to_owned()) {
            table.reject("number", "is declared already");
        }
        Some(short_code)
    })
}

fn bare_number(number: &str) -> &str {
    let number = number.trim();
    number.strip_prefix('+').unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, problems};
    use super::*;

    #[test]
    fn numbers_are_compared_without_plus_and_surrounding_blanks() {
        assert!(same_number("+18005550100", " 18005550100\n"));
        assert!(!same_number("24680", "246800"));
        assert!(!same_number("++24680", "24680"));
    }

    #[test]
    fn an_undeclared_application_is_judged_as_phi_unless_it_is_said() {
        assert_eq!(config("[phi]").phi, Phi::default());
        for word in Undeclared::ALL {
            assert_eq!(config(&format!("phi.undeclared = '{}'", word.as_str())).phi.undeclared, word);
        }
        assert_eq!(Undeclared::default(), Undeclared::Phi);
        assert_eq!(
            problems("[phi]\nundeclared = 'skipp'"),
            [r#"evidence.toml:2: `phi.undeclared` must be "phi" or "skip", not "skipp"; did you mean "skip"?"#]
        );
    }

    #[test]
    fn tags_are_kept_exactly() {
        let tags = config("[phi.tags]\n' Data Class' = 'PHI '\nempty = ''").phi.tags;
        let expected = [(" Data Class", "PHI "), ("empty", "")].map(|(key, tag)| (key.to_owned(), tag.to_owned()));
        assert_eq!(tags, BTreeMap::from(expected));
    }

    #[test]
    fn a_tag_has_a_name_and_a_string() {
        assert_eq!(
            problems("[phi.tags]\n'' = 'PHI'\n\"a\\nb\" = true"),
            [
                r#"evidence.toml:2: `phi.tags.""` must have a name"#,
                r#"evidence.toml:3: `phi.tags."a\nb"` must be a string, not a boolean"#,
            ]
        );
    }

    #[test]
    fn an_application_cannot_both_carry_phi_and_be_excluded() {
        let text = "[phi]\napplications = ['reminders']\n[[phi.excluded]]\napplication = 'reminders '\n\
            reason = 'r'\ndeclared_by = 'd'\ndeclared_on = 2026-09-30";
        assert_eq!(
            problems(text),
            ["evidence.toml:4: `phi.excluded[0].application` must not be in `phi.applications` as well"]
        );
        assert_eq!(problems(&text.replace("['reminders']", "['Reminders']")), Vec::<String>::new());
    }

    #[test]
    fn a_short_code_is_declared_once() {
        assert_eq!(
            problems("[[phi.short_code]]\nnumber = '24680'\n[[phi.short_code]]\nnumber = '+24680'"),
            ["evidence.toml:4: `phi.short_code[1].number` is declared already"]
        );
        assert_eq!(
            problems("[[phi.short_code]]\nnumber = 24680"),
            ["evidence.toml:2: `phi.short_code[0].number` must be a string, not an integer"]
        );
    }

    #[test]
    fn a_processor_is_an_arn_or_a_web_address() {
        let declare = |target: &str| problems(&format!("[[phi.processor]]\npurpose = 'p'\ntarget = '{target}'"));
        for target in [
            "arn:aws:s3:::bucket",
            "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:hook",
            "https://hooks.example.org/in?key=1",
            "http://localhost:8080",
        ] {
            assert_eq!(declare(target), Vec::<String>::new(), "{target}");
        }
        for target in
            ["bucket", "arn:aws:s3", "arn:gcp:s3:::b", "arn:aws:s3:::", "ftp://example.org", "https://", "https://a b"]
        {
            assert_eq!(
                declare(target),
                [
                    "evidence.toml:3: `phi.processor[0].target` must be an ARN, or a URL that begins with http:// or https://"
                ]
            );
        }
    }

    #[test]
    fn an_email_identity_is_a_domain_or_an_address() {
        let declare = |identity: &str| problems(&format!("[phi]\nemail_identities = ['{identity}']"));
        for identity in ["example.org", "mail.example-1.org", "no-reply+phi@example.org"] {
            assert_eq!(declare(identity), Vec::<String>::new(), "{identity}");
        }
        for identity in ["example", "@example.org", "a@b@example.org", "a b@example.org", "example..org", "a@example"] {
            assert_eq!(
                declare(identity),
                [
                    "evidence.toml:2: `phi.email_identities[0]` must be a domain such as mail.example.org, or an email address"
                ]
            );
        }
    }
}
