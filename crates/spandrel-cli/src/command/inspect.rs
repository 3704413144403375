//! `spandrel inspect`: the tools of a document, or one of them in full.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::{Value, json};
use spandrel::Tool;
use spandrel::compiler::ListedTool;
use spandrel::plan::{
    Annotations, ConfirmWhen, SecurityAlternative, SecuritySchemeUse, SuppliedValue, Supply,
};
use spandrel::runtime::{describe_security, environment_variable, how_to_set};

use crate::args::{InspectArguments, InspectFormat};
use crate::output::{self, DIM, Printable, STRONG, count, grouped, lines, one_line};
use crate::schema_type::Schema;
use crate::specification::{Specification, told};
use crate::table::Table;
use crate::tokens;

/// Tags that the overview names.
const MOST_TAGS: usize = 20;

pub(crate) async fn run(arguments: &InspectArguments) -> anyhow::Result<ExitCode> {
    let specification = Specification::load(&arguments.spec).await?.with_tools()?;
    let text = match (&arguments.tool, arguments.format) {
        (None, InspectFormat::Text) => overview(&specification, output::columns()),
        (None, InspectFormat::Json) => output::json_text(&overview_json(&specification))?,
        (Some(name), InspectFormat::Text) => in_full(specification.tool(name)?)?,
        (Some(name), InspectFormat::Json) => output::json_text(&tool_json(specification.tool(name)?)?)?,
    };
    specification.option_warnings().for_each(|finding| output::warning(told(finding)));
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn overview(specification: &Specification, columns: Option<usize>) -> String {
    let mut table = Table::new(&["NAME", "METHOD", "PATH", "TOKENS", "TITLE"], &[3]);
    let tools = specification.compiled.catalog.tools();
    let mut tokens = 0;
    for tool in tools {
        let of_tool = tokens::of_tool(tool);
        tokens += of_tool;
        table.row([
            tool.name.clone(),
            one_line(&tool.operation.method),
            one_line(&tool.operation.path),
            grouped(of_tool),
            one_line(tool.title.as_deref().unwrap_or_default()),
        ]);
    }
    let operations = count(specification.compiled.operations, "operation");
    let totals = format!("{} of {operations}, {} tokens\n", count(tools.len(), "tool"), grouped(tokens));
    format!("{}\n{totals}{}", with_heading(&table.lines(columns)), tags(tools))
}

/// The tags that tools can be chosen by.
fn tags(tools: &[Arc<Tool>]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for tag in tools.iter().flat_map(|tool| &tool.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let named: Vec<String> = counts
        .iter()
        .take(MOST_TAGS)
        .map(|(tag, number)| format!("{} ({})", one_line(tag), grouped(*number)))
        .collect();
    match (named.as_slice(), counts.len().saturating_sub(MOST_TAGS)) {
        ([], _) => String::new(),
        (named, 0) => format!("--include tag:NAME chooses by tag: {}\n", named.join(", ")),
        (named, more) => {
            format!("--include tag:NAME chooses by tag: {} and {} more\n", named.join(", "), grouped(more))
        }
    }
}

/// One tool as the listing has it, with its tags.
fn tool_json(tool: &Tool) -> serde_json::Result<Value> {
    let mut json = serde_json::to_value(ListedTool::new(tool))?;
    if let Some(members) = json.as_object_mut() {
        members.insert("tags".to_owned(), json!(tool.tags));
        members.insert("security".to_owned(), security_json(tool));
    }
    Ok(json)
}

/// The alternatives of credentials that a call needs.
fn security_json(tool: &Tool) -> Value {
    let scheme = |scheme: &SecuritySchemeUse| {
        json!({
            "scheme": scheme.name,
            "scopes": scheme.scopes,
            "asksFor": describe_security(&scheme.kind),
            "environment": environment_variable(&scheme.name),
        })
    };
    let alternatives = tool.plan.security.iter();
    alternatives.map(|alternative| alternative.schemes.iter().map(scheme).collect::<Value>()).collect()
}

/// The same for a person, an alternative a paragraph.
fn security(tool: &Tool) -> Option<String> {
    let scheme = |scheme: &SecuritySchemeUse| {
        let scopes = match scheme.scopes.as_slice() {
            [] => String::new(),
            scopes => format!(" for {}", scopes.join(", ")),
        };
        let (kind, name) = (describe_security(&scheme.kind), &scheme.name);
        one_line(&format!("`{name}`, {kind}{scopes}: {}", how_to_set(name, &scheme.kind)))
    };
    let alternative = |(index, alternative): (usize, &SecurityAlternative)| {
        let schemes: Vec<String> = match alternative.schemes.as_slice() {
            [] => vec!["none".to_owned()],
            schemes => schemes.iter().map(scheme).collect(),
        };
        let or = if index > 0 { "or " } else { "" };
        format!("{or}{}", schemes.join("\n  and "))
    };
    let alternatives: Vec<String> = tool.plan.security.iter().enumerate().map(alternative).collect();
    (!alternatives.is_empty()).then(|| format!("{STRONG}Credentials{STRONG:#}\n{}", lines(alternatives)))
}

/// What the bridge gives instead of the model, and what else the document or an overlay asks for.
fn given(tool: &Tool) -> Option<String> {
    let value = |value: &SuppliedValue| match value {
        SuppliedValue::Json(value) => value.to_string(),
        SuppliedValue::Environment(value) => format!("the environment variable {}", value.variable()),
    };
    let supply = |supply: &Supply| match supply {
        Supply::Hidden => "never sent".to_owned(),
        Supply::Fixed(fixed) => format!("always {}", value(fixed)),
        Supply::Default(default) => format!("unless given, {}", value(default)),
    };
    let supplied = tool.plan.supplied.iter();
    let mut rows: Vec<String> =
        supplied.map(|one| one_line(&format!("{}: {}", one.argument, supply(&one.supply)))).collect();
    rows.extend(tool.confirmation.as_ref().map(|confirmation| {
        let when = match confirmation.when {
            ConfirmWhen::Always => "before every call",
            ConfirmWhen::Never => "never",
        };
        let message = confirmation.message.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        one_line(&format!("a person is asked {when}{message}"))
    }));
    (!rows.is_empty()).then(|| format!("{STRONG}Given by the bridge{STRONG:#}\n{}", lines(rows)))
}

/// What rules choose the tool by.
fn chosen_by(tool: &Tool) -> Option<String> {
    let id = tool.operation.operation_id.as_ref().map(|id| format!("operationId {id}"));
    let tags = (!tool.tags.is_empty()).then(|| format!("tags {}", tool.tags.join(", ")));
    let parts: Vec<String> = id.into_iter().chain(tags).collect();
    (!parts.is_empty()).then(|| one_line(&parts.join("; ")))
}

/// Lines of a table, the first in bold.
fn with_heading(table: &[String]) -> String {
    let Some((heading, rows)) = table.split_first() else { return String::new() };
    format!("{STRONG}{heading}{STRONG:#}\n{}", lines(rows.iter().cloned()))
}

fn overview_json(specification: &Specification) -> Value {
    let tools = specification.compiled.catalog.tools();
    let mut tokens = 0;
    let rows: Vec<Value> = tools
        .iter()
        .map(|tool| {
            let of_tool = tokens::of_tool(tool);
            tokens += of_tool;
            json!({
                "name": tool.name,
                "method": tool.operation.method,
                "path": tool.operation.path,
                "tokens": of_tool,
                "title": tool.title,
                "operationId": tool.operation.operation_id,
                "tags": tool.tags,
            })
        })
        .collect();
    json!({
        "tools": rows,
        "total": {
            "operations": specification.compiled.operations,
            "tools": tools.len(),
            "tokens": tokens,
        },
    })
}

fn in_full(tool: &Tool) -> anyhow::Result<String> {
    let schema = tool.input_schema.to_value();
    let operation = one_line(&format!("{} {}", tool.operation.method, tool.operation.path));
    let repeats = |title: &String| tool.description.as_ref().is_some_and(|text| text.starts_with(title));
    let title = tool.title.as_ref().filter(|title| !repeats(title)).map(|title| one_line(title));
    let head = [
        Some(format!("{STRONG}{}{STRONG:#}  {operation}", tool.name)),
        title,
        chosen_by(tool),
        Some(format!("{DIM}{}{DIM:#}", hints(tool))),
    ];
    let description = tool.description.as_ref().map(|text| format!("{}\n", Printable(text.trim())));
    let arguments = arguments(tool, &schema).lines(output::columns());
    let output_schema = tool.output_schema.as_ref().map(output::json_text).transpose()?;
    let sections = [
        Some(lines(head.into_iter().flatten())),
        description,
        Some(with_heading(&arguments)).filter(|_| !tool.arguments.is_empty()),
        given(tool),
        security(tool),
        Some(format!("{STRONG}Input schema{STRONG:#}\n{}", output::json_text(&schema)?)),
        output_schema.map(|schema| format!("{STRONG}Output schema{STRONG:#}\n{schema}")),
    ];
    Ok(sections.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

fn hints(tool: &Tool) -> String {
    let Annotations { read_only, destructive, idempotent, .. } = tool.annotations;
    let words = [(read_only, "read-only"), (destructive, "destructive"), (idempotent, "idempotent")];
    let words: Vec<&str> = words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
    let tokens = format!("{} tokens", grouped(tokens::of_tool(tool)));
    let server = tool.plan.base.as_ref().map_or("no server", |base| base.as_str());
    [words.as_slice(), &[tokens.as_str(), server]].concat().join(", ")
}

fn arguments(tool: &Tool, schema: &Value) -> Table {
    let mut table = Table::new(&["ARGUMENT", "IN", "NAME", "TYPE", "REQUIRED"], &[]);
    for argument in &tool.arguments {
        let place = serde_json::to_value(argument.place).ok();
        let place = place.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        table.row([
            one_line(&argument.argument),
            place,
            one_line(&argument.name),
            one_line(&kind(Schema::root(schema), &argument.argument)),
            if argument.required { "yes" } else { "no" }.to_owned(),
        ]);
    }
    table
}

/// What kind of value the argument takes; a grouped one is written `group.name`.
fn kind(schema: Schema<'_>, argument: &str) -> String {
    let own = schema.property(argument);
    let grouped = || {
        let (group, name) = argument.split_once('.')?;
        schema.property(group)?.property(name)
    };
    own.or_else(grouped).map_or_else(|| "any".to_owned(), Schema::describe)
}
