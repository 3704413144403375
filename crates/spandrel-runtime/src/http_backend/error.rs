//! What the client's errors mean.
//!
//! Neither a header nor a path nor a query is ever repeated: only the root cause of an error is used.

use std::error::Error;
use std::io;

use spandrel_egress::{LookupError, OutOfReach};
use spandrel_plan::{CallError, CallErrorKind};
use thiserror::Error;
use tokio::time::error::Elapsed;

use crate::origin::Origin;

/// Any error of connecting.
pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// A name leads nowhere.
#[derive(Debug, Error)]
#[error("the name leads nowhere")]
pub(super) struct NameError(#[source] pub(super) LookupError);

/// There is no connection to the server.
pub(super) fn no_connection(error: &BoxError, origin: &Origin, proxy: Option<&str>) -> CallError {
    let error: &(dyn Error + 'static) = &**error;
    let (host, cause) = (origin.authority(), root_cause(error));
    if let Some(proxy) = proxy {
        return CallError::new(
            CallErrorKind::ConnectFailed,
            format!(
                "No connection to {host} through the proxy {proxy}, which the environment of the bridge \
                 names: {cause}. Check the proxy, or except the host with NO_PROXY."
            ),
        );
    }
    if find::<OutOfReach>(error).is_some() {
        return out_of_reach(origin);
    }
    if find::<NameError>(error).is_some() {
        return CallError::new(
            CallErrorKind::NameNotResolved,
            format!(
                "The host name `{}` has no address. Check the API's base URL and the DNS of the machine that \
                 runs the bridge.",
                origin.host()
            ),
        );
    }
    let is_late = |io: &io::Error| io.kind() == io::ErrorKind::TimedOut;
    if find::<Elapsed>(error).is_some() || find::<io::Error>(error).is_some_and(is_late) {
        return CallError::new(
            CallErrorKind::TimedOut,
            format!("{host} did not accept a connection in time. Check that it is running and reachable."),
        );
    }
    connect_error(error, origin, &cause)
}

/// There is no head of an answer.
pub(super) fn no_answer(error: &hyper::Error, origin: &Origin) -> CallError {
    let (host, cause) = (origin.authority(), root_cause(error));
    if error.is_parse_too_large() {
        return CallError::new(
            CallErrorKind::MalformedResponse,
            format!("{host} answered with more or longer headers than this bridge reads: {cause}."),
        );
    }
    if error.is_parse() || error.is_parse_status() {
        return CallError::new(
            CallErrorKind::MalformedResponse,
            format!(
                "What {host} answered is not HTTP: {cause}. Check the API's base URL: its scheme and port."
            ),
        );
    }
    broken(&host, &cause)
}

/// The body of an answer broke off.
pub(super) fn no_whole_body(error: &hyper::Error, origin: &Origin) -> CallError {
    let (host, cause) = (origin.authority(), root_cause(error));
    if is_bad_framing(error) {
        return CallError::new(
            CallErrorKind::MalformedResponse,
            format!(
                "The body that {host} answered is not framed as HTTP asks: {cause}. Nothing of it is shown."
            ),
        );
    }
    broken(&host, &cause)
}

/// Whether a server of HTTP/2 said that it has not looked at the request (RFC 9113, sections 6.8 and 8.7).
pub(super) fn is_unprocessed(error: &hyper::Error) -> bool {
    find::<h2::Error>(error).is_some_and(|error| {
        let reason = error.reason();
        error.is_remote()
            && (error.is_go_away() && reason == Some(h2::Reason::NO_ERROR)
                || error.is_reset() && reason == Some(h2::Reason::REFUSED_STREAM))
    })
}

/// The server must not be called.
pub(super) fn out_of_reach(origin: &Origin) -> CallError {
    CallError::new(
        CallErrorKind::EgressRefused,
        format!(
            "{origin} is not called: its address is not a public one, and nobody but the API's document (or a \
             redirect) names it. The operator of this bridge can allow it with --base-url, which names a \
             server, or with --allow-private."
        ),
    )
}

/// The client cannot do what its options ask for.
pub(super) fn cannot_start(error: &rustls::Error) -> CallError {
    CallError::new(CallErrorKind::Internal, format!("The HTTP client of this bridge cannot start: {error}."))
}

fn connect_error(error: &(dyn Error + 'static), origin: &Origin, cause: &str) -> CallError {
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
    find::<io::Error>(error)
        .is_some_and(|io| matches!(io.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData))
}

/// The text of the innermost error.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

/// The error and what caused it, the innermost last.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
