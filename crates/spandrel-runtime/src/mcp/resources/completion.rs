//! Completion of the variables of resource templates: names of operations and arguments, and the values
//! that an argument lists.

use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompletionInfo, Reference};
use serde_json::Value;

use super::argument_page::{argument, input_schema, names};
use super::{ARGUMENT_TEMPLATE, OPERATION_TEMPLATE};
use crate::bridge::Snapshot;

/// What may stand for the variable, beginning with what has begun.
///
/// # Errors
/// Invalid params for what is no template here, or none of its variables.
pub(in crate::mcp) fn complete(
    snapshot: &Snapshot,
    params: &CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let Reference::Resource(template) = &params.r#ref else {
        return Err(ErrorData::invalid_params("Invalid params: there are no prompts to complete", None));
    };
    let variables: &[&str] = match template.uri.as_str() {
        OPERATION_TEMPLATE => &["operation"],
        ARGUMENT_TEMPLATE => &["operation", "argument", "value"],
        _ => return Err(ErrorData::invalid_params("Invalid params: unknown resource template", None)),
    };
    let variable = params.argument.name.as_str();
    if !variables.contains(&variable) {
        let message = format!("Invalid params: the template has the variables {}", variables.join(", "));
        return Err(ErrorData::invalid_params(message, None));
    }
    let given = |name: &str| {
        let arguments = params.context.as_ref()?.arguments.as_ref()?;
        arguments.get(name).map(String::as_str)
    };
    let begun = &params.argument.value;
    if variable == "operation" {
        return Ok(matching(snapshot.tool_names().map(str::to_owned), begun));
    }
    let schema = given("operation").and_then(|name| snapshot.tool(name)).map(|tool| input_schema(&tool));
    let schema = schema.unwrap_or_default();
    if variable == "argument" {
        return Ok(matching(names(&schema).map(str::to_owned), begun));
    }
    let values = given("argument").and_then(|name| argument(&schema, name)).map(listed_values);
    Ok(matching(values.unwrap_or_default().into_iter(), begun))
}

/// The values that a schema lists: of an array, those of its items.
fn listed_values(schema: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut values: Vec<String> = Vec::new();
    if let Some(listed) = schema.get("enum").and_then(Value::as_array) {
        values.extend(listed.iter().map(text));
    }
    values.extend(schema.get("const").map(text));
    for key in ["anyOf", "oneOf"] {
        let branches = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        values.extend(branches.flat_map(|branch| {
            let listed = branch.get("enum").and_then(Value::as_array).into_iter().flatten();
            listed.chain(branch.get("const")).map(text).collect::<Vec<_>>()
        }));
    }
    if schema.get("type").and_then(Value::as_str) == Some("boolean") && values.is_empty() {
        values.extend(["true", "false"].map(str::to_owned));
    }
    match schema.get("items") {
        Some(items) if values.is_empty() && items.get("items").is_none() => listed_values(items),
        _ => values,
    }
}

/// Those that begin so, then those that hold it, each in their order and without regard to case.
fn matching(values: impl Iterator<Item = String>, begun: &str) -> CompletionInfo {
    let begun = begun.to_lowercase();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for value in values {
        let lower = value.to_lowercase();
        if lower.starts_with(&begun) {
            first.push(value);
        } else if lower.contains(&begun) {
            second.push(value);
        }
    }
    first.append(&mut second);
    let total = first.len();
    first.truncate(CompletionInfo::MAX_VALUES);
    let mut info = CompletionInfo::default();
    info.has_more = Some(total > first.len());
    info.total = u32::try_from(total).ok();
    info.values = first;
    info
}
