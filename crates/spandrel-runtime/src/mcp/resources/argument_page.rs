//! One argument of an operation, in Markdown.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::hook::CalledTool;

/// The schemas of a tool's arguments.
pub(super) fn input_schema(tool: &CalledTool) -> Value {
    match tool {
        CalledTool::Operation(tool) => tool.input_schema.to_value(),
        CalledTool::Custom(tool) => tool.listed().input_schema,
    }
}

/// The names of a tool's arguments.
pub(super) fn names(schema: &Value) -> impl Iterator<Item = &str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flat_map(Map::keys).map(String::as_str)
}

/// The schema of an argument, references resolved one after the other.
pub(super) fn argument<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    let mut found = schema.get("properties")?.get(name)?;
    // As many as any schema needs, and no circle.
    for _ in 0..16 {
        let Some(reference) = found.get("$ref").and_then(Value::as_str) else { break };
        match reference.strip_prefix('#').and_then(|pointer| schema.pointer(pointer)) {
            Some(target) => found = target,
            None => break,
        }
    }
    Some(found)
}

/// None where there is no such argument.
pub(super) fn write(tool: &CalledTool, name: &str, value: Option<&str>) -> Option<String> {
    let schema = input_schema(tool);
    let argument = argument(&schema, name)?;
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.is_some_and(|names| names.iter().any(|required| required == name));
    let mut page = format!("# {name} of {}\n\n", tool.name());
    page.push_str(if required { "Required.\n" } else { "Not required.\n" });
    let text = serde_json::to_string_pretty(argument).unwrap_or_default();
    // Writing to a string cannot fail.
    let _ = writeln!(page, "\n```json\n{text}\n```");
    if let Some(value) = value {
        let problem = check(tool, name, value);
        let verdict = problem.unwrap_or_else(|| "It takes this value.".to_owned());
        let _ = writeln!(page, "\n## `{value}`\n\n{verdict}");
    }
    Some(page)
}

/// What is wrong with the value of that argument: as text, and, where that is JSON, as such.
fn check(tool: &CalledTool, name: &str, value: &str) -> Option<String> {
    let text = Value::String(value.to_owned());
    let json = serde_json::from_str::<Value>(value).ok().filter(|json| !json.is_string());
    let candidates = [Some(text), json];
    let mut problems = candidates.into_iter().flatten().map(|value| problem(tool, name, value));
    let first = problems.next().flatten();
    if first.is_none() || problems.any(|problem| problem.is_none()) { None } else { first }
}

/// What is said of this argument when a call has no other.
fn problem(tool: &CalledTool, name: &str, value: Value) -> Option<String> {
    let arguments = Value::Object(Map::from_iter([(name.to_owned(), value)]));
    let result = match tool {
        CalledTool::Operation(tool) => tool.validate_value(&arguments),
        CalledTool::Custom(tool) => tool.validate(&arguments),
    };
    let message = result.err()?.message;
    // Of the argument itself, or of something in it.
    let about = |line: &&str| {
        let rest = line.trim_start_matches("- ").strip_prefix('`').and_then(|line| line.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['`', '.', '[']))
    };
    let lines: Vec<&str> = message.lines().filter(about).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
