//! A document set to a catalog.

use std::collections::HashSet;

use spandrel_openapi::{
    Code, Diagnostic, Document, DocumentSet, Findings, Location, Operation, SchemaCompiler, Severity,
    UnreadOperation, prose,
};
use spandrel_plan::{Annotations, Api, Catalog, Tool};

use crate::compact;
use crate::confirmation;
use crate::example;
use crate::extension::{Curation, Presented};
use crate::operation::{self, OperationContext};
use crate::options::Options;
use crate::profile;
use crate::result_fields;
use crate::schema_size::{CatalogSize, LARGE_CATALOG};
use crate::schema_text::SchemaTexts;
use crate::security::SecuritySchemes;
use crate::selection::Rule;
use crate::server;
use crate::supplied::SettingUse;
use crate::tool_name::ToolNames;

/// The most characters of what an API says of itself: no client is told more.
const LONGEST_API_DESCRIPTION: usize = 4_000;

/// What a compilation came to.
#[derive(Debug)]
pub struct Compiled {
    /// The tools.
    pub catalog: Catalog,
    /// What was found on the way, in the order of the document, each once.
    pub diagnostics: Vec<Diagnostic>,
    /// The operations that stand in the document.
    pub operations: usize,
    /// The operations that the selection, or the document's author, left out.
    pub unselected: usize,
    /// The operations that could not become tools.
    pub skipped: Vec<Skipped>,
    /// The document in OpenAPI's terms, for whoever needs more than the tools.
    pub document: Document,
}

/// An operation that could not become a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its method.
    pub method: String,
    /// Its path template.
    pub path: String,
    /// Why, for a person.
    pub reason: String,
}

impl From<&UnreadOperation> for Skipped {
    fn from(unread: &UnreadOperation) -> Self {
        let UnreadOperation { method, path, reason } = unread.clone();
        Self { method, path, reason }
    }
}

impl Compiled {
    /// The operation that a tool calls.
    #[must_use]
    pub fn operation(&self, tool: &Tool) -> Option<&Operation> {
        let called = &tool.operation;
        self.document.operations.iter().find(|operation| {
            operation.method.eq_ignore_ascii_case(&called.method) && operation.path == called.path
        })
    }

    /// The findings of one severity.
    pub fn with_severity(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(move |diagnostic| diagnostic.severity == severity)
    }
}

/// Compiles the operations that `options` selects. It never fails: what cannot be compiled is
/// skipped with a reason, and everything else is kept.
#[must_use]
pub fn compile(set: &DocumentSet, options: &Options) -> Compiled {
    let (document, mut diagnostics) = set.read();
    let curated = curate(&document, set);
    let hinted: Vec<_> = curated.iter().map(|curated| (curated.operation, curated.hints)).collect();
    let rules = options.selection.rules().chain(&options.confirm);
    diagnostics.extend(rules.filter(|rule| !matches_any(rule, &hinted)).map(unmatched_rule));
    let mut findings = Findings::default();
    set.parse_diagnostics().iter().cloned().chain(diagnostics).for_each(|found| findings.push(found));
    let mut context = OperationContext {
        set,
        version: document.version,
        options,
        schemas: SchemaCompiler::new(set, document.version),
        security: SecuritySchemes::new(&document, server::of_document(&document, set, options).as_ref()),
        diagnostics: Vec::new(),
        texts: SchemaTexts::default(),
        settings: SettingUse::default(),
        size: CatalogSize::new(options.catalog_bytes.unwrap_or(LARGE_CATALOG)),
    };
    let mut names = ToolNames::new(options.name_limit, options.profile);
    let mut tools = Vec::new();
    let mut skipped: Vec<Skipped> = document.unread.iter().map(Skipped::from).collect();
    let mut unselected = 0;
    for Curated { operation, hints, mut curation, mut found } in curated {
        // A name is given out whether or not it is used, so that a selection changes no names.
        let name = names.name(operation, curation.name.as_deref());
        if curation.is_disabled || !options.selection.selects(operation, hints) {
            unselected += 1;
            continue;
        }
        context.diagnostics.append(&mut found);
        if name.was_taken {
            context.diagnostics.push(duplicate_name(operation, &name.name));
        }
        let presented = std::mem::take(&mut curation.settings.presented);
        match operation::compile(operation, name.name, curation, &mut context) {
            Ok(parts) => {
                let found = &mut context.diagnostics;
                tools.push(present(parts.into(), operation, hints, presented, options, found));
            }
            Err(reason) => {
                let location = operation.path_location.clone();
                context.diagnostics.push(Diagnostic::new(Code::OperationSkipped, location, reason.clone()));
                let (method, path) = (operation.method.clone(), operation.path.clone());
                skipped.push(Skipped { method, path, reason });
            }
        }
        let found = context.schemas.take_diagnostics();
        context.diagnostics.drain(..).chain(found).for_each(|found| findings.push(found));
    }
    context.settings.unused().for_each(|found| findings.push(found));
    let of_catalog = [missing_server(&tools), profile::too_many(options.profile, tools.len())];
    of_catalog.into_iter().flatten().for_each(|found| findings.push(found));
    let mut diagnostics = findings.into_vec();
    keep_first_of_each(&mut diagnostics);
    let catalog = Catalog::new(api(&document), tools);
    Compiled { catalog, diagnostics, operations: document.operations_found, unselected, skipped, document }
}

