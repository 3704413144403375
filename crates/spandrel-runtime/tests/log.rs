//! The one event of a call. A test binary of its own: which events are recorded is decided once for
//! a whole process.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "tests; the API is shared with others"
)]

#[path = "runtime/api.rs"]
mod api;

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use spandrel_plan::BaseUrl;
use spandrel_runtime::{Bridge, StaticHeaders};
use tracing_subscriber::EnvFilter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_call_is_one_event_without_secrets() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new("spandrel=trace,spandrel_runtime=trace"))
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let up = api::start().await;
    let (stuck, mut events) = api::stuck().await;
    let bridge = |base: &str| {
        let headers =
            StaticHeaders::for_server(&BaseUrl::parse(base).unwrap()).with_line("x-key: secret").unwrap();
        Bridge::builder(api::catalog(base)).credentials(headers).build().unwrap()
    };
    let secret = Map::from_iter([("x-trace".to_owned(), Value::from("secret"))]);
    for (base, tool) in [(&up, "headers"), (&up, "fail"), (&up, "secret\n"), (&api::closed().await, "echo")] {
        drop(bridge(base).call(tool, secret.clone()).await);
    }
    let mut cancelled = Box::pin(async { bridge(&stuck).call("slow", secret.clone()).await });
    tokio::select! {
        _ = &mut cancelled => {}
        _ = events.recv() => {}
    }
    drop(cancelled);

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let seen: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary: Vec<_> = seen
        .iter()
        .map(|event| {
            assert_eq!(
                (&event["target"], &event["level"]),
                (&json!("spandrel::call"), &json!("INFO")),
                "{event}"
            );
            let fields = &event["fields"];
            assert!(fields["duration_ms"].is_u64(), "{event}");
            json!([fields["tool"], fields["outcome"], fields["status"], fields["error"]])
        })
        .collect();
    assert_eq!(
        summary,
        [
            json!(["headers", "ok", 200, null]),
            json!(["fail", "error", 500, null]),
            json!(["secret\\n", "failed", null, "unknown_tool"]),
            json!(["echo", "failed", null, "connect_failed"]),
            json!(["slow", "failed", null, "cancelled"]),
        ]
    );
    assert_eq!(text.matches("secret").count(), 1, "{text}");
}
