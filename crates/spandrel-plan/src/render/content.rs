//! Values written as the text of a media type.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::Value;

use super::pairs::PairWriter;
use crate::media_type;
use crate::value_text::{json_text, parameter_text};

/// JSON as compact JSON, an object of a form as a form; of any other type a string as it is, and JSON
/// for what is no string.
pub(crate) fn text<'a>(media_type: &str, value: &'a Value) -> Cow<'a, str> {
    match value {
        Value::Object(members) if media_type::is_form(media_type) => {
            let mut form = String::new();
            let mut pairs = PairWriter::form(&mut form);
            for (name, member) in members {
                pairs.field(name, member);
            }
            Cow::Owned(form)
        }
        value if media_type::is_json(media_type) => Cow::Owned(json_text(value)),
        value => parameter_text(value),
    }
}

/// The same for a header: JSON can write every character in ASCII, and keeps its meaning so.
pub(super) fn header_text<'a>(media_type: &str, value: &'a Value) -> Cow<'a, str> {
    let text = text(media_type, value);
    if text.is_ascii() || !media_type::is_json(media_type) {
        return text;
    }
    let mut ascii = String::with_capacity(text.len() * 2);
    for character in text.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(ascii)
}
