//! For what a short code was requested: its registration, the version that was approved, and the answer to the question
//! that AWS titles "HIPAA eligible use case".

use super::{Link, LinkState, Part};
use crate::config::ShortCode;
use crate::estate::{Answer, Listed, PhoneNumber, Place, Question, Registration, RegistrationStatus};
use crate::operations as op;
use crate::snapshot::CallId;

const PART: Part = Part::Purpose;
const REGISTRATION: &str = "Registration";
const VERSION: &str = "Approved version";
const ANSWER: &str = "HIPAA eligible use case";

/// The links from a number to the answer in its registration, as far as they go.
pub(super) fn links(place: &Place, number: &PhoneNumber, call: &CallId) -> Vec<Link> {
    let Some(named) = &number.registration else {
        let sentence = format!("DescribePhoneNumbers shows no registration of {}.", number.number);
        return vec![Link::new(PART, REGISTRATION, LinkState::Open, sentence, vec![call.clone()])];
    };
    let listing = &place.registrations;
    let found: Vec<_> = listing.seen.iter().filter(|listed| listed.value.is_named(named)).collect();
    let mut links: Vec<Link> = found.iter().flat_map(|listed| of_registration(listed)).collect();
    if let Some(gap) = &listing.gap {
        links.push(Link::unread(PART, REGISTRATION, gap));
    } else if found.is_empty() {
        links.push(Link::lacking(PART, REGISTRATION, op::DESCRIBE_REGISTRATIONS.name, &listing.calls));
    }
    links
}

/// Why a person says that the number was requested.
pub(super) fn declaration(declared: &ShortCode) -> Link {
    let ShortCode { number, purpose, support_case, .. } = declared;
    let (sentence, state) = match (purpose, support_case) {
        (Some(purpose), Some(case)) => (
            format!("The configuration states that {number} was requested for {purpose} (support case {case})."),
            LinkState::Stated,
        ),
        _ => {
            (format!("The configuration declares {number} without both a purpose and a support case."), LinkState::Open)
        }
    };
    Link::new(PART, super::DECLARATION, state, sentence, Vec::new())
}

fn of_registration(listed: &Listed<Registration>) -> Vec<Link> {
    let Registration { id, kind, status, approved, .. } = &listed.value;
    let calls = vec![listed.call.clone()];
    let Some(status) = status else {
        return vec![Link::lacking(PART, REGISTRATION, op::DESCRIBE_REGISTRATIONS.name, &calls)];
    };
    let is_complete = *status == RegistrationStatus::Complete;
    let state = if is_complete { LinkState::Holds } else { LinkState::Open };
    let sentence = format!("DescribeRegistrations shows the registration {id} ({kind}), {status}.");
    let mut links = vec![Link::new(PART, REGISTRATION, state, sentence, calls.clone())];
    match approved {
        None => {
            let sentence = format!("DescribeRegistrations shows no approved version of {id}.");
            links.push(Link::new(PART, VERSION, LinkState::Open, sentence, calls));
        }
        Some(version) => {
            let sentence = format!("DescribeRegistrations shows that version {} of {id} was approved.", version.number);
            links.push(Link::new(PART, VERSION, LinkState::Holds, sentence, calls));
            let answer = answer(&listed.value);
            // While the registration is not complete it says nothing yet, but a plain no is a no.
            if is_complete || answer.state == LinkState::Broken {
                links.push(answer);
            }
        }
    }
    links
}

/// The answer of the approved version. Nothing holds that rests on a list that was not read to its end.
fn answer(registration: &Registration) -> Link {
    let Registration { id, kind, approved, questions, .. } = registration;
    let asked = hipaa_questions(&questions.seen);
    let answers: Vec<&Listed<Answer>> = approved
        .iter()
        .flat_map(|version| &version.answers.seen)
        .filter(|answer| asked.iter().any(|question| question.value.path == answer.value.path))
        .collect();
    let choices: Vec<&str> =
        answers.iter().flat_map(|answer| answer.value.select_choices.iter().flatten()).map(String::as_str).collect();
    let calls: Vec<CallId> =
        asked.iter().map(|question| &question.call).chain(answers.iter().map(|answer| &answer.call)).cloned().collect();
    let is_word = |word: &'static str| move |choice: &&str| choice.trim().eq_ignore_ascii_case(word);
    let gaps = [approved.as_ref().and_then(|version| version.answers.gap.as_ref()), questions.gap.as_ref()];
    let says = |what: &str| format!("DescribeRegistrationFieldValues shows the answer {what} to \"{ANSWER}\" in {id}.");
    if choices.iter().any(is_word("no")) {
        return Link::seen(PART, ANSWER, false, says(&choices.join(", ")), calls);
    }
    if let Some(gap) = gaps.into_iter().flatten().next() {
        return Link::unread(PART, ANSWER, gap);
    }
    if asked.is_empty() {
        let sentence = format!("DescribeRegistrationFieldDefinitions shows no question \"{ANSWER}\" in {kind}.");
        return Link::new(PART, ANSWER, LinkState::Open, sentence, questions.calls.clone());
    }
    if choices.is_empty() {
        let sentence = format!("DescribeRegistrationFieldValues shows no answer to \"{ANSWER}\" in {id}.");
        let pages = approved.iter().flat_map(|version| version.answers.calls.clone());
        return Link::new(PART, ANSWER, LinkState::Open, sentence, calls.into_iter().chain(pages).collect());
    }
    if choices.iter().all(is_word("yes")) {
        return Link::seen(PART, ANSWER, true, says("yes"), calls);
    }
    // Neither yes nor no: a word that the form is not known to offer.
    Link::lacking(PART, ANSWER, op::DESCRIBE_REGISTRATION_FIELD_VALUES.name, &calls)
}

/// The questions with that title: those with nothing after it, where there are any.
fn hipaa_questions(questions: &[Listed<Question>]) -> Vec<&Listed<Question>> {
    let titled: Vec<_> = questions.iter().filter(|question| question.value.asks_for_hipaa_eligibility()).collect();
    let exact = |question: &&&Listed<Question>| question.value.title.trim().eq_ignore_ascii_case(ANSWER);
    if titled.iter().any(|question| exact(&question)) {
        return titled.iter().filter(exact).copied().collect();
    }
    titled
}
