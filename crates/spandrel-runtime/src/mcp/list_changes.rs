//! Telling clients that the list of tools has changed, wherever a client can hear it.
//!
//! | client | hears of it |
//! |---|---|
//! | of 2026-07-28, over any transport | on the stream that `subscriptions/listen` opened |
//! | of an older revision, over stdio | once it has said that it is initialized |
//! | of 2024-11-05, over HTTP+SSE | on its stream |
//! | of an older revision, over HTTP with a session | on the stream that it opened with GET |
//! | of an older revision, over HTTP without a session | never; the capability is not declared |

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::request::Parts;
use rmcp::model::ServerCapabilities;
use rmcp::service::{Peer, SubscriptionContext};
use rmcp::{ErrorData, RoleServer};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::bridge::Bridge;
use crate::serve::Draining;

/// The most subscriptions of one bridge at once.
pub(crate) const SUBSCRIPTIONS: usize = 2048;

/// Marks a request of an older revision whose client has a stream that the server may write to unasked.
#[derive(Clone, Copy)]
pub(super) struct HearsChanges;

/// What an older client reads on its stream. Each tool is described by a resource, too.
pub(super) const EVENTS: Bytes = Bytes::from_static(
    b"event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n\
      event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/list_changed\"}\n\n",
);

/// Takes back that changes are told.
pub(super) fn withdraw(capabilities: &mut ServerCapabilities) {
    if let Some(tools) = &mut capabilities.tools {
        tools.list_changed = None;
    }
    if let Some(resources) = &mut capabilities.resources {
        resources.list_changed = None;
    }
}

/// What is told to the client of one session over streams; ends with the session.
#[derive(Clone, Default)]
pub(super) struct Announcements {
    tasks: Arc<Mutex<JoinSet<()>>>,
    ending: CancellationToken,
}

impl Announcements {
    /// `ending` is cancelled when no more requests come.
    pub(super) fn new(ending: CancellationToken) -> Self {
        Self { tasks: Arc::default(), ending }
    }

    /// From now on the client is told. A client says only once that it is initialized; what it says again
    /// changes nothing.
    pub(super) fn begin(&self, changes: watch::Receiver<u64>, peer: Peer<RoleServer>) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if tasks.is_empty() {
            tasks.spawn(announce(changes, peer));
        }
    }
}

async fn announce(mut changes: watch::Receiver<u64>, peer: Peer<RoleServer>) {
    while changes.changed().await.is_ok() {
        if peer.notify_tool_list_changed().await.is_err()
            || peer.notify_resource_list_changed().await.is_err()
        {
            return;
        }
    }
}

/// Serves one `subscriptions/listen` until the client leaves or the server ends.
pub(super) async fn listen(
    bridge: &Bridge,
    session: Option<&Announcements>,
    subscription: SubscriptionContext,
) -> Result<(), ErrorData> {
    let Ok(_place) = bridge.subscriptions().try_acquire() else {
        return Err(ErrorData::internal_error("Too many subscriptions are open; try again later", None));
    };
    let mut changes = bridge.list_changes();
    let request = subscription.request_context().extensions.get::<Parts>();
    let draining = request.and_then(|request| request.extensions.get::<Draining>()).cloned();
    let ending = async {
        match (draining, session) {
            (Some(draining), _) => draining.begun().await,
            (None, Some(session)) => session.ending.cancelled().await,
            (None, None) => std::future::pending().await,
        }
    };
    let telling = async {
        while changes.changed().await.is_ok() {
            let (sink, accepted) = (subscription.sink(), subscription.accepted());
            let tools = accepted.tools_list_changed == Some(true);
            let resources = accepted.resources_list_changed == Some(true);
            if tools && sink.notify_tool_list_changed().await.is_err()
                || resources && sink.notify_resource_list_changed().await.is_err()
            {
                return;
            }
        }
    };
    tokio::select! {
        () = telling => {}
        () = ending => {}
        () = subscription.cancelled() => {}
    }
    Ok(())
}
