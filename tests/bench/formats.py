#!/usr/bin/env python3
"""Measures what each machine format takes on a pack of many applications: time and peak memory, alone and all together.

    tests/bench/formats.py [--applications 7000] [--binary target/debug/pinpoint-evidence] [--keep DIR]

The snapshot is the one of pack_from.py. A pack needs its results.json, so each format is measured as `pack --format NAME
--document index`, beside a pack with `results.json` and the cover alone (`--format csv` is the smallest of the others).
What a format adds in time is the difference to that pack; its peak is that of the whole program. `verify` reads
everything back. Standard library only.
"""

import argparse
import tempfile
from pathlib import Path

from measure import apart, measure
from pack_from import write_snapshot

FORMATS = ["csv", "oscal", "fedramp", "ocsf", "asff", "sarif", "junit"]


def size(folder, skip=("evidence",)):
    files = (file for file in folder.rglob("*") if file.is_file() and file.relative_to(folder).parts[0] not in skip)
    return sum(file.stat().st_size for file in files) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--applications", type=int, default=7000)
    parser.add_argument("--binary", default="target/debug/pinpoint-evidence")
    parser.add_argument("--keep", help="directory for the snapshot and the packs, instead of a temporary one")
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.keep or temporary)
        demo, snapshot = work / "demo", work / "snapshot"
        snapshot.mkdir(parents=True)
        measure([binary, "--quiet", "demo", "--out", str(demo)])
        calls = apart(write_snapshot, demo / "evidence", snapshot, options.applications)
        print(f"{options.applications} applications, {calls} calls")
        print(f"{'format':<12}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}{'data MB':>9}")
        for name in [*FORMATS, "all", "verify all"]:
            pack = work / "pack"
            command = [binary, "--quiet", "pack", "--exit-zero", "--force", "--from", str(snapshot), "--out", str(pack),
                       "--config", str(demo / "declarations.toml"), "--document", "index"]
            if name in FORMATS:
                command += ["--format", name]
            if name.startswith("verify"):
                command = [binary, "verify", str(pack)]
            taken = measure(command)
            print(f"{name:<12}{taken.wall:>8.1f}{taken.cpu:>8.1f}{taken.peak:>9.0f}{size(pack):>9.1f}", flush=True)


if __name__ == "__main__":
    main()
