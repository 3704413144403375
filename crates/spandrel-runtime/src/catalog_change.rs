//! What a new catalog changes of the list of tools.

use spandrel_plan::{Catalog, Tool};

/// What clients see differently once a catalog has taken another's place. How a tool is called is not among
/// it: no client sees that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CatalogChange {
    /// The names of tools that were not there before, in the new catalog's order.
    pub added: Vec<String>,
    /// The names of tools that are there no more, in the old catalog's order.
    pub removed: Vec<String>,
    /// The names of tools that are described differently: title, description, schemas or hints.
    pub changed: Vec<String>,
}

impl CatalogChange {
    /// Compares two catalogs.
    pub(crate) fn between(old: &Catalog, new: &Catalog) -> Self {
        let mut change = Self::default();
        for tool in new.tools() {
            match old.get(&tool.name) {
                None => change.added.push(tool.name.clone()),
                Some(before) if !are_listed_alike(before, tool) => change.changed.push(tool.name.clone()),
                Some(_) => {}
            }
        }
        let removed = old.tools().iter().filter(|tool| new.get(&tool.name).is_none());
        change.removed = removed.map(|tool| tool.name.clone()).collect();
        change
    }

    /// Whether clients see the same tools as before. Their order alone is no change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

fn are_listed_alike(one: &Tool, other: &Tool) -> bool {
    let said = |tool: &Tool| (tool.title.clone(), tool.description.clone(), tool.annotations);
    said(one) == said(other)
        && one.input_schema == other.input_schema
        && one.output_schema == other.output_schema
}
