use std::process::Stdio;

use crate::binary::{folder, run, run_with_input, seen, spandrel, stderr, stdout};

#[test]
fn tools_as_json() {
    insta::assert_snapshot!(seen(&run(spandrel("compile pets.yaml --include path:/pets"))));
}

#[test]
fn output_is_the_same_every_time_and_everywhere() {
    let first = stdout(&run(spandrel("compile pets.yaml")));
    assert!(serde_json::from_str::<serde_json::Value>(&first).is_ok());
    assert_eq!(stdout(&run(spandrel("compile pets.yaml --format json -q"))), first);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tools.json");
    let output = run(spandrel(&format!("compile pets.yaml -q -o {}", file.display())));
    assert_eq!((stdout(&output), stderr(&output)), (String::new(), String::new()));
    assert_eq!(std::fs::read_to_string(file).unwrap(), first);
}

#[test]
fn names_and_arguments_can_be_chosen() {
    let output =
        run(spandrel("compile pets.yaml --arguments grouped --no-output-schemas --exclude tag:photos"));
    let listing: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let tools = listing["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 4);
    assert!(tools.iter().all(|tool| tool.get("outputSchema").is_none()));
    assert_eq!(tools[0]["arguments"][0]["argument"], "query.limit");
}

#[test]
fn documents_that_cannot_be_read() {
    let table = [
        ("nothing.yaml", "nothing.yaml: no such file"),
        (".", "is a directory"),
        ("http://127.0.0.1:1/openapi.json", "no connection to 127.0.0.1:1"),
        ("http://", "is not a URL"),
    ];
    for (spec, expected) in table {
        let output = run(spandrel(&format!("compile {spec}")));
        assert_eq!(output.status.code(), Some(2), "{spec}");
        assert!(
            stderr(&output).starts_with("error: ") && stderr(&output).contains(expected),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn standard_input() {
    let text = std::fs::read_to_string(folder().join("pets.yaml")).unwrap();
    let output = run_with_input(spandrel("compile - --include operation:deletePet"), &text);
    let listing: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(listing["tools"][0]["name"], "deletePet");
    let output = run_with_input(spandrel("compile -"), "{");
    assert!(stderr(&output).starts_with("error: standard input: not valid"), "{}", stderr(&output));
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let mut command = spandrel("compile pets.yaml -q");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}
