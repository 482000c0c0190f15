"""What the benchmarks share: running a command and measuring it, the endpoint, growth, and tables.

Not a program of its own. Standard library only.
"""

import concurrent.futures
import contextlib
import json
import math
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

BENCH = Path(__file__).resolve().parent
# Credentials for the endpoint of these benchmarks, which knows an account by its access key.
EXAMPLE = {
    "AWS_ACCESS_KEY_ID": "ASIA111122223333EXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_SESSION_TOKEN": "example",
    "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
}


class Measured(NamedTuple):
    """What one command took."""

    wall: float  # seconds
    cpu: float  # seconds, user and system, of all its processes
    peak: float  # megabytes, the largest resident size


def environment(**more):
    """Nothing of the caller's AWS settings, and the example credentials."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, **EXAMPLE, **more}


def measure(command, allowed=(0,), env=None, cwd=None):
    """Runs one command to its end; stops everything when its exit code is not among `allowed`.

    A child's peak begins with the size of its parent, so large data belongs into a process of its own: see `apart`.
    """
    began = time.monotonic()
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, cwd=cwd)
    talk = child.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in allowed:
        sys.exit(f"{command[0]} ended with {child.returncode}\n{talk[-2000:]}")
    # Linux counts kilobytes, macOS bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Measured(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def apart(function, *arguments):
    """Calls a function in a process of its own and gives back its value."""
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def megabytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


@contextlib.contextmanager
def endpoint(*options):
    """The AWS of `aws_endpoint.py` on loopback while the block runs; gives its URL."""
    command = [sys.executable, str(BENCH / "aws_endpoint.py"), *(str(option) for option in options)]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        if not url:
            sys.exit("aws_endpoint.py did not start")
        yield url
    finally:
        server.terminate()
        server.wait()


class Counts(NamedTuple):
    """What the endpoint was asked, by operation."""

    asked: dict
    throttled: dict

    @property
    def share(self):
        """The part of all requests that was throttled."""
        return sum(self.throttled.values()) / max(1, sum(self.asked.values()))


def counts(url):
    with urllib.request.urlopen(f"{url}/counts") as answer:
        read = json.load(answer)
    return Counts(read["asked"], read["throttled"])


def exponent(points):
    """The slope of log y over log x by least squares: 1 where y grows with x, 2 where it grows with its square."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    middle_x = sum(x for x, _ in logs) / len(logs)
    middle_y = sum(y for _, y in logs) / len(logs)
    spread = sum((x - middle_x) ** 2 for x, _ in logs)
    return sum((x - middle_x) * (y - middle_y) for x, y in logs) / spread


def table(headings, rows, markdown=False):
    """Lines of a table; the first column to the left, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in (headings, *rows)]
    if markdown:
        head, *body = (f"| {' | '.join(row)} |" for row in cells)
        return [head, "|---|" + "---:|" * (len(headings) - 1), *body]
    widths = [max(map(len, column)) for column in zip(*cells)]
    return ["  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:]))]) for row in cells]
