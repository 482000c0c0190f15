"""Holds the demo's wire documents against the service models that botocore ships.

    python3 tests/outside/wire_models.py [DIRECTORY]      default: src/demo/wire

For every route in DIRECTORY/routes.json: the operation exists, its method, path and parameters are the model's, and
the document has the shape of the operation's answer: no unknown member, every required one, JSON types, enum values,
patterns, lengths, and timestamps in the format of the wire. The document then goes through botocore's own parser, and
nothing may get lost there. Needs the standard library and botocore; speaks to no network.
"""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import botocore.parsers
import botocore.session

# Members that Pinpoint's model types as plain strings and whose documentation says ISO 8601.
ISO_DATES = {"CreationDate", "LastModifiedDate", "CompletionDate"}
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
# Epoch seconds outside these years are milliseconds or a slip.
EARLIEST, LATEST = datetime(2006, 1, 1).timestamp(), datetime(2036, 1, 1).timestamp()
JSON_TYPES = {
    "string": str, "blob": str, "boolean": bool, "integer": int, "long": int,
    "double": (int, float), "float": (int, float), "list": list, "map": dict, "structure": dict,
}
DEFAULT_TIMESTAMPS = {"json": "unixtimestamp", "rest-json": "unixtimestamp", "query": "iso8601"}
# Spellings that newer service models use (the Rust SDK, 2026-11) and botocore 1.43.11 does not know yet.
NEWER_REQUESTS = {
    "sesv2/ListEmailIdentities": "POST /v2/email/list-identities",
    "sesv2/ListConfigurationSets": "POST /v2/email/list-configuration-sets",
}
SESSION = botocore.session.get_session()


class Document:
    """One file as the answer of one operation, and what is wrong with it."""

    def __init__(self, file, model):
        self.file, self.model, self.problems = file, model, []

    def wrong(self, path, what):
        self.problems.append(f"{self.file}: {path or '/'}: {what}")

    def check(self, shape, value, path):
        """Compares a JSON value with a shape of the model."""
        if shape.type_name == "timestamp":
            return self.check_timestamp(shape, value, path)
        expected = JSON_TYPES[shape.type_name]
        if not isinstance(value, expected) or (isinstance(value, bool) and shape.type_name != "boolean"):
            return self.wrong(path, f"is {type(value).__name__}, the model says {shape.type_name}")
        self.check_limits(shape, value, path)
        if shape.type_name == "structure":
            self.check_structure(shape, value, path)
        elif shape.type_name == "list":
            for index, member in enumerate(value):
                self.check(shape.member, member, f"{path}/{index}")
        elif shape.type_name == "map":
            for key, member in value.items():
                self.check(shape.key, key, f"{path}/{key} (key)")
                self.check(shape.value, member, f"{path}/{key}")

    def check_structure(self, shape, value, path):
        wire_names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        for name, member in value.items():
            if name not in wire_names:
                self.wrong(f"{path}/{name}", f"is not a member of {shape.name}")
                continue
            self.check(shape.members[wire_names[name]], member, f"{path}/{name}")
            if name in ISO_DATES and isinstance(member, str) and not ISO_DATE.fullmatch(member):
                self.wrong(f"{path}/{name}", f"{member!r} is not an ISO 8601 time in UTC")
        for name, member in wire_names.items():
            if member in shape.required_members and name not in value:
                self.wrong(f"{path}/{name}", f"is required by {shape.name} and missing")

    def check_timestamp(self, shape, value, path):
        default = DEFAULT_TIMESTAMPS[self.model.metadata["protocol"]]
        wire_format = (shape.serialization.get("timestampFormat") or default).lower()
        if wire_format == "iso8601":
            if not (isinstance(value, str) and ISO_DATE.fullmatch(value)):
                self.wrong(path, f"{value!r} is not an ISO 8601 time in UTC")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not EARLIEST < value < LATEST:
            self.wrong(path, f"{value!r} is not a time in epoch seconds")

    def check_limits(self, shape, value, path):
        limits = shape.metadata
        size = value if isinstance(value, (int, float)) else len(value)
        if "min" in limits and size < limits["min"]:
            self.wrong(path, f"{size} is below the minimum of {limits['min']}")
        if "max" in limits and size > limits["max"]:
            self.wrong(path, f"{size} is above the maximum of {limits['max']}")
        if not isinstance(value, str):
            return
        if getattr(shape, "enum", None) and value not in shape.enum:
            self.wrong(path, f"{value!r} is not one of {', '.join(shape.enum)}")
        pattern = python_pattern(limits.get("pattern"))
        if pattern and not pattern.fullmatch(value):
            self.wrong(path, f"{value!r} does not match {limits['pattern']}")


