//! Text within a number of bytes: where it may end.

use super::{LeftOut, Shortened, Unit};

/// The characters of `text` from `offset` on, at most `limit`, as far as they are within `room` bytes.
/// `pointer` is where the text stands.
pub(super) fn cut(
    text: &str,
    pointer: &str,
    (offset, limit): (usize, Option<usize>),
    room: usize,
) -> Shortened {
    let start = byte_of_character(text, offset);
    let rest = text.get(start..).unwrap_or_default();
    let asked = limit.and_then(|limit| rest.get(..byte_of_character(rest, limit))).unwrap_or(rest);
    let end = if asked.len() <= room { asked.len() } else { good_end(asked, room) };
    let shown = asked.get(..end).unwrap_or_default();
    let mut shortened = Shortened { text: shown.to_owned(), ..Shortened::default() };
    if end < rest.len() {
        let before = text.get(..start).unwrap_or_default().chars().count();
        shortened.left_out.push(LeftOut {
            pointer: pointer.to_owned(),
            offset: before + shown.chars().count(),
            total: text.chars().count(),
            unit: Unit::Characters,
        });
    }
    shortened
}

/// Where the character of that number begins; the end where there are fewer.
fn byte_of_character(text: &str, number: usize) -> usize {
    // A character has one byte or more.
    if number >= text.len() {
        return text.len();
    }
    text.char_indices().nth(number).map_or(text.len(), |(at, _)| at)
}

/// An end of at most `room` bytes: that of a line where one is near enough, else of a sentence, else of a word.
fn good_end(text: &str, room: usize) -> usize {
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let Some(head) = text.get(..end) else { return 0 };
    // Records of JSON lines and rows of CSV stay whole, however long.
    let line = head.rfind('\n').map(|at| at + 1);
    let near = |at: &usize| *at >= end / 4;
    let is_record = text.starts_with(['{', '[']);
    let line = line.filter(|at| is_record || near(at));
    let sentence = || [". ", "! ", "? "].iter().filter_map(|mark| head.rfind(mark)).max().map(|at| at + 1);
    let word = || head.rfind(char::is_whitespace);
    line.or_else(|| sentence().filter(near)).or_else(|| word().filter(near)).unwrap_or(end)
}

/// How many bytes of a JSON string's inside are a prefix of at most `room` bytes that ends between characters,
/// escapes and the halves of a surrogate pair; and how many characters that are.
pub(super) fn prefix_of_string(inside: &str, room: usize) -> (usize, usize) {
    let (mut end, mut characters) = (0, 0);
    while let Some(next) = character_of_string(inside, end).filter(|length| end + length <= room) {
        end += next;
        characters += 1;
    }
    (end, characters)
}

/// How many characters the inside of a JSON string stands for.
pub(super) fn characters_of_string(inside: &str) -> usize {
    prefix_of_string(inside, usize::MAX).1
}

/// The length in bytes of the character that begins at `at`, as it is written.
fn character_of_string(inside: &str, at: usize) -> Option<usize> {
    let bytes = inside.as_bytes();
    match bytes.get(at)? {
        b'\\' if bytes.get(at + 1) == Some(&b'u') => {
            let unit = |at: usize| u16::from_str_radix(inside.get(at + 2..at + 6)?, 16).ok();
            let is_pair = matches!(unit(at), Some(0xD800..=0xDBFF))
                && bytes.get(at + 6) == Some(&b'\\')
                && matches!(unit(at + 6), Some(0xDC00..=0xDFFF));
            Some(if is_pair { 12 } else { 6 })
        }
        b'\\' => Some(2),
        0..=0x7F => Some(1),
        _ => inside.get(at..)?.chars().next().map(char::len_utf8),
    }
}
