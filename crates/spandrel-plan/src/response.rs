//! Mapping a response to an outcome: a pure function of the tool, the response and the limits.

mod body;
mod event_stream;
mod failure;
mod headers;
mod kind;
mod parts;
mod scan;
mod shape;
mod streamed;
mod structured;
mod text;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE};

use self::body::Embedding;
pub use self::streamed::StreamedPieces;
pub(crate) use self::structured::OutputCheck;
use crate::catalog::Tool;
use crate::outcome::{Content, Outcome};
use crate::plan::{ResponsePlan, StatusPattern};

/// The head of a response.
#[derive(Debug, Clone)]
pub struct ResponseHead {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
}

/// Bounds on what a result may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseLimits {
    /// The most bytes of binary content that a result embeds.
    pub embedded_bytes: usize,
}

impl Default for ResponseLimits {
    fn default() -> Self {
        Self { embedded_bytes: 4 * 1024 * 1024 }
    }
}

impl Tool {
    /// Maps a response, whose `body` is whole and without content coding, to an outcome.
    ///
    /// - JSON is passed on as its own text, and as structured content. Where the tool advertises an
    ///   output schema, a success always has structured content that satisfies it: a body that does
    ///   not becomes `{"unexpectedBody": …}`, and [`drift`](Outcome::drift) says why.
    /// - Text is decoded by its charset, pictures and sound become blocks, other bytes a resource,
    ///   and the parts of a multipart response one block each.
    /// - A status of 400 or above is an error, with words on what to do next; so is a redirect, which
    ///   is here because it was not followed.
    #[must_use]
    pub fn map_response(&self, head: &ResponseHead, body: Bytes, limits: &ResponseLimits) -> Outcome {
        let status = head.status;
        // An interim status that ends an exchange (101, RFC 9110 section 15.2.2) answers nothing.
        let is_error = status.as_u16() >= 400 || status.is_informational() || is_redirect(status);
        let mut outcome = Outcome { status: Some(status.as_u16()), is_error, ..Outcome::default() };
        let json = if body.is_empty() {
            None
        } else {
            let media_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let expects_json = self.output_schema.is_some() && !is_error;
            let mut embedding = Embedding::new(&self.name, limits.embedded_bytes, expects_json);
            let mapped = body::map(media_type, body, &mut embedding);
            outcome.content = mapped.content;
            mapped.json
        };
        self.add_structured(&mut outcome, json.as_ref());
        if let Some(lead) = self.lead(head, &outcome, json.as_ref()) {
            outcome.content.insert(0, Content::Text(lead));
        }
        outcome.content.extend(headers::notes(head, self.plan.method == Method::HEAD).map(Content::Text));
        outcome.headers = headers::kept(head);
        outcome
    }

    /// What is said before the body, if anything.
    fn lead(&self, head: &ResponseHead, outcome: &Outcome, json: Option<&crate::JsonText>) -> Option<String> {
        if is_redirect(head.status) {
            return Some(failure::redirect(head));
        }
        let no_body = outcome.content.is_empty();
        let description = self.plan.response.description(head.status);
        if outcome.is_error {
            let description = description.filter(|_| no_body);
            return Some(failure::lead(head, &self.plan, description, json));
        }
        no_body.then(|| {
            let described = description.map(|text| format!(" {text}")).unwrap_or_default();
            format!("The API answered {}, with no body.{described}", failure::status_text(head.status))
        })
    }
}

/// Whether what was asked for is elsewhere (RFC 9110, section 15.4); 304 says that it is not.
fn is_redirect(status: StatusCode) -> bool {
    status.is_redirection() && status != StatusCode::NOT_MODIFIED
}

impl ResponsePlan {
    /// What the document says of `status`: of the code itself, else of its class, else, of a failure,
    /// of all others.
    fn description(&self, status: StatusCode) -> Option<&str> {
        let code = status.as_u16();
        let rank = |pattern: &StatusPattern| match *pattern {
            StatusPattern::Exact(exact) => (exact == code).then_some(0),
            StatusPattern::Class(class) => (u16::from(class) == code / 100).then_some(1),
            // A document's default is almost always its error.
            StatusPattern::Default => (code >= 400).then_some(2),
        };
        self.descriptions
            .iter()
            .filter_map(|(pattern, text)| Some((rank(pattern)?, text.trim())))
            .filter(|(_, text)| !text.is_empty())
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, text)| text)
    }
}

#[cfg(test)]
mod tests;
