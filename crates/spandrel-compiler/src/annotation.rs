//! What a method says of an operation's effects (RFC 9110, section 9.2).

use spandrel_plan::Annotations;

/// The hints for an operation of `method`. A method that is not known may do anything.
pub(crate) fn from_method(method: &str) -> Annotations {
    let (read_only, destructive, idempotent) = match method {
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => (true, false, true),
        "POST" => (false, false, false),
        "PUT" | "DELETE" => (false, true, true),
        _ => (false, true, false),
    };
    Annotations { read_only, destructive, idempotent, open_world: true }
}
