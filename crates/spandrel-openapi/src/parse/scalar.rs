//! What a plain scalar of YAML stands for: the core schema (YAML 1.2.2, 10.3).

use serde_json::{Number, Value};

/// The value of a scalar that is neither quoted nor tagged.
pub(super) fn resolve(text: String) -> Value {
    match text.as_bytes().first() {
        None => Value::Null,
        Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F') => word(&text).unwrap_or(Value::String(text)),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => match number(&text) {
            Some(number) => Value::Number(number),
            None => Value::String(text),
        },
        Some(_) => Value::String(text),
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// A number, its text kept where JSON writes it the same way. JSON has no infinity and no NaN, so
/// these stay text.
fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return with_radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return with_radix(digits, 8);
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let has_digits = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    let exponent_digits = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    let right = has_digits
        && all_digits(whole)
        && fraction.is_none_or(all_digits)
        && exponent_digits.is_none_or(|digits| !digits.is_empty() && all_digits(digits));
    right.then(|| json_number(text, sign, whole, fraction, exponent)).flatten()
}

fn json_number(
    text: &str,
    sign: &str,
    whole: &str,
    fraction: Option<&str>,
    exponent: Option<&str>,
) -> Option<Number> {
    let plain_whole = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
    if plain_whole && fraction != Some("") && !text.starts_with('+') {
        return text.parse().ok();
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let fraction = match fraction {
        None => String::new(),
        Some("") => ".0".to_owned(),
        Some(digits) => format!(".{digits}"),
    };
    let exponent = exponent.map(|exponent| format!("e{exponent}")).unwrap_or_default();
    format!("{sign}{whole}{fraction}{exponent}").parse().ok()
}

/// Hexadecimal and octal integers in decimal; one that no integer type holds stays text.
fn with_radix(digits: &str, radix: u32) -> Option<Number> {
    let clean = !digits.starts_with(['+', '-']);
    let value = u128::from_str_radix(digits, radix).ok().filter(|_| clean)?;
    value.to_string().parse().ok()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
