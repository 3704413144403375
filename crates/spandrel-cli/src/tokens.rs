//! What tools cost a model.

use spandrel::{Catalog, Tool, tokens};

/// How many tokens a model reads to know `tool`.
pub(crate) fn of_tool(tool: &Tool) -> usize {
    tokens::of_tool(&tool.name, tool.description.as_deref(), tool.input_schema.as_str())
}

/// Whether all tools of a catalog are at most `limit` tokens; no more are counted than it takes to tell.
pub(crate) fn fit(catalog: &Catalog, limit: usize) -> bool {
    let mut left = limit;
    catalog.tools().iter().all(|tool| {
        // A long schema need not be read to its end.
        let fits = tokens::fits(tool.input_schema.as_str(), left);
        let rest = if fits { left.checked_sub(of_tool(tool)) } else { None };
        left = rest.unwrap_or_default();
        rest.is_some()
    })
}
