//! MCP over HTTP, as clients of each revision speak it.

use serde_json::{Value, json};
use spandrel_runtime::Bridge;

use crate::client::{Answer, call, modern, post, send, serve};
use crate::{api, client};

async fn start() -> String {
    serve(&Bridge::builder(api::catalog(&api::start().await)).build().unwrap()).await
}

#[tokio::test]
async fn every_revision_with_a_handshake_is_spoken() {
    let url = start().await;
    for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let body = json!({"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {
            "protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
        }});
        let answer = post(&url, body.to_string(), &[]).await;
        assert_eq!(answer.status, 200, "{revision}: {answer:?}");
        assert_eq!(answer.json()["id"], "a");
        let result = answer.result();
        assert_eq!(result["protocolVersion"], revision);
        assert_eq!(result["serverInfo"], json!({"name": "Test API", "version": "3"}));
        assert_eq!(result["capabilities"], json!({"completions": {}, "resources": {}, "tools": {}}));

        let version: &[(&str, &str)] = &[("mcp-protocol-version", revision)];
        let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(post(&url, initialized, version).await.status, 202, "{revision}");
        let ping = post(&url, r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#, version).await;
        assert_eq!(ping.result(), json!({}), "{revision}");
        let tools = post(&url, r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#, version).await.result();
        assert_eq!(tools["tools"].as_array().unwrap().len(), 11, "{revision}");
        assert!(tools.get("ttlMs").is_none() && tools.get("_meta").is_none(), "{revision}: {tools}");
        let body = r#"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"echo","arguments":{"count":1}}}"#;
        let result = post(&url, body, version).await.result();
        assert_eq!(
            result,
            json!({
                "content": [{"type": "text", "text": r#"{"count":1}"#}],
                "structuredContent": {"count": 1},
                "isError": false,
            }),
            "{revision}"
        );
    }
}

#[tokio::test]
async fn the_stateless_revision_is_spoken() {
    let url = start().await;
    let server = json!({"io.modelcontextprotocol/serverInfo": {"name": "Test API", "version": "3"}});

    let discovered = modern(&url, "server/discover", json!({})).await.result();
    assert!(
        discovered["supportedVersions"].as_array().unwrap().contains(&json!("2026-07-28")),
        "{discovered}"
    );
    assert_eq!((&discovered["_meta"], &discovered["cacheScope"]), (&server, &json!("private")));

    let listed = modern(&url, "tools/list", json!({})).await.result();
    assert_eq!((&listed["_meta"], &listed["resultType"]), (&server, &json!("complete")));
    assert_eq!((&listed["ttlMs"], &listed["cacheScope"]), (&json!(60_000), &json!("private")));
    assert_eq!(listed["tools"][0]["name"], "echo");
    assert_eq!(listed["tools"][0]["annotations"]["readOnlyHint"], true);

    let called =
        modern(&url, "tools/call", json!({"name": "echo", "arguments": {"count": 1}})).await.result();
    assert_eq!(
        called,
        json!({
            "resultType": "complete",
            "content": [{"type": "text", "text": r#"{"count":1}"#}],
            "structuredContent": {"count": 1},
            "isError": false,
            "_meta": server,
        })
    );
}

#[tokio::test]
async fn malformed_requests_are_refused_as_json_rpc_asks() {
    let url = start().await;
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{{"a":{}{}}}}}"#,
        "[".repeat(300),
        "]".repeat(300)
    );
    let cases: &[(&str, u16, i64, Value)] = &[
        ("{", 400, -32700, Value::Null),
        ("", 400, -32700, Value::Null),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,}", 400, -32700, Value::Null),
        ("[]", 400, -32600, Value::Null),
        ("1", 400, -32600, Value::Null),
        (&deep, 400, -32600, Value::Null),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, 400, -32600, Value::Null),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, 400, -32600, Value::Null),
        (r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, 400, -32600, Value::Null),
        (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, 400, -32600, json!(1)),
        (r#"{"id":1,"method":"ping"}"#, 400, -32600, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1}"#, 400, -32600, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, 400, -32600, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, 400, -32600, Value::Null),
        (r#"{"jsonrpc":"2.0","id":"é","method":"tools/call","params":[1]}"#, 200, -32602, json!("é")),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, 200, -32602, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":1}}"#, 200, -32602, json!(1)),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":[1]}}"#,
            200,
            -32602,
            json!(1),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":"a"}}"#,
            200,
            -32602,
            json!(1),
        ),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":1}}"#, 200, -32602, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"2"}}"#, 200, -32602, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#, 200, -32602, json!(1)),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"resources/list","params":{"cursor":"2"}}"#,
            200,
            -32602,
            json!(1),
        ),
        (r#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":1}}"#, 200, -32602, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{}}"#, 200, -32602, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"none"}}"#, 200, -32602, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":"prompts/list"}"#, 200, -32601, json!(1)),
        (r#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, 200, -32601, json!(1)),
    ];
    for (body, status, code, id) in cases {
        let answer = post(&url, (*body).to_owned(), &[]).await;
        assert_eq!((answer.status, answer.code()), (*status, Some(*code)), "{body}: {answer:?}");
        assert_eq!(answer.json()["id"], *id, "{body}: {answer:?}");
        assert_eq!(answer.json()["jsonrpc"], "2.0", "{body}");
    }
}

