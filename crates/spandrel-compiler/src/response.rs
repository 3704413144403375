//! What a request asks for, and what the document says of the answers.

use http::HeaderValue;
use spandrel_openapi::{Operation, Response, ResponseStatus, prose};
use spandrel_plan::{ResponsePlan, StatusPattern};

use crate::media_type::{Kind, essence, is_range, kind};

const LONGEST_DESCRIPTION: usize = 200;

/// The `Accept` header: the media types of the successful responses, JSON before everything else,
/// and anything after those: an error may come in a type that the document does not name.
pub(crate) fn accept(operation: &Operation) -> HeaderValue {
    let mut names: Vec<String> = Vec::new();
    for response in successes(operation) {
        for media_type in &response.content {
            let name = essence(&media_type.name);
            if !is_range(&name) && name.contains('/') && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.sort_by_key(|name| kind(name) != Kind::Json);
    let anything = HeaderValue::from_static("*/*");
    if names.is_empty() {
        return anything;
    }
    let has_json = names.iter().any(|name| kind(name) == Kind::Json);
    if has_json {
        names.retain(|name| kind(name) == Kind::Json);
    }
    names.truncate(8);
    HeaderValue::from_str(&format!("{}, */*;q=0.1", names.join(", "))).unwrap_or(anything)
}

/// The responses that describe a success; `default` where nothing else does.
pub(crate) fn successes(operation: &Operation) -> Vec<&Response> {
    let named: Vec<&Response> =
        operation.responses.iter().filter(|response| response.status.is_success()).collect();
    if !named.is_empty() {
        return named;
    }
    operation.responses.iter().filter(|response| response.status == ResponseStatus::Default).collect()
}

/// What the document says of each status that is no success, and whether a success is told as a member.
pub(crate) fn plan(operation: &Operation, wraps_result: bool) -> ResponsePlan {
    let descriptions = operation
        .responses
        .iter()
        .filter(|response| !response.status.is_success())
        .filter_map(|response| {
            let text = prose::plain(response.description.as_deref()?, LONGEST_DESCRIPTION);
            (!text.is_empty()).then(|| (pattern(response.status), text))
        })
        .collect();
    ResponsePlan { descriptions, wraps_result }
}

fn pattern(status: ResponseStatus) -> StatusPattern {
    match status {
        ResponseStatus::Exact(code) => StatusPattern::Exact(code),
        ResponseStatus::Range(class) => StatusPattern::Class(class),
        ResponseStatus::Default => StatusPattern::Default,
    }
}
