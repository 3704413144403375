//! Whether bytes are a JSON-RPC message that the SDK understands, before it sees them.

use std::borrow::Cow;
use std::fmt;

use rmcp::model::{
    CompleteRequestParams, ErrorCode, InitializeRequestParams, PaginatedRequestParams, ProtocolVersion,
    ReadResourceRequestParams, SubscriptionsListenRequestParams,
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

/// Why a message is refused, as a JSON-RPC error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The request's id as its JSON text, where it has a legal one.
    id: Option<String>,
    code: ErrorCode,
    message: String,
}

impl Refusal {
    fn new(id: Option<&RawValue>, code: ErrorCode, message: impl fmt::Display) -> Self {
        Self { id: id.map(|id| id.get().to_owned()), code, message: message.to_string() }
    }

    /// For what this module lets pass and the SDK still cannot read.
    pub(super) fn unreadable() -> Self {
        Self::new(None, ErrorCode::INVALID_REQUEST, "Invalid Request: the message cannot be read")
    }

    /// For a message that is dropped unread.
    pub(super) fn too_long(limit: usize) -> Self {
        let message = format_args!("Invalid Request: the message is longer than {limit} bytes");
        Self::new(None, ErrorCode::INVALID_REQUEST, message)
    }

    /// For a batch that cannot be answered as one, or a message that may not be in it.
    pub(super) fn of_batch(id: Option<&RawValue>, problem: &str) -> Self {
        Self::new(id, ErrorCode::INVALID_REQUEST, format_args!("Invalid Request: {problem}"))
    }

    /// For bytes that are no text.
    pub(super) fn not_utf8() -> Self {
        Self::new(None, ErrorCode::PARSE_ERROR, "Parse error: the message is not UTF-8")
    }

    /// The JSON-RPC error code.
    pub(super) const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The JSON-RPC error response.
    pub(super) fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Response<'a> {
            jsonrpc: &'static str,
            id: Option<Box<RawValue>>,
            error: Error<'a>,
        }
        #[derive(Serialize)]
        struct Error<'a> {
            code: i32,
            message: &'a str,
        }
        let id = self.id.clone().and_then(|id| RawValue::from_string(id).ok());
        let error = Error { code: self.code.0, message: &self.message };
        serde_json::to_vec(&Response { jsonrpc: "2.0", id, error }).unwrap_or_default()
    }
}

/// The most messages of one batch.
const BATCH: usize = 64;

/// The messages of a batch (JSON-RPC 2.0, section 6), none for what is no array.
///
/// # Errors
/// The refusal to answer all of it with.
pub(super) fn batch(bytes: &[u8]) -> Option<Result<Vec<&RawValue>, Refusal>> {
    if !bytes.trim_ascii_start().starts_with(b"[") {
        return None;
    }
    let messages: Vec<&RawValue> = match serde_json::from_slice(bytes) {
        Ok(messages) => messages,
        Err(error) => return Some(Err(not_a_message(bytes, &error))),
    };
    Some(match messages.len() {
        0 => Err(Refusal::of_batch(None, "a batch holds at least one message")),
        1..=BATCH => Ok(messages),
        _ => Err(Refusal::of_batch(None, &format!("a batch holds at most {BATCH} messages"))),
    })
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    jsonrpc: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<&'a RawValue>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
    #[serde(default)]
    result: Option<IgnoredAny>,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

/// Keeps `null` apart from absent.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Checks one message (JSON-RPC 2.0, sections 4 and 5, and MCP's narrower rules).
///
/// # Errors
/// The refusal to answer it with.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let envelope: Envelope<'_> =
        serde_json::from_slice(bytes).map_err(|error| not_a_message(bytes, &error))?;
    let invalid = |id, message: &str| {
        Err(Refusal::new(id, ErrorCode::INVALID_REQUEST, format_args!("Invalid Request: {message}")))
    };
    if envelope.id.is_some_and(|id| !is_id(id)) {
        return invalid(None, "`id` must be a string or an integer");
    }
    if envelope.jsonrpc.and_then(as_text).as_deref() != Some("2.0") {
        return invalid(envelope.id, "`jsonrpc` must be \"2.0\"");
    }
    let Some(method) = envelope.method else {
        let is_response = envelope.result.is_some() || envelope.error.is_some();
        return if is_response { Ok(()) } else { invalid(envelope.id, "`method` is missing") };
    };
    let Some(method) = as_text(method) else {
        return invalid(envelope.id, "`method` must be a string");
    };
    if envelope.params.is_some_and(|params| !starts(params, b'{') && params.get() != "null") {
        let id = envelope.id;
        return Err(Refusal::new(
            id,
            ErrorCode::INVALID_PARAMS,
            "Invalid params: `params` must be an object",
        ));
    }
    // A notification is never answered.
    let Some(id) = envelope.id else { return Ok(()) };
    if method == "initialize" && envelope.params.is_some_and(is_of_the_stateless_revision) {
        let problem = "this revision has no initialize; ask server/discover";
        return Err(Refusal::new(Some(id), ErrorCode::METHOD_NOT_FOUND, problem));
    }
    check_params(&method, envelope.params.map_or("{}", RawValue::get)).map_err(|problem| {
        Refusal::new(
            Some(id),
            ErrorCode::INVALID_PARAMS,
            format_args!("Invalid params of {method}: {problem}"),
        )
    })
}

