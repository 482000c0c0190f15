"""Holds the machine formats of many packs against their publishers' schemas and other people's readers.

    python3 tests/outside/formats.py PACK [BINARY] [FIXTURES]      default: target/debug/pinpoint-evidence target/ci/fixtures
    python3 tests/outside/formats.py PACK --alone                  no pack but this one

PACK is the sample pack. FIXTURES is what `cargo test --lib fixture_snapshots -- --ignored` writes: one folder for each
fixture estate. From each, and from the sample's evidence narrowed in several ways, BINARY makes a pack and verifies it.

OSCAL by NIST's JSON schemas (jsonschema-rs) and by compliance-trestle; FedRAMP by its schemas; OCSF by the schema of its
version and by py-ocsf-models; ASFF by the model of AWS's own API (botocore); SARIF by the schema of OASIS; JUnit by
junitparser and the schema of Jenkins' xUnit plugin; CSV by Python's reader, strictly, and cell by cell with results.json.
"""

import csv
import io
import json
import logging
import re
import subprocess
import sys
import tempfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import jsonschema_rs
from botocore.session import get_session
from botocore.validate import ParamValidator
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from trestle.core import validator_factory
from trestle.oscal.assessment_plan import AssessmentPlan
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.component import ComponentDefinition
from trestle.oscal.poam import PlanOfActionAndMilestones

SCHEMAS = Path(__file__).resolve().parents[1] / "data/schemas"
QUARTER = Path(__file__).resolve().parents[1] / "data/quarters/2026-Q4"
OSCAL = {
    "assessment-plan": ("assessment-plan", AssessmentPlan),
    "assessment-results": ("assessment-results", AssessmentResults),
    "component-definition": ("component", ComponentDefinition),
    "poam": ("poam", PlanOfActionAndMilestones),
}
NARROWED = [
    "--format oscal", "--format csv,sarif", "--format junit --format ocsf", "--format asff", "--format fedramp",
    "--program hipaa", "--program fedramp --format fedramp,oscal", "--program iso27001 --program soc",
    "--document index --document findings", "--format csv --program iso9001",
]
LEAST = 50  # documents


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def oscal_schemas():
    return {
        name: jsonschema_rs.validator_for(load(SCHEMAS / f"oscal/oscal_{file}_schema.json"), validate_formats=True)
        for name, (file, _) in OSCAL.items()
    }


def fedramp_schemas():
    """FedRAMP's schemas. Version 1.0.0 refers to a neighbour without the `#` before `/$defs`; repaired here, on load."""
    texts = {path.name: path.read_text(encoding="utf-8").replace('.json/$defs/', '.json#/$defs/')
             for path in (SCHEMAS / "fedramp").glob("*.json")}
    schemas = {name: json.loads(text) for name, text in texts.items()}
    by_id = {schema["$id"]: schema for schema in schemas.values()}

    def retrieve(uri):
        return by_id[uri.split("#")[0]]

    record = next(schema for name, schema in schemas.items() if "security-decision-record" in name)
    overview = next(schema for name, schema in schemas.items() if "package-overview" in name)
    resources = {**overview["properties"]["thirdPartyInformationResources"], "additionalProperties": False}
    return {
        "security-decision-record": jsonschema_rs.validator_for(record, retriever=retrieve, validate_formats=True),
        "third-party-information-resources": jsonschema_rs.validator_for(
            {"type": "object", "required": ["thirdPartyInformationResources"], "additionalProperties": False,
             "properties": {"thirdPartyInformationResources": resources}, "$defs": overview["$defs"]},
            validate_formats=True),
    }


def first_errors(validator, document):
    return [f"/{'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
            for error, _ in zip(validator.iter_errors(document), range(3))]


