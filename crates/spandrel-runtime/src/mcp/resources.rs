//! What a client can read: the API's description, each operation's details, results that are kept.
//!
//! | URI | what it is |
//! |---|---|
//! | `spandrel://api` | the API, and its operations at a glance |
//! | `spandrel://operations/{operation}` | one operation, by the name of its tool |
//! | `spandrel://operations/{operation}/arguments/{argument}?value={value}` | one argument; with a value, whether that is taken |
//! | `spandrel://results/{id}` | a result that was too large to be embedded |

mod address;
mod api_page;
mod argument_page;
mod completion;
mod operation_page;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rmcp::ErrorData;
use rmcp::model::{Resource, ResourceContents, ResourceTemplate};
use serde_json::json;

use self::address::Address;
pub(super) use self::completion::complete;
use crate::bridge::{Bridge, Snapshot};
use crate::hook::CalledTool;
use crate::principal::Principal;

const MARKDOWN: &str = "text/markdown";
/// How many resources a page of the list holds.
pub(super) const PAGE: usize = 100;

const API_URI: &str = "spandrel://api";
const OPERATION_TEMPLATE: &str = "spandrel://operations/{operation}";
const ARGUMENT_TEMPLATE: &str = "spandrel://operations/{operation}/arguments/{argument}?value={value}";

/// How many resources are listed: the API, and one for each tool. Results that are kept are not: they are
/// their callers'.
pub(super) fn count(snapshot: &Snapshot) -> usize {
    1 + snapshot.config.tools.len() + snapshot.catalog.tools().len()
}

/// The resources from `start` to before `end`.
pub(super) fn list(snapshot: &Snapshot, start: usize, end: usize) -> Vec<Resource> {
    let api = std::iter::once_with(|| {
        let title = api_page::title(snapshot);
        let description = "What this API is, and its operations at a glance.";
        Resource::new(API_URI, "api").with_title(title).with_description(description).with_mime_type(MARKDOWN)
    });
    let operations = snapshot.tool_names().map(|name| {
        let resource = Resource::new(Address::operation(name), name).with_mime_type(MARKDOWN);
        let summary = snapshot.tool(name).and_then(|tool| summary(&tool));
        summary.into_iter().fold(resource, Resource::with_description)
    });
    api.chain(operations).skip(start).take(end.saturating_sub(start)).collect()
}

/// The templates of what can be read, but for results that are kept: those are linked to.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    [
        (OPERATION_TEMPLATE, "operation", "One operation: its request, arguments and schemas."),
        (ARGUMENT_TEMPLATE, "argument", "One argument of an operation, and whether it takes a value."),
    ]
    .map(|(uri, name, description)| {
        ResourceTemplate::new(uri, name).with_description(description).with_mime_type(MARKDOWN)
    })
    .into()
}

/// What stands at `uri`, for `caller`.
///
/// # Errors
/// Where there is nothing.
pub(super) fn read(
    bridge: &Bridge,
    snapshot: &Snapshot,
    uri: &str,
    caller: Option<&Principal>,
) -> Result<ResourceContents, ErrorData> {
    let page = |text: String| ResourceContents::text(text, uri).with_mime_type(MARKDOWN);
    if let Some(kept) = bridge.kept_result(uri, caller) {
        let is_text = matches!(kept.media_type.as_str(), "application/json" | "text/plain");
        if let (true, Ok(text)) = (is_text, std::str::from_utf8(&kept.data)) {
            return Ok(ResourceContents::text(text, uri).with_mime_type(kept.media_type));
        }
        return Ok(ResourceContents::blob(STANDARD.encode(&kept.data), uri).with_mime_type(kept.media_type));
    }
    let found = match Address::parse(uri) {
        Some(Address::Api) => Some(api_page::write(snapshot)),
        Some(Address::Operation(name)) => snapshot.tool(&name).map(|tool| operation_page::write(&tool)),
        Some(Address::Argument { operation, argument, value }) => snapshot
            .tool(&operation)
            .and_then(|tool| argument_page::write(&tool, &argument, value.as_deref())),
        None => None,
    };
    found.map(page).ok_or_else(|| {
        ErrorData::resource_not_found(
            "Resource not found. Results are kept for a while only; the rest is in resources/list",
            Some(json!({"uri": uri})),
        )
    })
}

/// What a tool does, on one line.
fn summary(tool: &CalledTool) -> Option<String> {
    let (title, description) = match tool {
        CalledTool::Operation(tool) => (tool.title.as_deref(), tool.description.as_deref()),
        CalledTool::Custom(tool) => (tool.listed().title, Some(tool.listed().description)),
    };
    let line = title.or_else(|| description.and_then(|text| text.lines().next()))?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}
