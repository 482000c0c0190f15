#!/usr/bin/env python3
"""Every benchmark in one command: prints the tables that stand in the README.

    tests/bench/run.py [--quick] [--markdown | --readme] [--binary target/debug/pinpoint-evidence] [--largest 100000]

Collection runs against `aws_endpoint.py`: an AWS on loopback that answers after 30 ms and enforces the quotas that AWS
publishes. Beside the program run, in the same minutes and on the same machine, a script that somebody writes with boto3
(one request after another, and with 16 threads in each region) and Cloud Custodian, for the part that it can do: list the
applications. Then `pack` and `verify` on snapshots that grow by tens, with the exponents of their growth.

`--quick` takes some minutes, without it hours: 100,000 applications are 2.4 million calls, and their pack is gigabytes. What was
measured is kept in target/bench/run.json, so that a run that was stopped goes on where it was when the program is the same;
`--again` measures everything anew. Rivals are installed to target/bench with pip. `--markdown` prints the section of the README,
`--readme` puts it there.
"""

import argparse
import datetime
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import bound
from measure import BENCH, apart, counts, endpoint, environment, exponent, measure, megabytes, table
from pack_from import write_snapshot

ROOT = BENCH.parents[1]
REGIONS = ["us-east-1", "us-west-2"]
LATENCY = 0.03
THREADS = 16
MARKS = ("<!-- tests/bench/run.py begins -->", "<!-- tests/bench/run.py ends -->")
OURS, CUSTODIAN = "pinpoint-evidence collect", "Cloud Custodian, list only"
GROWTH = "Growth of one account and region, which a pack holds whole, from a snapshot to a pack, and checking that pack:"
POLICY = "policies:\n  - name: applications\n    resource: aws.pinpoint-app\n"
# Verdicts of the demo's account, and what an account with denied calls ends with, are no failures of a benchmark.
VERDICTS = (0, 1, 3)


def rivals():
    """The interpreter with boto3 and Cloud Custodian, installed on first use."""
    folder = ROOT / "target/bench/venv"
    python = folder / "bin/python"
    if not (folder / "bin/custodian").exists():
        say("installing boto3 and Cloud Custodian to target/bench")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(BENCH / "requirements.txt")], check=True)
    return folder / "bin"


def say(line):
    print(line, file=sys.stderr, flush=True)


class Kept:
    """What was measured of one program, in a file that outlives a run that is stopped."""

    def __init__(self, path, binary, again):
        # In pieces: a child's peak begins with the size of its parent.
        with Path(binary).open("rb") as file:
            self.path, self.binary = path, hashlib.file_digest(file, "sha256").hexdigest()
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() and not again else {}
        self.rows = known.get("rows", {}) if known.get("binary") == self.binary else {}

    def row(self, name, measured):
        """The row of that name; measured only where it is not there."""
        if name not in self.rows:
            say(name)
            self.rows[name] = measured()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps({"binary": self.binary, "rows": self.rows}, indent=1), encoding="utf-8")
        return self.rows[name]


def lost(file):
    """Requests of the boto3 script that ended in throttling."""
    return sum("TooManyRequests" in line or "Throttling" in line for line in file.open(encoding="utf-8") if '"Error"' in line)


def lost_calls(snapshot):
    return json.loads((snapshot / "snapshot.json").read_text(encoding="utf-8"))["outcomes"].get("throttled", 0)


def against_endpoint(command, applications, folder):
    """Measures one command against an endpoint of its own, and what that was asked."""
    with endpoint("--applications", applications, "--latency", LATENCY) as url:
        filled = [word.replace("{url}", url) for word in command]
        taken = measure(filled, VERDICTS, environment(AWS_ENDPOINT_URL=url, HOME=str(folder)), folder)
        return taken, counts(url)


def commands_of(binary, tools, work):
    """What is compared, and where each says how many of its calls were lost."""
    regions = [word for region in REGIONS for word in ("--region", region)]
    script = [str(tools / "python"), str(BENCH / "boto3_collect.py"), "--endpoint-url", "{url}", *regions, "--out"]
    (work / "policy.yml").write_text(POLICY, encoding="utf-8")
    custodian = [str(tools / "custodian"), "run", *regions, "--output-dir", str(work / "c7n"), str(work / "policy.yml")]
    return {
        OURS: [binary, "--quiet", "collect", "--out", str(work / "snapshot"), *regions],
        f"boto3, {THREADS} threads a region": [*script, str(work / "threads"), "--threads", str(THREADS)],
        f"boto3, {THREADS} threads, adaptive": [*script, str(work / "adaptive"), "--threads", str(THREADS), "--retries", "adaptive"],
        "boto3, one after another": [*script, str(work / "sequential")],
        CUSTODIAN: custodian,
    }


def compared(name, command, applications, work):
    """One command against an endpoint of its own."""
    taken, asked = against_endpoint(command, applications, work)
    row = {"requests": sum(asked.asked.values()), "share": asked.share, **taken._asdict(), "lost": 0}
    if name == OURS:
        row.update(lost=lost_calls(work / "snapshot"), least=bound.least(work / "snapshot", LATENCY))
    elif name == CUSTODIAN:
        files = sorted((work / "c7n").rglob("resources.json"))
        row.update(found=[len(json.loads(file.read_text(encoding="utf-8"))) for file in files])
    else:
        row.update(lost=lost(Path(command[command.index("--out") + 1])))
    return row


