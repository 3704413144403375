//! One look over JSON text that is known to be well formed: whether clients can read it, and whether it
//! has the shape that a tool advertises. It allocates next to nothing, however large the text.

use std::borrow::Cow;
use std::fmt::Write;

use memchr::memchr2;

use super::shape::{Shape, Types};

/// How deep JSON may nest to be passed on as JSON: whoever reads it has such a bound too.
pub(super) const MAX_DEPTH: usize = 100;
/// The longest number, in bytes: some readers refuse a message with a longer one.
const MAX_NUMBER: usize = 1000;
/// How many keys of one object are compared with each other as they stand; more are sorted.
const FEW_KEYS: usize = 16;
/// What keys begin with that this crate's JSON library has a meaning of its own for.
const PRIVATE: &str = "$serde_json::private::";

/// Why text that is JSON is passed on as text only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It nests deeper than [`MAX_DEPTH`].
    Deep,
    /// A number is longer than [`MAX_NUMBER`].
    LongNumber,
    /// A string holds half of a surrogate pair, which is no Unicode text.
    HalfSurrogate,
    /// A key is one that the JSON library takes for its own.
    PrivateKey,
}

/// What a look over JSON text found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// A key that an object has twice.
    pub(super) repeated: Option<String>,
    /// Where the text is not of its shape, and how.
    pub(super) mismatch: Option<String>,
}

/// Looks over `text`, which is JSON.
pub(super) fn scan(text: &str, shape: Option<&Shape>) -> Result<Scan, Unreadable> {
    let mut scanner = Scanner { text, at: 0, keys: Vec::new(), path: Vec::new(), found: Scan::default() };
    scanner.value(shape)?;
    Ok(scanner.found)
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// The keys of the objects that are open, the outermost's first.
    keys: Vec<Cow<'t, str>>,
    path: Vec<Step>,
    found: Scan,
}

/// A step of the way to the value that is looked at.
#[derive(Clone, Copy)]
enum Step {
    /// To the member of the key at that place in `keys`.
    Key(usize),
    Index(usize),
}

impl<'t> Scanner<'t> {
    fn value(&mut self, shape: Option<&Shape>) -> Result<(), Unreadable> {
        match self.next_byte() {
            b'{' => {
                self.check(shape, Types::OBJECT);
                self.object(shape)
            }
            b'[' => {
                self.check(shape, Types::ARRAY);
                self.array(shape.and_then(|shape| shape.items.as_deref()))
            }
            b'"' => {
                self.check(shape, Types::STRING);
                self.string().map(drop)
            }
            b't' | b'f' | b'n' => {
                let is_null = self.byte() == Some(b'n');
                self.check(shape, if is_null { Types::NULL } else { Types::BOOLEAN });
                self.word();
                Ok(())
            }
            _ => self.number(shape),
        }
    }

