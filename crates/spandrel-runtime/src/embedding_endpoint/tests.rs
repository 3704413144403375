#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "tests"
)]

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::backend::BackendFn;

type Requests = Arc<Mutex<Vec<http::Request<Bytes>>>>;

/// An endpoint that answers with `status` and what `answer` makes of the texts.
fn endpoint(
    status: u16,
    answer: impl Fn(&[Value]) -> Value + Send + Sync + 'static,
) -> (EmbeddingEndpoint<impl Backend>, Requests) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&seen);
    let backend = BackendFn(move |request: &http::Request<Bytes>| {
        requests.lock().unwrap().push(request.clone());
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let answer = answer(body["input"].as_array().unwrap()).to_string();
        http::Response::builder().status(status).body(Bytes::from(answer)).unwrap()
    });
    let url = "https://models.example.com/v1/embeddings".parse().unwrap();
    let key = Secret::new("s3cret");
    (EmbeddingEndpoint::new(backend, url, "small".to_owned(), Some(&key)).unwrap(), seen)
}

fn texts(number: usize) -> Vec<String> {
    (0..number).map(|text| text.to_string()).collect()
}

/// For each text a vector of its number, last first.
fn backwards(input: &[Value]) -> Value {
    let vector = |(index, text): (usize, &Value)| {
        let number: f32 = text.as_str().unwrap().parse().unwrap();
        json!({"index": index, "embedding": [number, 1.0]})
    };
    let mut data: Vec<Value> = input.iter().enumerate().map(vector).collect();
    data.reverse();
    json!({"data": data, "model": "small"})
}

#[tokio::test]
async fn texts_go_out_in_batches_and_vectors_come_in_their_order() {
    let (endpoint, seen) = endpoint(200, backwards);
    let vectors = endpoint.embed(&texts(70)).await.unwrap();
    assert!(vectors.iter().enumerate().all(|(place, vector)| vector == &[place as f32, 1.0]));
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].headers()[AUTHORIZATION], "Bearer s3cret");
    assert!(seen[0].headers()[AUTHORIZATION].is_sensitive());
    let body: Value = serde_json::from_slice(seen[1].body()).unwrap();
    assert_eq!(body["model"], "small");
    assert_eq!(body["input"], json!(["64", "65", "66", "67", "68", "69"]));
}

#[tokio::test]
async fn what_is_not_as_expected_is_an_error_without_the_key() {
    let few = |_: &[Value]| json!({"data": []});
    let same =
        |_: &[Value]| json!({"data": [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}]});
    let uneven = |_: &[Value]| json!({"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]});
    let other = |_: &[Value]| json!({"error": "s3cret"});
    let errors = [
        endpoint(401, backwards).0.embed(&texts(2)).await.unwrap_err(),
        endpoint(200, few).0.embed(&texts(2)).await.unwrap_err(),
        endpoint(200, same).0.embed(&texts(2)).await.unwrap_err(),
        endpoint(200, uneven).0.embed(&texts(2)).await.unwrap_err(),
        endpoint(200, other).0.embed(&texts(2)).await.unwrap_err(),
    ];
    assert!(matches!(errors[0], EmbeddingError::Status(status) if status == 401));
    for error in &errors[1..] {
        assert!(matches!(error, EmbeddingError::Answer(_)), "{error}");
    }
    for error in errors {
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}

#[test]
fn urls_with_more_than_a_place_are_refused_without_being_shown() {
    for url in ["https://user:s3cret@example.com/", "https://example.com/?key=s3cret", "file:///s3cret"] {
        let backend = BackendFn(|_: &_| http::Response::new(Bytes::new()));
        let error = EmbeddingEndpoint::new(backend, url.parse().unwrap(), String::new(), None).unwrap_err();
        assert!(matches!(error, EmbeddingError::Url(_)) && !error.to_string().contains("s3cret"), "{error}");
    }
}
