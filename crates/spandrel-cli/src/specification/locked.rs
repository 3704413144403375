//! A lock file in the place of a document.

use anyhow::bail;
use indexmap::IndexMap;
use spandrel::compiler::Compaction;
use spandrel::openapi::{Document, Info, SpecVersion};
use spandrel::plan::LockFile;
use spandrel::{BaseUrl, Compiled, Profile};

use crate::args::spec::{Layout, ToolArguments};

/// What the lock file came from, as far as it says so.
pub(super) fn compiled(lock: LockFile, base_url: Option<&BaseUrl>) -> Compiled {
    let version_text = lock.document().specification.clone();
    let catalog = lock.into_catalog(base_url);
    let (api, operations) = (catalog.api(), catalog.tools().len());
    let info = Info {
        title: api.title.clone(),
        version: api.version.clone(),
        description: api.description.clone(),
        ..Info::default()
    };
    let document = Document {
        version: SpecVersion::V3_1,
        version_text,
        info,
        servers: Vec::new(),
        security_schemes: IndexMap::default(),
        tags: Vec::new(),
        operations: Vec::new(),
        operations_found: operations,
        unread: Vec::new(),
    };
    Compiled { catalog, diagnostics: Vec::new(), operations, unselected: 0, skipped: Vec::new(), document }
}

/// Refuses options that say how tools are made: those of a lock file are.
pub(super) fn refuse_options(tools: &ToolArguments, name: &str) -> anyhow::Result<()> {
    let table = [
        (!tools.include.is_empty(), "--include"),
        (!tools.exclude.is_empty(), "--exclude"),
        (tools.read_only, "--read-only"),
        (!tools.confirm.is_empty(), "--confirm"),
        (tools.profile != Profile::default(), "--profile"),
        (tools.arguments != Layout::Flat, "--arguments"),
        (tools.name_limit.is_some(), "--name-limit"),
        (tools.compact != Compaction::default(), "--compact"),
        (tools.result_fields, "--result-fields"),
        (tools.no_output_schemas, "--no-output-schemas"),
        (tools.server.is_some(), "--server"),
        (!tools.server_var.is_empty(), "--server-var"),
        (!tools.overlay.is_empty(), "--overlay"),
        (tools.allow_remote_refs, "--allow-remote-refs"),
    ];
    match table.iter().find(|(is_given, _)| *is_given) {
        Some((_, option)) => bail!(
            "{name} is a lock file, whose tools are made already: give {option} to `spandrel compile`, which \
             makes it"
        ),
        None => Ok(()),
    }
}
