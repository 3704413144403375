//! What is said of an answer that is no success, and what to do next.

use std::fmt::Write;

use http::{StatusCode, header};
use serde_json::Value;

use super::ResponseHead;
use super::headers::text_of_header;
use crate::catalog::JsonText;
use crate::plan::OperationPlan;
use crate::security::SecurityAlternative;
use crate::value_text::{json_text, truncated};

/// The most bytes of a title, a detail or an error in the lead.
const MAX_TEXT: usize = 500;
/// The most errors of a problem in the lead.
const MAX_ERRORS: usize = 5;

/// `404 Not Found`.
pub(super) fn status_text(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// The first text of a failure: the status, what the document or the problem says, and what to do.
pub(super) fn lead(
    head: &ResponseHead,
    plan: &OperationPlan,
    description: Option<&str>,
    json: Option<&JsonText>,
) -> String {
    let mut text = format!("HTTP {}", status_text(head.status));
    if let Some(description) = description {
        text.push_str(": ");
        text.push_str(description);
    }
    if let Some(problem) = json.filter(|_| is_problem(head)) {
        push_problem(&mut text, &problem.to_value());
    }
    if let Some(advice) = advice(head, plan) {
        text.push('\n');
        text.push_str(&advice);
    }
    text
}

/// What is said of a redirect that was not followed.
pub(super) fn redirect(head: &ResponseHead) -> String {
    let status = status_text(head.status);
    match text_of_header(head, &header::LOCATION) {
        Some(location) => format!("HTTP {status}: the API redirects to {location}, which was not followed."),
        None => format!("HTTP {status}: the API redirects, and does not say where to."),
    }
}

fn is_problem(head: &ResponseHead) -> bool {
    text_of_header(head, &header::CONTENT_TYPE)
        .is_some_and(|media_type| media_type.to_ascii_lowercase().contains("problem+json"))
}

/// RFC 9457, and the `errors` that its section 3 shows.
fn push_problem(text: &mut String, problem: &Value) {
    for key in ["title", "detail"] {
        if let Some(value) = problem.get(key).and_then(Value::as_str).filter(|value| !value.is_empty()) {
            text.push_str(if text.ends_with('.') { " " } else { ": " });
            text.push_str(&truncated(value, MAX_TEXT));
        }
    }
    if let Some(instance) = problem.get("instance").and_then(Value::as_str).filter(|value| !value.is_empty())
    {
        // Writing to a string cannot fail.
        let _ = write!(text, " (instance {})", truncated(instance, MAX_TEXT));
    }
    let errors: Vec<String> = match problem.get("errors") {
        Some(Value::Array(errors)) => errors.iter().take(MAX_ERRORS).map(json_text).collect(),
        Some(Value::Object(errors)) => errors
            .iter()
            .take(MAX_ERRORS)
            .map(|(name, error)| format!("{name}: {}", json_text(error)))
            .collect(),
        _ => Vec::new(),
    };
    for error in errors {
        text.push_str("\n- ");
        text.push_str(&truncated(&error, MAX_TEXT));
    }
}

fn advice(head: &ResponseHead, plan: &OperationPlan) -> Option<String> {
    let wait = text_of_header(head, &header::RETRY_AFTER).map(|after| {
        let is_seconds = !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit());
        if is_seconds { format!("{after} seconds") } else { format!("until {after}") }
    });
    let mut text = match head.status {
        StatusCode::UNAUTHORIZED => format!(
            "The API did not accept the credentials, or there were none. Other arguments will not help: the operator of this bridge must check {}.",
            credentials(&plan.security)
        ),
        StatusCode::FORBIDDEN => format!(
            "The credentials do not allow this. Other arguments or another tool may be allowed; otherwise the operator of this bridge must check what the configured credential may do.{}",
            scopes(&plan.security)
        ),
        StatusCode::TOO_MANY_REQUESTS => match wait {
            Some(wait) => return Some(format!("Too many requests: wait {wait} before calling again.")),
            None => "Too many requests: wait before calling again.".to_owned(),
        },
        status => advice_on_status(status, plan)?.to_owned(),
    };
    if let Some(wait) = wait {
        // Writing to a string cannot fail.
        let _ = write!(text, " Wait {wait} first.");
    }
    Some(text)
}

fn advice_on_status(status: StatusCode, plan: &OperationPlan) -> Option<&'static str> {
    Some(match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            "The API refuses the arguments: correct what it names before calling again."
        }
        StatusCode::NOT_FOUND => "Nothing was found under these arguments: check the identifiers among them.",
        StatusCode::GONE => "What was asked for is gone for good.",
        StatusCode::CONFLICT => {
            "This conflicts with the present state of the resource: read it again before deciding what to do."
        }
        StatusCode::PRECONDITION_FAILED | StatusCode::PRECONDITION_REQUIRED => {
            "The resource may have changed: read it again, and name the version that was read (its ETag)."
        }
        status if status.is_informational() => {
            "The API ended the exchange without an answer: check the base URL, and what stands in front of it."
        }
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => "The arguments are too large: send less.",
        StatusCode::REQUEST_TIMEOUT if plan.method.is_idempotent() => "The same call may be made again.",
        status if status.is_server_error() && plan.method.is_idempotent() => {
            "The API failed, not the arguments: the same call may be made again."
        }
        status if status.is_server_error() => {
            "The API failed. The call may have taken effect all the same: check that before making it again."
        }
        _ => return None,
    })
}

/// Which credentials the document asks for.
fn credentials(alternatives: &[SecurityAlternative]) -> String {
    let alternatives: Vec<String> = alternatives
        .iter()
        .filter(|alternative| !alternative.schemes.is_empty())
        .take(MAX_ERRORS)
        .map(|alternative| {
            let names =
                alternative.schemes.iter().map(|scheme| format!("`{}`", truncated(&scheme.name, 100)));
            names.collect::<Vec<_>>().join(" with ")
        })
        .collect();
    if alternatives.is_empty() {
        "the credential configured for this API; its document asks for none here".to_owned()
    } else {
        format!("the credential of the security scheme {}", alternatives.join(" or "))
    }
}

/// Which scopes the document asks for, a sentence of its own.
fn scopes(alternatives: &[SecurityAlternative]) -> String {
    let mut scopes: Vec<&str> = Vec::new();
    for scope in
        alternatives.iter().flat_map(|alternative| &alternative.schemes).flat_map(|scheme| &scheme.scopes)
    {
        if !scopes.contains(&scope.as_str()) && scopes.len() < MAX_ERRORS {
            scopes.push(scope);
        }
    }
    if scopes.is_empty() {
        return String::new();
    }
    format!(" The document asks for the scopes {}.", truncated(&scopes.join(", "), MAX_TEXT))
}
