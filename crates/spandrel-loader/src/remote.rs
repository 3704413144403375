//! Fetching over HTTP, one redirect at a time.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use spandrel_egress::{GuardedResolver, OutOfReach, Reach};
use tokio::sync::OnceCell;
use url::Url;

use crate::budget::Budget;
use crate::error::{FetchError, Refusal};
use crate::rules::{Access, Rules};
use crate::trail::{RemotePlace, Seen, Validators};

/// Redirects that are followed for one document.
const REDIRECTS: usize = 5;
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TYPES: &str =
    "application/json, application/yaml, application/vnd.oai.openapi+json, text/yaml, */*;q=0.5";

/// A document and where it was found in the end.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) url: Url,
    pub(crate) bytes: Bytes,
    pub(crate) seen: Seen,
}

/// What came of a question for a document that was seen before.
enum Answer {
    /// The server says that it is the same.
    Same,
    Document(Box<Fetched>),
}

/// The HTTP clients, made when they are first needed.
#[derive(Debug)]
pub(crate) struct Remote {
    timeout: Duration,
    /// For hosts that the operator named.
    named: OnceCell<Client>,
    /// For all others. It uses no proxy: the address could not be checked then.
    public: OnceCell<Client>,
}

impl Remote {
    pub(crate) const fn new(timeout: Duration) -> Self {
        Self { timeout, named: OnceCell::const_new(), public: OnceCell::const_new() }
    }

    /// Fetches `url`. A redirect may lead to another origin only if `elsewhere` is allowed.
    pub(crate) async fn fetch(
        &self,
        url: &Url,
        rules: &Rules,
        elsewhere: bool,
        budget: &Budget,
    ) -> Result<Fetched, FetchError> {
        match self.ask(url, rules, elsewhere, budget, None).await? {
            Answer::Document(fetched) => Ok(*fetched),
            Answer::Same => Err(FetchError::Status { status: StatusCode::NOT_MODIFIED.as_u16() }),
        }
    }

    /// Whether `url` leads to another document than it did.
    pub(crate) async fn has_changed(
        &self,
        url: &Url,
        place: &RemotePlace,
        budget: &Budget,
    ) -> Result<bool, FetchError> {
        let seen = place.seen.as_ref();
        match self.ask(url, &place.rules, place.elsewhere, budget, seen).await? {
            Answer::Same => Ok(false),
            Answer::Document(now) => Ok(seen.is_none_or(|seen| !seen.is_same_document(&now.seen))),
        }
    }

    async fn ask(
        &self,
        url: &Url,
        rules: &Rules,
        elsewhere: bool,
        budget: &Budget,
        seen: Option<&Seen>,
    ) -> Result<Answer, FetchError> {
        let fetch = self.follow(url.clone(), rules, elsewhere, budget, seen);
        let timed_out = |_| FetchError::TimedOut { seconds: self.timeout.as_secs() };
        tokio::time::timeout(self.timeout, fetch).await.map_err(timed_out)?
    }

    async fn follow(
        &self,
        mut url: Url,
        rules: &Rules,
        elsewhere: bool,
        budget: &Budget,
        seen: Option<&Seen>,
    ) -> Result<Answer, FetchError> {
        for _ in 0..=REDIRECTS {
            let client = match rules.remote(&url, elsewhere)? {
                Access::Named => self.named.get_or_try_init(|| async { build(Client::builder()) }).await?,
                Access::Public | Access::File(_) => {
                    let guarded =
                        || Client::builder().no_proxy().dns_resolver(GuardedResolver(Reach::Public));
                    self.public.get_or_try_init(|| async { build(guarded()) }).await?
                }
            };
            // Validators are for the place that they came from.
            let seen_here = seen.filter(|seen| seen.url == url);
            let request = conditional(client.get(url.clone()).header(ACCEPT, TYPES), seen_here);
            let response = request.send().await.map_err(|error| classify(&error, &url))?;
            if seen_here.is_some() && response.status() == StatusCode::NOT_MODIFIED {
                return Ok(Answer::Same);
            }
            match next(&url, &response)? {
                Some(target) => url = target,
                None => {
                    return read(url, response, budget)
                        .await
                        .map(|fetched| Answer::Document(Box::new(fetched)));
                }
            }
        }
        Err(FetchError::TooManyRedirects { limit: REDIRECTS })
    }
}

/// The request, which asks only for what is not the same as before (RFC 9110, section 13.1).
fn conditional(mut request: RequestBuilder, seen: Option<&Seen>) -> RequestBuilder {
    let Some(Validators { etag, last_modified }) = seen.map(|seen| &seen.validators) else { return request };
    if let Some(etag) = etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(last_modified) = last_modified {
        request = request.header(IF_MODIFIED_SINCE, last_modified);
    }
    request
}

fn build(builder: reqwest::ClientBuilder) -> Result<Client, FetchError> {
    builder
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("spandrel/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .build()
        .map_err(|error| FetchError::Client(root_cause(&error)))
}

/// Where a redirect leads.
fn next(url: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let Some(target) = location.and_then(|location| url.join(location).ok()) else { return Ok(None) };
    if url.scheme() == "https" && target.scheme() == "http" {
        return Err(Refusal::Downgrade.into());
    }
    Ok(Some(target))
}

async fn read(url: Url, mut response: Response, budget: &Budget) -> Result<Fetched, FetchError> {
    if !response.status().is_success() {
        return Err(FetchError::Status { status: response.status().as_u16() });
    }
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_html =
        media_type.is_some_and(|text| text.trim_start().to_ascii_lowercase().starts_with("text/html"));
    let validators = Validators::of(response.headers());
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error, &url))? {
        budget.take(bytes.len(), chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    // Some servers call every text HTML; only one that also looks like it is refused.
    if is_html && bytes.trim_ascii_start().starts_with(b"<") {
        return Err(FetchError::Html);
    }
    let seen = Seen::new(&url, validators, &bytes);
    Ok(Fetched { url, bytes: bytes.freeze(), seen })
}

/// What the client's error means. Its own text holds the URL, so only the root cause is repeated.
fn classify(error: &reqwest::Error, url: &Url) -> FetchError {
    let host = url.host_str().unwrap_or_default().to_owned();
    if causes(error).any(<dyn Error>::is::<OutOfReach>) {
        return Refusal::NotPublic { host }.into();
    }
    if error.is_dns() {
        return FetchError::NameNotResolved { host };
    }
    let cause = root_cause(error);
    if error.is_connect() {
        let port = url.port_or_known_default().unwrap_or_default();
        return FetchError::Connection(format!("no connection to {host}:{port}: {cause}"));
    }
    FetchError::Connection(cause)
}

fn root_cause(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| "unknown error".to_owned(), ToString::to_string)
}

fn causes<'e>(error: &'e reqwest::Error) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}
