//! `multipart/*` bodies (RFC 2046, RFC 7578).

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::file::File;
use super::value::{BodyValue, Member};
use super::{charset, fields, xml};
use crate::arguments::{invalid, not_renderable};
use crate::error::CallError;
use crate::media_type;
use crate::percent_encode::Escape;
use crate::plan::{MultipartPlan, PartEncoding, PartPlan, Style};
use crate::render::each_pair;
use crate::value_text::{is_undefined, json_text, parameter_text};

/// Writes the body; gives it together with its `Content-Type`, which names the boundary.
///
/// # Errors
/// When a file's value is no file, or a part would be read as another.
pub(super) fn render(
    plan: &MultipartPlan,
    value: &BodyValue<'_>,
    content_type: &HeaderValue,
) -> Result<(Bytes, HeaderValue), CallError> {
    let mut parts = Vec::new();
    match (value.members(), value) {
        (Some(members), _) => {
            fields::refuse_forged(&members, &plan.parts, style)?;
            for member in members.iter().filter(|member| !member.value.is_null()) {
                push_member(plan.parts.get(member.name), member, &mut parts)?;
            }
        }
        // Only objects have names for their parts (OAS 3.2, "Encoding By Position").
        (None, BodyValue::Whole { value: Value::Array(items), .. }) => {
            parts.extend(items.iter().map(|item| default_part(None, item)));
        }
        (None, other) => parts.push(Part { content: other.to_text().into(), ..Part::default() }),
    }
    let boundary = boundary(&parts);
    let declared = content_type.to_str().unwrap_or("multipart/form-data");
    let has_boundary = media_type::parameter(declared, "boundary").is_some();
    let mut header = if has_boundary { media_type::essence(declared) } else { declared }.as_bytes().to_vec();
    header.extend_from_slice(b"; boundary=");
    header.extend_from_slice(boundary.as_bytes());
    let header = HeaderValue::from_bytes(&header)
        .map_err(|_| not_renderable("The body's media type cannot be written with a boundary."))?;
    Ok((assemble(&parts, &boundary), header))
}

/// A part, ready to be written.
#[derive(Default)]
struct Part<'a> {
    name: Option<Cow<'a, str>>,
    file_name: Option<String>,
    content_type: Option<HeaderValue>,
    headers: &'a [(HeaderName, HeaderValue)],
    content: Bytes,
}

fn style(part: &PartPlan) -> Option<(Style, bool)> {
    match part.encoding {
        PartEncoding::Style { style, explode } => Some((style, explode)),
        _ => None,
    }
}

fn push_member<'a>(
    plan: Option<&'a PartPlan>,
    member: &Member<'a>,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), CallError> {
    match (member.value, plan) {
        (value, Some(plan)) if let Some((style, explode)) = style(plan) => {
            push_styled(plan, member.name, value, (style, explode), parts);
        }
        (Value::Array(items), Some(plan)) if plan.repeat => {
            for item in items.iter().filter(|item| !item.is_null()) {
                parts.push(planned_part(plan, item, member)?);
            }
        }
        (value, Some(plan)) => parts.push(planned_part(plan, value, member)?),
        (Value::Array(items), None) => {
            let items = items.iter().filter(|item| !item.is_null());
            parts.extend(items.map(|item| default_part(Some(member.name), item)));
        }
        (value, None) => parts.push(default_part(Some(member.name), value)),
    }
    Ok(())
}

/// The parts that a style of queries makes: what it would write as `name=value` is a part of that name
/// (OAS 3.2, appendix C).
fn push_styled<'a>(
    plan: &'a PartPlan,
    name: &'a str,
    value: &Value,
    (style, explode): (Style, bool),
    parts: &mut Vec<Part<'a>>,
) {
    if is_undefined(value) {
        return;
    }
    each_pair(name, value, style, explode, &mut |name, pair| {
        let mut text = String::new();
        pair.write(Escape::Verbatim, &mut text);
        let name = Some(Cow::Owned(name.to_owned()));
        parts.push(Part { name, headers: &plan.headers, content: text.into(), ..Part::default() });
    });
}

