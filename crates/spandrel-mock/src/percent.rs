//! Percent-encoding, read strictly: a broken escape is the sender's mistake and is said.

use std::fmt;

/// A `%` that two hexadecimal digits do not follow, or escapes that are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// At this byte.
    Escape(usize),
    /// The bytes that the escapes stand for are not UTF-8.
    Utf8,
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Escape(at) => {
                write!(formatter, "the `%` at byte {at} is not followed by two hexadecimal digits")
            }
            Self::Utf8 => formatter.write_str("its percent-encoded bytes are not UTF-8"),
        }
    }
}

/// What a `+` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// A space, as in `application/x-www-form-urlencoded`.
    Space,
    /// Itself.
    Plus,
}

/// One byte of a text, with whether it was written as an escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Octet {
    /// The byte that is meant.
    pub(crate) byte: u8,
    /// Where it starts in the text.
    pub(crate) start: usize,
    /// Whether it was written `%XX`.
    pub(crate) escaped: bool,
}

/// The bytes that `text` stands for.
pub(crate) fn octets(text: &str) -> Result<Vec<Octet>, Malformed> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes().enumerate();
    while let Some((start, byte)) = rest.next() {
        if byte != b'%' {
            octets.push(Octet { byte, start, escaped: false });
            continue;
        }
        let high = rest.next().and_then(|(_, digit)| hexadecimal(digit));
        let low = rest.next().and_then(|(_, digit)| hexadecimal(digit));
        let (Some(high), Some(low)) = (high, low) else { return Err(Malformed::Escape(start)) };
        octets.push(Octet { byte: high << 4 | low, start, escaped: true });
    }
    Ok(octets)
}

/// The text that `text` stands for.
pub(crate) fn decode(text: &str, plus: Plus) -> Result<String, Malformed> {
    let bytes = octets(text)?.into_iter().map(|octet| match (octet.byte, octet.escaped, plus) {
        (b'+', false, Plus::Space) => b' ',
        (byte, ..) => byte,
    });
    String::from_utf8(bytes.collect()).map_err(|_| Malformed::Utf8)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn decodes_or_says_where_it_is_broken() {
        let table = [
            ("a%20b", Plus::Plus, Ok("a b")),
            ("a+b%2B", Plus::Space, Ok("a b+")),
            ("a+b", Plus::Plus, Ok("a+b")),
            ("%E2%82%ac", Plus::Plus, Ok("€")),
            ("%", Plus::Plus, Err(Malformed::Escape(0))),
            ("ab%4", Plus::Plus, Err(Malformed::Escape(2))),
            ("%zz", Plus::Plus, Err(Malformed::Escape(0))),
            ("%ff", Plus::Plus, Err(Malformed::Utf8)),
        ];
        for (text, plus, expected) in &table {
            assert_eq!(decode(text, *plus).as_deref(), expected.as_ref().map(|text| *text), "{text}");
        }
    }
}
