//! Reading JSON that is kept as text: without the white space that makes it readable, within a bound.

use memchr::memchr2;
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use crate::catalog::JsonText;

/// The most levels; no parser gives deeper values.
const MAX_DEPTH: usize = 120;

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let compact = compacted(raw.get(), MAX_DEPTH).map_err(de::Error::custom)?;
        Self::from_text(compact).map_err(de::Error::custom)
    }
}

/// `text`, which is JSON, without white space, however deep it nests.
pub(crate) fn without_white_space(text: &str) -> String {
    compacted(text, usize::MAX).unwrap_or_default()
}

/// `text`, which is JSON, without white space.
///
/// # Errors
/// When it is nested deeper than `max_depth`.
fn compacted(text: &str, max_depth: usize) -> Result<String, &'static str> {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut start, mut at, mut depth) = (0, 0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b' ' | b'\n' | b'\r' | b'\t' => {
                out.push_str(text.get(start..at).unwrap_or_default());
                let rest = bytes.get(at..).unwrap_or_default();
                at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                start = at;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > max_depth {
                    return Err("JSON that is nested deeper than 120 levels");
                }
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ => at += 1,
        }
    }
    out.push_str(text.get(start..).unwrap_or_default());
    Ok(out)
}

/// The place behind the string that begins at `quote`.
pub(crate) fn end_of_string(bytes: &[u8], quote: usize) -> usize {
    let mut at = quote + 1;
    while let Some(found) = memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value, json};

    use super::MAX_DEPTH;
    use crate::JsonText;

    #[test]
    fn white_space_goes_and_nothing_else() {
        let values = [
            json!({"a b": [1, 2.50, " \" \\", "\\\"", {}], "": {"\t": null}}),
            json!([]),
            json!("a\n b"),
            json!([[" [ "], true]),
        ];
        for value in values {
            let text: JsonText =
                serde_json::from_str(&serde_json::to_string_pretty(&value).unwrap()).unwrap();
            assert_eq!(text.as_str(), value.to_string());
            assert_eq!(serde_json::from_str::<Value>(text.as_str()).unwrap(), value);
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[ ".repeat(depth), "]".repeat(depth));
        assert!(serde_json::from_str::<JsonText>(&nested(MAX_DEPTH)).is_ok());
        assert!(serde_json::from_str::<JsonText>(&nested(MAX_DEPTH + 1)).is_err());
        assert!(serde_json::from_str::<JsonText>("{\"a\": }").is_err());
    }
}