def python_pattern(text):
    """A pattern of the model as Python's; None where Python cannot read it."""
    try:
        return re.compile(text) if text else None
    except re.error:
        return None


def check_route(route, model, operation):
    """What is wrong with the question that leads to a document."""
    template = operation.http["requestUri"].split("?")[0]
    if model.metadata["protocol"] == "json":
        expected = f"{model.metadata['targetPrefix']}.{operation.name}"
        right = route["request"] == expected
    else:
        parts = re.split(r"(\{[^}]+\})", template)
        # A resource ARN is one path segment on the wire, because it is percent-encoded; here it stands readable.
        body = "".join(
            (".+" if "arn" in part.lower() else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts
        )
        expected = f"{operation.http['method']} {template}"
        right = re.fullmatch(f"{operation.http['method']} {body}", unquote(route["request"]))
    if not right and route["request"] != NEWER_REQUESTS.get(route["operation"]):
        yield f"{route['file']}: routes.json: {route['request']!r} is not a request for {expected}"
    members = operation.input_shape.members if operation.input_shape else {}
    named = {member.serialization.get("name", name): member for name, member in members.items()}
    for name, value in route.get("parameters", {}).items():
        if name == "Action" and model.metadata["protocol"] == "query":
            continue
        if name not in named:
            yield f"{route['file']}: routes.json: {name} is not a parameter of {operation.name}"
        else:
            question = Document(f"{route['file']}: routes.json", model)
            question.check(named[name], value, f"/{name}")
            yield from question.problems


def check_error(document, route, body):
    """An error: its shape where the service models it, a message alone where it does not."""
    shape = next((s for s in document.model.error_shapes if s.name == route["error"]), None)
    if shape is not None:
        document.check(shape, body, "")
        modelled = shape.metadata.get("error", {}).get("httpStatusCode", route["status"])
        if modelled != route["status"]:
            document.wrong("", f"{route['error']} comes with status {modelled}, not {route['status']}")
    elif not (isinstance(body, dict) and set(body) <= {"Message", "message"} and body):
        document.wrong("", "an error outside the model holds a message and nothing else")


def check_answer(document, route, text, operation):
    """A document in JSON or XML against the operation's output."""
    if document.model.metadata["protocol"] == "query":
        return check_parsed(document, text, operation, xml_members(text, operation))
    try:
        body = json.loads(text)
    except ValueError as error:
        return document.wrong("", f"is not JSON: {error}")
    if "error" in route:
        return check_error(document, route, body)
    output = operation.output_shape
    payload = output.serialization.get("payload")
    document.check(output.members[payload] if payload else output, body, "")
    if not document.problems:
        check_parsed(document, text, operation, set(body), payload)


def xml_members(text, operation):
    root = ElementTree.fromstring(text)
    result = next((child for child in root if child.tag.endswith(f"{operation.name}Result")), root)
    return {child.tag.split("}")[-1] for child in result}


def check_parsed(document, text, operation, members, payload=None):
    """What botocore's own parser makes of the document must have every top-level member."""
    parser = botocore.parsers.create_parser(document.model.metadata["protocol"])
    answer = {"status_code": 200, "headers": {}, "body": text.encode()}
    parsed = parser.parse(answer, operation.output_shape)
    parsed = parsed.get(payload, {}) if payload else parsed
    for member in sorted(members - set(parsed)):
        document.wrong(f"/{member}", "is lost in botocore's parser")


def problems_of(directory, route):
    service, name = route["operation"].split("/")
    model = SESSION.get_service_model(service)
    operation = model.operation_model(name)
    document = Document(route["file"], model)
    try:
        text = (directory / route["file"]).read_text(encoding="utf-8")
    except OSError as error:
        return [f"{route['file']}: /: cannot be read: {error.strerror}"]
    try:
        check_answer(document, route, text, operation)
    except (ElementTree.ParseError, botocore.parsers.ResponseParserError) as error:
        document.wrong("", str(error))
    return [*check_route(route, model, operation), *document.problems]


def main(arguments):
    directory = Path(arguments[0] if arguments else "src/demo/wire")
    routes = json.loads((directory / "routes.json").read_text(encoding="utf-8"))
    passed = failed = 0
    for route in routes:
        problems = problems_of(directory, route)
        print(*problems, sep="\n", end="\n" if problems else "")
        passed, failed = (passed, failed + 1) if problems else (passed + 1, failed)
    routed = {route["file"] for route in routes} | {"routes.json"}
    for path in sorted(p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file()):
        if path not in routed:
            print(f"{path}: /: no route leads to it")
            failed += 1
    if not routes:
        print("routes.json: /: holds no route")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
