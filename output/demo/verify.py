#!/usr/bin/env python3
"""Checks that an evidence pack is whole and unchanged, with nothing but the Python standard library.

It compares every file with manifest.json, notices what was added, removed or replaced by links, and checks that the
evidence is what its snapshot.json says and that manifest.dsse.json, where it is there, signs these files. It prints every
deviation and ends with 4, or with 0 when there is none. Only with --public-key (PEM; needs `openssl`) does it show who
signed. Without, note the SHA-256 of the manifest that it prints when you receive the pack, and compare it later.
"""

import argparse, base64, datetime, hashlib, json, os, pathlib, re, shutil, subprocess, sys, tempfile

MANIFEST, ENVELOPE, _ = UNLISTED = ("manifest.json", "manifest.dsse.json", "manifest.tsr")
TYPE = "application/vnd.in-toto+json"
MALFORMED = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)

def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()

def walk(folder, prefix=""):
    """Every entry below the folder that is not a plain directory, with `/` between its parts."""
    entries = list(os.scandir(folder))
    for entry in entries:
        path = prefix + os.fsencode(entry.name).decode(errors="replace")
        yield from walk(entry.path, path + "/") if entry.is_dir(follow_symlinks=False) else [path]
    if prefix and not entries:
        yield prefix

def is_plain(path):
    return re.fullmatch(r"[ -\[\]-~]+", path) and not {*path.split("/")} & {"", ".", ".."} and path.lower() not in UNLISTED

def written(manifest):
    """A manifest in the only way in which manifests are written; an error where it is none."""
    whole = {key: manifest[key] for key in ("schema", "tool", "retain_until", "root", "files")}
    whole["tool"] = {key: whole["tool"][key] for key in ("name", "version")}
    whole["files"] = [{key: entry[key] for key in ("path", "sha256", "bytes")} for entry in whole["files"]]
    texts = [whole["schema"], *whole["tool"].values(), whole["root"]]
    texts += [entry[key] for entry in whole["files"] for key in ("path", "sha256")]
    if {*map(type, texts)} != {str} or {type(entry["bytes"]) for entry in whole["files"]} - {int}:
        raise TypeError("a value is of another type")
    datetime.date.fromisoformat(whole["retain_until"])
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()

def check_files(pack, present, manifest, data):
    files, seen = manifest["files"], set()
    paths = [entry["path"] for entry in files]
    lines = "".join(f"{entry['sha256']}  {entry['path']}\n" for entry in files)
    faults = {
        "its schema is not the one that this version reads": manifest["schema"] != "pinpoint-evidence/manifest/v1",
        "its files are not in order, or one stands twice": paths != sorted(set(paths), key=str.encode),
        "its root digest is not that of its files": hashlib.sha256(lines.encode()).hexdigest() != manifest["root"],
        "it is not written as manifests are": written(manifest) != data,
    }
    yield from ((MANIFEST, what) for what, is_so in faults.items() if is_so)
    for path in paths:
        yield from [] if is_plain(path) else [(path, "no file of a pack has such a path")]
        yield from [(path, "its path differs from another one in case only")] if path.lower() in seen else []
        seen.add(path.lower())
    yield from ((path, "added") for path in sorted(present - set(paths) - set(UNLISTED)))
    for name, entry in ((entry["path"], entry) for entry in files if is_plain(entry["path"])):
        path = os.path.join(pack, *name.split("/"))
        if name not in present:
            yield name, "removed"
        elif os.path.islink(path) or not os.path.isfile(path):
            yield name, "not a plain file"
        elif os.path.getsize(path) != entry["bytes"] or sha256(path) != entry["sha256"]:
            yield name, "changed"

def has_signed(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("message", "signature")]
        for name, content in zip(names, (message, signature)):
            pathlib.Path(name).write_bytes(content)
        ecdsa = ["dgst", "-sha256", "-verify", key, "-signature", names[1], names[0]]
        ed25519 = ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", names[0], "-sigfile", names[1]]
        return not all(subprocess.run(["openssl", *way], capture_output=True).returncode for way in (ecdsa, ed25519))

