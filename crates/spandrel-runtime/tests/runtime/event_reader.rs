//! Reading a stream of events.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde_json::Value;

/// The events of a response that is such a stream.
pub(crate) struct Events {
    chunks: BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    read: String,
}

impl Events {
    pub(crate) fn of(response: reqwest::Response) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { chunks: response.bytes_stream().boxed(), read: String::new() }
    }

    /// The next event that is no comment, without the blank line after it; none at the end.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                if !event.starts_with(':') {
                    return Some(event);
                }
                continue;
            }
            let chunk = self.chunks.next().await?.unwrap();
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next message.
    pub(crate) async fn message(&mut self) -> Value {
        let event = self.next().await.unwrap();
        let data: Vec<&str> = event.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        serde_json::from_str(&data.join("\n")).unwrap_or_else(|_| panic!("{event}"))
    }

    /// The method of the next message, which is a notification.
    pub(crate) async fn notification(&mut self) -> String {
        let message = self.message().await;
        assert!(message.get("id").is_none(), "{message}");
        message["method"].as_str().unwrap().to_owned()
    }
}
