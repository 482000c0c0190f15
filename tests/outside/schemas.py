"""Validates a pack against the program's own JSON Schemas with an independent validator.

    python3 tests/outside/schemas.py PACK [BINARY]      default: target/debug/pinpoint-evidence

Reads the schemas with `BINARY schema …`, checks that each is a valid schema of draft 2020-12, and validates results.json,
manifest.json, changes.json where it is there, declarations.toml, evidence/snapshot.json and every line of its files.
Needs jsonschema.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

try:
    import tomllib
except ModuleNotFoundError:  # Python before 3.11
    import tomli as tomllib

# What only some packs have.
SOMETIMES = {"diff": "changes.json"}
FILES = {"results": "results.json", "manifest": "manifest.json", "snapshot": "evidence/snapshot.json"}


def schema_of(binary, name):
    text = subprocess.run([binary, "schema", name], check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return schema


def plain(value):
    """A TOML value as JSON: dates as text."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return value.isoformat() if isinstance(value, date) else value


def problems(validator, document, where):
    for error in validator.iter_errors(document):
        yield f"{where}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def documents(pack, binary):
    """Each document with its validator and name."""
    sometimes = {name: path for name, path in SOMETIMES.items() if (pack / path).is_file()}
    for name, path in {**FILES, **sometimes}.items():
        validator = Draft202012Validator(schema_of(binary, name), format_checker=FormatChecker())
        yield validator, json.loads((pack / path).read_text(encoding="utf-8")), path
    declarations = plain(tomllib.loads((pack / "declarations.toml").read_text(encoding="utf-8")))
    yield Draft202012Validator(schema_of(binary, "config")), declarations, "declarations.toml"
    snapshot = schema_of(binary, "snapshot")
    call = Draft202012Validator({**snapshot["$defs"]["call"], "$defs": snapshot["$defs"]})
    header = Draft202012Validator(snapshot, format_checker=FormatChecker())
    for file in sorted(pack.glob("evidence/earlier/*/snapshot.json")):
        yield header, json.loads(file.read_text(encoding="utf-8")), str(file.relative_to(pack))
    for file in sorted(pack.glob("evidence/**/calls/*/*/*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            yield call, json.loads(line), f"{file.relative_to(pack)}:{number}"


def main(arguments):
    pack = Path(arguments[0])
    binary = str(Path(arguments[1] if len(arguments) > 1 else "target/debug/pinpoint-evidence").resolve())
    passed = failed = 0
    for validator, document, where in documents(pack, binary):
        found = list(problems(validator, document, where))
        print(*found, sep="\n", end="\n" if found else "")
        passed, failed = (passed, failed + 1) if found else (passed + 1, failed)
    if passed + failed <= len(FILES) + 1:
        print("evidence: holds no calls")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
