//! What a backend can do wrong, and that the caller always gets an answer that says so, within bounds.
//!
//! Deadlines are short where they must pass, and long where they must not; no test measures time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};
use spandrel_plan::CallErrorKind::{
    self, ConnectFailed, ConnectionBroken, MalformedResponse, ResponseTooLarge, TimedOut,
};
use spandrel_plan::{CallError, Content, Outcome};
use spandrel_runtime::{Bridge, CallLimits};
use tokio::sync::mpsc;

use crate::backend::{self, Exchange};
use crate::{api, client};

const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const EVENTS: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const CHUNKED: &str = "transfer-encoding: chunked\r\n\r\n";

/// Long enough never to pass in a test that ends.
const LONG: Duration = Duration::from_mins(5);
/// To pass in a test that waits for it.
const SHORT: Duration = Duration::from_millis(200);

fn bridge(base: &str, timeout: Duration) -> Bridge {
    let limits = CallLimits { timeout, response_bytes: 64 * 1024, ..CallLimits::default() };
    Bridge::builder(api::catalog(base)).limits(limits).build().unwrap()
}

async fn get(base: &str, timeout: Duration) -> Result<Outcome, CallError> {
    bridge(base, timeout).call("headers", Map::new()).await
}

fn text(outcome: &Outcome) -> String {
    let texts = outcome.content.iter().filter_map(|content| match content {
        Content::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_answer_that_is_not_whole_is_never_a_success() {
    let table: [(&str, String, CallErrorKind); 14] = [
        ("closed at once", String::new(), ConnectionBroken),
        ("cut in the status line", "HTTP/1.1 20".to_owned(), ConnectionBroken),
        ("cut in the head", format!("{JSON}content-le"), ConnectionBroken),
        ("shorter than declared", format!("{JSON}content-length: 9\r\n\r\n{{}}"), ConnectionBroken),
        ("cut before a chunk", format!("{JSON}{CHUNKED}2\r\n{{}}\r\n"), ConnectionBroken),
        ("cut in a chunk", format!("{JSON}{CHUNKED}10\r\n{{}}"), ConnectionBroken),
        ("cut before the last line end", format!("{JSON}{CHUNKED}2\r\n{{}}\r\n0\r\n"), ConnectionBroken),
        ("a chunk size that is none", format!("{JSON}{CHUNKED}zz\r\n{{}}\r\n0\r\n\r\n"), MalformedResponse),
        ("a chunk that is longer", format!("{JSON}{CHUNKED}1\r\n{{}}\r\n0\r\n\r\n"), MalformedResponse),
        ("a chunk size beyond all", format!("{JSON}{CHUNKED}fffffffffffffffff\r\n"), MalformedResponse),
        (
            "two lengths",
            format!("{JSON}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"),
            MalformedResponse,
        ),
        ("a length that is none", format!("{JSON}content-length: -2\r\n\r\n{{}}"), MalformedResponse),
        (
            "not gzip",
            format!("{JSON}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{{}}"),
            MalformedResponse,
        ),
        (
            "an unknown coding",
            format!("{JSON}content-encoding: sdch\r\ncontent-length: 2\r\n\r\n{{}}"),
            MalformedResponse,
        ),
    ];
    for (case, answer, kind) in table {
        let base = backend::fixed(answer).await;
        let error = get(&base, LONG).await.expect_err(case);
        assert_eq!(error.kind, kind, "{case}: {error}");
    }
}

#[tokio::test]
async fn heads_are_bounded() {
    let many = (0..5000).fold(String::new(), |head, n| head + &format!("x-{n}: y\r\n"));
    let long = format!("x: {}\r\n", "y".repeat(4 * 1024 * 1024));
    for flood in [many, long] {
        let base = backend::fixed(format!("{JSON}{flood}content-length: 2\r\n\r\n{{}}")).await;
        let error = get(&base, LONG).await.unwrap_err();
        assert_eq!(error.kind, MalformedResponse, "{error}");
        assert!(error.message.contains("more or longer headers"), "{error}");
    }
}

#[tokio::test]
async fn interim_answers_are_passed_over() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(20);
    let base = backend::fixed(format!("{interim}{JSON}content-length: 2\r\n\r\n{{}}")).await;
    let outcome = get(&base, LONG).await.unwrap();
    assert_eq!((outcome.status, text(&outcome).as_str()), (Some(200), "{}"));
}

#[tokio::test]
async fn one_deadline_holds_for_the_whole_call() {
    async fn drip(mut exchange: Exchange, bytes: &'static str) -> Option<Exchange> {
        while exchange.write(bytes).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }
    let silent = backend::start(|mut exchange: Exchange| async move {
        exchange.closed().await;
        None
    });
    let head = backend::start(|mut exchange: Exchange| async move {
        exchange.write("HTTP/1.1 200 OK\r\nx: ").await;
        drip(exchange, "y").await
    });
    let body = backend::start(|mut exchange: Exchange| async move {
        exchange.write(format!("{JSON}content-length: 60000\r\n\r\n")).await;
        drip(exchange, "1").await
    });
    let chunks = backend::start(|mut exchange: Exchange| async move {
        exchange.write(format!("{JSON}{CHUNKED}")).await;
        drip(exchange, "1\r\n1\r\n").await
    });
    let interim = backend::start(|exchange: Exchange| drip(exchange, "HTTP/1.1 100 Continue\r\n\r\n"));
    for (case, (base, _)) in [
        ("silent", silent.await),
        ("a head that drips", head.await),
        ("a body that drips", body.await),
        ("chunks that drip", chunks.await),
        ("interim answers without end", interim.await),
    ] {
        let error = get(&base, SHORT).await.expect_err(case);
        assert_eq!(error.kind, TimedOut, "{case}: {error}");
    }
}

#[tokio::test]
async fn bodies_without_end_are_left_at_the_bound() {
    let (sender, mut written) = mpsc::unbounded_channel();
    let (base, _) = backend::start(move |mut exchange: Exchange| {
        let sender = sender.clone();
        async move {
            exchange.write(format!("{JSON}{CHUNKED}")).await;
            let mut size = 0;
            while exchange.chunk(vec![b' '; 8192]).await {
                size += 8192;
            }
            sender.send(size).unwrap();
            None
        }
    })
    .await;
    let error = get(&base, LONG).await.unwrap_err();
    assert_eq!(error.kind, ResponseTooLarge, "{error}");
    // Beyond the bound only the sockets' buffers were filled.
    let size: usize = written.recv().await.unwrap();
    assert!(size < 32 * 1024 * 1024, "{size}");

    let declared = backend::fixed(format!("{JSON}content-length: 200000000\r\n\r\n")).await;
    assert_eq!(get(&declared, LONG).await.unwrap_err().kind, ResponseTooLarge);
}

#[tokio::test]
async fn a_small_body_that_unpacks_to_a_large_one_is_left_at_the_bound() {
    use async_compression::tokio::bufread as encoders;
    use tokio::io::AsyncReadExt;

    let zeros = vec![0; 16 * 1024 * 1024];
    let mut bodies: Vec<(&str, Vec<u8>)> = Vec::new();
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let mut body = Vec::new();
        match coding {
            "gzip" => encoders::GzipEncoder::new(&*zeros).read_to_end(&mut body).await,
            "br" => {
                encoders::BrotliEncoder::with_quality(&*zeros, async_compression::Level::Fastest)
                    .read_to_end(&mut body)
                    .await
            }
            "zstd" => encoders::ZstdEncoder::new(&*zeros).read_to_end(&mut body).await,
            _ => encoders::ZlibEncoder::new(&*zeros).read_to_end(&mut body).await,
        }
        .unwrap();
        bodies.push((coding, body));
    }
    let mut twice = Vec::new();
    encoders::GzipEncoder::new(&*bodies[0].1).read_to_end(&mut twice).await.unwrap();
    bodies.push(("gzip, gzip", twice));
    for (coding, body) in bodies {
        let head = format!("{JSON}content-encoding: {coding}\r\ncontent-length: {}\r\n\r\n", body.len());
        let base = backend::fixed([head.into_bytes(), body].concat()).await;
        let error = get(&base, LONG).await.expect_err(coding);
        assert_eq!(error.kind, ResponseTooLarge, "{coding}: {error}");
    }
}

#[tokio::test]
async fn what_came_of_a_stream_is_shown_with_why_it_ended() {
    let endless = backend::start(|mut exchange: Exchange| async move {
        exchange.write(EVENTS).await;
        exchange.chunk("data: one\n\ndata: two\n\n").await;
        exchange.closed().await;
        None
    });
    let broken = backend::start(|mut exchange: Exchange| async move {
        exchange.write(EVENTS).await;
        exchange.chunk("data: one\n\ndata: two\n\n").await;
        None
    });
    let flood = backend::start(|mut exchange: Exchange| async move {
        exchange.write(EVENTS).await;
        exchange.chunk("data: one\n\ndata: two\n\n").await;
        while exchange.chunk(": nothing\n\n".repeat(500)).await {}
        None
    });
    for ((base, _), cause) in [
        (endless.await, "no whole answer within"),
        (broken.await, "broke before the answer was whole"),
        (flood.await, "larger than 65536 bytes"),
    ] {
        let timeout = if cause.contains("within") { SHORT } else { LONG };
        let outcome = get(&base, timeout).await.unwrap();
        assert!(outcome.is_error);
        // A tool's output schema says nothing of half an answer.
        assert_eq!(outcome.drift, None);
        let text = text(&outcome);
        assert!(
            text.contains(cause) && text.ends_with("came of the stream before that:\none\ntwo"),
            "{text}"
        );
    }
}

/// A server that sends more than it declared must not answer the next call with the surplus.
#[tokio::test]
async fn surplus_bytes_are_never_another_answer() {
    for late in [false, true] {
        let (base, _) = backend::start(move |mut exchange: Exchange| async move {
            let path = exchange.head.split(' ').nth(1).unwrap().to_owned();
            let body = format!("{{\"for\":\"{path}\",\"number\":{}}}", exchange.number);
            let answer = format!("{JSON}content-length: {}\r\n\r\n{body}", body.len());
            let surplus = format!("{JSON}content-length: 10\r\n\r\n\"smuggled\"");
            if late {
                exchange.write(answer).await;
                tokio::task::yield_now().await;
                exchange.write(surplus).await;
            } else {
                exchange.write(answer + &surplus).await;
            }
            Some(exchange)
        })
        .await;
        let bridge = bridge(&base, LONG);
        for _ in 0..50 {
            let outcome = bridge.call("headers", Map::new()).await;
            // With the surplus in time, the next call may find its connection closed; never an answer.
            let outcome = match outcome {
                Err(error) => {
                    assert!(late, "{error}");
                    assert!(matches!(error.kind, ConnectionBroken | MalformedResponse), "{error}");
                    continue;
                }
                Ok(outcome) => text(&outcome),
            };
            assert!(outcome.contains("\"for\":\"/headers\""), "{outcome}");
        }
    }
}

#[tokio::test]
async fn a_backend_that_is_down_is_named() {
    let error = get(&api::closed().await, LONG).await.unwrap_err();
    assert_eq!(error.kind, ConnectFailed);
    assert!(error.message.contains("Check that the API is running"), "{error}");
}

/// Hundreds of calls to an operation that hangs leave room for the others.
#[tokio::test]
async fn others_are_served_while_one_operation_hangs() {
    let hanging = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&hanging);
    let (base, _) = backend::start(move |mut exchange: Exchange| {
        let seen = Arc::clone(&seen);
        async move {
            if exchange.head.starts_with("GET /slow") {
                seen.fetch_add(1, Ordering::SeqCst);
                exchange.closed().await;
                return None;
            }
            exchange.write(format!("{JSON}content-length: 2\r\n\r\n{{}}")).await;
            Some(exchange)
        }
    })
    .await;
    let bridge = bridge(&base, LONG);
    let calls: Vec<_> = (0..600)
        .map(|_| {
            let bridge = bridge.clone();
            tokio::spawn(async move { bridge.call("slow", Map::new()).await })
        })
        .collect();
    let most = CallLimits::default().calls_per_tool;
    while hanging.load(Ordering::SeqCst) < most {
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        assert_eq!(text(&bridge.call("headers", Map::new()).await.unwrap()), "{}");
    }
    assert_eq!(hanging.load(Ordering::SeqCst), most);
    calls.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn names_of_any_kind_are_only_names() {
    let base = api::start().await;
    let url = client::serve(&bridge(&base, LONG)).await;
    for arguments in [
        r#"{"__proto__":{"polluted":true},"constructor":1}"#,
        r#"{"a\u0000b":1,"\u0007":2,"":3,"a\r\nx-injected: 1":4}"#,
    ] {
        let result = client::call(&url, "echo", arguments).await.result();
        assert_eq!(result["isError"], false, "{result}");
        let sent: Value = serde_json::from_str(arguments).unwrap();
        let came: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(came, sent);
    }
    for arguments in [r#"{"a":NaN}"#, r#"{"a":Infinity}"#, r#"{"a":-}"#] {
        assert_eq!(client::call(&url, "echo", arguments).await.code(), Some(-32700), "{arguments}");
    }
}

/// Whatever goes wrong is a result for the model, never a protocol error, and says nothing of the query.
#[tokio::test]
async fn faults_reach_the_model_as_results() {
    let table: [(&str, &str); 5] = [
        ("", "broke before the answer was whole"),
        ("SSH-2.0\r\n", "is not HTTP"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}", "broke before the answer was whole"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nq\r\n", "not framed as HTTP asks"),
        ("HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 3\r\n\r\nxyz", "cannot be decoded"),
    ];
    for (answer, expected) in table {
        let url = client::serve(&bridge(&backend::fixed(answer).await, LONG)).await;
        let result = client::call(&url, "headers", "{}").await.result();
        assert_eq!(result["isError"], json!(true), "{answer:?}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.contains(expected), "{answer:?}: {text}");
        assert!(!text.contains("/headers"), "{text}");
    }
}