/// Whether the request's own metadata says that it is of a revision without a handshake.
fn is_of_the_stateless_revision(params: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct Params<'a> {
        #[serde(borrow, rename = "_meta")]
        meta: Meta<'a>,
    }
    #[derive(Deserialize)]
    struct Meta<'a> {
        #[serde(borrow, rename = "io.modelcontextprotocol/protocolVersion")]
        version: Cow<'a, str>,
    }
    serde_json::from_str::<Params<'_>>(params.get())
        .is_ok_and(|params| *params.meta.version >= *ProtocolVersion::V_2026_07_28.as_str())
}

/// The methods whose wrong parameters the SDK would take for an unknown method.
fn check_params(method: &str, params: &str) -> Result<(), String> {
    match method {
        "initialize" => parse::<InitializeRequestParams>(params),
        "tools/list" | "resources/list" | "resources/templates/list" => {
            parse::<Option<PaginatedRequestParams>>(params)
        }
        "resources/read" => parse::<ReadResourceRequestParams>(params),
        "completion/complete" => parse::<CompleteRequestParams>(params),
        "subscriptions/listen" => parse::<SubscriptionsListenRequestParams>(params),
        "tools/call" => check_call(params),
        _ => Ok(()),
    }
}

fn check_call(params: &str) -> Result<(), String> {
    #[derive(Deserialize)]
    struct Call<'a> {
        #[serde(borrow, default)]
        name: Option<&'a RawValue>,
        #[serde(borrow, default)]
        arguments: Option<&'a RawValue>,
        #[serde(borrow, default, rename = "_meta")]
        meta: Option<&'a RawValue>,
    }
    let call: Call<'_> = serde_json::from_str(params).map_err(|error| error.to_string())?;
    if !call.name.is_some_and(|name| starts(name, b'"')) {
        return Err("`name` must be the name of a tool".to_owned());
    }
    for (key, value) in [("arguments", call.arguments), ("_meta", call.meta)] {
        if value.is_some_and(|value| !starts(value, b'{')) {
            return Err(format!("`{key}` must be an object"));
        }
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(params: &str) -> Result<(), String> {
    serde_json::from_str::<T>(params).map(drop).map_err(|error| error.to_string())
}

fn not_a_message(bytes: &[u8], error: &serde_json::Error) -> Refusal {
    if matches!(error.classify(), Category::Syntax | Category::Eof | Category::Io) {
        return Refusal::new(None, ErrorCode::PARSE_ERROR, format_args!("Parse error: {error}"));
    }
    let batch = bytes.trim_ascii_start().starts_with(b"[");
    let problem = if batch {
        "batches are of the revision 2025-03-26 only; send one message at a time"
    } else {
        "not a message"
    };
    Refusal::new(None, ErrorCode::INVALID_REQUEST, format_args!("Invalid Request: {problem}"))
}

fn is_id(id: &RawValue) -> bool {
    starts(id, b'"') || id.get().parse::<i64>().is_ok()
}

fn as_text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

fn starts(value: &RawValue, byte: u8) -> bool {
    value.get().as_bytes().first() == Some(&byte)
}

#[cfg(test)]
mod tests;
