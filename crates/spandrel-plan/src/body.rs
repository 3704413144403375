//! Rendering a request's body.

mod charset;
mod fields;
mod file;
mod file_places;
mod form;
mod multipart;
mod value;
mod xml;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use serde_json::Value;

use self::file::File;
pub(crate) use self::form::refuse_forged_fields;
use self::value::BodyValue;
use crate::arguments::{Arguments, find, invalid, not_renderable};
use crate::error::CallError;
use crate::media_type;
use crate::plan::{BodyEncoding, BodyPlan, MediaTypePlan, OperationPlan};
use crate::value_text::text_of;

/// Renders the body and sets its `Content-Type`; neither where an optional body has no arguments.
///
/// # Errors
/// When a required body is missing, the chosen media type is unknown, or the value cannot be
/// written in it.
pub(crate) fn render(
    plan: &BodyPlan,
    operation: &OperationPlan,
    arguments: &Arguments,
    headers: &mut HeaderMap,
) -> Result<Bytes, CallError> {
    let Some(value) = BodyValue::find(plan, operation, arguments)? else { return Ok(Bytes::new()) };
    let media_type = choose(plan, arguments, &value)?;
    let (bytes, content_type) = encode(media_type, &value)?;
    headers.insert(CONTENT_TYPE, content_type);
    Ok(bytes)
}

/// The media type that a body with these arguments is sent in; none where none is sent.
fn chosen<'a>(
    plan: &'a BodyPlan,
    operation: &OperationPlan,
    arguments: &Arguments,
) -> Option<&'a MediaTypePlan> {
    let value = BodyValue::find(plan, operation, arguments).ok()??;
    choose(plan, arguments, &value).ok()
}

/// The media type that the caller chose, else the first that the value fits.
fn choose<'a>(
    plan: &'a BodyPlan,
    arguments: &Arguments,
    value: &BodyValue<'_>,
) -> Result<&'a MediaTypePlan, CallError> {
    let fits = |media_type: &&MediaTypePlan| media_type.schema.as_ref().is_none_or(|it| value.fits(it));
    let first = || plan.media_types.first().ok_or_else(|| not_renderable("The body has no media type."));
    let Some(path) = &plan.choice else { return first() };
    let chosen = match find(arguments, path) {
        None | Some(Value::Null) => return plan.media_types.iter().find(fits).map_or_else(first, Ok),
        Some(value) => text_of(value),
    };
    let named = plan.media_types.iter().find(|media_type| text(media_type).eq_ignore_ascii_case(&chosen));
    match named {
        None => {
            let known: Vec<String> = plan.media_types.iter().map(text).collect();
            Err(invalid(path, format!("must be one of {}", known.join(", "))))
        }
        Some(media_type) if fits(&media_type) => Ok(media_type),
        Some(_) => {
            let fitting: Vec<String> = plan.media_types.iter().filter(fits).map(text).collect();
            let advice = match fitting.as_slice() {
                [] => "give another body".to_owned(),
                fitting => format!("give another body, or choose {}", fitting.join(" or ")),
            };
            Err(invalid(path, format!("the body is none of `{chosen}`; {advice}")))
        }
    }
}

fn text(media_type: &MediaTypePlan) -> String {
    String::from_utf8_lossy(media_type.content_type.as_bytes()).into_owned()
}

fn encode(media_type: &MediaTypePlan, value: &BodyValue<'_>) -> Result<(Bytes, HeaderValue), CallError> {
    let declared = &media_type.content_type;
    let or = |default: &'static str| {
        let concrete = declared.to_str().is_ok_and(media_type::is_concrete);
        if concrete { declared.clone() } else { HeaderValue::from_static(default) }
    };
    Ok(match &media_type.encoding {
        BodyEncoding::Json => (value.to_json().into(), or("application/json")),
        BodyEncoding::JsonLines => (value.to_json_texts(b"").into(), or("application/x-ndjson")),
        BodyEncoding::JsonSequence => (value.to_json_texts(b"\x1e").into(), or("application/json-seq")),
        BodyEncoding::Form(plan) => {
            (form::render(plan, value)?.into(), or("application/x-www-form-urlencoded"))
        }
        BodyEncoding::Multipart(plan) => multipart::render(plan, value, &or("multipart/form-data"))?,
        BodyEncoding::Text => {
            charset::encode(value.to_text(), or("text/plain")).map_err(|problem| value.refused(problem))?
        }
        BodyEncoding::Binary => {
            let file = match value {
                BodyValue::Whole { value, argument } => File::read(value, argument)?,
                BodyValue::Members(_) => File::from_bytes(value.to_json()),
            };
            let content_type = file.content_type(Some(declared), "application/octet-stream");
            (file.data, content_type.map_err(|problem| value.refused(problem))?)
        }
        BodyEncoding::Xml(plan) => {
            (xml::render(plan, value)?.into(), charset::of_utf_8(or("application/xml")))
        }
    })
}

#[cfg(test)]
mod tests;
