//! What went wrong with a call, and whose doing it was.

use std::borrow::Cow;
use std::fmt;

/// Who has to act for the call to succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallErrorSource {
    /// The caller: other arguments, or another tool.
    Caller,
    /// The bridge or its operator: configuration, credentials, a refused destination.
    Bridge,
    /// The API behind the bridge, or the way there.
    Backend,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallErrorKind {
    /// No tool has that name.
    UnknownTool,
    /// The arguments do not satisfy the tool's input schema.
    InvalidArguments,
    /// A hook or policy refused the call.
    Refused,
    /// The operator named no server and the document has none.
    ServerUnknown,
    /// A credential that the operation needs is not configured.
    CredentialMissing,
    /// A value that the bridge gives is not configured.
    ValueMissing,
    /// A credential could not be obtained.
    CredentialFailed,
    /// The arguments are valid but no request can be made of them (too large for a URL, say).
    RequestNotRenderable,
    /// The destination is not allowed.
    EgressRefused,
    /// The host name has no address.
    NameNotResolved,
    /// No connection could be made.
    ConnectFailed,
    /// The TLS handshake failed.
    TlsFailed,
    /// No whole answer came in time.
    TimedOut,
    /// The connection broke before the answer was whole.
    ConnectionBroken,
    /// What came is not HTTP, or not decodable as its headers say.
    MalformedResponse,
    /// The answer is larger than the bound.
    ResponseTooLarge,
    /// The caller gave up.
    Cancelled,
    /// A defect of the bridge.
    Internal,
}

impl CallErrorKind {
    /// Who has to act.
    #[must_use]
    pub const fn source(self) -> CallErrorSource {
        match self {
            Self::UnknownTool
            | Self::InvalidArguments
            | Self::Refused
            | Self::RequestNotRenderable
            | Self::Cancelled => CallErrorSource::Caller,
            Self::ServerUnknown
            | Self::CredentialMissing
            | Self::ValueMissing
            | Self::CredentialFailed
            | Self::EgressRefused
            | Self::Internal => CallErrorSource::Bridge,
            Self::NameNotResolved
            | Self::ConnectFailed
            | Self::TlsFailed
            | Self::TimedOut
            | Self::ConnectionBroken
            | Self::MalformedResponse
            | Self::ResponseTooLarge => CallErrorSource::Backend,
        }
    }

    /// A stable word for logs and metrics (`error.type`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownTool => "unknown_tool",
            Self::InvalidArguments => "invalid_arguments",
            Self::Refused => "refused",
            Self::ServerUnknown => "server_unknown",
            Self::CredentialMissing => "credential_missing",
            Self::ValueMissing => "value_missing",
            Self::CredentialFailed => "credential_failed",
            Self::RequestNotRenderable => "request_not_renderable",
            Self::EgressRefused => "egress_refused",
            Self::NameNotResolved => "name_not_resolved",
            Self::ConnectFailed => "connect_failed",
            Self::TlsFailed => "tls_failed",
            Self::TimedOut => "timed_out",
            Self::ConnectionBroken => "connection_broken",
            Self::MalformedResponse => "malformed_response",
            Self::ResponseTooLarge => "response_too_large",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

/// A call that got no response from the API. The message is for a model: it says what happened and
/// what to do next, and never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// What went wrong.
    pub kind: CallErrorKind,
    /// In words.
    pub message: Cow<'static, str>,
}

impl CallError {
    /// An error with its message.
    pub fn new(kind: CallErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for CallError {}
