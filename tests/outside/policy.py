"""Checks the IAM policy with a linter and against the service models.

    python3 tests/outside/policy.py [BINARY]      default: target/debug/pinpoint-evidence

Parliament knows the grammar of a policy and the names of IAM's actions; botocore knows the operations behind them. Every
action must exist in both, be a read by its name, and stand once.
"""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import botocore.session

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # parliament still imports pkg_resources
    import parliament

MODELS = {
    "mobiletargeting": "pinpoint",
    "sms-voice": "pinpoint-sms-voice-v2",
    "ses": "sesv2",
    "artifact": "artifact",
    "sts": "sts",
}
READS = ("Get", "List", "Describe")
# Newer than the linter's list of actions of 2025-02: ListReportVersions came in 2025-12. The service model has it.
NEWER = {"artifact:ListReportVersions"}
# Most of these calls list what an account has, and take no resource; the policy says so.
ACCEPTED = {"RESOURCE_STAR"}


def of_linter(text):
    for finding in parliament.analyze_policy_string(text).findings:
        unknown = finding.issue == "UNKNOWN_ACTION" and finding.location.get("string") in NEWER
        if finding.issue not in ACCEPTED and not unknown:
            yield f"{finding.issue}: {finding.detail}"


def of_action(action, session):
    prefix, name = action.split(":")
    if prefix not in MODELS:
        yield f"{action}: of a service that nobody reads"
    elif name not in session.get_service_model(MODELS[prefix]).operation_names:
        yield f"{action}: no operation of {MODELS[prefix]}"
    if not name.startswith(READS) or "*" in action:
        yield f"{action}: no read by its name"


def main(arguments):
    binary = str(Path(arguments[0] if arguments else "target/debug/pinpoint-evidence").resolve())
    text = subprocess.run(
        [binary, "policy", "--format", "json"], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout
    statements = json.loads(text)["Statement"]
    actions = [action for statement in statements for action in statement["Action"]]
    session = botocore.session.get_session()
    checks = [list(of_linter(text)), *(list(of_action(action, session)) for action in actions)]
    checks.append([f"{action}: stands twice" for action in sorted(set(actions)) if actions.count(action) > 1])
    checks.append([] if len(actions) > 40 else [f"only {len(actions)} actions"])
    checks.append([f"{s['Sid']}: not an Allow" for s in statements if s["Effect"] != "Allow"])
    for problems in checks:
        print(*problems, sep="\n", end="\n" if problems else "")
    failed = sum(1 for problems in checks if problems)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
