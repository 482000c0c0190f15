#!/usr/bin/env python3
"""Measures what each machine format takes in a pack of many applications: seconds, and memory while it is written.

    tests/bench/formats.py [--places 70] [--applications 100] [--binary target/debug/pinpoint-evidence] [--keep DIR]

The snapshot is the one of places.py: 70 accounts and regions with 100 applications each, which is Amazon Pinpoint's quota, have
about 121,000 findings. One pack is made with every format, and while it is made, the program's open files say which of them is
being written, and its resident size what that takes.
`adds` is how far the size rose above what it was when the file was begun: what the writer itself needs. `verify` reads
everything back. Linux only, for its /proc. Standard library only.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import measure
from places import made

FORMATS = ("results.json", "findings.csv", "oscal/", "fedramp/", "ocsf/", "asff/", "sarif/", "junit/")
EVERY = 0.02  # seconds


def resident(process):
    """Megabytes now."""
    with open(f"/proc/{process}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def being_written(process, below):
    """The machine formats that the process has open, by their path in the pack."""
    for number in os.listdir(f"/proc/{process}/fd"):
        try:
            path = os.readlink(f"/proc/{process}/fd/{number}")
        except FileNotFoundError:
            continue
        parts = Path(path).parts
        if path.startswith(str(below)) and (name := "/".join(parts[len(below.parts) + 1:])).startswith(FORMATS):
            yield name


def watched(command, below):
    """Runs a command; gives back seconds, begin and peak in megabytes of each format, and all its seconds."""
    seen, began = {}, time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while child.poll() is None:
        try:
            now, size = time.monotonic(), resident(child.pid)
            for name in being_written(child.pid, below):
                first, _, base, peak = seen.get(name, (now, now, size, size))
                seen[name] = (first, now, base, max(peak, size))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            break
        time.sleep(EVERY)
    talk = child.stderr.read().decode(errors="replace")
    if child.wait() != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}\n{talk[-2000:]}")
    return seen, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, default=70)
    parser.add_argument("--applications", type=int, default=100)
    parser.add_argument("--binary", default="target/debug/pinpoint-evidence")
    parser.add_argument("--keep", help="directory for the snapshot and the pack, instead of a temporary one")
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.keep or temporary).resolve()
        pack = work / "packs/pack"
        pack.parent.mkdir(parents=True)
        snapshot, calls = made(binary, work, options.places, options.applications)
        command = [binary, "--quiet", "pack", "--exit-zero", "--from", str(snapshot), "--out", str(pack),
                   "--config", str(work / "demo/declarations.toml")]
        seen, seconds = watched(command, pack.parent)
        with (pack / "results.json").open(encoding="utf-8") as file:
            findings = sum(line.startswith('      "verdict": ') for line in file)
        print(f"{options.places} places, {options.places * options.applications} applications, {calls} calls, {findings} findings; "
              f"the whole pack: {seconds:.1f} s")
        print(f"{'file':<38}{'MB':>8}{'seconds':>9}{'peak MB':>9}{'adds MB':>9}")
        for name, (first, last, base, peak) in sorted(seen.items(), key=lambda item: item[1]):
            size = (pack / name).stat().st_size / 1e6
            print(f"{name:<38}{size:>8.1f}{last - first:>9.1f}{peak:>9.0f}{peak - base:>9.0f}")
        taken = measure([binary, "verify", str(pack)])
        print(f"{'verify, everything':<38}{'':>8}{taken.wall:>9.1f}{taken.peak:>9.0f}")


if __name__ == "__main__":
    main()
