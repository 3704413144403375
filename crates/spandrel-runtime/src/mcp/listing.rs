//! What a client is told of the server and its tools, built once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use rmcp::model::{
    Implementation, JsonObject, MetaObject, ProtocolVersion, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use serde_json::Value;
use spandrel_plan::{Annotations, Api, JsonText};

use crate::bridge::{ServerInfo, Snapshot};
use crate::custom_tool::CustomTool;

/// The key under which a result names its server (MCP 2026-07-28, basic, `_meta`).
const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";

/// What is told of the server and its tools.
pub(crate) struct Listing {
    server: ServerConfig,
    meta: MetaObject,
    /// Built when first asked for, so that a large catalog starts at once.
    tools: OnceLock<Tools>,
}

struct Tools {
    /// In the order in which they are listed.
    all: Vec<Tool>,
    by_name: HashMap<String, usize>,
}

impl Listing {
    pub(crate) fn new(server: &ServerInfo, api: &Api) -> Self {
        let implementation = implementation(server, api);
        let mut meta = MetaObject::default();
        if let Ok(value) = serde_json::to_value(&implementation) {
            meta.insert(SERVER_INFO.to_owned(), value);
        }
        let mut config = ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_protocol_version(ProtocolVersion::V_2025_11_25)
            .with_server_info(implementation);
        config.instructions.clone_from(&server.instructions);
        Self { server: config, meta, tools: OnceLock::new() }
    }

    pub(super) fn server(&self) -> &ServerConfig {
        &self.server
    }

    /// The `_meta` of every result to a client that knows it.
    pub(super) fn meta(&self) -> &MetaObject {
        &self.meta
    }
}

impl Snapshot {
    /// Every tool: custom ones first, then the catalog's, each in its order.
    pub(super) fn listed_tools(&self) -> &[Tool] {
        &self.tools_once().all
    }

    pub(super) fn listed_tool(&self, name: &str) -> Option<&Tool> {
        let tools = self.tools_once();
        tools.by_name.get(name).and_then(|&index| tools.all.get(index))
    }

    fn tools_once(&self) -> &Tools {
        self.listing.tools.get_or_init(|| {
            let custom = self.config.tools.iter().map(|tool| custom_tool(tool));
            let operations = self.catalog.tools().iter().map(|tool| operation(tool));
            let all: Vec<Tool> = custom.chain(operations).collect();
            let by_name =
                all.iter().enumerate().map(|(index, tool)| (tool.name.clone().into_owned(), index)).collect();
            Tools { all, by_name }
        })
    }
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
