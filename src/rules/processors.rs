//! What may receive message data: the processors that the configuration declares.
//!
//! Shared by the rules about where message data flows, so that all of them mean the same by "declared".

use super::context::Context;
use super::judgement::Judgement;
use crate::config::Processor;
use crate::estate::{Application, Hook, Place};
use crate::regions;
use crate::snapshot::CallId;
use crate::snapshot::redact::MARK;

/// Something that receives message data.
#[derive(Clone, Copy, Debug)]
pub(super) enum Receiver<'a> {
    /// A stream, log group, topic or model, by its ARN.
    Resource(&'a str),
    /// A Lambda function, by its name, its partial ARN or its ARN, with or without a qualifier.
    Function(&'a str),
    /// A web hook.
    Url(&'a str),
    /// A bucket, by the URL of an object or of a prefix in it.
    Bucket(&'a str),
    /// What answers messages: a topic by its ARN, or the host of Amazon Connect.
    Channel(&'a str),
}

/// Whether data may go to the account's own resources without a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// It may.
    Suffices,
    /// It has to be declared there too.
    IsDeclaredToo,
}

impl<'a> Receiver<'a> {
    const fn as_str(&self) -> &'a str {
        match self {
            Self::Resource(text)
            | Self::Function(text)
            | Self::Url(text)
            | Self::Bucket(text)
            | Self::Channel(text) => text,
        }
    }

    /// Whether a declared target means it. ARNs compare exactly, but for the case of the partition.
    fn is(&self, target: &str, place: &Place) -> bool {
        match self {
            Self::Resource(arn) => same_arn(target, arn),
            Self::Url(url) => target == *url,
            Self::Function(function) => {
                let arn = function_arn(function, place);
                same_arn(target, &arn) || same_arn(target, unqualified(&arn))
            }
            Self::Bucket(url) => target == *url || bucket_arn(url, place).is_some_and(|arn| same_arn(target, &arn)),
            Self::Channel(channel) => same_arn(target, channel) || target.strip_prefix("https://") == Some(*channel),
        }
    }

    fn is_declared(&self, context: &Context<'_>, place: &Place) -> bool {
        context.config.phi.processors.iter().any(|processor| self.is(&processor.target, place))
    }
}

/// What a hook calls.
pub(super) fn of_hook(hook: &Hook) -> impl Iterator<Item = Receiver<'_>> {
    let function = hook.function.as_deref().map(Receiver::Function);
    function.into_iter().chain(hook.url.as_deref().map(Receiver::Url))
}

/// Those of some declared processors that mean nothing that was read of an account and region, whether or not an
/// application for PHI sends there.
#[must_use]
pub fn unmatched_processors<'c>(place: &Place, among: Vec<&'c Processor>) -> Vec<&'c Processor> {
    let receivers = in_place(place);
    let is_unmatched = |processor: &&Processor| !receivers.iter().any(|receiver| receiver.is(&processor.target, place));
    among.into_iter().filter(is_unmatched).collect()
}

/// Everything in an account and region that receives message data, as far as it was read.
fn in_place(place: &Place) -> Vec<Receiver<'_>> {
    let recommenders = place.recommenders.iter().flat_map(|recommender| {
        let model = recommender.provider.as_deref().map(Receiver::Resource);
        model.into_iter().chain(recommender.transformer.as_deref().map(Receiver::Function))
    });
    let destinations = place.sms_configuration_sets.iter().flat_map(|set| set.event_destinations.iter().flatten());
    let events = destinations.flat_map(|destination| &destination.targets).map(|target| Receiver::Resource(target));
    let channels = place.numbers.own.iter().filter_map(|number| number.two_way_channel.as_deref());
    recommenders
        .chain(events)
        .chain(channels.map(Receiver::Channel))
        .chain(place.applications.iter().flat_map(in_application))
        .collect()
}

fn in_application(application: &Application) -> impl Iterator<Item = Receiver<'_>> {
    let settings = application.settings.value().and_then(|settings| settings.campaign_hook.as_ref());
    let hooks = settings.into_iter().chain(application.campaigns.iter().filter_map(|campaign| campaign.hook.as_ref()));
    let stream = application.event_stream.value().map(|stream| Receiver::Resource(&stream.destination_stream_arn));
    let jobs = application.imports.iter().chain(application.exports.iter());
    let buckets = jobs.filter_map(|job| job.location.as_deref()).map(Receiver::Bucket);
    hooks.flat_map(of_hook).chain(stream).chain(buckets)
}

