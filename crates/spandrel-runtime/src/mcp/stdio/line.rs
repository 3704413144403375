//! Lines of bytes, bounded: one that is too long is dropped, and the next is read.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// One line of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its bytes, without the line feed.
    Whole(Vec<u8>),
    /// It was longer than the bound.
    TooLong,
}

/// Reads lines; what is read of one stays here when a read is cancelled.
pub(super) struct LineReader<R> {
    input: BufReader<R>,
    limit: usize,
    line: Vec<u8>,
    too_long: bool,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Reads lines of at most `limit` bytes.
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self { input: BufReader::new(input), limit, line: Vec::new(), too_long: false }
    }

    /// The next line; none at the end. What stands after the last line feed is a line, too.
    pub(super) async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let available = self.input.fill_buf().await?;
            if available.is_empty() {
                let rest = self.too_long || !self.line.is_empty();
                return Ok(rest.then(|| self.take()));
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let piece = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            if piece.len() > self.limit.saturating_sub(self.line.len()) {
                self.too_long = true;
                self.line = Vec::new();
            }
            if !self.too_long {
                self.line.extend_from_slice(piece);
            }
            let consumed = piece.len() + usize::from(end.is_some());
            self.input.consume(consumed);
            if end.is_some() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> Line {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.too_long) { Line::TooLong } else { Line::Whole(line) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[tokio::test]
    async fn a_line_that_is_too_long_does_not_end_the_rest() {
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        let table: [(&[u8], Vec<Line>); 5] = [
            (b"", vec![]),
            (b"ab\n\ncd", vec![whole("ab"), whole(""), whole("cd")]),
            (b"abcd\nabcde\nf\n", vec![whole("abcd"), Line::TooLong, whole("f")]),
            (b"abcdefghijklmnopqrstuvwxyz\nab\n", vec![Line::TooLong, whole("ab")]),
            (b"a\nabcdefgh", vec![whole("a"), Line::TooLong]),
        ];
        for (input, expected) in table {
            for buffer in [1, 3, 100] {
                let mut reader = LineReader::new(input, 4);
                reader.input = BufReader::with_capacity(buffer, input);
                let mut lines = Vec::new();
                while let Some(line) = reader.next().await.unwrap() {
                    lines.push(line);
                }
                assert_eq!(lines, expected, "{buffer}");
            }
        }
    }
}
