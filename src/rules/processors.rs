//! What may receive message data: the processors that the configuration declares.
//!
//! Shared by the rules about where message data flows, so that all of them mean the same by "declared".

use super::context::Context;
use super::judgement::Judgement;
use crate::estate::Place;
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
            Self::Resource(text) | Self::Function(text) | Self::Url(text) | Self::Bucket(text) => text,
        }
    }

    /// Whether the configuration declares it. ARNs compare exactly, but for the case of the partition.
    fn is_declared(&self, context: &Context<'_>, place: &Place) -> bool {
        let declared = |matches: &dyn Fn(&str) -> bool| {
            context.config.phi.processors.iter().any(|processor| matches(&processor.target))
        };
        match self {
            Self::Resource(arn) => declared(&|target| same_arn(target, arn)),
            Self::Url(url) => declared(&|target| target == *url),
            Self::Function(function) => {
                let arn = function_arn(function, place);
                declared(&|target| same_arn(target, &arn) || same_arn(target, unqualified(&arn)))
            }
            Self::Bucket(url) => {
                let arn = bucket_arn(url, place);
                declared(&|target| target == *url || arn.as_deref().is_some_and(|arn| same_arn(target, arn)))
            }
        }
    }
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

/// The account in an ARN.
fn account_of(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':');
    (parts.next() == Some("arn")).then_some(())?;
    parts.nth(3).filter(|account| !account.is_empty())
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
    fn what_was_redacted_cannot_be_compared() {
        let seen = verdict("https://example.org", Receiver::Url("[redacted]"), Own::Suffices);
        assert_eq!(seen, Verdict::NotEvaluated(Reason::Unspecified));
    }
}
