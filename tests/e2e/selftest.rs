use serde_json::{Value, json};

use crate::binary::{folder, run, run_with_input, seen, spandrel, spandrel_with, stderr, stdout};

#[test]
fn every_tool_of_the_example_documents_passes() {
    let specs = std::fs::read_dir(folder().join("../../specs")).unwrap();
    for spec in specs.map(|entry| entry.unwrap().path()) {
        let output = run(spandrel_with(&["selftest", &spec.display().to_string()]));
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        assert!(stdout(&output).is_empty() && !stderr(&output).contains("untested"), "{}", stderr(&output));
    }
}

#[test]
fn what_passes_and_what_cannot_be_tested() {
    insta::assert_snapshot!("selftest_passed", seen(&run(spandrel("selftest pets.yaml"))));
    let mut impossible = spandrel("selftest -");
    impossible.env("NO_COLOR", "1");
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/x": {"get": {
        "operationId": "impossible", "responses": {"200": {"description": "ok"}},
        "parameters": [{"name": "q", "in": "query", "required": true, "schema": {"type": "string", "not": {}}}]}}}});
    insta::assert_snapshot!("selftest_untested", seen(&run_with_input(impossible, &document.to_string())));
}

#[test]
fn requests_for_programs() {
    let output = run(spandrel("selftest pets.yaml --include operation:getPet --format json --requests"));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let call = &report["calls"][0];
    assert_eq!(call["verdict"], "passed");
    assert_eq!(call["request"]["method"], "GET");
    assert!(call["arguments"].is_object());
    let summary = &report["summary"];
    assert_eq!(
        (&summary["tools"], &summary["failed"], &summary["notReached"]),
        (&json!(1), &json!(0), &json!(0))
    );
    let few = run(spandrel("selftest pets.yaml --format json"));
    assert_eq!(serde_json::from_str::<Value>(&stdout(&few)).unwrap()["calls"], json!([]));
}

#[test]
fn exit_codes() {
    let table = [
        ("pets.yaml", 0),
        ("pets.yaml --profile gemini --arguments grouped", 0),
        ("pets.yaml --requests", 2),
        ("pets.yaml --timeout 0", 2),
        ("pets.yaml --include tag:dogs", 2),
        ("nothing.yaml", 2),
    ];
    for (arguments, expected) in table {
        let output = run(spandrel(&format!("selftest {arguments}")));
        assert_eq!(output.status.code(), Some(expected), "{arguments}: {}", stderr(&output));
    }
}
