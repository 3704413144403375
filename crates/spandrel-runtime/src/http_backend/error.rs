//! What the client's errors mean.
//!
//! Neither a header nor a path nor a query is ever repeated: a client error's own text holds the
//! URL, so only the root cause is used.

use std::error::Error;
use std::io;

use spandrel_egress::OutOfReach;
use spandrel_plan::{CallError, CallErrorKind};

use crate::origin::Origin;

/// Whether a name led to no address that may be called.
pub(super) fn is_out_of_reach(error: &reqwest::Error) -> bool {
    find::<OutOfReach>(error).is_some()
}

/// An error before the head of the answer, with a proxy between.
pub(super) fn classify_through(proxy: &str, error: &reqwest::Error, origin: &Origin) -> CallError {
    if !(error.is_connect() || error.is_dns()) {
        return classify(error, origin);
    }
    let (host, cause) = (origin.authority(), root_cause(error));
    CallError::new(
        CallErrorKind::ConnectFailed,
        format!(
            "No connection to {host} through the proxy {proxy}, which the environment of the bridge names: \
             {cause}. Check the proxy, or except the host with NO_PROXY."
        ),
    )
}

/// An error before the head of the answer.
pub(super) fn classify(error: &reqwest::Error, origin: &Origin) -> CallError {
    let (host, cause) = (origin.authority(), root_cause(error));
    if error.is_builder() {
        return CallError::new(
            CallErrorKind::RequestNotRenderable,
            format!("The arguments do not make a valid request to {host}: {cause}."),
        );
    }
    if error.is_dns() {
        return CallError::new(
            CallErrorKind::NameNotResolved,
            format!(
                "The host name `{}` has no address. Check the API's base URL and the DNS of the machine that \
                 runs the bridge.",
                origin.host()
            ),
        );
    }
    if error.is_timeout() {
        return CallError::new(
            CallErrorKind::TimedOut,
            format!("{host} did not accept a connection in time. Check that it is running and reachable."),
        );
    }
    if error.is_connect() {
        return connect_error(error, origin, &cause);
    }
    match find::<hyper::Error>(error) {
        Some(hyper) if hyper.is_parse_too_large() => CallError::new(
            CallErrorKind::MalformedResponse,
            format!("{host} answered with more or longer headers than this bridge reads: {cause}."),
        ),
        Some(hyper) if hyper.is_parse() || hyper.is_parse_status() => CallError::new(
            CallErrorKind::MalformedResponse,
            format!(
                "What {host} answered is not HTTP: {cause}. Check the API's base URL: its scheme and port."
            ),
        ),
        _ => broken(&host, &cause),
    }
}

/// An error after the head of the answer.
pub(super) fn classify_body(error: &reqwest::Error, origin: &Origin) -> CallError {
    let (host, cause) = (origin.authority(), root_cause(error));
    match find::<hyper::Error>(error) {
        Some(hyper) if is_bad_framing(hyper) => CallError::new(
            CallErrorKind::MalformedResponse,
            format!(
                "The body that {host} answered is not framed as HTTP asks: {cause}. Nothing of it is shown."
            ),
        ),
        _ => broken(&host, &cause),
    }
}

fn connect_error(error: &reqwest::Error, origin: &Origin, cause: &str) -> CallError {
    let host = origin.authority();
    // The system numbers what goes wrong with a connection; the rest of connecting is TLS.
    let from_system = find::<io::Error>(error).is_none_or(|error| error.raw_os_error().is_some());
    if origin.is_https() && !from_system {
        return CallError::new(
            CallErrorKind::TlsFailed,
            format!(
                "The TLS handshake with {host} failed: {cause}. Check the scheme, the host name and the \
                 server's certificate."
            ),
        );
    }
    CallError::new(
        CallErrorKind::ConnectFailed,
        format!("No connection to {host}: {cause}. Check that the API is running and reachable from here."),
    )
}

fn broken(host: &str, cause: &str) -> CallError {
    CallError::new(
        CallErrorKind::ConnectionBroken,
        format!(
            "The connection to {host} broke before the answer was whole: {cause}. The request may have been \
             carried out; check before repeating it."
        ),
    )
}

/// A chunk size that is not one, and the like.
fn is_bad_framing(error: &hyper::Error) -> bool {
    find_in::<io::Error>(error)
        .is_some_and(|io| matches!(io.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData))
}

/// The text of the innermost error.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(inner) = cause.and_then(Error::source) {
        cause = Some(inner);
    }
    // The client's own text ends with the URL.
    cause.map_or_else(|| "the HTTP client refused it".to_owned(), ToString::to_string)
}

fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    error.source().and_then(|source| source.downcast_ref().or_else(|| find_in(source)))
}

fn find_in<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        source = error.source();
    }
    None
}
