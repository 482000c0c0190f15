"""The least time that any collection of the same answers can take: what AWS's quotas and the longest chain of questions allow.

Not a program of its own. For each account, region and operation: the requests beyond what may go at once, divided by the published
rate, after the questions that have to be answered before its first. It is counted from the snapshot that was written, so that each
question counts once, whoever asked it how often. Standard library only.
"""

import json
from collections import Counter

from aws_endpoint import RATES

SIGNED = {"pinpoint": "mobiletargeting", "pinpoint-sms-voice-v2": "sms-voice", "sesv2": "ses"}
# Asked of what another question lists.
OF_LISTED = {
    "GetApp": "GetApps", "ListPoolOriginationIdentities": "DescribePools", "GetResourcePolicy": "ListPoolOriginationIdentities",
    "DescribeRegistrationVersions": "DescribeRegistrations", "DescribeRegistrationFieldValues": "DescribeRegistrations",
    "DescribeRegistrationFieldDefinitions": "DescribeRegistrations", "ListRegistrationAssociations": "DescribeRegistrations",
    "GetProtectConfigurationCountryRuleSet": "DescribeProtectConfigurations", "GetEmailIdentity": "ListEmailIdentities",
    "GetConfigurationSet": "ListConfigurationSets", "GetConfigurationSetEventDestinations": "ListConfigurationSets",
}
AT_FIRST = {"GetApps", "ListTemplates", "GetRecommenderConfigurations"}


def before(operation, service):
    """How many answers have to come before the first question of an operation in its place."""
    if operation in OF_LISTED:
        return 1 + before(OF_LISTED[operation], service)
    return 2 if service == "pinpoint" and operation not in AT_FIRST else 0


def asked_in(snapshot):
    """How often each operation was asked, by account, region and service, and over all."""
    asked, everywhere = Counter(), Counter()
    for path in snapshot.glob("calls/*/*/*.jsonl"):
        account, region, service = path.parts[-3], path.parts[-2], path.stem
        for line in path.open(encoding="utf-8"):
            operation = json.loads(line)["operation"]
            everywhere[operation] += 1
            if service in SIGNED:
                asked[account, region, service, operation] += 1
    return asked, everywhere


def least(snapshot, latency):
    """Seconds, where each answer takes `latency`."""
    asked, everywhere = asked_in(snapshot)
    # Who asks; which accounts there are, page by page; becoming the role; each before the next.
    chain = 1 + everywhere["DescribeOrganization"] + everywhere["ListAccounts"] + min(1, everywhere["AssumeRole"])

    def alone(key, count):
        rate, burst = RATES[SIGNED[key[2]]]
        return (before(key[3], key[2]) + 1) * latency + max(0, count - burst) / rate

    return chain * latency + max(alone(key, count) for key, count in asked.items())
