//! Checking JSON text against a sketch: a schema that says nothing but `type`, `properties` and
//! `items`, as tools advertise for their results.
//!
//! The text is walked once, without making values of it. That costs a small part of what a general
//! validator takes, which has to have the values first.

use serde_json::{Map, Value};

/// The most levels that are walked; what is mapped as JSON nests less deep.
const MAX_DEPTH: usize = 128;

/// Keywords that assert nothing in a result.
const ANNOTATIONS: [&str; 11] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "x-mcp-header",
];

const OBJECT: u8 = 1;
const ARRAY: u8 = 1 << 1;
const STRING: u8 = 1 << 2;
const INTEGER: u8 = 1 << 3;
const NUMBER: u8 = 1 << 4;
const BOOLEAN: u8 = 1 << 5;
const NULL: u8 = 1 << 6;

/// What one schema says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// The types it allows, a bit each.
    types: u8,
    properties: Vec<(String, Sketch)>,
    items: Option<Box<Sketch>>,
}

impl Sketch {
    /// The sketch that `schema` is; none where it says more than a sketch can.
    pub(crate) fn new(schema: &Value) -> Option<Self> {
        Self::at_depth(schema, 0)
    }

    fn at_depth(schema: &Value, depth: usize) -> Option<Self> {
        let mut sketch = Self { types: u8::MAX, properties: Vec::new(), items: None };
        for (keyword, value) in schema.as_object().filter(|_| depth < MAX_DEPTH)? {
            match (keyword.as_str(), value) {
                ("type", value) => sketch.types = types(value)?,
                ("properties", Value::Object(properties)) => {
                    sketch.properties = all(properties, depth)?;
                }
                ("items", value) => sketch.items = Some(Box::new(Self::at_depth(value, depth + 1)?)),
                (keyword, _) if ANNOTATIONS.contains(&keyword) => {}
                _ => return None,
            }
        }
        Some(sketch)
    }

    /// Whether `json`, which must be valid JSON, satisfies the sketch for certain. It may also when
    /// this is false: a property whose name is written with an escape, an integer with a fraction.
    pub(crate) fn accepts(&self, json: &str) -> bool {
        Walk { rest: json.as_bytes() }.value(Some(self), 0).is_some()
    }

    fn property(&self, name: &[u8]) -> Option<&Self> {
        self.properties.iter().find(|(other, _)| other.as_bytes() == name).map(|(_, sketch)| sketch)
    }
}

fn all(properties: &Map<String, Value>, depth: usize) -> Option<Vec<(String, Sketch)>> {
    properties.iter().map(|(name, value)| Some((name.clone(), Sketch::at_depth(value, depth + 1)?))).collect()
}

fn types(value: &Value) -> Option<u8> {
    match value {
        Value::String(name) => type_bit(name),
        Value::Array(names) => names.iter().try_fold(0, |bits, name| Some(bits | type_bit(name.as_str()?)?)),
        _ => None,
    }
}

fn type_bit(name: &str) -> Option<u8> {
    Some(match name {
        "object" => OBJECT,
        "array" => ARRAY,
        "string" => STRING,
        "integer" => INTEGER,
        "number" => INTEGER | NUMBER,
        "boolean" => BOOLEAN,
        "null" => NULL,
        _ => return None,
    })
}

/// A walk through valid JSON; none wherever the sketch is not satisfied for certain.
struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    fn value(&mut self, sketch: Option<&Sketch>, depth: usize) -> Option<()> {
        self.skip_space();
        let types = sketch.map_or(u8::MAX, |sketch| sketch.types);
        let found = match *self.rest.first()? {
            b'{' => OBJECT,
            b'[' => ARRAY,
            b'"' => STRING,
            b't' | b'f' => BOOLEAN,
            b'n' => NULL,
            _ => self.number(),
        };
        if types & found == 0 || depth > MAX_DEPTH {
            return None;
        }
        match found {
            OBJECT => self.object(sketch, depth),
            ARRAY => self.array(sketch.and_then(|sketch| sketch.items.as_deref()), depth),
            STRING => self.string().map(drop),
            _ => {
                let end = self
                    .rest
                    .iter()
                    .position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t'));
                self.rest = self.rest.get(end.unwrap_or(self.rest.len())..)?;
                Some(())
            }
        }
    }

    fn object(&mut self, sketch: Option<&Sketch>, depth: usize) -> Option<()> {
        self.skip(1)?;
        loop {
            self.skip_space();
            match *self.rest.first()? {
                b'}' => return self.skip(1),
                b',' => self.skip(1)?,
                _ => {
                    let name = self.string()?;
                    if sketch.is_some() && name.contains(&b'\\') {
                        return None;
                    }
                    self.skip_space();
                    self.skip(1)?;
                    self.value(sketch.and_then(|sketch| sketch.property(name)), depth + 1)?;
                }
            }
        }
    }

    fn array(&mut self, items: Option<&Sketch>, depth: usize) -> Option<()> {
        self.skip(1)?;
        loop {
            self.skip_space();
            match *self.rest.first()? {
                b']' => return self.skip(1),
                b',' => self.skip(1)?,
                _ => self.value(items, depth + 1)?,
            }
        }
    }

    /// What stands between the quotes.
    fn string(&mut self) -> Option<&'a [u8]> {
        let text = self.rest.get(1..)?;
        let mut end = 0;
        loop {
            end += text.get(end..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            if *text.get(end)? == b'"' {
                self.rest = text.get(end + 1..)?;
                return text.get(..end);
            }
            // Half of a surrogate pair is no value at all; whoever makes values of the text says so.
            if matches!(text.get(end + 1..end + 3), Some([b'u', b'd' | b'D'])) {
                return None;
            }
            end += 2;
        }
    }

    /// The type of the number here.
    fn number(&self) -> u8 {
        let digits = self.rest.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-'));
        match self.rest.get(digits.count()) {
            Some(b'.' | b'e' | b'E' | b'+') => NUMBER,
            _ => INTEGER,
        }
    }

    fn skip_space(&mut self) {
        while let Some((b' ' | b'\n' | b'\r' | b'\t', rest)) = self.rest.split_first() {
            self.rest = rest;
        }
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.rest = self.rest.get(bytes..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests;
