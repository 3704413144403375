//! Each folder of `fixtures/compile` teaches one thing: a document, and the catalog it becomes.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use spandrel_compiler::{ArgumentLayout, Compiled, Listing, Options, compile};
use spandrel_openapi::DocumentSet;

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/compile");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn load(folder: &Path) -> DocumentSet {
    let bytes = std::fs::read(folder.join("openapi.yaml")).unwrap();
    let root = "https://documents.example/openapi.yaml".parse().unwrap();
    DocumentSet::new(root, &bytes).unwrap()
}

fn listing(set: &DocumentSet, compiled: &Compiled) -> String {
    serde_json::to_string_pretty(&Listing::new(compiled, set)).unwrap()
}

#[test]
fn documents_become_the_catalogs_beside_them() {
    for folder in fixtures() {
        let set = load(&folder);
        let compiled = compile(&set, &Options::default());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("catalog", listing(&set, &compiled)));
    }
}

#[test]
fn the_same_bytes_come_out_again() {
    for folder in fixtures() {
        for arguments in [ArgumentLayout::Flat, ArgumentLayout::Grouped] {
            let options = Options { arguments, ..Options::default() };
            let render = || {
                let set = load(&folder);
                let compiled = compile(&set, &options);
                listing(&set, &compiled)
            };
            assert_eq!(render(), render(), "{}", folder.display());
        }
    }
}

#[test]
fn every_catalog_keeps_what_clients_need() {
    for folder in fixtures() {
        for arguments in [ArgumentLayout::Flat, ArgumentLayout::Grouped] {
            let options = Options { arguments, ..Options::default() };
            let compiled = compile(&load(&folder), &options);
            let mut names = BTreeSet::new();
            for tool in compiled.catalog.tools() {
                assert!(names.insert(tool.name.clone()), "{} stands twice", tool.name);
                assert!(is_legal(&tool.name), "{}", tool.name);
                assert_input_schema(&tool.name, &tool.input_schema.to_value());
            }
        }
    }
}

fn is_legal(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn assert_input_schema(tool: &str, schema: &Value) {
    assert_eq!(schema["type"], "object", "{tool}");
    let properties = schema["properties"].as_object().unwrap_or_else(|| panic!("{tool} has no properties"));
    for key in properties.keys() {
        let is_legal = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        assert!(is_legal && key.len() <= 64, "{tool}: {key}");
    }
    for combinator in ["oneOf", "anyOf", "allOf", "enum", "not"] {
        assert!(schema.get(combinator).is_none(), "{tool} has {combinator} at its root");
    }
    assert!(jsonschema::meta::is_valid(schema), "{tool} has an invalid schema");
    jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("{tool}: {error}"));
}
