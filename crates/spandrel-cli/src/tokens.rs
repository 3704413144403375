//! What tools cost a model.

use spandrel::{Tool, tokens};

/// How many tokens a model reads to know `tool`.
pub(crate) fn of_tool(tool: &Tool) -> usize {
    tokens::of_tool(&tool.name, tool.description.as_deref(), tool.input_schema.as_str())
}
