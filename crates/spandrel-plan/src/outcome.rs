//! What a call came to, before it is written as an MCP result.

use bytes::Bytes;

use crate::catalog::JsonText;
use crate::fit::LeftOut;
use crate::next_page::NextPage;

/// One piece of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text for the model.
    Text(String),
    /// A picture.
    Image {
        /// Its bytes, not encoded.
        data: Bytes,
        /// Its media type.
        media_type: String,
    },
    /// Sound.
    Audio {
        /// Its bytes, not encoded.
        data: Bytes,
        /// Its media type.
        media_type: String,
    },
    /// Any other bytes, embedded as a resource.
    Binary {
        /// The URI that names them.
        uri: String,
        /// The bytes, not encoded.
        data: Bytes,
        /// Their media type.
        media_type: String,
    },
    /// Bytes that are too many to be embedded: for whoever runs the call to keep and to link to, or else to
    /// tell of with [`Content::too_large`].
    Oversized {
        /// The bytes, not encoded.
        data: Bytes,
        /// Their media type.
        media_type: String,
    },
    /// A resource that the client can read.
    Link {
        /// Its URI.
        uri: String,
        /// What the model should know of it.
        description: String,
        /// Its media type.
        media_type: String,
        /// Its size in bytes.
        size: usize,
    },
}

impl Content {
    /// Words about bytes that a result cannot hold.
    #[must_use]
    pub fn too_large(size: usize, media_type: &str) -> Self {
        Self::Text(format!(
            "The API answered with {size} bytes of {media_type}, which is more than a result may embed."
        ))
    }
}

/// JSON for programs beside the text for the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Structured {
    /// A JSON object: every revision of MCP can carry it.
    Object(JsonText),
    /// Other JSON: only revisions since 2026-07-28 can.
    Other(JsonText),
}

/// What a call came to: what the API answered, or the text of a [`CallError`](crate::CallError).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The pieces for the model, in order; never empty once mapped.
    pub content: Vec<Content>,
    /// The JSON beside them.
    pub structured: Option<Structured>,
    /// Whether the call failed: a status of 400 or above, a redirect that was not followed, or no
    /// response at all.
    pub is_error: bool,
    /// The response's status, where there was a response.
    pub status: Option<u16>,
    /// Headers of the response that programs may want, whether or not the content tells of them: names in
    /// lower case, values bounded.
    pub headers: Vec<(String, String)>,
    /// In which way the body of a success is not what the tool advertises: where, what is there and what
    /// was expected, in types and declared names alone.
    pub drift: Option<String>,
    /// The texts that are not whole, as they were too long for a model.
    pub truncated: Vec<Truncated>,
    /// How the next page is got, where there is one.
    pub next_page: Option<NextPage>,
}

/// A text of a result that is not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truncated {
    /// The URI under which the whole of it is kept; none where it is not.
    pub uri: Option<String>,
    /// Where something is left out.
    pub left_out: Vec<LeftOut>,
}

impl Outcome {
    /// A success of one text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: vec![Content::Text(text.into())], ..Self::default() }
    }

    /// A failure of one text.
    pub fn error(text: impl Into<String>) -> Self {
        Self { is_error: true, ..Self::text(text) }
    }
}
