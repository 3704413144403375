#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::*;

const AUTHORITY: &str = include_str!("../../../../fixtures/tls/authority.pem");
const SERVER: &[u8] = include_bytes!("../../../../fixtures/tls/server.pem");
const SERVER_KEY: &[u8] = include_bytes!("../../../../fixtures/tls/server.key");

fn get(uri: &str) -> Request<Bytes> {
    Request::get(uri).body(Bytes::new()).unwrap()
}

async fn text(response: Response<BackendBody>) -> String {
    String::from_utf8(response.into_body().read(1 << 20).await.unwrap().to_vec()).unwrap()
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// A server of HTTP/2, and how many connections were made to it.
async fn http2_server() -> (String, Arc<AtomicUsize>) {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let chain: Vec<_> = CertificateDer::pem_slice_iter(SERVER).collect::<Result<_, _>>().unwrap();
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_slice(SERVER_KEY).unwrap())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let stream = acceptor.accept(stream).await.unwrap();
            let echo = service_fn(|request: Request<hyper::body::Incoming>| async move {
                let told = format!("{:?} {}", request.version(), request.uri());
                Ok::<_, std::convert::Infallible>(Response::new(http_body_util::Full::new(Bytes::from(told))))
            });
            tokio::spawn(
                http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), echo),
            );
        }
    });
    (base, connections)
}

#[tokio::test]
async fn servers_of_http2_get_one_connection() {
    let (base, connections) = http2_server().await;
    let root_certificates = vec![AUTHORITY.to_owned()];
    let backend =
        HttpBackend::new(&HttpClientOptions { root_certificates, ..HttpClientOptions::default() }).unwrap();
    for number in 0..3 {
        let uri = format!("{base}/a?n={number}");
        let response = backend.send(get(&uri)).await.unwrap();
        assert_eq!(response.version(), http::Version::HTTP_2);
        assert_eq!(text(response).await, format!("HTTP/2.0 {uri}"));
    }
    let uris: Vec<_> = (0..20).map(|number| format!("{base}/b{number}")).collect();
    let answers = futures_util::future::join_all(uris.iter().map(|uri| backend.send(get(uri)))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_is_used_again_and_dropped_once_the_server_closes_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/a%7Eb?x='y'", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for _ in 0..3 {
            let head = read_head(&mut stream).await;
            assert!(head.starts_with("GET /a%7Eb?x='y' HTTP/1.1\r\n"), "{head}");
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n")
                .await
                .unwrap();
            tokio::task::yield_now().await;
            stream.write_all(b"1\r\nc\r\n0\r\n\r\n").await.unwrap();
        }
        stream.shutdown().await.unwrap();
        // The client closes its side, too, though nobody calls.
        assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0);
    });
    let backend = HttpBackend::new(&HttpClientOptions::default()).unwrap();
    for _ in 0..3 {
        assert_eq!(text(backend.send(get(&uri)).await.unwrap()).await, "abc");
        // Until the runtime has looked at the sockets, a call would take another connection.
        while backend.routes.to(&uri.parse().unwrap(), NamedBy::Plan).unwrap().idle.is_unseen() {
            tokio::task::yield_now().await;
        }
    }
    server.await.unwrap();
    while !backend.routes.to(&uri.parse().unwrap(), NamedBy::Plan).unwrap().idle.is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn proxies_get_the_whole_url_or_a_tunnel() {
    let table = [
        ("http://api.example/a?b", "GET http://api.example/a?b HTTP/1.1", true),
        ("https://api.example/a?b", "CONNECT api.example:443 HTTP/1.1", false),
    ];
    for (uri, line, answered) in table {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://me:s3cret@{}", listener.local_addr().unwrap());
        let options = HttpClientOptions { system_proxy: false, ..HttpClientOptions::default() };
        let routes = Routes::new(options).unwrap().with_proxies(Matcher::builder().all(proxy).build());
        let backend = HttpBackend { routes: Arc::new(routes) };
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = read_head(&mut stream).await;
            let answer = if answered {
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
            } else {
                "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"
            };
            stream.write_all(answer.as_bytes()).await.unwrap();
            head
        });
        let answer = backend.send(get(uri)).await;
        let head = server.await.unwrap().to_ascii_lowercase();
        assert!(head.starts_with(&line.to_ascii_lowercase()), "{head}");
        assert!(head.contains("proxy-authorization: basic bwu6cznjcmv0\r\n"), "{head}");
        assert!(head.contains("user-agent: spandrel/"), "{head}");
        match answer {
            Ok(response) => assert_eq!(text(response).await, "ok"),
            Err(error) => {
                assert!(!answered, "{error}");
                assert!(error.message.contains("through the proxy http://127.0.0.1"), "{error}");
                assert!(error.message.contains("proxy authorization required"), "{error}");
                assert!(!error.message.contains("s3cret"), "{error}");
            }
        }
    }
}
