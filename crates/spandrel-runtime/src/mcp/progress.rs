//! Notifications of progress, for a client that asked for them.

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};

use crate::progress::Progress;

/// The most bytes of a piece that a notification shows; the result holds all of it.
const MAX_MESSAGE: usize = 2 * 1024;

/// Notifies the client that sent the token.
pub(super) struct Notified {
    token: ProgressToken,
    peer: Peer<RoleServer>,
}

impl Notified {
    pub(super) fn new(token: ProgressToken, context: &RequestContext<RoleServer>) -> Self {
        Self { token, peer: context.peer.clone() }
    }
}

impl Progress for Notified {
    fn piece(&self, number: u32, text: String) -> BoxFuture<'_, ()> {
        let mut param = ProgressNotificationParam::new(self.token.clone(), f64::from(number));
        param.message = Some(shown(text));
        // A client that cannot be notified is going away; the call ends for that reason.
        self.peer.notify_progress(param).then(|_| ready(())).boxed()
    }
}

fn shown(mut text: String) -> String {
    if text.len() > MAX_MESSAGE {
        let mut end = MAX_MESSAGE;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}
