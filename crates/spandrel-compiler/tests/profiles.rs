//! Each profile against the rules of its clients: over every fixture, and over documents that nobody
//! here wrote where `SPANDREL_SHARED` names the folder that holds `corpus`.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "profiles/rules.rs"]
mod rules;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spandrel_compiler::{ArgumentLayout, Compaction, Compiled, Listing, Options, Profile, compile};
use spandrel_openapi::{Code, DocumentSet};

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/compile");
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path().join("openapi.yaml"));
    let mut files: Vec<PathBuf> = folders.collect();
    files.sort();
    files
}

/// Single-file documents of the corpus; none where it is not there.
fn corpus() -> Vec<PathBuf> {
    let Some(shared) = std::env::var_os("SPANDREL_SHARED") else {
        eprintln!("SKIPPED: set SPANDREL_SHARED to the folder that holds corpus/ to run this over it");
        return Vec::new();
    };
    let corpus = Path::new(&shared).join("corpus");
    let entries = [corpus.clone(), corpus.join("synthetic")].map(|folder| std::fs::read_dir(folder).unwrap());
    let files = entries.into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|end| end == "json" || end == "yaml")).collect();
    files.sort();
    files
}

fn load(path: &Path) -> DocumentSet {
    let mut set = DocumentSet::new(
        "https://documents.example/openapi.yaml".parse().unwrap(),
        &std::fs::read(path).unwrap(),
    )
    .unwrap();
    for url in set.missing() {
        set.mark_absent(url, "it is not loaded here".to_owned());
    }
    set
}

fn compiled(
    set: &DocumentSet,
    profile: Profile,
    arguments: ArgumentLayout,
    compaction: Compaction,
) -> Compiled {
    compile(set, &Options { profile, arguments, compaction, ..Options::default() })
}

fn check(path: &Path, layouts: &[ArgumentLayout]) -> usize {
    let set = load(path);
    let mut exceptions = 0;
    for profile in Profile::ALL {
        for layout in layouts {
            let exceptions_before = exceptions;
            let plain = compiled(&set, profile, *layout, Compaction::None);
            exceptions += check_catalog(path, profile, &plain);
            let compacted = compiled(&set, profile, *layout, Compaction::Strong);
            assert_eq!(exceptions_before + check_catalog(path, profile, &compacted), exceptions);
        }
    }
    exceptions
}

fn check_catalog(path: &Path, profile: Profile, compiled: &Compiled) -> usize {
    let mut exceptions = 0;
    for tool in compiled.catalog.tools() {
        let schema = tool.input_schema.to_value();
        let is_excepted = compiled.diagnostics.iter().any(|finding| {
            finding.code == Code::ProfileNotMet && finding.message.starts_with(&format!("`{}` ", tool.name))
        });
        if is_excepted {
            exceptions += 1;
            continue;
        }
        let violations = rules::violations(profile, &tool.name, &schema);
        assert!(
            violations.is_empty(),
            "{} {profile} {}: {violations:#?}\n{schema}",
            path.display(),
            tool.name
        );
        assert!(jsonschema::meta::is_valid(&schema), "{} {profile} {}: {schema}", path.display(), tool.name);
        if let Some(validation) = &tool.validation_schema {
            assert!(validation.to_value().is_object());
        }
    }
    exceptions
}

#[test]
fn every_fixture_keeps_the_rules_of_every_profile() {
    for path in fixtures() {
        let exceptions = check(&path, &[ArgumentLayout::Flat, ArgumentLayout::Grouped]);
        assert_eq!(exceptions, 0, "{}", path.display());
    }
}

#[test]
fn every_document_of_the_corpus_keeps_the_rules_of_every_profile() {
    for path in corpus() {
        let exceptions = check(&path, &[ArgumentLayout::Flat]);
        eprintln!("{}: {exceptions} tools that a profile has no room for", path.display());
    }
}

#[test]
fn the_rules_find_what_breaks_them() {
    let strict = |schema: Value| rules::violations(Profile::OpenAiStrict, "t", &schema);
    let open =
        json!({"type": "object", "properties": {"a": {"type": "object"}}, "required": [], "oneOf": [{}]});
    assert!(strict(open).len() >= 5);
    let gemini = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"type": ["string", "null"]}, "c": {"type": "integer", "enum": [1]}}});
    assert!(rules::violations(Profile::Gemini, "2fa", &gemini).len() >= 4);
    let openai = json!({"type": "object", "properties": {"a.b": {"type": "array"}, "o": {"type": "object"}}});
    assert_eq!(rules::violations(Profile::OpenAi, "a.b", &openai).len(), 4);
    assert_eq!(rules::violations(Profile::Claude, "a b", &json!({"type": "object", "anyOf": []})).len(), 3);
}

