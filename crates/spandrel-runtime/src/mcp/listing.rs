//! What a client is told of the server and its tools, built once.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use rmcp::ErrorData;
use rmcp::model::{
    Implementation, JsonObject, MetaObject, ProtocolVersion, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use spandrel_plan::{Annotations, Api, JsonText};

use super::list_changes;
use super::pages::{self, Page};
use crate::bridge::{ServerInfo, Snapshot};
use crate::custom_tool::CustomTool;
use crate::hook::CalledTool;

/// The key under which a result names its server (MCP 2026-07-28, basic, `_meta`).
const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";

/// The most characters of an API's description that every client is told when it connects.
const INSTRUCTIONS_CHARS: usize = 2_000;

/// How the server is used, for its instructions.
pub(crate) struct Usage {
    /// How operations are found, where they are not listed.
    pub(crate) operations: Option<String>,
    /// What becomes of long results.
    pub(crate) results: Option<String>,
}

impl Usage {
    /// The instructions, with what the API says of itself.
    fn beside(self, api: &Api) -> Option<String> {
        let parts = [self.operations.or_else(|| described(api)), self.results];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("\n\n"))
    }
}

/// What is told of the server and its tools.
pub(crate) struct Listing {
    server: ServerConfig,
    meta: MetaObject,
    /// `meta` as JSON text.
    meta_text: String,
    /// `"tools":[…]`, as it stands in every list. Written when first asked for, so that a large catalog
    /// starts at once, and only as text, which takes the least memory.
    tools: OnceLock<Bytes>,
    /// The tools with arguments that stand in headers, too, found when first asked for.
    mirroring: OnceLock<BTreeSet<String>>,
    /// Tells one list of tools from another.
    pub(super) fingerprint: OnceLock<u64>,
}

impl Listing {
    /// `usage` is told where the operator says nothing else.
    pub(crate) fn new(server: &ServerInfo, api: &Api, announces_changes: bool, usage: Usage) -> Self {
        let implementation = implementation(server, api);
        let mut meta = MetaObject::default();
        if let Ok(value) = serde_json::to_value(&implementation) {
            meta.insert(SERVER_INFO.to_owned(), value);
        }
        let meta_text = serde_json::to_string(&meta).unwrap_or_else(|_| "{}".to_owned());
        let mut config = ServerConfig::new(capabilities(announces_changes))
            .with_protocol_version(ProtocolVersion::V_2025_11_25)
            .with_server_info(implementation);
        config.instructions = server.instructions.clone().or_else(|| usage.beside(api));
        Self {
            server: config,
            meta,
            meta_text,
            tools: OnceLock::new(),
            mirroring: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }
    }

    pub(crate) fn instructions(&self) -> Option<&str> {
        self.server.instructions.as_deref()
    }

    /// With all that some client can use; [`list_changes::withdraw`](super::list_changes::withdraw) takes back
    /// what others cannot.
    pub(super) fn server(&self) -> &ServerConfig {
        &self.server
    }

    /// The `_meta` of every result to a client that knows it.
    pub(super) fn meta(&self) -> &MetaObject {
        &self.meta
    }

    /// The same as JSON text.
    pub(super) fn meta_text(&self) -> &str {
        &self.meta_text
    }
}

impl Snapshot {
    /// A page of the listed tools: custom ones first, then the catalog's, each in its order, and last the one that
    /// reads on in results.
    ///
    /// # Errors
    /// For a cursor of another list.
    pub(super) fn tools_page(&self, cursor: Option<&str>) -> Result<Page, ErrorData> {
        let length = self.custom_tools().count() + self.listed_operations().len();
        pages::page(cursor, length, self.config.tools_per_page, self.list_fingerprint())
    }

    /// The tools of a page.
    pub(super) fn listed_tools(&self, page: &Page) -> Vec<Tool> {
        let tools = self.all_listed().skip(page.start).take(page.end.saturating_sub(page.start));
        tools
            .map(|tool| match tool {
                CustomOrOperation::Custom(tool) => custom_tool(tool),
                CustomOrOperation::Operation(tool) => operation(tool),
            })
            .collect()
    }

    fn all_listed(&self) -> impl Iterator<Item = CustomOrOperation<'_>> {
        let first = self.first_tools().map(CustomOrOperation::Custom);
        let operations = self.listed_operations().iter().map(CustomOrOperation::Operation);
        first.chain(operations).chain(self.last_tool().map(CustomOrOperation::Custom))
    }

    /// The tool of that name, as it is listed.
    pub(super) fn listed_tool(&self, name: &str) -> Option<Tool> {
        self.tool(name).map(|tool| match tool {
            CalledTool::Operation(tool) => operation(&tool),
            CalledTool::Custom(tool) => custom_tool(&tool),
        })
    }

    /// `"tools":[…]`, and the cursor of the next page where there is one: the first page as JSON text.
    pub(super) fn tools_text(&self) -> Bytes {
        self.listing.tools.get_or_init(|| write_tools(self).into()).clone()
    }
}

impl Snapshot {
    /// Whether arguments of the tool stand in headers, too, which the SDK compares.
    pub(super) fn mirrors_headers(&self, tool: &str) -> bool {
        let mirroring = self.listing.mirroring.get_or_init(|| {
            let custom = self.custom_tools().map(|tool| (tool.name(), tool.input_schema()));
            let operations = self.catalog.tools().iter().map(|tool| (tool.name.as_str(), &tool.input_schema));
            let all = custom.chain(operations);
            let mirroring = all.filter(|(_, schema)| schema.as_str().contains("\"x-mcp-header\""));
            mirroring.map(|(name, _)| name.to_owned()).collect()
        });
        mirroring.contains(tool)
    }
}

