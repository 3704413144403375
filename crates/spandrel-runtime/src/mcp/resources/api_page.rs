//! The API as a whole, in Markdown.

use std::fmt::Write;

use super::summary;
use crate::bridge::Snapshot;
use crate::hook::CalledTool;

/// The most bytes of the API's own description.
const DESCRIPTION: usize = 64 * 1024;
/// The most operations that are named; each is a resource of its own.
const OPERATIONS: usize = 500;

/// What the API is called.
pub(super) fn title(snapshot: &Snapshot) -> String {
    let api = snapshot.catalog.api();
    let title = if api.title.trim().is_empty() { "An API without a title" } else { api.title.trim() };
    format!("{title} {}", api.version).trim_end().to_owned()
}

pub(super) fn write(snapshot: &Snapshot) -> String {
    let mut page = format!("# {}\n", title(snapshot));
    let description = snapshot.catalog.api().description.as_deref().map(str::trim).unwrap_or_default();
    if !description.is_empty() {
        let end = description.floor_char_boundary(DESCRIPTION.min(description.len()));
        let (shown, rest) = description.split_at(end);
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(page, "\n{shown}{}", if rest.is_empty() { "" } else { "…" });
    }
    page.push_str("\n## Operations\n\n");
    for name in snapshot.tool_names().take(OPERATIONS) {
        let Some(tool) = snapshot.tool(name) else { continue };
        let request = match &tool {
            CalledTool::Operation(tool) => {
                format!(": `{} {}`", tool.operation.method, tool.operation.path)
            }
            CalledTool::Custom(_) => String::new(),
        };
        let summary = summary(&tool).map(|text| format!(" – {text}")).unwrap_or_default();
        let _ = writeln!(page, "- `{name}`{request}{summary}");
    }
    let more = super::count(snapshot).saturating_sub(1 + OPERATIONS);
    if more > 0 {
        let _ = writeln!(page, "\nand {more} more; `resources/list` names them all.");
    }
    let _ = writeln!(page, "\nThe details of one are at `{}`.", super::OPERATION_TEMPLATE);
    page
}
