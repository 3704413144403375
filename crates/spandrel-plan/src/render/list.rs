//! Lists and objects written as one delimited text.

use serde_json::Value;

use crate::percent_encode::Escape;
use crate::plan::Style;
use crate::value_text::parameter_text;

/// What stands between items in `style`. Those that no URL may hold (OAS 3.1.1, appendix E) are
/// percent-encoded where the place is percent-encoded.
pub(super) const fn delimiter(style: Style, explode: bool, escape: Escape) -> &'static str {
    match (style, escape.encodes_delimiters()) {
        (Style::SpaceDelimited, true) => "%20",
        (Style::SpaceDelimited, false) => " ",
        (Style::PipeDelimited, true) => "%7C",
        (Style::PipeDelimited, false) => "|",
        (Style::TabDelimited, true) => "%09",
        (Style::TabDelimited, false) => "\t",
        (Style::Label, _) if explode => ".",
        _ => ",",
    }
}

/// How a list or an object is joined.
#[derive(Clone, Copy)]
pub(crate) struct Joined {
    /// How items, names and values are escaped.
    pub(super) escape: Escape,
    /// What stands between items, and between members.
    pub(super) delimiter: &'static str,
    /// What stands between a member's name and its value.
    pub(super) assign: &'static str,
}

impl Joined {
    /// As `style` joins: an exploded object is `R=100,G=200`, another `R,100,G,200`.
    pub(crate) const fn by_style(style: Style, explode: bool, escape: Escape) -> Self {
        let delimiter = delimiter(style, explode, escape);
        Self { escape, delimiter, assign: if explode { "=" } else { delimiter } }
    }

    /// Writes `value`; null items and members are undefined (RFC 6570, section 2.3) and left out.
    pub(crate) fn write(self, out: &mut String, value: &Value) {
        match value {
            Value::Array(items) => {
                let mut between = "";
                for item in items.iter().filter(|item| !item.is_null()) {
                    out.push_str(between);
                    self.push(out, &parameter_text(item), self.delimiter);
                    between = self.delimiter;
                }
            }
            Value::Object(members) => {
                let mut between = "";
                for (name, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                    out.push_str(between);
                    self.push(out, name, self.assign);
                    out.push_str(self.assign);
                    self.push(out, &parameter_text(member), self.delimiter);
                    between = self.delimiter;
                }
            }
            scalar => self.escape.push(out, &parameter_text(scalar)),
        }
    }

    /// Writes an item, a name or a value, which a delimiter or `end` follows. In a header nothing is
    /// percent-encoded, but a text that holds one of them would come apart there, and one that holds what
    /// stands for them could not be told from that.
    fn push(self, out: &mut String, text: &str, end: &str) {
        if self.escape != Escape::Header {
            return self.escape.push(out, text);
        }
        for (at, character) in text.char_indices() {
            let mut buffer = [0; 4];
            let character = &*character.encode_utf8(&mut buffer);
            let ends = character == self.delimiter
                || character == end
                || escaped(text.get(at..).unwrap_or_default()).is_some_and(|byte| {
                    let is_one = |delimiter: &str| delimiter.as_bytes() == [byte];
                    byte == b'%' || !byte.is_ascii() || is_one(self.delimiter) || is_one(end)
                });
            let escape = if ends { Escape::Unreserved } else { self.escape };
            escape.push(out, character);
        }
    }
}

/// The byte that the percent-escape which `text` begins with stands for.
fn escaped(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}
