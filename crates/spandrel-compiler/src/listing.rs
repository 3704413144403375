//! The catalog as JSON: what `spandrel compile` prints.

use serde::Serialize;
use spandrel_openapi::{Code, DocumentSet, Severity, SourceId};
use spandrel_plan::{
    Annotations, Argument, Confirmation, JsonText, OperationRef, ResponseShape, SuppliedArgument, Tool,
};

use crate::compile::Compiled;

/// A catalog with its source and diagnostics, ready to be serialised. The same document and options
/// give the same bytes.
#[derive(Debug, Serialize)]
pub struct Listing<'c> {
    /// The version of Spandrel that made it.
    pub spandrel: &'static str,
    /// What it was made from.
    pub source: ListedSource<'c>,
    /// The tools.
    pub tools: Vec<ListedTool<'c>>,
    /// What was found on the way.
    pub diagnostics: Vec<ListedDiagnostic<'c>>,
}

/// The document that a catalog was made from.
#[derive(Debug, Serialize)]
pub struct ListedSource<'c> {
    /// The API's name.
    pub title: &'c str,
    /// The API's version.
    pub version: &'c str,
    /// The specification's version, as the document writes it.
    pub openapi: &'c str,
    /// Operations in the document.
    pub operations: usize,
}

/// One tool.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedTool<'c> {
    /// Its name.
    pub name: &'c str,
    /// A title for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'c str>,
    /// What a model is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'c str>,
    /// The operation behind it.
    pub operation: &'c OperationRef,
    /// Where each argument goes.
    pub arguments: &'c [Argument],
    /// The schema of the arguments.
    pub input_schema: &'c JsonText,
    /// The schema of the structured result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<&'c JsonText>,
    /// Hints on its effects.
    pub annotations: Annotations,
    /// Whether a person is asked before a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<&'c Confirmation>,
    /// What of an answer is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<&'c ResponseShape>,
    /// What the bridge gives instead of the model. Values of environment variables are never among it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub supplied: &'c [SuppliedArgument],
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct ListedDiagnostic<'c> {
    /// The kind of finding.
    pub code: Code,
    /// What it costs.
    pub severity: Severity,
    /// The document it stands in, where that is not the root: its URL as seen from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Where it stands there.
    pub pointer: &'c str,
    /// What was found.
    pub message: &'c str,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'c str>,
}

impl<'c> Listing<'c> {
    /// The listing of `compiled`, which was made from `set`.
    #[must_use]
    pub fn new(compiled: &'c Compiled, set: &'c DocumentSet) -> Self {
        let api = compiled.catalog.api();
        let diagnostics = compiled.diagnostics.iter().map(|finding| ListedDiagnostic {
            code: finding.code,
            severity: finding.severity,
            document: (finding.location.source != SourceId::ROOT)
                .then(|| relative(set, finding.location.source)),
            pointer: finding.location.pointer.as_str(),
            message: &finding.message,
            help: finding.help.as_deref(),
        });
        Self {
            spandrel: env!("CARGO_PKG_VERSION"),
            source: ListedSource {
                title: &api.title,
                version: &api.version,
                openapi: &compiled.document.version_text,
                operations: compiled.operations,
            },
            tools: compiled.catalog.tools().iter().map(|tool| ListedTool::new(tool)).collect(),
            diagnostics: diagnostics.collect(),
        }
    }
}

impl<'c> ListedTool<'c> {
    /// The listing of one tool.
    #[must_use]
    pub fn new(tool: &'c Tool) -> Self {
        Self {
            name: &tool.name,
            title: tool.title.as_deref(),
            description: tool.description.as_deref(),
            operation: &tool.operation,
            arguments: &tool.arguments,
            input_schema: &tool.input_schema,
            output_schema: tool.output_schema.as_ref(),
            annotations: tool.annotations,
            confirm: tool.confirmation.as_ref(),
            response: tool.response_shape.as_ref(),
            supplied: &tool.plan.supplied,
        }
    }
}

/// A document's URL as seen from the root's, so that a listing does not depend on where they lie.
fn relative(set: &DocumentSet, source: SourceId) -> String {
    set.name_of(set.url(source))
}
