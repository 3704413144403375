//! The connections to one server that nobody uses now.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Wake, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http2;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::connection::Http1;

/// How long a connection waits for its next request. Servers close them sooner, as a rule.
const TIMEOUT: Duration = Duration::from_secs(90);
/// How often it is looked whether one has waited so long.
const ROUND: Duration = Duration::from_secs(10);

/// A connection of HTTP/2, which takes any number of requests at once.
pub(super) type Http2 = http2::SendRequest<Full<Bytes>>;

/// Connections that wait for a request. One that is closed meanwhile, or sends what nobody asked for, is
/// dropped at once.
///
/// What a server sends beyond its answer comes right behind it, and must not be taken for the next one. So
/// a connection takes its next request only after the runtime has looked at the sockets once more.
pub(super) struct Idle {
    waiting: Mutex<Waiting>,
    news: Arc<News>,
    waker: Waker,
    /// How many are kept.
    most: usize,
}

#[derive(Default)]
struct Waiting {
    /// The one that waits longest first.
    http1: Vec<Unused>,
    /// How often the runtime has looked at the sockets, as far as that matters here.
    looks: u64,
    /// And when it was last used.
    http2: Option<(Instant, Http2)>,
    /// The task that looks after them while there are any.
    keeper: Option<AbortHandle>,
}

struct Unused {
    connection: Box<Http1>,
    since: Instant,
    /// After how many looks.
    looks: u64,
}

impl Idle {
    pub(super) fn new(most: usize) -> Self {
        let news = Arc::new(News::default());
        let waker = Waker::from(Arc::clone(&news));
        Self { waiting: Mutex::default(), news, waker, most }
    }

    /// The one that was used last, which is the least likely to be closed, of those that were looked at.
    pub(super) fn take_http1(&self) -> Option<Box<Http1>> {
        let mut waiting = self.lock();
        loop {
            let looks = waiting.looks;
            let last = waiting.http1.iter().rposition(|unused| unused.looks < looks)?;
            let mut connection = waiting.http1.remove(last).connection;
            if connection.is_still_free() {
                return Some(connection);
            }
        }
    }

    pub(super) fn http2(&self) -> Option<Http2> {
        let mut waiting = self.lock();
        let (used, connection) = waiting.http2.as_mut().filter(|(_, connection)| !connection.is_closed())?;
        *used = Instant::now();
        Some(connection.clone())
    }

    /// Keeps a connection for its next request, if it can take one.
    pub(super) fn put(self: &Arc<Self>, mut connection: Box<Http1>) {
        if !connection.is_free(&self.waker) {
            return;
        }
        let mut waiting = self.lock();
        if waiting.http1.len() < self.most {
            let looks = waiting.looks;
            waiting.http1.push(Unused { connection, since: Instant::now(), looks });
            self.look_after(&mut waiting);
            self.news.look.notify_one();
        }
    }

    /// Keeps a new connection for all requests from now on; that which is kept, where another was faster.
    pub(super) fn share(self: &Arc<Self>, connection: Http2) -> Http2 {
        if let Some(other) = self.http2() {
            return other;
        }
        let mut waiting = self.lock();
        waiting.http2 = Some((Instant::now(), connection.clone()));
        self.look_after(&mut waiting);
        connection
    }

    pub(super) fn is_empty(&self) -> bool {
        let waiting = self.lock();
        waiting.http1.is_empty() && waiting.http2.is_none()
    }

    /// Whether one waits that was not looked at.
    #[cfg(test)]
    pub(super) fn is_unseen(&self) -> bool {
        let waiting = self.lock();
        waiting.http1.iter().any(|unused| unused.looks == waiting.looks)
    }

    fn look_after(self: &Arc<Self>, waiting: &mut Waiting) {
        // The runtime of an earlier one may be gone, and the task with it.
        if waiting.keeper.as_ref().is_none_or(AbortHandle::is_finished) {
            let keeper = tokio::spawn(keep(Arc::downgrade(self), Arc::clone(&self.news)));
            waiting.keeper = Some(keeper.abort_handle());
        }
    }

    /// The runtime has looked at the sockets: drops what is closed or has waited too long. Tells whether
    /// anything is left.
    fn sweep(&self) -> bool {
        let mut waiting = self.lock();
        waiting.looks += 1;
        if !self.news.came.swap(false, Ordering::AcqRel) {
            return true;
        }
        let fresh = |since: &Instant| since.elapsed() < TIMEOUT;
        waiting.http1.retain_mut(|unused| fresh(&unused.since) && unused.connection.is_free(&self.waker));
        waiting.http2.take_if(|(used, connection)| !fresh(used) || connection.is_closed());
        let any = !waiting.http1.is_empty() || waiting.http2.is_some();
        if !any {
            waiting.keeper = None;
        }
        any
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        if let Some(keeper) = self.lock().keeper.take() {
            keeper.abort();
        }
    }
}

async fn keep(idle: Weak<Idle>, news: Arc<News>) {
    let mut round = tokio::time::interval(ROUND);
    loop {
        tokio::select! {
            () = news.look.notified() => {}
            _ = round.tick() => news.came.store(true, Ordering::Release),
        }
        // Goes on once the runtime has looked at the sockets.
        tokio::task::yield_now().await;
        if !idle.upgrade().is_some_and(|idle| idle.sweep()) {
            return;
        }
    }
}

/// What the keeper has to do.
#[derive(Default)]
struct News {
    /// Whether something came on a connection that waits, or it is time to count.
    came: AtomicBool,
    look: Notify,
}

impl Wake for News {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.came.store(true, Ordering::Release);
        self.look.notify_one();
    }
}
