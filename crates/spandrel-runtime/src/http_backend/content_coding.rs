//! Undoing the content codings of a body (RFC 9110, section 8.4), in pieces and within bounds.
//!
//! The HTTP client would undo one coding and pass on the bytes of any other as they are, as if they
//! were the body. Here codings may be stacked, and one that is not known is an error that says so.

use std::io;
use std::pin::Pin;

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use bytes::{Bytes, BytesMut};
use futures_util::future::ready;
use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use http::header::{CONTENT_ENCODING, HeaderMap};
use spandrel_plan::{CallError, CallErrorKind};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

/// The codings that are asked for.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// The most codings that are undone one after the other.
const MAX_CODINGS: usize = 4;
/// The largest window that a zstd frame may ask for, as a power of two: 8 MiB (RFC 9659).
const ZSTD_WINDOW_LOG: u32 = 23;
/// The most bytes that are decoded at once.
const PIECE: usize = 16 * 1024;

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Brotli,
    Zstd,
    Deflate,
}

type Pieces = BoxStream<'static, io::Result<Bytes>>;
type Input = Pin<Box<dyn AsyncBufRead + Send>>;

/// Undoes the codings that `headers` name, in `chunks` of a body of `host`. A body without any byte has
/// no coding, whatever its headers say.
pub(super) fn decode(
    headers: &HeaderMap,
    host: String,
    chunks: impl Stream<Item = Result<Bytes, CallError>> + Send + 'static,
) -> BoxStream<'static, Result<Bytes, CallError>> {
    let named = named(headers);
    if named.is_empty() {
        return chunks.boxed();
    }
    let in_error = host.clone();
    let decoded = async move {
        let mut chunks = chunks.try_filter(|chunk| ready(!chunk.is_empty())).boxed();
        let Some(first) = chunks.next().await.transpose()? else { return Ok(stream::empty().boxed()) };
        let codings = codings(&named).map_err(|problem| undecodable(&host, &problem))?;
        let whole = stream::once(ready(Ok(first))).chain(chunks).map_err(io::Error::other).boxed();
        Ok::<Pieces, CallError>(codings.into_iter().rev().fold(whole, undo))
    };
    stream::once(decoded)
        .map(move |result| match result {
            Ok(pieces) => {
                let host = in_error.clone();
                pieces.map_err(move |error| told(error, &host)).boxed()
            }
            Err(error) => stream::once(ready(Err(error))).boxed(),
        })
        .flatten()
        .boxed()
}

/// The names of the codings, lower case, in the order in which they were applied.
fn named(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
        .flat_map(|value| value.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect()
}

fn codings(names: &[String]) -> Result<Vec<Coding>, String> {
    if names.len() > MAX_CODINGS {
        return Err(format!("it names {} content codings; at most {MAX_CODINGS} are undone", names.len()));
    }
    let coding = |name: &String| match name.as_str() {
        "gzip" | "x-gzip" => Ok(Coding::Gzip),
        "br" => Ok(Coding::Brotli),
        "zstd" => Ok(Coding::Zstd),
        "deflate" => Ok(Coding::Deflate),
        other => {
            let name: String = other.chars().take(40).flat_map(char::escape_debug).collect();
            Err(format!("the content coding `{name}` is none of {ACCEPTED}"))
        }
    };
    names.iter().map(coding).collect()
}

fn undo(pieces: Pieces, coding: Coding) -> Pieces {
    let input: Input = Box::pin(StreamReader::new(pieces));
    match coding {
        Coding::Gzip => {
            let mut decoder = GzipDecoder::new(input);
            decoder.multiple_members(true);
            read(decoder, GzipDecoder::get_mut)
        }
        Coding::Zstd => {
            let mut decoder = ZstdDecoder::with_params(input, &[DParameter::window_log_max(ZSTD_WINDOW_LOG)]);
            decoder.multiple_members(true);
            read(decoder, ZstdDecoder::get_mut)
        }
        Coding::Brotli => read(BrotliDecoder::new(input), BrotliDecoder::get_mut),
        Coding::Deflate => inflate(input),
    }
}

/// `deflate` is the zlib format, and servers send the bare one all the same.
fn inflate(mut input: Input) -> Pieces {
    let pieces = async move {
        let is_zlib = match *input.fill_buf().await? {
            [first, second, ..] => is_zlib(first, second),
            // Of the two, only zlib begins with 8 in the low half.
            [first] => first & 0x0F == 8,
            [] => true,
        };
        Ok::<Pieces, io::Error>(if is_zlib {
            read(ZlibDecoder::new(input), ZlibDecoder::get_mut)
        } else {
            read(DeflateDecoder::new(input), DeflateDecoder::get_mut)
        })
    };
    stream::once(pieces).try_flatten().boxed()
}

/// RFC 1950, section 2.2.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0F == 8 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

/// What `decoder` makes of its input, and then the rest of the input: whether that ends as it should
/// tells whether the body was whole.
fn read<D>(decoder: D, input_of: fn(&mut D) -> &mut Input) -> Pieces
where
    D: AsyncRead + Unpin + Send + 'static,
{
    stream::try_unfold(decoder, move |mut decoder| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        if decoder.read_buf(&mut piece).await? > 0 {
            return Ok(Some((piece.freeze(), decoder)));
        }
        let input = input_of(&mut decoder);
        loop {
            let rest = input.fill_buf().await?.len();
            if rest == 0 {
                return Ok(None);
            }
            input.consume(rest);
        }
    })
    .boxed()
}

/// What went wrong with the connection stays what it was; the rest is the decoder's.
fn told(error: io::Error, host: &str) -> CallError {
    match error.downcast::<CallError>() {
        Ok(error) => error,
        Err(error) => undecodable(host, &error.to_string()),
    }
}

fn undecodable(host: &str, problem: &str) -> CallError {
    CallError::new(
        CallErrorKind::MalformedResponse,
        format!(
            "The body that {host} answered cannot be decoded as its Content-Encoding says: {problem}. Nothing \
             of it is shown."
        ),
    )
}

#[cfg(test)]
mod tests;
