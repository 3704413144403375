//! Answers that come bit by bit: server-sent events, JSON lines, JSON text sequences.

use http::header::CONTENT_TYPE;

use super::ResponseHead;
use super::kind::Kind;

/// The most bytes of one piece that are kept for telling; the answer itself keeps them all.
const MAX_PIECE: usize = 16 * 1024;

/// Cuts an answer into its events, lines or records while it comes, in memory bounded by one of them.
///
/// It only tells what came so far. The answer as a whole is still mapped by
/// [`Tool::map_response`](crate::Tool::map_response).
#[derive(Debug)]
pub struct StreamedPieces {
    events: bool,
    line: Vec<u8>,
    /// The data of the event that has not ended.
    data: Option<String>,
    after_cr: bool,
}

impl StreamedPieces {
    /// For an answer of a kind that comes bit by bit; none for any other.
    #[must_use]
    pub fn of(head: &ResponseHead) -> Option<Self> {
        let media_type = head.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let events = match Kind::of(media_type) {
            Kind::EventStream => true,
            Kind::JsonLines => false,
            _ => return None,
        };
        Some(Self { events, line: Vec::new(), data: None, after_cr: false })
    }

    /// The pieces that `chunk` completes, as text.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<String> {
        let mut pieces = Vec::new();
        for &byte in chunk {
            let ends_line = match byte {
                // A record of RFC 7464 begins with it.
                0x1E if !self.events => true,
                b'\n' => !std::mem::take(&mut self.after_cr),
                b'\r' => true,
                _ => false,
            };
            if ends_line {
                pieces.extend(self.end_line());
            } else if byte != b'\n' && self.line.len() < MAX_PIECE {
                self.line.push(byte);
            }
            self.after_cr = byte == b'\r';
        }
        pieces
    }

    fn end_line(&mut self) -> Option<String> {
        let line = String::from_utf8_lossy(&self.line).into_owned();
        self.line.clear();
        if !self.events {
            let line = line.trim();
            return (!line.is_empty()).then(|| line.to_owned());
        }
        if line.is_empty() {
            return self.data.take();
        }
        if let Some(value) = super::event_stream::field(&line, "data") {
            match &mut self.data {
                None => self.data = Some(value.to_owned()),
                Some(data) if data.len() + value.len() < MAX_PIECE => {
                    data.push('\n');
                    data.push_str(value);
                }
                Some(_) => {}
            }
        }
        None
    }
}
