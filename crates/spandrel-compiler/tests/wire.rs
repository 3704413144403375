//! What goes over the wire, all the way from a document: read, compiled, validated, rendered.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "wire/bodies.rs"]
mod bodies;
#[path = "wire/parameters.rs"]
mod parameters;
#[path = "wire/servers.rs"]
mod servers;
#[path = "wire/version_2.rs"]
mod version_2;

use http::Request;
use serde_json::{Value, json};
use spandrel_compiler::{Compiled, Options, compile};
use spandrel_openapi::DocumentSet;

/// The versions of OpenAPI that describe requests alike.
const VERSIONS: [&str; 3] = ["3.0.4", "3.1.1", "3.2.0"];

fn compiled_with(document: &Value, options: &Options) -> Compiled {
    let url = "https://documents.example/v1/openapi.json".parse().unwrap();
    let set = DocumentSet::new(url, document.to_string().as_bytes()).unwrap();
    compile(&set, options)
}

/// The request of the document's only operation, or why there is none.
fn send_with(document: &Value, options: &Options, arguments: &Value) -> Result<Request<Vec<u8>>, String> {
    let compiled = compiled_with(document, options);
    let tool = compiled.catalog.tools().first().ok_or_else(|| format!("{:?}", compiled.diagnostics))?;
    tool.validate_value(arguments).map_err(|error| error.message.into_owned())?;
    let request =
        tool.plan.render(arguments.as_object().unwrap()).map_err(|error| error.message.into_owned())?;
    Ok(request.map(|body| body.to_vec()))
}

fn send(document: &Value, arguments: &Value) -> Result<Request<Vec<u8>>, String> {
    send_with(document, &Options::default(), arguments)
}

/// A document with one operation at `path`.
fn document(version: &str, path: &str, operation: Value) -> Value {
    let method = if operation.get("requestBody").is_some() { "post" } else { "get" };
    let mut operation = operation;
    operation["responses"] = json!({"200": {"description": "done"}});
    json!({
        "openapi": version,
        "info": {"title": "Wire", "version": "1"},
        "servers": [{"url": "https://api.example/base"}],
        "paths": {path: {method: operation}}
    })
}

/// A file of `fixtures/wire`.
fn fixture(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/wire").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The lines of a table, cut at tabs, without its comments and its head.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = fixture(name);
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
