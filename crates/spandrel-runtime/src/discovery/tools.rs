//! The three tools.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use spandrel_plan::{Annotations, Tool};

use super::{Operations, answer, overview};
use crate::custom_tool::CustomTool;

/// The most operations that one search answers with, and how many it does unasked.
pub(super) const MOST_FOUND: usize = 20;
pub(super) const USUALLY_FOUND: usize = 5;
/// The most operations that are described at once.
pub(super) const MOST_DESCRIBED: usize = 5;
/// The most methods that are named; there are nine unless a document makes up its own.
const MOST_METHODS: usize = 12;

/// Reads of the catalog, which change nothing and reach nobody.
const OF_THE_CATALOG: Annotations =
    Annotations { read_only: true, destructive: false, idempotent: true, open_world: false };

/// The tools to search, describe and call.
pub(super) fn new(operations: &Arc<Operations>) -> (CustomTool, CustomTool, CustomTool) {
    (search(operations), describe(operations), call(operations))
}

fn search(operations: &Arc<Operations>) -> CustomTool {
    let (names, of_catalog) = (&operations.names, Arc::clone(operations));
    let description = format!(
        "Finds operations by what you want to do, best first, each with its arguments. {} Without a query, lists \
         those of a tag or method.",
        overview::of_api(operations)
    );
    let schema = json!({
        "type": "object",
        "properties": {
            "query": {"type": "string", "maxLength": spandrel_search::MAX_QUERY_CHARACTERS, "description": "What to do, in a few words"},
            "tag": {"type": "string"},
            "method": method(operations),
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": USUALLY_FOUND},
        },
        "additionalProperties": false,
    });
    CustomTool::raw(&names.search, description, schema, move |arguments| {
        let text = answer::search(&of_catalog, &arguments);
        async move { text }
    })
    .title("Search operations")
    .annotations(OF_THE_CATALOG)
}

/// The schema of a method: those that there are.
fn method(operations: &Operations) -> Value {
    let methods: BTreeSet<&str> =
        operations.catalog.tools().iter().map(|tool| tool.operation.method.as_str()).collect();
    if methods.len() > MOST_METHODS {
        json!({"type": "string"})
    } else {
        json!({"type": "string", "enum": methods})
    }
}

fn describe(operations: &Arc<Operations>) -> CustomTool {
    let (names, of_catalog) = (&operations.names, Arc::clone(operations));
    let description = format!(
        "Describes operations in full, with the JSON Schema of their arguments. Needed where {} leaves something open.",
        names.search
    );
    let schema = json!({
        "type": "object",
        "properties": {"names": {
            "type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST_DESCRIBED,
            "description": "As the search names them",
        }},
        "required": ["names"],
        "additionalProperties": false,
    });
    CustomTool::raw(&names.describe, description, schema, move |arguments| {
        let text = answer::describe(&of_catalog, &arguments);
        async move { text }
    })
    .title("Describe operations")
    .annotations(OF_THE_CATALOG)
}

fn call(operations: &Arc<Operations>) -> CustomTool {
    let (names, of_catalog) = (&operations.names, Arc::clone(operations));
    let description = format!(
        "Calls an operation that {} found. Wrong arguments are answered with their schema.",
        names.search
    );
    let schema = json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "As the search names it"},
            "arguments": {"type": "object", "properties": {}, "description": "The operation's own arguments"},
        },
        "required": ["name"],
        "additionalProperties": false,
    });
    CustomTool::raw(&names.call, description, schema, move |arguments: Map<String, Value>| {
        // A name that is known never comes here: its call is the operation's own.
        let name = arguments.get("name").and_then(Value::as_str).unwrap_or_default();
        let unknown = answer::unknown(&of_catalog, name);
        async move { Err::<String, _>(unknown) }
    })
    .title("Call an operation")
    .annotations(worst(operations.catalog.tools()))
}

/// What a call may do at the worst.
fn worst(tools: &[Arc<Tool>]) -> Annotations {
    let hints = || tools.iter().map(|tool| tool.annotations);
    Annotations {
        read_only: hints().all(|hints| hints.read_only),
        destructive: hints().any(|hints| hints.destructive),
        idempotent: hints().all(|hints| hints.idempotent),
        open_world: hints().any(|hints| hints.open_world),
    }
}
