//! The mock itself: routing, judging and answering put together.

mod content;
mod echo;
mod files;
mod headers;
mod select;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use spandrel_openapi::{Document, DocumentSet, MediaType, Operation};
use url::Url;

use crate::check::Checks;
use crate::judge::{Said, judge};
use crate::problem::Problem;
use crate::route::{Found, RouteTable, Routed};
use content::Content;

/// Says that the body could not be made to satisfy the document's schema.
const UNVERIFIED: HeaderName = HeaderName::from_static("spandrel-mock");

/// By operation and media type, each by its index.
type Contents = BTreeMap<(usize, usize), Arc<Content>>;

/// An API as its document describes it.
///
/// Making one reads the paths only. A schema is compiled when a request first needs it, and kept.
#[derive(Debug)]
pub struct MockApi {
    set: Arc<DocumentSet>,
    document: Arc<Document>,
    routes: RouteTable,
    checks: Checks,
    contents: Mutex<Contents>,
}

impl MockApi {
    /// The API of `document`, which was read from `set`. It answers below the paths of the
    /// operations' servers, on any host.
    #[must_use]
    pub fn new(set: Arc<DocumentSet>, document: Arc<Document>) -> Self {
        let routes = RouteTable::new(&document.operations, &set, None);
        let checks = Checks::new(Arc::clone(&set), document.version);
        Self { set, document, routes, checks, contents: Mutex::default() }
    }

    /// Answers below the path of `base` instead of those of the servers.
    #[must_use]
    pub fn with_base_url(mut self, base: &Url) -> Self {
        self.routes = RouteTable::new(&self.document.operations, &self.set, Some(base));
        self
    }

    /// Answers one request: with the operation's first success (`2xx`, else `default` as 200, else
    /// 204), or with a problem ([RFC 9457]):
    ///
    /// - 404 when the document has no such path, 405 when it has it for other methods;
    /// - 400 when a parameter or the body is not what the document describes, or is not declared.
    ///
    /// Credentials are not asked for. A body that could not be made to satisfy its schema is sent
    /// with the header `spandrel-mock: unverified`.
    ///
    /// [RFC 9457]: https://www.rfc-editor.org/rfc/rfc9457
    #[must_use]
    pub fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let (method, uri) = (request.method().as_str(), request.uri());
        let found = match self.routes.find(method, uri.path(), uri.query()) {
            Routed::Found(found) => found,
            Routed::WrongMethod(allow) => {
                return Problem::wrong_method(method, uri.path(), allow).into_response();
            }
            Routed::NotFound(near) => return Problem::not_found(method, uri.path(), &near).into_response(),
        };
        let mut nearest: Option<Problem> = None;
        for found in &found {
            let Some(operation) = self.document.operations.get(found.operation) else { continue };
            match judge(request, &self.document, operation, found, &self.checks) {
                Ok(said) => return self.succeed(request, operation, found, &said),
                Err(faults) => {
                    let problem =
                        Problem::refused(&format!("{} {}", operation.method, operation.path), faults);
                    if nearest.as_ref().is_none_or(|known| problem.fault_count() < known.fault_count()) {
                        nearest = Some(problem);
                    }
                }
            }
        }
        nearest.unwrap_or_else(|| Problem::not_found(method, uri.path(), &[])).into_response()
    }

    fn succeed(
        &self,
        request: &Request<Bytes>,
        operation: &Operation,
        found: &Found,
        said: &Said,
    ) -> Response<Bytes> {
        let (status, described) = select::response(&operation.responses);
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let Some(described) = described else { return response };
        headers::add_required(response.headers_mut(), &described.headers, &self.checks);
        let has_body = !matches!(status, 204 | 205 | 304);
        let chosen = select::media_type(&described.content, request.headers()).filter(|_| has_body);
        let Some((index, media)) = chosen else { return response };

        let content = self.content(found.operation, index, media);
        let headers = response.headers_mut();
        if let Ok(name) = HeaderValue::from_str(&content.name) {
            headers.insert(CONTENT_TYPE, name);
        }
        if !content.verified {
            headers.insert(UNVERIFIED, HeaderValue::from_static("unverified"));
        }
        if request.method() != Method::HEAD {
            *response.body_mut() = content.with_said(said, &found.variables, &self.checks);
        }
        response
    }

    /// The content of one media type of an operation's success, made once.
    fn content(&self, operation: usize, index: usize, media: &MediaType) -> Arc<Content> {
        let key = (operation, index);
        if let Some(known) = self.contents.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        let content = Arc::new(Content::new(media, &self.checks));
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(contents.entry(key).or_insert(content))
    }
}
