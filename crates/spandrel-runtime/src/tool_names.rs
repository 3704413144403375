//! Names for tools of the bridge's own, which are none of the catalog's.

use std::sync::Arc;

use spandrel_plan::Catalog;

use crate::custom_tool::CustomTool;

/// `name`, or with a number behind it the first that is neither of the catalog nor of a `custom` tool.
pub(crate) fn free_name(name: &str, catalog: &Catalog, custom: &[Arc<CustomTool>]) -> String {
    let is_free =
        |name: &String| catalog.get(name).is_none() && !custom.iter().any(|tool| tool.name() == name);
    let numbered = (2..=catalog.tools().len() + custom.len() + 2).map(|number| format!("{name}_{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}
