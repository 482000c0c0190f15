//! Values of the configuration: from a TOML value to the type that cannot be wrong, or what is wrong with it.
//!
//! It knows no key and no place.

use chrono::NaiveDate;
use regex::Regex;
use toml::de::DeValue;
use toml::value::Date;

use super::error::ProblemKind;

/// Text longer than this is not shown in a problem. Every word that is expected is shorter, and an AWS secret access
/// key (40 characters) is longer.
const LONGEST_SHOWN: usize = 24;

/// A string, exactly as it stands.
pub(super) fn exact(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    value.as_str().map(str::to_owned).ok_or_else(|| wrong_type("a string", value))
}

/// Text that is not blank, without surrounding blanks.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    let text = value.as_str().ok_or_else(|| wrong_type("a string", value))?.trim();
    if text.is_empty() { Err(invalid("must not be blank")) } else { Ok(text.to_owned()) }
}

/// One word of a closed list; `shape` says what else the key may hold, as in " or a list of regions".
pub(super) fn one_of<T: Copy>(words: &[(&'static str, T)], shape: &str, value: &DeValue<'_>) -> Result<T, ProblemKind> {
    let list: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
    let expected = format!("{}{shape}", list.join(" or "));
    let text = value.as_str().ok_or_else(|| wrong_type(&expected, value))?;
    if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*meaning);
    }
    let names: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
    let hint = nearest(text, &names).map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
    Err(invalid(format!("must be {expected}{}{hint}", shown(text))))
}

/// A date: TOML's local date, or the same in quotes.
pub(super) fn date(value: &DeValue<'_>) -> Result<NaiveDate, ProblemKind> {
    const EXPECTED: &str = "a date such as 2026-01-31";
    let written = match value {
        DeValue::Datetime(datetime) => match (datetime.date, datetime.time) {
            (Some(Date { year, month, day }), None) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(_), Some(_)) => return Err(invalid(format!("must be {EXPECTED}, without a time"))),
            (None, _) => return Err(invalid(format!("must be {EXPECTED}, not a time"))),
        },
        _ => value.as_str().ok_or_else(|| wrong_type(EXPECTED, value))?.to_owned(),
    };
    // chrono alone also reads `2026-1-31` and `+12026-01-31`.
    NaiveDate::parse_from_str(&written, "%Y-%m-%d")
        .ok()
        .filter(|date| written.len() == "2026-01-31".len() && date.to_string() == written)
        .ok_or_else(|| invalid(format!("must be {EXPECTED}{}", shown(&written))))
}

/// A regular expression.
pub(super) fn pattern(value: &DeValue<'_>) -> Result<Regex, ProblemKind> {
    let pattern = value.as_str().ok_or_else(|| wrong_type("a string", value))?;
    if pattern.trim().is_empty() {
        return Err(invalid("must not be blank"));
    }
    Regex::new(pattern).map_err(|error| {
        // The library's message repeats the pattern; its last line says only what is wrong.
        let message = error.to_string();
        let cause = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
        invalid(format!("must be a regular expression: {cause}"))
    })
}

/// The id of an AWS account: twelve digits.
pub(super) fn account(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    formed(value, "an account id of twelve digits, in quotes", |text| {
        text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The code of an AWS region: `us-gov-west-1`. Whether AWS has such a region is not asked: it adds some every year.
pub(super) fn region(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    formed(value, "a region such as \"us-east-1\"", |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let [area, directions @ .., number] = parts.as_slice() else { return false };
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        (2..=4).contains(&area.len())
            && is_word(area)
            && !directions.is_empty()
            && directions.iter().all(|word| is_word(word))
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// An ARN, or a URL of a webhook. Not shown in a problem: a URL may carry a secret.
pub(super) fn arn_or_url(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    let text = text(value)?;
    if !text.contains(char::is_whitespace) && (is_arn(&text) || is_url(&text)) {
        return Ok(text);
    }
    Err(invalid("must be an ARN, or a URL that begins with http:// or https://"))
}

/// The ARN of a role, with `{account}` where the account's id stands, or with an id.
pub(super) fn role(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    let text = text(value)?;
    let is_account = |account: &str| {
        account == "{account}" || account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
    };
    let fits = match text.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", partition, "iam", "", account, resource] => {
            let name = resource.strip_prefix("role/").unwrap_or_default();
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
            let known = partition.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            partition.starts_with("aws") && known && is_account(account) && is_name
        }
        _ => false,
    };
    if fits {
        Ok(text)
    } else {
        Err(invalid("must be the ARN of a role, such as arn:aws:iam::{account}:role/PinpointEvidence"))
    }
}

/// What a role's trust policy asks for, within the limits of AWS STS.
pub(super) fn external_id(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    let text = text(value)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
    if (2..=1224).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text)
    } else {
        Err(invalid("must be 2 to 1224 letters, digits and +=,.@:/-_"))
    }
}

/// A domain or an email address, as Amazon SES names an identity. Not shown in a problem: it may be a person's.
pub(super) fn email_identity(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    let text = text(value)?;
    let (local, domain) = text.rsplit_once('@').map_or((None, text.as_str()), |(local, domain)| (Some(local), domain));
    let is_local = |local: &str| !local.is_empty() && !local.contains(|c: char| c == '@' || c.is_whitespace());
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if local.is_none_or(is_local) && domain.contains('.') && domain.split('.').all(is_label) {
        return Ok(text);
    }
    Err(invalid("must be a domain such as mail.example.org, or an email address"))
}

/// A problem with a value; the predicate goes on after the key.
pub(super) fn invalid(predicate: impl Into<String>) -> ProblemKind {
    ProblemKind::Invalid(predicate.into())
}

/// A value of another type; only the type is named.
pub(super) fn wrong_type(expected: &str, value: &DeValue<'_>) -> ProblemKind {
    let found = match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    ProblemKind::WrongType { expected: expected.to_owned(), found }
}

/// The known word that a reader may have meant: at most a third of the longer one's letters away, at least one.
pub(super) fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word, candidate);
    let near = known.iter().copied().min_by_key(|candidate| distance(candidate))?;
    let allowed = (word.chars().count().max(near.len()) / 3).max(1);
    (distance(near) <= allowed).then_some(near)
}

fn formed(value: &DeValue<'_>, expected: &str, is_formed: impl Fn(&str) -> bool) -> Result<String, ProblemKind> {
    let text = value.as_str().ok_or_else(|| wrong_type(expected, value))?.trim();
    if is_formed(text) {
        return Ok(text.to_owned());
    }
    Err(invalid(format!("must be {expected}{}", shown(text))))
}

/// The value for a message, escaped; nothing when it is long enough to be a secret.
fn shown(text: &str) -> String {
    if text.chars().count() > LONGEST_SHOWN { String::new() } else { format!(", not {text:?}") }
}

/// `arn:partition:service:region:account:resource`, region and account perhaps empty.
fn is_arn(text: &str) -> bool {
    match text.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, service, _, _, resource] => {
            partition.starts_with("aws") && !service.is_empty() && !resource.is_empty()
        }
        _ => false,
    }
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']))
}
