//! Why a document is not there.

use spandrel_openapi::ParseError;
use spandrel_overlay::OverlayError;
use thiserror::Error;

/// Why a document set has no root. Documents that only references need are never the reason: they
/// are marked absent, and each place that needs them is reported when the set is read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The root document could not be fetched.
    #[error("{name}: {error}")]
    Fetch {
        /// The document.
        name: String,
        /// Why.
        error: FetchError,
    },
    /// The root document could not be read.
    #[error("{name}: {error}")]
    Parse {
        /// The document.
        name: String,
        /// Why.
        error: ParseError,
    },
    /// An overlay could not be read or applied.
    #[error("{name}: {error}")]
    Overlay {
        /// The overlay.
        name: String,
        /// Why.
        error: OverlayError,
    },
}

/// Why a document could not be fetched. Sizes are in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// It is a directory.
    #[error("this is a directory; name the document in it")]
    IsDirectory,
    /// The file may not be read.
    #[error("permission denied; make the file readable for this user")]
    PermissionDenied,
    /// Reading failed otherwise.
    #[error("cannot be read: {0}")]
    Io(String),
    /// The server answered, but not with the document.
    #[error("the server answered {status}{}", advice(*.status))]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// A web page came instead of a document.
    #[error(
        "the server answered with an HTML page; give the URL of the JSON or YAML document itself, and check \
         whether the server asks for a login"
    )]
    Html,
    /// It took too long.
    #[error("no whole answer within {seconds} s; fetch the document yourself and give the file")]
    TimedOut {
        /// The bound.
        seconds: u64,
    },
    /// The host name has no address.
    #[error("the host name `{host}` has no address; check it, and the DNS of this machine")]
    NameNotResolved {
        /// The host.
        host: String,
    },
    /// There was no connection, or it broke.
    #[error("the request failed: {0}")]
    Connection(String),
    /// The document is larger than is accepted.
    #[error("the document has more than {limit} bytes, the most that is accepted")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// All documents together are larger than is accepted.
    #[error("the documents together have more than {limit} bytes, the most that is accepted")]
    TotalTooLarge {
        /// The bound.
        limit: usize,
    },
    /// One redirect led to the next for too long.
    #[error("more than {limit} redirects in a row")]
    TooManyRedirects {
        /// The bound.
        limit: usize,
    },
    /// The rules do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The HTTP client cannot start.
    #[error("the HTTP client cannot start: {0}")]
    Client(String),
}

/// Which rule forbids a document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A file outside the root document's directory.
    #[error(
        "files outside the directory of the root document are not read; move the file there, or bundle the \
         document"
    )]
    OutsideDirectory,
    /// A file, referred to by a document that is none.
    #[error("a document that is not a file may not refer to files of this machine")]
    FileFromElsewhere,
    /// Not a regular file: a device, a pipe, a socket.
    #[error("not a regular file")]
    NotRegular,
    /// Another origin.
    #[error(
        "documents of other origins are fetched only if remote references are allowed (--allow-remote-refs)"
    )]
    OtherOrigin,
    /// An address that is not on the public Internet.
    #[error("`{host}` is not a public address; only the document that the operator names may be there")]
    NotPublic {
        /// The host.
        host: String,
    },
    /// A redirect from https to http.
    #[error("a redirect leads from https to http")]
    Downgrade,
    /// A scheme that nothing here fetches.
    #[error("the scheme `{scheme}` is not fetched; use a file, http or https")]
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// More documents are needed than are accepted; those that cannot be fetched count too.
    #[error("more than {limit} documents are needed, the most that are accepted")]
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// References lead from document to document for too long.
    #[error("references lead through more than {limit} documents in a row")]
    TooDeep {
        /// The bound.
        limit: usize,
    },
}

const fn advice(status: u16) -> &'static str {
    match status {
        401 | 403 => "; fetch the document yourself and give the file, or pipe it in with -",
        404 | 410 => "; check the URL",
        500..=599 => "; try again later",
        _ => "",
    }
}
