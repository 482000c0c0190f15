"""Signs the sample pack in every way there is, and checks it with what others wrote.

    python3 tests/outside/signature.py PACK [BINARY]      default: target/debug/pinpoint-evidence

The signature with the Python package `cryptography` and with `openssl`, over an encoding that is computed here from the DSSE
specification; the statement against the manifest; a key in AWS KMS as moto plays it; a time stamp of `openssl ts`, checked by
`openssl ts -verify` as well. `verify.py` of the pack has to agree. Needs `openssl`, `cryptography`, `moto` and `boto3`.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from moto.server import ThreadedMotoServer

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
    shutil.copy(folder / "stamped-ec" / STAMP, folder / "stamped-rsa" / STAMP)
    other = run(binary, "verify", folder / "stamped-rsa")
    (folder / "stamped-rsa" / STAMP).unlink()
    missing = run(binary, "verify", folder / "stamped-rsa", "--timestamp-ca", folder / "rsa" / "root.pem")
    expect("time stamp: verify notices one that is missing", missing.returncode == 4, missing.stdout)
    gone = run(binary, *options, "--out", folder / "gone", "--sign", folder / "key.pem", "--timestamp", "http://127.0.0.1:9/")
    expect("time stamp: without the authority there is no pack", gone.returncode == 2 and not (folder / "gone").exists(), gone.stderr)


def kms(binary, folder, options):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        secrets = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_EC2_METADATA_DISABLED": "true"}
        names = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "example"}
        client = boto3.client("kms", region_name="us-east-1", endpoint_url=url, **names)
        key = client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        der = client.get_public_key(KeyId=key)["PublicKey"]
        public = serialization.load_der_public_key(der)
        pem = folder / "kms.pub.pem"
        pem.write_bytes(public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        environment = {"PATH": os.environ["PATH"], **secrets, "AWS_ENDPOINT_URL_KMS": url}
        made = run(binary, *options, "--out", folder / "kms", "--sign", f"kms:{key}", env=environment)
        expect("AWS KMS (moto): the pack is written", made.returncode == 0, made.stderr)
        return folder / "kms", pem
    finally:
        server.stop()


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
        packs = {"Ed25519": (folder / "signed", folder / "key.pub.pem"), "AWS KMS (moto)": kms(binary, folder, options)}
        for kind, (signed, pem) in packs.items():
            check_statement(kind, signed, check_envelope(kind, signed, pem, folder))
            check_verify(kind, binary, signed, pem, folder / "other.pub.pem")
        stamped(binary, pack, folder, options)
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
