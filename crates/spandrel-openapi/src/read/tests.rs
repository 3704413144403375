#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

mod documents;
mod input;
mod lost;
mod output;
mod security;
mod swagger;

use serde_json::{Value, json};
use url::Url;

use crate::diagnostic::Code;
use crate::document_set::DocumentSet;
use crate::model::{Document, Operation};

/// The document and the findings as code and pointer.
fn read(root: Value) -> (Document, Vec<(Code, String)>) {
    read_set(&DocumentSet::from_value(Url::parse("https://example.com/docs/openapi.json").unwrap(), root))
}

fn read_set(set: &DocumentSet) -> (Document, Vec<(Code, String)>) {
    let (document, diagnostics) = set.read();
    let findings = diagnostics.into_iter().map(|found| (found.code, found.location.pointer.to_string()));
    (document, findings.collect())
}

/// A 3.2 document with these paths and components.
fn api(paths: Value, components: Value) -> Value {
    json!({"openapi": "3.2.0", "info": {"title": "T", "version": "1"}, "paths": paths, "components": components})
}

/// The one operation of a 3.2 document with this path item at `/x/{id}`, without findings.
fn clean(item: Value, components: Value) -> Operation {
    let (document, findings) = read(api(json!({"/x/{id}": item}), components));
    assert_eq!(findings, [], "findings");
    assert_eq!(document.operations.len(), 1);
    document.operations.into_iter().next().unwrap()
}

fn found(code: Code, pointer: &str) -> (Code, String) {
    (code, pointer.to_owned())
}
