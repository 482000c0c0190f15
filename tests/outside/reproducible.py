"""Writes the same pack a hundred times, each time elsewhere and otherwise, and compares every byte.

    python3 tests/outside/reproducible.py PACK [COUNT] [BINARY]      default: 100 target/debug/pinpoint-evidence

What varies: time zone, language, working directory, how the paths are written, threads, umask, columns, colour, progress, the
limit of open files, and a signature that is there or not. Every pack, and every archive of one, has to be the same.
"""

import hashlib
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ZONES = ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Africa/Monrovia", ":/nowhere", "XYZ-14:59"]
LANGUAGES = ["C", "C.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "de_DE.ISO-8859-1", "ja_JP.eucJP", "nothing"]


def digest(folder):
    """One digest over the names and bytes of all files."""
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != "manifest.dsse.json":
            data = file.read_bytes()
            whole.update(f"{file.relative_to(folder)}\n{len(data)}\n".encode() + data)
    return whole.hexdigest()


def once(number, pack, key, binary, folder):
    chance = random.Random(number)
    work = folder / f"{number} é" / ("deep/" * chance.randint(0, 5))
    work.mkdir(parents=True)
    shown = (lambda path: os.path.relpath(path, work)) if chance.random() < 0.5 else str
    environment = {
        "PATH": os.environ["PATH"],
        "TZ": chance.choice(ZONES),
        "LANG": chance.choice(LANGUAGES),
        "LC_ALL": chance.choice(LANGUAGES),
        "HOME": str(work),
        "TOKIO_WORKER_THREADS": str(chance.randint(1, 16)),
        "COLUMNS": str(chance.randint(20, 300)),
        "SOURCE_DATE_EPOCH": str(chance.randint(0, 2**31)),
        "USER": chance.choice(["root", "nobody", "jürgen"]),
        "RUST_LOG": chance.choice(["", "trace"]),
    }
    command = [binary, "pack", "--exit-zero", "--out", "pack", "--from", shown(pack / "evidence")]
    command += ["--config", shown(pack / "declarations.toml"), "--color", chance.choice(["always", "never"])]
    command += ["--sign", shown(key)] if chance.random() < 0.3 else []
    umask, cores = chance.choice([0o077, 0o022, 0o000, 0o027]), sorted(os.sched_getaffinity(0))

    def begin():
        os.umask(umask)
        os.sched_setaffinity(0, chance.sample(cores, chance.randint(1, len(cores))))
        resource.setrlimit(resource.RLIMIT_NOFILE, (chance.choice([64, 1024]), 4096))

    options = {"cwd": work, "env": environment, "capture_output": True, "stdin": subprocess.DEVNULL, "preexec_fn": begin}
    subprocess.run(command, check=True, **options)
    subprocess.run([binary, "ticket", "pack", "--zip", "pack.zip"], check=True, **options)
    archive = hashlib.sha256((work / "pack.zip").read_bytes()).hexdigest()
    return digest(work / "pack"), None if "--sign" in command else archive


def main(arguments):
    pack = Path(arguments[0]).resolve()
    count = int(arguments[1]) if len(arguments) > 1 else 100
    binary = str(Path(arguments[2] if len(arguments) > 2 else "target/debug/pinpoint-evidence").resolve())
    expected, archives, passed = digest(pack), set(), 0
    with tempfile.TemporaryDirectory() as name:
        key = Path(name) / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
        for number in range(count):
            found, archive = once(number, pack, key, binary, Path(name))
            archives |= {archive} - {None}
            same = found == expected and len(archives) <= 1
            passed += same
            if not same:
                print(f"FAIL  run {number} wrote another pack or archive")
    print(f"{passed} of {count} runs gave the bytes of {pack.name}, and {len(archives)} archive")
    print(f"{passed} passed, {count - passed} failed")
    return 1 if passed < count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
