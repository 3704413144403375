//! Header and cookie parameters.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

use super::content;
use super::list::Joined;
use super::pairs::PairWriter;
use super::shadowing::Brought;
use crate::arguments::{Arguments, invalid, not_renderable, value_of};
use crate::error::CallError;
use crate::percent_encode::Escape;
use crate::plan::{ParameterPlan, Serialization, Style};
use crate::value_text::is_undefined;

/// Headers that say how the message itself is sent, which no document decides, and those that
/// `OpenAPI` has other words for.
static NOT_FOR_PARAMETERS: [HeaderName; 14] = [
    header::ACCEPT,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::EXPECT,
    header::HOST,
    HeaderName::from_static("http2-settings"),
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Whether a header can be a parameter's. Another one says how the message itself is sent, or `OpenAPI` has
/// other words for it.
#[must_use]
pub fn is_header_of_a_parameter(name: &HeaderName) -> bool {
    !NOT_FOR_PARAMETERS.contains(name)
}

/// Adds the header parameters; those that can be none are left out.
///
/// # Errors
/// When a value is missing or holds a control character.
pub(super) fn write_headers(
    parameters: &[ParameterPlan],
    arguments: &Arguments,
    headers: &mut HeaderMap,
) -> Result<(), CallError> {
    for parameter in parameters {
        let Ok(name) = HeaderName::from_bytes(parameter.name.as_bytes()) else {
            return Err(not_renderable(format!("`{}` cannot be the name of a header", parameter.name)));
        };
        if !is_header_of_a_parameter(&name) {
            continue;
        }
        let Some(value) = value_of(arguments, parameter)? else { continue };
        if !is_undefined(value) || parameter.required {
            headers.append(name, header_value(parameter, value)?);
        }
    }
    Ok(())
}

/// As OAS 3.2 has it, nothing is quoted or percent-encoded, except what is not ASCII and, within lists
/// and objects, what would be read as the end of an item.
fn header_value(parameter: &ParameterPlan, value: &Value) -> Result<HeaderValue, CallError> {
    let mut text = String::new();
    match &parameter.serialization {
        Serialization::Style { style, explode, .. } => {
            Joined::by_style(*style, *explode, Escape::Header).write(&mut text, value);
        }
        Serialization::Content { media_type } | Serialization::Querystring { media_type, .. } => {
            Escape::Header.push(&mut text, &content::header_text(media_type, value));
        }
    }
    HeaderValue::try_from(text).map_err(|_| {
        invalid(
            &parameter.argument,
            "sent as a header, so it must not hold line breaks or other control characters",
        )
    })
}

/// All cookie parameters as one `Cookie` header.
///
/// Exploded arrays and objects are a cookie an item or member, as OAS 3.2 has it for `style: cookie`;
/// the `&` that `form` would put between them (3.1.1, appendix D) is "always incorrect".
///
/// # Errors
/// When a value is missing, or holds what would end its cookie.
pub(super) fn write_cookies(
    parameters: &[ParameterPlan],
    arguments: &Arguments,
    headers: &mut HeaderMap,
) -> Result<(), CallError> {
    let mut text = String::new();
    let mut cookies = PairWriter::cookie(&mut text);
    let mut brought = Brought::default();
    for parameter in parameters {
        let Some(value) = value_of(arguments, parameter)? else { continue };
        brought.add(parameter, value, parameters.iter(), std::iter::empty())?;
        if is_verbatim(parameter) && ends_cookie(value) {
            return Err(invalid(
                &parameter.argument,
                "sent as a cookie as it is, so it must not hold `;` or control characters",
            ));
        }
        cookies.value(&parameter.name, value, &parameter.serialization, parameter.required);
    }
    if text.is_empty() {
        return Ok(());
    }
    let value = HeaderValue::try_from(text).map_err(|_| not_renderable("the cookies do not fit a header"))?;
    headers.insert(header::COOKIE, value);
    Ok(())
}

fn is_verbatim(parameter: &ParameterPlan) -> bool {
    matches!(parameter.serialization, Serialization::Style { style: Style::Cookie, .. })
}

/// Whether a text in `value` would end the cookie that it stands in, or the header.
fn ends_cookie(value: &Value) -> bool {
    let ends = |text: &str| text.contains(|character: char| character == ';' || character.is_control());
    match value {
        Value::String(text) => ends(text),
        Value::Array(items) => items.iter().any(ends_cookie),
        // Names are escaped where a member is a cookie of its own, and verbatim where not.
        Value::Object(members) => members.iter().any(|(name, value)| ends(name) || ends_cookie(value)),
        _ => false,
    }
}