/// The tool as its author, the operator and the clients' provider want it.
fn present(
    mut tool: Tool,
    operation: &Operation,
    hints: Annotations,
    presented: Presented,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Tool {
    (tool.confirmation, tool.response_shape) = (presented.confirmation, presented.response);
    if options.confirm.iter().any(|rule| rule.matches(operation, hints)) {
        confirmation::require(&mut tool);
    }
    confirmation::advertise(&mut tool);
    result_fields::advertise(&mut tool, options.result_fields);
    example::show(&mut tool, presented.examples, options.profile, diagnostics);
    diagnostics.extend(profile::apply(options.profile, &mut tool, &operation.path_location));
    compact::apply(options.compaction, options.profile, &mut tool);
    tool
}

/// An operation with what its author says of the tool.
struct Curated<'d> {
    operation: &'d Operation,
    hints: Annotations,
    curation: Curation,
    found: Vec<Diagnostic>,
}

fn curate<'d>(document: &'d Document, set: &DocumentSet) -> Vec<Curated<'d>> {
    let curate = |operation: &'d Operation| {
        let mut found = Vec::new();
        let curation = Curation::read(operation, set, &mut found);
        Curated { operation, hints: curation.hints_of(operation), curation, found }
    };
    document.operations.iter().map(curate).collect()
}

/// A rule that matches none of `operations`, given with their tools' hints, is most likely misspelt.
fn matches_any(rule: &Rule, operations: &[(&Operation, Annotations)]) -> bool {
    operations.iter().any(|(operation, hints)| rule.matches(operation, *hints))
}

fn unmatched_rule(rule: &Rule) -> Diagnostic {
    let message = format!("the rule `{rule}` matches no operation");
    Diagnostic::new(Code::SelectionUnmatched, Location::default(), message)
}

/// Leaves out what was found before.
fn keep_first_of_each(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    diagnostics
        .retain(|finding| seen.insert((finding.code, finding.location.clone(), finding.message.clone())));
}

fn api(document: &Document) -> Api {
    let info = &document.info;
    let description = info.description.as_deref().or(info.summary.as_deref());
    let description = description.map(|text| prose::plain(text, LONGEST_API_DESCRIPTION));
    Api { title: info.title.clone(), version: info.version.clone(), description }
}

fn duplicate_name(operation: &Operation, name: &str) -> Diagnostic {
    let (location, called) = if let Some(id) = operation.operation_id.as_deref() {
        (operation.path_location.child("operationId"), prose::excerpt(id, 80))
    } else {
        let path = prose::excerpt(&operation.path, 80);
        (operation.path_location.clone(), format!("{} {path}", operation.method))
    };
    let message = format!("an earlier operation is named like `{called}`; this tool is called `{name}`");
    Diagnostic::new(Code::OperationIdDuplicate, location, message)
        .with_help("give each operation an operationId of its own")
}

fn missing_server(tools: &[Tool]) -> Option<Diagnostic> {
    let without = tools.iter().filter(|tool| tool.plan.base.is_none()).count();
    let message = match without {
        1 => "1 operation has no server that requests could go to".to_owned(),
        several => format!("{several} operations have no server that requests could go to"),
    };
    (without > 0).then(|| {
        Diagnostic::new(Code::ServerMissing, Location::default(), message)
            .with_help("name one with --base-url")
    })
}
