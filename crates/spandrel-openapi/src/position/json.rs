//! Walks over JSON text without building values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::tracker::Tracker;
use super::{Container, Position, Structure};
use crate::location::Pointer;

/// The positions of `pointers`; none if the text is not JSON.
pub(super) fn positions(text: &str, pointers: &[&Pointer]) -> Option<Vec<Option<Position>>> {
    let mut tracker = Tracker::new(pointers);
    walk(text, &mut tracker)?;
    let offsets: Vec<Option<usize>> = pointers.iter().map(|pointer| tracker.found(pointer)).collect();
    let positions = positions_at(text, offsets.iter().flatten().copied());
    Some(offsets.into_iter().map(|offset| positions.get(&offset?).copied()).collect())
}

/// Turns byte offsets into lines and columns in one pass.
fn positions_at(text: &str, offsets: impl Iterator<Item = usize>) -> BTreeMap<usize, Position> {
    let mut positions: BTreeMap<usize, Position> =
        offsets.map(|offset| (offset, Position { line: 1, column: 1 })).collect();
    let (mut line, mut column, mut from) = (1, 1, 0);
    for (offset, position) in &mut positions {
        for character in text.get(from..*offset).unwrap_or_default().chars() {
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        from = *offset;
        *position = Position { line, column };
    }
    positions
}

/// Tells `structure` what stands in the text, with byte offsets; none if the text is not JSON. It
/// does not check everything that a parser checks.
pub(super) fn walk(text: &str, structure: &mut impl Structure<usize>) -> Option<()> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // For each open container whether it is an object, and whether a key comes next.
    let mut open: Vec<(Container, bool)> = Vec::new();
    while let Some(byte) = bytes.get(at) {
        let key_next = matches!(open.last(), Some((Container::Object, true)));
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b',' | b':' => {
                if let Some((_, key_next)) = open.last_mut() {
                    *key_next = *byte == b',';
                }
                at += 1;
            }
            b'}' | b']' => {
                open.pop()?;
                structure.close();
                at += 1;
            }
            b'"' => {
                let end = end_of_string(bytes, at)?;
                if key_next {
                    structure.key(&string(text.get(at..end)?)?, at);
                } else {
                    structure.scalar(at);
                }
                at = end;
            }
            _ if key_next => return None,
            b'{' | b'[' => {
                let container = if *byte == b'{' { Container::Object } else { Container::Array };
                structure.open(container, at);
                open.push((container, true));
                at += 1;
            }
            _ => {
                structure.scalar(at);
                at = end_of_literal(bytes, at);
            }
        }
    }
    open.is_empty().then_some(())
}

/// The offset behind the closing quote.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The offset behind a number or word; always past `start`.
fn end_of_literal(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.iter().skip(start + 1);
    let ends = |byte: &u8| {
        matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"')
    };
    start + 1 + rest.take_while(|byte| !ends(byte)).count()
}

/// What a quoted string says.
fn string(quoted: &str) -> Option<Cow<'_, str>> {
    if quoted.contains('\\') {
        return serde_json::from_str(quoted).ok().map(Cow::Owned);
    }
    quoted.strip_prefix('"')?.strip_suffix('"').map(Cow::Borrowed)
}
