//! Serves the bytes of one file at every path: what a long list of tools is measured against.
//!
//! `cargo run --release --example static_file -- FILE [ADDRESS]`

use std::error::Error;
use std::future::pending;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use bytes::Bytes;
use spandrel_runtime::serve_http;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let bytes = Bytes::from(std::fs::read(file)?);
    let answer = move || {
        let bytes = bytes.clone();
        async move { ([(CONTENT_TYPE, "application/json")], bytes).into_response() }
    };
    serve_http(TcpListener::bind(address).await?, Router::new().fallback(answer), pending()).await?;
    Ok(())
}
