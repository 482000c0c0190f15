//! An AWS endpoint on the loopback: real sockets, HTTP/1.1, one thread for each connection.
//!
//! It ends with the value that holds it. Behind one address all services answer for all regions, so service and region
//! come from the request's signature, and are put back into the host name that the request would have had.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};

/// How long a connection may last, whatever happens.
const LIFE: Duration = Duration::from_mins(2);
/// How often a thread looks whether it is over.
const TICK: Duration = Duration::from_millis(20);

/// What the endpoint does with a request.
pub(crate) enum Reply {
    /// Answers.
    Answer(WireResponse),
    /// Says nothing and holds the connection.
    Silence,
    /// Closes the connection in order, without an answer.
    Close,
    /// Closes the connection with a reset.
    Reset,
    /// Announces more than it sends, and closes.
    CutOff(WireResponse),
    /// Answers as the last one: whoever connects from now on is refused.
    LastAnswer(WireResponse),
}

type Play = dyn Fn(&WireRequest) -> Reply + Send + Sync;

/// A running endpoint.
pub(crate) struct Endpoint {
    door: Arc<Door>,
    over: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<WireRequest>>>,
}

/// Where connections come in, until it is shut.
struct Door {
    address: SocketAddr,
    shut: AtomicBool,
    /// The last connection through it. While that lives, nobody else is given the port.
    last: Mutex<Option<TcpStream>>,
    seen_shut: Condvar,
}

impl Door {
    fn open() -> (TcpListener, Arc<Self>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let door = Self { address, shut: AtomicBool::new(false), last: Mutex::default(), seen_shut: Condvar::new() };
        (listener, Arc::new(door))
    }

    /// Hands on every connection until it is shut.
    fn watch(&self, listener: TcpListener, serve: impl Fn(TcpStream)) {
        for stream in listener.incoming().flatten() {
            if self.shut.load(Ordering::SeqCst) {
                drop(listener);
                let _ = stream.shutdown(Shutdown::Both);
                *self.last.lock().expect("no panic") = Some(stream);
                self.seen_shut.notify_all();
                return;
            }
            serve(stream);
        }
    }

    /// From now on whoever connects is refused.
    fn shut(&self) {
        let first = !self.shut.swap(true, Ordering::SeqCst);
        // Wakes the listener, which then sees it.
        let _knock = first.then(|| TcpStream::connect(self.address));
        let last = self.last.lock().expect("no panic");
        drop(self.seen_shut.wait_while(last, |last| last.is_none()).expect("no panic"));
    }
}

impl Endpoint {
    /// Begins to answer as `play` says.
    pub(crate) fn playing(play: impl Fn(&WireRequest) -> Reply + Send + Sync + 'static) -> Self {
        let (listener, door) = Door::open();
        let endpoint = Self { door, over: Arc::default(), requests: Arc::default() };
        let connection = Connection {
            play: Arc::new(play),
            door: Arc::clone(&endpoint.door),
            over: Arc::clone(&endpoint.over),
            requests: Arc::clone(&endpoint.requests),
        };
        thread::spawn(move || {
            let door = Arc::clone(&connection.door);
            door.watch(listener, |stream| {
                let connection = connection.clone();
                thread::spawn(move || connection.serve(stream));
            });
        });
        endpoint
    }

    /// Nobody listens there, and nobody will.
    pub(crate) fn refusing() -> Self {
        let endpoint = Self::playing(|_| Reply::Close);
        endpoint.door.shut();
        endpoint
    }

    /// Answers every request.
    pub(crate) fn answering(answer: impl Fn(&WireRequest) -> WireResponse + Send + Sync + 'static) -> Self {
        Self::playing(move |request| Reply::Answer(answer(request)))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.door.address)
    }

    /// Every request so far, in the order of arrival.
    pub(crate) fn requests(&self) -> Vec<WireRequest> {
        self.requests.lock().expect("no panic").clone()
    }

    /// Waits until a request has arrived.
    pub(crate) fn wait_for_a_request(&self) {
        let begin = Instant::now();
        while self.requests().is_empty() {
            assert!(begin.elapsed() < LIFE, "nothing was asked");
            thread::sleep(TICK);
        }
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.door.shut();
    }
}

