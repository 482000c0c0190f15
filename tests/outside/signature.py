"""Signs the sample pack in every way there is, and checks it with what others wrote.

    python3 tests/outside/signature.py PACK [BINARY]      default: target/debug/pinpoint-evidence

The signature with the Python package `cryptography` and with `openssl`, over an encoding that is computed here from the DSSE
specification; the statement against the manifest; a key in AWS KMS as `cryptography` plays it; a time stamp of `openssl ts`, checked by
`openssl ts -verify` as well. `verify.py` of the pack has to agree. Needs `openssl` and `cryptography`.
"""

import base64
import hashlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

import timestamp_authority

MANIFEST, ENVELOPE, STAMP = "manifest.json", "manifest.dsse.json", "manifest.tsr"
TYPE = "application/vnd.in-toto+json"
PASSED, FAILED = [], []


def expect(what, is_so, said=""):
    (PASSED if is_so else FAILED).append(what)
    print(f"{'ok  ' if is_so else 'FAIL'}  {what}{'' if is_so else f': {said}'}")


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)


def encoding(kind, body):
    """PAE of the DSSE specification, version 1."""
    return b" ".join([b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(body)).encode(), body])


def has_signed(public, message, signature):
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, message)
        else:
            public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def check_envelope(name, pack, pem, folder):
    """The envelope, by cryptography and by openssl."""
    envelope = json.loads((pack / ENVELOPE).read_text())
    public = serialization.load_pem_public_key(pem.read_bytes())
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    payload, (one,) = base64.b64decode(envelope["payload"], validate=True), envelope["signatures"]
    message, signature = encoding(envelope["payloadType"], payload), base64.b64decode(one["sig"], validate=True)
    expect(f"{name}: the type of the payload", envelope["payloadType"] == TYPE, envelope["payloadType"])
    expect(f"{name}: the key's id", one["keyid"] == hashlib.sha256(der).hexdigest(), one["keyid"])
    expect(f"{name}: cryptography accepts the signature", has_signed(public, message, signature))
    expect(f"{name}: cryptography refuses it over another message", not has_signed(public, message + b" ", signature))
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(signature)
    digest = [] if isinstance(public, ed25519.Ed25519PublicKey) else ["-digest", "sha256"]
    command = ["openssl", "pkeyutl", "-verify", "-rawin", *digest, "-pubin", "-inkey", pem, "-sigfile", folder / "signature"]
    checked = run(*command, "-in", folder / "message")
    expect(f"{name}: openssl accepts the signature", checked.returncode == 0, checked.stdout + checked.stderr)
    return json.loads(payload)


def check_statement(name, pack, statement):
    data = (pack / MANIFEST).read_bytes()
    manifest = json.loads(data)
    results = json.loads((pack / "results.json").read_text())
    files = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    expect(f"{name}: an in-toto statement", statement["_type"] == "https://in-toto.io/Statement/v1")
    expect(f"{name}: it signs every file and the manifest", subjects == files | {MANIFEST: hashlib.sha256(data).hexdigest()})
    stated = statement["predicate"]
    same = all(stated[key] == results[key] for key in ("period", "summary", "collected", "retain_until"))
    expect(f"{name}: it states what the results say", same and stated["root"] == manifest["root"], stated)
    expect(f"{name}: it states the snapshot", stated["snapshots"][0]["digest"]["sha256"] == files["evidence/snapshot.json"])
    expect(f"{name}: it states the configuration", stated["configuration"]["digest"]["sha256"] == files["declarations.toml"])


def check_verify(name, binary, pack, pem, other):
    """Both checks of the product, with the right key, the wrong one, and without the signature."""
    for key, code in ((pem, 0), (other, 4)):
        whose = "the key that signed" if code == 0 else "another key"
        for check in ([binary, "verify", pack], [sys.executable, pack / "verify.py", pack]):
            finished = run(*check, "--public-key", key)
            what = f"{name}: {Path(check[1]).name} with {whose} ends with {code}"
            expect(what, finished.returncode == code, finished.stdout + finished.stderr)


