#!/usr/bin/env python3
"""Measures `pack --from` and `verify` on a synthetic snapshot of many accounts and regions: time, and the largest resident size.

    tests/bench/places.py [--places 500 …] [--applications 100] [--binary target/release/pinpoint-evidence] [--keep DIR]
                          [--only-snapshot]

A place is an account and a region. Every place has what the demo's first region has, under other ids, and its applications
multiplied; about 24 calls each. With several numbers of places, from small to large, the exponents of growth are printed. With
`--keep`, snapshots that are there already are taken again; `--only-snapshot` makes them and measures nothing. What `collect`
needs for as many places is measured by collect.py. Standard library only.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from measure import apart, exponent, measure, megabytes, table
from pack_from import PAGE, REGION, asked, compact, key, sealed

ACCOUNT = "111122223333"
# Where Amazon Pinpoint is offered.
REGIONS = ["us-east-1", "us-west-2", "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2", "ap-south-1", "ap-southeast-1",
           "ap-southeast-2", "ap-northeast-1"]
SERVICES = ("pinpoint", "pinpoint-sms-voice-v2", "sesv2")
# Verdicts of the demo's account.
VERDICTS = (0, 1, 3)


class Mould:
    """A call of the demo as text, from which the same call elsewhere is made without parsing it again."""

    def __init__(self, call):
        self.line, self.body, self.id, self.sha256 = compact(call) + "\n", call["body"], call["id"], call["sha256"]
        self.operation, self.page = call["operation"], call["page"]
        self.parameters = compact(asked(call), sort_keys=True)
        question = [call["account"], call["region"], call["service"], call["operation"], asked(call), call["page"]]
        self.question = compact(question, sort_keys=True)

    def cast(self, exchange):
        """Where the call belongs in its file, and its line."""
        own = "c-" + hashlib.sha256(exchange(self.question).encode()).hexdigest()[:16]
        line = exchange(self.line).replace(self.id, own)
        if self.body is not None:
            line = line.replace(self.sha256, hashlib.sha256(exchange(self.body).encode()).hexdigest())
        return (self.operation, exchange(self.parameters), self.page, own), line, own


def applications_of(calls):
    """The ids that the demo's first region lists, and its moulds: of each application, and of the rest but the lists."""
    listed = [call for call in calls if call["operation"] == "GetApps"]
    items = [item for call in listed for item in json.loads(call["body"])["Item"]]
    texts = [(call, compact(call["parameters"])) for call in calls if call not in listed]
    own = {item["Id"]: [Mould(call) for call, text in texts if item["Id"] in text] for item in items}
    rest = [Mould(call) for call, text in texts if not any(id in text for id in own)]
    return listed[0], items, own, rest


class Demo:
    """The demo's snapshot, taken apart."""

    def __init__(self, folder):
        self.header = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
        files = {path: [json.loads(line) for line in (folder / path).read_text(encoding="utf-8").splitlines()]
                 for path in self.header["files"] if f"/{REGION}/" in path}
        self.calls = {path.rsplit("/", 1)[1].removesuffix(".jsonl"): calls for path, calls in files.items()}
        self.listed, self.items, self.own, self.rest = applications_of(self.calls["pinpoint"])
        self.moulds = {service: [Mould(call) for call in calls] for service, calls in self.calls.items() if service != "pinpoint"}

    def service(self, service, account, region, count):
        """The lines of one file, in order."""
        def exchange(text):
            return text.replace(ACCOUNT, account).replace(REGION, region)

        cast = [mould.cast(exchange) for mould in self.moulds.get(service, self.rest)]
        if service == "pinpoint":
            cast += self.applications(account, region, count, exchange)
        return [line for _, line, _ in sorted(cast)]

    def applications(self, account, region, count, exchange):
        listed = []
        for number in range(count):
            item = self.items[number % len(self.items)]
            old, new = item["Id"], hashlib.sha256(f"{account} {region} {number}".encode()).hexdigest()[:32]
            listed.append(json.loads(exchange(compact(item)).replace(old, new)))
            for mould in self.own[old]:
                yield mould.cast(lambda text: exchange(text).replace(old, new))
        pages = [listed[first:first + PAGE] for first in range(0, count, PAGE)] or [[]]
        for page, members in enumerate(pages, 1):
            more = page < len(pages)
            body = {"Item": members, **({"NextToken": f"page-{page + 1}"} if more else {})}
            call = sealed({
                **self.listed, "account": account, "region": region, "page": page, "items": len(members), "more": more,
                "parameters": {"PageSize": str(PAGE), **({"Token": f"page-{page}"} if page > 1 else {})},
                "redactions": [], "body": compact(body),
            })
            yield key(call), compact(call) + "\n", call["id"]


