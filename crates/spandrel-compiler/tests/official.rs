//! The documents that the OpenAPI Initiative tests its own schemas with. They stand outside the
//! repository, under the folder that `SPANDREL_SHARED` names; without it this test says that it was
//! skipped.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use spandrel_compiler::{Options, compile};
use spandrel_openapi::{Code, DocumentSet, ParseError, Severity, SourceId};

/// Documents that are not valid, and that nothing is said of: why that is right.
const TOLERATED: &[(&str, &str)] = &[
    ("example-examples.yaml", "one example is shown; which of them changes nothing that is sent"),
    ("example-object-old-exclusions.yaml", "examples are prose for a model, and none is sent"),
    ("example-object-old-vs-data.yaml", "examples are prose for a model, and none is sent"),
    ("example-object-old-vs-ser.yaml", "examples are prose for a model, and none is sent"),
    ("example-object-ser-exclusions.yaml", "examples are prose for a model, and none is sent"),
    ("header-object-allowReserved.yaml", "headers of an answer are shown as they come"),
    ("header-object-name.yaml", "an answer cannot have such a header"),
    ("link-object-no-body.yaml", "links are not followed"),
    (
        "parameter-object-cookie-form-allowReserved.yaml",
        "without percent-encoding there is nothing to leave as it is",
    ),
    (
        "parameter-object-cookie-allowReserved.yaml",
        "without percent-encoding there is nothing to leave as it is",
    ),
    ("parameter-object-header-allowReserved.yaml", "a header is not percent-encoded"),
    ("parameter-object-content-not-with-style.yaml", "`content` counts: a style could say nothing more"),
    (
        "parameter-object-querystring-not-with-schema.yaml",
        "the value is written as a form, as the query has it",
    ),
    ("operation-object-query-with-querystring.yaml", "both are sent, one after the other"),
    ("path-item-object-query-with-querystring.yaml", "both are sent, one after the other"),
    ("encoding-enc-item-exclusion.yaml", "encodings by position are not read"),
    ("encoding-enc-prefix-exclusion.yaml", "encodings by position are not read"),
    ("media-type-enc-item-exclusion.yaml", "encodings by position are not read"),
    ("media-type-enc-prefix-exclusion.yaml", "encodings by position are not read"),
    (
        "server_enum_empty.yaml",
        "a variable that allows nothing has its default, which is what would be chosen",
    ),
    ("xml-attr-exclusion.yaml", "both keywords say the same"),
    ("xml-wrapped-exclusion.yaml", "both keywords say the same"),
];

#[test]
fn valid_documents_have_no_errors() {
    let Some(folders) = folders() else { return };
    for path in folders.iter().flat_map(|folder| documents(&folder.join("pass"))) {
        let set = load(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let compiled = compile(&set, &Options::default());
        let wrong: Vec<_> = compiled.with_severity(Severity::Error).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
    }
}

#[test]
fn what_is_wrong_with_others_is_said_or_does_no_harm() {
    let Some(folders) = folders() else { return };
    let (mut said, mut tolerated, mut silent) = (0, 0, Vec::new());
    for path in folders.iter().flat_map(|folder| documents(&folder.join("fail"))) {
        let name = name(&path);
        let is_tolerated = TOLERATED.iter().any(|(known, _)| name.ends_with(known));
        match (has_findings(&path), is_tolerated) {
            (true, false) => said += 1,
            (false, true) => tolerated += 1,
            (false, false) => silent.push(name),
            (true, true) => panic!("{name} is said to be wrong now: it needs no entry"),
        }
    }
    eprintln!("not valid: {said} reported, {tolerated} tolerated, {} silent", silent.len());
    assert!(silent.is_empty(), "nothing is said of {silent:#?}");
}

/// Whether anything is said of the document but that it has no server.
fn has_findings(path: &Path) -> bool {
    let Ok(set) = load(path) else { return true };
    let used = DocumentSet::from_value(set.url(SourceId::ROOT).clone(), with_operations(set.root().clone()));
    let findings = compile(&used, &Options::default()).diagnostics;
    findings.iter().any(|finding| finding.code != Code::ServerMissing)
}

/// The document with an operation for each of its components: only what an operation uses is read.
fn with_operations(mut document: Value) -> Value {
    let mut paths = Map::new();
    for (kind, components) in document["components"].as_object().into_iter().flatten() {
        for (name, component) in components.as_object().into_iter().flatten() {
            let reference = json!({"$ref": format!("#/components/{kind}/{name}")});
            let operation = match kind.as_str() {
                "parameters" => json!({"post": {"parameters": [reference]}}),
                "requestBodies" => json!({"post": {"requestBody": reference}}),
                "headers" => json!({"post": {"responses": {"200": {"headers": {"X": reference}}}}}),
                "schemas" => {
                    json!({"post": {"parameters": [{"name": "q", "in": "query", "schema": reference}]}})
                }
                "pathItems" => reference,
                _ => continue,
            };
            let variable = if component["in"] == "path" { "/{variable}" } else { "" };
            paths.insert(format!("/{kind}/{name}{variable}"), operation);
        }
    }
    if let Value::Object(members) = &mut document
        && !members.contains_key("paths")
        && !paths.is_empty()
    {
        members.insert("paths".to_owned(), Value::Object(paths));
    }
    document
}

fn folders() -> Option<Vec<PathBuf>> {
    let Some(shared) = std::env::var_os("SPANDREL_SHARED") else {
        eprintln!("SKIPPED: set SPANDREL_SHARED to the folder that holds conformance/ to run this test");
        return None;
    };
    let root = Path::new(&shared).join("conformance/openapi");
    Some(["v3.1-dev", "v3.2-dev"].map(|version| root.join(version).join("tests/schema")).to_vec())
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 10, "{} holds too little", folder.display());
    paths
}

/// `v3.1-dev/servers.yaml`: some names stand in both versions.
fn name(path: &Path) -> String {
    let version = path.ancestors().nth(4).and_then(Path::file_name).unwrap_or_default();
    format!("{}/{}", version.display(), path.file_name().unwrap_or_default().display())
}

fn load(path: &Path) -> Result<DocumentSet, ParseError> {
    let url = "https://documents.example/openapi.yaml".parse().expect("a URL");
    let mut set = DocumentSet::new(url, &std::fs::read(path).unwrap())?;
    for missing in set.missing() {
        set.mark_absent(missing, "it is not among these documents".to_owned());
    }
    Ok(set)
}
