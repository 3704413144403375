#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use serde_json::{Map, Value, json};
use spandrel_plan::{
    Annotations, Api, CallError, CallErrorKind, Catalog, Content, JsonText, OperationRef, Outcome, Tool,
    ToolParts,
};

use super::overview::within;
use super::{Discovery, signature};
use crate::test_plan::without_parameters;
use crate::{BackendFn, Bridge, CallContext, CustomTool, Hook};

fn tool(method: &str, name: &str, tag: &str, input: &Value) -> Tool {
    let is_get = method == "GET";
    Tool::from(ToolParts {
        name: name.to_owned(),
        title: None,
        description: Some(format!("{name} of the shop. Everything about it.")),
        input_schema: JsonText::from_value(input),
        output_schema: None,
        annotations: Annotations {
            read_only: is_get,
            destructive: method == "DELETE",
            idempotent: is_get,
            open_world: true,
        },
        arguments: Vec::new(),
        operation: OperationRef {
            method: method.to_owned(),
            path: format!("/{name}"),
            operation_id: None,
            pointer: String::new(),
        },
        tags: vec![tag.to_owned()],
        plan: without_parameters(method.parse().unwrap(), &format!("/{name}")),
    })
}

fn books() -> Catalog {
    let id = json!({"type": "object", "properties": {"bookId": {"type": "integer"}}, "required": ["bookId"]});
    let api = Api {
        title: "Bookshop".to_owned(),
        version: "1".to_owned(),
        description: Some("Sells books.".to_owned()),
    };
    let tools = vec![
        tool(
            "GET",
            "listBooks",
            "books",
            &json!({"type": "object", "properties": {"genre": {"enum": ["crime", "poetry"]}}}),
        ),
        tool("GET", "getBook", "books", &id),
        tool("DELETE", "deleteBook", "books", &id),
        tool("POST", "placeOrder", "orders", &json!({"type": "object", "properties": {}})),
    ];
    Catalog::new(api, tools)
}

/// Remembers the tools that are called, and refuses `deleteBook`.
#[derive(Clone, Default)]
struct Policy(Arc<Mutex<Vec<String>>>);

impl Hook for Policy {
    fn before_call<'a>(&'a self, call: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        let name = call.tool().name().to_owned();
        let refused = (name == "deleteBook").then(|| CallError::new(CallErrorKind::Refused, "No deleting."));
        self.0.lock().unwrap().push(name);
        ready(refused.map_or(Ok(()), Err)).boxed()
    }
}

fn bridge(catalog: Catalog, discovery: Discovery) -> (Bridge, Policy) {
    let policy = Policy::default();
    let backend = BackendFn(|request: &http::Request<Bytes>| {
        http::Response::new(Bytes::from(format!("answer to {} {}", request.method(), request.uri().path())))
    });
    let bridge =
        Bridge::builder(catalog).backend(backend).hook(policy.clone()).discovery(discovery).build().unwrap();
    (bridge, policy)
}

async fn call(bridge: &Bridge, tool: &str, arguments: Value) -> Result<Outcome, CallError> {
    let Value::Object(arguments) = arguments else { panic!("{arguments}") };
    bridge.call(tool, arguments).await
}

async fn text(bridge: &Bridge, tool: &str, arguments: Value) -> String {
    let outcome = call(bridge, tool, arguments).await.unwrap();
    let [Content::Text(text)] = outcome.content.as_slice() else { panic!("{:?}", outcome.content) };
    text.clone()
}

