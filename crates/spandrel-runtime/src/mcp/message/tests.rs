#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};

use super::*;

#[test]
fn messages_pass() {
    for message in [
        r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
        r#" {"method":"ping","id":"","jsonrpc":"2.0","params":null,"other":[1]} "#,
        r#"{"jsonrpc":"2.0","id":-9223372036854775808,"method":"tools/list","params":{"cursor":"a"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":null,"_meta":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"a"}}"#,
    ] {
        assert_eq!(check(message.as_bytes()), Ok(()), "{message}");
    }
}

#[test]
fn other_bytes_do_not() {
    for (bytes, code, id) in [
        (&b""[..], -32700, Value::Null),
        (b"\xff", -32700, Value::Null),
        (b"nul", -32700, Value::Null),
        (b"{} {}", -32700, Value::Null),
        (b"null", -32600, Value::Null),
        (b" [", -32700, Value::Null),
        (b" [] ", -32600, Value::Null),
        (b"{}", -32600, Value::Null),
        (br#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a"}"#, -32600, Value::Null),
        (br#"{"jsonrpc":"2.0","id":9223372036854775808,"method":"a"}"#, -32600, Value::Null),
        (br#"{"jsonrpc":"2.0","id":true,"method":"a"}"#, -32600, Value::Null),
        (br#"{"jsonrpc":2.0,"id":"a","method":"a"}"#, -32600, json!("a")),
        (br#"{"jsonrpc":"2.0","id":"a","method":"a","params":[]}"#, -32602, json!("a")),
        (br#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":null}"#, -32602, json!("a")),
        (
            br#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"a","_meta":1}}"#,
            -32602,
            json!("a"),
        ),
        (
            br#"{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":1}}"#,
            -32602,
            json!("a"),
        ),
    ] {
        let case = String::from_utf8_lossy(bytes);
        let refusal = check(bytes).unwrap_err();
        let answer: Value = serde_json::from_slice(&refusal.to_json()).unwrap();
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &id), "{case}: {answer}");
    }
}

#[test]
fn nesting_costs_no_stack() {
    let deep =
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"a","params":{{"a":{}}}}}"#, "[".repeat(1_000_000));
    assert_eq!(check(deep.as_bytes()).unwrap_err().code, ErrorCode::PARSE_ERROR);
}