class Judges:
    """Every check by the name of its judge: how many documents it saw, and what it found."""

    def __init__(self):
        self.seen, self.found = Counter(), []
        self.oscal, self.fedramp = oscal_schemas(), fedramp_schemas()
        self.sarif = jsonschema_rs.validator_for(load(SCHEMAS / "sarif/sarif-schema-2.1.0.json"))
        ocsf = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.4.0"))
        self.ocsf = jsonschema_rs.validator_for(ocsf.get_class_schema("compliance_finding", ["cloud"]))
        hub = get_session().get_service_model("securityhub", None)
        self.asff = hub.operation_model("BatchImportFindings").input_shape
        self.words = {name: hub.shape_for(name).enum for name in ("ComplianceStatus", "SeverityLabel", "WorkflowStatus")}
        self.junit = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit/junit-10.xsd")))

    def say(self, judge, where, problems):
        self.seen[judge] += 1
        self.found += [f"{where}: {judge}: {problem}" for problem in problems]

    def pack(self, name, pack):
        results = load(pack / "results.json")
        for path in sorted(file for file in pack.rglob("*") if file.is_file()):
            where, relative = f"{name}/{path.relative_to(pack)}", path.relative_to(pack).as_posix()
            look = {"oscal": self.of_oscal, "fedramp": self.of_fedramp, "ocsf": self.of_ocsf, "asff": self.of_asff,
                    "sarif": self.of_sarif, "junit": self.of_junit}.get(relative.split("/")[0])
            if look:
                look(where, path, results)
            elif relative == "findings.csv":
                self.of_csv(where, path, results)

    def of_oscal(self, where, path, _):
        self.say(f"NIST OSCAL 1.2.1 by jsonschema-rs {version('jsonschema-rs')}", where,
                 first_errors(self.oscal[path.stem], load(path)))
        problems = []
        try:
            model = OSCAL[path.stem][1].oscal_read(path)
            if not validator_factory.all_validator.AllValidator().model_is_valid(model, True, None):
                problems.append("not valid")
        except Exception as error:  # what trestle raises is of many kinds
            problems.append(str(error)[:300])
        self.say(f"compliance-trestle {version('compliance-trestle')}", where, problems)

    def of_fedramp(self, where, path, _):
        self.say("FedRAMP 2026-06-24 by jsonschema-rs", where, first_errors(self.fedramp[path.stem], load(path)))

    def of_sarif(self, where, path, _):
        self.say("SARIF 2.1.0 (OASIS) by jsonschema-rs", where, first_errors(self.sarif, load(path)))

    def of_ocsf(self, where, path, results):
        by_schema, by_model = [], []
        events = load(path)
        for event in events:
            by_schema += first_errors(self.ocsf, event)
            try:
                ComplianceFinding(**event)
            except ValueError as error:
                by_model.append(str(error)[:300])
        if len(events) != len(results["findings"]):
            by_model.append(f"{len(events)} events")
        self.say(f"OCSF 1.4.0 by ocsf-json-schema {version('ocsf-json-schema')}", where, by_schema[:3])
        self.say(f"py-ocsf-models {version('py-ocsf-models')}", where, by_model[:3])

    def of_asff(self, where, path, _):
        findings, problems = load(path), []
        for first in range(0, len(findings), 100):
            report = ParamValidator().validate({"Findings": findings[first:first + 100]}, self.asff)
            problems += [report.generate_report()[:300]] if report.has_errors() else []
        for finding in findings:
            # Botocore checks names and types, not words.
            words = {"ComplianceStatus": finding["Compliance"]["Status"], "SeverityLabel": finding["Severity"]["Label"],
                     "WorkflowStatus": finding["Workflow"]["Status"]}
            problems += [f"`{word}` is no {name}" for name, word in words.items() if word not in self.words[name]]
            limits = [("Id", finding["Id"], 512), ("Title", finding["Title"], 256),
                      ("Description", finding["Description"], 1024), ("Resources.Id", finding["Resources"][0]["Id"], 512)]
            limits += [(key, value, 2048) for key, value in finding["ProductFields"].items()]
            problems += [f"{key} is too long" for key, value, most in limits if not 1 <= len(value) <= most]
            problems += ["larger than 240 KB"] if len(json.dumps(finding)) > 240_000 else []
        self.say(f"BatchImportFindings by botocore {version('botocore')}", where, problems[:3])

    def of_junit(self, where, path, results):
        problems = [] if self.junit.validate(etree.parse(str(path))) else [str(self.junit.error_log)[:300]]
        self.say(f"Jenkins junit-10.xsd by lxml {version('lxml')}", where, problems)
        ended = Counter()
        for suite in JUnitXml.fromfile(str(path)):
            for case in suite:
                ended[type(case.result[0]) if case.result else None] += 1
        summary = results["summary"]
        expected = {Failure: summary["fail"], Error: summary["not_evaluated"], None: summary["pass"],
                    Skipped: summary["not_applicable"] + summary["attested"]}
        problems = [f"{kind}: {ended[kind]}, not {number}" for kind, number in expected.items() if ended[kind] != number]
        self.say(f"junitparser {version('junitparser')}", where, problems)

    def of_csv(self, where, path, results):
        data, problems = path.read_bytes(), []
        if re.search(rb"(?<!\r)\n", re.sub(rb'"[^"]*"', b"", data)):
            problems.append("a row does not end with CRLF")
        rows = list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))
        if [row["id"] for row in rows] != [finding["id"] for finding in results["findings"]]:
            problems.append("its ids are not those of results.json")
        for row, finding in zip(rows, results["findings"]):
            for name in ("rule", "level", "verdict", "account", "resource", "message"):
                value = row[name]
                if value[:1] in tuple("=+-@\t\r\n"):
                    problems.append(f"{name} of {row['id']} begins like a formula")
                if value.removeprefix("'") != finding[name] and value != finding[name]:
                    problems.append(f"{name} of {row['id']} is not that of results.json")
            if None in row or None in row.values():
                problems.append(f"{row['id']} has another number of cells")
        self.say("CSV by Python's reader, strict", where, problems[:3])


