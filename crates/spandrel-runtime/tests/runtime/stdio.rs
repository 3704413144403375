//! MCP over a pair of streams.

use std::time::Duration;

use serde_json::{Value, json};
use spandrel_runtime::Bridge;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::api;

struct Session {
    bridge: Bridge,
    input: DuplexStream,
    output: Lines<BufReader<DuplexStream>>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Session {
    fn start(base: &str, drain: Duration) -> Self {
        let bridge = Bridge::builder(api::catalog(base)).build().unwrap();
        let (input, theirs) = tokio::io::duplex(1 << 16);
        let (ours, output) = tokio::io::duplex(1 << 16);
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let serving = bridge.clone();
        let served = tokio::spawn(async move { serving.serve_streams(theirs, ours, shutdown, drain).await });
        Self { bridge, input, output: BufReader::new(output).lines(), stop, served }
    }

    async fn send(&mut self, message: &str) {
        self.input.write_all(format!("{message}\n").as_bytes()).await.unwrap();
    }

    async fn receive(&mut self) -> Value {
        serde_json::from_str(&self.output.next_line().await.unwrap().unwrap()).unwrap()
    }

    async fn ask(&mut self, message: &str) -> Value {
        self.send(message).await;
        self.receive().await
    }

    async fn initialize(&mut self) {
        let answer = self
            .ask(
                r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#,
            )
            .await;
        assert_eq!(answer["result"]["protocolVersion"], "2025-11-25", "{answer}");
        self.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
    }
}

const FOREVER: Duration = Duration::from_mins(10);
const ECHO: &str =
    r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"n":1.10}}}"#;
const SLOW: &str =
    r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"slow","arguments":{}}}"#;

#[tokio::test]
async fn a_session_ends_with_its_input() {
    let mut session = Session::start(&api::start().await, FOREVER);
    session.initialize().await;
    session.send(ECHO).await;
    let answer = session.output.next_line().await.unwrap().unwrap();
    assert!(answer.contains(r#""structuredContent":{"n":1.10}"#), "{answer}");
    drop(session.input);
    session.served.await.unwrap().unwrap();
    assert_eq!(session.output.next_line().await.unwrap(), None);
}

#[tokio::test]
async fn an_input_that_ends_at_once_is_no_error() {
    let session = Session::start("http://127.0.0.1:9", FOREVER);
    drop(session.input);
    session.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_stateless_revision_needs_no_handshake() {
    let mut session = Session::start(&api::start().await, FOREVER);
    // What comes before the session begins does not end it.
    session.send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}"#).await;
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let request =
        |method: &str| json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": {"_meta": meta}});
    let answer = session.ask(&request("server/discover").to_string()).await;
    assert_eq!(answer["result"]["resultType"], "complete", "{answer}");
    let answer = session.ask(&request("tools/list").to_string()).await;
    assert_eq!(answer["result"]["tools"][0]["name"], "echo", "{answer}");
    assert!(answer["result"]["_meta"]["io.modelcontextprotocol/serverInfo"].is_object(), "{answer}");
}

#[tokio::test]
async fn malformed_messages_are_answered() {
    let mut session = Session::start(&api::start().await, FOREVER);
    session.initialize().await;
    for (message, code, id) in [
        ("{", -32700, Value::Null),
        ("[]", -32600, Value::Null),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600, Value::Null),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo","arguments":[1]}}"#,
            -32602,
            json!(3),
        ),
        (r#"{"jsonrpc":"2.0","id":3,"method":"no/such"}"#, -32601, json!(3)),
    ] {
        let answer = session.ask(message).await;
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &id), "{message}: {answer}");
    }
    let too_long = vec![b'x'; 5 * 1024 * 1024];
    for (bytes, code) in [
        (&b"\xff"[..], -32700),
        (b"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"\xff\"}", -32700),
        (&too_long, -32600),
    ] {
        session.input.write_all(bytes).await.unwrap();
        let answer = session.ask("").await;
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &Value::Null), "{answer}");
    }
    let answer = session.ask(r#"{"jsonrpc":"2.0","id":4,"method":"ping"}"#).await;
    assert_eq!(answer["result"], json!({}));
}

