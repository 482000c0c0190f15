#!/usr/bin/env python3
"""Measures a collection against the least time that AWS's quotas and the longest chain of questions allow.

    tests/bench/collect.py [--accounts 10] [--applications 100] [--regions us-east-1 …] [--latency 0.03] [--binary …]

The bound is counted from the snapshot that was written. For each account, region and operation: the requests beyond what may
go at once, divided by the published rate, after the questions that have to be answered before its first. No collection of the
same answers can be faster. Standard library only.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import measure
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


def bound(snapshot, latency):
    """Seconds."""
    asked, opening = Counter(), Counter()
    for path in snapshot.glob("calls/*/*/*.jsonl"):
        account, region, service = path.parts[-3], path.parts[-2], path.stem
        for line in path.open(encoding="utf-8"):
            operation = json.loads(line)["operation"]
            if service in SIGNED:
                asked[account, region, service, operation] += 1
            opening[operation] += 1
    # Who asks; which accounts there are, page by page; becoming the role; each before the next.
    chain = 1 + opening["DescribeOrganization"] + opening["ListAccounts"] + min(1, opening["AssumeRole"])

    def least(key, count):
        rate, burst = RATES[SIGNED[key[2]]]
        return (before(key[3], key[2]) + 1) * latency + max(0, count - burst) / rate

    return chain * latency + max(least(key, count) for key, count in asked.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=10)
    parser.add_argument("--applications", type=int, default=100, help="in each account and region")
    parser.add_argument("--regions", nargs="+", default=["us-east-1"])
    parser.add_argument("--latency", type=float, default=0.03, help="seconds")
    parser.add_argument("--binary", type=Path, default=Path("target/debug/pinpoint-evidence"))
    options = parser.parse_args()
    served = ("--accounts", options.accounts, "--applications", options.applications, "--latency", options.latency)
    with tempfile.TemporaryDirectory() as folder, measure.endpoint(*served) as url:
        folder = Path(folder)
        (folder / "evidence.toml").write_text(
            '[aws]\naccounts = "organization"\nrole = "arn:aws:iam::{account}:role/PinpointEvidence"\n', encoding="utf-8")
        regions = [part for region in options.regions for part in ("--region", region)]
        command = [options.binary.resolve(), "--quiet", "collect", "--out", "snapshot", "--endpoint-url", url, *regions]
        measured = measure.measure(command, env=measure.environment(), cwd=folder)
        counts = measure.counts(url)
        header = json.loads((folder / "snapshot/snapshot.json").read_text(encoding="utf-8"))
        least = bound(folder / "snapshot", options.latency)
    lost = sum(header["outcomes"].get(outcome, 0) for outcome in ("throttled", "timeout", "unreachable", "server_error"))
    pairs = len(header["accounts"]) * len(header["regions"])
    headings = ("account-region pairs", "calls", "wall s", "bound s", "ratio", "throttled %", "lost", "cpu s", "peak MB")
    row = (pairs, header["calls"], f"{measured.wall:.1f}", f"{least:.1f}", f"{measured.wall / least:.2f}",
           f"{100 * counts.share:.2f}", lost, f"{measured.cpu:.1f}", f"{measured.peak:.0f}")
    print(*measure.table(headings, [row]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
