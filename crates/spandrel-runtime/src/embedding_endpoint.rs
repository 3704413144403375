//! Texts turned into vectors by a server that speaks OpenAI's `/v1/embeddings`.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};
use spandrel_plan::CallError;
use thiserror::Error;
use url::Url;

use crate::backend::Backend;
use crate::credentials::Secret;

/// Texts that go out in one request.
const BATCH: usize = 64;
/// Characters of a text that are sent.
const MAX_CHARACTERS: usize = 2_000;
/// Bytes of an answer that are read: 64 vectors of 4,096 numbers in text fit.
const MAX_ANSWER: usize = 16 * 1024 * 1024;
/// Numbers that a vector has at most.
const MAX_DIMENSION: usize = 8_192;

/// A server that turns texts into vectors, as OpenAI's `/v1/embeddings` does.
pub struct EmbeddingEndpoint<B> {
    backend: B,
    url: Url,
    model: String,
    authorization: Option<HeaderValue>,
    timeout: Duration,
}

/// Why there are no vectors.
#[derive(Debug, Error)]
pub enum EmbeddingError {
    /// The URL is not one that requests can go to.
    #[error("`{0}` is not an http or https URL without a user name, query or fragment")]
    Url(String),
    /// The key cannot stand in a header.
    #[error("the key for the embedding endpoint holds characters that a header cannot have")]
    Key,
    /// There was no answer.
    #[error("the embedding endpoint gives no answer")]
    Call(#[from] CallError),
    /// There was no answer in time.
    #[error("the embedding endpoint did not answer within {} seconds", .0.as_secs())]
    Timeout(Duration),
    /// The server refused.
    #[error("the embedding endpoint answered with status {0}; are its URL, model and key right?")]
    Status(http::StatusCode),
    /// The answer is not what was asked for.
    #[error("the embedding endpoint's answer is not as expected: {0}")]
    Answer(String),
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    input: &'a [String],
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

impl<B: Backend> EmbeddingEndpoint<B> {
    /// A server at `url`, whole as in `https://api.example.com/v1/embeddings`, and the model that it is to use.
    /// `key` is sent as a bearer token, to this URL only.
    ///
    /// # Errors
    /// When requests cannot go to the URL, or the key cannot stand in a header.
    pub fn new(backend: B, url: Url, model: String, key: Option<&Secret>) -> Result<Self, EmbeddingError> {
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        let has_user = !url.username().is_empty() || url.password().is_some();
        if !is_http || has_user || url.query().is_some() || url.fragment().is_some() {
            let shown = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
            return Err(EmbeddingError::Url(shown));
        }
        let bearer = |key: &Secret| {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose())).ok()?;
            value.set_sensitive(true);
            Some(value)
        };
        let authorization = key.map(|key| bearer(key).ok_or(EmbeddingError::Key)).transpose()?;
        Ok(Self { backend, url, model, authorization, timeout: Duration::from_mins(1) })
    }

    /// The same with another time that a request may take. Default: 60 seconds.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The vectors of `texts`, in their order and of one dimension.
    ///
    /// # Errors
    /// When the server does not answer, or not as it should.
    pub async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbeddingError> {
        let mut vectors: Vec<Vec<f32>> = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            let exchange = tokio::time::timeout(self.timeout, self.exchange(batch));
            vectors.extend(exchange.await.map_err(|_| EmbeddingError::Timeout(self.timeout))??);
        }
        let dimension = vectors.first().map_or(0, Vec::len);
        if vectors.iter().any(|vector| vector.len() != dimension) {
            return Err(EmbeddingError::Answer("vectors of different dimensions".to_owned()));
        }
        Ok(vectors)
    }

    async fn exchange(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbeddingError> {
        let response = self.backend.send(self.request(texts)?).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(EmbeddingError::Status(status));
        }
        let body = response.into_body().read(MAX_ANSWER).await?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|error| EmbeddingError::Answer(error.to_string()))?;
        vectors_of(answer, texts.len())
    }

    fn request(&self, texts: &[String]) -> Result<http::Request<Bytes>, EmbeddingError> {
        let input: Vec<String> =
            texts.iter().map(|text| text.chars().take(MAX_CHARACTERS).collect()).collect();
        let request = Request { model: &self.model, input: &input, encoding_format: "float" };
        let wrong = |error: &dyn fmt::Display| EmbeddingError::Answer(error.to_string());
        let body = serde_json::to_vec(&request).map_err(|error| wrong(&error))?;
        let json = HeaderValue::from_static("application/json");
        let mut request = http::Request::post(self.url.as_str())
            .header(CONTENT_TYPE, &json)
            .header(ACCEPT, &json)
            .body(Bytes::from(body))
            .map_err(|error| wrong(&error))?;
        if let Some(authorization) = &self.authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
        }
        Ok(request)
    }
}

/// The vectors of an answer in the order of the texts.
fn vectors_of(mut answer: Answer, texts: usize) -> Result<Vec<Vec<f32>>, EmbeddingError> {
    answer.data.sort_by_key(|item| item.index);
    let complete = answer.data.len() == texts && answer.data.iter().map(|item| item.index).eq(0..texts);
    if !complete {
        let told = format!("{} vectors for {texts} texts, or not one for each", answer.data.len());
        return Err(EmbeddingError::Answer(told));
    }
    if let Some(item) = answer.data.iter().find(|item| item.embedding.len() > MAX_DIMENSION) {
        return Err(EmbeddingError::Answer(format!("a vector of {} numbers", item.embedding.len())));
    }
    Ok(answer.data.into_iter().map(|item| item.embedding).collect())
}

impl<B> fmt::Debug for EmbeddingEndpoint<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = (self.url.as_str(), &self.model);
        formatter.debug_tuple("EmbeddingEndpoint").field(&fields).finish()
    }
}

#[cfg(test)]
mod tests;
