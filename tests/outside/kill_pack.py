"""Kills the program at random points while it writes a pack, and looks at what stands under the pack's name.

    python3 tests/outside/kill_pack.py PACK [COUNT] [BINARY]      default: 100 target/debug/pinpoint-evidence

Half of the runs write a new pack, half replace an old one with --force; some sign. After a kill there is nothing under the
name, or the whole old pack, or the whole new one; whatever else is there, `verify` and `verify.py` must not accept, and the
next run has to succeed. The points are spread over the time that an undisturbed run takes; a run that ended before it was
killed is checked as well, and does not count.
"""

import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def digest(folder):
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            whole.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes() + b"\n")
    return whole.hexdigest()


def accepted(binary, target):
    """Whether any check takes what stands there for a pack."""
    checks = ([binary, "verify", target], [sys.executable, target / "verify.py", target])
    return any(subprocess.run(check, **QUIET).returncode == 0 for check in checks)


def main(arguments):
    pack = Path(arguments[0]).resolve()
    count = int(arguments[1]) if len(arguments) > 1 else 100
    binary = str(Path(arguments[2] if len(arguments) > 2 else "target/debug/pinpoint-evidence").resolve())
    found, problems, chance = Counter(), [], random.Random(5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = folder / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
        base = [binary, "pack", "--exit-zero", "--from", pack / "evidence", "--config", pack / "declarations.toml", "--out"]
        plain, signed, old = folder / "plain", folder / "signed", folder / "old"
        began = time.monotonic()
        subprocess.run([*base, plain], check=True, **QUIET)
        takes = time.monotonic() - began
        subprocess.run([*base, signed, "--sign", key], check=True, **QUIET)
        subprocess.run([*base, old, "--document", "findings"], check=True, **QUIET)
        whole = {digest(plain): "the new pack", digest(signed): "the new pack", digest(old): "the old pack"}
        number = -1
        while sum(found[how, what] for how, what in found if how == "killed") < count and number < 10 * count:
            number += 1
            target = folder / "target"
            replaces, signs = number % 2 == 1, chance.random() < 0.3
            if replaces:
                shutil.copytree(old, target)
            command = [*base, target, *(["--force"] if replaces else []), *(["--sign", key] if signs else [])]
            running = subprocess.Popen(command, **QUIET)
            time.sleep(chance.uniform(0, takes * 1.1))
            running.send_signal(signal.SIGKILL)
            killed = running.wait() == -signal.SIGKILL
            what = whole.get(digest(target), "something else") if target.exists() else "nothing"
            if what == "something else" and accepted(binary, target):
                problems.append(f"run {number}: what is not whole is accepted")
            if what == "something else" or (what == "nothing" and not replaces and not killed):
                problems.append(f"run {number}: {what} stands under the name")
            found[("killed" if killed else "ended"), what] += 1
            again = subprocess.run([*base, target, "--force"], **QUIET)
            if again.returncode or digest(target) not in whole:
                problems.append(f"run {number}: the next run ends with {again.returncode}")
            shutil.rmtree(target)
            for rest in folder.glob(".target.*"):
                shutil.rmtree(rest)
    print(*problems, sep="\n", end="\n" if problems else "")
    for (how, what), number in sorted(found.items()):
        print(f"{number:4} {how}, and {what} stands under the name")
    killed = sum(number for (how, _), number in found.items() if how == "killed")
    print(f"an undisturbed run takes {takes:.2f} s; {killed} of {sum(found.values())} runs were killed")
    print(f"{killed - len(problems)} passed, {len(problems)} failed")
    return 1 if problems or killed < count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
