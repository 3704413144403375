//! Real documents that nobody here wrote. They stand outside the repository, in the folder `corpus`
//! of the one that `SPANDREL_SHARED` names; without it this test says that it was skipped.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "../../../tests/real_documents.rs"]
mod real_documents;

use std::collections::{BTreeMap, BTreeSet};

use spandrel_compiler::{ArgumentLayout, Compiled, Listing, Options, compile};
use spandrel_openapi::DocumentSet;

fn check(name: &str, compiled: &Compiled) {
    let mut names = BTreeSet::new();
    for tool in compiled.catalog.tools() {
        let legal = tool.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        assert!(legal && (1..=64).contains(&tool.name.len()), "{name}: {}", tool.name);
        assert!(names.insert(&tool.name), "{name}: {} stands twice", tool.name);
        let schema = tool.input_schema.to_value();
        assert!(jsonschema::meta::is_valid(&schema), "{name}: {}: {schema}", tool.name);
        if let Err(error) = jsonschema::draft202012::new(&schema) {
            panic!("{name}: {}: {error}", tool.name);
        }
        if let Some(output) = &tool.output_schema {
            assert!(
                jsonschema::meta::is_valid(&output.to_value()),
                "{name}: {}: {}",
                tool.name,
                output.as_str()
            );
        }
    }
    let accounted = compiled.catalog.tools().len() + compiled.skipped.len() + compiled.unselected;
    assert_eq!(
        accounted, compiled.operations,
        "{name}: an operation is neither a tool nor said to be skipped"
    );
}

#[test]
fn every_document_becomes_tools() {
    let Some(documents) = real_documents::corpus() else { return };
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut operations, mut tools) = (0, 0);
    eprintln!(
        "{:44} {:>6} {:>6} {:>6} {:>9} {:>9}",
        "document", "ops", "tools", "diag", "input kB", "output kB"
    );
    for path in &documents {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let set = real_documents::load(path);
        let compiled = compile(&set, &Options::default());
        check(&name, &compiled);
        let input: usize = compiled.catalog.tools().iter().map(|tool| tool.input_schema.as_str().len()).sum();
        let output: usize = compiled
            .catalog
            .tools()
            .iter()
            .filter_map(|tool| Some(tool.output_schema.as_ref()?.as_str().len()))
            .sum();
        let count = compiled.catalog.tools().len();
        eprintln!(
            "{name:44} {:6} {count:6} {:6} {:9} {:9}",
            compiled.operations,
            compiled.diagnostics.len(),
            input / 1000,
            output / 1000
        );
        for finding in &compiled.diagnostics {
            *by_code.entry(finding.code.as_str()).or_default() += 1;
        }
        for skipped in &compiled.skipped {
            eprintln!("    skipped {} {}: {}", skipped.method, skipped.path, skipped.reason);
        }
        operations += compiled.operations;
        tools += count;
        let again = real_documents::load(path);
        let recompiled = compile(&again, &Options::default());
        let text = |compiled: &Compiled, set: &DocumentSet| {
            serde_json::to_string(&Listing::new(compiled, set)).unwrap()
        };
        assert!(text(&compiled, &set) == text(&recompiled, &again), "{name} is not the same twice");
        let grouped = compile(&set, &Options { arguments: ArgumentLayout::Grouped, ..Options::default() });
        check(&name, &grouped);
    }
    eprintln!(
        "{} documents, {operations} operations, {tools} tools; diagnostics: {by_code:?}",
        documents.len()
    );
}
