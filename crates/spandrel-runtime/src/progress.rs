//! Telling of an answer while it comes.

use futures_util::future::BoxFuture;

/// Hears of an answer that comes bit by bit (server-sent events, JSON lines, JSON text sequences) while
/// it comes; the call's outcome holds it as a whole.
pub trait Progress: Send + Sync + 'static {
    /// Piece `number` of the answer has come, counted from 1: the data of an event, a line, a record. The
    /// next bytes are read when this is done, so that whoever listens sets the pace.
    fn piece(&self, number: u32, text: String) -> BoxFuture<'_, ()>;
}
