#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use futures_util::stream;
use spandrel_plan::CallErrorKind::{ConnectionBroken, ResponseTooLarge};

use super::*;

fn chunks(declared: Option<u64>, chunks: &[Option<&'static str>]) -> BackendBody {
    let chunks: Vec<_> = chunks
        .iter()
        .map(|chunk| chunk.map(Bytes::from).ok_or_else(|| CallError::new(ConnectionBroken, "broken")))
        .collect();
    BackendBody::stream(declared, stream::iter(chunks))
}

#[tokio::test]
async fn bodies_are_read_up_to_a_limit() {
    for (body, expected) in [
        (BackendBody::whole(""), Ok("")),
        (BackendBody::whole("12345"), Ok("12345")),
        (BackendBody::whole("123456"), Err(ResponseTooLarge)),
        (chunks(None, &[]), Ok("")),
        (chunks(None, &[Some("12345")]), Ok("12345")),
        (chunks(Some(5), &[Some("12"), Some(""), Some("345")]), Ok("12345")),
        (chunks(Some(6), &[None]), Err(ResponseTooLarge)),
        (chunks(None, &[Some("123456")]), Err(ResponseTooLarge)),
        (chunks(None, &[Some("123"), Some("456"), None]), Err(ResponseTooLarge)),
        (chunks(Some(1), &[Some("123"), Some("456"), None]), Err(ResponseTooLarge)),
        (chunks(None, &[Some("123"), None]), Err(ConnectionBroken)),
        (chunks(None, &[None]), Err(ConnectionBroken)),
    ] {
        let case = format!("{body:?}");
        let read = body.read(5).await.map_err(|error| error.kind);
        assert_eq!(read, expected.map(Bytes::from), "{case}");
    }
}
