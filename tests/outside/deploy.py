"""Holds the definitions of templates/deploy against the engines' own schemas, and runs the commands in them.

    python3 tests/outside/deploy.py [BINARY]      default: target/debug/pinpoint-evidence

- Kubernetes: the published schemas, strict, as the package kubernetes-validate carries them.
- AWS Batch: cfn-lint on the template; botocore's model of RegisterJobDefinition and SubmitJob on its definitions.
- The commands run in a shell with a stand-in that writes down its arguments; the real program then has to know each flag.

That the validators notice what is wrong is shown with copies that are.
"""

import copy
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import kubernetes_validate
import yaml
from botocore.session import get_session
from botocore.validate import ParamValidator
from cfnlint.api import lint_all

from checks import Checks

DEPLOY = Path("templates/deploy")
KUBERNETES = "1.33"
SHARDS = "8"


def kubernetes_error(document):
    try:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return error.message
    return None


def check_kubernetes(checks):
    """Gives back the containers of the two jobs."""
    jobs = {}
    for name in ("kubernetes-collect.yaml", "kubernetes-merge.yaml"):
        for document in yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")):
            error = kubernetes_error(document)
            checks.that(error is None, f"{name}: {document['kind']} fits the schema of Kubernetes {KUBERNETES}", error)
            if document["kind"] == "Job":
                jobs[document["metadata"]["name"].rsplit("-", 1)[1]] = document
    broken = copy.deepcopy(jobs["collect"])
    broken["spec"]["completionsMode"] = broken["spec"].pop("completionMode")
    checks.that(kubernetes_error(broken) is not None, "a misspelt field would be noticed")
    spec = jobs["collect"]["spec"]
    checks.that(spec["completionMode"] == "Indexed" and spec["completions"] == int(SHARDS), "the job is indexed, one pod a shard")
    containers = {name: job["spec"]["template"]["spec"]["containers"][0] for name, job in jobs.items()}
    environment = [{each["name"]: each["value"] for each in container["env"]} for container in containers.values()]
    checks.that(environment[0] == environment[1] and environment[0]["SHARDS"] == SHARDS, "both jobs agree on shards and place")
    return containers


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, of which the text is kept."""


Loader.add_multi_constructor("!", lambda loader, _, node: node.value if isinstance(node.value, str) else "value")


def camel(value):
    """The names of the API instead of those of CloudFormation."""
    if isinstance(value, list):
        return [camel(each) for each in value]
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: camel(each) for key, each in value.items()}
    return value


def batch_report(operation, parameters):
    model = get_session().get_service_model("batch")
    return ParamValidator().validate(parameters, model.operation_model(operation).input_shape).generate_report()


def definition(properties):
    """What RegisterJobDefinition would be sent."""
    parameters = properties["Parameters"]
    sent = camel({key: value for key, value in properties.items() if key != "Parameters"})
    for requirement in sent["containerProperties"]["resourceRequirements"]:
        requirement["value"] = str(requirement["value"])
    return {**sent, "parameters": parameters}


def check_batch(checks):
    """Gives back the two job definitions as they would be sent."""
    linted = lint_all((DEPLOY / "aws-batch.yaml").read_text(encoding="utf-8"))
    checks.that(not linted, "aws-batch.yaml passes cfn-lint", str(linted))
    resources = yaml.load((DEPLOY / "aws-batch.yaml").read_text(encoding="utf-8"), Loader)["Resources"]  # noqa: S506
    definitions = {}
    for name in ("collect", "merge"):
        sent = definitions[name] = definition(resources[f"{name.capitalize()}Definition"]["Properties"])
        report = batch_report("RegisterJobDefinition", sent)
        checks.that(not report, f"the definition of {name} fits the model of RegisterJobDefinition", report)
        job = json.loads((DEPLOY / f"aws-batch-{name}.json").read_text(encoding="utf-8"))
        report = batch_report("SubmitJob", job)
        checks.that(not report, f"aws-batch-{name}.json fits the model of SubmitJob", report)
        known = job["jobDefinition"] == sent["jobDefinitionName"] and job["jobQueue"] == resources["Queue"]["Properties"]["JobQueueName"]
        checks.that(known, f"aws-batch-{name}.json names the definition and the queue of the template")
        checks.that(set(job["parameters"]) == set(sent["parameters"]) and job["parameters"]["shards"] == SHARDS, "and its parameters")
        if name == "collect":
            checks.that(job["arrayProperties"]["size"] == int(SHARDS), "the array has one job a shard")
    broken = {**definitions["collect"], "timeout": {"attemptDurationSeconds": "21600"}}
    checks.that(bool(batch_report("RegisterJobDefinition", broken)), "a value of the wrong type would be noticed")
    return definitions


def arguments(folder, command, environment):
    """Runs a container's command with a stand-in for the program; gives back the stand-in's arguments."""
    stand_in = folder / "pinpoint-evidence"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    stand_in.chmod(0o755)
    done = subprocess.run(command, env={"PATH": f"{folder}:/usr/bin:/bin", **environment}, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def kubernetes_command(container, index):
    variables = {each["name"]: each["value"] for each in container["env"]}
    return container["command"] + container["args"], {**variables, "JOB_COMPLETION_INDEX": str(index)}


def batch_command(sent, index):
    """As AWS Batch fills it: `Ref::name` stands for a parameter."""
    command = sent["containerProperties"]["command"]
    filled = [sent["parameters"].get(each.removeprefix("Ref::"), each) if each.startswith("Ref::") else each for each in command]
    return filled, {"AWS_BATCH_JOB_ARRAY_INDEX": str(index)}


def check_commands(checks, binary, engine, collect, merge, collect_at):
    """Every shard is written once, to where the merge reads it; and the program knows each flag."""
    written, shards = [], []
    for index in range(int(SHARDS)):
        asked = collect_at(index)
        written.append(asked[asked.index("--out") + 1])
        shards.append(asked[asked.index("--shard") + 1])
    expected = [f"{index}/{SHARDS}" for index in range(int(SHARDS))]
    checks.that(shards == expected, f"{engine}: each machine takes one shard", str(shards))
    read = [merge[at + 1] for at, word in enumerate(merge) if word == "--from"]
    checks.that(read == written and len(set(read)) == int(SHARDS), f"{engine}: what is merged is what was collected", str(read))
    out = merge[merge.index("--out") + 1]
    checks.that(all(place.startswith("s3://") for place in [*read, out]) and out not in read, f"{engine}: all of it in the store")
    for asked in (collect, merge):
        shown = subprocess.run([binary, asked[0], "--help"], capture_output=True, text=True, check=True).stdout
        unknown = [word for word in asked if re.match(r"--\w", word) and not re.search(rf"{word}\b", shown)]
        checks.that(not unknown, f"{engine}: `{asked[0]}` knows its flags", str(unknown))


def main(given):
    binary = str(Path(given[0] if given else "target/debug/pinpoint-evidence").resolve())
    checks = Checks()
    containers, definitions = check_kubernetes(checks), check_batch(checks)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for engine, parts, command in (("Kubernetes", containers, kubernetes_command), ("AWS Batch", definitions, batch_command)):
            def at(index, part="collect", parts=parts, command=command):
                return arguments(folder, *command(parts[part], index))

            check_commands(checks, binary, engine, at(0), at(0, "merge"), at)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
