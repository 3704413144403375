//! Several messages at once, which the revision 2025-03-26 allows and no other.

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Response, StatusCode};
use http_body_util::BodyExt;

use super::super::message::{self, Refusal};
use super::super::response::json;
use super::envelope::Envelope;
use super::{PROTOCOL_VERSION, Shared, plain, refuse};

/// The one revision with batches. Its clients send no header with their revision.
pub(in crate::mcp) const REVISION: &str = "2025-03-26";
/// How many messages of a batch are answered at once.
const AT_ONCE: usize = 8;

impl Shared {
    /// Answers a batch; none for what is no batch, or not of the revision that has them.
    pub(super) async fn answer_batch(&self, parts: &Parts, message: &Bytes) -> Option<Response<Body>> {
        if parts.headers.get(PROTOCOL_VERSION).is_some_and(|revision| revision != REVISION) {
            return None;
        }
        let messages = match message::batch(message)? {
            Ok(messages) => messages,
            Err(refusal) => return Some(refuse(&refusal)),
        };
        let messages: Vec<Bytes> =
            messages.iter().map(|member| message.slice_ref(member.get().as_bytes())).collect();
        let answers = messages.into_iter().map(|member| self.answer_member(parts, member));
        let mut answers = stream::iter(answers).buffered(AT_ONCE);
        let mut whole = b"[".to_vec();
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(None) => {}
                Ok(Some(answer)) => {
                    if whole.len() > 1 {
                        whole.push(b',');
                    }
                    whole.extend_from_slice(&answer);
                }
                Err(response) => return Some(response),
            }
        }
        if whole.len() == 1 {
            return Some(plain(StatusCode::ACCEPTED, Body::empty()));
        }
        whole.push(b']');
        Some(json(whole.into()))
    }

    /// The answer to one message of a batch, if it has any.
    ///
    /// # Errors
    /// A response that is for the batch as a whole: its session is unknown, say.
    async fn answer_member(&self, parts: &Parts, message: Bytes) -> Result<Option<Bytes>, Response<Body>> {
        let envelope = serde_json::from_slice::<Envelope<'_>>(&message).unwrap_or_default();
        if envelope.is("initialize") {
            let refusal = Refusal::of_batch(envelope.id, "initialize cannot be part of a batch");
            return Ok(Some(refusal.to_json().into()));
        }
        let mut parts = parts.clone();
        // Each answer is one document, which then is a part of another.
        parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let response = self.answer_one(parts, message).await;
        let is_json = response.headers().get(CONTENT_TYPE).is_some_and(|value| value == "application/json");
        if !is_json {
            return if response.status().is_success() { Ok(None) } else { Err(response) };
        }
        let body = response.into_body().collect().await;
        Ok(body.ok().map(http_body_util::Collected::to_bytes))
    }
}
