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
        let mut body = Collected::new(limit);
        let mut chunks = self.chunks(limit)?;
        while let Some(chunk) = chunks.next().await? {
            body.push(chunk)?;
        }
        Ok(body.into_bytes())
    }

    /// The body's pieces, where its declared size is within `limit`.
    pub(crate) fn chunks(self, limit: usize) -> Result<Chunks, CallError> {
        match self.0 {
            Repr::Stream { declared: Some(size), .. }
                if usize::try_from(size).is_ok_and(|size| size > limit) =>
            {
                Err(too_large(limit))
            }
            repr => Ok(Chunks(repr)),
        }
    }
}

/// The pieces of a body.
pub(crate) struct Chunks(Repr);

impl Chunks {
    /// The next piece; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        match &mut self.0 {
            Repr::Whole(bytes) if bytes.is_empty() => Ok(None),
            Repr::Whole(bytes) => Ok(Some(std::mem::take(bytes))),
            Repr::Stream { chunks, .. } => chunks.next().await.transpose(),
        }
    }
}

/// What of a body is there, within a limit. A single piece is not copied.
pub(crate) struct Collected {
    first: Bytes,
    all: BytesMut,
    limit: usize,
}

impl Collected {
    pub(crate) fn new(limit: usize) -> Self {
        Self { first: Bytes::new(), all: BytesMut::new(), limit }
    }

    pub(crate) fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    pub(crate) fn push(&mut self, chunk: Bytes) -> Result<(), CallError> {
        if chunk.len() > self.limit.saturating_sub(self.len()) {
            return Err(too_large(self.limit));
        }
        if self.len() == 0 {
            self.first = chunk;
        } else {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
            self.all.extend_from_slice(&chunk);
        }
        Ok(())
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
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