/// States whether data may go there. `who` begins the sentence: "The event stream sends to".
pub(super) fn judge(
    (context, place): (&Context<'_>, &Place),
    who: &str,
    receiver: Receiver<'_>,
    own: Own,
    calls: &[CallId],
    judgement: &mut Judgement,
) {
    let target = receiver.as_str();
    if target == MARK {
        let sentence = format!("{who} something that was redacted, so that no declaration can be compared with it.");
        judgement.unspecified(sentence, calls);
    } else if own == Own::Suffices && account_of(target) == Some(&place.account) {
        judgement.holds(format!("{who} {target}, in the same account."), calls);
    } else if receiver.is_declared(context, place) {
        judgement.holds(format!("{who} {target}, a declared processor."), calls);
    } else {
        judgement.violated(format!("{who} {target}, which nobody declared as a processor of PHI."), calls);
    }
}

/// The account in the ARN of something.
fn account_of(arn: &str) -> Option<&str> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts[..] {
        ["arn", _, _, _, account, resource] if !account.is_empty() && !resource.is_empty() => Some(account),
        _ => None,
    }
}

/// Whether two ARNs are the same, but for the case of the partition.
fn same_arn(a: &str, b: &str) -> bool {
    fn parts(arn: &str) -> Option<(&str, &str)> {
        arn.strip_prefix("arn:")?.split_once(':')
    }
    match (parts(a), parts(b)) {
        (Some((partition_a, rest_a)), Some((partition_b, rest_b))) => {
            partition_a.eq_ignore_ascii_case(partition_b) && rest_a == rest_b
        }
        _ => false,
    }
}

/// The full ARN of a function. A name alone means one in the same account and region.
pub(crate) fn function_arn(function: &str, place: &Place) -> String {
    let Place { account, region, .. } = place;
    let partition = regions::partition(region);
    if function.starts_with("arn:") {
        function.to_owned()
    } else if function.contains(":function:") {
        format!("arn:{partition}:lambda:{region}:{function}")
    } else {
        format!("arn:{partition}:lambda:{region}:{account}:function:{function}")
    }
}

/// A function's ARN without version or alias: `arn:<partition>:lambda:<region>:<account>:function:<name>`.
fn unqualified(arn: &str) -> &str {
    arn.match_indices(':').nth(6).map_or(arn, |(end, _)| &arn[..end])
}

