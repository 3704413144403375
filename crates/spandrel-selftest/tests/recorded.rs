//! The requests that another implementation judged, recorded under `fixtures/requests`, are those that
//! are made today. `just record-requests` writes them anew, and has them judged.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;
use url::Url;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(repository().join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The request as it was recorded: without the body, which may be bytes.
fn head(request: &Request<Bytes>) -> Value {
    let headers = request.headers().iter();
    let headers =
        headers.map(|(name, value)| json!({"name": name.as_str(), "value": value.to_str().unwrap()}));
    json!({
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers.collect::<Vec<_>>(),
    })
}

#[test]
fn requests_are_those_that_were_judged() {
    let mut seen = 0;
    for spec in files("specs") {
        let stem = spec.file_stem().unwrap().to_str().unwrap();
        let recorded = repository().join(format!("fixtures/requests/{stem}.json"));
        let recorded = std::fs::read(&recorded).unwrap_or_else(|error| {
            panic!("{}: {error}; `just record-requests` writes it", recorded.display());
        });
        let recorded: Vec<Value> = serde_json::from_slice(&recorded).unwrap();
        let set =
            DocumentSet::new(Url::from_file_path(&spec).unwrap(), &std::fs::read(&spec).unwrap()).unwrap();
        let compiled = compile(&set, &Options::default());
        for mut call in recorded {
            let body = call["request"].as_object_mut().unwrap().shift_remove("body").unwrap();
            let name = call["tool"].as_str().unwrap();
            let tool = compiled.catalog.get(name).unwrap_or_else(|| panic!("{stem}: no tool {name}"));
            let arguments = call["arguments"].as_object().unwrap();
            let request = tool.plan.render(arguments).unwrap();
            assert_eq!(head(&request), call["request"], "{stem}: {name}: {}", call["arguments"]);
            if let Some(text) = body["text"].as_str() {
                assert_eq!(request.body(), text, "{stem}: {name}: {}", call["arguments"]);
            }
            assert_eq!(body.is_null(), request.body().is_empty(), "{stem}: {name}");
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} requests are recorded");
}
