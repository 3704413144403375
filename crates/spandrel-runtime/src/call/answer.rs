//! Reading an answer: whole, within bounds, and told of while it comes.

use bytes::Bytes;
use spandrel_plan::{
    CallError, CallErrorKind, Content, Outcome, ResponseHead, ResponseLimits, StreamedPieces, Tool,
};
use tokio::sync::SemaphorePermit;

use super::permits::Permits;
use crate::backend::{BackendBody, Collected};
use crate::progress::Progress;

/// A body above this size, in bytes, is held by few calls at once.
const LARGE: usize = 1024 * 1024;
/// The most pieces of one answer that are told of while it comes.
const MAX_TOLD: u32 = 1000;

/// An answer that is being read, kept outside of the reading: what came of a stream is worth something
/// even where its end never comes.
#[derive(Default)]
pub(super) struct Reading {
    /// Whether a request has left that may have been carried out.
    pub(super) was_sent: bool,
    begun: Option<Begun>,
}

struct Begun {
    head: ResponseHead,
    body: Collected,
    is_stream: bool,
}

/// An answer that was read.
pub(super) struct Answer<'a> {
    pub(super) head: ResponseHead,
    pub(super) body: Bytes,
    /// Held until the answer is mapped.
    _large: Option<SemaphorePermit<'a>>,
}

impl Reading {
    /// Reads `response`, at most `limit` bytes of its body.
    pub(super) async fn read<'a>(
        &mut self,
        response: http::Response<BackendBody>,
        limit: usize,
        permits: &'a Permits,
        progress: Option<&dyn Progress>,
    ) -> Result<Answer<'a>, CallError> {
        let (parts, body) = response.into_parts();
        let head = ResponseHead { status: parts.status, headers: parts.headers };
        let pieces = StreamedPieces::of(&head);
        let begun = Begun { head, body: Collected::new(limit), is_stream: pieces.is_some() };
        let begun = self.begun.insert(begun);
        let mut told = progress.zip(pieces).map(|(progress, pieces)| Told { progress, pieces, count: 0 });
        let mut large = None;
        let mut chunks = body.chunks(limit)?;
        while let Some(chunk) = chunks.next().await? {
            if large.is_none() && begun.body.len() + chunk.len() > LARGE {
                large = Some(permits.large_body().await?);
            }
            if let Some(told) = &mut told {
                told.tell(&chunk).await;
            }
            begun.body.push(chunk)?;
        }
        let whole = self.begun.take().map(|begun| (begun.head, begun.body.into_bytes()));
        let (head, body) =
            whole.ok_or_else(|| CallError::new(CallErrorKind::Internal, "No answer was read."))?;
        Ok(Answer { head, body, _large: large })
    }

    /// What came of a stream before `error` ended it, as a failure that says so; none of anything else: half
    /// of a body is no answer.
    pub(super) fn cut_short(self, error: &CallError, tool: &Tool, limits: ResponseLimits) -> Option<Outcome> {
        let Begun { head, body, is_stream } = self.begun?;
        if !is_stream || body.len() == 0 {
            return None;
        }
        let mut outcome = tool.map_response(&head, body.into_bytes(), &limits);
        outcome.is_error = true;
        outcome.structured = None;
        // Half of a stream says nothing of how the API keeps to its document.
        outcome.drift = None;
        let said = format!("{error}\nThis is what came of the stream before that:");
        outcome.content.insert(0, Content::Text(said));
        Some(outcome)
    }
}

/// Tells of a stream while it comes.
struct Told<'a> {
    progress: &'a dyn Progress,
    pieces: StreamedPieces,
    count: u32,
}

impl Told<'_> {
    async fn tell(&mut self, chunk: &[u8]) {
        if self.count == MAX_TOLD {
            return;
        }
        for piece in self.pieces.push(chunk) {
            if self.count < MAX_TOLD {
                self.count += 1;
                self.progress.piece(self.count, piece).await;
            }
        }
    }
}
