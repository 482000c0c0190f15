//! What only a socket can do: refuse, reset, hang up, say nothing, or stop in the middle.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_smithy_types::retry::RetryConfig;
use tokio::sync::mpsc;

use super::world::{ACCOUNT, BEFORE, REGION, clock};
use crate::collect::Pace;
use crate::collect::classify::Absence;
use crate::collect::connect::{Aws, timeouts, with_example_credentials};
use crate::collect::place::{Place, get};
use crate::collect::record::Parameters;
use crate::collect::session::{FINISHED, Session, Site};
use crate::snapshot::{Call, Outcome};

/// A server on the loopback that treats each connection in one way.
fn server(treat: fn(TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || treat(stream));
        }
    });
    url
}

fn read_request(stream: &mut TcpStream) {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request);
}

fn say(mut stream: TcpStream, text: &str) {
    read_request(&mut stream);
    let _ = stream.write_all(text.as_bytes());
}

fn aws(url: &str) -> Aws {
    let sdk = with_example_credentials(REGION)
        .to_builder()
        .endpoint_url(url)
        .timeout_config(timeouts(Duration::from_millis(400)))
        .retry_config(RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(1)))
        .build();
    Aws::new(sdk, REGION)
}

async fn ask(aws: &Aws) -> Call {
    let (sender, mut finished) = mpsc::channel(FINISHED);
    let session = Session::new(Pace::Unlimited, &clock(BEFORE), sender);
    let site = Site::new(&session, ACCOUNT, REGION, None);
    let client = aws_sdk_sesv2::Client::new(&aws.at(REGION));
    let place = Place::new(&session, &site);
    get!(place, GET_ACCOUNT, Parameters::new(), Absence::Unconfirmed, client.get_account()).await;
    finished.recv().await.expect("one call")
}

#[track_caller]
fn assert_ended(call: &Call, outcome: Outcome, http_status: Option<u16>, attempts: u32) {
    let message = call.error.as_ref().and_then(|error| error.message.clone());
    assert_eq!((call.outcome, call.http_status, call.attempts), (outcome, http_status, attempts), "{message:?}");
    assert!(message.is_some() || outcome == Outcome::Observed);
    for layer in ["dispatch failure", "io error", "client error (", "response error"] {
        assert!(!message.as_deref().unwrap_or_default().contains(layer), "only causes are told: {message:?}");
    }
}

#[tokio::test]
async fn a_whole_answer_over_a_socket_is_observed() {
    let url = server(|stream| say(stream, "HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n{\"SendingEnabled\":true}\n"));
    assert_ended(&ask(&aws(&url)).await, Outcome::Observed, Some(200), 1);
}

#[tokio::test]
async fn a_refused_connection_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let call = ask(&aws(&url)).await;
    assert_ended(&call, Outcome::Unreachable, None, 2);
    assert_eq!(call.body, None);
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_unreachable() {
    let url = server(|mut stream| read_request(&mut stream));
    assert_ended(&ask(&aws(&url)).await, Outcome::Unreachable, None, 2);
}

#[tokio::test]
async fn a_reset_connection_is_unreachable() {
    // Closing with unread bytes makes the system send a reset.
    let url = server(|mut stream| {
        let _ = stream.read(&mut [0; 1]);
    });
    assert_ended(&ask(&aws(&url)).await, Outcome::Unreachable, None, 2);
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        std::thread::sleep(Duration::from_secs(5));
    });
    assert_ended(&ask(&aws(&url)).await, Outcome::Timeout, None, 2);
}

#[tokio::test]
async fn a_body_that_stops_coming_is_a_timeout_that_keeps_the_status() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"Sending");
        std::thread::sleep(Duration::from_secs(5));
    });
    assert_ended(&ask(&aws(&url)).await, Outcome::Timeout, Some(200), 2);
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_unreachable_and_never_observed() {
    let url = server(|stream| say(stream, "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"SendingEnabled\":true}"));
    let call = ask(&aws(&url)).await;
    assert_eq!((call.outcome, call.http_status, call.body), (Outcome::Unreachable, Some(200), None));
}

#[tokio::test]
async fn retries_are_counted_and_the_last_answer_is_the_one_that_is_kept() {
    let url =
        server(|stream| say(stream, "HTTP/1.1 503 Busy\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{\"a\": 1}"));
    let call = ask(&aws(&url)).await;
    assert_ended(&call, Outcome::ServerError, Some(503), 2);
    assert_eq!(call.body.as_deref(), Some("{\"a\": 1}"));
}

#[tokio::test]
async fn an_attempt_without_an_answer_does_not_inherit_the_one_before() {
    static CONNECTIONS: AtomicU32 = AtomicU32::new(0);
    let url = server(|mut stream| {
        if CONNECTIONS.fetch_add(1, Ordering::Relaxed) == 0 {
            say(stream, "HTTP/1.1 503 Busy\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbusy");
        } else {
            read_request(&mut stream);
        }
    });
    let call = ask(&aws(&url)).await;
    assert_ended(&call, Outcome::Unreachable, None, 2);
    assert_eq!(call.body, None);
}

#[tokio::test]
async fn an_endpoint_that_excludes_fips_is_written_down_as_unreachable() {
    let sdk = aws("http://127.0.0.1:1").at(REGION).to_builder().use_fips(true).build();
    let call = ask(&Aws::new(sdk, REGION)).await;
    assert_ended(&call, Outcome::Unreachable, None, 0);
    let message = call.error.and_then(|error| error.message).unwrap_or_default();
    assert!(message.to_lowercase().contains("fips"), "{message}");
}
