#!/usr/bin/env python3
"""Measures a collection against the least time that AWS's quotas and the longest chain of questions allow.

    tests/bench/collect.py [--accounts 10] [--applications 100] [--identities 150] [--regions us-east-1 …] [--latency 0.03]
                           [--no-summary] [--no-quotas] [--binary target/debug/pinpoint-evidence]

The endpoint enforces the quotas that AWS publishes: 300 requests a second for reads of Amazon Pinpoint, one a second for those
of AWS End User Messaging SMS and Amazon SES. `--identities` is how many email identities each account has in each region: with
150, these and not the machine decide how long it takes. The bound is that of bound.py. With `--regions 10`, the first ten regions
in which Amazon Pinpoint is offered. `collect` ends with what a pack would say; `--no-summary` leaves that out, by collecting part
0 of 1. With `--no-quotas`, the endpoint refuses nothing: for what a collection holds in memory, which more calls in less time
show. Standard library only.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import bound
import measure
from places import REGIONS

CONFIG = '[aws]\naccounts = "organization"\nrole = "arn:aws:iam::{account}:role/PinpointEvidence"\n'
# Ends of calls that say nothing of what was asked for.
LOST = ("throttled", "timeout", "unreachable", "server_error")


def regions(given):
    """Names of regions; a number stands for as many."""
    return REGIONS[:int(given[0])] if len(given) == 1 and given[0].isdigit() else given


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=10)
    parser.add_argument("--applications", type=int, default=100, help="in each account and region")
    parser.add_argument("--identities", type=int, default=150, help="in each account and region")
    parser.add_argument("--regions", nargs="+", default=["us-east-1"], help="names, or how many")
    parser.add_argument("--latency", type=float, default=0.03, help="seconds")
    parser.add_argument("--no-summary", action="store_true", help="collect only")
    parser.add_argument("--no-quotas", action="store_true", help="the endpoint refuses nothing")
    parser.add_argument("--binary", type=Path, default=Path("target/debug/pinpoint-evidence"))
    options = parser.parse_args()
    served = ("--accounts", options.accounts, "--applications", options.applications, "--identities", options.identities,
              "--latency", options.latency, *(["--no-quotas"] if options.no_quotas else []))
    with tempfile.TemporaryDirectory() as folder, measure.endpoint(*served) as url:
        folder = Path(folder)
        (folder / "evidence.toml").write_text(CONFIG, encoding="utf-8")
        asked = [part for region in regions(options.regions) for part in ("--region", region)]
        part = ["--shard", "0/1"] if options.no_summary else []
        command = [options.binary.resolve(), "--quiet", "collect", "--out", "snapshot", "--endpoint-url", url, *asked, *part]
        measured = measure.measure(command, env=measure.environment(), cwd=folder)
        counts = measure.counts(url)
        header = json.loads((folder / "snapshot/snapshot.json").read_text(encoding="utf-8"))
        least = bound.least(folder / "snapshot", options.latency)
    lost = sum(header["outcomes"].get(outcome, 0) for outcome in LOST)
    pairs = len(header["accounts"]) * len(header["regions"])
    headings = ("places", "calls", "wall s", "bound s", "ratio", "throttled %", "lost", "cpu s", "peak MB")
    row = (pairs, f"{header['calls']:,}", f"{measured.wall:.1f}", f"{least:.1f}", f"{measured.wall / least:.2f}",
           f"{100 * counts.share:.2f}", lost, f"{measured.cpu:.1f}", f"{measured.peak:.0f}")
    print(*measure.table(headings, [row]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
