#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use async_compression::tokio::bufread as encoders;
use http::HeaderValue;
use spandrel_plan::CallErrorKind::{ConnectionBroken, MalformedResponse};

use super::*;

/// Long enough that every format has more than one block of it to cut.
fn plain() -> Vec<u8> {
    (0..60_000_u32).flat_map(|n| (n.wrapping_mul(2_654_435_761) >> 16).to_be_bytes()).collect()
}

async fn encode(coding: &str, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match coding {
        "gzip" | "x-gzip" => encoders::GzipEncoder::new(data).read_to_end(&mut out).await,
        "br" => encoders::BrotliEncoder::new(data).read_to_end(&mut out).await,
        "zstd" => encoders::ZstdEncoder::new(data).read_to_end(&mut out).await,
        "deflate" => encoders::ZlibEncoder::new(data).read_to_end(&mut out).await,
        "raw" => encoders::DeflateEncoder::new(data).read_to_end(&mut out).await,
        other => panic!("{other}"),
    }
    .unwrap();
    out
}

async fn decoded(values: &[&str], body: &[u8], piece: usize, breaks: bool) -> Result<Vec<u8>, CallError> {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(CONTENT_ENCODING, HeaderValue::from_str(value).unwrap());
    }
    let mut pieces: Vec<_> = body.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    if breaks {
        pieces.push(Err(CallError::new(ConnectionBroken, "broken")));
    }
    let mut whole = Vec::new();
    let mut decoded = decode(&headers, "api.example".to_owned(), stream::iter(pieces));
    while let Some(piece) = decoded.next().await.transpose()? {
        assert!(piece.len() <= PIECE.max(body.len()));
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

#[tokio::test]
async fn codings_are_undone_alone_and_stacked() {
    let plain = plain();
    let zlib = encode("deflate", &plain).await;
    let table: Vec<(Vec<&str>, Vec<u8>)> = vec![
        (vec!["gzip"], encode("gzip", &plain).await),
        (vec!["X-GZip"], encode("gzip", &plain).await),
        (vec!["br"], encode("br", &plain).await),
        (vec!["zstd"], encode("zstd", &plain).await),
        (vec!["deflate"], zlib.clone()),
        (vec!["deflate"], encode("raw", &plain).await),
        (vec!["identity", ""], plain.clone()),
        (vec!["deflate, gzip"], encode("gzip", &zlib).await),
        (vec!["deflate", "identity, br"], encode("br", &zlib).await),
        (vec!["gzip"], [encode("gzip", &plain[..7]).await, encode("gzip", &plain[7..]).await].concat()),
        (vec!["zstd"], [encode("zstd", &plain[..7]).await, encode("zstd", &plain[7..]).await].concat()),
    ];
    for (values, body) in &table {
        for piece in [1, 1000, body.len()] {
            let whole = decoded(values, body, piece, false).await.unwrap();
            assert!(whole == plain, "{values:?} in pieces of {piece}");
        }
    }
}

#[tokio::test]
async fn a_body_that_was_cut_or_garbled_is_never_whole() {
    let plain = plain();
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let body = encode(coding, &plain).await;
        for cut in [1, 2, 5, body.len() / 2, body.len() - 1] {
            let error = decoded(&[coding], &body[..cut], 1000, false).await.unwrap_err();
            assert_eq!(error.kind, MalformedResponse, "{coding} cut to {cut}: {error}");
        }
        let mut garbled = body.clone();
        garbled[..12].fill(0xA5);
        assert_eq!(decoded(&[coding], &garbled, 1000, false).await.unwrap_err().kind, MalformedResponse);
        // The connection's own fault stays one, also after the last byte of the coding.
        for end in [body.len() / 2, body.len()] {
            let error = decoded(&[coding], &body[..end], 1000, true).await.unwrap_err();
            assert_eq!(error.kind, ConnectionBroken, "{coding}: {error}");
        }
    }
}

#[tokio::test]
async fn what_is_not_known_is_told() {
    for (values, problem) in [
        (&["aes128gcm"][..], "`aes128gcm` is none of gzip, br, zstd, deflate"),
        (&["gzip", "compress"], "`compress` is none of"),
        (&["gzip, gzip, gzip, gzip, gzip"], "it names 5 content codings"),
    ] {
        let error = decoded(values, b"x", 1, false).await.unwrap_err();
        assert_eq!(error.kind, MalformedResponse);
        assert!(error.message.contains(problem), "{error}");
        // An answer without a body has nothing to decode.
        assert_eq!(decoded(values, b"", 1, false).await.unwrap(), b"");
    }
}

#[tokio::test]
async fn a_zstd_frame_asks_for_a_bounded_window() {
    // Magic, a descriptor without content size, and a window of 2^31 bytes.
    let frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 0x01, 0x00, 0x00];
    assert_eq!(decoded(&["zstd"], &frame, 9, false).await.unwrap_err().kind, MalformedResponse);
}
