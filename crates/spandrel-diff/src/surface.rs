//! Two catalogs.

use std::collections::HashMap;

use spandrel_plan::{Api, Catalog, Tool};

use crate::change::{Change, ChangeKind, Changes, Risk, SurfaceDiff, quoted};
use crate::tool;

/// What has changed from `old` to `new`.
#[must_use]
pub fn compare(old: &Catalog, new: &Catalog) -> SurfaceDiff {
    let mut changes = api(old.api(), new.api());
    let gone = old.tools().iter().filter(|tool| new.get(&tool.name).is_none());
    let come = new.tools().iter().filter(|tool| old.get(&tool.name).is_none());
    let mut come_by_operation: HashMap<(&str, &str), &Tool> = HashMap::new();
    for tool in come.clone() {
        come_by_operation.entry(called(tool)).or_insert(tool);
    }
    let mut renamed: HashMap<&str, &Tool> = HashMap::new();
    for tool in gone {
        if let Some(other) = come_by_operation.remove(&called(tool)) {
            renamed.insert(&tool.name, other);
        }
    }
    for tool in old.tools() {
        let mut own = Changes::of(Some(&tool.name));
        match (new.get(&tool.name), renamed.get(tool.name.as_str())) {
            (Some(other), _) => tool::compare(tool, other, &mut own),
            (None, Some(other)) => {
                own.push(
                    Risk::Breaking,
                    ChangeKind::ToolRenamed,
                    format!("it is called `{}` now", other.name),
                );
                tool::compare(tool, other, &mut own);
            }
            (None, None) => {
                let message = format!("it is gone ({})", operation(tool));
                own.push(Risk::Breaking, ChangeKind::ToolRemoved, message);
            }
        }
        changes.append(&mut own.found);
    }
    let is_renamed = |tool: &Tool| renamed.values().any(|other| other.name == tool.name);
    for tool in come.filter(|tool| !is_renamed(tool)) {
        let mut own = Changes::of(Some(&tool.name));
        own.push(Risk::Safe, ChangeKind::ToolAdded, format!("it is new ({})", operation(tool)));
        changes.append(&mut own.found);
    }
    changes.sort_by_key(|change| change.risk);
    SurfaceDiff { changes }
}

fn called(tool: &Tool) -> (&str, &str) {
    (&tool.operation.method, &tool.operation.path)
}

fn operation(tool: &Tool) -> String {
    format!("{} {}", tool.operation.method, tool.operation.path)
}

fn api(old: &Api, new: &Api) -> Vec<Change> {
    let mut changes = Changes::of(None);
    for (what, old, new) in [("title", &old.title, &new.title), ("version", &old.version, &new.version)] {
        if old != new {
            let message = format!("the API's {what} was {} and is {}", quoted(old), quoted(new));
            changes.push(Risk::Safe, ChangeKind::Api, message);
        }
    }
    if old.description != new.description {
        // Every client is told it when it connects.
        changes.push(Risk::Risky, ChangeKind::Api, "the API's description has changed");
    }
    changes.found
}

#[cfg(test)]
mod tests;
