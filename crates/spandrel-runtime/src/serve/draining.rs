//! The end of a server, as its connections see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Whether the server is about to end. It stands among the extensions of each request, so that a stream
/// without an end of its own can end in time.
#[derive(Clone, Default)]
pub(crate) struct Draining(Arc<State>);

#[derive(Default)]
struct State {
    has_begun: AtomicBool,
    begins: Notify,
}

impl Draining {
    pub(super) fn begin(&self) {
        self.0.has_begun.store(true, Ordering::Release);
        self.0.begins.notify_waiters();
    }

    pub(super) fn has_begun(&self) -> bool {
        self.0.has_begun.load(Ordering::Acquire)
    }

    /// Resolves once the server is about to end.
    pub(crate) async fn begun(&self) {
        // Made before the look, so that no beginning falls between the two.
        let begins = self.0.begins.notified();
        if !self.has_begun() {
            begins.await;
        }
    }
}