def made(binary, folder, name, arguments):
    """A pack, made and verified."""
    pack = folder / re.sub(r"\W+", "-", name).strip("-")
    run = subprocess.run([binary, "--quiet", "pack", "--exit-zero", "--out", pack, *arguments], capture_output=True, text=True,
                         stdin=subprocess.DEVNULL)
    if not (pack / "results.json").is_file():
        raise SystemExit(f"{name}: ended with {run.returncode}\n{run.stderr}")
    verified = subprocess.run([binary, "verify", pack], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return pack, [] if verified.returncode == 0 else [verified.stdout[:500] + verified.stderr[:300]]


def wanted(sample, fixtures):
    """What packs are made from: a name, and arguments."""
    for fixture in sorted(path for path in fixtures.glob("*") if path.is_dir()):
        snapshots = [part for path in sorted(fixture.glob("snapshot-*")) for part in ("--from", path)]
        config = ["--config", fixture / "evidence.toml", "--period", (fixture / "period").read_text()]
        yield f"fixture {fixture.name}", [*snapshots, *config]
    yield "later quarter", ["--from", QUARTER / "snapshot", "--config", QUARTER / "evidence.toml"]
    for flags in NARROWED:
        yield f"sample {flags}", ["--from", sample / "evidence", "--config", sample / "declarations.toml", *flags.split()]


def main(arguments):
    sample, alone = Path(arguments[0]), arguments[1:] == ["--alone"]
    binary = str(Path(arguments[1] if len(arguments) > 1 else "target/debug/pinpoint-evidence").resolve())
    fixtures = Path(arguments[2] if len(arguments) > 2 else "target/ci/fixtures")
    logging.disable(logging.WARNING)
    judges, packs = Judges(), 1
    judges.pack("sample", sample)
    with tempfile.TemporaryDirectory() as folder:
        for name, flags in [] if alone else wanted(sample, fixtures):
            pack, problems = made(binary, Path(folder), name, flags)
            judges.say("verify", name, problems)
            judges.pack(name, pack)
            packs += 1
    print(*judges.found, sep="\n", end="\n" if judges.found else "")
    for judge, count in sorted(judges.seen.items()):
        print(f"{count:5}  {judge}")
    documents = sum(count for judge, count in judges.seen.items() if judge != "verify")
    print(f"{documents:5}  checks of documents in all")
    checked = sum(judges.seen.values())
    print(f"{packs} packs")
    if not alone and (documents < LEAST or packs < 30):
        print(f"too few: {documents} checks of documents, {packs} packs; were the fixtures written?")
        judges.found.append("too few")
    print(f"{checked - len(judges.found)} passed, {len(judges.found)} failed")
    return 1 if judges.found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
