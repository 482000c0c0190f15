"""Harms copies of a signed pack at random, a thousand times in each of eight ways, and expects both checks to notice.

    python3 tests/outside/tamper.py [COUNT] [BINARY]      default: 1000 target/debug/pinpoint-evidence

The ways: changed, removed, added, renamed, swapped, linked, re-cased, and a manifest that was rewritten, half of the time
with care, so that it fits the files. `verify` has to end with 4, and `verify.py` has to find deviations in the same files.
The pack is a small one, so that a thousand are soon checked; the seeds are fixed. Needs `openssl`, for the key.
"""

import contextlib
import functools
import hashlib
import importlib.util
import json
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import types
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FROZEN = HERE.parent / "frozen" / "v1" / "pack.zip"
MANIFEST, ENVELOPE = "manifest.json", "manifest.dsse.json"
SEALS = (MANIFEST, ENVELOPE)


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)


def make(folder, binary):
    """A small signed pack, and the key that checks it."""
    zipfile.ZipFile(FROZEN).extractall(folder / "frozen")
    (frozen,) = (folder / "frozen").iterdir()
    key, public = folder / "key.pem", folder / "key.pub.pem"
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", key, check=True)
    run("openssl", "pkey", "-in", key, "-pubout", "-out", public, check=True)
    wanted = ["--document", "evidence", "--document", "findings", "--format", "csv"]
    run(binary, "pack", "--exit-zero", "--from", frozen / "evidence", "--sign", key, "--out", folder / "pack", *wanted, check=True)
    return folder / "pack", public


class Pack:
    """A copy of the pack that may be harmed."""

    def __init__(self, path, chance):
        self.path, self.chance = path, chance
        self.files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())

    def any(self, but=()):
        return self.path / self.chance.choice([file for file in self.files if file not in but])

    def folder(self):
        folders = sorted({str(Path(file).parent) for file in self.files} - {"."})
        return self.path / self.chance.choice(folders)

    def name(self):
        letters = "abcXYZ019._- é\u202e\n"
        return "".join(self.chance.choice(letters) for _ in range(self.chance.randint(1, 12))).strip(".") or "x"


def changed(pack):
    file = pack.any()
    data = bytearray(file.read_bytes())
    at = pack.chance.randrange(len(data)) if data else 0
    way = pack.chance.randrange(4)
    if way == 0 and data:
        data[at] ^= 1 << pack.chance.randrange(8)
    elif way == 1 and data:
        del data[at:]
    elif way == 2 and data:
        del data[at]
    else:
        data.insert(at, pack.chance.randrange(256))
    file.write_bytes(data)


def removed(pack):
    shutil.rmtree(pack.folder()) if pack.chance.random() < 0.1 else pack.any().unlink()


def added(pack):
    parent = pack.chance.choice([pack.path, pack.folder()])
    near = ["manifest.json.bak", "Manifest.json", "MANIFEST.DSSE.JSON", ".hidden", "manifest.tsr.old", "verify.pyc"]
    new = parent / pack.chance.choice([pack.name(), pack.chance.choice(near), f"{pack.name()}/{pack.name()}"])
    while new.exists():
        new = parent / (new.name + "x")
    if pack.chance.random() < 0.2:
        new.mkdir(parents=True)
    else:
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(pack.chance.randbytes(pack.chance.randint(0, 9)))


def renamed(pack):
    old = pack.any()
    new = pack.chance.choice([old.parent, pack.folder(), pack.path]) / pack.chance.choice([pack.name(), old.name + "~", "." + old.name])
    while new.exists():
        new = new.with_name(new.name + "x")
    old.rename(new)


def swapped(pack):
    while True:
        one, two = pack.any(), pack.any()
        if one.read_bytes() != two.read_bytes():
            break
    first = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(first)


def linked(pack):
    way = pack.chance.randrange(5)
    if way == 0:
        # The very file, elsewhere.
        file, aside = pack.any(), pack.path.with_name(pack.path.name + ".aside")
        file.rename(aside)
        file.symlink_to(aside)
    elif way == 1:
        file = pack.any()
        file.unlink()
        file.symlink_to(os.path.relpath(pack.any(but=[file.relative_to(pack.path).as_posix()]), file.parent))
    elif way == 2:
        folder, aside = pack.folder(), pack.path.with_name(pack.path.name + ".aside")
        folder.rename(aside)
        folder.symlink_to(aside)
    elif way == 3:
        file = pack.any()
        file.unlink()
        os.mkfifo(file)
    else:
        file = pack.any()
        file.unlink()
        file.mkdir()


def recased(pack):
    while True:
        file = pack.any()
        parts = list(file.relative_to(pack.path).parts)
        at = pack.chance.randrange(len(parts))
        letters = [place for place, letter in enumerate(parts[at]) if letter.isascii() and letter.isalpha()]
        if letters:
            break
    old = pack.path.joinpath(*parts[: at + 1])
    for place in pack.chance.sample(letters, pack.chance.randint(1, len(letters))):
        parts[at] = parts[at][:place] + parts[at][place].swapcase() + parts[at][place + 1 :]
    old.rename(old.with_name(parts[at]))