/// A tool as it is listed, its schemas as they are kept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedTool<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    input_schema: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_schema: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<Annotations>,
}

enum CustomOrOperation<'a> {
    Custom(&'a Arc<CustomTool>),
    Operation(&'a Arc<spandrel_plan::Tool>),
}

fn write_tools(snapshot: &Snapshot) -> Vec<u8> {
    // Without a cursor there always is a page.
    let page = snapshot.tools_page(None).ok();
    let size = page.as_ref().map_or(usize::MAX, |page| page.end);
    let mut out = b"\"tools\":[".to_vec();
    let begin = out.len();
    let mut push = |tool: &ListedTool<'_>| {
        if out.len() > begin {
            out.push(b',');
        }
        // Writing to memory what is JSON already cannot fail.
        let _ = serde_json::to_writer(&mut out, tool);
    };
    let empty = JsonText::from_value(&Value::Object(JsonObject::new()));
    for tool in snapshot.all_listed().take(size) {
        match tool {
            CustomOrOperation::Custom(tool) => {
                let parts = tool.listed();
                let input = JsonText::from_value(&parts.input_schema);
                let output = parts.output_schema.map(JsonText::from_value);
                push(&ListedTool {
                    name: tool.name(),
                    title: parts.title,
                    description: Some(parts.description),
                    input_schema: input_text(&input, &empty),
                    output_schema: output.as_ref().and_then(output_text),
                    annotations: parts.annotations,
                });
            }
            CustomOrOperation::Operation(tool) => push(&ListedTool {
                name: &tool.name,
                title: tool.title.as_deref(),
                description: tool.description.as_deref(),
                input_schema: input_text(&tool.input_schema, &empty),
                output_schema: tool.output_schema.as_ref().and_then(output_text),
                annotations: Some(tool.annotations),
            }),
        }
    }
    out.push(b']');
    if let Some(cursor) = page.and_then(|page| page.next_cursor) {
        out.extend_from_slice(b",\"nextCursor\":\"");
        out.extend_from_slice(cursor.as_bytes());
        out.push(b'"');
    }
    out.shrink_to_fit();
    out
}

/// What is no object is nothing that a client could take for a schema.
fn input_text<'a>(schema: &'a JsonText, empty: &'a JsonText) -> &'a RawValue {
    if schema.as_str().starts_with('{') { schema.as_raw() } else { empty.as_raw() }
}

fn output_text(schema: &JsonText) -> Option<&RawValue> {
    output_schema(&schema.to_value()).map(|_| schema.as_raw())
}

fn capabilities(announces_changes: bool) -> ServerCapabilities {
    let mut capabilities = ServerCapabilities::builder()
        .enable_completions()
        .enable_resources()
        .enable_resources_list_changed()
        .enable_tools()
        .enable_tool_list_changed()
        .build();
    if !announces_changes {
        list_changes::withdraw(&mut capabilities);
    }
    capabilities
}

/// What the API says of itself, in so many words that a model can keep them in mind.
fn described(api: &Api) -> Option<String> {
    let text = api.description.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    let mut shown: String = text.chars().take(INSTRUCTIONS_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    Some(shown)
}

fn implementation(server: &ServerInfo, api: &Api) -> Implementation {
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    match &server.identity {
        Some((name, version)) => Implementation::new(name, version),
        None => Implementation::new(or(&api.title, "spandrel"), or(&api.version, env!("CARGO_PKG_VERSION"))),
    }
}

fn operation(tool: &spandrel_plan::Tool) -> Tool {
    let description = tool.description.clone().map(Into::into);
    let input = object(&tool.input_schema.to_value()).unwrap_or_default();
    let mut listed = Tool::new_with_raw(tool.name.clone(), description, input);
    listed.title.clone_from(&tool.title);
    listed.output_schema =
        tool.output_schema.as_ref().map(JsonText::to_value).as_ref().and_then(output_schema);
    listed.annotations = Some(annotations(tool.annotations));
    listed
}

fn custom_tool(tool: &CustomTool) -> Tool {
    let parts = tool.listed();
    let input = object(&parts.input_schema).unwrap_or_default();
    let mut listed = Tool::new(tool.name().to_owned(), parts.description.to_owned(), input);
    listed.title = parts.title.map(str::to_owned);
    listed.output_schema = parts.output_schema.and_then(output_schema);
    listed.annotations = parts.annotations.map(annotations);
    listed
}

/// Older clients refuse the whole list for one output schema whose root is not an object's.
fn output_schema(schema: &Value) -> Option<Arc<JsonObject>> {
    (schema.get("type").and_then(Value::as_str) == Some("object")).then(|| object(schema)).flatten()
}

fn object(schema: &Value) -> Option<Arc<JsonObject>> {
    schema.as_object().cloned().map(Arc::new)
}

fn annotations(hints: Annotations) -> ToolAnnotations {
    let Annotations { read_only, destructive, idempotent, open_world } = hints;
    ToolAnnotations::from_raw(None, Some(read_only), Some(destructive), Some(idempotent), Some(open_world))
}
