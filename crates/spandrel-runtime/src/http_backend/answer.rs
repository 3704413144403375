//! The answer of a server, with the connection that its body comes on.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_util::stream::Stream;
use http::Response;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use hyper::body::{Body, Incoming};
use spandrel_plan::CallError;

use super::connection::{Http1, poll_data};
use super::route::Route;
use super::{content_coding, error};
use crate::backend::BackendBody;

/// The answer with its content codings undone, and without the headers that tell of them; an answer to
/// HEAD keeps those.
pub(super) fn of(
    response: Response<Incoming>,
    connection: Option<Box<Http1>>,
    route: &Arc<Route>,
    has_body: bool,
) -> Response<BackendBody> {
    let (mut head, body) = response.into_parts();
    let mut body = Arriving { body, first: None, connection, route: Arc::clone(route) };
    let declared = body.body.size_hint().exact();
    let body = if has_body && head.headers.contains_key(CONTENT_ENCODING) {
        let host = route.origin.authority();
        let decoded = content_coding::decode(&head.headers, host, body);
        head.headers.remove(CONTENT_ENCODING);
        head.headers.remove(CONTENT_LENGTH);
        BackendBody::stream(declared, decoded)
    } else {
        match body.whole() {
            Some(whole) => BackendBody::whole(whole),
            None => BackendBody::stream(declared, body),
        }
    };
    Response::from_parts(head, body)
}

/// A body that is still coming.
struct Arriving {
    body: Incoming,
    /// What was read of it already.
    first: Option<hyper::Result<Bytes>>,
    /// The connection that it comes on; none of HTTP/2, and none once all is read.
    connection: Option<Box<Http1>>,
    route: Arc<Route>,
}

impl Arriving {
    /// The whole body where it came with the head, as small ones do.
    fn whole(&mut self) -> Option<Bytes> {
        if self.body.is_end_stream() {
            self.end();
            return Some(Bytes::new());
        }
        match poll_data(&mut self.body, &mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(Ok(data))) if self.body.is_end_stream() => {
                self.end();
                Some(data)
            }
            Poll::Ready(None) => {
                self.end();
                Some(Bytes::new())
            }
            Poll::Ready(Some(data)) => {
                self.first = Some(data);
                None
            }
            Poll::Pending => None,
        }
    }

    /// All is read: the connection is there for the next request.
    fn end(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.route.idle.put(connection);
        }
    }
}

impl Stream for Arriving {
    type Item = Result<Bytes, CallError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let polled = match (this.first.take(), &mut this.connection) {
            (Some(first), _) => Poll::Ready(Some(first)),
            (None, Some(connection)) => connection.poll_data(context, &mut this.body),
            (None, None) => poll_data(&mut this.body, context),
        };
        match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(data))) => Poll::Ready(Some(Ok(data))),
            Poll::Ready(Some(Err(broken))) => {
                this.connection = None;
                Poll::Ready(Some(Err(error::no_whole_body(&broken, &this.route.origin))))
            }
            Poll::Ready(None) => {
                this.end();
                Poll::Ready(None)
            }
        }
    }
}
