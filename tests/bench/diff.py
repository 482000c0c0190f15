#!/usr/bin/env python3
"""Measures `diff` of two packs of many applications, a quarter apart, beside a peer in the same run.

    tests/bench/diff.py [--applications 3000] [--binary target/debug/pinpoint-evidence] [--runs 3] [--keep DIR]

The packs are made as `pack_from.py` makes them. In the later one a hundredth of the applications is gone, as many are new,
and of every tenth application the e-mail channel was switched off or on.

The peer says less: a Python script that loads both `results.json` and compares the findings by id. It checks no hash and
knows what changed, not why. `verify --files-only` of both packs is the part of `diff` that finds out whether they are whole.
Times are those of the fastest run, peak is the largest resident size. Standard library only.
"""

import argparse
import json
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from measure import apart, measure, megabytes
from pack_from import compact, write_snapshot

QUARTER = timedelta(days=91)
COMPARE = """
import json, sys
def findings(path):
    with open(path, encoding="utf-8") as file:
        return {finding["id"]: finding for finding in json.load(file)["findings"]}
old, new = map(findings, sys.argv[1:])
changed = [id for id in old.keys() & new.keys() if any(old[id][key] != new[id][key] for key in ("verdict", "reason", "waiver"))]
print(len(new.keys() - old.keys()), len(old.keys() - new.keys()), len(changed))
"""


def moved(time):
    """A quarter later."""
    return (datetime.fromisoformat(time) + QUARTER).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def later(call):
    """What the same question was answered a quarter later."""
    call["started"], call["finished"] = moved(call["started"]), moved(call["finished"])
    application = call["parameters"].get("ApplicationId", "")
    if call["operation"] in ("GetEmailChannel", "GetChannels") and call["outcome"] == "observed" and application[-1:] == "0":
        body = json.loads(call["body"])
        channel = body if call["operation"] == "GetEmailChannel" else body["Channels"].get("EMAIL")
        if channel:
            channel.update(Enabled=not channel["Enabled"], LastModifiedDate=moved("2026-09-29T10:00:00.000Z"))
            call["body"] = compact(body)
    return call


def write_later(demo, target, count, begin):
    write_snapshot(demo, target, count, begin, later)
    path = target / "snapshot.json"
    header = json.loads(path.read_text(encoding="utf-8"))
    header.update(started=moved(header["started"]), finished=moved(header["finished"]))
    path.write_text(json.dumps(header, indent=2) + "\n", encoding="utf-8")


def make(work, binary, count):
    """Two packs, if they are not there."""
    demo, new = work / "demo", max(1, count // 100)
    if not demo.exists():
        measure([binary, "--quiet", "demo", "--out", str(demo)])
    packs = {"old": (write_snapshot, 0), "new": (write_later, new)}
    for name, (write, begin) in packs.items():
        snapshot, pack = work / f"{name}-snapshot", work / name
        if not pack.exists():
            snapshot.mkdir()
            # In a process of its own: a child's peak begins with the size of its parent.
            apart(write, demo / "evidence", snapshot, count, begin)
            measure([binary, "--quiet", "pack", "--exit-zero", "--from", str(snapshot), "--out", str(pack),
                     "--config", str(demo / "declarations.toml")])
    return work / "old", work / "new"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--applications", type=int, default=3000)
    parser.add_argument("--binary", default="target/debug/pinpoint-evidence")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", help="directory for the packs, instead of a temporary one")
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.keep or temporary)
        work.mkdir(parents=True, exist_ok=True)
        old, new = make(work, binary, options.applications)
        sizes = " and ".join(f"{megabytes(pack):.0f} MB, {(pack / 'results.json').stat().st_size / 1e6:.0f} of them results.json" for pack in (old, new))
        print(f"{options.applications} applications; the packs have {sizes}")
        commands = {
            "pinpoint-evidence diff": ([binary, "diff", str(old), str(new), "--format", "json"], (0,)),
            "verify --files-only, both": (["sh", "-c", '"$0" verify --files-only "$1" && "$0" verify --files-only "$2"',
                                           binary, str(old), str(new)], (0,)),
            "python3: load and compare": ([sys.executable, "-c", COMPARE, *(str(pack / "results.json") for pack in (old, new))], (0,)),
        }
        print(f"{'command':<28}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}")
        for name, (command, allowed) in commands.items():
            walls, processor, peaks = zip(*(measure(command, allowed) for _ in range(options.runs)))
            print(f"{name:<28}{min(walls):>8.2f}{min(processor):>8.2f}{max(peaks):>9.0f}")


if __name__ == "__main__":
    main()
