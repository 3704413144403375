//! What a method says of an operation's effects (RFC 9110, section 9.2).

use spandrel_plan::Annotations;

/// The hints for an operation of `method`. POST and PATCH may do anything, as may a method that is
/// not known: MCP takes a tool that does not only add for destructive.
pub(crate) fn from_method(method: &str) -> Annotations {
    let (read_only, destructive, idempotent) = match method {
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => (true, false, true),
        "PUT" | "DELETE" => (false, true, true),
        _ => (false, true, false),
    };
    Annotations { read_only, destructive, idempotent, open_world: true }
}
