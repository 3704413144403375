//! One connection of HTTP/1.1, driven by the call that uses it.
//!
//! No task of its own stands between a call and the socket: whoever waits for an answer reads it. So an
//! exchange takes no wake-up but those of the socket, and a call that is dropped closes its connection.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use bytes::Bytes;
use futures_util::future::poll_fn;
use futures_util::task::AtomicWaker;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::client::conn::{TrySendError, http1};

use super::connector::Transport;

/// How often a connection is driven at once. What it still has to do then waits for the task's next turn.
const TURNS: usize = 2;

/// A connection that is open, with at most one request on it.
pub(super) struct Http1 {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: http1::Connection<Box<dyn Transport>, Full<Bytes>>,
    has_ended: bool,
    news: Arc<News>,
    /// Wakes whoever waits for `news`: always the same, so that the socket need not learn of another for
    /// each call.
    waker: Waker,
}

impl Http1 {
    pub(super) async fn start(transport: Box<dyn Transport>) -> hyper::Result<Box<Self>> {
        let (sender, driver) = http1::handshake(transport).await?;
        let news = Arc::new(News::default());
        let waker = Waker::from(Arc::clone(&news));
        Ok(Box::new(Self { sender, driver, has_ended: false, news, waker }))
    }

    /// Whether another request can be sent: all of the one before is done, and nothing came that nobody
    /// asked for. Of what comes from now on, `idle` is told.
    pub(super) fn is_free(&mut self, idle: &Waker) -> bool {
        self.news.tell(idle);
        self.is_still_free()
    }

    /// Whether that is so still. Costs nothing where nothing came.
    pub(super) fn is_still_free(&mut self) -> bool {
        if self.news.any() {
            self.drive();
        }
        !self.has_ended && self.sender.is_ready()
    }

    /// Sends `request`, and waits for the head of the answer.
    ///
    /// # Errors
    /// With the request where nothing of it was sent.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Full<Bytes>>>> {
        self.news.tell_nobody();
        // The runtime's budget would want a waker here, and have none.
        let mut answer = pin!(tokio::task::unconstrained(self.sender.try_send_request(request)));
        poll_fn(|context| self.poll(context, |nobody| answer.as_mut().poll(nobody))).await
    }

    /// The next piece of the answer's body; none at its end.
    pub(super) fn poll_data(
        &mut self,
        context: &mut Context<'_>,
        body: &mut Incoming,
    ) -> Poll<Option<hyper::Result<Bytes>>> {
        match poll_data(body, &mut Context::from_waker(Waker::noop())) {
            Poll::Pending => self.poll(context, |nobody| poll_data(body, nobody)),
            ready @ Poll::Ready(_) => ready,
        }
    }

    /// Drives the connection until `result` is there. Nothing but driving it brings the result, so that the
    /// result itself needs to wake nobody.
    fn poll<T>(
        &mut self,
        context: &mut Context<'_>,
        mut result: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        for _ in 0..TURNS {
            self.news.any();
            self.drive();
            let result = result(&mut Context::from_waker(Waker::noop()));
            if result.is_ready() {
                return result;
            }
            self.news.tell(context.waker());
            if !self.news.came.load(Ordering::Acquire) {
                return Poll::Pending;
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn drive(&mut self) {
        // An error is told to whoever waits for the answer or its body.
        let context = &mut Context::from_waker(&self.waker);
        if !self.has_ended && Pin::new(&mut self.driver).poll(context).is_ready() {
            self.has_ended = true;
        }
    }
}

/// The next piece of data of a body; none at its end.
pub(super) fn poll_data(
    body: &mut Incoming,
    context: &mut Context<'_>,
) -> Poll<Option<hyper::Result<Bytes>>> {
    loop {
        match Pin::new(&mut *body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                // Trailers are not looked at.
                if let Ok(data) = frame.into_data() {
                    return Poll::Ready(Some(Ok(data)));
                }
            }
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => return Poll::Pending,
        }
    }
}

/// Whether a connection has anything to do, and who is told.
#[derive(Default)]
struct News {
    came: AtomicBool,
    told: AtomicWaker,
}

impl News {
    /// Whether anything came since this was asked for the last time.
    fn any(&self) -> bool {
        self.came.swap(false, Ordering::AcqRel)
    }

    fn tell(&self, waker: &Waker) {
        self.told.register(waker);
    }

    fn tell_nobody(&self) {
        self.told.take();
    }
}

impl Wake for News {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.came.store(true, Ordering::Release);
        self.told.wake();
    }
}