/// The ARN of the bucket in `s3://bucket/prefix`.
pub(crate) fn bucket_arn(url: &str, place: &Place) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let bucket = rest.split('/').next().filter(|bucket| !bucket.is_empty())?;
    let partition = regions::partition(&place.region);
    scheme.eq_ignore_ascii_case("s3").then(|| format!("arn:{partition}:s3:::{bucket}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{a_rule, a_subject, configured};
    use crate::rules::{Reason, Verdict};

    fn verdict(target: &str, receiver: Receiver<'_>, own: Own) -> Verdict {
        let toml = format!("[[phi.processor]]\ntarget = \"{target}\"\npurpose = \"p\"\n");
        configured(&toml, |context| {
            let mut judgement = Judgement::new();
            judge((context, &context.estate.places[0]), "It sends to", receiver, own, &[], &mut judgement);
            judgement.conclude(a_rule(), a_subject(), context).verdict
        })
    }

    fn is_declared(target: &str, receiver: Receiver<'_>) -> bool {
        verdict(target, receiver, Own::IsDeclaredToo) == Verdict::Pass
    }

    #[test]
    fn arns_compare_exactly_but_for_the_case_of_the_partition() {
        let stream = "arn:aws:kinesis:us-east-1:444455556666:stream/x";
        for (used, same) in [
            (stream, true),
            ("arn:AWS:kinesis:us-east-1:444455556666:stream/x", true),
            ("arn:aws-us-gov:kinesis:us-east-1:444455556666:stream/x", false),
            ("arn:aws:kinesis:us-east-1:444455556666:stream/X", false),
            ("arn:aws:kinesis:us-east-1:444455556666:stream/xy", false),
            ("stream/x", false),
        ] {
            assert_eq!(is_declared(stream, Receiver::Resource(used)), same, "{used}");
        }
    }

    #[test]
    fn a_function_is_known_by_arn_qualified_arn_partial_arn_and_name() {
        let function = "arn:aws:lambda:us-east-1:111122223333:function:hook";
        for (used, same) in [
            (function, true),
            ("arn:aws:lambda:us-east-1:111122223333:function:hook:7", true),
            ("hook", true),
            ("hook:live", true),
            ("111122223333:function:hook", true),
            ("hooks", false),
            ("Hook", false),
            ("444455556666:function:hook", false),
            ("arn:aws:lambda:us-west-2:111122223333:function:hook", false),
        ] {
            assert_eq!(is_declared(function, Receiver::Function(used)), same, "{used}");
        }
        let live = "arn:aws:lambda:us-east-1:111122223333:function:hook:live";
        assert!(is_declared(live, Receiver::Function("hook:live")));
        assert!(!is_declared(live, Receiver::Function("hook")));
        assert!(!is_declared("arn:aws:lambda:us-east-1:444455556666:function:hook", Receiver::Function("hook")));
    }

    #[test]
    fn a_web_hook_is_known_by_its_exact_address() {
        assert!(is_declared("https://example.org/in?a=1", Receiver::Url("https://example.org/in?a=1")));
        assert!(!is_declared("https://example.org/in", Receiver::Url("https://example.org/in/")));
    }

    #[test]
    fn a_bucket_covers_its_objects_and_no_other_bucket() {
        for (used, same) in [
            ("s3://bucket/prefix/file.csv", true),
            ("s3://bucket", true),
            ("S3://bucket/", true),
            ("s3://bucket-2/prefix", false),
            ("s3:///bucket", false),
            ("https://bucket/prefix", false),
            ("bucket/prefix", false),
        ] {
            assert_eq!(is_declared("arn:aws:s3:::bucket", Receiver::Bucket(used)), same, "{used}");
        }
    }

    #[test]
    fn the_own_account_suffices_only_where_the_rule_says_so() {
        let own = Receiver::Resource("arn:aws:kinesis:us-west-2:111122223333:stream/x");
        let other = "arn:aws:kinesis:us-west-2:444455556666:stream/111122223333";
        assert_eq!(verdict("https://example.org", own, Own::Suffices), Verdict::Pass);
        assert_eq!(verdict("https://example.org", own, Own::IsDeclaredToo), Verdict::Fail);
        assert_eq!(verdict("https://example.org", Receiver::Resource(other), Own::Suffices), Verdict::Fail);
    }

    #[test]
    fn what_answers_is_known_by_its_arn_or_as_a_web_address() {
        let topic = "arn:aws:sns:us-east-1:444455556666:replies";
        assert!(is_declared(topic, Receiver::Channel("arn:AWS:sns:us-east-1:444455556666:replies")));
        assert!(is_declared(
            "https://connect.us-east-1.amazonaws.com",
            Receiver::Channel("connect.us-east-1.amazonaws.com")
        ));
        assert!(!is_declared(
            "http://connect.us-east-1.amazonaws.com",
            Receiver::Channel("connect.us-east-1.amazonaws.com")
        ));
    }

    #[test]
    fn an_arn_without_a_resource_belongs_to_no_account() {
        for (arn, verdict) in [
            ("arn:aws:sns:us-east-1:111122223333:x", Verdict::Pass),
            ("arn:aws:sns:us-east-1:111122223333:", Verdict::Fail),
            ("arn:aws:sns:us-east-1:111122223333", Verdict::Fail),
            ("x:aws:sns:us-east-1:111122223333:x", Verdict::Fail),
        ] {
            assert_eq!(self::verdict("https://example.org", Receiver::Channel(arn), Own::Suffices), verdict, "{arn}");
        }
    }

    #[test]
    fn what_was_redacted_cannot_be_compared() {
        let seen = verdict("https://example.org", Receiver::Url("[redacted]"), Own::Suffices);
        assert_eq!(seen, Verdict::NotEvaluated(Reason::Unspecified));
    }
}