def seal(manifest):
    lines = "".join(f"{entry['sha256']}  {entry['path']}\n" for entry in manifest["files"])
    manifest["root"] = hashlib.sha256(lines.encode()).hexdigest()
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def rewritten(pack):
    """With care: only the signature, or judging again, can tell. Without: the manifest itself does."""
    path = pack.path / MANIFEST
    text = path.read_text(encoding="utf-8")
    manifest = json.loads(text)
    way = pack.chance.randrange(10)
    if way < 5:
        file = pack.any(but=SEALS)
        entry = next(entry for entry in manifest["files"] if entry["path"] == file.relative_to(pack.path).as_posix())
        if way < 2:
            changed_file = bytearray(file.read_bytes() or b"x")
            changed_file[pack.chance.randrange(len(changed_file))] ^= 1
            file.write_bytes(changed_file)
            entry.update(sha256=hashlib.sha256(changed_file).hexdigest(), bytes=len(changed_file))
        elif way == 2:
            file.unlink()
            manifest["files"].remove(entry)
        elif way == 3:
            new = file.with_name("zz-" + file.name)
            file.rename(new)
            entry["path"] = new.relative_to(pack.path).as_posix()
            manifest["files"].sort(key=lambda entry: entry["path"].encode())
        else:
            key = pack.chance.choice(["retain_until", "tool"])
            manifest[key] = "2099-12-31" if key == "retain_until" else {"name": "other", "version": "9"}
        path.write_bytes(seal(manifest))
        return
    others = [
        lambda: text.replace('"bytes": ', '"bytes":  ', 1),
        lambda: text.replace("{\n", '{\n  "more": 1,\n', 1),
        lambda: re.sub(r'(  "root": .*\n)', r"\1\1", text),
        lambda: json.dumps(manifest),
        lambda: json.dumps(dict(reversed(manifest.items())), indent=2) + "\n",
        lambda: text.rstrip("\n"),
        lambda: text.replace('"bytes": ', '"bytes": 1', 1),
        lambda: text.replace('"path": "', '"path": "../', 1),
        lambda: json.dumps({**manifest, "files": manifest["files"][::-1]}, indent=2) + "\n",
        lambda: json.dumps({**manifest, "files": manifest["files"] + manifest["files"][:1]}, indent=2) + "\n",
        lambda: json.dumps({**manifest, "root": "0" * 64}, indent=2) + "\n",
        lambda: json.dumps({**manifest, "schema": "pinpoint-evidence/manifest/v0"}, indent=2) + "\n",
        lambda: pack.chance.choice(["", "{}", "[]", "null", "\0", '{"files": 1}', "[" * 100_000]),
    ]
    path.write_text(pack.chance.choice(others)(), encoding="utf-8")


WAYS = [changed, removed, added, renamed, swapped, linked, recased, rewritten]


def load(pack):
    spec = importlib.util.spec_from_file_location("verify", pack / "verify.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # Asked for the same key and the same signature a thousand times.
    module.has_signed = functools.lru_cache(module.has_signed)
    der = functools.lru_cache(lambda *command: subprocess.run(command, capture_output=True))
    plain = subprocess.run
    module.subprocess = types.SimpleNamespace(
        run=lambda command, **options: der(*command) if "DER" in command else plain(command, **options)
    )
    return module


def shown(path):
    return "".join(c if " " <= c <= "~" else f"\\u{{{ord(c):x}}}" for c in path)


def work(job):
    way, seeds, source, public, binary = job
    check = load(source)
    problems = []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for seed in seeds:
            copy = Path(folder) / "pack"
            shutil.copytree(source, copy)
            WAYS[way](Pack(copy, random.Random(f"{WAYS[way].__name__} {seed}")))
            finished = run(binary, "verify", copy, "--public-key", public, timeout=60)
            found = check.check(str(copy), str(public))
            ours = {shown(path) for path, _ in found}
            theirs = {line.split(": ")[0] for line in finished.stdout.splitlines()}
            if "manifest.json: not a manifest" in finished.stdout:
                # Nothing else can then be compared with it; Python reads some such files all the same.
                ours &= {MANIFEST}
            if finished.returncode != 4 or not found:
                problems.append(f"{WAYS[way].__name__} {seed}: verify {finished.returncode}, verify.py {found}")
            elif ours != theirs:
                problems.append(f"{WAYS[way].__name__} {seed}: verify names {sorted(theirs)}, verify.py {sorted(ours)}")
            shutil.rmtree(copy)
            aside = Path(folder) / "pack.aside"
            with contextlib.suppress(OSError):
                shutil.rmtree(aside) if aside.is_dir() and not aside.is_symlink() else aside.unlink()
    return way, len(seeds), problems


def main(arguments):
    count = int(arguments[0]) if arguments else 1000
    binary = Path(arguments[1] if len(arguments) > 1 else "target/debug/pinpoint-evidence").resolve()
    with tempfile.TemporaryDirectory() as folder:
        source, public = make(Path(folder), binary)
        whole = run(binary, "verify", source, "--public-key", public)
        if whole.returncode or load(source).check(str(source), str(public)):
            raise SystemExit(f"the pack does not verify as it is: {whole.stdout}{whole.stderr}")
        size = max(1, count // 10)
        jobs = [
            (way, range(begin, min(begin + size, count)), source, public, binary)
            for way in range(len(WAYS))
            for begin in range(0, count, size)
        ]
        done, problems = [0] * len(WAYS), []
        with multiprocessing.Pool() as pool:
            for way, number, found in pool.imap_unordered(work, jobs):
                done[way] += number
                problems += found
    failed = {way.__name__: sum(problem.startswith(way.__name__ + " ") for problem in problems) for way in WAYS}
    print(*problems[:40], sep="\n", end="\n" if problems else "")
    for way, number in zip(WAYS, done):
        print(f"{way.__name__:10} {number - failed[way.__name__]} of {number} noticed by verify and verify.py, in the same files")
    print(f"{sum(done) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems or min(done) < count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
