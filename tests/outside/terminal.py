"""Runs the program on a terminal, as people do: progress, colour, width, completions, manual pages.

    python3 tests/outside/terminal.py [BINARY]      default: target/debug/pinpoint-evidence

The terminal is a pseudo-terminal read by pyte, AWS is tests/bench/aws_endpoint.py with its quotas. What needs a shell or groff
that is not here is skipped by name.
"""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
LINES = 40
COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
KEYS = {
    "AWS_ACCESS_KEY_ID": "ASIA111122223333EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Seen:
    """What a run on a terminal showed: its bytes, the screens on the way, the screen at the end."""

    def __init__(self, columns):
        self.bytes = b""
        self.frames = []
        self.screen = pyte.HistoryScreen(columns, LINES, history=1000)
        self.stream = pyte.ByteStream(self.screen)

    def feed(self, chunk):
        self.bytes += chunk
        self.stream.feed(chunk)
        self.frames.append([line.rstrip() for line in self.screen.display if line.strip()])

    @property
    def last(self):
        return "\n".join(self.frames[-1] if self.frames else [])


def on_terminal(binary, folder, *arguments, columns=120, **variables):
    """Runs the program with a terminal for its output and errors, and gives back what was seen."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TERM": "xterm-256color", **KEYS, **variables}
    seen = Seen(columns)
    child, master = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(binary, [binary, *arguments], environment)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen.feed(chunk)
    os.waitpid(child, 0)
    return seen


def is_bar(line):
    return bool(re.match(r"(Amazon|AWS) .* us-east-1 +[0-9]+/[0-9]+ +[0-9.]+/s", line))


def of_progress(binary, folder, endpoint):
    collect = ("collect", "--out", "snapshot", "--force", "--endpoint-url", endpoint)
    wide = on_terminal(binary, folder, *collect)
    bars = [line for frame in wide.frames for line in frame if is_bar(line)]
    yield "each service and region has a line with a rate", len({line[:26] for line in bars}) == 4
    yield "a line says what is waited for", any("waiting for AWS's rate of" in line for line in bars)
    yield "a wide terminal has bars", any(re.search(r"\[#*\.*\]", line) for line in bars)
    yield "nothing of the bars is left at the end", not any(is_bar(line) for line in wide.frames[-1])
    yield "the result is there", " findings for " in wide.last and "snapshot" in wide.last
    narrow = on_terminal(binary, folder, *collect, columns=64)
    drawn = [line for frame in narrow.frames for line in frame if is_bar(line)]
    yield "a narrow terminal has lines that fit", bool(drawn) and all(len(line) <= 64 for line in drawn)
    dumb = on_terminal(binary, folder, *collect, TERM="dumb")
    yield "a terminal that cannot draw gets plain lines", b"collecting:" in dumb.bytes and b"\x1b" not in dumb.bytes
    quiet = on_terminal(binary, folder, *collect, "--quiet")
    yield "quiet shows the path alone", quiet.bytes.strip() == b"snapshot"
    none = on_terminal(binary, folder, *collect, "--progress", "none")
    yield "none shows no bars", not any(is_bar(line) for frame in none.frames for line in frame)


def of_colour(binary, folder, endpoint):
    coloured = on_terminal(binary, folder, "explain", "xyzzy")
    yield "an error is coloured on a terminal", bool(COLOUR.search(coloured.bytes))
    for name, variables, flags in [("NO_COLOR", {"NO_COLOR": "1"}, []), ("--color never", {}, ["--color", "never"])]:
        for arguments in (["explain", "xyzzy"], ["pakc"], ["--help"]):
            seen = on_terminal(binary, folder, *flags, *arguments, **variables)
            yield f"{name} leaves no colour in {' '.join(arguments)}", not COLOUR.search(seen.bytes)
    collect = ("collect", "--out", "snapshot", "--force", "--endpoint-url", endpoint)
    yield "NO_COLOR leaves none in progress", not COLOUR.search(on_terminal(binary, folder, *collect, NO_COLOR="1").bytes)


def of_width(binary, folder, endpoint):
    for columns in (60, 100):
        for arguments in (("pack", "--help"), ("doctor", "--endpoint-url", endpoint)):
            seen = on_terminal(binary, folder, *arguments, columns=columns)
            lines = [line.strip() for line in seen.bytes.decode().split("\n")]
            # Examples are lines to copy, and one word may be longer than a line.
            long = [line for line in lines if len(line) > columns and len(line.split()) > 2 and "pinpoint-evidence " not in line]
            yield f"{arguments[0]} keeps to {columns} columns" + "".join(f"\n  {line}" for line in long), not long


def of_completions(binary, folder):
    def script(shell):
        path = folder / f"completions.{shell}"
        text = subprocess.run([binary, "completions", shell], check=True, capture_output=True, text=True).stdout
        path.write_text(text, encoding="utf-8")
        return path

    ask = (
        f"source {script('bash')}; complete=$(complete -p pinpoint-evidence | grep -o -e '-F [^ ]*' | cut -c 4-); "
        "COMP_WORDS=(pinpoint-evidence {0}); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
        "$complete pinpoint-evidence \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"; "
        "echo \"${COMPREPLY[@]}\""
    )
    for words, expected in [("do", "doctor"), ("pack --pro", "--progress"), ("policy --format te", "terraform")]:
        done = subprocess.run(["bash", "-c", ask.replace("{0}", words)], capture_output=True, text=True)
        yield f"bash completes `{words}`: {done.stdout.strip()} {done.stderr.strip()}", expected in done.stdout.split()
    for shell in ("zsh", "fish"):
        path = script(shell)
        if not shutil.which(shell):
            print(f"{shell} is not here: its completions were not read")
            continue
        done = subprocess.run([shell, "-n", str(path)], capture_output=True, text=True)
        yield f"{shell} reads its completions: {done.stderr.strip()}", done.returncode == 0
    path = script("powershell")
    if not shutil.which("pwsh"):
        print("pwsh is not here: its completions were not read")
        return
    done = subprocess.run(["pwsh", "-NoProfile", "-File", str(path)], capture_output=True, text=True)
    yield f"PowerShell reads its completions: {done.stderr.strip()}", done.returncode == 0


def of_manual(binary, folder):
    subprocess.run([binary, "man", "--out", str(folder / "man1")], check=True, capture_output=True)
    pages = sorted((folder / "man1").iterdir())
    yield f"there is a page for each command: {len(pages)}", len(pages) > 8
    if not shutil.which("groff"):
        print("groff is not here: the manual pages were not set")
        return
    for page in pages:
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z", str(page)], capture_output=True, text=True)
        yield f"groff sets {page.name} without a warning: {done.stderr.strip()}", not done.stderr.strip()


def main(arguments):
    binary = str(Path(arguments[0] if arguments else "target/debug/pinpoint-evidence").resolve())
    command = [sys.executable, str(ROOT / "tests/bench/aws_endpoint.py"), "--applications", "3", "--latency", "0.1"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        endpoint = server.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            checks = [
                *of_progress(binary, folder, endpoint),
                *of_colour(binary, folder, endpoint),
                *of_width(binary, folder, endpoint),
                *of_completions(binary, folder),
                *of_manual(binary, folder),
            ]
    finally:
        server.terminate()
        server.wait(SECONDS)
    failed = [name for name, holds in checks if not holds]
    print(*(f"FAILED: {name}" for name in failed), sep="\n", end="\n" if failed else "")
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
