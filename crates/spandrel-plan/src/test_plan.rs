//! Plans for tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use http::{HeaderValue, Method};
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::{
    Annotations, ArgumentPath, BaseUrl, JsonText, OperationPlan, OperationRef, ParameterPlan, PathPlan,
    PathSegment, ResponsePlan, Serialization, Style, Tool, ToolParts,
};

/// A plan of `GET https://api.example.com/v1/things`.
pub(crate) fn plan() -> OperationPlan {
    OperationPlan {
        method: Method::GET,
        base: Some(BaseUrl::parse("https://api.example.com/v1/").unwrap()),
        path: PathPlan { segments: vec![literal("/things")] },
        query: Vec::new(),
        headers: Vec::new(),
        cookies: Vec::new(),
        body: None,
        accept: HeaderValue::from_static("application/json"),
        security: Vec::new(),
        response: ResponsePlan::default(),
        written: None,
        supplied: Vec::new(),
    }
}

pub(crate) fn literal(text: &str) -> PathSegment {
    PathSegment::Literal(text.to_owned())
}

pub(crate) fn style(style: Style, explode: bool) -> Serialization {
    Serialization::Style { style, explode, allow_reserved: false }
}

/// A required parameter whose argument has its name.
pub(crate) fn parameter(name: &str, serialization: Serialization) -> ParameterPlan {
    ParameterPlan { name: name.to_owned(), argument: ArgumentPath::key(name), required: true, serialization }
}

pub(crate) fn optional(name: &str, serialization: Serialization) -> ParameterPlan {
    ParameterPlan { required: false, ..parameter(name, serialization) }
}

pub(crate) fn arguments(value: Value) -> Arguments {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

pub(crate) fn tool(plan: OperationPlan, input: &Value, output: Option<&Value>) -> Tool {
    Tool::from(ToolParts {
        name: "get_thing".to_owned(),
        title: None,
        description: None,
        input_schema: JsonText::from_value(input),
        output_schema: output.map(JsonText::from_value),
        annotations: Annotations { read_only: true, destructive: false, idempotent: true, open_world: true },
        arguments: Vec::new(),
        operation: OperationRef {
            method: plan.method.to_string(),
            path: "/things".to_owned(),
            operation_id: None,
            pointer: "/paths/~1things/get".to_owned(),
        },
        tags: Vec::new(),
        plan,
    })
}

pub(crate) fn any_object() -> Value {
    json!({"type": "object", "properties": {}})
}
