//! Where AWS offers the services: published region lists, as of 2026-05-20 (AWS service endpoints).

/// Regions with an Amazon Pinpoint endpoint.
pub const PINPOINT: &[&str] = &[
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "us-east-1",
    "us-east-2",
    "us-gov-west-1",
    "us-west-2",
];

/// Regions with an AWS End User Messaging SMS endpoint (version 2 of the API).
pub const SMS_VOICE: &[&str] = &[
    "af-south-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-6",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// The AWS partition that a region belongs to.
#[must_use]
pub fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}

/// The region whose AWS Artifact endpoint answers for a partition.
#[must_use]
pub fn artifact(partition: &str) -> &'static str {
    match partition {
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        "aws-eusc" => "eusc-de-east-1",
        _ => "us-east-1",
    }
}

/// Whether either messaging service is offered in the region.
#[must_use]
pub fn is_offered(region: &str) -> bool {
    PINPOINT.contains(&region) || SMS_VOICE.contains(&region)
}

/// Every region of a partition where Amazon Pinpoint or AWS End User Messaging is offered, in order.
#[must_use]
pub fn offered(partition_name: &str) -> Vec<&'static str> {
    let mut regions: Vec<&str> =
        PINPOINT.iter().chain(SMS_VOICE).copied().filter(|region| partition(region) == partition_name).collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commercial_partition_holds_neither_govcloud_nor_the_sovereign_cloud() {
        let offered = offered("aws");
        assert_eq!(offered.len(), 31);
        assert!(offered.iter().all(|region| partition(region) == "aws"));
        assert_eq!(super::offered("aws-us-gov"), ["us-gov-east-1", "us-gov-west-1"]);
    }
}