#[tokio::test]
async fn a_cancelled_call_drops_its_request() {
    let (base, mut events) = api::stuck().await;
    let mut session = Session::start(&base, FOREVER);
    session.initialize().await;
    session.send(SLOW).await;
    assert_eq!(events.recv().await, Some("received"));
    session.send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#).await;
    assert_eq!(events.recv().await, Some("dropped"));
    drop(session.input);
    session.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn calls_in_flight_end_before_the_session_does() {
    for by_signal in [false, true] {
        let (go, gone) = tokio::sync::watch::channel(false);
        let (arrived, mut arrivals) = tokio::sync::mpsc::channel::<()>(1);
        let route = axum::routing::get(move || {
            let (arrived, mut gone) = (arrived.clone(), gone.clone());
            async move {
                arrived.send(()).await.unwrap();
                gone.wait_for(|go| *go).await.unwrap();
                "late"
            }
        });
        let base = api::serve(axum::Router::new().route("/slow", route)).await;
        let mut session = Session::start(&base, FOREVER);
        session.initialize().await;
        session.send(SLOW).await;
        arrivals.recv().await.unwrap();
        let mut input = Some(session.input);
        if by_signal {
            session.stop.send(()).unwrap();
        } else {
            input = None;
        }
        tokio::task::yield_now().await;
        go.send(true).unwrap();
        let answer = session.output.next_line().await.unwrap().unwrap();
        assert!(answer.contains("late"), "{answer}");
        session.served.await.unwrap().unwrap();
        drop(input);
    }
}

#[tokio::test]
async fn the_wait_is_bounded() {
    let (base, mut events) = api::stuck().await;
    let mut session = Session::start(&base, Duration::ZERO);
    session.initialize().await;
    session.send(SLOW).await;
    assert_eq!(events.recv().await, Some("received"));
    drop(session.input);
    session.served.await.unwrap().unwrap();
    assert_eq!(events.recv().await, Some("dropped"));
}

#[tokio::test]
async fn a_client_is_told_that_the_list_has_changed() {
    let mut session = Session::start("http://127.0.0.1:9", FOREVER);
    session.initialize().await;
    // Its answer says that what came before it was taken.
    session.ask(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#).await;
    session.bridge.replace_catalog(spandrel_plan::Catalog::default()).unwrap();
    assert_eq!(session.receive().await["method"], "notifications/tools/list_changed");
    assert_eq!(session.receive().await["method"], "notifications/resources/list_changed");
    drop(session.input);
    session.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_subscription_lasts_as_long_as_the_input() {
    let mut session = Session::start("http://127.0.0.1:9", FOREVER);
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    let listen = format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{{{meta},"notifications":{{"toolsListChanged":true}}}}}}"#
    );
    let acknowledged = session.ask(&listen).await;
    assert_eq!(acknowledged["method"], "notifications/subscriptions/acknowledged", "{acknowledged}");
    session.bridge.replace_catalog(spandrel_plan::Catalog::default()).unwrap();
    let told = session.receive().await;
    assert_eq!(told["method"], "notifications/tools/list_changed");
    assert_eq!(told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"], 7);
    drop(session.input);
    session.served.await.unwrap().unwrap();
    let last: Value = serde_json::from_str(&session.output.next_line().await.unwrap().unwrap()).unwrap();
    assert_eq!((&last["id"], &last["result"]["resultType"]), (&json!(7), &json!("complete")), "{last}");
}

#[tokio::test]
async fn a_batch_is_answered_as_one() {
    let mut session = Session::start(&api::start().await, FOREVER);
    let hello = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
    assert_eq!(session.ask(hello).await["result"]["protocolVersion"], "2025-03-26");
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let ping = r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#;
    let answers = session.ask(&format!("[{initialized},{ECHO},{ping},7,{hello}]")).await;
    let mut ids: Vec<String> = answers.as_array().unwrap().iter().map(|one| one["id"].to_string()).collect();
    ids.sort();
    assert_eq!(ids, ["0", "1", "2", "null"], "{answers}");
    assert_eq!(session.ask("[]").await["error"]["code"], -32600);
    assert_eq!(session.ask(ping).await["result"], json!({}));
    drop(session.input);
    session.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn other_revisions_have_no_batches() {
    let mut session = Session::start("http://127.0.0.1:9", FOREVER);
    session.initialize().await;
    let answer = session.ask(r#"[{"jsonrpc":"2.0","id":2,"method":"ping"}]"#).await;
    assert_eq!(answer["error"]["code"], -32600, "{answer}");
}
