#!/usr/bin/env python3
"""Measures `verify` on a pack with much evidence, beside `sha256sum` on the same bytes in the same run.

    tests/bench/verify.py [--gib 1.0] [--binary target/debug/pinpoint-evidence] [--runs 3] [--keep DIR]

The pack is the demo's, signed, with every answer padded by spaces, which JSON allows, until the evidence has that size. So
every call is still parsed, hashed and judged, and its documents stay those of the demo. Three checks are measured: files and
signature (`--files-only`), everything with judging again, and the pack's own `verify.py`. Each is warm: it ran once before.
Times are those of the fastest run, peak is the largest resident size. Standard library and `openssl` only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pack_from import compact, measure, megabytes, sealed

TARGET = 5.0  # seconds


def write_snapshot(demo, target, size):
    """The demo's snapshot with padded answers."""
    import hashlib

    header = json.loads((demo / "snapshot.json").read_text(encoding="utf-8"))
    bodies = sum(
        json.loads(line)["body"] is not None for path in header["files"] for line in (demo / path).open(encoding="utf-8")
    )
    padding = " " * (int(size * 2**30) // bodies)
    for path, entry in header["files"].items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        digest, length = hashlib.sha256(), 0
        with (demo / path).open(encoding="utf-8") as calls, (target / path).open("wb") as out:
            for call in map(json.loads, calls):
                if call["body"] is not None:
                    call["body"] += padding
                line = (compact(sealed(call)) + "\n").encode()
                digest.update(line)
                length += out.write(line)
        entry.update(sha256=digest.hexdigest(), bytes=length)
    (target / "snapshot.json").write_text(json.dumps(header, indent=2) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gib", type=float, default=1.0)
    parser.add_argument("--binary", default="target/debug/pinpoint-evidence")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", help="directory for snapshot and pack, instead of a temporary one")
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.keep or temporary)
        demo, snapshot, pack, key = work / "demo", work / "snapshot", work / "pack", work / "key.pem"
        if not pack.exists():
            snapshot.mkdir(parents=True)
            measure([binary, "--quiet", "demo", "--out", str(demo)])
            child = os.fork()
            if child == 0:
                # In a process of its own: a child's peak begins with the size of its parent.
                write_snapshot(demo / "evidence", snapshot, options.gib)
                os._exit(0)
            if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
                sys.exit("the snapshot could not be written")
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
            subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", work / "key.pub.pem"], check=True)
            declared = ["--config", str(demo / "declarations.toml"), "--sign", str(key)]
            measure([binary, "--quiet", "pack", "--exit-zero", "--from", str(snapshot), "--out", str(pack), *declared])
        files = sorted(str(file) for file in pack.rglob("*") if file.is_file())
        own = ["--public-key", str(work / "key.pub.pem")]
        commands = {
            "sha256sum": ["sha256sum", *files],
            "verify --files-only": [binary, "verify", str(pack), "--files-only", *own],
            "verify": [binary, "verify", str(pack), *own],
            "python3 verify.py": [sys.executable, str(pack / "verify.py"), str(pack), *own],
        }
        print(f"{megabytes(pack / 'evidence') / 1.048576 / 1024:.2f} GiB of evidence; the pack has {len(files)} files")
        print(f"{'command':<24}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}{'of sha256sum':>14}")
        walls = {}
        for name, command in commands.items():
            measure(command)
            runs = [measure(command) for _ in range(options.runs)]
            walls[name] = min(wall for wall, _, _ in runs)
            processor, peak = min(cpu for _, cpu, _ in runs), max(peak for _, _, peak in runs)
            ratio = walls[name] / walls["sha256sum"]
            print(f"{name:<24}{walls[name]:>8.2f}{processor:>8.2f}{peak:>9.0f}{ratio:>13.1f}×")
        slow = [name for name in ("verify --files-only", "verify") if walls[name] > TARGET]
        print(f"over {TARGET:.0f} s: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
