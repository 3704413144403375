//! `formData` parameters as a body.

use indexmap::IndexMap;
use serde_json::Value;

use crate::model::{BodySchema, MediaType, Parameter, RequestBody};
use crate::read::object::Object;

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// The form types that the operation consumes; at least one.
pub(super) fn media_type_names(consumes: &[String], has_file: bool) -> Vec<String> {
    let form_types = consumes.iter().filter(|name| is_form(name));
    // A file cannot be sent URL-encoded.
    let mut names: Vec<String> = form_types.filter(|name| !has_file || is_multipart(name)).cloned().collect();
    if names.is_empty() {
        names.push(if has_file { MULTIPART } else { URLENCODED }.to_owned());
    }
    names
}

/// The body that the fields make, in each of the form types.
pub(super) fn request_body(
    operation: &Object<'_>,
    fields: &[Parameter],
    names: impl Iterator<Item = String>,
) -> RequestBody {
    let content = names.map(|name| MediaType {
        location: operation.location.clone(),
        name,
        schema: BodySchema::Fields(fields.to_vec()),
        item_schema: None,
        encoding: IndexMap::new(),
        examples: Vec::new(),
    });
    RequestBody {
        location: operation.location.clone(),
        required: fields.iter().any(|field| field.required),
        description: None,
        content: content.collect(),
    }
}

/// Whether the parameter is a file.
pub(super) fn is_file(object: &Object<'_>) -> bool {
    object.get("type").and_then(Value::as_str) == Some("file")
}

fn is_form(name: &str) -> bool {
    essence(name) == URLENCODED || is_multipart(name)
}

fn is_multipart(name: &str) -> bool {
    essence(name) == MULTIPART
}

/// The media type without its parameters.
fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
