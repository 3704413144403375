//! What must hold of a lock file, beyond what its types say: what a compiler gives.

use std::collections::HashSet;

use http::HeaderName;
use serde::Deserialize;

use super::{LockError, LockFile, LockedTool};
use crate::catalog::JsonText;
use crate::plan::{ParameterPlan, PathSegment};
use crate::security::{KeyPlace, SecuritySchemeKind};
use crate::value_text::truncated;

/// The longest name of a tool.
const LONGEST_NAME: usize = 64;
/// Of a name that is none, how much a message repeats.
const SHOWN: usize = 80;

pub(super) fn check(lock: &LockFile) -> Result<(), LockError> {
    let digits = lock.document.digest.strip_prefix("sha256:").unwrap_or_default();
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(LockError::Digest);
    }
    let mut names = HashSet::new();
    for tool in &lock.tools {
        let refuse = |problem: String| {
            let tool = truncated(&tool.name, SHOWN).escape_debug().to_string();
            LockError::Tool { tool, problem }
        };
        problem(tool).map_or(Ok(()), |problem| Err(refuse(problem)))?;
        if !names.insert(&tool.name) {
            return Err(refuse("another one has its name".to_owned()));
        }
    }
    Ok(())
}

/// What is wrong with a tool.
fn problem(tool: &LockedTool) -> Option<String> {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !(1..=LONGEST_NAME).contains(&tool.name.len()) || !tool.name.bytes().all(is_legal) {
        return Some("its name is none".to_owned());
    }
    let schemas = [Some(&tool.input_schema), tool.validation_schema.as_ref(), tool.output_schema.as_ref()];
    if !schemas.into_iter().flatten().all(is_of_object) {
        return Some("one of its schemas is not of an object".to_owned());
    }
    if tool.plan.body.as_ref().is_some_and(|body| body.media_types.is_empty()) {
        return Some("its body has no media type".to_owned());
    }
    let wrong_header = tool.plan.headers.iter().find(|parameter| !is_token(&parameter.name));
    if wrong_header.is_some() {
        return Some("a header has a name that is none".to_owned());
    }
    let variables = tool.plan.path.segments.iter().filter_map(|segment| match segment {
        PathSegment::Literal(_) => None,
        PathSegment::Variable(parameter) => Some(parameter),
    });
    let parameters = [&tool.plan.query, &tool.plan.headers, &tool.plan.cookies].into_iter().flatten();
    let is_placeless = |parameter: &ParameterPlan| parameter.argument.0.is_empty();
    if variables.chain(parameters).any(is_placeless) {
        return Some("a parameter has no argument".to_owned());
    }
    let mut asked_for = tool.plan.security.iter().flat_map(|alternative| &alternative.schemes);
    let is_wrong = |kind: &SecuritySchemeKind| match kind {
        SecuritySchemeKind::Http(scheme) => !is_token(scheme),
        SecuritySchemeKind::ApiKey(KeyPlace::Cookie(name)) => !is_token(name),
        _ => false,
    };
    asked_for
        .any(|scheme| is_wrong(&scheme.kind))
        .then(|| "a security scheme has a name that is none".to_owned())
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    HeaderName::from_bytes(text.as_bytes()).is_ok()
}

/// Whether a schema says at its root that it is of objects, as every client wants it.
fn is_of_object(schema: &JsonText) -> bool {
    #[derive(Deserialize)]
    struct Root<'t> {
        #[serde(rename = "type", borrow)]
        kind: std::borrow::Cow<'t, str>,
    }
    serde_json::from_str::<Root<'_>>(schema.as_str()).is_ok_and(|root| root.kind == "object")
}
