#![allow(clippy::unwrap_used, reason = "tests")]

//! The plan that tests of a whole bridge need of an operation.

use http::{HeaderValue, Method};
use spandrel_plan::{BaseUrl, OperationPlan, PathPlan, PathSegment, ResponsePlan};

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
