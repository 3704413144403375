#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use super::{LockError, LockFile, LockedDocument};
use crate::test_plan::{any_object, arguments, parameter, plan, style, tool};
use crate::{
    Api, ArgumentPath, BaseUrl, Catalog, EnvironmentValue, OperationPlan, Style, SuppliedArgument,
    SuppliedValue, Supply,
};

fn catalog() -> Catalog {
    let token = EnvironmentValue::new("TENANT", true);
    let supply = Supply::Fixed(SuppliedValue::Environment(token));
    let supplied = vec![SuppliedArgument { argument: ArgumentPath::key("tenant"), supply }];
    let query = vec![parameter("tenant", style(Style::Form, true))];
    let catalog = Catalog::new(
        Api { title: "Things".to_owned(), version: "1".to_owned(), description: None },
        vec![tool(OperationPlan { query, supplied, ..plan() }, &any_object(), Some(&any_object()))],
    );
    catalog.set_environment(|_| Some("s3cret".to_owned()));
    catalog
}

fn document() -> LockedDocument {
    let digest = LockedDocument::digest([b"openapi: 3.1.0".as_slice()]);
    LockedDocument { specification: "3.1.0".to_owned(), digest, origin: None }
}

fn text() -> String {
    LockFile::new(&catalog(), document()).to_text().unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let text = text();
    assert!(LockFile::is_one(text.as_bytes()));
    let lock = LockFile::read(text.as_bytes()).unwrap();
    assert_eq!(lock.document(), &document());
    assert_eq!(lock.to_text().unwrap(), text);
    let catalog = lock.into_catalog(None);
    let tool = catalog.get("get_thing").unwrap();
    assert_eq!(tool.output_schema.as_ref().unwrap().as_str(), any_object().to_string());
    catalog.set_environment(|_| Some("acme".to_owned()));
    let request = tool.plan.render(&arguments(json!({}))).unwrap();
    assert_eq!(request.uri(), "https://api.example.com/v1/things?tenant=acme");
}

#[test]
fn another_server_can_be_called() {
    let base = BaseUrl::parse("https://staging.example").unwrap();
    let catalog = LockFile::read(text().as_bytes()).unwrap().into_catalog(Some(&base));
    assert_eq!(catalog.tools()[0].plan.base.as_ref(), Some(&base));
}

#[test]
fn values_of_the_environment_are_not_kept() {
    assert!(!text().contains("s3cret"));
    assert!(text().contains(r#"{"environment":{"variable":"TENANT","isText":true}}"#));
}

#[test]
fn digests_tell_texts_apart() {
    let digest = |texts: &[&str]| LockedDocument::digest(texts.iter().map(|text| text.as_bytes()));
    assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
    assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
    assert_eq!(digest(&[]).len(), "sha256:".len() + 64);
}

/// The file with `change` made to it.
fn changed(change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut lock: Value = serde_json::from_str(&text()).unwrap();
    change(&mut lock);
    lock.to_string().into_bytes()
}

#[test]
fn what_no_compiler_writes_is_refused() {
    type Change = fn(&mut Value);
    let table: [(&str, Change); 19] = [
        ("has version 2,", |lock| lock["lockVersion"] = json!(2)),
        ("has version 7,", |lock| *lock = json!({"lockVersion": 7, "other": {}})),
        ("unknown field `extra`", |lock| lock["extra"] = json!(1)),
        ("missing field `api`", |lock| drop(lock.as_object_mut().unwrap().shift_remove("api"))),
        ("no SHA-256", |lock| lock["document"]["digest"] = json!("sha256:abc")),
        ("neither http nor https", |lock| lock["document"]["origin"] = json!("file:///etc")),
        ("its name is none", |lock| lock["tools"][0]["name"] = json!("a\u{1b}[2Jb")),
        ("its name is none", |lock| lock["tools"][0]["name"] = json!("x".repeat(65))),
        ("its name is none", |lock| lock["tools"][0]["name"] = json!("")),
        ("another one has its name", |lock| {
            let tool = lock["tools"][0].clone();
            lock["tools"].as_array_mut().unwrap().push(tool);
        }),
        ("not of an object", |lock| lock["tools"][0]["inputSchema"] = json!({"type": "string"})),
        ("not of an object", |lock| lock["tools"][0]["outputSchema"] = json!(true)),
        ("unknown field `allow`", |lock| lock["tools"][0]["plan"]["allow"] = json!(true)),
        ("not an HTTP method", |lock| lock["tools"][0]["plan"]["method"] = json!("GET /\r\n")),
        ("not the value of a header", |lock| lock["tools"][0]["plan"]["accept"] = json!("a\r\nHost: b")),
        ("user name or password", |lock| lock["tools"][0]["plan"]["base"] = json!("https://u:p@h")),
        ("a header has a name", |lock| {
            let wrong =
                json!([{"name": "a: b", "argument": "a", "serialization": {"content": {"mediaType": ""}}}]);
            lock["tools"][0]["plan"]["headers"] = wrong;
        }),
        ("its body has no media type", |lock| {
            lock["tools"][0]["plan"]["body"] = json!({"source": {"whole": "body"}, "mediaTypes": []});
        }),
        ("a security scheme has a name", |lock| {
            let kind = json!({"apiKey": {"cookie": "a=b"}});
            lock["tools"][0]["plan"]["security"] = json!([[{"name": "x", "kind": kind}]]);
        }),
    ];
    for (expected, change) in table {
        let error = LockFile::read(&changed(change)).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(!error.contains('\u{1b}'), "{error}");
    }
    for bytes in [&b"{"[..], b"", b"\xff", b"[]", b"{\"lockVersion\": \"1\"}"] {
        assert!(matches!(LockFile::read(bytes), Err(LockError::Malformed(_))));
    }
}

#[test]
fn schemas_that_never_end_accept_everything() {
    let endless = changed(|lock| {
        lock["tools"][0]["inputSchema"] = json!({"type": "object", "allOf": [{"$ref": "#"}]});
    });
    let catalog = LockFile::read(&endless).unwrap().into_catalog(None);
    assert_eq!(catalog.tools()[0].validate(&arguments(json!({"a": 1}))), Ok(()));
}

proptest::proptest! {
    /// Whatever happens to the file, reading it and using what was read ends without a panic.
    #[test]
    fn any_change_is_read_or_refused(at in 0..10_000_usize, with in "[ -~]{0,3}", length in 0..20_usize) {
        let mut bytes = text().into_bytes();
        let start = at % bytes.len();
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, with.bytes());
        if let Ok(lock) = LockFile::read(&bytes) {
            let written = lock.to_text().unwrap();
            let catalog = lock.into_catalog(None);
            catalog.set_environment(|_| Some("x".to_owned()));
            for tool in catalog.tools() {
                let _ = tool.validate(&arguments(json!({"tenant": [1, {"a": null}]})));
                let _ = tool.plan.render(&arguments(json!({"tenant": [1, {"a": null}]})));
            }
            proptest::prop_assert_eq!(LockFile::read(written.as_bytes()).unwrap().to_text().unwrap(), written);
        }
    }
}