    fn object(&mut self, shape: Option<&Shape>) -> Result<(), Unreadable> {
        self.deeper()?;
        let first_key = self.keys.len();
        let mut next_property = 0;
        self.at += 1;
        while self.next_byte() == b'"' {
            let key = self.key()?;
            let member = shape.and_then(|shape| shape.property(&key, &mut next_property));
            self.path.push(Step::Key(self.keys.len()));
            self.keys.push(key);
            // The colon.
            self.next_byte();
            self.at += 1;
            self.value(member)?;
            self.path.pop();
            if self.next_byte() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        self.compare_keys(first_key);
        Ok(())
    }

    fn array(&mut self, items: Option<&Shape>) -> Result<(), Unreadable> {
        self.deeper()?;
        self.at += 1;
        let mut index = 0;
        while !matches!(self.next_byte(), b']' | 0) {
            self.path.push(Step::Index(index));
            self.value(items)?;
            self.path.pop();
            index += 1;
            if self.next_byte() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Ok(())
    }

    fn key(&mut self) -> Result<Cow<'t, str>, Unreadable> {
        let (key, is_plain) = self.string()?;
        let key = if is_plain {
            // Without its quotes.
            Cow::Borrowed(key.get(1..key.len().saturating_sub(1)).unwrap_or_default())
        } else {
            Cow::Owned(serde_json::from_str(key).unwrap_or_default())
        };
        if key.starts_with(PRIVATE) { Err(Unreadable::PrivateKey) } else { Ok(key) }
    }

    /// The string that begins here, with its quotes, and whether it has no escapes.
    fn string(&mut self) -> Result<(&'t str, bool), Unreadable> {
        let begin = self.at;
        let mut is_plain = true;
        self.at += 1;
        while let Some(next) = memchr2(b'"', b'\\', self.rest()) {
            self.at += next;
            if self.byte() == Some(b'"') {
                break;
            }
            is_plain = false;
            self.escape()?;
        }
        self.at += 1;
        Ok((self.text.get(begin..self.at).unwrap_or_default(), is_plain))
    }

    fn escape(&mut self) -> Result<(), Unreadable> {
        match self.unit(self.at) {
            None => self.at += 2,
            Some(0xD800..=0xDBFF) if matches!(self.unit(self.at + 6), Some(0xDC00..=0xDFFF)) => {
                self.at += 12;
            }
            Some(0xD800..=0xDFFF) => return Err(Unreadable::HalfSurrogate),
            Some(_) => self.at += 6,
        }
        Ok(())
    }

    /// The code unit of the `\u` escape at `at`.
    fn unit(&self, at: usize) -> Option<u16> {
        let escape = self.text.as_bytes().get(at..at + 6)?;
        let digits = escape.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    fn number(&mut self, shape: Option<&Shape>) -> Result<(), Unreadable> {
        let text = self.word();
        if text.is_empty() {
            // Not JSON; what matters is that this ends.
            self.at += 1;
        }
        if text.len() > MAX_NUMBER {
            return Err(Unreadable::LongNumber);
        }
        // Only where a number is asked for do clients look at it closely.
        if shape.is_some() {
            // What no client's number can hold is no number to it.
            let is_finite = text.len() < 300 && !text.contains(['e', 'E'])
                || text.parse::<f64>().is_ok_and(f64::is_finite);
            if is_finite {
                self.check(shape, if is_integer(text) { Types::INTEGER } else { Types::NUMBER });
            } else {
                self.mismatch(shape, || "a number too large for most clients".to_owned());
            }
        }
        Ok(())
    }

    /// The literal or number that begins here.
    fn word(&mut self) -> &'t str {
        let begin = self.at;
        let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
        self.at += self.rest().iter().position(is_end).unwrap_or(self.rest().len());
        self.text.get(begin..self.at).unwrap_or_default()
    }

    fn check(&mut self, shape: Option<&Shape>, found: Types) {
        if shape.is_some_and(|shape| !shape.types.allow(found)) {
            self.mismatch(shape, || found.words());
        }
    }

    /// Only the first one is told.
    fn mismatch(&mut self, shape: Option<&Shape>, found: impl FnOnce() -> String) {
        if self.found.mismatch.is_some() {
            return;
        }
        let expected = shape.map_or_else(String::new, |shape| shape.types.words());
        let place = self.pointer();
        self.found.mismatch = Some(format!("{place} is {} where the schema says {expected}", found()));
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            // Writing to a string cannot fail.
            let _ = match *step {
                Step::Index(index) => write!(pointer, "/{index}"),
                Step::Key(key) => {
                    let key = self.keys.get(key).map_or("", |key| key);
                    write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1"))
                }
            };
        }
        if pointer.is_empty() { "the body".to_owned() } else { pointer }
    }

    /// Closes the object whose keys begin there.
    fn compare_keys(&mut self, first: usize) {
        if let Some(keys) = self.keys.get_mut(first..).filter(|_| self.found.repeated.is_none()) {
            let repeated = if keys.len() <= FEW_KEYS {
                keys.iter().enumerate().find(|(at, key)| keys.iter().take(*at).any(|other| other == *key))
            } else {
                keys.sort_unstable();
                keys.iter().enumerate().skip(1).find(|(at, key)| keys.get(at - 1) == Some(key))
            };
            self.found.repeated = repeated.map(|(_, key)| key.clone().into_owned());
        }
        self.keys.truncate(first);
    }

    fn deeper(&self) -> Result<(), Unreadable> {
        if self.path.len() >= MAX_DEPTH { Err(Unreadable::Deep) } else { Ok(()) }
    }

    /// Skips white space; 0 at the end.
    fn next_byte(&mut self) -> u8 {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return byte;
            }
            self.at += 1;
        }
        0
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}

/// Whether a JSON number has no fraction, however it is written.
fn is_integer(number: &str) -> bool {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = whole.trim_start_matches(['-', '0']).len() + fraction.len();
    if fraction.is_empty() && !exponent.starts_with('-') || digits == 0 {
        return true;
    }
    let Ok(exponent) = exponent.parse::<i64>() else { return false };
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let zeros = if fraction.is_empty() { whole.len() - whole.trim_end_matches('0').len() } else { 0 };
    exponent.saturating_add(i64::try_from(zeros).unwrap_or(0)) >= places
}

#[cfg(test)]
mod tests;