#[derive(Clone)]
struct Connection {
    play: Arc<Play>,
    door: Arc<Door>,
    over: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<WireRequest>>>,
}

impl Connection {
    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let _ = stream.set_read_timeout(Some(LIFE));
        while let Some((request, length)) = peek(&stream) {
            self.requests.lock().expect("no panic").push(request.clone());
            let reply = (self.play)(&request);
            if matches!(reply, Reply::Reset) {
                // Closing with unread bytes makes the system send a reset.
                return;
            }
            if stream.read_exact(&mut vec![0; length]).is_err() {
                return;
            }
            match reply {
                Reply::Answer(response) if send(&mut stream, &response, 0).is_ok() => {}
                Reply::Answer(_) | Reply::Close | Reply::Reset => return,
                Reply::LastAnswer(response) => {
                    self.door.shut();
                    let _ = send(&mut stream, &response, 0);
                    return;
                }
                Reply::CutOff(response) => {
                    let _ = send(&mut stream, &response, 100);
                    return;
                }
                Reply::Silence => return self.hold(),
            }
        }
    }

    fn hold(&self) {
        let begin = Instant::now();
        while !self.over.load(Ordering::Relaxed) && begin.elapsed() < LIFE {
            thread::sleep(TICK);
        }
    }
}

/// Sends an answer that announces this many bytes more than it has.
fn send(stream: &mut TcpStream, response: &WireResponse, withheld: usize) -> std::io::Result<()> {
    let mut text =
        format!("HTTP/1.1 {} Status\r\ncontent-length: {}\r\n", response.status, response.body.len() + withheld);
    for (name, value) in &response.headers {
        text.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
    }
    text.push_str("\r\n");
    text.push_str(&response.body);
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// The next request and its length, left unread; `None` when the client is done.
fn peek(stream: &TcpStream) -> Option<(WireRequest, usize)> {
    let mut bytes = vec![0; 64 * 1024];
    let begin = Instant::now();
    while begin.elapsed() < LIFE {
        let length = stream.peek(&mut bytes).ok().filter(|length| *length > 0)?;
        // A body need not be text, so where it ends is counted in bytes.
        if let Some(head) = bytes[..length].windows(4).position(|end| end == b"\r\n\r\n") {
            let (mut request, body) = parse(&String::from_utf8_lossy(&bytes[..head]))?;
            if let Some(sent) = bytes[..length].get(head + 4..head + 4 + body) {
                request.body = String::from_utf8_lossy(sent).into_owned();
                return Some((request, head + 4 + body));
            }
        }
        thread::sleep(Duration::from_millis(1));
    }
    None
}

/// A request without its body, and the length of that.
fn parse(head: &str) -> Option<(WireRequest, usize)> {
    let mut lines = head.lines();
    let mut words = lines.next()?.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut request = WireRequest { method, host: String::new(), path, target: None, body: String::new() };
    let mut length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "x-amz-target" => request.target = Some(value.to_owned()),
            "authorization" => request.host = signed_host(value)?,
            _ => {}
        }
    }
    Some((request, length))
}

/// `… Credential=<key>/<date>/<region>/<service>/aws4_request, …`
fn signed_host(authorization: &str) -> Option<String> {
    let scope = authorization.split_once("Credential=")?.1.split(',').next()?;
    let mut parts = scope.split('/').skip(2);
    let (region, service) = (parts.next()?, parts.next()?);
    let label = match service {
        "mobiletargeting" => "pinpoint",
        "ses" => "email",
        other => other,
    };
    Some(format!("{label}.{region}.amazonaws.com"))
}
