//! Request bodies: which media type they are in, and whether they are what the document describes.

pub(crate) mod content;
pub(crate) mod form;
pub(crate) mod media;
mod multipart;
#[cfg(test)]
mod tests;
mod xml;

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use spandrel_openapi::{MediaType, RequestBody};

use crate::check::Checks;
use crate::problem::Fault;
use media::Kind;

/// Reads the body of `request`; `Ok(None)` where there is none, or none that can be read.
pub(crate) fn judge(
    request: &Request<Bytes>,
    described: Option<&RequestBody>,
    checks: &Checks,
) -> Result<Option<Value>, Vec<Fault>> {
    let fault = |message: String| vec![Fault::new("body", "", message)];
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let bytes = request.body();
    let Some(described) = described else {
        return if bytes.is_empty() {
            Ok(None)
        } else {
            Err(fault(format!("the document gives this operation no body; {} bytes came", bytes.len())))
        };
    };
    let kind = content_type.as_deref().map(|name| Kind::of(&media::essence(name)));
    let may_be_empty = matches!(kind, Some(Kind::Text | Kind::Binary | Kind::Form));
    if bytes.is_empty() && !(may_be_empty && described.required) {
        return if described.required {
            Err(fault("the document requires a body, and none came".to_owned()))
        } else {
            Ok(None)
        };
    }
    if described.content.is_empty() {
        return Ok(None);
    }
    let (Some(content_type), Some(kind)) = (content_type, kind) else {
        return Err(fault(format!(
            "a body came without Content-Type; the document wants {}",
            names(described)
        )));
    };
    let Some(media) = media::choose(&described.content, &content_type) else {
        return Err(fault(format!("the document wants {}; `{content_type}` came", names(described))));
    };
    read(bytes, &content_type, kind, media, checks)
        .map_err(|messages| messages.into_iter().map(|message| Fault::new("body", "", message)).collect())
}

fn read(
    bytes: &Bytes,
    content_type: &str,
    kind: Kind,
    media: &MediaType,
    checks: &Checks,
) -> Result<Option<Value>, Vec<String>> {
    match kind {
        Kind::Binary => Ok(None),
        Kind::Multipart => multipart::judge(bytes, content_type, media, checks),
        Kind::Json | Kind::JsonLines | Kind::Form | Kind::Text | Kind::Xml => {
            let Ok(text) = std::str::from_utf8(bytes) else {
                // Text in another charset, which its Content-Type may well name.
                return if matches!(kind, Kind::Text | Kind::Xml) {
                    Ok(None)
                } else {
                    Err(vec![format!("a body of `{content_type}` is UTF-8, and this one is not")])
                };
            };
            match kind {
                Kind::Form => form::judge(text, media, checks).map(Some),
                Kind::Xml => xml::well_formed(text).map(|()| None).map_err(|message| vec![message]),
                _ => content::judge_text(text, kind, media, checks).map(Some),
            }
        }
    }
}

fn names(described: &RequestBody) -> String {
    described.content.iter().map(|media| media.name.as_str()).collect::<Vec<_>>().join(" or ")
}