def pairs(places):
    """The accounts and the regions of that many places: all regions in each account."""
    regions = REGIONS[:places] if places < len(REGIONS) else REGIONS
    if places % len(regions):
        sys.exit(f"{places} places cannot be made of {len(regions)} regions in each account: take a multiple")
    return [f"{int(ACCOUNT) + number:012d}" for number in range(places // len(regions))], regions


def write_snapshot(folder, target, places, applications):
    """Writes the synthetic snapshot; gives back how many calls it has."""
    demo = Demo(folder)
    accounts, regions = pairs(places)
    files, outcomes, total = {}, Counter(), 0
    for account in accounts:
        for region in regions:
            first = (account, region) == (ACCOUNT, REGION)
            for service in (sorted(demo.calls) if first else SERVICES):
                lines = demo.service(service, account, region, applications)
                data, path = "".join(lines).encode(), f"calls/{account}/{region}/{service}.jsonl"
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (target / path).write_bytes(data)
                files[path] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "calls": len(lines)}
                outcomes.update(line.partition('"outcome":"')[2].partition('"')[0] for line in lines)
                total += len(lines)
    header, scanned = demo.header, set(regions)
    known = sorted({*header["regions"], *header["regions_not_scanned"]})
    header.update(accounts=accounts, regions=sorted(regions), calls=total, outcomes=dict(outcomes),
                  regions_not_scanned=[region for region in known if region not in scanned], files=dict(sorted(files.items())))
    # Last, so that what was stopped is not taken for whole.
    (target / "snapshot.json").write_text(json.dumps(header, indent=2) + "\n", encoding="utf-8")
    return total


def made(binary, work, places, applications):
    """The snapshot of that many places, and its number of calls; made only where it is not there."""
    demo, snapshot = work / "demo", work / f"snapshot-{places}-{applications}"
    if not (demo / "manifest.json").is_file():
        measure([binary, "--quiet", "demo", "--out", str(demo)])
    if not (snapshot / "snapshot.json").is_file():
        snapshot.mkdir(parents=True, exist_ok=True)
        # In a process of its own: a child's peak begins with the size of its parent.
        apart(write_snapshot, demo / "evidence", snapshot, places, applications)
    header = snapshot / "snapshot.json"
    return snapshot, apart(calls_of, header)


def calls_of(header):
    return json.loads(header.read_text(encoding="utf-8"))["calls"]


def through(binary, work, places, applications):
    """One size through `pack` and `verify`."""
    snapshot, calls = made(binary, work, places, applications)
    pack = work / f"pack-{places}-{applications}"
    packed = measure([binary, "--quiet", "pack", "--from", str(snapshot), "--out", str(pack), "--force",
                      "--config", str(work / "demo/declarations.toml")], VERDICTS)
    verified = measure([binary, "--quiet", "verify", str(pack)])
    row = [places, f"{places * applications:,}", f"{calls:,}", f"{megabytes(snapshot):.0f}", f"{megabytes(pack):.0f}"]
    for each in (packed, verified):
        row += [f"{each.wall:.1f}", f"{each.cpu:.1f}", f"{each.peak:.0f}"]
    return row, {"calls": calls, "pack": packed, "verify": verified}


def growth(taken):
    """Exponents over the number of calls."""
    for step in ("pack", "verify"):
        for name, what in (("cpu time", "cpu"), ("peak memory", "peak")):
            yield f"{step}, {name}: {exponent([(each['calls'], getattr(each[step], what)) for each in taken]):.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, nargs="+", default=[500], help="below 10, or multiples of it")
    parser.add_argument("--applications", type=int, default=100, help="in each place")
    parser.add_argument("--binary", default="target/release/pinpoint-evidence")
    parser.add_argument("--keep", help="directory for snapshots and packs, instead of a temporary one")
    parser.add_argument("--only-snapshot", action="store_true", help="make the snapshots below --keep and stop")
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.keep or temporary)
        work.mkdir(parents=True, exist_ok=True)
        if options.only_snapshot:
            for places in options.places:
                print(*made(binary, work, places, options.applications), "calls")
            return 0
        done = [through(binary, work, places, options.applications) for places in options.places]
    headings = ("places", "applications", "calls", "snapshot MB", "pack MB", "pack s", "cpu s", "peak MB", "verify s", "cpu s",
                "peak MB")
    print(*table(headings, [row for row, _ in done]), sep="\n")
    if len(done) > 1:
        print(f"growth with the number of calls (1 is linear): {'; '.join(growth([taken for _, taken in done]))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