fn planned_part<'a>(plan: &'a PartPlan, value: &Value, member: &Member<'a>) -> Result<Part<'a>, CallError> {
    let declared = plan.content_type.as_ref();
    let part = Part { name: Some(Cow::Borrowed(member.name)), headers: &plan.headers, ..Part::default() };
    let refused = |problem: String| invalid(member, problem);
    let content_type =
        |file: &File, default: &'static str| file.content_type(declared, default).map_err(refused);
    Ok(match &plan.encoding {
        PartEncoding::Text | PartEncoding::Style { .. } => {
            let file = File::from_bytes(parameter_text(value).into_owned());
            if declared.is_none() {
                return Ok(Part { content: file.data, ..part });
            }
            let content_type = content_type(&file, "text/plain")?;
            let (content, content_type) = charset::encode(file.data.into(), content_type).map_err(refused)?;
            Part { content_type: Some(content_type), content, ..part }
        }
        PartEncoding::Json => {
            let file = File::from_bytes(json_text(value));
            Part { content_type: Some(content_type(&file, "application/json")?), content: file.data, ..part }
        }
        PartEncoding::Xml(plan) => {
            let file = File::from_bytes(xml::render_value(plan, value)?);
            let content_type = charset::of_utf_8(content_type(&file, "application/xml")?);
            Part { content_type: Some(content_type), content: file.data, ..part }
        }
        PartEncoding::Binary => {
            let file = File::read(value, member)?;
            let content_type = Some(content_type(&file, "application/octet-stream")?);
            // Without a file name, servers take the part for a text field.
            let file_name = Some(file.name.unwrap_or_else(|| member.name.to_owned()));
            Part { content_type, file_name, content: file.data, ..part }
        }
    })
}

/// Scalars as text, without a `Content-Type`, as browsers send them; anything else as JSON.
fn default_part<'a>(name: Option<&'a str>, value: &Value) -> Part<'a> {
    let nested = value.is_object() || value.is_array();
    Part {
        name: name.map(Cow::Borrowed),
        content_type: nested.then_some(HeaderValue::from_static("application/json")),
        content: parameter_text(value).into_owned().into(),
        ..Part::default()
    }
}

fn assemble(parts: &[Part<'_>], boundary: &str) -> Bytes {
    let size: usize = parts.iter().map(|part| part.content.len() + 256).sum();
    let mut out = Vec::with_capacity(size + 64);
    for part in parts {
        out.extend_from_slice(b"--");
        out.extend_from_slice(boundary.as_bytes());
        out.extend_from_slice(b"\r\n");
        part.write_head(&mut out);
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&part.content);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"--");
    out.extend_from_slice(boundary.as_bytes());
    out.extend_from_slice(b"--\r\n");
    out.into()
}

impl Part<'_> {
    fn write_head(&self, out: &mut Vec<u8>) {
        if let Some(name) = &self.name {
            out.extend_from_slice(b"Content-Disposition: form-data; name=\"");
            push_quoted(out, name);
            out.push(b'"');
            if let Some(file_name) = &self.file_name {
                out.extend_from_slice(b"; filename=\"");
                push_quoted(out, file_name);
                out.push(b'"');
            }
            out.extend_from_slice(b"\r\n");
        }
        if let Some(content_type) = &self.content_type {
            push_header(out, "Content-Type", content_type);
        }
        for (name, value) in self.headers {
            push_header(out, name.as_str(), value);
        }
    }
}

fn push_header(out: &mut Vec<u8>, name: &str, value: &HeaderValue) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Escapes as the HTML standard does ("multipart/form-data encoding algorithm"), and NUL too.
fn push_quoted(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"%22"),
            b'\r' => out.extend_from_slice(b"%0D"),
            b'\n' => out.extend_from_slice(b"%0A"),
            0 => out.extend_from_slice(b"%00"),
            byte => out.push(byte),
        }
    }
}

/// A boundary that no part contains, made from the parts' bytes so that equal bodies are equal.
fn boundary(parts: &[Part<'_>]) -> String {
    let mut hash = Fnv128::new();
    for part in parts {
        hash.add(part.name.as_deref().unwrap_or_default().as_bytes());
        hash.add(&part.content);
    }
    loop {
        let boundary = format!("spandrel-{:032x}", hash.0);
        let taken = parts.iter().any(|part| contains(&part.content, boundary.as_bytes()));
        if !taken {
            return boundary;
        }
        hash.add(b"\n");
    }
}

fn contains(content: &[u8], wanted: &[u8]) -> bool {
    content.windows(wanted.len()).any(|window| window == wanted)
}

/// FNV-1a with 128 bits: quick, and the same everywhere.
struct Fnv128(u128);

impl Fnv128 {
    const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
