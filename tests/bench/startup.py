#!/usr/bin/env python3
"""Measures how long the program takes to start, beside the shell's `true` in the same run.

    tests/bench/startup.py [--binary target/debug/pinpoint-evidence] [--runs 50] [--limit 20]

Times are wall time of the whole process in milliseconds, as its parent sees it: the fastest of the runs, which other work on
the machine disturbs least, and the median. Ends with 1 when a fastest run is over the limit. Standard library only.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

COMMANDS = [["--help"], ["--version"], ["pack", "--help"], ["completions", "bash"], ["policy"]]


def measured(command, runs):
    """The fastest run and the median, in milliseconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - began) * 1000)
    return min(times), statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, default=Path("target/debug/pinpoint-evidence"))
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--limit", type=float, default=20, help="milliseconds")
    options = parser.parse_args()
    binary = str(options.binary.resolve())
    commands = [("true", [shutil.which("true")])]
    commands += [(" ".join(["pinpoint-evidence", *arguments]), [binary, *arguments]) for arguments in COMMANDS]
    slow = 0
    print("fastest  median")
    for name, command in commands:
        fastest, median = measured(command, options.runs)
        slow += fastest > options.limit
        print(f"{fastest:4.1f} ms {median:4.1f} ms  {name}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
