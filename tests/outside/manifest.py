"""Compares a pack with its manifest, and the evidence in it with its own header.

    python3 tests/outside/manifest.py PACK

Every file has the size and SHA-256 that the manifest says, none is missing, none was added, the paths rise in byte
order, and the root is the digest of their lines. The same for evidence/snapshot.json and its files; every call has the
id that its question gives and the SHA-256 of its body; every finding names calls that are there. Needs the standard
library only.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path


# The outcomes that a pass may rest on. An ended feature that came back empty is not in use, and has no hooks.
READ = {
    None: ("observed", "not_configured"),
    "hooks-declared": ("observed", "not_configured", "end_of_support"),
    "service-supported": ("observed", "not_configured", "end_of_support"),
}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def call_id(call):
    """The id that a question gives: paging tokens do not count."""
    asked = {name: value for name, value in call["parameters"].items() if name.lower() not in ("token", "nexttoken")}
    question = [call["account"], call["region"], call["service"], call["operation"], asked, call["page"]]
    text = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "c-" + sha256(text.encode())[:16]


def of_manifest(pack):
    """What is wrong between the files and the manifest."""
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    entries = manifest["files"]
    paths = [entry["path"] for entry in entries]
    if paths != sorted(set(paths), key=str.encode):
        yield "manifest.json: the paths do not rise"
    for entry in entries:
        file = pack / entry["path"]
        if file.is_symlink() or not file.is_file():
            yield f"{entry['path']}: is missing"
            continue
        data = file.read_bytes()
        if (sha256(data), len(data)) != (entry["sha256"], entry["bytes"]):
            yield f"{entry['path']}: was changed"
    there = {file.relative_to(pack).as_posix() for file in pack.rglob("*") if not file.is_dir()}
    for path in sorted(there - set(paths) - {"manifest.json", "manifest.dsse.json", "manifest.tsr"}):
        yield f"{path}: was added"
    lines = "".join(f"{entry['sha256']}  {entry['path']}\n" for entry in entries)
    if sha256(lines.encode()) != manifest["root"]:
        yield "manifest.json: the root is another"


def of_snapshot(snapshot):
    """What is wrong between the calls and the snapshot's header."""
    header = json.loads((snapshot / "snapshot.json").read_text(encoding="utf-8"))
    outcomes = Counter()
    there = {file.relative_to(snapshot).as_posix() for file in snapshot.glob("calls/**/*") if file.is_file()}
    if there != set(header["files"]):
        yield f"snapshot.json: lists other files than there are: {sorted(there ^ set(header['files']))}"
    for path in sorted(there & set(header["files"])):
        data, said = (snapshot / path).read_bytes(), header["files"][path]
        calls = [json.loads(line) for line in data.decode().split("\n")[:-1]]
        if (sha256(data), len(data), len(calls)) != (said["sha256"], said["bytes"], said["calls"]):
            yield f"{path}: is not what the header says"
        outcomes.update(call["outcome"] for call in calls)
        for call in calls:
            if call["id"] != call_id(call):
                yield f"{path}: {call['id']}: what was asked gives {call_id(call)}"
            if call["sha256"] != (None if call["body"] is None else sha256(call["body"].encode())):
                yield f"{path}: {call['id']}: the body has another SHA-256"
    if (dict(outcomes), sum(outcomes.values())) != (header["outcomes"], header["calls"]):
        yield "snapshot.json: the counts are others"


def earlier(pack):
    """The earlier snapshots of a pack, by the prefix of their call ids."""
    return {f"earlier/{folder.name}/": folder for folder in sorted(pack.glob("evidence/earlier/*"))}


def of_snapshots(pack):
    """The same for every snapshot of a pack."""
    for snapshot in [pack / "evidence", *earlier(pack).values()]:
        yield from of_snapshot(snapshot)


def of_results(pack):
    """What the findings rest on and the evidence does not hold."""
    outcome = {}
    for prefix, snapshot in {"": pack / "evidence", **earlier(pack)}.items():
        for file in snapshot.glob("calls/*/*/*.jsonl"):
            calls = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            outcome.update((prefix + call["id"], (call["outcome"], call["sha256"])) for call in calls)
    results = json.loads((pack / "results.json").read_text(encoding="utf-8"))
    for row in results["evidence"]:
        if outcome.get(row["id"]) != (row["outcome"], row["sha256"]):
            yield f"results.json: the call {row['id']} is another in the evidence"
    for finding in results["findings"]:
        for call in finding["evidence"]:
            if call not in outcome:
                yield f"results.json: {finding['id']} rests on {call}, which is not in the evidence"
            elif finding["verdict"] == "pass" and outcome[call][0] not in READ.get(finding["rule"], READ[None]):
                yield f"results.json: {finding['id']} passes on {call}, which was not read"


def main(arguments):
    pack = Path(arguments[0])
    passed = failed = 0
    for check in (of_manifest, of_snapshots, of_results):
        problems = list(check(pack))
        print(*problems, sep="\n", end="\n" if problems else "")
        passed, failed = (passed, failed + 1) if problems else (passed + 1, failed)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