def check_signature(pack, manifest, data, key):
    envelope = pathlib.Path(pack, ENVELOPE).read_bytes()
    wire = json.loads(envelope)
    payload, signed = base64.b64decode(wire["payload"]), [(one["keyid"], base64.b64decode(one["sig"])) for one in wire["signatures"]]
    again = {"payload": base64.b64encode(payload).decode(), "payloadType": TYPE}
    again["signatures"] = [{"keyid": name, "sig": base64.b64encode(sig).decode()} for name, sig in signed]
    if json.dumps(again, separators=(",", ":")).encode() + b"\n" != envelope or not signed:
        yield ENVELOPE, "it is not written as envelopes are"
    files = [(MANIFEST, hashlib.sha256(data).hexdigest())] + [(entry["path"], entry["sha256"]) for entry in manifest["files"]]
    if json.loads(payload)["subject"] != [{"name": name, "digest": {"sha256": digest}} for name, digest in files]:
        yield ENVELOPE, "it signs other files"
    if key:
        der = subprocess.run(["openssl", "pkey", "-pubin", "-in", key, "-outform", "DER"], capture_output=True).stdout
        own = [sig for name, sig in signed if name == hashlib.sha256(der).hexdigest()]
        message = f"DSSEv1 {len(TYPE)} {TYPE} {len(payload)} ".encode() + payload
        if len(der) not in (44, 91) or not own or not all(has_signed(key, message, sig) for sig in own):
            yield ENVELOPE, "it is not signed by this key"

def check_snapshot(folder, name):
    """Every call of a snapshot against the hashes that the snapshot gives."""
    for path, entry in json.loads(pathlib.Path(folder, "snapshot.json").read_bytes())["files"].items():
        full = os.path.join(folder, *path.split("/"))
        with open(full, encoding="utf-8") as file:
            bodies = ((call["body"], call["sha256"]) for call in map(json.loads, file))
            same = all(sum == (None if body is None else hashlib.sha256(body.encode()).hexdigest()) for body, sum in bodies)
        yield from [] if same and sha256(full) == entry["sha256"] else [(f"{name}/{path}", f"not what {name}/snapshot.json says")]

def check(pack, key=None):
    """Every deviation: the path and what about it."""
    name, found = MANIFEST, []
    try:
        present = set(walk(pack))
        seals = {name: os.path.join(pack, name) for name in UNLISTED if name in present}
        found += [(name, "not a plain file") for name, path in seals.items() if os.path.islink(path) or not os.path.isfile(path)]
        if found or MANIFEST not in present:
            return found or [(MANIFEST, "removed")]
        data = pathlib.Path(seals[MANIFEST]).read_bytes()
        manifest = json.loads(data)
        found += check_files(pack, present, manifest, data)
        name = ENVELOPE
        found += check_signature(pack, manifest, data, key) if ENVELOPE in present else [(ENVELOPE, "there is no signature")] * bool(key)
        name = "evidence"
        folders = ["evidence", *sorted({"/".join(path.split("/")[:3]) for path in present if path.startswith("evidence/earlier/")})]
        found += [] if found else [line for folder in folders for line in check_snapshot(os.path.join(pack, folder), folder)]
    except MALFORMED as error:
        found.append((name, f"cannot be read: {error!r}"))
    return found

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pack", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--public-key", metavar="FILE")
    options = parser.parse_args()
    if options.public_key and not (shutil.which("openssl") and os.path.isfile(options.public_key)):
        parser.error("cannot check the signature: openssl or the file of the key is not there")
    found = check(options.pack, options.public_key)
    for path, what in found:
        print("".join(c if " " <= c <= "~" else f"\\u{{{ord(c):x}}}" for c in path) + ": " + what)
    if found:
        print(f"NOT VERIFIED: {len(found)} deviations")
        return 4
    print(f"Whole and unchanged. SHA-256 of {MANIFEST}: {sha256(os.path.join(options.pack, MANIFEST))}")
    return 0

if __name__ == "__main__":
    sys.exit(main())
