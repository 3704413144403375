use crate::binary::{folder, run, run_with_input, seen, spandrel, spandrel_with, stderr, stdout};

/// The request that a call would send.
fn request(arguments: &[&str]) -> serde_json::Value {
    let all = [&["call", "pets.yaml"], arguments, &["--dry-run", "--format", "json"]].concat();
    let output = run(spandrel_with(&all));
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn dry_runs() {
    let table: &[(&str, &[&str])] = &[
        ("query", &["listPets", "limit=10", "tag=a b", "tag=c", "X-Trace=1"]),
        ("body", &["createPet", "name=it's", "age=3", "tags:=[\"x\"]"]),
        ("delete", &["deletePet", "petId=7", "--header", "Authorization: Bearer env:API_TOKEN"]),
        ("base_url", &["getPet", "petId=7", "--base-url", "http://localhost:9000/api/"]),
        ("wrong", &["listPets", "limit=1000"]),
        ("missing", &["getPet"]),
    ];
    for (name, arguments) in table {
        let all = [&["call", "pets.yaml"], *arguments, &["--dry-run"]].concat();
        insta::assert_snapshot!(format!("dry_run_{name}"), seen(&run(spandrel_with(&all))));
    }
}

#[test]
fn secrets_are_masked() {
    let request = request(&["getPet", "petId=7", "--header", "Authorization: Bearer env:API_TOKEN"]);
    let headers = request["headers"].as_array().unwrap();
    assert!(headers.contains(&serde_json::json!({"name": "authorization", "value": "***"})));
    assert!(!request.to_string().contains("s3cret"));
}

#[test]
fn a_header_that_cannot_be_sent_is_not_repeated() {
    for header in
        ["s3cret", "X-Key: env:NOTHING", "na me: s3cret", "X: s3\u{7}cret", "Content-Length: s3cret"]
    {
        let output =
            run(spandrel_with(&["call", "pets.yaml", "getPet", "petId=7", "--dry-run", "--header", header]));
        assert_eq!(output.status.code(), Some(2), "{header}");
        assert!(
            stderr(&output).contains("--header") && !stderr(&output).contains("s3"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn values_follow_the_schema() {
    let body = |arguments: &[&str]| {
        let request = request(&[&["createPet"], arguments].concat());
        request["body"]["text"].as_str().unwrap().to_owned()
    };
    let table: &[(&[&str], &str)] = &[
        (&["name=7"], r#"{"name":"7"}"#),
        (&["name=true", "age=7"], r#"{"name":"true","age":7}"#),
        (&["name=a", "tags=1", "tags=b"], r#"{"name":"a","tags":["1","b"]}"#),
        (&["name=a", "tags=[\"1\"]"], r#"{"name":"a","tags":["1"]}"#),
        (&["name:=\"a=b\""], r#"{"name":"a=b"}"#),
        (&["--args", r#"{"name": "a", "age": 1}"#, "age=2"], r#"{"name":"a","age":2}"#),
        (&["--args", r#"{"name": "a", "tags": ["x"]}"#, "tags=y"], r#"{"name":"a","tags":["y"]}"#),
    ];
    for (arguments, expected) in table {
        let sent: serde_json::Value = serde_json::from_str(&body(arguments)).unwrap();
        assert_eq!(sent, serde_json::from_str::<serde_json::Value>(expected).unwrap(), "{arguments:?}");
    }
}

#[test]
fn grouped_arguments() {
    let request = request(&["listPets", "query.limit=3", "header.X-Trace=7", "--arguments", "grouped"]);
    assert_eq!(request["url"], "https://pets.example/v1/pets?limit=3");
}

#[test]
fn files() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rex.png");
    std::fs::write(&file, b"\x89PNG\xff").unwrap();
    let request = request(&["putPhoto", "petId=7", &format!("photo=@{}", file.display()), "caption=Rex"]);
    assert!(request["body"]["base64"].is_string(), "{request}");
    let args = directory.path().join("args.json");
    std::fs::write(&args, r#"{"petId": 8}"#).unwrap();
    let output = run(spandrel(&format!("call pets.yaml getPet --dry-run --args @{}", args.display())));
    assert_eq!(stdout(&output).split_whitespace().nth(1), Some("https://pets.example/v1/pets/8"));
    let output = run_with_input(spandrel("call pets.yaml getPet --dry-run --args -"), r#"{"petId": 9}"#);
    assert!(stdout(&output).contains("/pets/9"));
}

#[test]
fn wrong_arguments() {
    let table = [
        ("getPet petId=seven", 2, "should be integer"),
        ("getPet seven", 2, "is not an argument"),
        ("getPet =7", 2, "names no argument"),
        ("createPet name:=x", 2, "is not JSON"),
        ("createPet name=@nothing.txt", 2, "cannot be read"),
        ("createPet --args []", 2, "--args is not a JSON object"),
        ("getPett petId=7", 2, "did you mean `getPet`"),
        ("getPet petId=7 --format curl", 2, "needs --dry-run"),
        ("getPet petId=7 --mock --format yaml", 2, "invalid value"),
        ("getPet --mock", 1, "petId"),
    ];
    for (arguments, code, expected) in table {
        let output = run(spandrel(&format!("call pets.yaml {arguments}")));
        assert_eq!(output.status.code(), Some(code), "{arguments}");
        assert!(stderr(&output).contains(expected), "{arguments}: {}", stderr(&output));
    }
}

#[test]
fn calls_of_the_mock() {
    insta::assert_snapshot!(seen(&run(spandrel("call pets.yaml getPet petId=7 --mock"))));
    insta::assert_snapshot!(
        "mock_as_json",
        seen(&run(spandrel("call pets.yaml getPet petId=7 --mock --format json")))
    );
    insta::assert_snapshot!(
        "mock_without_body",
        seen(&run(spandrel("call pets.yaml deletePet petId=7 --mock")))
    );
}

#[test]
fn results_can_be_written_to_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("photo.png");
    let output =
        run(spandrel(&format!("call pets.yaml getPhoto petId=7 --mock --output {}", file.display())));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!std::fs::read(&file).unwrap().is_empty());
}

#[test]
fn an_api_that_is_not_there() {
    let output = run(spandrel("call pets.yaml getPet petId=7 --base-url http://127.0.0.1:1"));
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
    assert!(stderr(&output).contains("127.0.0.1:1"), "{}", stderr(&output));
    let flawed = run(spandrel("call flawed.yaml readA --dry-run --args {\"id\":\"1\"}"));
    assert!(stderr(&flawed).contains("names no server"), "{}", stderr(&flawed));
    assert!(folder().join("flawed.yaml").exists());
}
