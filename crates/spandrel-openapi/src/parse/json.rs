//! JSON, read straight into a value while watching for keys that stand twice.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Format, ParseError, Parsed};
use crate::position::duplicate_keys;

/// The key under which `serde_json` hands over a number's text (`arbitrary_precision`).
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// Reads a whole JSON text.
pub(super) fn parse(text: &str) -> Result<Parsed, ParseError> {
    let duplicate = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = ValueSeed { duplicate: &duplicate }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| parse_error(text, &error))?;
    // Where they stand is found by a second, slower pass, that hardly any document needs.
    let duplicate_keys = if duplicate.get() { duplicate_keys(text) } else { Vec::new() };
    Ok(Parsed { value, duplicate_keys })
}

fn parse_error(text: &str, error: &serde_json::Error) -> ParseError {
    let line = error.line().max(1);
    // `serde_json` counts columns in bytes.
    let before = text.split('\n').nth(line - 1).map(str::as_bytes).unwrap_or_default();
    let before = before.get(..error.column().saturating_sub(1)).unwrap_or(before);
    let column = String::from_utf8_lossy(before).chars().count() + 1;
    let message = error.to_string();
    if message.starts_with("recursion limit exceeded") {
        return ParseError::TooDeep { line, column };
    }
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    ParseError::Syntax { format: Format::Json, message, line, column }
}

#[derive(Clone, Copy)]
struct ValueSeed<'a> {
    duplicate: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if key == NUMBER_KEY && object.is_empty() {
                return number(&members.next_value::<String>()?);
            }
            let value = members.next_value_seed(self)?;
            if object.insert(key, value).is_some() {
                self.duplicate.set(true);
            }
        }
        Ok(Value::Object(object))
    }
}

/// A number whose text `serde_json` has already checked, unless a document spells the private key
/// itself; so it is checked again.
fn number<E: serde::de::Error>(text: &str) -> Result<Value, E> {
    text.parse::<Number>().map(Value::Number).map_err(E::custom)
}
