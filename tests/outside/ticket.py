"""Holds a ticket against what trackers publish, and its archive against other readers.

    python3 tests/outside/ticket.py PACK ADF_SCHEMA [BINARY]      default: target/debug/pinpoint-evidence

The Atlassian Document Format is validated against Atlassian's own JSON Schema (full.json of @atlaskit/adf-schema), every form
against the limits of GitHub and Jira. The archive is read by Python's zipfile and by `unzip`, where that is there; what comes
out is the pack, file by file, and the program and the pack's own verify.py accept it. Needs jsonschema.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from jsonschema import Draft4Validator, Draft202012Validator

# What the published schema is known by; another version has to be looked at.
SCHEMA_SHA256 = "5128562b75278c8a83e7e3619a570205bc80d59696985ec31a7a7883cff66fbe"
JIRA, GITHUB = 32767, 65536


def run(binary, *arguments):
    return subprocess.run([binary, *arguments], check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout.decode()


def contents(folder):
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def of_adf(text, schema):
    """What Atlassian's schema says of the document, and that the schema can say no."""
    if hashlib.sha256(schema).hexdigest() != SCHEMA_SHA256:
        yield "the schema is another than the one that is known here"
    validator = Draft4Validator(json.loads(schema))
    document = json.loads(text)
    for error in validator.iter_errors(document):
        yield f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    document["content"][0]["type"] = "paragraf"
    if validator.is_valid(document):
        yield "the schema accepts a node that does not exist"


def of_length(forms):
    """Jira counts UTF-16, GitHub characters."""
    for form, text in forms.items():
        if len(text.encode("utf-16-le")) // 2 > JIRA or len(text) > GITHUB:
            yield f"{form}: {len(text)} characters"


def of_data(binary, text):
    schema = json.loads(run(binary, "schema", "ticket"))
    Draft202012Validator.check_schema(schema)
    for error in Draft202012Validator(schema).iter_errors(json.loads(text)):
        yield f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def of_archive(pack, archive, said, binary, folder):
    """What other readers find in the archive."""
    data = archive.read_bytes()
    if (len(data), hashlib.sha256(data).hexdigest()) != (said["bytes"], said["sha256"]):
        yield "the archive is not the one that the ticket names"
    with zipfile.ZipFile(archive) as opened:
        if opened.testzip() is not None:
            yield f"{opened.testzip()}: damaged"
        names = opened.namelist()
        if names != sorted(names, key=str.encode) or len(set(names)) != len(names):
            yield "the names do not rise"
        if {(entry.date_time, entry.external_attr >> 16, entry.extra) for entry in opened.infolist()} != {
            ((1980, 1, 1, 0, 0, 0), 0o100644, b"")
        }:
            yield "an entry has another time, mode or extra field"
        opened.extractall(folder)
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-tqq", str(archive)], check=True, stdin=subprocess.DEVNULL)
    else:
        print("SKIPPED: no unzip is here")
    out = folder / said["folder"]
    files, found = contents(pack), contents(out)
    if files != found:
        yield f"other files come out: {sorted(set(files) ^ set(found))}"
    for check in ([binary, "verify", str(out)], [sys.executable, str(out / "verify.py")]):
        if subprocess.run(check, capture_output=True, stdin=subprocess.DEVNULL).returncode != 0:
            yield f"{Path(check[0]).name} does not accept what comes out"


def main(arguments):
    pack, schema = Path(arguments[0]), Path(arguments[1]).read_bytes()
    binary = str(Path(arguments[2] if len(arguments) > 2 else "target/debug/pinpoint-evidence").resolve())
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "pack.zip"
        forms = {form: run(binary, "ticket", str(pack), "--format", form) for form in ("md", "adf", "json")}
        run(binary, "--quiet", "ticket", str(pack), "--zip", str(archive))
        said = json.loads(forms["json"])["archive"]
        for problems in (
            of_adf(forms["adf"], schema),
            of_length(forms),
            of_data(binary, forms["json"]),
            of_archive(pack, archive, said, binary, Path(scratch)),
        ):
            found = list(problems)
            print(*found, sep="\n", end="\n" if found else "")
            passed, failed = (passed, failed + 1) if found else (passed + 1, failed)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
