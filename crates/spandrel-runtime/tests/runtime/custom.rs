//! Tools written in Rust.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use spandrel_runtime::{Bridge, BridgeBuilder, BuildError, CustomTool, CustomToolError, Json};

use crate::api;
use crate::client::{call, modern, post, serve};

#[derive(Deserialize, JsonSchema)]
struct Sum {
    /// The first.
    a: i64,
    b: i64,
}

#[derive(Serialize, JsonSchema)]
struct Total {
    total: i64,
}

fn builder() -> BridgeBuilder {
    Bridge::builder(api::catalog("http://127.0.0.1:9"))
}

fn sum() -> CustomTool {
    CustomTool::new("sum", "Adds.", |sum: Sum| async move {
        sum.a.checked_add(sum.b).map(|total| Json(Total { total })).ok_or("too large")
    })
    .title("Sum")
    .output::<Total>()
}

#[tokio::test]
async fn a_typed_tool_is_listed_and_called() {
    let echo =
        CustomTool::raw("raw", "Echoes.", json!({"type": "object"}), |arguments: Map<String, Value>| async {
            Value::Object(arguments)
        });
    let url = serve(&builder().tool(sum()).tool(echo).build().unwrap()).await;

    let tools = post(&url, r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#, &[]).await.result();
    let names: Vec<_> =
        tools["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names[..3], ["sum", "raw", "echo"]);
    assert_eq!(
        tools["tools"][0],
        json!({
            "name": "sum",
            "title": "Sum",
            "description": "Adds.",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "a": {"description": "The first.", "type": "integer", "format": "int64"},
                    "b": {"type": "integer", "format": "int64"},
                },
                "required": ["a", "b"],
            },
            "outputSchema": {
                "type": "object",
                "properties": {"total": {"type": "integer", "format": "int64"}},
                "required": ["total"],
            },
        })
    );
    assert_eq!(tools["tools"][1]["inputSchema"], json!({"type": "object", "properties": {}}));

    let result = call(&url, "sum", r#"{"a":1,"b":2}"#).await.result();
    assert_eq!((&result["structuredContent"], &result["isError"]), (&json!({"total": 3}), &json!(false)));
    let result = modern(&url, "tools/call", json!({"name": "sum", "arguments": {"a": i64::MAX, "b": 1}}))
        .await
        .result();
    assert_eq!((&result["content"][0]["text"], &result["isError"]), (&json!("too large"), &json!(true)));
    let exact = r#"{"n":1.10}"#;
    assert!(call(&url, "raw", exact).await.text.contains(&format!(r#""structuredContent":{exact}"#)));
}

#[tokio::test]
async fn arguments_are_checked() {
    let url = serve(&builder().tool(sum()).build().unwrap()).await;
    for arguments in ["{}", r#"{"a":"x","b":1}"#, r#"{"a":1.5,"b":1}"#] {
        let result = call(&url, "sum", arguments).await.result();
        assert_eq!(result["isError"], true, "{arguments}: {result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.contains("sum") && !text.contains("cannot be read"), "{arguments}: {text}");
    }
}

#[test]
fn tools_that_clients_would_refuse_are_not_built() {
    let tool = |name: &str| CustomTool::new(name, "", |_: Sum| async {});
    let schema = |schema: Value| CustomTool::raw("ok", "", schema, |_| async {});
    let error = |builder: BridgeBuilder| builder.build().unwrap_err();
    for name in ["", "a b", "a.b", "é", &"x".repeat(65)] {
        let error = error(builder().tool(tool(name)));
        assert!(matches!(error, BuildError::CustomTool(_, CustomToolError::Name)), "{name}: {error}");
    }
    for bad in [json!({}), json!(true), json!({"type": "array"}), json!({"oneOf": []})] {
        let error = error(builder().tool(schema(bad.clone())));
        assert!(matches!(error, BuildError::CustomTool(_, CustomToolError::InputSchema)), "{bad}: {error}");
    }
    let output = error(builder().tool(tool("ok").output::<Vec<u8>>()));
    assert!(matches!(output, BuildError::CustomTool(_, CustomToolError::OutputSchema)), "{output}");
    for taken in [builder().tool(tool("echo")), builder().tool(tool("a")).tool(tool("a"))] {
        let error = error(taken);
        assert!(matches!(error, BuildError::NameTaken(_)), "{error}");
    }
}

#[test]
fn a_new_catalog_cannot_take_the_name_of_a_custom_tool() {
    let bridge = Bridge::builder(spandrel_plan::Catalog::default())
        .tool(CustomTool::new("echo", "", |_: Sum| async {}))
        .build()
        .unwrap();
    bridge.replace_catalog(api::catalog("http://127.0.0.1:9")).unwrap_err();
    assert_eq!(bridge.tool_count(), 1);
}
