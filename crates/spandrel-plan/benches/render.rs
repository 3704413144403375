//! What it costs to render a request: time, and allocations.
//!
//! ```text
//! cargo bench -p spandrel-plan --bench render
//! ```
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "this program measures and prints")]

use std::alloc::System;
use std::hint::black_box;

use criterion::Criterion;
use http::{HeaderValue, Method};
use serde_json::{Map, Value, json};
use spandrel_plan::{
    ArgumentPath, BaseUrl, BodyEncoding, BodyPlan, BodySource, FormPlan, MediaTypePlan, MultipartPlan,
    OperationPlan, ParameterPlan, PathPlan, PathSegment, ResponsePlan, Serialization, Style,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn parameter(name: &str, style: Style, explode: bool) -> ParameterPlan {
    ParameterPlan {
        name: name.to_owned(),
        argument: ArgumentPath::key(name),
        required: false,
        serialization: Serialization::Style { style, explode, allow_reserved: false },
    }
}

/// `GET /users/{id}` with query parameters, a header and a cookie where `parameters` is set.
fn plan(parameters: bool, body: Option<BodyPlan>) -> OperationPlan {
    let some = |plans: Vec<ParameterPlan>| if parameters { plans } else { Vec::new() };
    OperationPlan {
        method: Method::POST,
        base: Some(BaseUrl::parse("https://api.example.com/v1").unwrap()),
        path: PathPlan {
            segments: vec![
                PathSegment::Literal("/users/".to_owned()),
                PathSegment::Variable(parameter("id", Style::Simple, false)),
            ],
        },
        query: some(vec![
            parameter("tags", Style::Form, true),
            parameter("fields", Style::PipeDelimited, false),
            parameter("filter", Style::DeepObject, true),
        ]),
        headers: some(vec![parameter("X-Request-Id", Style::Simple, false)]),
        cookies: some(vec![parameter("session", Style::Form, true)]),
        body,
        accept: HeaderValue::from_static("application/json"),
        security: Vec::new(),
        response: ResponsePlan::default(),
        written: None,
        supplied: Vec::new(),
    }
}

fn body(content_type: &'static str, encoding: BodyEncoding) -> BodyPlan {
    BodyPlan {
        required: true,
        source: BodySource::Whole(ArgumentPath::key("body")),
        media_types: vec![MediaTypePlan {
            content_type: HeaderValue::from_static(content_type),
            encoding,
            schema: None,
        }],
        choice: None,
    }
}

fn main() {
    let arguments: Map<String, Value> = json!({
        "id": 12345, "tags": ["new", "on sale"], "fields": ["id", "name"],
        "filter": {"status": "open", "created": {"after": "2026-01-01"}},
        "X-Request-Id": "5f0c1d", "session": "a b",
        "body": {
            "name": "Someone", "email": "someone@example.com", "age": 42, "active": true,
            "address": {"street": "1 Main Street", "city": "Springfield"}, "tags": ["a", "b", "c"]
        }
    })
    .as_object()
    .cloned()
    .unwrap_or_default();
    let form = BodyEncoding::Form(FormPlan::default());
    let multipart = BodyEncoding::Multipart(MultipartPlan::default());
    let calls = [
        ("path", plan(false, None)),
        ("path, query, header, cookie", plan(true, None)),
        ("JSON body", plan(false, Some(body("application/json", BodyEncoding::Json)))),
        ("urlencoded body", plan(false, Some(body("application/x-www-form-urlencoded", form)))),
        ("multipart body", plan(false, Some(body("multipart/form-data", multipart)))),
    ];
    for (name, plan) in &calls {
        let region = Region::new(ALLOCATOR);
        let request = plan.render(&arguments).unwrap();
        let change = region.change();
        println!(
            "{name}: {} allocations, {} reallocations, {} bytes",
            change.allocations, change.reallocations, change.bytes_allocated
        );
        drop(request);
    }
    let mut criterion = Criterion::default().configure_from_args();
    for (name, plan) in &calls {
        criterion
            .bench_function(name, |bencher| bencher.iter(|| plan.render(black_box(&arguments)).unwrap()));
    }
    criterion.final_summary();
}
