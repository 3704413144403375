//! What tools cost a model.

use spandrel::Tool;

/// About how many tokens a model reads to know `tool`: a fourth of the characters of its name,
/// description and input schema. Clients send no more of a tool to a model, as a rule.
pub(crate) fn of_tool(tool: &Tool) -> usize {
    let description = tool.description.as_deref().unwrap_or_default();
    let texts = [tool.name.as_str(), description, tool.input_schema.as_str()];
    texts.iter().map(|text| text.chars().count()).sum::<usize>().div_ceil(4)
}

/// The same of many tools.
pub(crate) fn of_tools<'t>(tools: impl IntoIterator<Item = &'t Tool>) -> usize {
    tools.into_iter().map(of_tool).sum()
}
