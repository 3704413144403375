//! Prints how long documents take to compile, beside reading the same bytes with `serde_json`.
//!
//! ```text
//! cargo run --release -p spandrel-compiler --example measure -- DOCUMENT…
//! cargo run --release -p spandrel-compiler --example measure -- --series
//! ```
//!
//! The series is generated documents of 1,000, 5,000 and 20,000 operations. What an operation takes
//! should not grow with their number.
//!
//! Each figure is the least of several runs: the machine's noise only ever adds.
#![allow(clippy::print_stdout, reason = "this program exists to print")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "measuring reads files and the clock"
)]

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;

const RUNS: usize = 7;

fn least<T>(mut work: impl FnMut() -> T) -> (Duration, Option<T>) {
    let mut least = Duration::MAX;
    let mut result = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        let value = work();
        least = least.min(start.elapsed());
        result = Some(value);
    }
    (least, result)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.iter().any(|argument| argument == "--series") {
        return measure_series();
    }
    measure_documents(&paths)
}

fn measure_documents(paths: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "{:28} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "document", "json ms", "parse ms", "read ms", "comp. ms", "all ms", "ratio"
    );
    for path in paths {
        let bytes = std::fs::read(path)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let url: url::Url = "file:///document".parse()?;
        // A YAML document is compared with the JSON that says the same.
        let json = DocumentSet::new(url.clone(), &bytes)?.root().to_string();
        let json = if bytes.starts_with(b"{") { bytes.clone() } else { json.into_bytes() };
        let (reference, _) = least(|| serde_json::from_slice::<serde_json::Value>(&json).map(drop));
        let (parse, set) = least(|| DocumentSet::new(url.clone(), &bytes));
        let Some(Ok(set)) = set else { continue };
        let (read, _) = least(|| set.read());
        let (compiled, result) = least(|| compile(&set, &Options::default()));
        drop(result);
        let whole = parse + compiled;
        println!(
            "{name:28} {:9.1} {:9.1} {:9.1} {:9.1} {:9.1} {:7.2}",
            milliseconds(reference),
            milliseconds(parse),
            milliseconds(read),
            milliseconds(compiled),
            milliseconds(whole),
            whole.as_secs_f64() / reference.as_secs_f64()
        );
    }
    Ok(())
}

/// What an operation takes in documents that differ in their number of operations alone.
fn measure_series() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "{:>10} {:>12} {:>12} {:>12} {:>14}",
        "operations", "parse ms/op", "compile ms/op", "all ms/op", "output bytes/op"
    );
    for operations in [1_000_u32, 5_000, 20_000] {
        let bytes = generated(operations).to_string().into_bytes();
        let url: url::Url = "file:///document".parse()?;
        let (parse, set) = least(|| DocumentSet::new(url.clone(), &bytes));
        let Some(Ok(set)) = set else { continue };
        let (compiled, result) = least(|| compile(&set, &Options::default()));
        let output: usize = result.map_or(0, |compiled| {
            compiled.catalog.tools().iter().map(|tool| tool.input_schema.as_str().len()).sum()
        });
        let per_operation = |time: Duration| milliseconds(time) / f64::from(operations);
        println!(
            "{operations:10} {:12.4} {:13.4} {:12.4} {:15}",
            per_operation(parse),
            per_operation(compiled),
            per_operation(parse + compiled),
            output / usize::try_from(operations)?
        );
    }
    Ok(())
}

/// A document of `operations` operations, with a schema for each ten; each schema refers to two
/// others, in a circle of ten.
fn generated(operations: u32) -> Value {
    let reference = |number: u32| json!({"$ref": format!("#/components/schemas/Thing{number}")});
    let mut schemas = Map::new();
    for number in 0..operations.div_ceil(10) {
        let circle = number / 10 * 10;
        let properties = json!({
            "id": {"type": "integer", "readOnly": true},
            "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": number + 10},
            "next": reference(circle + (number + 1) % 10),
            "others": {"type": "array", "items": reference(circle + (number + 3) % 10)},
        });
        let schema = json!({"type": "object", "required": ["name"], "properties": properties});
        schemas.insert(format!("Thing{number}"), schema);
    }
    let mut paths = Map::new();
    for number in 0..operations {
        let thing = reference(number / 10);
        let operation = json!({
            "operationId": format!("changeThing{number}"),
            "summary": "Changes a thing",
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "expand", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": thing}}},
            "responses": {"200": {"description": "The thing", "content": {"application/json": {"schema": thing}}}},
        });
        paths.insert(format!("/things/{number}/{{id}}"), json!({"put": operation}));
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Generated", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {"schemas": schemas}
    })
}
