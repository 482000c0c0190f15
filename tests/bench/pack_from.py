#!/usr/bin/env python3
"""Measures `pack --from` on a synthetic snapshot of many applications, beside two peers in the same run.

    tests/bench/pack_from.py [--applications 3000] [--binary target/debug/pinpoint-evidence] [--runs 1] [--keep DIR]

The snapshot is the demo's, with the applications of its first region multiplied: new ids, new call ids, new hashes, the
order and the header that a collection writes. So the program reads, checks, judges, renders and seals it like any other.

The peers are lower bounds, not rivals: `sha256sum` reads every byte once, and a Python script parses every line and
hashes every body, which `pack` has to do as well. Times are those of the fastest run, peak is the largest resident size.
Ends with 1 when a page is larger than a browser likes. Standard library only.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from measure import apart, measure, megabytes

REGION = "us-east-1"
PAGE = 100
LARGEST_PAGE = 3_000_000  # bytes
PARSE = """
import hashlib, json, sys
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        for line in file:
            body = json.loads(line)["body"]
            assert body is None or hashlib.sha256(body.encode()).digest()
"""


def compact(value, **options):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, **options)


def asked(call):
    """The parameters without the paging token, as the program writes them to derive ids and to order calls."""
    return {name: value for name, value in call["parameters"].items() if name.lower() not in ("token", "nexttoken")}


def sealed(call):
    """The call with the id of its question and the hash of its body."""
    question = [call["account"], call["region"], call["service"], call["operation"], asked(call), call["page"]]
    body = call["body"]
    call["id"] = "c-" + hashlib.sha256(compact(question, sort_keys=True).encode()).hexdigest()[:16]
    call["sha256"] = None if body is None else hashlib.sha256(body.encode()).hexdigest()
    return call


def key(call):
    return (call["operation"], compact(asked(call), sort_keys=True), call["page"], call["id"])


def multiplied(calls, numbers):
    """The calls of one Pinpoint region, with the applications of these numbers instead of the demo's."""
    listed = [call for call in calls if call["operation"] == "GetApps"]
    items = [item for call in listed for item in json.loads(call["body"])["Item"]]
    own = {item["Id"]: [compact(call) for call in calls if item["Id"] in compact(call["parameters"])] for item in items}
    yield from (call for call in calls if call not in listed and not any(id in compact(call["parameters"]) for id in own))
    names = []
    for number in numbers:
        item = items[number % len(items)]
        new = hashlib.sha256(f"application {number}".encode()).hexdigest()[:32]
        names.append(json.loads(compact(item).replace(item["Id"], new)))
        for line in own[item["Id"]]:
            yield sealed(json.loads(line.replace(item["Id"], new)))
    pages = [names[first:first + PAGE] for first in range(0, len(names), PAGE)]
    for page, members in enumerate(pages, 1):
        more = page < len(pages)
        parameters = {"PageSize": str(PAGE), **({"Token": f"page-{page}"} if page > 1 else {})}
        body = {"Item": members, **({"NextToken": f"page-{page + 1}"} if more else {})}
        yield sealed({
            **listed[0], "parameters": parameters, "page": page, "items": len(members), "more": more, "redactions": [],
            "body": compact(body),
        })


def write_snapshot(demo, target, count, begin=0, later=None):
    """Writes the synthetic snapshot, its applications numbered from `begin`; gives back how many calls it has.

    `later` may change each call before it is sealed.
    """
    header = json.loads((demo / "snapshot.json").read_text(encoding="utf-8"))
    outcomes, total = Counter(), 0
    for path in header["files"]:
        calls = [json.loads(line) for line in (demo / path).read_text(encoding="utf-8").splitlines()]
        if path.endswith(f"/{REGION}/pinpoint.jsonl"):
            calls = list(multiplied(calls, range(begin, begin + count)))
        calls = sorted((sealed(later(call)) for call in calls) if later else calls, key=key)
        data = "".join(compact(call) + "\n" for call in calls).encode()
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
        header["files"][path] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "calls": len(calls)}
        outcomes.update(call["outcome"] for call in calls)
        total += len(calls)
    header.update(calls=total, outcomes=dict(outcomes))
    (target / "snapshot.json").write_text(json.dumps(header, indent=2) + "\n", encoding="utf-8")
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--applications", type=int, default=3000)
    parser.add_argument("--binary", default="target/debug/pinpoint-evidence")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--keep", help="directory for snapshot and pack, instead of a temporary one")
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.keep or temporary)
        demo, snapshot, pack = work / "demo", work / "snapshot", work / "pack"
        snapshot.mkdir(parents=True)
        measure([binary, "--quiet", "demo", "--out", str(demo)])
        # In a process of its own: a child's peak begins with the size of its parent.
        calls = apart(write_snapshot, demo / "evidence", snapshot, options.applications)
        files = sorted(str(file) for file in snapshot.rglob("*.jsonl"))
        judged = [binary, "--quiet", "pack", "--from", str(snapshot), "--out", str(pack), "--force",
                  "--config", str(demo / "declarations.toml")]
        # 1: the demo's account has findings that fail.
        commands = {
            "pinpoint-evidence pack --from": (judged, (1,)),
            "python3: parse and hash": ([sys.executable, "-c", PARSE, *files], (0,)),
            "sha256sum": (["sha256sum", *files], (0,)),
        }
        print(f"{options.applications} applications, {calls} calls, {megabytes(snapshot):.1f} MB of snapshot")
        print(f"{'command':<32}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}")
        for name, (command, allowed) in commands.items():
            runs = [measure(command, allowed) for _ in range(options.runs)]
            walls, processor, peaks = zip(*runs)
            print(f"{name:<32}{min(walls):>8.2f}{min(processor):>8.2f}{max(peaks):>9.0f}")
        pages = [file for kind in ("*.html", "*.md") for file in pack.rglob(kind)]
        largest = max(pages, key=lambda file: file.stat().st_size)
        size = largest.stat().st_size
        print(f"largest page: {largest.relative_to(pack)}, {size / 1e6:.1f} MB")
        print(f"pack: {megabytes(pack):.1f} MB in {sum(1 for file in pack.rglob('*') if file.is_file())} files")
        if size > LARGEST_PAGE:
            sys.exit(f"{largest.name} is larger than {LARGEST_PAGE / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