def collection(kept, binary, tools, applications, work):
    """The rows of the first table, and what is said below it."""
    taken = {
        name: kept.row(f"{name}, {applications} applications in each of {len(REGIONS)} regions",
                       lambda name=name, command=command: apart(compared, name, command, applications, work))
        for name, command in commands_of(binary, tools, work).items()
    }
    ours = taken[OURS]
    rows = [[name, row["requests"], f"{row['wall']:.1f}", f"{row['wall'] / ours['wall']:.2f}", f"{row['share']:.2%}", row["lost"],
             f"{row['cpu']:.1f}", f"{row['peak']:.0f}"] for name, row in taken.items()]
    found = " and ".join(map(str, taken[CUSTODIAN]["found"]))
    return rows, [
        f"AWS's quotas and the longest chain of questions allow no less than {ours['least']:.1f} s for these calls; `collect` took "
        f"{ours['wall'] / ours['least']:.2f} times that.",
        f"Cloud Custodian found {found} of {applications} applications in each region and asks nothing about them; what became of "
        "its calls it does not say.",
    ]


def grown(binary, applications, work):
    """Takes one size through `pack` and `verify`."""
    demo, snapshot, pack = work / "demo", work / "grown", work / "pack"
    measure([binary, "--quiet", "demo", "--out", str(demo), "--force"])
    calls = apart(write_snapshot, demo / "evidence", snapshot, applications)
    declarations = str(demo / "declarations.toml")
    packed = measure([binary, "--quiet", "pack", "--from", str(snapshot), "--out", str(pack), "--config", declarations], VERDICTS)
    verified = measure([binary, "--quiet", "verify", str(pack)])
    size = megabytes(snapshot)
    for folder in (snapshot, pack):
        subprocess.run(["rm", "-rf", str(folder)], check=True)
    return {"calls": calls, "size": size, "pack": packed._asdict(), "verify": verified._asdict()}


def growth(kept, binary, largest, work):
    """The rows of the second table and the exponents below it."""
    sizes = [size for size in (10, 100, 1000, 10_000, 100_000) if size <= max(100, largest)]
    taken = {size: kept.row(f"pack and verify, {size} applications", lambda size=size: grown(binary, size, work)) for size in sizes}
    rows = [[f"{size:,}", f"{each['calls']:,}", f"{each['size']:.1f}"] + [
        f"{each[step][what]:.{digits}f}" for step in ("pack", "verify") for what, digits in (("wall", 2), ("cpu", 2), ("peak", 0))
    ] for size, each in taken.items()]
    said, points = [], []
    for step in ("pack", "verify"):
        for what, word in (("cpu", "processor time"), ("peak", "peak memory")):
            points = [(size, each[step][what]) for size, each in taken.items() if len(sizes) < 3 or size >= sizes[1]]
            said.append(f"{step}, {word}: {exponent(points):.2f}")
    return rows, [f"Exponents of growth from {points[0][0]:,} to {sizes[-1]:,} applications (1 is linear): {'; '.join(said)}."]


def heading(options):
    """When, with what, on what."""
    given = " ".join(option for option, is_given in (
        ("--quick", options.quick), (f"--applications {options.applications}", options.own_size),
        (f"--largest {options.largest}", options.own_largest),
    ) if is_given)
    version = subprocess.run([options.binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    profile = "release" if "release" in Path(options.binary).parts else "dev"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return (f"Measured on {today} with `tests/bench/run.py{' ' + given if given else ''}`: {version}, {profile} profile, "
            f"{os.cpu_count()} cores, {platform.system()}. AWS is the endpoint of `tests/bench/aws_endpoint.py`, with "
            f"{LATENCY * 1000:.0f} ms and AWS's published quotas; all of a row comes from the same run.")


def report(options, work):
    """All lines, for a terminal or as Markdown."""
    kept = Kept(ROOT / "target/bench/run.json", options.binary, options.again)
    collected, about_collection = collection(kept, options.binary, rivals(), options.applications, work)
    sized, about_growth = growth(kept, options.binary, options.largest, work)
    lines = [heading(options), "", f"Collecting {options.applications:,} applications in each of {len(REGIONS)} regions:", ""]
    lines += table(["command", "requests", "s", "ratio", "throttled", "calls lost to it", "cpu s", "peak MB"], collected,
                   options.markdown)
    lines += ["", *about_collection, "", GROWTH, ""]
    lines += table(["applications", "calls", "snapshot MB", "pack s", "cpu s", "peak MB", "verify s", "cpu s", "peak MB"], sized,
                   options.markdown)
    return [*lines, "", *about_growth]


def into_readme(lines):
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    between = re.compile(f"{MARKS[0]}.*{MARKS[1]}", re.DOTALL)
    if not between.search(text):
        sys.exit(f"README.md has no line `{MARKS[0]}` with `{MARKS[1]}` after it")
    section = "\n".join([MARKS[0], "", *lines, "", MARKS[1]])
    readme.write_text(between.sub(lambda _: section, text), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--again", action="store_true", help="measure also what was measured before")
    parser.add_argument("--markdown", action="store_true", help="print the section of the README")
    parser.add_argument("--readme", action="store_true", help="put it there")
    parser.add_argument("--binary", default=str(ROOT / "target/debug/pinpoint-evidence"))
    parser.add_argument("--applications", type=int, help="of the collection, in each region [default: 1000, quick: 120]")
    parser.add_argument("--largest", type=int, help="of the growth [default: 100000, quick: 1000]")
    options = parser.parse_args()
    options.binary = str(Path(options.binary).resolve())
    options.own_size, options.own_largest = options.applications is not None, options.largest is not None
    options.applications = options.applications or (120 if options.quick else 1000)
    options.largest = options.largest or (1000 if options.quick else 100_000)
    options.markdown = options.markdown or options.readme
    with tempfile.TemporaryDirectory() as work:
        lines = report(options, Path(work))
    print("\n".join(lines))
    if options.readme:
        into_readme(lines)


if __name__ == "__main__":
    main()
