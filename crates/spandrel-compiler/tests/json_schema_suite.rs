//! The official JSON-Schema-Test-Suite through the 3.1 path: a schema that is put into a document
//! and compiled must accept and refuse the same instances. The suite stands outside the repository,
//! under the folder that `SPANDREL_SHARED` names; without it this test says that it was skipped.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::path::Path;

use serde_json::{Value, json};
use spandrel_openapi::{Direction, DocumentSet, Location, Pointer, SchemaCompiler, SourceId, SpecVersion};

/// The groups in which something differs, by the file and a part of the group's description, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("dynamicRef", "", "dynamic scope: a reference is resolved once, when the document is compiled"),
    ("refRemote", "", "needs documents that only the suite's own server has"),
    ("vocabulary", "", "vocabularies of other metaschemas are no part of OpenAPI"),
    ("unevaluatedItems", "$dynamicRef", "dynamic scope"),
    ("unevaluatedProperties", "$dynamicRef", "dynamic scope"),
    ("defs", "against metaschema", "references the metaschema by its URL, which nobody fetches"),
    ("ref", "remote ref", "references the metaschema by its URL, which nobody fetches"),
    ("ref", "naive replacement of $ref", "this test rewrites references in the text, data included"),
    ("enum", "empty enum", "an empty list would refuse every value; it is left out with a diagnostic"),
];

fn exception(file: &str, group: &str) -> Option<usize> {
    EXCEPTIONS.iter().position(|(of, part, _)| file == *of && group.contains(part))
}

#[test]
fn compiled_schemas_mean_what_the_suite_says() {
    let Some(shared) = std::env::var_os("SPANDREL_SHARED") else {
        eprintln!("SKIPPED: set SPANDREL_SHARED to the folder that holds conformance/ to run this test");
        return;
    };
    let mut files = Vec::new();
    collect(&Path::new(&shared).join("conformance/json-schema/tests/draft2020-12"), &mut files);
    files.sort();
    assert!(files.len() > 30, "the suite is not where it should be");
    let (mut passed, mut excepted, mut failures) = (0, vec![0; EXCEPTIONS.len()], Vec::new());
    for path in files {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        let groups: Vec<Value> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for group in groups {
            let description = group["description"].as_str().unwrap();
            let tests = group["tests"].as_array().unwrap();
            let exception = exception(&file, description);
            let compiled = compiled(&group["schema"]);
            let validator = jsonschema::draft202012::new(&compiled).ok();
            for test in tests {
                let verdict = validator.as_ref().map(|validator| validator.is_valid(&test["data"]));
                if verdict == test["valid"].as_bool() {
                    passed += 1;
                } else if let Some(exception) = exception {
                    excepted[exception] += 1;
                } else {
                    failures.push(format!(
                        "{file}: {description}: {}: {} → {compiled}",
                        test["description"], group["schema"]
                    ));
                }
            }
        }
    }
    eprintln!(
        "JSON-Schema-Test-Suite: {passed} passed, {} failed, {} excepted",
        failures.len(),
        excepted.iter().sum::<usize>()
    );
    for ((file, part, reason), count) in EXCEPTIONS.iter().zip(&excepted) {
        eprintln!("  {count:4} {file} {part}: {reason}");
    }
    for failure in failures.iter().take(60) {
        eprintln!("  {failure}");
    }
    assert!(failures.is_empty());
    assert!(excepted.iter().all(|count| *count > 0), "an exception explains nothing: {excepted:?}");
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "json") {
            files.push(path);
        }
    }
}

fn compiled(schema: &Value) -> Value {
    // The suite writes references from the schema's own root; in a document that root is elsewhere,
    // unless the schema identifies itself.
    let mut text = schema.to_string();
    if !text.contains("\"$id\"") {
        text =
            text.replace("\"#/", "\"#/components/schemas/S/").replace("\"#\"", "\"#/components/schemas/S\"");
    }
    let schema: Value = serde_json::from_str(&text).unwrap();
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": {"S": schema}}});
    let set = DocumentSet::from_value("https://suite.example/document.json".parse().unwrap(), document);
    let location =
        Location { source: SourceId::ROOT, pointer: Pointer::from_escaped("/components/schemas/S") };
    SchemaCompiler::new(&set, SpecVersion::V3_1).bundle(&location, Direction::Request).into_value()
}