def stamped(binary, pack, folder, options):
    for kind in ("rsa", "ec"):
        place = folder / kind
        place.mkdir()
        timestamp_authority.make(place, kind)
        target = folder / f"stamped-{kind}"
        with timestamp_authority.Authority(place) as authority:
            made = run(binary, *options, "--out", target, "--sign", folder / "key.pem", "--timestamp", authority.url)
        expect(f"time stamp, {kind}: the pack is written", made.returncode == 0, made.stderr)
        checked = run(binary, "verify", target, "--timestamp-ca", place / "root.pem", "--public-key", folder / "key.pub.pem")
        right = checked.returncode == 0 and "says `Test Authority`, for whom the given certificates vouch" in checked.stdout
        expect(f"time stamp, {kind}: verify accepts it", right, checked.stdout + checked.stderr)
        openssl = ["openssl", "ts", "-verify", "-in", target / STAMP, "-data", target / ENVELOPE, "-CAfile", place / "root.pem"]
        checked = run(*openssl)
        expect(f"time stamp, {kind}: openssl ts accepts it", checked.returncode == 0, checked.stdout + checked.stderr)
    other = run(binary, "verify", folder / "stamped-rsa", "--timestamp-ca", folder / "ec" / "root.pem")
    expect("time stamp: verify refuses an authority that others vouch for", other.returncode == 4, other.stdout)
    (folder / "stamped-rsa" / STAMP).unlink()
    missing = run(binary, "verify", folder / "stamped-rsa", "--timestamp-ca", folder / "rsa" / "root.pem")
    expect("time stamp: verify notices one that is missing", missing.returncode == 4, missing.stdout)
    gone = run(binary, *options, "--out", folder / "gone", "--sign", folder / "key.pem", "--timestamp", "http://127.0.0.1:9/")
    expect("time stamp: without the authority there is no pack", gone.returncode == 2 and not (folder / "gone").exists(), gone.stderr)


class Kms(http.server.BaseHTTPRequestHandler):
    """AWS KMS with one key, which `cryptography` holds. (moto 5.2.1 hashes a digest once more, so it cannot play this.)"""

    key = ec.generate_private_key(ec.SECP256R1())
    asked = []

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        operation = self.headers["x-amz-target"]
        self.asked.append((operation, asked))
        answer = {"KeyId": asked["KeyId"], "SigningAlgorithm": "ECDSA_SHA_256"}
        if operation == "TrentService.GetPublicKey":
            form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
            der = self.key.public_key().public_bytes(*form)
            answer.update(PublicKey=base64.b64encode(der).decode(), KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        else:
            message, kind = base64.b64decode(asked["Message"]), hashes.SHA256()
            kind = utils.Prehashed(kind) if asked["MessageType"] == "DIGEST" else kind
            answer.update(Signature=base64.b64encode(self.key.sign(message, ec.ECDSA(kind))).decode())
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def kms(binary, folder, options):
    server = http.server.HTTPServer(("127.0.0.1", 0), Kms)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_KMS": f"http://127.0.0.1:{server.server_port}",
    }
    arn = "arn:aws:kms:us-east-1:111122223333:alias/evidence"
    made = run(binary, *options, "--out", folder / "kms", "--sign", f"kms:{arn}", env=environment)
    server.shutdown()
    server.server_close()
    expect("AWS KMS: the pack is written", made.returncode == 0, made.stderr)
    calls = [operation.split(".")[1] for operation, _ in Kms.asked]
    expect("AWS KMS: the key is looked at once and signs once", calls == ["GetPublicKey", "Sign"], calls)
    pem = folder / "kms.pub.pem"
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    pem.write_bytes(Kms.key.public_key().public_bytes(*form))
    return folder / "kms", pem


def main(arguments):
    pack = Path(arguments[0]).resolve()
    binary = Path(arguments[1] if len(arguments) > 1 else "target/debug/pinpoint-evidence").resolve()
    expect("the encoding is that of the specification", encoding("http://example.com/HelloWorld", b"hello world")
           == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stem in ("key", "other"):
            run("openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / f"{stem}.pem", check=True)
            run("openssl", "pkey", "-in", folder / f"{stem}.pem", "-pubout", "-out", folder / f"{stem}.pub.pem", check=True)
        options = ["--quiet", "pack", "--exit-zero", "--from", pack / "evidence", "--config", pack / "declarations.toml"]
        made = run(binary, *options, "--out", folder / "signed", "--sign", folder / "key.pem")
        expect("Ed25519: the pack is written", made.returncode == 0, made.stderr)
        packs = {"Ed25519": (folder / "signed", folder / "key.pub.pem"), "AWS KMS": kms(binary, folder, options)}
        for kind, (signed, pem) in packs.items():
            check_statement(kind, signed, check_envelope(kind, signed, pem, folder))
            check_verify(kind, binary, signed, pem, folder / "other.pub.pem")
        stamped(binary, pack, folder, options)
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
