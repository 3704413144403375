//! Calls that a person has to agree to.

use serde_json::{Value, json};

use crate::server::Server;

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

#[test]
fn a_call_is_sent_once_it_was_agreed_to() {
    let server = Server::start(
        "../../specs/bookshop.yaml --overlay ../../docs/bookshop.overlay.yaml --mock --include operation:placeOrder",
    );
    let order = json!({
        "Idempotency-Key": "order-2026-0001",
        "customer": {"name": "Mira Holm", "email": "mira@readers.example"},
        "lines": [{"isbn": "9780000000017", "copies": 2}],
    });
    let call = |token: Option<&str>, copies: u8| {
        let mut arguments = order.clone();
        arguments["lines"][0]["copies"] = json!(copies);
        if let Some(token) = token {
            arguments["confirmation"] = json!(token);
        }
        server.rpc("tools/call", json!({"name": "placeOrder", "arguments": arguments}))
    };
    let ask = || {
        let asked = call(None, 2);
        assert_eq!(asked["isError"], true, "{asked}");
        assert!(text(&asked).contains("Ask: Place this order? It will be paid for.\n"), "{asked}");
        text(&asked).split('"').nth(1).unwrap().to_owned()
    };
    let token = ask();
    assert_eq!(call(Some(&token), 2)["isError"], false);
    for (token, copies, expected) in [
        (token, 2, "unknown, used or too old"),
        (ask(), 3, "other arguments"),
        ("guessed".to_owned(), 2, "unknown, used or too old"),
    ] {
        let refused = call(Some(&token), copies);
        assert_eq!(refused["isError"], true);
        assert!(text(&refused).contains(expected), "{refused}");
    }
    let wrong = server.rpc("tools/call", json!({"name": "placeOrder", "arguments": {}}));
    assert!(!text(&wrong).contains("Ask:"), "what is refused anyway is not asked about: {wrong}");
}
