"""A time stamping authority on loopback: what answers is `openssl ts -reply`.

Used by other scripts; `python3 tests/outside/timestamp_authority.py FOLDER` makes one, prints its address, and serves until
standard input ends. `FOLDER/root.pem` is the certificate to trust.
"""

import http.server
import subprocess
import sys
import threading
from pathlib import Path

SETTINGS = """\
[tsa]
default_tsa = settings
[settings]
serial = serial
crypto_device = builtin
default_policy = 1.3.6.1.4.1.0.1
digests = sha256
ess_cert_id_alg = sha256
"""
EXTENSIONS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
ROOT = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]
KEYS = {"ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}


def openssl(folder, *arguments):
    command = ["openssl", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout


def make(folder, kind="rsa"):
    """The keys and certificates of an authority, below a folder."""
    (folder / "settings.cnf").write_text(SETTINGS)
    (folder / "extensions.cnf").write_text(EXTENSIONS)
    (folder / "serial").write_text("01\n")
    for name in ("root", "tsa"):
        openssl(folder, "genpkey", "-algorithm", *KEYS[kind], "-out", f"{name}.key")
    openssl(folder, "req", "-x509", "-new", "-key", "root.key", "-subj", "/CN=Test Root", "-days", "30", "-out", "root.pem", *ROOT)
    openssl(folder, "req", "-new", "-key", "tsa.key", "-subj", "/CN=Test Authority", "-out", "tsa.csr")
    signs = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30", "-extfile", "extensions.cnf"]
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *signs, "-out", "tsa.pem")


class Authority:
    """Answers requests until it is closed."""

    def __init__(self, folder):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["content-length"]))
                if self.headers["content-type"] != "application/timestamp-query":
                    self.send_error(415)
                    return
                (folder / "query.tsq").write_bytes(query)
                settings = ["-config", "settings.cnf", "-section", "settings", "-queryfile", "query.tsq"]
                answer = openssl(folder, "ts", "-reply", *settings, "-signer", "tsa.pem", "-inkey", "tsa.key", "-sha256")
                self.send_response(200)
                self.send_header("content-type", "application/timestamp-reply")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
    with Authority(Path(sys.argv[1])) as authority:
        print(authority.url, flush=True)
        sys.stdin.read()