#[tokio::test]
async fn stateless_requests_are_checked() {
    let url = start().await;
    assert_eq!(modern(&url, "tools/call", json!({"name": "none"})).await.code(), Some(-32602));
    let unknown = modern(&url, "no/such", json!({})).await;
    assert_eq!((unknown.status, unknown.code()), (404, Some(-32601)));

    let handshake = modern(&url, "initialize", json!({})).await;
    assert_eq!((handshake.status, handshake.code()), (404, Some(-32601)));

    let body = |revision: &str| {
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {
            "io.modelcontextprotocol/protocolVersion": revision,
            "io.modelcontextprotocol/clientCapabilities": {},
        }}})
        .to_string()
    };
    let bare = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#;
    for (case, body, headers, code) in [
        ("no headers", body("2026-07-28"), vec![], -32020),
        ("no method header", body("2026-07-28"), vec![("mcp-protocol-version", "2026-07-28")], -32020),
        (
            "another method",
            body("2026-07-28"),
            vec![("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/call")],
            -32020,
        ),
        (
            "no metadata",
            bare.to_owned(),
            vec![("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/list")],
            -32602,
        ),
        (
            "an unknown revision",
            body("2099-01-01"),
            vec![("mcp-protocol-version", "2099-01-01"), ("mcp-method", "tools/list")],
            -32022,
        ),
    ] {
        let answer = post(&url, body, &headers).await;
        assert_eq!((answer.status, answer.code()), (400, Some(code)), "{case}: {answer:?}");
    }
}

