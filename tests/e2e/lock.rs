//! Lock files in the place of documents, and held against them.

use serde_json::Value;

use crate::binary::{folder, run, seen, spandrel, spandrel_with, stderr, stdout};
use crate::server::Server;

/// A lock file of `pets.yaml`, and the folder that holds it.
fn locked(options: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pets.lock.json").display().to_string();
    let output = run(spandrel(&format!("compile pets.yaml -q {options} -o {path}")));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    (directory, path)
}

/// `pets.yaml` with a change, beside what it refers to.
fn changed(from: &str, to: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(folder().join("pets.yaml")).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::create_dir(directory.path().join("schemas")).unwrap();
    let pet = std::fs::read(folder().join("schemas/pet.yaml")).unwrap();
    std::fs::write(directory.path().join("schemas/pet.yaml"), pet).unwrap();
    let path = directory.path().join("pets.yaml");
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    (directory, path.display().to_string())
}

#[test]
fn the_file_is_the_same_every_time() {
    let first = stdout(&run(spandrel("compile pets.yaml -q --format lock --include operation:getPet")));
    assert_eq!(
        stdout(&run(spandrel("compile pets.yaml -q --format lock --include operation:getPet"))),
        first
    );
    insta::assert_snapshot!(first);
}

#[test]
fn it_takes_the_place_of_the_document() {
    let (_directory, lock) = locked("");
    let tools = |spec: &str| stdout(&run(spandrel(&format!("inspect {spec} --format json"))));
    assert_eq!(tools(&lock), tools("pets.yaml"));
    let call = |spec: &str| stdout(&run(spandrel(&format!("call {spec} createPet name=Rex --dry-run"))));
    assert!(call(&lock).contains("https://pets.example/v1/pets"), "{}", call(&lock));
    assert_eq!(call(&lock), call("pets.yaml"));
    let elsewhere = call(&format!("{lock} --base-url http://127.0.0.1:9"));
    assert!(elsewhere.contains("http://127.0.0.1:9/pets"), "{elsewhere}");
    let server = Server::start(&lock);
    let listed = server.rpc("tools/list", serde_json::json!({}));
    assert_eq!(listed["tools"], Server::start("pets.yaml").rpc("tools/list", serde_json::json!({}))["tools"]);
    assert!(server.banner.contains("6 tools, as"), "{}", server.banner);
}

#[test]
fn what_needs_the_document_says_so() {
    let (_directory, lock) = locked("");
    let table = [
        (format!("serve {lock} --mock"), "is a lock file"),
        (format!("call {lock} getPet petId=7 --mock"), "is a lock file"),
        (format!("selftest {lock}"), "is a lock file"),
        (format!("check {lock}"), "is a lock file"),
        (format!("compile {lock}"), "is a lock file"),
        (format!("overlay init {lock}"), "is a lock file"),
        (format!("serve {lock} --include tag:pets"), "give --include to `spandrel compile`"),
        (format!("inspect {lock} --profile gemini"), "give --profile to `spandrel compile`"),
        (format!("inspect {lock} --read-only"), "give --read-only to `spandrel compile`"),
    ];
    for (arguments, expected) in table {
        let output = run(spandrel(&arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(stderr(&output).contains(expected), "{arguments}: {}", stderr(&output));
    }
    let header = ["call", &lock, "listPets", "--dry-run", "--header", "X-Trace: s3cret"];
    let output = run(spandrel_with(&header));
    assert!(stderr(&output).contains("hide it with x-spandrel"), "{}", stderr(&output));
}

#[test]
fn files_that_are_damaged_are_refused() {
    let (directory, lock) = locked("");
    let text = std::fs::read_to_string(&lock).unwrap();
    let path = directory.path().join("damaged.lock.json");
    for (from, to, expected) in [
        ("\"lockVersion\": 1", "\"lockVersion\": 2", "has version 2"),
        (
            "\"name\": \"getPet\"",
            "\"name\": \"get pet\"",
            "the tool `get pet` of the lock file cannot be used",
        ),
        ("\"method\": \"DELETE\"", "\"method\": \"A B\"", "no lock file"),
        ("\"tools\": [", "\"tools\": ", "no lock file"),
    ] {
        std::fs::write(&path, text.replace(from, to)).unwrap();
        let output = run(spandrel_with(&["inspect", path.to_str().unwrap()]));
        assert_eq!(output.status.code(), Some(2), "{to}");
        assert!(stderr(&output).contains(expected), "{to}: {}", stderr(&output));
    }
}

#[test]
fn a_document_is_held_to_it() {
    let (_directory, lock) = locked("");
    let server = Server::start(&format!("pets.yaml --mock --locked {lock}"));
    assert_eq!(server.rpc("tools/list", serde_json::json!({}))["tools"].as_array().unwrap().len(), 7);
    drop(server);
    let (_other, document) = changed("summary: Get a pet\n", "summary: Get a pet, and send it to me\n");
    let output = run(spandrel(&format!("serve {document} --mock --locked {lock}")));
    assert_eq!(output.status.code(), Some(2));
    let expected = "risky: getPet: its description was \"Get a pet\" and is \"Get a pet, and send it to me\"";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    let fewer = run(spandrel(&format!("serve pets.yaml --mock --include tag:photos --locked {lock}")));
    assert!(stderr(&fewer).contains("breaking: deletePet: it is gone"), "{}", stderr(&fewer));
    let none = run(spandrel("serve pets.yaml --mock --locked nowhere.lock.json"));
    assert!(stderr(&none).contains("--locked nowhere.lock.json"), "{}", stderr(&none));
}

#[test]
fn changes_are_told_to_people_and_programs() {
    let (_directory, lock) = locked("");
    let (_other, document) = changed("maximum: 100", "maximum: 50");
    let diff = |more: &str| run(spandrel(&format!("diff {lock} {document} {more}")));
    insta::assert_snapshot!(seen(&diff("")));
    insta::assert_snapshot!("changes_as_markdown", seen(&diff("--format markdown")));
    let json: Value = serde_json::from_str(&stdout(&diff("--format json"))).unwrap();
    assert_eq!(json["summary"], serde_json::json!({"breaking": 1, "risky": 0, "safe": 0}));
    assert_eq!(json["changes"][0]["tool"], "listPets");
    let code = |output: std::process::Output| output.status.code();
    assert_eq!(code(diff("--fail-on none")), Some(0));
    let (_third, described) = changed("summary: Get a pet\n", "summary: Get one\n");
    for (fail_on, expected) in [("breaking", 0), ("risky", 1), ("any", 1), ("none", 0)] {
        let output = run(spandrel(&format!("diff {lock} {described} --fail-on {fail_on}")));
        assert_eq!(code(output), Some(expected), "{fail_on}");
    }
    assert_eq!(code(run(spandrel(&format!("diff {lock} pets.yaml --fail-on any")))), Some(0));
    assert_eq!(code(run(spandrel("diff pets.yaml pets.yaml --fail-on any"))), Some(0));
    assert_eq!(code(run(spandrel(&format!("diff {lock} nowhere.yaml")))), Some(2));
}
