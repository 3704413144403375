//! Small documents that ask for large catalogs: what comes out is bounded, and no operation is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::needless_pass_by_value, reason = "tests")]

use serde_json::{Value, json};
use spandrel_compiler::{Compiled, Listing, Options, compile};
use spandrel_openapi::{Code, DocumentSet};

/// A bound that documents of this size can pass.
const CATALOG: usize = 300_000;
/// The most that a tool takes that keeps nothing of its schemas.
const SMALLEST_TOOL: usize = 1_200;

fn compiled(paths: Value, components: Value) -> (Compiled, usize) {
    let root = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://a.example"}],
        "paths": paths, "components": components,
    });
    let set = DocumentSet::from_value("https://documents.example/openapi".parse().unwrap(), root);
    let compiled = compile(&set, &Options { catalog_bytes: Some(CATALOG), ..Options::default() });
    let bytes = serde_json::to_string(&Listing::new(&compiled, &set).tools).unwrap().len();
    (compiled, bytes)
}

fn posts(count: usize, body: impl Fn(usize) -> Value) -> Value {
    let operation =
        |n| json!({"post": {"requestBody": body(n), "responses": {"200": {"description": "ok"}}}});
    (0..count).map(|n| (format!("/o{n}"), operation(n))).collect()
}

fn assert_bounded(paths: Value, components: Value, largest_tool: usize) {
    let operations = paths.as_object().map_or(0, serde_json::Map::len);
    let (compiled, bytes) = compiled(paths, components);
    assert_eq!(compiled.catalog.tools().len(), operations);
    assert!(compiled.diagnostics.iter().any(|finding| finding.code == Code::SchemaTooLarge));
    let most = 3 * (CATALOG + largest_tool) + operations * SMALLEST_TOOL;
    assert!(bytes <= most, "{bytes} bytes, more than {most}");
}

#[test]
fn definitions_that_all_refer_to_each_other() {
    let count = 40;
    let properties: Value = (0..count)
        .map(|n| (format!("p{n}"), json!({"$ref": format!("#/components/schemas/M{n}")})))
        .collect();
    let schemas: Value =
        (0..count).map(|n| (format!("M{n}"), json!({"type": "object", "properties": properties}))).collect();
    let paths = posts(400, |n| {
        let member = json!({"$ref": format!("#/components/schemas/M{}", n % count)});
        json!({"content": {"application/json": {"schema": {"type": "object", "properties": {"m": member}}}}})
    });
    assert_bounded(paths, json!({"schemas": schemas}), 100_000);
}

#[test]
fn one_large_body_that_all_use() {
    let properties: Value = (0..500).map(|n| (format!("p{n}"), json!({"type": "string"}))).collect();
    for name in ["application/json", "application/xml", "multipart/form-data"] {
        let body = json!({"content": {name: {"schema": {"type": "object", "properties": properties}}}});
        let paths = posts(400, |_| json!({"$ref": "#/components/requestBodies/B"}));
        assert_bounded(paths, json!({"requestBodies": {"B": body}}), 300_000);
    }
}

#[test]
fn one_finding_that_all_share() {
    let missing = format!("#/{}", "m".repeat(100_000));
    let operations: Value = (0..300).map(|n| (format!("M{n}"), json!({}))).collect();
    let item = json!({"parameters": [{"$ref": missing}], "additionalOperations": operations});
    let (compiled, _) = compiled(json!({"/a": item}), json!({}));
    let said: usize = compiled.diagnostics.iter().map(|finding| finding.message.len()).sum();
    assert!(said < 100_000, "{said} bytes of findings");
    assert_eq!(compiled.catalog.tools().len() + compiled.skipped.len(), 300);
}
