//! The next page of an answer, as the arguments of the call that gets it.
//!
//! | what the API says | read by |
//! |---|---|
//! | a link to the next page, in a `Link` header (RFC 8288) or the body | [`link`] |
//! | a cursor, a page or an offset in the body or a header | [`marker`] |
//!
//! A link is only read: what is told is the arguments of the same tool, so it cannot lead anywhere else.

mod link;
mod marker;
mod members;
mod pager;
#[cfg(test)]
mod tests;

use http::{HeaderMap, Method, Uri};
use serde_json::{Map, Value};

use self::pager::Pager;
use crate::catalog::Tool;

/// An answer, and the call that got it.
#[derive(Debug, Clone, Copy)]
pub struct AnsweredCall<'a> {
    /// The request's URI.
    pub uri: &'a Uri,
    /// The arguments of the call.
    pub arguments: &'a Map<String, Value>,
    /// The headers of the answer.
    pub headers: &'a HeaderMap,
    /// Its body, where that is JSON.
    pub json: Option<&'a str>,
}

/// How the call of the next page differs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NextPage {
    /// The arguments that are others, or new.
    pub arguments: Map<String, Value>,
    /// Those that are left out, each as messages name it.
    pub left_out: Vec<String>,
}

impl Tool {
    /// How the next page is got, where the answer says that there is one and the tool's own query parameters can
    /// ask for it. Only of operations that read: others are not to be called again.
    #[must_use]
    pub fn next_page(&self, answered: &AnsweredCall<'_>) -> Option<NextPage> {
        let reads = self.plan.method == Method::GET || self.annotations.read_only;
        if !reads || self.plan.query.is_empty() {
            return None;
        }
        let pager = Pager { tool: self, answered };
        let next = link::of_headers(&pager).or_else(|| marker::of_answer(&pager))?;
        (!next.arguments.is_empty()).then_some(next)
    }
}
