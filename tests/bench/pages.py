#!/usr/bin/env python3
"""Measures the pages of a large pack: how long they take to write, how large they are, when Chromium shows them.

    tests/bench/pages.py [--applications 5357] [--binary target/release/pinpoint-evidence] [--browser target/outside/browser]

The snapshot is that of `pack_from.py`; 5,357 applications give 121,139 findings, the largest number that users of
Prowler reported when its page no longer opened. Two peers run beside it: `cp` of the pack, which writes the same bytes and thinks
nothing, and one HTML page with the same findings in one table, as scanners print them. Wall times are those of one run of
everything that `pack --from` does (read, check, judge, render, seal), and then those of its parts, as `--progress json` tells
them: the pages, and the sheets of the calls, which are pages too.
Ends with 1 when a page is larger than 3 MB. Needs Node, Chromium, and the folder that `.ci/run` installs for the browser.
"""

import argparse
import csv
import html
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import apart, measure, megabytes, table
from pack_from import LARGEST_PAGE, write_snapshot

PAINT = Path(__file__).resolve().parents[1] / "outside/browser/paint.mjs"


def one_table(findings, target):
    """All findings as one table of one page; gives back how many there are."""
    count = 0
    with findings.open(encoding="utf-8", newline="") as source, target.open("w", encoding="utf-8") as page:
        page.write("<!doctype html><html lang=en><meta charset=utf-8><title>Findings</title><h1>Findings</h1><table>\n")
        for row in csv.reader(source):
            page.write("<tr>" + "".join(f"<td>{html.escape(cell)}" for cell in row) + "\n")
            count += 1
        page.write("</table></html>\n")
    return count - 1


def painted(browser, pages):
    """What `paint.mjs` says of each page."""
    script = browser / PAINT.name
    shutil.copy(PAINT, script)
    output = subprocess.run(["node", script, *pages], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def milliseconds(shown):
    """When a page was painted and loaded; a page that breaks the browser has no times."""
    return ("–", "–") if "error" in shown else (f"{shown['painted']:.0f}", f"{shown['loaded']:.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--applications", type=int, default=5357)
    parser.add_argument("--binary", default="target/release/pinpoint-evidence")
    parser.add_argument("--browser", type=Path, default=Path("target/outside/browser"))
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        demo, snapshot, pack, copy = work / "demo", work / "snapshot", work / "pack", work / "copy"
        snapshot.mkdir()
        measure([binary, "--quiet", "demo", "--out", str(demo)])
        calls = apart(write_snapshot, demo / "evidence", snapshot, options.applications)
        log = work / "progress"
        logged = ["sh", "-c", 'log=$1; shift; exec "$@" 2>"$log"', "sh", str(log)]
        ours = measure([*logged, binary, "--quiet", "--progress", "json", "pack", "--exit-zero", "--from", str(snapshot),
                        "--out", str(pack), "--config", str(demo / "declarations.toml")])
        copied = measure(["cp", "-r", str(pack), str(copy)])
        peer = work / "one-table.html"
        findings = apart(one_table, pack / "findings.csv", peer)
        pages = [file for kind in ("*.html", "*.md") for file in pack.rglob(kind)]
        largest = max(pages, key=lambda file: file.stat().st_size)
        print(f"{options.applications} applications, {calls} calls, {findings} findings; {len(pages)} pages, "
              f"{megabytes(pack):.0f} MB; largest page {largest.relative_to(pack)}, {largest.stat().st_size / 1e6:.2f} MB")
        rows = [(name, f"{one.wall:.2f}", f"{one.cpu:.2f}", f"{one.peak:.0f}")
                for name, one in (("pinpoint-evidence pack --from", ours), ("cp -r of the pack", copied))]
        print(*table(("command", "wall s", "cpu s", "peak MB"), rows), sep="\n")
        events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
        rows = [(event["phase"], f"{event['seconds']:.2f}") for event in events if event["event"] == "packing"]
        print(*table(("part of it", "wall s"), rows), sep="\n")
        shown = painted(options.browser.resolve(), [pack / "index.html", pack / "findings.html", largest.with_suffix(".html"), peer])
        rows = [(Path(one["path"]).name, f"{one['bytes'] / 1e6:.2f}", *milliseconds(one)) for one in shown]
        print(*table(("page in Chromium", "MB", "painted ms", "loaded ms"), rows), sep="\n")
        for one in shown:
            if "error" in one:
                print(f"{Path(one['path']).name} was not shown: {one['error']}")
        if any("error" in one for one in shown if Path(one["path"]) != peer):
            sys.exit("a page of the pack could not be shown")
        if largest.stat().st_size > LARGEST_PAGE:
            sys.exit(f"{largest.name} is larger than {LARGEST_PAGE / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
