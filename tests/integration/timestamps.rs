//! A trusted time over the signature: `openssl ts` is the authority, on the loopback.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::common::{Bench, keys};

const PACK: &str = "pack --exit-zero --from demo/evidence --config demo/declarations.toml --sign key.pem --out";

/// Keys and certificates of an authority; `$1` is its name.
const MAKE: &str = r#"set -e; cd "$1"; exec 2>/dev/null
printf '[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ncrypto_device=builtin\ndefault_policy=1.2.3.4\ndigests=sha256\n' > conf
printf 'extendedKeyUsage=critical,timeStamping\n' > ext
echo 01 > serial
for name in root tsa; do openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $name.key; done
openssl req -x509 -new -key root.key -subj /CN=Root -days 30 -out root.pem -addext basicConstraints=critical,CA:TRUE
openssl req -new -key tsa.key -subj "/CN=Authority" -out tsa.csr
openssl x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -extfile ext -out tsa.pem
"#;
const REPLY: &str =
    r#"cd "$1"; openssl ts -reply -config conf -section t -queryfile query -signer tsa.pem -inkey tsa.key -sha256"#;

fn shell(script: &str, folder: &Path) -> Vec<u8> {
    let out = Command::new("/bin/sh").args(["-c", script, "sh"]).arg(folder).output().expect("a shell");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// An authority with keys of its own that answers `answers` requests; where it listens.
fn authority(folder: PathBuf, answers: usize) -> String {
    std::fs::create_dir(&folder).expect("creates");
    shell(MAKE, &folder);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || listener.incoming().flatten().take(answers).for_each(|stream| answer(stream, &folder)));
    format!("http://{address}/")
}

fn answer(mut stream: TcpStream, folder: &Path) {
    let mut request = Vec::new();
    let mut block = [0; 4096];
    let body = loop {
        let read = stream.read(&mut block).expect("a request");
        request.extend_from_slice(&block[..read]);
        let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
        assert!(head.contains("content-type: application/timestamp-query"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if request.len() >= end + 4 + length.expect("a length") {
            break request[end + 4..].to_vec();
        }
    };
    std::fs::write(folder.join("query"), body).expect("writes");
    let reply = shell(REPLY, folder);
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/timestamp-reply\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        reply.len()
    );
    stream.write_all(&[head.as_bytes(), &reply].concat()).expect("answers");
}

fn has_openssl() -> bool {
    Command::new("openssl").arg("version").output().is_ok_and(|out| out.status.success())
}

#[test]
fn a_time_stamp_is_asked_for_kept_and_checked_offline() {
    if !has_openssl() {
        println!("SKIPPED: openssl is not here");
        return;
    }
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    keys::write(&bench, "key");
    let url = authority(bench.path("tsa"), 1);
    authority(bench.path("other"), 0);
    bench.program(&format!("{PACK} pack --timestamp {url}")).run().exits(0);
    let trusted =
        bench.program("verify pack --public-key key.pub.pem --timestamp-ca tsa/root.pem").run().exits(0).stdout;
    assert!(trusted.contains("says `Authority`, for whom the given certificates vouch"), "{trusted}");
    let unknown = bench.program("verify pack").run().exits(0).stdout;
    assert!(unknown.contains("Who that is was not checked"), "{unknown}");
    let stranger = bench.program("verify pack --timestamp-ca other/root.pem").run().exits(4).stdout;
    assert!(stranger.contains("manifest.tsr: the given certificates do not vouch"), "{stranger}");
    bench.program("verify pack --timestamp-ca key.pub.pem").run().exits(2).says(&["key.pub.pem", "certificate"]);
    // Signed again by another key, the stamp is over a signature that is gone.
    keys::write(&bench, "new");
    bench.program(&format!("{} resigned", PACK.replace("key.pem", "new.pem"))).run().exits(0);
    std::fs::copy(bench.path("pack/manifest.tsr"), bench.path("resigned/manifest.tsr")).expect("copies");
    let moved = bench.program("verify resigned").run().exits(4).stdout;
    assert!(moved.contains("manifest.tsr: it is a time stamp over something else"), "{moved}");
    let missing = bench.program("verify demo --timestamp-ca tsa/root.pem").run().exits(4).stdout;
    assert!(missing.contains("manifest.tsr: there is no time stamp"), "{missing}");
    let archive = bench.program("ticket pack --zip pack.zip --format json").run().exits(0).stdout;
    assert!(archive.contains("\"signed\":true"), "{archive}");
    let names = String::from_utf8_lossy(&std::fs::read(bench.path("pack.zip")).expect("a file")).into_owned();
    assert!(names.contains("manifest.tsr") && names.contains("manifest.dsse.json"));
}

#[test]
fn without_an_answer_that_is_one_there_is_no_pack() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    keys::write(&bench, "key");
    let endpoint = crate::common::Endpoint::answering(|_| crate::common::wire::answer(200, "no time stamp"));
    let pack = |url: &str| bench.program(&format!("{PACK} pack --timestamp {url}")).run().exits(2);
    pack(&endpoint.url()).says(&["time stamp", "127.0.0.1", "not the response"]).hints(&["RFC 3161"]);
    pack(&crate::common::Endpoint::refusing().url()).says(&["time stamp", "127.0.0.1"]);
    let error = crate::common::Endpoint::answering(|_| crate::common::wire::answer(503, ""));
    pack(&error.url()).says(&["HTTP status 503"]);
    pack("tsa.example.org").says(&["not an http or https URL"]);
    let secret = pack("ftp://user:hunter2@tsa.example.org/?token=hunter2");
    assert!(!secret.stderr.contains("hunter2"), "{}", secret.stderr);
    bench.program("pack --from demo/evidence --out pack --timestamp http://x").run().exits(2).says(&["--sign"]);
    assert!(!bench.path("pack").exists());
}
