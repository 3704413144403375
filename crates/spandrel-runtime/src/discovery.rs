//! Discovery: three tools to search, describe and call the operations of a catalog, instead of one tool for
//! each. What a model is told up front is then small whatever the API.
//!
//! | | |
//! |---|---|
//! | [`tools`] | the three tools |
//! | [`overview`] | what the API is about, in few words |
//! | [`answer`] | what a search and a description answer |
//! | [`signature`] | how an operation is called, on a line |
//! | [`call`] | a call of an operation by the call tool is a call of that operation |

mod answer;
mod call;
mod overview;
mod signature;
mod tools;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use spandrel_plan::{Catalog, Tool};
use spandrel_search::SearchIndex;

use crate::custom_tool::CustomTool;
use crate::tool_names::free_name;

pub(crate) use call::{call, call_named};

/// How the operations of a large API are offered: by search rather than in the list.
///
/// A client then lists three tools, which search operations, describe them and call them, and the tools that
/// are pinned. A call through the call tool is the operation's own call: [hooks](crate::Hook), checks of
/// arguments, credentials and limits see the operation. The other tools can still be called by their names,
/// which a client may know from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    pinned: BTreeSet<String>,
}

impl Discovery {
    /// Lists no tool but the three.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lists the tool of that name beside them. A name that the catalog does not have lists nothing.
    #[must_use]
    pub fn pin(mut self, tool: impl Into<String>) -> Self {
        self.pinned.insert(tool.into());
        self
    }
}

/// The three tools of one catalog.
pub(crate) struct DiscoveryTools {
    search: Arc<CustomTool>,
    describe: Arc<CustomTool>,
    call: Arc<CustomTool>,
    pinned: Vec<Arc<Tool>>,
    operations: Arc<Operations>,
}

/// The operations that are found, and the index over them.
pub(crate) struct Operations {
    catalog: Arc<Catalog>,
    /// Made when first searched, so that a large catalog starts at once.
    index: OnceLock<SearchIndex>,
    names: ToolNames,
}

/// The names of the three tools, which are none of the catalog's.
#[derive(Debug, Clone)]
struct ToolNames {
    search: String,
    describe: String,
    call: String,
}

impl DiscoveryTools {
    /// The tools for `catalog`, with names that are neither its own nor `custom` ones.
    pub(crate) fn new(discovery: &Discovery, catalog: &Arc<Catalog>, custom: &[Arc<CustomTool>]) -> Self {
        let names = ToolNames::free(catalog, custom);
        let is_pinned = |tool: &&Arc<Tool>| discovery.pinned.contains(&tool.name);
        let pinned = catalog.tools().iter().filter(is_pinned).cloned().collect();
        let operations = Arc::new(Operations { catalog: Arc::clone(catalog), index: OnceLock::new(), names });
        let (search, describe, call) = tools::new(&operations);
        Self {
            search: Arc::new(search),
            describe: Arc::new(describe),
            call: Arc::new(call),
            pinned,
            operations,
        }
    }

    /// The three, as they are listed.
    pub(crate) fn tools(&self) -> [&Arc<CustomTool>; 3] {
        [&self.search, &self.describe, &self.call]
    }

    /// The catalog's tools that are listed nevertheless.
    pub(crate) fn pinned(&self) -> &[Arc<Tool>] {
        &self.pinned
    }

    /// What a model should know of the server as a whole, beside what the API says of itself.
    pub(crate) fn instructions(&self) -> String {
        overview::instructions(&self.operations)
    }

    /// Makes the index, unless it is there.
    pub(crate) fn prepare(&self) {
        self.operations.index();
    }
}

impl Operations {
    fn index(&self) -> &SearchIndex {
        self.index.get_or_init(|| SearchIndex::new(&self.catalog))
    }
}

impl ToolNames {
    fn free(catalog: &Catalog, custom: &[Arc<CustomTool>]) -> Self {
        let free = |name: &str| free_name(name, catalog, custom);
        Self {
            search: free("search_operations"),
            describe: free("describe_operations"),
            call: free("call_operation"),
        }
    }
}

#[cfg(test)]
mod tests;
