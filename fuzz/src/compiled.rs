//! What holds of every catalog.

use std::collections::BTreeSet;

use jsonschema::ValidationError;
use serde_json::Value;
use spandrel_compiler::{Compiled, Listing, Options, compile};
use spandrel_openapi::DocumentSet;
use spandrel_plan::Catalog;

/// The catalog of a document that stands in this repository.
pub(crate) fn catalog(bytes: &[u8]) -> Catalog {
    let url = "https://documents.example/openapi".parse().expect("a URL");
    let set = DocumentSet::new(url, bytes).expect("a document");
    compile(&set, &Options::default()).catalog
}

/// The listing as text.
pub(crate) fn listing(compiled: &Compiled, set: &DocumentSet) -> String {
    serde_json::to_string(&Listing::new(compiled, set)).expect("a listing is JSON")
}

/// Names are legal and stand once; each operation is accounted for.
pub(crate) fn assert_names(compiled: &Compiled) {
    let mut names = BTreeSet::new();
    for tool in compiled.catalog.tools() {
        let name = &tool.name;
        let is_legal = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        assert!(is_legal && (1..=64).contains(&name.len()), "the name {name:?} is not legal");
        assert!(names.insert(name), "the name {name:?} stands twice");
    }
    let accounted = compiled.catalog.tools().len() + compiled.skipped.len();
    let accounted = accounted + compiled.unselected;
    assert_eq!(accounted, compiled.operations, "an operation is neither a tool nor said to be skipped");
}

/// Schemas are valid against their metaschema, and can be compiled.
pub(crate) fn assert_schemas(compiled: &Compiled) {
    for tool in compiled.catalog.tools() {
        for schema in std::iter::once(&tool.input_schema).chain(&tool.output_schema) {
            let value = schema.to_value();
            assert_eq!(value["type"], "object", "{}", schema.as_str());
            assert!(jsonschema::meta::is_valid(&value), "not a schema: {}", schema.as_str());
            if let Err(error) = validator(&value) {
                // A pattern may be within ECMA-262 and beyond the engine that this process has.
                let is_pattern =
                    error.schema_path().as_str().contains("attern") || error.to_string().contains("regex");
                assert!(is_pattern, "{error}: {}", schema.as_str());
            }
        }
    }
}

fn validator(schema: &Value) -> Result<jsonschema::Validator, ValidationError<'static>> {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .offline()
        .should_validate_formats(false)
        .build(schema)
}
