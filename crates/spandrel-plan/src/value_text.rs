//! The text of a JSON value where a place wants text.

use std::borrow::Cow;

use serde_json::Value;

/// A string as it is, a number exactly as it was written, `true` or `false`; nothing for null, and
/// compact JSON for what is nested where a style has room for scalars only.
pub(crate) fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Number(number) => Cow::Borrowed(number.as_str()),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(_) | Value::Object(_) => Cow::Owned(json_text(value)),
    }
}

/// The same for a parameter or a field of a form: a number that is an integer is written as one, since
/// servers read `1.0` and `1e3` as such only in JSON.
pub(crate) fn parameter_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Number(number) => {
            integer_text(number.as_str()).map_or(Cow::Borrowed(number.as_str()), Cow::Owned)
        }
        value => text_of(value),
    }
}

/// The most digits of an integer that was written with a fraction or an exponent.
const MAX_DIGITS: usize = 18;

/// The plain digits of a JSON number that has a fraction or an exponent, and is an integer all the same.
fn integer_text(number: &str) -> Option<String> {
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |unsigned| ("-", unsigned));
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() == unsigned.len() {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    // How many digits stand before the point.
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let point = usize::try_from(point).ok()?;
    let leading = significant.len() - significant.trim_start_matches('0').len();
    let length = point.checked_sub(leading)?;
    if significant.len() > point || length > MAX_DIGITS {
        return None;
    }
    Some(format!("{sign}{:0<length$}", significant.trim_start_matches('0')))
}

/// Compact JSON.
pub(crate) fn json_text(value: &Value) -> String {
    // Writing a `Value` to a string cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Whether RFC 6570, section 2.3, calls the value undefined: null, and lists and objects without
/// any member that is not null.
pub(crate) fn is_undefined(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(Value::is_null),
        Value::Object(members) => members.values().all(Value::is_null),
        _ => false,
    }
}

/// At most `limit` bytes of `text`, cut between characters, with `…` where something is missing.
pub(crate) fn truncated(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}
