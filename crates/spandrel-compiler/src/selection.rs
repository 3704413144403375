//! Which operations become tools.

use std::fmt;
use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use spandrel_openapi::Operation;
use thiserror::Error;

/// A condition on an operation: `tag:pets`, `method:get`, `path:/pets/**` or `operation:list*`.
#[derive(Debug, Clone)]
pub struct Rule {
    text: String,
    condition: Condition,
}

#[derive(Debug, Clone)]
enum Condition {
    Tag(GlobMatcher),
    Method(String),
    Path(GlobMatcher),
    OperationId(GlobMatcher),
}

/// Why a rule cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RuleError {
    /// It does not say what it is about.
    #[error(
        "`{0}` does not say what it selects by: write tag:NAME, method:METHOD, path:GLOB or operation:GLOB"
    )]
    UnknownKind(String),
    /// Its pattern is not a glob.
    #[error("`{pattern}` is not a glob: {message}")]
    InvalidGlob {
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Rule {
    /// Whether `operation` meets the condition.
    #[must_use]
    pub fn matches(&self, operation: &Operation) -> bool {
        match &self.condition {
            Condition::Tag(glob) => operation.tags.iter().any(|tag| glob.is_match(tag)),
            Condition::Method(method) => operation.method.eq_ignore_ascii_case(method),
            Condition::Path(glob) => glob.is_match(&operation.path),
            Condition::OperationId(glob) => {
                operation.operation_id.as_ref().is_some_and(|id| glob.is_match(id))
            }
        }
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let unknown = || RuleError::UnknownKind(text.to_owned());
        let (kind, pattern) = text.split_once(':').ok_or_else(unknown)?;
        let condition = match kind {
            "tag" => Condition::Tag(glob(pattern, false)?),
            "method" => Condition::Method(pattern.to_owned()),
            "path" => Condition::Path(glob(pattern, true)?),
            "operation" | "operationId" => Condition::OperationId(glob(pattern, false)?),
            _ => return Err(unknown()),
        };
        Ok(Self { text: text.to_owned(), condition })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Braces are path variables here, not alternatives: `path:/pets/{petId}` means what it shows.
fn glob(pattern: &str, is_path: bool) -> Result<GlobMatcher, RuleError> {
    let escaped = pattern.replace('{', "[{").replace('}', "}]").replace("[{", "[{]").replace("}]", "[}]");
    GlobBuilder::new(&escaped).literal_separator(is_path).build().map(|glob| glob.compile_matcher()).map_err(
        |error| RuleError::InvalidGlob { pattern: pattern.to_owned(), message: error.kind().to_string() },
    )
}

/// An operation is chosen if some `include` rule matches it, or there is none, and no `exclude` rule
/// does. The order of the rules does not matter.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// What is chosen; everything where this is empty.
    pub include: Vec<Rule>,
    /// What is left out of that.
    pub exclude: Vec<Rule>,
}

impl Selection {
    /// Whether there are no rules, so that everything is chosen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Whether `operation` is chosen.
    #[must_use]
    pub fn selects(&self, operation: &Operation) -> bool {
        let included = self.include.is_empty() || self.include.iter().any(|rule| rule.matches(operation));
        included && !self.exclude.iter().any(|rule| rule.matches(operation))
    }

    /// The rules that match none of `operations`: most likely misspelt.
    pub fn unmatched<'a>(&'a self, operations: &'a [Operation]) -> impl Iterator<Item = &'a Rule> {
        let rules = self.include.iter().chain(&self.exclude);
        rules.filter(|rule| !operations.iter().any(|operation| rule.matches(operation)))
    }
}