#[tokio::test]
async fn numbers_keep_their_text() {
    let url = start().await;
    for arguments in [
        r#"{"a":1.10,"b":12345678901234567890123,"c":[-0.0,1e+400,{"d":1e-7}]}"#,
        r#"{"deep":{"deeper":[[0.30000000000000004]]},"n":18446744073709551616}"#,
    ] {
        let answer = call(&url, "echo", arguments).await;
        let text = json!(arguments).to_string();
        assert!(answer.text.contains(&format!(r#""text":{text}"#)), "{answer:?}");
        assert!(answer.text.contains(&format!(r#""structuredContent":{arguments}"#)), "{answer:?}");
        let params: Value =
            serde_json::from_str(&format!(r#"{{"name":"echo","arguments":{arguments}}}"#)).unwrap();
        let answer = modern(&url, "tools/call", params).await;
        assert!(answer.text.contains(&format!(r#""structuredContent":{arguments}"#)), "{answer:?}");
    }
    // An id is told back as it came.
    let id = "9223372036854775807";
    let answer = post(&url, format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#), &[]).await;
    assert!(answer.text.contains(&format!(r#""id":{id}"#)), "{answer:?}");
}

#[tokio::test]
async fn structured_content_is_what_the_revision_can_carry() {
    let api = crate::api::raw(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n[1,2]",
    )
    .await;
    let url = serve(&Bridge::builder(api::catalog(&api)).build().unwrap()).await;
    let old = call(&url, "headers", "{}").await.result();
    assert!(old.get("structuredContent").is_none(), "{old}");
    assert_eq!(old["content"].as_array().unwrap().len(), 1, "{old}");
    let new = modern(&url, "tools/call", json!({"name": "headers", "arguments": {}})).await.result();
    assert_eq!(new["structuredContent"], json!([1, 2]), "{new}");
}

#[tokio::test]
async fn errors_of_a_call_are_results() {
    let url = serve(&Bridge::builder(api::catalog(&api::closed().await)).build().unwrap()).await;
    for answer in
        [call(&url, "headers", "{}").await, modern(&url, "tools/call", json!({"name": "headers"})).await]
    {
        let result = answer.result();
        assert_eq!(result["isError"], true, "{result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("No connection to 127.0.0.1:"), "{text}");
    }
}

#[tokio::test]
async fn only_known_hosts_and_origins_are_let_in() {
    let url = start().await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    for (headers, status) in [
        (vec![], 200),
        (vec![("origin", "http://localhost:3000")], 200),
        (vec![("origin", "http://127.0.0.1:3000")], 200),
        (vec![("origin", "http://[::1]:3000")], 200),
        (vec![("origin", "https://evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("host", "evil.example")], 403),
        (vec![("host", "localhost:1")], 200),
    ] {
        assert_eq!(post(&url, ping, &headers).await.status, status, "{headers:?}");
        // A message that is no message does not get further.
        let malformed = if status == 200 { 400 } else { status };
        assert_eq!(post(&url, "{", &headers).await.status, malformed, "{headers:?}");
    }
}

#[tokio::test]
async fn what_is_accepted_is_read_leniently() {
    let url = start().await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    for (header, value, status) in [
        ("accept", "", 200),
        ("accept", "*/*", 200),
        ("accept", "application/json", 200),
        ("accept", "text/html, Application/JSON;q=0.5", 200),
        ("accept", "application/*", 200),
        ("accept", "text/html", 406),
        ("accept", "application/json;q=0", 406),
        ("content-type", "", 415),
        ("content-type", "text/plain", 415),
        ("content-type", "application/json; charset=utf-8", 200),
        ("content-type", "APPLICATION/JSON", 200),
    ] {
        let answer = post(&url, ping, &[(header, value)]).await;
        assert_eq!(answer.status, status, "{header}: {value}: {answer:?}");
    }
}

#[tokio::test]
async fn a_wrong_content_type_is_named_before_anything_else() {
    let answer =
        post(&start().await, "a=b", &[("content-type", "text/plain"), ("accept", "text/html")]).await;
    assert_eq!((answer.status, answer.text.contains("application/json")), (415, true), "{answer:?}");
}

#[tokio::test]
async fn other_methods_and_large_messages_are_refused() {
    let url = start().await;
    for method in ["GET", "DELETE", "PUT"] {
        let answer = send(method.parse().unwrap(), &url, "", &[("accept", "text/event-stream")]).await;
        assert_eq!(answer.status, 405, "{method}");
    }
    let large = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "x".repeat(4 * 1024 * 1024));
    assert_eq!(post(&url, large, &[]).await.status, 413);
}

#[tokio::test]
async fn a_client_that_leaves_cancels_its_call() {
    for revision in ["2025-06-18", "2026-07-28"] {
        let (base, mut events) = api::stuck().await;
        let url = serve(&Bridge::builder(api::catalog(&base)).build().unwrap()).await;
        let waiting = tokio::spawn(async move {
            match revision {
                "2026-07-28" => client::modern(&url, "tools/call", json!({"name": "slow"})).await,
                _ => client::call(&url, "slow", "{}").await,
            }
        });
        assert_eq!(events.recv().await, Some("received"), "{revision}");
        waiting.abort();
        assert_eq!(events.recv().await, Some("dropped"), "{revision}");
    }
}

#[tokio::test]
async fn a_replaced_catalog_is_listed() {
    let bridge = Bridge::builder(api::catalog("http://127.0.0.1:9")).build().unwrap();
    let url = serve(&bridge).await;
    bridge.replace_catalog(spandrel_plan::Catalog::default()).unwrap();
    let answer: Answer = post(&url, r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#, &[]).await;
    assert_eq!(answer.result()["tools"], json!([]));
}

#[tokio::test]
async fn a_client_is_told_what_the_api_is() {
    let described = |description: &str| {
        let description = Some(description.to_owned());
        let api = spandrel_plan::Api { title: "A".to_owned(), version: "1".to_owned(), description };
        Bridge::builder(spandrel_plan::Catalog::new(api, Vec::new()))
    };
    let long = "é".repeat(3000);
    for (builder, instructions) in [
        (described(" Sells books.\n"), json!("Sells books.")),
        (described(" "), Value::Null),
        (described(&long), json!(format!("{}…", "é".repeat(2000)))),
        (described("Sells books.").instructions("Ask first."), json!("Ask first.")),
    ] {
        let url = serve(&builder.build().unwrap()).await;
        let discovered = modern(&url, "server/discover", json!({})).await.result();
        assert_eq!(discovered.get("instructions").cloned().unwrap_or_default(), instructions);
    }
}

#[tokio::test]
async fn batches_are_of_one_revision() {
    let url = start().await;
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":"b","method":"tools/call","params":{"name":"echo","arguments":{"n":1.10}}},7,{"jsonrpc":"2.0","id":3,"method":"initialize","params":{}}]"#;
    for headers in [&[][..], &[("mcp-protocol-version", "2025-03-26")]] {
        let answer = post(&url, batch, headers).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let answers = answer.json();
        let told: Vec<Value> = answers.as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(told, [json!(1), json!("b"), Value::Null, json!(3)], "{answers}");
        assert_eq!(answers[0]["result"], json!({}));
        assert!(answer.text.contains(r#""structuredContent":{"n":1.10}"#), "{answer:?}");
        assert_eq!(
            (&answers[2]["error"]["code"], &answers[3]["error"]["code"]),
            (&json!(-32600), &json!(-32600))
        );
    }
    let told_nothing = post(&url, r#"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#, &[]).await;
    assert_eq!((told_nothing.status, told_nothing.text.as_str()), (202, ""));
    let many = format!("[{}]", vec![r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#; 65].join(","));
    assert_eq!(post(&url, many, &[]).await.code(), Some(-32600));
    assert_eq!(post(&url, r#"[{"jsonrpc":"2.0",]"#, &[]).await.code(), Some(-32700));
    for revision in ["2024-11-05", "2025-06-18", "2025-11-25", "2026-07-28"] {
        let headers = [("mcp-protocol-version", revision), ("mcp-method", "ping")];
        let answer = post(&url, batch, &headers).await;
        assert_eq!((answer.status, answer.code()), (400, Some(-32600)), "{revision}: {answer:?}");
    }
}

#[tokio::test]
async fn the_list_of_tools_has_pages_where_that_is_asked_for() {
    let pages = std::num::NonZeroUsize::new(4).unwrap();
    let bridge = Bridge::builder(api::catalog("http://127.0.0.1:9")).tools_per_page(pages).build().unwrap();
    let url = serve(&bridge).await;
    let page = async |cursor: Option<&Value>| {
        let params = cursor.map_or_else(|| json!({}), |cursor| json!({"cursor": cursor}));
        modern(&url, "tools/list", params).await
    };
    let mut names = Vec::new();
    let (mut cursor, mut lengths) = (None, Vec::new());
    loop {
        let result = page(cursor.as_ref()).await.result();
        let tools = result["tools"].as_array().unwrap();
        lengths.push(tools.len());
        names.extend(tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()));
        assert_eq!((&result["ttlMs"], &result["cacheScope"]), (&json!(60_000), &json!("private")));
        match result.get("nextCursor") {
            Some(next) => cursor = Some(next.clone()),
            None => break,
        }
    }
    assert_eq!(lengths, [4, 4, 3]);
    let all: Vec<String> =
        api::tools("http://a").into_iter().map(|tool| tool.name).chain(["read_result".to_owned()]).collect();
    assert_eq!(names, all);
    // A catalog with the same tools has the same pages; another list has others.
    bridge.replace_catalog(api::catalog("http://127.0.0.1:10")).unwrap();
    assert_eq!(page(cursor.as_ref()).await.result()["tools"].as_array().unwrap().len(), 3);
    let mut tools = api::tools("http://127.0.0.1:9");
    tools.remove(0);
    bridge.replace_catalog(spandrel_plan::Catalog::new(spandrel_plan::Api::default(), tools)).unwrap();
    assert_eq!(page(cursor.as_ref()).await.code(), Some(-32602));
}
