//! One operation, in Markdown.

use std::fmt::Write;

use serde_json::Value;
use spandrel_plan::{ArgumentIn, StatusPattern, Tool};

use crate::credentials::describe;
use crate::custom_tool::CustomTool;
use crate::hook::CalledTool;

/// A schema of more bytes than this is not indented.
const INDENTED: usize = 64 * 1024;

pub(super) fn write(tool: &CalledTool) -> String {
    match tool {
        CalledTool::Operation(tool) => operation(tool),
        CalledTool::Custom(tool) => custom(tool),
    }
}

fn operation(tool: &Tool) -> String {
    let mut page = heading(&tool.name, tool.title.as_deref());
    let server = tool.plan.base.as_ref().map(|base| format!(" at {}", base.as_url())).unwrap_or_default();
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(page, "\n`{} {}`{server}", tool.operation.method, tool.operation.path);
    if let Some(description) = tool.description.as_deref() {
        let _ = writeln!(page, "\n{}", description.trim());
    }
    if !tool.tags.is_empty() {
        let _ = writeln!(page, "\nTags: {}", tool.tags.join(", "));
    }
    arguments(&mut page, tool);
    credentials(&mut page, tool);
    responses(&mut page, tool);
    schema(&mut page, "Schema of the arguments", &tool.input_schema.to_value());
    if let Some(output) = &tool.output_schema {
        schema(&mut page, "Schema of the structured result", &output.to_value());
    }
    page
}

fn custom(tool: &CustomTool) -> String {
    let parts = tool.listed();
    let mut page = heading(tool.name(), parts.title);
    let _ = writeln!(page, "\n{}", parts.description.trim());
    schema(&mut page, "Schema of the arguments", &parts.input_schema);
    if let Some(output) = parts.output_schema {
        schema(&mut page, "Schema of the structured result", output);
    }
    page
}

fn heading(name: &str, title: Option<&str>) -> String {
    match title {
        Some(title) => format!("# {name}: {title}\n"),
        None => format!("# {name}\n"),
    }
}

fn arguments(page: &mut String, tool: &Tool) {
    if tool.arguments.is_empty() {
        return;
    }
    page.push_str("\n## Arguments\n\n| argument | goes to | required |\n|---|---|---|\n");
    for argument in &tool.arguments {
        let place = place(argument.place);
        let name =
            if argument.name.is_empty() { String::new() } else { format!(" `{}`", cell(&argument.name)) };
        let required = if argument.required { "yes" } else { "no" };
        let _ = writeln!(page, "| `{}` | {place}{name} | {required} |", cell(&argument.argument));
    }
}

const fn place(place: ArgumentIn) -> &'static str {
    match place {
        ArgumentIn::Path => "path",
        ArgumentIn::Query => "query",
        ArgumentIn::Header => "header",
        ArgumentIn::Cookie => "cookie",
        ArgumentIn::Querystring => "whole query",
        ArgumentIn::Body => "body",
        ArgumentIn::Form => "form",
    }
}

fn credentials(page: &mut String, tool: &Tool) {
    let alternatives: Vec<String> = tool
        .plan
        .security
        .iter()
        .map(|alternative| {
            let schemes = alternative.schemes.iter();
            let schemes: Vec<String> =
                schemes.map(|scheme| format!("{} (`{}`)", describe(&scheme.kind), scheme.name)).collect();
            if schemes.is_empty() { "none".to_owned() } else { schemes.join(" with ") }
        })
        .collect();
    if !alternatives.is_empty() {
        let _ = writeln!(page, "\nCredentials, which the bridge adds: {}", alternatives.join(", or "));
    }
}

fn responses(page: &mut String, tool: &Tool) {
    let described = tool.plan.response.descriptions.iter().filter(|(_, text)| !text.trim().is_empty());
    let lines: Vec<String> =
        described.map(|(status, text)| format!("| {} | {} |", status_text(*status), cell(text))).collect();
    if !lines.is_empty() {
        let _ = writeln!(page, "\n## Responses\n\n| status | |\n|---|---|\n{}", lines.join("\n"));
    }
}

fn status_text(status: StatusPattern) -> String {
    match status {
        StatusPattern::Exact(code) => code.to_string(),
        StatusPattern::Class(class) => format!("{class}XX"),
        StatusPattern::Default => "any other".to_owned(),
    }
}

fn schema(page: &mut String, title: &str, schema: &Value) {
    let compact = schema.to_string();
    let text = if compact.len() > INDENTED {
        compact
    } else {
        serde_json::to_string_pretty(schema).unwrap_or(compact)
    };
    let _ = writeln!(page, "\n## {title}\n\n```json\n{text}\n```");
}

/// Text that stays within its cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}
