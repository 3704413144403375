//! Hooks around calls.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use serde_json::{Map, Value, json};
use spandrel_plan::{CallError, CallErrorKind, Outcome};
use spandrel_runtime::{BoxFuture, Bridge, CallContext, CallResult, CustomTool, Hook};

use crate::api;
use crate::client::{call, serve};

/// Writes down what it sees.
#[derive(Clone)]
struct Log {
    name: &'static str,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Hook for Log {
    fn before_call<'a>(&'a self, call: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        async {
            let tool = call.tool().name().to_owned();
            self.seen.lock().unwrap().push(format!("{} before {tool}", self.name));
            call.arguments_mut().insert(self.name.to_owned(), json!(true));
            Ok(())
        }
        .boxed()
    }

    fn after_call<'a>(&'a self, call: &'a CallContext, result: &'a mut CallResult) -> BoxFuture<'a, ()> {
        async move {
            let word = match result {
                Ok(outcome) if outcome.is_error => "error",
                Ok(_) => "ok",
                Err(error) => error.kind.as_str(),
            };
            self.seen.lock().unwrap().push(format!("{} after {}: {word}", self.name, call.tool().name()));
        }
        .boxed()
    }
}

/// Lets only callers with a header pass, and hides failures.
struct Gate;

impl Hook for Gate {
    fn before_call<'a>(&'a self, call: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        async {
            match call.request().and_then(|request| request.headers.get("mcp-protocol-version")) {
                Some(_) => Ok(()),
                None => Err(CallError::new(CallErrorKind::Refused, "Not without a header.")),
            }
        }
        .boxed()
    }

    fn after_call<'a>(&'a self, _: &'a CallContext, result: &'a mut CallResult) -> BoxFuture<'a, ()> {
        async move {
            if let Err(error) = result
                && error.kind == CallErrorKind::ConnectFailed
            {
                *result = Ok(Outcome::error("The API is away."));
            }
        }
        .boxed()
    }
}

#[tokio::test]
async fn hooks_nest_in_their_order() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = |name| Log { name, seen: Arc::clone(&seen) };
    let custom =
        CustomTool::raw("custom", "", json!({"type": "object"}), |arguments: Map<String, Value>| async {
            Value::Object(arguments)
        });
    let bridge = Bridge::builder(api::catalog(&api::start().await))
        .hook(log("first"))
        .hook(log("second"))
        .tool(custom)
        .build()
        .unwrap();
    for tool in ["echo", "custom"] {
        seen.lock().unwrap().clear();
        let outcome = bridge.call(tool, Map::new()).await.unwrap();
        let expected = ["first before", "second before", "second after", "first after"];
        let suffix = ["", "", ": ok", ": ok"];
        let expected: Vec<_> =
            expected.iter().zip(suffix).map(|(step, end)| format!("{step} {tool}{end}")).collect();
        assert_eq!(*seen.lock().unwrap(), expected);
        let text = format!("{:?}", outcome.content);
        assert!(text.contains("first") && text.contains("second"), "{text}");
    }
}

#[tokio::test]
async fn a_hook_refuses_and_rewrites() {
    let bridge = Bridge::builder(api::catalog(&api::closed().await)).hook(Gate).build().unwrap();
    let error = bridge.call("headers", Map::new()).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Refused);
    let result = call(&serve(&bridge).await, "headers", "{}").await.result();
    assert_eq!(
        (&result["content"][0]["text"], &result["isError"]),
        (&json!("The API is away."), &json!(true))
    );
}
