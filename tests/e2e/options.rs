//! The operator's choices: where headers go, which operations are chosen, which servers are called.

use std::path::Path;

use crate::binary::{run, spandrel_with, stderr, stdout};

const TWO_ORIGINS: &str = r#"
openapi: 3.1.0
info: {title: Two, version: "1"}
servers: [{url: "https://one.example/v1"}]
paths:
  /a:
    get: {operationId: readA, tags: [Alpha], responses: {"200": {description: fine}}}
  /b:
    servers: [{url: "https://two.example"}]
    get: {operationId: readB, responses: {"200": {description: fine}}}
"#;

const TENANTS: &str = r#"
openapi: 3.1.0
info: {title: Tenants, version: "1"}
servers: [{url: "https://{region}.example", variables: {region: {default: eu, enum: [eu, us]}}}]
paths:
  /a:
    get:
      operationId: read_all.things
      parameters:
        - {name: X-Tenant, in: header, required: true, schema: {type: string}}
      responses: {"200": {description: fine}}
  /b:
    get:
      operationId: readB
      parameters: [{name: session, in: cookie, schema: {type: string}}]
      responses: {"200": {description: fine}}
  /c:
    post:
      operationId: train
      requestBody:
        content: {application/json: {schema: {oneOf: [{type: object, properties: {model: {type: string}}}], properties: {model: {type: string}}}}}
      responses: {"200": {description: fine}}
"#;

fn write(directory: &Path, name: &str, text: &str) -> String {
    let path = directory.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Runs rows of a document, arguments behind it, the exit code and what is said.
fn check(document: &str, rows: &[(&str, &[&str], i32, &str)]) {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), "api.yaml", document);
    for (command, arguments, code, expected) in rows {
        let output = run(spandrel_with(&[&[*command, &path], *arguments].concat()));
        let seen = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {seen}");
        assert!(seen.contains(expected), "{arguments:?}: {seen}");
        assert!(!seen.contains("s3cret"), "{arguments:?}: {seen}");
    }
}

#[test]
fn headers_go_to_one_origin_unless_more_are_named() {
    let key = &["readA", "--dry-run", "--header", "X-Key: s3cret"][..];
    let key_b = &["readB", "--dry-run", "--header", "X-Key: s3cret"][..];
    let with = |start: &[&'static str], more: &[&'static str]| [start, more].concat();
    let one = with(key, &["--header-origin", "https://one.example"]);
    let other = with(key_b, &["--header-origin", "https://one.example"]);
    let stranger = with(key, &["--header-origin", "https://three.example"]);
    let base = with(key_b, &["--base-url", "https://four.example/x"]);
    let path = with(key, &["--header-origin", "https://one.example/v1"]);
    check(
        TWO_ORIGINS,
        &[
            ("call", key, 2, "several origins: https://one.example, https://two.example"),
            ("serve", &key[2..], 2, "--header-origin ORIGIN"),
            ("call", &one, 0, "x-key: ***"),
            ("call", &stranger, 2, "no tool calls it"),
            ("call", &base, 0, "x-key: ***"),
            ("call", &path, 2, "an origin has no path"),
            ("call", &["readB", "--dry-run"], 0, "https://two.example/b"),
        ],
    );
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), "api.yaml", TWO_ORIGINS);
    let output = run(spandrel_with(&[&["call", path.as_str()][..], &other[..]].concat()));
    assert!(!stdout(&output).contains("x-key"), "{}", stdout(&output));
}

