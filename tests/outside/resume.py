"""Kills collections a hundred times at random, goes on with each, and compares what comes of it with an undisturbed one.

    python3 tests/outside/resume.py [BINARY] [KILLS]      default: target/debug/pinpoint-evidence, 100

The AWS of tests/bench/aws_endpoint.py runs on loopback, without quotas: what a busy machine sends too early it would refuse, and
a refused answer is no question of resuming. Some collections run side by side, because most of their time is waiting for the
rates that they keep to. The times are drawn with a fixed seed; when a signal arrives, the machine decides. Two snapshots are
equal when the same questions have the same answers: times, request ids and attempts are left out. Standard library only.
"""

import concurrent.futures
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fleet import CALLER  # noqa: E402
from measure import endpoint  # noqa: E402

AT_ONCE = 10
# Kills that one collection may get.
EACH = 5
# Longer than any collection of these accounts needs, on a busy machine too: beyond it, it hangs.
SECONDS = 900
# Two pages of them in each account.
APPLICATIONS = 110
CONFIG = """
[aws]
accounts = "organization"
role = "arn:aws:iam::{account}:role/PinpointEvidence"
"""
PASSING = {"started", "finished", "request_id", "attempts"}


def start(binary, folder, url, *arguments):
    environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": f"ASIA{CALLER}EXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
                   "AWS_SESSION_TOKEN": "example", "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.Popen([binary, "collect", "--timeout", "60", "--endpoint-url", url, *arguments], cwd=folder, env=environment,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def content(snapshot):
    """What a snapshot says, without when it was asked."""
    calls = {}
    for path in sorted(snapshot.glob("calls/*/*/*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        calls[str(path.relative_to(snapshot))] = [
            {name: value for name, value in json.loads(line).items() if name not in PASSING} for line in lines
        ]
    header = json.loads((snapshot / "snapshot.json").read_text(encoding="utf-8"))
    kept = {name: value for name, value in header.items() if name not in {"started", "finished", "files"}}
    return {"header": kept, "calls": calls}


def pages_asked(url):
    """Pages of applications that were asked for so far."""
    with urllib.request.urlopen(f"{url}/counts") as answer:
        return json.load(answer)["asked"]["GET /v1/apps"]


def killed_and_gone_on_with(binary, folder, url, name, moments):
    """One collection, killed at these moments; what it wrote, how often it really was killed, and what went wrong."""
    kills, arguments = 0, ["--out", name]
    for moment in moments:
        process = start(binary, folder, url, *arguments)
        time.sleep(moment)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
        if (folder / name).exists():
            break
        stopped = (folder / f"{name}.partial/plan.json").is_file()
        arguments = ["--resume", name] if stopped else ["--out", name, "--force"]
    if not (folder / name).exists():
        process = start(binary, folder, url, *arguments)
        _, said = process.communicate(timeout=SECONDS)
        if process.returncode not in (0, 1, 3):
            return kills, f"{name}: ended with {process.returncode}: {said[-500:]}"
    return kills, None


def main(arguments):
    binary = Path(arguments[0] if arguments else "target/debug/pinpoint-evidence").resolve()
    wanted = int(arguments[1]) if len(arguments) > 1 else 100
    draw = random.Random(20261128)
    served = ("--accounts", "2", "--applications", str(APPLICATIONS), "--latency", "0.005", "--no-quotas")
    with tempfile.TemporaryDirectory() as folder, endpoint(*served) as url:
        folder = Path(folder)
        (folder / "evidence.toml").write_text(CONFIG, encoding="utf-8")
        began = time.monotonic()
        process = start(binary, folder, url, "--out", "whole")
        _, said = process.communicate(timeout=SECONDS)
        if process.returncode not in (0, 1, 3):
            print(f"the undisturbed collection ended with {process.returncode}: {said}")
            return 1
        whole, took = content(folder / "whole"), time.monotonic() - began
        before = pages_asked(url)
        problems, kills, number = [], 0, 0
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            while kills < wanted:
                batch = []
                for _ in range(min(AT_ONCE, -(-(wanted - kills) // EACH))):
                    moments = [draw.uniform(0.05, 0.35 * took) for _ in range(EACH)]
                    batch.append(pool.submit(killed_and_gone_on_with, binary, folder, url, f"c{number}", moments))
                    number += 1
                for index, done in enumerate(batch):
                    name = f"c{number - len(batch) + index}"
                    struck, problem = done.result()
                    kills += struck
                    if problem is None and content(folder / name) != whole:
                        problem = f"{name}: not the snapshot of an undisturbed collection"
                    if problem is None and (folder / f"{name}.partial").exists():
                        problem = f"{name}: something was left behind"
                    problems += [problem] if problem else []
                    shutil.rmtree(folder / name, ignore_errors=True)
        pages = pages_asked(url) - before
    # A list is read page by page, and a kill can strike one page of it: of each account, the applications have two.
    listed = 2 * -(-APPLICATIONS // 100)
    if pages > number * listed + 2 * kills:
        problems.append(f"{pages} pages of applications were asked for by {number} collections of {listed} and {kills} kills")
    print(*problems, sep="\n", end="\n" if problems else "")
    calls = sum(map(len, whole["calls"].values()))
    print(f"{kills} kills of {number} collections of {calls} calls, in {time.monotonic() - began:.0f} s; "
          f"{pages} pages of applications for {number * listed} needed")
    print(f"{number - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
