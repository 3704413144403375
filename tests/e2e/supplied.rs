//! Parameters that the bridge gives, and where they may come from.

use serde_json::Value;

use crate::binary::{run, spandrel, spandrel_with, stderr, stdout};

const BOOKSHOP: &str = "../../specs/bookshop.yaml --overlay ../../docs/bookshop.overlay.yaml";

#[test]
fn the_model_neither_sees_nor_overrides_what_is_given() {
    let tool: Value =
        serde_json::from_str(&stdout(&run(spandrel(&format!("inspect {BOOKSHOP} listBooks --format json")))))
            .unwrap();
    let properties = tool["inputSchema"]["properties"].as_object().unwrap();
    assert!(!properties.contains_key("inStock") && !properties.contains_key("price"), "{tool:#}");
    assert_eq!(properties["limit"]["default"], 5);
    assert_eq!(tool["inputSchema"]["examples"][0]["q"], "river");
    let shown = stdout(&run(spandrel(&format!("call {BOOKSHOP} listBooks q=sea --dry-run"))));
    assert!(shown.contains("q=sea&inStock=true&limit=5"), "{shown}");
    let refused = run(spandrel(&format!("call {BOOKSHOP} listBooks inStock=false --dry-run")));
    assert_ne!(refused.status.code(), Some(0));
}

#[test]
fn environment_variables_need_leave_and_a_value() {
    let serve = |more: &str, value: Option<&str>| {
        let mut command = spandrel(&format!("serve {BOOKSHOP} --mock --listen 256.0.0.1:1 {more}"));
        command.env_remove("SHELF");
        value.map(|value| command.env("SHELF", value));
        stderr(&run(command))
    };
    assert!(serve("", Some("essay")).contains("say so with --allow-env SHELF"));
    assert!(serve("--allow-env OTHER", Some("essay")).contains("say so with --allow-env SHELF"));
    assert!(serve("--allow-env SHELF", None).contains("SHELF, whose value `addBook` sends, is not set"));
    assert!(serve("--allow-env SHELF", Some("")).contains("is not set"));
    // It comes as far as the address.
    assert!(serve("--allow-env SHELF", Some("essay")).contains("ADDRESS:PORT"));
}

#[test]
fn their_values_are_sent_and_never_shown() {
    let mut command = spandrel(&format!(
        "call {BOOKSHOP} addBook isbn=9780000000017 title=x price=1 --mock --allow-env SHELF -vvv"
    ));
    command.env("SHELF", "poetry").env("RUST_LOG", "trace");
    let output = run(command);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stderr(&output).contains("poetry"), "{}", stderr(&output));
    // The mock refuses what is no genre: so the value is sent.
    let mut command = spandrel(&format!(
        "call {BOOKSHOP} addBook isbn=9780000000017 title=x price=1 --mock --allow-env SHELF"
    ));
    command.env("SHELF", "cooking");
    assert_ne!(run(command).status.code(), Some(0));
    for format in ["curl", "json"] {
        let arguments =
            format!("call {BOOKSHOP} addBook isbn=9780000000017 title=x price=1 --dry-run --format {format}");
        let mut command = spandrel(&arguments);
        command.env("SHELF", "poetry");
        let shown = stdout(&run(command));
        assert!(!shown.contains("poetry") && !shown.contains("spandrel-env"), "{shown}");
        assert!(shown.contains(if format == "curl" { "$SHELF" } else { "***" }), "{shown}");
    }
}

#[test]
fn a_lock_file_names_the_variable_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("books.lock.json").display().to_string();
    let mut command = spandrel(&format!("compile {BOOKSHOP} -q -o {path}"));
    command.env("SHELF", "poetry");
    assert_eq!(run(command).status.code(), Some(0));
    let text = std::fs::read_to_string(&path).unwrap();
    let plans = text.split("\"supplied\"").skip(1).collect::<String>();
    assert!(plans.contains("SHELF") && !plans.contains("\"poetry\"}"), "{plans}");
    let output = run(spandrel_with(&["serve", &path]));
    assert!(stderr(&output).contains("say so with --allow-env SHELF"), "{}", stderr(&output));
}

#[test]
fn what_is_given_passes_the_test() {
    let mut command = spandrel(&format!("selftest {BOOKSHOP} --allow-env SHELF"));
    command.env("SHELF", "essay");
    let output = run(command);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
}
