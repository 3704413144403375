//! The exact request of a call, without sending it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};
use spandrel::runtime::Credentials;
use spandrel::{CallError, StaticHeaders, Tool};

use crate::curl::shown;

/// Checks the arguments and renders the request, secrets marked as such.
pub(crate) async fn request(
    tool: &Tool,
    arguments: &Map<String, Value>,
    headers: &StaticHeaders,
) -> Result<Request<Bytes>, CallError> {
    tool.validate(arguments)?;
    let mut request = tool.plan.render(arguments)?;
    headers.authorize(tool, &mut request).await?;
    Ok(request)
}

/// The request as JSON: text bodies as `text`, others as `base64`; secrets masked.
pub(crate) fn json(request: &Request<Bytes>) -> Value {
    let headers = request.headers().iter();
    let headers: Vec<Value> =
        headers.map(|(name, value)| json!({"name": name.as_str(), "value": shown(value)})).collect();
    let body = match std::str::from_utf8(request.body()) {
        Ok("") => Value::Null,
        Ok(text) => json!({"text": text}),
        Err(_) => json!({"base64": STANDARD.encode(request.body())}),
    };
    json!({
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers,
        "body": body,
    })
}
