#!/usr/bin/env python3
"""Checks that an evidence pack is whole and unchanged, with nothing but the Python standard library.

Usage: python3 verify.py [PACK]        (default: the directory of this file)

It compares every file with manifest.json (SHA-256 and size), notices files that were added, removed or replaced by
links, recomputes the root digest, and checks that the evidence is what its own snapshot.json says. It prints every
deviation and ends with 0 when there is none, else with 4.

It shows that the pack is what its manifest says. Whether the manifest is the one that was handed over is for you to
compare: note the SHA-256 that it prints when you receive the pack.
"""

import hashlib
import json
import os
import sys

MANIFEST = "manifest.json"
UNLISTED = {MANIFEST, "manifest.dsse.json"}


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def walk(folder):
    """Every entry below the folder that is not a plain directory, with `/` between its parts."""
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in files + links:
            yield os.path.relpath(os.path.join(parent, name), folder).replace(os.sep, "/")
        if parent != folder and not folders and not files:
            yield os.path.relpath(parent, folder).replace(os.sep, "/") + "/"


def check_manifest(pack, manifest):
    files = manifest["files"]
    paths = [entry["path"] for entry in files]
    if manifest["schema"] != "pinpoint-evidence/manifest/v1":
        yield f"{MANIFEST}: unknown schema {manifest['schema']}"
    if paths != sorted(set(paths), key=lambda path: path.encode()):
        yield f"{MANIFEST}: its files are not in order, or one stands twice"
    lines = "".join(f"{entry['sha256']}  {entry['path']}\n" for entry in files)
    if hashlib.sha256(lines.encode()).hexdigest() != manifest["root"]:
        yield f"{MANIFEST}: its root digest is not that of its files"
    present = set(walk(pack))
    for path in sorted(present - set(paths) - UNLISTED):
        yield f"{path}: added"
    for entry in files:
        path = os.path.join(pack, *entry["path"].split("/"))
        if entry["path"] not in present:
            yield f"{entry['path']}: removed"
        elif os.path.islink(path) or not os.path.isfile(path):
            yield f"{entry['path']}: not a plain file"
        elif os.path.getsize(path) != entry["bytes"] or sha256(path) != entry["sha256"]:
            yield f"{entry['path']}: changed"


def check_snapshot(folder, name):
    """Every call of a snapshot against the hashes that the snapshot gives."""
    with open(os.path.join(folder, "snapshot.json"), encoding="utf-8") as file:
        header = json.load(file)
    for path, entry in header["files"].items():
        full = os.path.join(folder, *path.split("/"))
        if not os.path.isfile(full) or sha256(full) != entry["sha256"]:
            yield f"{name}/{path}: not what {name}/snapshot.json says"
            continue
        with open(full, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                call = json.loads(line)
                body = call["body"]
                found = None if body is None else hashlib.sha256(body.encode()).hexdigest()
                if found != call["sha256"]:
                    yield f"{name}/{path}:{number}: the body is not the one that was hashed"


def check(pack):
    try:
        with open(os.path.join(pack, MANIFEST), encoding="utf-8") as file:
            manifest = json.load(file)
        deviations = list(check_manifest(pack, manifest))
        if not deviations:
            earlier = os.path.join(pack, "evidence", "earlier")
            names = ["evidence"] + [f"evidence/earlier/{name}" for name in sorted(os.listdir(earlier) if os.path.isdir(earlier) else [])]
            deviations = [line for name in names for line in check_snapshot(os.path.join(pack, *name.split("/")), name)]
        return deviations
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"{MANIFEST} or the evidence cannot be read: {error!r}"]


def main():
    pack = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    deviations = check(pack)
    for deviation in deviations:
        print(deviation)
    if deviations:
        print(f"NOT VERIFIED: {len(deviations)} deviations")
        return 4
    print(f"Whole and unchanged. SHA-256 of {MANIFEST}: {sha256(os.path.join(pack, MANIFEST))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
