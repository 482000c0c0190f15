"""Collects from moto, a third party's implementation of AWS, and judges what it answered.

    python3 tests/outside/moto_endpoint.py [BINARY]      default: target/debug/pinpoint-evidence

Moto runs on loopback in this process. Its account gets a Pinpoint application with settings, an event stream and tags,
and Amazon SES identities and configuration sets. The program then runs in an environment that holds nothing but
credentials for tests: `collect`, then `pack --from`.

What moto 5.2.1 does, and what the program has to make of it:

- GetApps and GetApp answer a number as CreationDate where the service model says text, which the SDK refuses: `unmodelled`.
  The program still follows the ids in such an answer, so settings, event stream and tags of the application are read.
- A route that moto does not know is a 404 in HTML: `unmodelled`, never "nobody configured it".
- A service that moto does not have is a 500 in HTML: `server_error`.
- Moto lists SES identities and configuration sets by GET. The SDK of 2026-11 asks by POST to a newer route, which moto
  does not know, so both lists are `unmodelled` and no identity is asked for by name.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from checks import Checks

REGION = "us-east-1"
ACCOUNT = "123456789012"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
# Longer than this for one command means that something waits for what never comes.
SECONDS = 120
READ = {"observed", "not_configured"}
# Moto talks on both streams from its own threads; what this script says goes past that.
OUT = sys.stdout
SERVICES = {"pinpoint", "pinpoint-sms-voice-v2", "sesv2", "artifact", "sts"}


def say(line):
    print(line, file=OUT, flush=True)


def seed(endpoint):
    """Fills moto's account; gives back the application's id."""

    def client(service):
        return boto3.client(
            service, REGION, endpoint_url=endpoint, aws_access_key_id="testing", aws_secret_access_key="testing"
        )

    pinpoint, ses = client("pinpoint"), client("sesv2")
    application = pinpoint.create_app(
        CreateApplicationRequest={"Name": "patient-reminders", "tags": {"DataClassification": "PHI"}}
    )["ApplicationResponse"]["Id"]
    pinpoint.update_application_settings(
        ApplicationId=application,
        WriteApplicationSettingsRequest={"QuietTime": {"Start": "21:00", "End": "08:00"}},
    )
    pinpoint.put_event_stream(
        ApplicationId=application,
        WriteEventStream={
            "DestinationStreamArn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/pinpoint-events",
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/PinpointEvents",
        },
    )
    ses.create_configuration_set(ConfigurationSetName="patients", DeliveryOptions={"TlsPolicy": "REQUIRE"})
    ses.create_email_identity(EmailIdentity="mail.example.org")
    return application


def run(binary, folder, *arguments):
    """Runs the program in `folder` with a scrubbed environment."""
    environment = {**CREDENTIALS, "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(folder)}
    began = time.monotonic()
    done = subprocess.run(
        [str(binary), *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
    )
    say(f"      {arguments[0]}: exit {done.returncode} after {time.monotonic() - began:.1f} s")
    for line in done.stderr.splitlines():
        say(f"      | {line}")
    return done


def read_calls(snapshot):
    files = sorted(snapshot.glob("calls/*/*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def check_calls(checks, calls, application):
    """What moto can and cannot do, in the words of the snapshot."""
    outcome = {}
    for call in calls:
        about = call["parameters"].get("ApplicationId") or call["parameters"].get("ResourceArn", "")
        outcome.setdefault((call["operation"], application in about), call)

    def ended(operation, of_application, expected):
        call = outcome.get((operation, of_application))
        found = call["outcome"] if call else "not asked"
        checks.that(found == expected, f"{operation} is {expected}" + ("" if found == expected else f", not {found}"))
        return call

    checks.that({call["service"] for call in calls} == SERVICES, "every service was asked")
    ended("GetCallerIdentity", False, "observed")
    for operation in ("GetApplicationSettings", "GetEventStream", "ListTagsForResource"):
        ended(operation, True, "observed")
    for operation, of_application in (("GetApps", False), ("GetApp", True)):
        call = ended(operation, of_application, "unmodelled")
        checks.that(
            call is not None and call["http_status"] == 200 and "CreationDate" in (call["body"] or ""),
            f"{operation} keeps the answer with its numeric CreationDate",
        )
    for operation in ("GetVoiceChannel", "GetSmsChannel", "GetEmailChannel", "GetChannels", "GetCampaigns"):
        call = ended(operation, True, "unmodelled")
        checks.that(call is not None and call["http_status"] == 404, f"{operation} was a 404 that no model knows")
    for operation in ("GetAccount", "ListEmailIdentities", "ListConfigurationSets"):
        ended(operation, False, "unmodelled")
    for operation in ("DescribePhoneNumbers", "ListReports", "ListCustomerAgreements"):
        ended(operation, False, "server_error")
    refused = [call for call in calls if call["http_status"] in (404, 500)]
    checks.that(all(call["outcome"] not in READ for call in refused), "no 404 or 500 of moto counts as read")
    checks.that(
        all(json.loads(call["body"]) == "[redacted]" for call in refused if call["body"] is not None),
        "of answers that are no JSON nothing is kept",
    )


def check_findings(checks, pack, calls):
    """What may be concluded from that."""
    results = json.loads((pack / "results.json").read_text(encoding="utf-8"))
    outcome = {call["id"]: call["outcome"] for call in calls}
    findings = results["findings"]
    verdicts = Counter(finding["verdict"] for finding in findings)
    say("      " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
    checks.that(bool(findings), "there are findings")
    known = all(call in outcome for finding in findings for call in finding["evidence"])
    checks.that(known, "every finding names calls of the snapshot")
    sound = True
    for finding in findings:
        unread = [call for call in finding["evidence"] if outcome.get(call) not in READ]
        if finding["verdict"] == "pass" and (unread or not finding["evidence"]):
            say(f"      {finding['rule']} on {finding['resource']} passes on {unread or 'nothing'}")
            sound = False
    checks.that(sound, f"{verdicts['pass']} findings pass, none of them on a call that was not read")
    voice = [f for f in findings if f["rule"] == "voice-channel-disabled"]
    checks.that(
        bool(voice) and all(f["verdict"] == "not_evaluated" for f in voice), "the voice channel is not evaluated"
    )
    where = {finding["resource"] for finding in voice}
    checks.that(f"account/{ACCOUNT}/region/{REGION}" in where, "the unmodelled list of applications is admitted")


def check(checks, binary, folder):
    """Seeds moto and runs the program against it in `folder`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        application = seed(endpoint)
        collected = run(binary, folder, "collect", "--out", "snapshot", "--endpoint-url", endpoint, "--region", REGION)
    finally:
        server.stop()
    checks.that(collected.returncode == 0, "collect ends with 0")
    header = json.loads((folder / "snapshot" / "snapshot.json").read_text(encoding="utf-8"))
    checks.that(header["caller"]["account"] == ACCOUNT, "the caller is moto's account")
    calls = read_calls(folder / "snapshot")
    check_calls(checks, calls, application)
    packed = run(binary, folder, "pack", "--from", "snapshot", "--out", "pack")
    checks.that(packed.returncode in (1, 3), "pack ends with a code that says that not everything was shown")
    if (folder / "pack").is_dir():
        check_findings(checks, folder / "pack", calls)


def main(arguments):
    binary = Path(arguments[0] if arguments else "target/debug/pinpoint-evidence").resolve()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    checks = Checks(OUT)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as talk:
        with contextlib.redirect_stderr(talk):
            check(checks, binary, Path(folder))
    say(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
