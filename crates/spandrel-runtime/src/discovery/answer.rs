//! What a search and a description answer.

use std::fmt::Write;

use serde_json::{Map, Value};
use spandrel_plan::Tool;
use spandrel_search::Filter;

use super::overview::within;
use super::tools::{MOST_DESCRIBED, MOST_FOUND, USUALLY_FOUND};
use super::{Operations, signature};

/// The most tokens of what one operation is about, in the answer to a search.
const SUMMARY_TOKENS: usize = 40;
/// How many names are suggested for one that is unknown.
const MOST_SUGGESTED: usize = 3;

/// The operations that are asked for, best first.
pub(super) fn search(operations: &Operations, arguments: &Map<String, Value>) -> String {
    let text = |key: &str| arguments.get(key).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let given = |key: &str| Some(text(key).to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
    let filter = Filter { tags: given("tag"), methods: given("method") };
    let asked = arguments.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
    let all = operations.catalog.tools();
    let admitted = || all.iter().filter(|tool| filter.admits(tool));
    let number = admitted().count();
    let query = text("query");
    let found: Vec<&Tool> = if query.is_empty() {
        admitted().take(asked.unwrap_or(MOST_FOUND)).map(AsRef::as_ref).collect()
    } else {
        let ranked = operations.index().search(query, &filter, asked.unwrap_or(USUALLY_FOUND));
        ranked.into_iter().map(|ranked| ranked.tool.as_ref()).collect()
    };
    if found.is_empty() {
        return nothing(operations, number);
    }
    let order = if query.is_empty() { "" } else { ", best first" };
    let mut answer = format!("{} of {number} operations{order}:\n", found.len());
    for tool in found {
        let _ = write!(answer, "\n{}\n  {}\n  {}\n", head(tool), summary(tool), signature::of(tool));
    }
    answer
}

fn nothing(operations: &Operations, number: usize) -> String {
    if number == 0 {
        return format!(
            "No operation has that tag and method. Search without them: `{}` names the tags.",
            operations.names.search
        );
    }
    format!(
        "None of {number} operations has anything to do with that. Use other words, or list those of a tag."
    )
}

/// Its name, what it calls, and what that may do.
fn head(tool: &Tool) -> String {
    let hint = match (tool.annotations.read_only, tool.annotations.destructive) {
        (true, _) => " (read-only)",
        (false, true) => " (destructive)",
        (false, false) => "",
    };
    format!("{}: {} {}{hint}", tool.name, tool.operation.method, tool.operation.path)
}

fn summary(tool: &Tool) -> String {
    let title = tool.title.as_deref().filter(|title| !title.is_empty());
    within(title.or(tool.description.as_deref()).unwrap_or_default(), SUMMARY_TOKENS)
}

/// The operations of those names in full.
pub(super) fn describe(operations: &Operations, arguments: &Map<String, Value>) -> String {
    let names = arguments.get("names").and_then(Value::as_array).into_iter().flatten();
    let described = names.filter_map(Value::as_str).take(MOST_DESCRIBED).map(|name| {
        operations.catalog.get(name).map_or_else(
            || unknown(operations, name),
            |tool| {
                let description = tool.description.as_deref().unwrap_or_default();
                let schema = tool.input_schema.as_str();
                format!("{}\n{description}\nThe JSON Schema of its arguments: {schema}", head(tool))
            },
        )
    });
    described.collect::<Vec<_>>().join("\n\n")
}

/// That no operation has that name, and which may have been meant.
pub(super) fn unknown(operations: &Operations, name: &str) -> String {
    let ranked = operations.index().search(name, &Filter::default(), MOST_SUGGESTED);
    let names: Vec<String> = ranked.iter().map(|ranked| format!("`{}`", ranked.tool.name)).collect();
    let name = within(name, SUMMARY_TOKENS);
    match names.as_slice() {
        [] => format!("There is no operation `{name}`. `{}` finds operations.", operations.names.search),
        names => format!(
            "There is no operation `{name}`. Did you mean {}? `{}` finds others.",
            names.join(" or "),
            operations.names.search
        ),
    }
}
