#![allow(clippy::unwrap_used, reason = "tests")]

//! The plan, and the tool, that tests of a whole bridge need of an operation.

use http::{HeaderValue, Method};
use serde_json::json;
use spandrel_plan::{
    Annotations, BaseUrl, JsonText, OperationPlan, OperationRef, PathPlan, PathSegment, ResponsePlan, Tool,
    ToolParts,
};

/// An operation at `path` of `http://api.test`, which takes nothing and says nothing of its answers.
pub(crate) fn without_parameters(method: Method, path: &str) -> OperationPlan {
    OperationPlan {
        method,
        base: Some(BaseUrl::parse("http://api.test").unwrap()),
        path: PathPlan { segments: vec![PathSegment::Literal(path.to_owned())] },
        query: Vec::new(),
        headers: Vec::new(),
        cookies: Vec::new(),
        body: None,
        accept: HeaderValue::from_static("*/*"),
        security: Vec::new(),
        response: ResponsePlan::default(),
        written: None,
        supplied: Vec::new(),
    }
}

/// A tool that reads, takes no arguments and is called as planned.
pub(crate) fn tool(name: &str, plan: OperationPlan) -> Tool {
    Tool::from(ToolParts {
        name: name.to_owned(),
        title: None,
        description: None,
        input_schema: JsonText::from_value(&json!({"type": "object", "properties": {}})),
        output_schema: None,
        annotations: Annotations { read_only: true, destructive: false, idempotent: true, open_world: true },
        arguments: Vec::new(),
        operation: OperationRef {
            method: plan.method.to_string(),
            path: format!("/{name}"),
            operation_id: None,
            pointer: String::new(),
        },
        tags: Vec::new(),
        plan,
    })
}
