"""Looks for words that must not stand in the project or in a pack.

    python3 tests/outside/words.py PACK [PROJECT]      default: the current directory

- PACK, and the templates and README of PROJECT: nothing that claims more of the customer than was observed.
- Every file of PROJECT under version control, and PACK: no path of the machine it was written on, no host of a package
  registry (Cargo.lock names its own).

Needs the standard library and git.
"""

import re
import subprocess
import sys
from pathlib import Path

CLAIMS = re.compile(r"\b(compliant|certified|guarantee[sd]?|fully secure|hipaa[- ]approved)\b", re.IGNORECASE)
# What AWS says of itself, word for word, is not a claim about the customer; nor is a key of FedRAMP's schema about AWS.
QUOTED = re.compile(r'AWS (is|has been) certified|"certified":', re.IGNORECASE)
# Written in parts, so that this file does not hold what it looks for.
HOSTS = re.compile("|".join([r"crates\.i" + "o", r"docs\.r" + r"s\b", r"pypi\.or" + "g", "python" + "hosted", r"npmjs\.(or" + "g|com)"]))
PATHS = re.compile("|".join([r"(?<![\w.])/(root|work|mnt|home/\w+|Users/\w+)" + r"/\w", r"\.\./shared" + r"\b", r"/tmp/bash" + "_"]))


def texts(files, below):
    for file in files:
        try:
            yield file.relative_to(below).as_posix(), file.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # an image, or a file that was removed and not yet committed


def found(pattern, path, text):
    for number, line in enumerate(text.splitlines(), 1):
        match = pattern.search(QUOTED.sub("", line))
        if match:
            yield f"{path}:{number}: {match.group(0)}"


def main(arguments):
    pack = Path(arguments[0])
    project = Path(arguments[1] if len(arguments) > 1 else ".")
    listed = subprocess.run(
        ["git", "-C", str(project), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True,
    )
    files = sorted(project / path for path in listed.stdout.split("\0") if path)
    own = [(path, text) for path, text in texts(files, project) if path != "Cargo.lock"]
    packed = list(texts(sorted(file for file in pack.rglob("*") if file.is_file()), pack))
    worded = [(path, text) for path, text in own if path.startswith("templates/") or path == "README.md"]
    # What AWS answered is evidence, whatever its words.
    said = [(path, text) for path, text in packed if not path.startswith("evidence/")]
    checks = {
        "claims": [hit for path, text in [*said, *worded] for hit in found(CLAIMS, path, text)],
        "registry hosts": [hit for path, text in [*packed, *own] for hit in found(HOSTS, path, text)],
        "machine paths": [hit for path, text in [*packed, *own] for hit in found(PATHS, path, text)],
        "files": [] if own and packed else ["no file was looked at"],
    }
    for what, hits in checks.items():
        for hit in hits:
            print(f"{what}: {hit}")
    failed = sum(1 for hits in checks.values() if hits)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
