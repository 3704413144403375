//! A document that changes while it is served.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::binary::{run, spandrel, stderr};
use crate::server::Server;

/// The longest that a change may take to be seen.
const PATIENCE: Duration = Duration::from_mins(1);

/// The operations that are listed.
fn names(server: &Server) -> Vec<String> {
    let tools = server.rpc("tools/list", json!({}))["tools"].take();
    let names = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap().to_owned());
    names.filter(|name| name != "read_result").collect()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Writes a document with these operations in a file beside it, as an editor does: a file takes another's place.
fn write(directory: &Path, operations: &[&str]) {
    let paths: serde_json::Map<String, Value> = operations
        .iter()
        .map(|name| {
            let operation = json!({"operationId": name, "responses": {"200": {"description": "ok"}}});
            (format!("/{name}"), json!({"get": operation}))
        })
        .collect();
    let next = directory.join("next");
    std::fs::write(&next, Value::Object(paths).to_string()).unwrap();
    std::fs::rename(&next, directory.join("paths.json")).unwrap();
}

#[test]
fn tools_follow_the_document() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("api.json");
    let reference = |name: &str| json!({"$ref": format!("paths.json#/~1{name}")});
    let paths = json!({"/one": reference("one"), "/two": reference("two")});
    let info = json!({"title": "t", "version": "1"});
    let good = json!({"openapi": "3.1.0", "info": info, "paths": paths}).to_string();
    std::fs::write(&root, &good).unwrap();
    write(directory.path(), &["one"]);
    let server = Server::start(&format!("{} --mock --watch --log-format json", root.display()));
    assert_eq!(names(&server), ["one"]);
    write(directory.path(), &["one", "two"]);
    wait_until("a referenced file is read again", || names(&server) == ["one", "two"]);
    std::fs::write(&root, "{").unwrap();
    // The next change says that the broken document was looked at.
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(names(&server), ["one", "two"]);
    write(directory.path(), &["two"]);
    std::fs::write(&root, good).unwrap();
    wait_until("a mended document is served", || names(&server) == ["two"]);
    let (status, log) = server.terminate();
    assert_eq!(status.code(), Some(0));
    let told: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of = |key: &str, value: &str| told.iter().any(|line| line[key] == value);
    assert!(of("added", "two") && of("removed", "one"), "{log}");
    let kept = "the document has changed and cannot be served; the tools stay as they were";
    let error = told.iter().find(|line| line["message"] == kept).unwrap_or_else(|| panic!("{log}"));
    assert_eq!(error["level"], "WARN");
    assert!(error["error"].as_str().unwrap().contains("api.json"), "{error}");
}

#[test]
fn what_cannot_be_watched() {
    let table = [
        ("serve - --watch", "standard input cannot be read again"),
        ("serve pets.yaml --poll-interval 60", "--watch"),
        ("serve pets.yaml --watch --poll-interval 1", "the least is 5 s"),
        ("serve pets.yaml --stdio --sessions", "--sessions"),
    ];
    for (arguments, message) in table {
        let output = run(spandrel(arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(stderr(&output).contains(message), "{arguments}: {}", stderr(&output));
    }
}
