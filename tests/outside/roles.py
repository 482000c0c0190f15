"""Checks the roles that `policy` writes for CloudFormation, its StackSets, and Terraform.

    python3 tests/outside/roles.py [BINARY]      default: target/debug/pinpoint-evidence

cfn-lint knows CloudFormation. Terraform validates its form with the AWS provider where it is there and the provider can be
had; else `terraform fmt` and python-hcl2 say that it is well formed. Both have to allow what the JSON form allows, and to let
nobody assume the role but the principal that is given.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import hcl2
import yaml
from cfnlint.api import lint_all

SECONDS = 120


def printed(binary, form, *flags):
    return subprocess.run(
        [binary, "policy", "--format", form, *flags], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout


def run(*command, folder):
    """How it ended, and what it said. A machine's own Terraform settings are left out."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


class Template(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation's functions."""


def function(loader, suffix, node):
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_scalar(node)}


Template.add_multi_constructor("!", function)


def actions_of(statements):
    return sorted(action for statement in statements for action in statement["Action"])


def of_cloudformation(text, allowed):
    yield [f"cfn-lint: {found}" for found in lint_all(text)]
    role = yaml.load(text, Loader=Template)["Resources"]["EvidenceRole"]["Properties"]
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    yield [] if actions_of(statements) == allowed else ["cloudformation: allows something else than the policy"]
    trust = role["AssumeRolePolicyDocument"]["Statement"]
    only = len(trust) == 1 and trust[0]["Principal"] == {"AWS": {"Ref": "TrustedPrincipal"}}
    yield [] if only and "ManagedPolicyArns" not in role else ["cloudformation: somebody else may assume the role"]
    broken = text.replace("Type: AWS::IAM::Role", "Type: AWS::IAM::Rolle")
    yield [] if lint_all(broken) else ["cfn-lint finds nothing in a broken template"]


def of_stackset(text, allowed):
    yield [f"cfn-lint: {found}" for found in lint_all(text)]
    role = yaml.load(text, Loader=Template)["Resources"]["EvidenceRole"]["Properties"]
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    yield [] if actions_of(statements) == allowed else ["stackset: allows something else than the policy"]
    trust = role["AssumeRolePolicyDocument"]["Statement"]
    asked = {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    yield [] if len(trust) == 1 and trust[0]["Condition"] == asked else ["stackset: does not ask for the external id"]


def of_management(text, own, allowed):
    """The caller's role: the reads of its own account, those of the organization, and becoming one role of one name."""
    yield [f"cfn-lint: {found}" for found in lint_all(text)]
    role = yaml.load(text, Loader=Template)["Resources"]["CallerRole"]["Properties"]
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    yield [] if actions_of(statements) == sorted(allowed + own) else ["management: allows something else than the policies"]
    entering = [each for each in statements if "sts:AssumeRole" in each["Action"]]
    fits = len(entering) == 1 and entering[0]["Resource"] == {"Sub": "arn:${AWS::Partition}:iam::*:role/${MemberRoleName}"}
    yield [] if fits else ["management: may become another role than that of the members"]


def of_terraform(text, allowed, folder):
    path = folder / "role.tf"
    path.write_text(text, encoding="utf-8")
    # An action stands in quotes by itself; python-hcl2 keeps or drops the quotes, by its version.
    parsed = hcl2.loads(text)
    names = re.findall(r"\b((?:mobiletargeting|sms-voice|[a-z-]+):(?:Get|List|Describe)[A-Za-z]+)", json.dumps(parsed))
    yield [] if sorted(names) == allowed else ["terraform: allows something else than the policy"]
    yield [] if "var.trusted_principal" in text and '"*"]' in text else ["terraform: not the form that was expected"]
    if not shutil.which("terraform"):
        print("terraform is not here: its form was read by python-hcl2 alone")
        return
    code, said = run("terraform", "fmt", "-check", "-diff", str(path), folder=folder)
    yield [] if code == 0 else [f"terraform fmt: {said.strip()}"]
    code, said = run("terraform", "init", "-backend=false", "-input=false", "-no-color", folder=folder)
    if code != 0:
        print("the AWS provider cannot be had here: the form was checked by terraform fmt and python-hcl2")
        return
    code, said = run("terraform", "validate", "-no-color", folder=folder)
    yield [] if code == 0 else [f"terraform validate: {said.strip()}"]


def main(arguments):
    binary = str(Path(arguments[0] if arguments else "target/debug/pinpoint-evidence").resolve())
    allowed = actions_of(json.loads(printed(binary, "json"))["Statement"])
    own = actions_of(json.loads(printed(binary, "json", "--management"))["Statement"])
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        checks = [
            *of_cloudformation(printed(binary, "cloudformation"), allowed),
            *of_stackset(printed(binary, "cloudformation", "--stackset"), allowed),
            *of_management(printed(binary, "cloudformation", "--management"), own, allowed),
            *of_terraform(printed(binary, "terraform"), allowed, folder),
        ]
    for problems in checks:
        print(*problems, sep="\n", end="\n" if problems else "")
    failed = sum(1 for problems in checks if problems)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
