//! Whoever answers a rendered request.

use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{BoxStream, Stream, StreamExt};
use spandrel_plan::{CallError, CallErrorKind};

/// Answers requests: the API over HTTP ([`HttpBackend`](crate::HttpBackend)), a recording, a mock.
///
/// A backend sends a request where its URI says, once, and neither follows a redirect to another
/// origin nor adds a credential. The bridge bounds the time and the size of the answer, and drops
/// the future when the caller gives up.
pub trait Backend: Send + Sync + 'static {
    /// Sends `request` and returns the head of the answer with a body still to be read.
    ///
    /// # Errors
    /// When there is no answer. An answer of any status is not an error.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<BackendBody>, CallError>>;
}

impl<B: Backend + ?Sized> Backend for Arc<B> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<BackendBody>, CallError>> {
        (**self).send(request)
    }
}

/// A backend that is a function, for answers that are there at once: a mock, a recording.
pub struct BackendFn<F>(pub F);

impl<F> Backend for BackendFn<F>
where
    F: Fn(&http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync + 'static,
{
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<BackendBody>, CallError>> {
        let response = (self.0)(&request).map(BackendBody::whole);
        std::future::ready(Ok(response)).boxed()
    }
}

impl<F> fmt::Debug for BackendFn<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BackendFn")
    }
}

/// The body of an answer, whole or still coming.
pub struct BackendBody(Repr);

enum Repr {
    Whole(Bytes),
    Stream { declared: Option<u64>, chunks: BoxStream<'static, Result<Bytes, CallError>> },
}

impl BackendBody {
    /// A body that is there already.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        Self(Repr::Whole(bytes.into()))
    }

    /// A body that comes in pieces, with the size that its sender declared.
    pub fn stream(
        declared: Option<u64>,
        chunks: impl Stream<Item = Result<Bytes, CallError>> + Send + 'static,
    ) -> Self {
        Self(Repr::Stream { declared, chunks: chunks.boxed() })
    }

    /// Reads the body to its end, at most `limit` bytes of it: a larger declared size is refused
    /// before anything is read, a larger body as soon as it has grown too far.
    ///
    /// # Errors
    /// [`CallErrorKind::ResponseTooLarge`], or what the stream reports.
    pub async fn read(self, limit: usize) -> Result<Bytes, CallError> {
        let (declared, mut chunks) = match self.0 {
            Repr::Whole(bytes) if bytes.len() > limit => return Err(too_large(limit)),
            Repr::Whole(bytes) => return Ok(bytes),
            Repr::Stream { declared, chunks } => (declared, chunks),
        };
        if declared.is_some_and(|size| usize::try_from(size).is_ok_and(|size| size > limit)) {
            return Err(too_large(limit));
        }
        let Some(first) = chunks.next().await.transpose()? else { return Ok(Bytes::new()) };
        let Some(second) = chunks.next().await.transpose()? else {
            return if first.len() > limit { Err(too_large(limit)) } else { Ok(first) };
        };
        let mut body = BytesMut::from(first);
        append(&mut body, &second, limit)?;
        while let Some(chunk) = chunks.next().await.transpose()? {
            append(&mut body, &chunk, limit)?;
        }
        Ok(body.freeze())
    }
}

impl From<Bytes> for BackendBody {
    fn from(bytes: Bytes) -> Self {
        Self::whole(bytes)
    }
}

impl fmt::Debug for BackendBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Whole(bytes) => write!(formatter, "BackendBody({} bytes)", bytes.len()),
            Repr::Stream { declared, .. } => write!(formatter, "BackendBody(stream of {declared:?})"),
        }
    }
}

fn append(body: &mut BytesMut, chunk: &[u8], limit: usize) -> Result<(), CallError> {
    if chunk.len() > limit.saturating_sub(body.len()) {
        return Err(too_large(limit));
    }
    body.extend_from_slice(chunk);
    Ok(())
}

fn too_large(limit: usize) -> CallError {
    CallError::new(
        CallErrorKind::ResponseTooLarge,
        format!(
            "The answer is larger than {limit} bytes, the most that this bridge reads. Ask for less: a \
             smaller page, fewer fields or a narrower filter."
        ),
    )
}

#[cfg(test)]
mod tests;
