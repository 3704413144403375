//! What it costs to map a response: time, and allocations.
//!
//! ```text
//! cargo bench -p spandrel-plan --bench response
//! ```
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "this program measures and prints")]

use std::alloc::System;
use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};
use spandrel_plan::{
    Annotations, JsonText, OperationPlan, OperationRef, PathPlan, ResponseHead, ResponseLimits, ResponsePlan,
    Tool, ToolParts,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A list of records, as an API writes it, of about `size` bytes.
fn body(size: usize) -> Bytes {
    let mut text = String::from("{\"items\":[");
    let mut number = 0;
    while text.len() < size {
        if number > 0 {
            text.push(',');
        }
        let item = json!({
            "id": number, "name": format!("Record number {number}"), "price": 12.5, "active": true,
            "tags": ["first", "second"], "owner": {"login": "someone", "url": "https://api.example.com/users/1"},
            "description": "Some text with a \"quotation\" and an é in it, as records have.", "note": null,
        });
        text.push_str(&item.to_string());
        number += 1;
    }
    text.push_str("]}");
    Bytes::from(text)
}

fn schema() -> Value {
    json!({"type": "object", "properties": {"items": {"type": "array", "items": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"}, "name": {"type": "string"}, "price": {"type": "number"},
            "active": {"type": "boolean"}, "tags": {"type": "array", "items": {"type": "string"}},
            "owner": {"type": "object", "properties": {"login": {"type": "string"}}},
            "description": {"type": "string"}, "note": {"type": ["string", "null"]},
        },
    }}}})
}

fn tool(output: Option<&Value>) -> Tool {
    Tool::from(ToolParts {
        name: "list_records".to_owned(),
        title: None,
        description: None,
        input_schema: JsonText::from_value(&json!({"type": "object", "properties": {}})),
        output_schema: output.map(JsonText::from_value),
        annotations: Annotations { read_only: true, destructive: false, idempotent: true, open_world: true },
        arguments: Vec::new(),
        operation: OperationRef {
            method: "GET".to_owned(),
            path: "/records".to_owned(),
            operation_id: None,
            pointer: String::new(),
        },
        tags: Vec::new(),
        plan: OperationPlan {
            method: Method::GET,
            base: None,
            path: PathPlan::default(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
            accept: HeaderValue::from_static("application/json"),
            security: Vec::new(),
            response: ResponsePlan::default(),
            written: None,
            supplied: Vec::new(),
        },
    })
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let head = ResponseHead {
        status: StatusCode::OK,
        headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]),
    };
    let limits = ResponseLimits::default();
    for (name, tool) in [("as it is", tool(None)), ("of a schema", tool(Some(&schema())))] {
        tool.precompile();
        let mut group = criterion.benchmark_group(format!("map JSON {name}"));
        for (label, size) in [("1 kB", 1_000), ("10 kB", 10_000), ("100 kB", 100_000)] {
            let body = body(size);
            let region = Region::new(ALLOCATOR);
            let outcome = tool.map_response(&head, body.clone(), &limits);
            let used = region.change();
            assert!(outcome.drift.is_none() && outcome.structured.is_some());
            println!(
                "map JSON {name}, {label}: {} allocations, {} bytes for a body of {}",
                used.allocations + used.reallocations,
                used.bytes_allocated,
                body.len()
            );
            group.throughput(Throughput::Bytes(u64::try_from(body.len()).unwrap()));
            group.bench_function(label, |bencher| {
                bencher.iter(|| tool.map_response(black_box(&head), body.clone(), &limits));
            });
        }
    }
    criterion.final_summary();
}
