//! Indents JSON on its way out, so that a large result never stands in memory as a whole.

use std::io::{self, Write};

/// Writes compact JSON indented by two spaces a level.
pub(crate) struct Indented<W> {
    out: W,
    depth: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    /// Behind the bracket that opens an object or array: an empty one stays on its line.
    Opened,
    Text,
    Escaped,
}

impl<W: Write> Indented<W> {
    pub(crate) const fn new(out: W) -> Self {
        Self { out, depth: 0, state: State::Value }
    }

    /// Ends the last line.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(b"\n")?;
        self.out.flush()
    }

    fn line(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| self.out.write_all(b"  "))
    }

    fn byte(&mut self, byte: u8) -> io::Result<()> {
        let is_close = matches!(byte, b'}' | b']');
        if is_close {
            self.depth = self.depth.saturating_sub(1);
        }
        if is_close != (self.state == State::Opened) {
            self.line()?;
        }
        self.state = match byte {
            b'{' | b'[' => State::Opened,
            b'"' => State::Text,
            _ => State::Value,
        };
        self.out.write_all(&[byte])?;
        match byte {
            b'{' | b'[' => self.depth += 1,
            b',' => self.line()?,
            b':' => self.out.write_all(b" ")?,
            _ => {}
        }
        Ok(())
    }

    /// Writes as much of the text as there is in one piece, and gives the rest.
    fn text<'b>(&mut self, bytes: &'b [u8]) -> io::Result<&'b [u8]> {
        let end = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        let (text, rest) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
        self.out.write_all(text)?;
        self.state = match text.last() {
            Some(b'"') => State::Value,
            Some(b'\\') => State::Escaped,
            _ => State::Text,
        };
        Ok(rest)
    }
}

impl<W: Write> Write for Indented<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some((&first, behind)) = rest.split_first() {
            rest = match self.state {
                State::Text => self.text(rest)?,
                State::Escaped => {
                    self.out.write_all(&[first])?;
                    self.state = State::Text;
                    behind
                }
                State::Value | State::Opened => {
                    if !first.is_ascii_whitespace() {
                        self.byte(first)?;
                    }
                    behind
                }
            };
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::io::Write;

    use serde_json::{Value, json};

    use super::Indented;

    #[test]
    fn it_is_what_a_value_looks_like() {
        let values = [
            json!({"a": [], "b": {}, "c": [1, [2, {}], {"d": [null]}], "e{[,:": "x\\\"{,\n", "f": "\\"}),
            json!([]),
            json!({}),
            json!("a\"b"),
            json!([[[]], {"": ""}, 1.50, true]),
        ];
        for value in values {
            let (compact, mut written) = (value.to_string(), Vec::new());
            let mut indented = Indented::new(&mut written);
            // In pieces, as a serialiser writes it.
            compact.as_bytes().chunks(2).for_each(|piece| indented.write_all(piece).unwrap());
            indented.finish().unwrap();
            let expected = serde_json::to_string_pretty(&value).unwrap() + "\n";
            assert_eq!(String::from_utf8(written).unwrap(), expected);
            assert_eq!(serde_json::from_str::<Value>(&expected).unwrap(), value);
        }
    }
}
