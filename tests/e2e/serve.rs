use serde_json::json;

use crate::binary::{run, spandrel, stderr};
use crate::server::Server;

#[test]
fn lists_and_calls_over_http() {
    let server = Server::start("pets.yaml --mock");
    let tools = server.rpc("tools/list", json!({}));
    let names: Vec<_> = tools["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
    assert_eq!(
        names,
        ["listPets", "createPet", "getPet", "deletePet", "getPhoto", "putPhoto", "read_result"]
    );
    let result = server.rpc("tools/call", json!({"name": "getPet", "arguments": {"petId": 7}}));
    assert_eq!(result["isError"], false, "{result}");
    assert!(result["structuredContent"]["name"].is_string(), "{result}");
    let result = server.rpc("tools/call", json!({"name": "getPet", "arguments": {"petId": "x"}}));
    assert_eq!(result["isError"], true, "{result}");
    let (status, body) = server.request("GET /healthz HTTP/1.1\r\nHost: localhost\r\n", "");
    assert_eq!((status, body.as_str()), (200, "ok\n"));
}

#[test]
fn the_banner_says_what_to_do() {
    let server = Server::start("pets.yaml --mock --exclude tag:photos");
    let port = server.address.rsplit(':').next().unwrap();
    insta::assert_snapshot!(server.banner.replace(port, "[port]"));
    let server = Server::start("flawed.yaml");
    let port = server.address.rsplit(':').next().unwrap();
    insta::assert_snapshot!("banner_of_a_flawed_document", server.banner.replace(port, "[port]"));
}

#[test]
fn a_termination_signal_ends_it_well() {
    let server = Server::start("pets.yaml --mock --log-format json");
    server.rpc("tools/call", json!({"name": "deletePet", "arguments": {"petId": 7}}));
    let server_banner = server.banner.clone();
    let (status, rest) = server.terminate();
    assert_eq!(status.code(), Some(0));
    let lines = server_banner.lines().chain(rest.lines());
    assert!(lines.clone().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{rest}");
    let logged = rest.lines().find(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{rest}"));
    let logged: serde_json::Value = serde_json::from_str(logged).unwrap();
    assert_eq!((&logged["tool"], &logged["outcome"]), (&json!("deletePet"), &json!("ok")));
    let (status, rest) = Server::start("pets.yaml --mock").terminate();
    assert_eq!((status.code(), rest.as_str()), (Some(0), "Stopped\n"));
}

#[test]
fn an_address_in_use_is_told() {
    let server = Server::start("pets.yaml --mock");
    let output = run(spandrel(&format!("serve pets.yaml --mock --listen {}", server.address)));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is in use; stop what listens there"), "{}", stderr(&output));
}

#[test]
fn strange_hosts_and_origins_are_refused() {
    let post = |server: &Server, host: &str, origin: &str| {
        let head = format!(
            "POST /mcp HTTP/1.1\r\nHost: {host}\r\n{origin}Content-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\n"
        );
        server.request(&head, r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#).0
    };
    let server = Server::start("pets.yaml --mock");
    assert_eq!(post(&server, "localhost", ""), 200);
    assert_eq!(post(&server, "rebound.example", ""), 403);
    assert_eq!(post(&server, "localhost", "Origin: https://app.example\r\n"), 403);
    let server =
        Server::start("pets.yaml --mock --allow-host mcp.example --allow-origin https://app.example");
    assert_eq!(post(&server, "mcp.example", ""), 200);
    assert_eq!(post(&server, "localhost", "Origin: https://app.example\r\n"), 200);
    assert_eq!(post(&server, "localhost", "Origin: https://other.example\r\n"), 403);
}

#[test]
fn wrong_addresses() {
    for listen in ["nonsense", "256.1.1.1:80", "127.0.0.1:99999"] {
        let output = run(spandrel(&format!("serve pets.yaml --mock --listen {listen}")));
        assert_eq!(output.status.code(), Some(2), "{listen}");
        assert!(stderr(&output).contains("ADDRESS:PORT"), "{}", stderr(&output));
    }
}
