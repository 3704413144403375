//! Files, as a model can give them: base64, a data URI, or an object with a name and a type.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::HeaderValue;
use serde_json::Value;

use crate::arguments::invalid;
use crate::error::CallError;
use crate::{media_type, signature};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

const EXPECTED: &str =
    "expected a file: base64 text, a data URI, or an object with `data` (base64), `name` and `type`";

/// The bytes of a file, and what is said of them.
pub(super) struct File {
    /// The bytes.
    pub(super) data: Bytes,
    /// Its name.
    pub(super) name: Option<String>,
    /// Its media type, fit to be sent.
    media_type: Option<String>,
}

impl File {
    /// A file of which only the bytes are known.
    pub(super) fn from_bytes(data: impl Into<Bytes>) -> Self {
        Self { data: data.into(), name: None, media_type: None }
    }

    /// Reads a file from the value of `argument`.
    ///
    /// # Errors
    /// When the value is no file.
    pub(super) fn read(value: &Value, argument: impl std::fmt::Display) -> Result<Self, CallError> {
        let file = match value {
            Value::String(text) => Self::from_text(text),
            Value::Object(members) => match members.get("data") {
                Some(Value::String(text)) => Self::from_text(text).and_then(|file| {
                    let text = |key| members.get(key).and_then(Value::as_str);
                    let media_type = match text("type") {
                        Some(given)
                            if media_type::is_concrete(given) && HeaderValue::from_str(given).is_ok() =>
                        {
                            Some(given.to_owned())
                        }
                        Some(_) => return Err("its `type` is no media type such as `image/png`"),
                        None => file.media_type,
                    };
                    Ok(Self { name: text("name").map(str::to_owned), media_type, ..file })
                }),
                _ => Err(EXPECTED),
            },
            _ => Err(EXPECTED),
        };
        file.map_err(|problem| invalid(argument, problem))
    }

    fn from_text(text: &str) -> Result<Self, &'static str> {
        let Some((scheme, uri)) = text.split_once(':') else {
            return decode(text).map(Self::from_bytes);
        };
        if !scheme.trim_start().eq_ignore_ascii_case("data") {
            return Err("not valid base64, nor a data URI; URLs and paths of files are not fetched");
        }
        let (head, content) = uri.split_once(',').ok_or("a data URI without a comma")?;
        let (media_type, data) = match head.rsplit_once(';') {
            Some((media_type, last)) if last.trim().eq_ignore_ascii_case("base64") => {
                let text = percent_encoding::percent_decode_str(content).decode_utf8_lossy();
                (media_type, decode(&text)?)
            }
            _ => (head, percent_encoding::percent_decode_str(content).collect()),
        };
        let fit = media_type::is_concrete(media_type) && HeaderValue::from_str(media_type).is_ok();
        Ok(Self { media_type: fit.then(|| media_type.to_owned()), ..Self::from_bytes(data) })
    }

    /// The `Content-Type` to send with it: the declared one; where that is a range or a list, the
    /// file's own if it is in it; where nobody says that, what its bytes begin like, or else the first in
    /// the list that can be sent, or `default`.
    ///
    /// # Errors
    /// When the file is none of what is declared.
    pub(super) fn content_type(
        &self,
        declared: Option<&HeaderValue>,
        default: &'static str,
    ) -> Result<HeaderValue, String> {
        let declared_text = declared.and_then(|value| value.to_str().ok()).unwrap_or("*/*");
        let is_list = declared_text.contains(',');
        if let Some(declared) = declared.filter(|_| !is_list && media_type::is_concrete(declared_text)) {
            return Ok(declared.clone());
        }
        let is_within = |name: &&str| media_type::matches(name, declared_text);
        let chosen = match self.media_type.as_deref() {
            Some(own) => Some(own).filter(is_within),
            None if declared_text == "*/*" => Some(default),
            None => signature::media_type(&self.data)
                .filter(is_within)
                .or_else(|| declared_text.split(',').map(str::trim).find(|one| media_type::is_concrete(one)))
                .or(Some(default).filter(is_within)),
        };
        chosen.and_then(|text| HeaderValue::from_str(text).ok()).ok_or_else(|| {
            let own = self.media_type.as_deref().map_or("its type".to_owned(), |own| format!("`{own}`"));
            format!(
                "{own} must be within `{declared_text}`; give an object with `data`, and a `type` that is"
            )
        })
    }
}

/// Decodes either alphabet, with or without padding, and with line breaks.
fn decode(text: &str) -> Result<Vec<u8>, &'static str> {
    let engine = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let decoded = if text.contains(|character: char| character.is_ascii_whitespace()) {
        let compact: String = text.split_ascii_whitespace().collect();
        engine.decode(compact)
    } else {
        engine.decode(text)
    };
    decoded.map_err(|_| "not valid base64; give the file's bytes as base64 text")
}