#[tokio::test]
async fn operations_are_found_described_and_called() {
    let (bridge, policy) = bridge(books(), Discovery::new());
    assert_eq!(bridge.tool_count(), 4);
    let found = text(&bridge, "search_operations", json!({"query": "get one book"})).await;
    assert!(found.contains("getBook: GET /getBook (read-only)\n"), "{found}");
    assert!(found.contains("(bookId: integer)"), "{found}");
    let listed = text(&bridge, "search_operations", json!({"tag": "Books", "method": "DELETE"})).await;
    assert!(
        listed.starts_with("1 of 1 operations:\n\ndeleteBook: DELETE /deleteBook (destructive)"),
        "{listed}"
    );
    let none = text(&bridge, "search_operations", json!({"tag": "cars"})).await;
    assert!(none.contains("No operation has that tag"), "{none}");
    let described = text(&bridge, "describe_operations", json!({"names": ["listBooks", "listBook"]})).await;
    assert!(
        described.contains(r#""enum":["crime","poetry"]"#) && described.contains("no operation `listBook`"),
        "{described}"
    );
    policy.0.lock().unwrap().clear();
    let answer =
        text(&bridge, "call_operation", json!({"name": "getBook", "arguments": {"bookId": 7}})).await;
    assert_eq!(answer, text(&bridge, "getBook", json!({"bookId": 7})).await);
    assert_eq!(
        text(&bridge, "call_operation", json!({"name": "placeOrder"})).await,
        "answer to POST /placeOrder"
    );
    assert_eq!(*policy.0.lock().unwrap(), ["getBook", "getBook", "placeOrder"], "hooks see the operation");
}

#[tokio::test]
async fn what_holds_of_an_operation_holds_of_its_call() {
    let (bridge, _) = bridge(books(), Discovery::new());
    let refused =
        call(&bridge, "call_operation", json!({"name": "deleteBook", "arguments": {"bookId": 1}})).await;
    assert_eq!(refused.unwrap_err().kind, CallErrorKind::Refused);
    let snapshot = bridge.snapshot();
    let hints: Vec<Annotations> =
        snapshot.custom_tools().map(|tool| tool.listed().annotations.unwrap()).collect();
    assert!(hints[0].read_only && hints[1].read_only && !hints[0].open_world);
    let worst = Annotations { read_only: false, destructive: true, idempotent: false, open_world: true };
    assert_eq!(hints[2], worst);
}

#[tokio::test]
async fn wrong_arguments_come_back_with_the_right_schema() {
    let (bridge, _) = bridge(books(), Discovery::new());
    let table = [
        (json!({"name": "getBook", "arguments": {"bookId": "seven"}}), true),
        (json!({"name": "getBook"}), true),
        (json!({"name": "getBook", "bookId": 7}), true),
        (json!({"name": "getBook", "arguments": "bookId=7"}), true),
        (json!({"arguments": {}}), false),
    ];
    for (arguments, tells) in table {
        let error = call(&bridge, "call_operation", arguments.clone()).await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::InvalidArguments, "{arguments}");
        assert_eq!(
            error.message.contains(r#""required":["bookId"]"#),
            tells,
            "{arguments}: {}",
            error.message
        );
    }
    for name in ["getBok", "call_operation", "search_operations"] {
        let outcome = call(&bridge, "call_operation", json!({"name": name})).await.unwrap();
        assert!(outcome.is_error, "{name}: {outcome:?}");
    }
    assert_eq!(call(&bridge, "nothing", json!({})).await.unwrap_err().kind, CallErrorKind::UnknownTool);
}

#[tokio::test]
async fn pinned_tools_are_listed_and_a_new_catalog_is_searched() {
    let (bridge, _) = bridge(books(), Discovery::new().pin("getBook").pin("gone"));
    assert_eq!(bridge.tool_count(), 5);
    assert_eq!(bridge.snapshot().listed_operations()[0].name, "getBook");
    let cars = vec![
        tool("GET", "listCars", "cars", &json!({"type": "object"})),
        tool("GET", "call_operation", "cars", &json!({"type": "object"})),
    ];
    bridge.replace_catalog(Catalog::new(Api::default(), cars)).unwrap();
    assert_eq!(bridge.tool_count(), 4);
    let found = text(&bridge, "search_operations", json!({"query": "list cars"})).await;
    assert!(found.contains("listCars") && !found.contains("getBook"), "{found}");
    // A name of the catalog's stays its own.
    assert_eq!(text(&bridge, "call_operation", json!({})).await, "answer to GET /call_operation");
    let through = json!({"name": "call_operation"});
    assert_eq!(text(&bridge, "call_operation_2", through).await, "answer to GET /call_operation");
}

#[test]
fn custom_tools_stay_listed_and_can_be_called_through_discovery() {
    let custom = CustomTool::raw("greet", "Greets.", json!({"type": "object"}), |_| async { "hello" });
    let bridge = Bridge::builder(books()).tool(custom).discovery(Discovery::new()).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(bridge.tool_count(), 5);
    assert_eq!(runtime.block_on(text(&bridge, "call_operation", json!({"name": "greet"}))), "hello");
}

#[test]
fn the_cost_up_front_is_small_whatever_the_api() {
    let long = "語🦀".repeat(3_000);
    let api = Api { title: long.clone(), version: "1".to_owned(), description: Some(long.clone()) };
    let nasty = (0..1_500).map(|number| {
        let schema = json!({"type": "object", "properties": {"a": {"description": long}}});
        tool("GET", &format!("operation_{number}"), &format!("🦀{number}{}", "é🦀".repeat(40)), &schema)
    });
    let spoken = Api {
        title: "A".repeat(5_000),
        version: String::new(),
        description: Some("long words ".repeat(5_000)),
    };
    let plain =
        (0..1_500).map(|number| tool("GET", &format!("operation_{number}"), "", &json!({"type": "object"})));
    for catalog in [Catalog::new(api, nasty.collect()), Catalog::new(spoken, plain.collect()), books()] {
        let (bridge, _) = bridge(catalog, Discovery::new());
        let tokens = bridge.list_tokens() + spandrel_tokens::count(&bridge.instructions().unwrap());
        assert!(tokens <= 2_000, "{tokens}");
    }
}

#[test]
fn a_text_is_kept_within_tokens() {
    let table = [("two words", 10, "two words"), ("  a \n b ", 10, "a b"), ("", 5, "")];
    for (text, limit, expected) in table {
        assert_eq!(within(text, limit), expected);
    }
    for text in ["word ".repeat(1_000), "🦀".repeat(1_000), "x".repeat(1_000)] {
        let kept = within(&text, 50);
        assert!(spandrel_tokens::fits(&kept, 50) && kept.ends_with('…') && kept.len() > 20, "{kept}");
    }
}

#[test]
fn a_signature_tells_how_to_call() {
    let table = [
        (
            json!({"properties": {"b": {"type": "string"}, "a": {"type": ["integer", "null"]}}, "required": ["a"]}),
            "(a: integer|null, b?: string)",
        ),
        (
            json!({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"properties": {"x": {"items": {"enum": ["p", "q"]}}}}}}),
            "(a?: {x?: (\"p\"|\"q\")[]})",
        ),
        (
            json!({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"$ref": "#/$defs/A"}}}),
            "(a?: object)",
        ),
        (
            json!({"properties": {"a": {"anyOf": [{"type": "string"}, {"const": 1}]}, "b": {}}}),
            "(a?: string|1, b?: any)",
        ),
        (json!({}), "()"),
    ];
    for (schema, expected) in table {
        assert_eq!(signature::of(&tool("GET", "t", "", &schema)), expected);
    }
    let many: Map<String, Value> =
        (0..40).map(|number| (format!("p{number}"), json!({"type": "integer"}))).collect();
    assert!(
        signature::of(&tool("GET", "t", "", &json!({"properties": many})))
            .ends_with("p11?: integer, … 28 more)")
    );
}
