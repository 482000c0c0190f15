#!/usr/bin/env python3
"""Every benchmark in one command: prints the tables that stand in the README.

    tests/bench/run.py [--quick] [--markdown | --readme] [--binary target/debug/pinpoint-evidence] [--largest 100000]

Collection runs against `aws_endpoint.py`: an AWS on loopback that answers after 30 ms and enforces the quotas that AWS
publishes. Beside the program run, in the same minutes and on the same machine, a script that somebody writes with boto3
(one request after another, and with 16 threads in each region) and Cloud Custodian, for the part that it can do: list the
applications. Then `pack` and `verify` on snapshots that grow by tens, with the exponents of their growth.

`--quick` takes some minutes, without it hours. Rivals are installed to target/bench with pip. `--markdown` prints the
section of the README, `--readme` puts it there.
"""

import argparse
import datetime
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


def collection(binary, tools, applications, work):
    """The rows of the first table, and what is said below it."""
    regions = [word for region in REGIONS for word in ("--region", region)]
    snapshot = work / "snapshot"
    script = [str(tools / "python"), str(BENCH / "boto3_collect.py"), "--endpoint-url", "{url}", *regions, "--out"]
    (work / "policy.yml").write_text(POLICY, encoding="utf-8")
    custodian = [str(tools / "custodian"), "run", *regions, "--output-dir", str(work / "c7n"), str(work / "policy.yml")]
    commands = {
        "pinpoint-evidence collect": [binary, "--quiet", "collect", "--out", str(snapshot), *regions],
        f"boto3, {THREADS} threads a region": [*script, str(work / "threads"), "--threads", str(THREADS)],
        f"boto3, {THREADS} threads, adaptive": [*script, str(work / "adaptive"), "--threads", str(THREADS), "--retries", "adaptive"],
        "boto3, one after another": [*script, str(work / "sequential")],
        "Cloud Custodian, list only": custodian,
    }
    rows, first = [], None
    for name, command in commands.items():
        say(f"{name}, {applications} applications in each of {len(REGIONS)} regions")
        taken, asked = against_endpoint(command, applications, work)
        first = first or taken.wall
        gone = {"pinpoint-evidence collect": lambda: lost_calls(snapshot), "Cloud Custodian, list only": lambda: 0}
        lost_here = gone.get(name, lambda command=command: lost(Path(command[command.index("--out") + 1])))()
        total = sum(asked.asked.values())
        rows.append([name, total, f"{taken.wall:.1f}", f"{taken.wall / first:.2f}", f"{asked.share:.2%}", lost_here,
                     f"{taken.cpu:.1f}", f"{taken.peak:.0f}"])
    least = bound.least(snapshot, LATENCY)
    found = [len(json.loads(file.read_text(encoding="utf-8"))) for file in sorted((work / "c7n").rglob("resources.json"))]
    return rows, [
        f"AWS's quotas and the longest chain of questions allow no less than {least:.1f} s for these calls; `collect` took "
        f"{first / least:.2f} times that.",
        f"Cloud Custodian found {' and '.join(map(str, found))} of {applications} applications in each region and asks "
        "nothing about them; what became of its calls it does not say.",
    ]


def grown(binary, applications, work):
    """Takes one size through `pack` and `verify`."""
    say(f"pack and verify, {applications} applications")
    snapshot, pack = work / f"snapshot-{applications}", work / f"pack-{applications}"
    calls = apart(write_snapshot, work / "demo/evidence", snapshot, applications)
    declarations = str(work / "demo/declarations.toml")
    packed = measure([binary, "--quiet", "pack", "--from", str(snapshot), "--out", str(pack), "--config", declarations], VERDICTS)
    verified = measure([binary, "--quiet", "verify", str(pack)])
    size = megabytes(snapshot)
    for folder in (snapshot, pack):
        subprocess.run(["rm", "-rf", str(folder)], check=True)
    return {"calls": calls, "size": size, "pack": packed, "verify": verified}


def growth(binary, largest, work):
    """The rows of the second table and the exponents below it."""
    measure([binary, "--quiet", "demo", "--out", str(work / "demo")])
    sizes = [size for size in (10, 100, 1000, 10_000, 100_000) if size <= largest]
    taken = {size: grown(binary, size, work) for size in sizes}
    rows = [[f"{size:,}", f"{each['calls']:,}", f"{each['size']:.1f}"] + [
        f"{value:.{digits}f}" for step in ("pack", "verify") for value, digits in zip(each[step], (2, 2, 0))
    ] for size, each in taken.items()]
    said = []
    for step in ("pack", "verify"):
        for what in ("wall", "peak"):
            points = [(size, getattr(each[step], what)) for size, each in taken.items() if size >= sizes[1] or len(sizes) < 3]
            said.append(f"{step}, {'time' if what == 'wall' else 'peak memory'}: {exponent(points):.2f}")
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
    collected, about_collection = collection(options.binary, rivals(), options.applications, work)
    sized, about_growth = growth(options.binary, options.largest, work)
    lines = [heading(options), "", f"Collecting {options.applications:,} applications in each of {len(REGIONS)} regions:", ""]
    lines += table(["command", "requests", "s", "ratio", "throttled", "calls lost to it", "cpu s", "peak MB"], collected,
                   options.markdown)
    lines += ["", *about_collection, "", "Growth, from a snapshot to a pack, and checking that pack:", ""]
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
