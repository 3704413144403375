use serde_json::{Value, json};

use crate::binary::{run, seen, spandrel};
use crate::server::Server;

/// The names of the listed tools.
fn names(list: &Value) -> Vec<&str> {
    list["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

#[test]
fn operations_are_found_and_called() {
    let server = Server::start("pets.yaml --mock --tools search --pin operation:listPets");
    assert!(server.banner.contains("offered by search, 1 of them listed, too"), "{}", server.banner);
    let list = server.rpc("tools/list", json!({}));
    assert_eq!(
        names(&list),
        ["search_operations", "describe_operations", "call_operation", "listPets", "read_result"]
    );
    let found = server
        .rpc("tools/call", json!({"name": "search_operations", "arguments": {"query": "remove a pet"}}));
    assert!(text(&found).contains("deletePet: DELETE /pets/{petId} (destructive)"), "{found}");
    let call = |arguments: Value| {
        let arguments = json!({"name": "deletePet", "arguments": arguments});
        server.rpc("tools/call", json!({"name": "call_operation", "arguments": arguments}))
    };
    assert_eq!(call(json!({"petId": 7}))["isError"], false);
    let wrong = call(json!({"pet": 7}));
    assert_eq!(wrong["isError"], true);
    assert!(text(&wrong).contains("The JSON Schema of the arguments of `deletePet`: {"), "{wrong}");
    let (_, log) = server.terminate();
    assert!(!log.contains("warning"), "{log}");
}

#[test]
fn a_budget_shortens_the_list_and_then_searches() {
    let table = [
        ("pets.yaml --mock --budget 100000", 6, None),
        ("pets.yaml --mock --budget 10", 3, Some("offered by search (however short, more than 10 tokens)")),
        ("pets.yaml --mock --tools auto", 6, None),
        (
            "pets.yaml --mock --tools all --pin tag:pets",
            6,
            Some("--pin changes nothing where every tool is listed"),
        ),
        (
            "pets.yaml --mock --tools search --pin tag:cars",
            3,
            Some("--pin tag:cars: the rule matches no tool"),
        ),
    ];
    for (arguments, tools, note) in table {
        let server = Server::start(arguments);
        let list = server.rpc("tools/list", json!({}));
        let listed = names(&list).into_iter().filter(|name| *name != "read_result");
        assert_eq!(listed.count(), tools, "{arguments}");
        let told = server.banner.contains("by search")
            || server.banner.contains("shortened")
            || server.banner.contains("--pin");
        assert_eq!(told, note.is_some(), "{arguments}: {}", server.banner);
        assert!(note.is_none_or(|note| server.banner.contains(note)), "{arguments}: {}", server.banner);
    }
}

#[test]
fn compaction_saves_tokens() {
    let inspect = |level: &str| seen(&run(spandrel(&format!("inspect pets.yaml putPhoto {level}"))));
    insta::assert_snapshot!(inspect("--compact=strongest"));
    assert_eq!(inspect("--compact"), inspect("--compact=moderate"));
    let wrong = inspect("--compact=very");
    assert!(
        wrong.contains("there is no compaction `very`: write none, moderate, strong or strongest"),
        "{wrong}"
    );
}
