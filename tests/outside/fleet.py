"""Collects an organization of ten accounts of which some cannot be read, and checks that the pack says exactly that.

    python3 tests/outside/fleet.py [BINARY]      default: target/debug/pinpoint-evidence

The AWS of tests/bench/aws_endpoint.py runs on loopback. One account is suspended, two deny the role, one throttles everything
for a while. Nothing may pass in any of them, and the others have to be read as if they were alone. Then the same organization
in three parts, put together, with and without one of them. Standard library only.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from checks import Checks

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from measure import endpoint  # noqa: E402

CALLER, SUSPENDED, DENIED, THROTTLED = "111122223333", "111122223334", ["111122223335", "111122223336"], "111122223337"
HEALTHY = [CALLER, *(f"{111122223338 + number}" for number in range(5))]
CONFIG = """
[aws]
accounts = "organization"
role = "arn:aws:iam::{account}:role/PinpointEvidence"
external_id = "audit-2026"
"""
# Longer than anything here needs, on a busy machine too: beyond it, it hangs.
SECONDS = 900


def run(binary, folder, *arguments, allowed=(0, 1, 3)):
    environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": f"ASIA{CALLER}EXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
                   "AWS_SESSION_TOKEN": "example", "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run([binary, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS,
                          stdin=subprocess.DEVNULL)
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(map(str, arguments))} ended with {done.returncode}\n{done.stderr[-3000:]}")
    return done


def packed(binary, folder, name, *snapshots):
    sources = [part for snapshot in snapshots for part in ("--from", snapshot)]
    run(binary, folder, "pack", *sources, "--out", name)
    run(binary, folder, "verify", name, allowed=(0,))
    return json.loads((folder / name / "results.json").read_text(encoding="utf-8"))


def verdicts(results, account):
    return Counter(each["verdict"] for each in results["findings"] if each["account"] == account)


def reasons(results, account):
    found = (each for each in results["findings"] if each["account"] == account and each["verdict"] == "not_evaluated")
    return {each["reason"] for each in found}


def of_disturbed(binary, folder, checks):
    with endpoint("--accounts", "10", "--applications", "2", "--latency", "0.005", "--suspended", "1", "--deny-role", "2",
                  "--throttle", "1:60") as url:
        run(binary, folder, "collect", "--timeout", "60", "--out", "disturbed", "--endpoint-url", url)
    header = json.loads((folder / "disturbed/snapshot.json").read_text(encoding="utf-8"))
    checks.that(header["accounts"] == sorted([*HEALTHY, *DENIED, THROTTLED]), "nine accounts were looked at")
    checks.that([each["account"] for each in header["accounts_skipped"]] == [SUSPENDED], "the suspended one was skipped")
    checks.that([each["account"] for each in header["accounts_unread"]] == DENIED, "two could not be entered")
    checks.that(all(each["outcome"] == "access_denied" for each in header["accounts_unread"]), "because access was denied")
    checks.that(header.get("organization", {}).get("Id") == "o-exampleorgid", "the organization is named")
    texts = "".join(path.read_text(encoding="utf-8") for path in (folder / "disturbed").rglob("*") if path.is_file())
    checks.that("audit-2026" not in texts and "SecretAccessKey" not in texts, "neither external id nor credentials are kept")
    results = packed(binary, folder, "disturbed-pack", "disturbed")
    for account in [*DENIED, THROTTLED]:
        found = verdicts(results, account)
        checks.that(found["pass"] == 0 and found["not_evaluated"] > 10, f"nothing passes in {account}: {dict(found)}")
    checks.that(verdicts(results, SUSPENDED) == Counter(), "nothing is said of the suspended account")
    checks.that(all("access_denied" in reasons(results, account) for account in DENIED), "denied is the reason")
    checks.that("throttled" in reasons(results, THROTTLED), "throttled is the reason")
    told = [warning for warning in results["warnings"] if "1111222233" in warning and "account" in warning.lower()]
    for account, words in [(SUSPENDED, "SUSPENDED"), (DENIED[0], "access denied"), (DENIED[1], "access denied"),
                           (THROTTLED, "throttling")]:
        checks.that(any(account in each and words in each for each in told), f"the cover says {words} of {account}")
    first = verdicts(results, HEALTHY[1])
    checks.that(first["pass"] > 0 and all(verdicts(results, each) == first for each in HEALTHY[1:]), f"the others: {dict(first)}")
    cover = (folder / "disturbed-pack/evidence.md").read_text(encoding="utf-8")
    checks.that(SUSPENDED in cover and DENIED[0] in cover, "the evidence page names them")


def of_parts(binary, folder, checks):
    with endpoint("--accounts", "4", "--applications", "2", "--latency", "0.005") as url:
        collect = ("collect", "--timeout", "60", "--endpoint-url", url, "--region", "us-east-1", "--region", "us-west-2")
        run(binary, folder, *collect, "--out", "whole")
        for index in range(3):
            run(binary, folder, *collect, "--shard", f"{index}/3", "--out", f"part-{index}")
    whole = packed(binary, folder, "whole-pack", "whole")
    parts = packed(binary, folder, "parts-pack", "part-2", "part-0", "part-1")
    # A message begins with the minute in which it was seen; the two were collected one after the other.
    says = [
        [(each["id"], each["verdict"], each["message"].partition(": ")[2]) for each in results["findings"]]
        for results in (whole, parts)
    ]
    differ = [pair for pair in zip(*says) if pair[0] != pair[1]]
    checks.that(
        says[0] == says[1] and len(says[0]) > 100,
        f"three parts say what one collection says: {len(says[0])} findings, the first of {len(differ)} that differ: {differ[:1]}",
    )
    two = packed(binary, folder, "two-pack", "part-0", "part-2")
    checks.that(any("these are missing: 1" in each for each in two["warnings"]), "a missing part is named")
    pairs = sorted((f"{111122223333 + account}", region) for account in range(4) for region in ("us-east-1", "us-west-2"))
    for account, region in pairs[1::3]:
        here = Counter(each["verdict"] for each in two["findings"] if (each["account"], each["region"]) == (account, region))
        checks.that(here["pass"] == 0 and here["not_evaluated"] > 0, f"nothing passes where it was to look: {account} {region}")
    again = run(binary, folder, "pack", "--from", "part-0", "--from", "part-0", "--out", "never", allowed=(2,))
    checks.that("part 0 of 3" in again.stderr, "the same part twice is refused")


def main(arguments):
    binary = Path(arguments[0] if arguments else "target/debug/pinpoint-evidence").resolve()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "evidence.toml").write_text(CONFIG, encoding="utf-8")
        of_disturbed(binary, folder, checks)
        of_parts(binary, folder, checks)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
