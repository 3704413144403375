//! A backend that speaks TCP: it reads requests and writes whatever a test wants, well formed or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A connection of which one request's head was read.
pub(crate) struct Exchange {
    pub(crate) stream: TcpStream,
    /// The request's head.
    pub(crate) head: String,
    /// Which request of the backend's it is, from 0.
    pub(crate) number: usize,
}

impl Exchange {
    /// Writes, whether or not anyone still reads; false once nobody does.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok() && self.stream.flush().await.is_ok()
    }

    /// Writes a chunk of a chunked body.
    pub(crate) async fn chunk(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        let bytes = bytes.as_ref();
        let size = format!("{:x}\r\n", bytes.len());
        self.write([size.as_bytes(), bytes, b"\r\n"].concat()).await
    }

    /// Waits until the other side closes the connection.
    pub(crate) async fn closed(&mut self) {
        let mut rest = [0; 1024];
        while self.stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    }
}

/// Serves each request on each connection by `answer`, as long as that returns the connection. The base
/// URL, and how many connections were made.
pub(crate) async fn start<F, A>(answer: F) -> (String, Arc<AtomicUsize>)
where
    F: Fn(Exchange) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Option<Exchange>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let (count, requests) = (Arc::clone(&connections), Arc::new(AtomicUsize::new(0)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let (answer, requests) = (answer.clone(), Arc::clone(&requests));
            tokio::spawn(async move {
                let mut stream = stream;
                while let Some(head) = read_head(&mut stream).await {
                    let number = requests.fetch_add(1, Ordering::SeqCst);
                    let Some(exchange) = answer(Exchange { stream, head, number }).await else { return };
                    stream = exchange.stream;
                }
            });
        }
    });
    (base, connections)
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

/// Answers every request with the same bytes, and closes the connection.
pub(crate) async fn fixed(bytes: impl Into<Vec<u8>>) -> String {
    let bytes: Arc<[u8]> = bytes.into().into();
    let answer = move |mut exchange: Exchange| {
        let bytes = Arc::clone(&bytes);
        async move {
            exchange.write(bytes).await;
            None
        }
    };
    start(answer).await.0
}
