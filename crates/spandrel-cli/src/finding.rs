//! Findings with their places in the text.

use std::collections::BTreeMap;

use serde::Serialize;
use spandrel::openapi::{Code, Diagnostic, Pointer, Position, Severity, SourceId, positions_of};

use crate::output::{ERROR, NOTE, Printable, WARNING};
use crate::source_name::SourceNames;
use crate::specification::Specification;

/// A finding, ready to be printed.
#[derive(Debug, Serialize)]
pub(crate) struct Finding<'d> {
    pub(crate) severity: Severity,
    pub(crate) code: Code,
    pub(crate) message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<&'d str>,
    pub(crate) document: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<usize>,
    pub(crate) pointer: &'d str,
}

/// How many findings there are of each severity.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Counts {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) infos: usize,
}

impl Counts {
    pub(crate) fn of(diagnostics: &[Diagnostic]) -> Self {
        diagnostics.iter().fold(Self::default(), |mut counts, finding| {
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
            counts
        })
    }
}

/// The findings in the order of the text: the root document first, each from its top.
pub(crate) fn located(specification: &Specification) -> Vec<Finding<'_>> {
    let diagnostics = &specification.compiled.diagnostics;
    let positions = positions(specification);
    let names = SourceNames::new(&specification.source, &specification.set);
    let mut findings: Vec<_> = diagnostics.iter().zip(positions).collect();
    findings.sort_by_key(|(diagnostic, position)| (diagnostic.location.source, *position));
    findings.into_iter().map(|(diagnostic, position)| Finding::new(diagnostic, position, &names)).collect()
}

/// Where each diagnostic stands: one pass over the text of each document.
fn positions(specification: &Specification) -> Vec<Option<Position>> {
    let diagnostics = &specification.compiled.diagnostics;
    let mut by_source: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        by_source.entry(diagnostic.location.source).or_default().push(index);
    }
    let mut positions = vec![None; diagnostics.len()];
    for (source, indices) in by_source {
        let Some(text) = specification.texts.get(&source) else { continue };
        let pointers: Vec<&Pointer> = indices
            .iter()
            .filter_map(|&index| diagnostics.get(index))
            .map(|found| &found.location.pointer)
            .collect();
        for (index, position) in indices.into_iter().zip(positions_of(text, &pointers)) {
            if let Some(place) = positions.get_mut(index) {
                *place = position;
            }
        }
    }
    positions
}

impl<'d> Finding<'d> {
    fn new(diagnostic: &'d Diagnostic, position: Option<Position>, names: &SourceNames<'_>) -> Self {
        Self {
            severity: diagnostic.severity,
            code: diagnostic.code,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            document: names.get(diagnostic.location.source),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            pointer: diagnostic.location.pointer.as_str(),
        }
    }

    /// `file:line:column: severity[code]: message`, and advice on the next line.
    pub(crate) fn text(&self) -> String {
        let (word, style) = match self.severity {
            Severity::Error => ("error", ERROR),
            Severity::Warning => ("warning", WARNING),
            Severity::Info => ("info", NOTE),
        };
        let place = match (self.line, self.column) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}", self.document),
            _ => format!("{}{}", self.document, self.pointer),
        };
        let head = format!("{}: {style}{word}[{}]{style:#}: ", Printable(&place), self.code.as_str());
        let help = self.help.map(|help| format!("\n  {NOTE}help{NOTE:#}: {}", Printable(help)));
        format!("{head}{}{}\n", Printable(self.message), help.unwrap_or_default())
    }

    /// A workflow command of GitHub Actions.
    pub(crate) fn github(&self) -> String {
        let command = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
        let place = match (self.line, self.column) {
            (Some(line), Some(column)) => format!(",line={line},col={column}"),
            _ => String::new(),
        };
        let help = self.help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let (document, code) = (property(&self.document), self.code.as_str());
        let message = escape(&format!("{}{help}", self.message));
        format!("::{command} file={document}{place},title={code}::{message}\n")
    }
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
