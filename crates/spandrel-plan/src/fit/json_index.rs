//! JSON text, and where its larger parts begin and end: what is looked at several times is found, not read again.

use crate::json_text::end_of_string;

/// Objects and arrays of fewer bytes are read again rather than remembered.
const LARGE: usize = 512;
/// How deep values are looked into; deeper ones are taken whole or not at all.
pub(super) const MAX_DEPTH: usize = 64;

/// A part of the text: its first byte, and the one behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// Compact JSON text with the places of its large objects and arrays.
pub(super) struct JsonIndex<'t> {
    text: &'t str,
    /// In the order of their beginnings.
    large: Vec<Span>,
}

/// What kind of value a text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    /// A number, `true`, `false` or `null`.
    Scalar,
}

impl<'t> JsonIndex<'t> {
    /// Looks over `text`, which is JSON without white space.
    pub(super) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut large: Vec<Span> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let (mut at, mut depth) = (0, 0_usize);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    at = end_of_string(bytes, at);
                    continue;
                }
                b'{' | b'[' => {
                    depth += 1;
                    if depth <= MAX_DEPTH {
                        open.push(large.len());
                        large.push(Span { start: at, end: bytes.len() });
                    }
                }
                b'}' | b']' => {
                    if depth <= MAX_DEPTH
                        && let Some(index) = open.pop()
                        && let Some(span) = large.get_mut(index)
                    {
                        span.end = at + 1;
                        // All within it are smaller still, and gone already.
                        if span.len() < LARGE {
                            large.truncate(index);
                        }
                    }
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
            at += 1;
        }
        Self { text, large }
    }

    pub(super) fn whole(&self) -> Span {
        Span { start: 0, end: self.text.len() }
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    pub(super) fn kind(&self, span: Span) -> Kind {
        match self.byte(span.start) {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            _ => Kind::Scalar,
        }
    }

    /// The items of the array at `array`.
    pub(super) fn items(&self, array: Span) -> impl Iterator<Item = Span> + '_ {
        let mut at = array.start + 1;
        std::iter::from_fn(move || {
            let value = self.value_at(at, array)?;
            at = value.end + 1;
            Some(value)
        })
    }

    /// The keys, with their quotes, and values of the object at `object`.
    pub(super) fn members(&self, object: Span) -> impl Iterator<Item = (Span, Span)> + '_ {
        let mut at = object.start + 1;
        std::iter::from_fn(move || {
            let key = self.value_at(at, object)?;
            // A colon follows.
            let value = self.value_at(key.end + 1, object)?;
            at = value.end + 1;
            Some((key, value))
        })
    }

    /// The value that begins at `at` within `parent`, if there still is one.
    fn value_at(&self, at: usize, parent: Span) -> Option<Span> {
        let last = parent.end.saturating_sub(1);
        (at < last).then(|| Span { start: at, end: self.end_of_value(at).clamp(at + 1, last) })
    }

    fn end_of_value(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        match self.byte(at) {
            b'"' => end_of_string(bytes, at),
            b'{' | b'[' => match self.large.binary_search_by_key(&at, |span| span.start) {
                Ok(index) => self.large.get(index).map_or(bytes.len(), |span| span.end),
                Err(_) => self.end_of_container(at),
            },
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                let length = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']'));
                at + length.unwrap_or(rest.len())
            }
        }
    }

    fn end_of_container(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let (mut at, mut depth) = (at, 0_usize);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    at = end_of_string(bytes, at);
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => return at + 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        bytes.len()
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }
}
