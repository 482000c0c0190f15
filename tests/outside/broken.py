"""Shows that the other checks can fail: breaks copies of a pack, one way each, and expects the right check to notice.

    python3 tests/outside/broken.py PACK [BINARY]      default: target/debug/pinpoint-evidence

Needs what the other scripts need.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CALLS = "evidence/calls/111122223333/us-east-1/pinpoint.jsonl"


def replace(path, old, new):
    def change(pack):
        file = pack / path
        text = file.read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"{path} holds no {old!r}; this script has to follow")
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def remove(path):
    return lambda pack: (pack / path).unlink()


def add(path):
    return lambda pack: (pack / path).write_text("x\n", encoding="utf-8")


# script, what is broken, how
CASES = [
    ("schemas.py", "a verdict that does not exist", replace("results.json", '"verdict": "pass"', '"verdict": "perhaps"')),
    ("schemas.py", "a call with another member", replace(CALLS, '{"id":', '{"extra":1,"id":')),
    ("schemas.py", "a declaration with an unknown key", replace("declarations.toml", "[phi]", "[phi]\nunknown = 1")),
    ("manifest.py", "a changed page", replace("index.md", "#", "##")),
    ("manifest.py", "a removed page", remove("findings.md")),
    ("manifest.py", "an added file", add("notes.txt")),
    ("manifest.py", "another root", replace("manifest.json", '"root": "', '"root": "0')),
    ("manifest.py", "another call", replace(CALLS, '"page":1', '"page":2')),
    ("links.py", "a link to nowhere", replace("index.html", 'href="findings.html', 'href="nowhere.html')),
    ("links.py", "a fragment to nowhere", replace("index.html", 'href="findings.html#f-', 'href="findings.html#g-')),
    ("links.py", "a script", replace("index.html", "</body>", "<script>1</script></body>")),
    ("formats.py", "a state that OSCAL does not know", replace("oscal/assessment-results.json", '"satisfied"', '"unknown"')),
    ("formats.py", "a uuid of another kind", replace("oscal/poam.json", '"uuid": "', '"uuid": "0')),
    ("formats.py", "a word that FedRAMP does not know", replace(
        "fedramp/security-decision-record.json", '"Partially Implemented"', '"Mostly Implemented"')),
    ("formats.py", "an OCSF event of another class", replace("ocsf/findings.json", '"class_uid":2003', '"class_uid":2004')),
    ("formats.py", "a finding that Security Hub does not take", replace("asff/findings.json", '"FAILED"', '"BROKEN"')),
    ("formats.py", "a kind that SARIF does not know", replace("sarif/results.sarif", '"kind":"fail"', '"kind":"bad"')),
    ("formats.py", "a test case without its failure", replace("junit/results.xml", "<failure ", "<skipped ")),
    ("formats.py", "a cell that acts", replace("findings.csv", "\nf-", "\n=f-")),
    ("words.py", "a claim", replace("index.md", "\n", "\nYou are comp" + "liant.\n")),
    ("words.py", "a machine's path", replace("index.md", "\n", "\n/ro" + "ot/pack\n")),
]


# What a script is given besides the pack.
MORE = {"schemas.py": lambda binary: [binary], "formats.py": lambda binary: ["--alone"]}


def main(arguments):
    pack = Path(arguments[0])
    binary = str(Path(arguments[1] if len(arguments) > 1 else "target/debug/pinpoint-evidence").resolve())
    passed = failed = 0
    for script, what, change in CASES:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "pack"
            shutil.copytree(pack, copy)
            change(copy)
            command = [sys.executable, str(HERE / script), str(copy), *MORE.get(script, lambda binary: [])(binary)]
            noticed = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        # A crash is not a verdict: the script must have counted.
        right = noticed.returncode == 1 and " failed" in noticed.stdout
        print(f"{'ok  ' if right else 'FAIL'}  {script} notices {what}")
        passed, failed = (passed + 1, failed) if right else (passed, failed + 1)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