#[test]
fn what_a_choice_does_not_meet_is_told() {
    check(
        TWO_ORIGINS,
        &[
            ("serve", &["--include", "tag:alpha"], 2, "did you mean `tag:Alpha`?"),
            ("inspect", &["--include", "method:FOO"], 2, "the rule `method:FOO` matches no operation"),
            ("inspect", &["--exclude", "path:**"], 2, "--include and --exclude leave no operation"),
            ("inspect", &["--read-only", "--exclude", "path~."], 2, "and --read-only leave no operation"),
            ("inspect", &["--include", "path~^/b"], 0, "1 tool of 2 operations"),
            ("inspect", &["--read-only", "--exclude", "deprecated"], 0, "`deprecated` matches no operation"),
            ("inspect", &["--include", "path~("], 2, "is not a regular expression: unclosed group"),
            ("compile", &["--exclude", "operation:reada"], 0, "did you mean `operation:readA`?"),
            ("compile", &["--exclude", "tag:zzz"], 0, "check"),
            ("compile", &["--exclude", "tag:zzz"], 0, "--exclude tag:zzz` shows"),
            ("inspect", &["--server-var", "nope=zzz"], 0, "no server has the variable `nope`"),
            ("inspect", &["readA", "--format", "json"], 0, "\"Alpha\""),
        ],
    );
    check(
        TENANTS,
        &[
            ("inspect", &["--include", "operation:read_all_things"], 2, "operation:read_all.things"),
            ("call", &["readB", "--server-var", "region=xx"], 1, "must be one of eu, us"),
            ("call", &["train", "model=m", "--dry-run"], 2, "body.model=m"),
            ("call", &["train", "body.model=m", "--dry-run"], 0, r#"{"model":"m"}"#),
            ("call", &["readB", "session=1", "session=2", "--dry-run"], 2, "is given twice"),
        ],
    );
}

#[test]
fn headers_take_the_place_of_parameters() {
    let tenant = ["--dry-run", "--header", "X-Tenant: s3cret"];
    let cookie = ["--dry-run", "--header", "Cookie: s3cret=s3cret"];
    let call = |tool: &'static str, more: &[&'static str]| [&[tool][..], more].concat();
    check(
        TENANTS,
        &[
            ("call", &["read_all_things", "--dry-run"], 1, "X-Tenant"),
            ("call", &call("read_all_things", &tenant), 0, "x-tenant: ***"),
            ("call", &call("read_all_things", &cookie), 2, "such as those of `readB`"),
        ],
    );
    check(
        TWO_ORIGINS,
        &[("call", &[&call("readA", &cookie)[..], &["--base-url", "http://h"]].concat(), 0, "***")],
    );
}

#[test]
fn passwords_in_urls_are_not_repeated() {
    check(
        TWO_ORIGINS,
        &[
            ("inspect", &["--base-url", "https://u:s3cret@h"], 2, "--base-url: a server's URL must not hold"),
            ("inspect", &["--base-url", "https://u:s3cret@["], 2, "`https://***@[`"),
            ("inspect", &["--base-url", "https://h?token=s3cret"], 2, "must not have a query"),
        ],
    );
    let output = run(spandrel_with(&["inspect", "https://u:s3cret@["]));
    assert!(stderr(&output).contains("is not a URL") && !stderr(&output).contains("s3cret"));
}

#[test]
fn documents_of_other_kinds_are_refused() {
    for text in ["{}", "{\"name\": \"package\"}", "asyncapi: 3.0.0\n"] {
        check(
            text,
            &[
                ("serve", &[], 2, "neither `openapi` nor `swagger`"),
                ("check", &[], 2, "is not an OpenAPI document"),
            ],
        );
    }
    check(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n",
        &[("serve", &[], 2, "has no operations")],
    );
}

#[test]
fn results_in_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), "api.yaml", TWO_ORIGINS);
    let file = directory.path().join("result.json");
    let name = file.display().to_string();
    let output = run(spandrel_with(&["call", &path, "readA", "--mock", "--format", "json", "-o", &name]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let written: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(written["isError"], false);
}

#[test]
fn tools_are_made_for_the_clients_of_a_provider() {
    let document = r#"
openapi: 3.1.0
info: {title: Profiles, version: "1"}
servers: [{url: "https://api.example"}]
paths:
  /a:
    get:
      operationId: 2fa
      parameters:
        - {name: page.size, in: query, schema: {type: integer}}
        - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: fine}}
  /b:
    x-mcp: false
    get: {operationId: hidden, responses: {"200": {description: fine}}}
"#;
    let strict = [
        "2fa",
        "--profile",
        "openai-strict",
        "--args",
        r#"{"page_size": null, "filter": "{\"a\": 1}"}"#,
        "--dry-run",
    ];
    let keys = ["2fa", "--profile", "openai", "page_size=2", "--dry-run"];
    check(
        document,
        &[
            ("compile", &[], 0, "1 tool of 2 operations"),
            ("compile", &["--profile", "gemini"], 0, "\"_2fa\""),
            ("compile", &["--profile", "cursor"], 0, "\"page.size\""),
            ("call", &keys, 0, "https://api.example/a?page.size=2"),
            ("call", &strict, 0, "https://api.example/a?filter=%7B%22a%22%3A1%7D"),
            ("compile", &["--profile", "gpt"], 2, "default, claude, openai, openai-strict, gemini or cursor"),
            ("serve", &["--exclude", "path:/a"], 2, "leave no operation"),
        ],
    );
    let hidden =
        document.replace("x-mcp: false", "x-mcp: true").replace("paths:", "x-mcp-ignore: true\npaths:");
    check(&hidden, &[("compile", &[], 0, "1 tool of 2 operations")]);
    let nothing = document.replace("paths:", "x-mcp: false\npaths:");
    check(&nothing, &[("serve", &[], 2, "the document's own extensions leave no operation")]);
}
