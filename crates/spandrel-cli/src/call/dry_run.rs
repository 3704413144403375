//! The exact request of a call, without sending it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};
use spandrel::runtime::{Placeholder, SchemeCredentials};
use spandrel::{CallError, Tool};

use crate::curl::{MASK, shown};

/// A request with what stands for its secrets.
pub(crate) struct Shown {
    pub(crate) request: Request<Bytes>,
    pub(crate) placeholders: Vec<Placeholder>,
}

/// Checks the arguments and renders the request, with placeholders for secrets.
pub(crate) fn request(
    tool: &Tool,
    arguments: &Map<String, Value>,
    credentials: &SchemeCredentials,
) -> Result<Shown, CallError> {
    tool.validate(arguments)?;
    let mut arguments = arguments.clone();
    tool.bridge_arguments().for_each(|argument| drop(arguments.shift_remove(argument)));
    let mut request = tool.plan.render(&arguments)?;
    let placeholders = credentials.preview(tool, &mut request);
    Ok(Shown { request, placeholders })
}

/// The request as JSON: text bodies as `text`, others as `base64`; secrets masked.
pub(crate) fn json(request: &Request<Bytes>, placeholders: &[Placeholder]) -> Value {
    let masked = |text: String| {
        placeholders.iter().fold(text, |text, placeholder| text.replace(&placeholder.marker, MASK))
    };
    let url = masked(request.uri().to_string());
    let headers = request.headers().iter();
    let headers: Vec<Value> =
        headers.map(|(name, value)| json!({"name": name.as_str(), "value": masked(shown(value))})).collect();
    let body = match std::str::from_utf8(request.body()) {
        Ok("") => Value::Null,
        Ok(text) => json!({"text": masked(text.to_owned())}),
        Err(_) => json!({"base64": STANDARD.encode(request.body())}),
    };
    json!({
        "method": request.method().as_str(),
        "url": url,
        "headers": headers,
        "body": body,
    })
}