#[test]
fn the_same_bytes_come_out_again() {
    for path in fixtures() {
        for profile in Profile::ALL {
            let text = || {
                let set = load(&path);
                let compiled = compiled(&set, profile, ArgumentLayout::Flat, Compaction::None);
                serde_json::to_string(&Listing::new(&compiled, &set)).unwrap()
            };
            assert_eq!(text(), text(), "{} {profile}", path.display());
        }
    }
}

/// What a model writes by the schema of a profile becomes the same request as what it means.
#[test]
fn what_is_written_by_a_profile_becomes_the_request_that_is_meant() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://api.example"}],
        "paths": {"/trees": {"post": {
            "operationId": "plant.tree",
            "parameters": [
                {"name": "page.size", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                {"name": "sort", "in": "query", "schema": {"enum": ["up", "down"]}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}},
            "responses": {"204": {"description": "done"}}}}},
        "components": {"schemas": {"Tree": {
            "type": "object", "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "note": {"type": ["string", "null"]},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "extra": {},
                "left": {"allOf": [{"$ref": "#/components/schemas/Tree"}], "description": "The left one."},
                "all": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}}}}
    });
    let set = DocumentSet::from_value("https://documents.example/openapi.yaml".parse().unwrap(), document);
    let rows = [
        (
            Profile::Default,
            json!({"page.size": 2, "name": "a", "extra": "12"}),
            "page.size=2",
            json!({"name": "a", "extra": "12"}),
        ),
        (Profile::OpenAi, json!({"page_size": 2, "name": "a"}), "page.size=2", json!({"name": "a"})),
        (
            Profile::OpenAiStrict,
            json!({"page_size": null, "sort": null, "name": "a", "note": null, "labels": "{\"k\": \"v\"}", "extra": "[1]", "left": {
                "name": "b", "note": "n", "labels": null, "extra": "plain", "left": null, "all": null}, "all": [
                {"name": "c", "note": null, "labels": null, "extra": null, "left": null, "all": []}]}),
            "",
            json!({"name": "a", "labels": {"k": "v"}, "extra": [1], "left": {"name": "b", "note": "n", "extra": "plain"}, "all": [{"name": "c", "all": []}]}),
        ),
        (
            Profile::Gemini,
            json!({"page.size": 2, "sort": "up", "name": "a", "note": null, "extra": "{\"x\": 1}", "left": {"name": "b"}}),
            "page.size=2&sort=up",
            json!({"name": "a", "note": null, "extra": {"x": 1}, "left": {"name": "b"}}),
        ),
    ];
    for (profile, given, query, body) in rows {
        let compiled = compiled(&set, profile, ArgumentLayout::Flat, Compaction::None);
        let tool = &compiled.catalog.tools()[0];
        let advertised = tool.input_schema.to_value();
        let valid = jsonschema::draft202012::new(&advertised).unwrap().is_valid(&given);
        // `nullable` is no keyword of JSON Schema.
        assert!(valid || profile == Profile::Gemini, "{profile}: {advertised}");
        tool.validate_value(&given).unwrap_or_else(|error| panic!("{profile}: {}", error.message));
        let request = tool.plan.render(given.as_object().unwrap()).unwrap();
        assert_eq!(request.uri().query().unwrap_or_default(), query, "{profile}");
        let content: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(content, body, "{profile}");
    }
}

#[test]
fn cursor_hears_of_too_many_tools() {
    let operation = |index: usize| {
        let id = format!("an_operation_with_a_name_that_goes_on_and_on_for_long_{index}");
        (format!("/p{index}"), json!({"get": {"operationId": id, "responses": {}}}))
    };
    let paths: serde_json::Map<String, Value> = (0..81).map(operation).collect();
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths});
    let set = DocumentSet::from_value("https://documents.example/openapi.yaml".parse().unwrap(), document);
    let compiled = compiled(&set, Profile::Cursor, ArgumentLayout::Flat, Compaction::None);
    assert!(compiled.catalog.tools().iter().all(|tool| tool.name.len() <= 50));
    assert!(compiled.diagnostics.iter().any(|finding| finding.code == Code::TooManyTools));
}
