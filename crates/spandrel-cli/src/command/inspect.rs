//! `spandrel inspect`: the tools of a document, or one of them in full.

use std::process::ExitCode;

use serde_json::{Value, json};
use spandrel::Tool;
use spandrel::compiler::ListedTool;
use spandrel::plan::Annotations;

use crate::args::{InspectArguments, InspectFormat};
use crate::output::{self, DIM, Printable, STRONG, count, grouped, lines, one_line};
use crate::schema_type::Schema;
use crate::specification::Specification;
use crate::table::Table;
use crate::tokens;

pub(crate) async fn run(arguments: &InspectArguments) -> anyhow::Result<ExitCode> {
    let specification = Specification::load(&arguments.spec).await?;
    let text = match (&arguments.tool, arguments.format) {
        (None, InspectFormat::Text) => overview(&specification, output::columns()),
        (None, InspectFormat::Json) => output::json_text(&overview_json(&specification))?,
        (Some(name), InspectFormat::Text) => in_full(specification.tool(name)?)?,
        (Some(name), InspectFormat::Json) => output::json_text(&ListedTool::new(specification.tool(name)?))?,
    };
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn overview(specification: &Specification, columns: Option<usize>) -> String {
    let mut table = Table::new(&["NAME", "METHOD", "PATH", "TOKENS", "TITLE"], &[3]);
    let tools = specification.compiled.catalog.tools();
    for tool in tools {
        table.row([
            tool.name.clone(),
            one_line(&tool.operation.method),
            one_line(&tool.operation.path),
            grouped(tokens::of_tool(tool)),
            one_line(tool.title.as_deref().unwrap_or_default()),
        ]);
    }
    let operations = count(specification.compiled.operations, "operation");
    let tokens = grouped(tokens::of_tools(tools.iter().map(AsRef::as_ref)));
    let totals = format!("{} of {operations}, about {tokens} tokens\n", count(tools.len(), "tool"));
    format!("{}\n{totals}", with_heading(&table.lines(columns)))
}

/// Lines of a table, the first in bold.
fn with_heading(table: &[String]) -> String {
    let Some((heading, rows)) = table.split_first() else { return String::new() };
    format!("{STRONG}{heading}{STRONG:#}\n{}", lines(rows.iter().cloned()))
}

fn overview_json(specification: &Specification) -> Value {
    let tools = specification.compiled.catalog.tools();
    let rows: Vec<Value> = tools
        .iter()
        .map(|tool| {
            json!({
                "name": tool.name,
                "method": tool.operation.method,
                "path": tool.operation.path,
                "tokens": tokens::of_tool(tool),
                "title": tool.title,
            })
        })
        .collect();
    json!({
        "tools": rows,
        "total": {
            "operations": specification.compiled.operations,
            "tools": tools.len(),
            "tokens": tokens::of_tools(tools.iter().map(AsRef::as_ref)),
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
        Some(format!("{DIM}{}{DIM:#}", hints(tool))),
    ];
    let description = tool.description.as_ref().map(|text| format!("{}\n", Printable(text.trim())));
    let arguments = arguments(tool, &schema).lines(output::columns());
    let output_schema = tool.output_schema.as_ref().map(output::json_text).transpose()?;
    let sections = [
        Some(lines(head.into_iter().flatten())),
        description,
        Some(with_heading(&arguments)).filter(|_| !tool.arguments.is_empty()),
        Some(format!("{STRONG}Input schema{STRONG:#}\n{}", output::json_text(&schema)?)),
        output_schema.map(|schema| format!("{STRONG}Output schema{STRONG:#}\n{schema}")),
    ];
    Ok(sections.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

fn hints(tool: &Tool) -> String {
    let Annotations { read_only, destructive, idempotent, .. } = tool.annotations;
    let words = [(read_only, "read-only"), (destructive, "destructive"), (idempotent, "idempotent")];
    let words: Vec<&str> = words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
    let tokens = format!("about {} tokens", grouped(tokens::of_tool(tool)));
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
