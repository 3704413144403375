//! Refusals, as problem details ([RFC 9457]).
//!
//! [RFC 9457]: https://www.rfc-editor.org/rfc/rfc9457

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    /// Where: `path`, `query`, `querystring`, `header`, `cookie` or `body`.
    #[serde(rename = "in")]
    pub(crate) place: &'static str,
    /// The parameter's, field's or part's name; empty for the whole.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    /// What the document wants, and what came.
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(place: &'static str, name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place, name: name.into(), message: message.into() }
    }
}

/// Why a request is not answered.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<Fault>,
    allow: Vec<String>,
}

impl Problem {
    /// The document has no such path.
    pub(crate) fn not_found(method: &str, path: &str, near: &[String]) -> Self {
        let mut detail = format!("the document has no path for {method} {path}");
        if !near.is_empty() {
            detail.push_str("; the nearest are ");
            detail.push_str(&near.join(", "));
        }
        Self { status: StatusCode::NOT_FOUND, detail, errors: Vec::new(), allow: Vec::new() }
    }

    /// The document has the path, but not with this method.
    pub(crate) fn wrong_method(method: &str, path: &str, allow: Vec<String>) -> Self {
        let detail = format!("the document has {path} for {}, not for {method}", allow.join(", "));
        Self { status: StatusCode::METHOD_NOT_ALLOWED, detail, errors: Vec::new(), allow }
    }

    /// The document does not allow the request.
    pub(crate) fn refused(operation: &str, errors: Vec<Fault>) -> Self {
        let detail = format!("the document does not allow this request to {operation}");
        Self { status: StatusCode::BAD_REQUEST, detail, errors, allow: Vec::new() }
    }

    pub(crate) fn fault_count(&self) -> usize {
        self.errors.len()
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        #[derive(Serialize)]
        struct Body<'a> {
            r#type: &'static str,
            title: &'a str,
            status: u16,
            detail: &'a str,
            #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
            errors: &'a [Fault],
        }
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: &self.errors,
        };
        let mut response = Response::new(Bytes::from(serde_json::to_vec(&body).unwrap_or_default()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Ok(allow) = HeaderValue::from_str(&self.allow.join(", "))
            && !self.allow.is_empty()
        {
            headers.insert(ALLOW, allow);
        }
        response
    }
}
