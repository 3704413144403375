//! Which operations become tools.

use std::fmt;
use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};
use spandrel_openapi::Operation;
use spandrel_plan::Annotations;
use thiserror::Error;

/// A condition on an operation, as it is written on a command line:
///
/// | rule | matches |
/// |---|---|
/// | `tag:pets` | a tag, as a glob |
/// | `method:get` | the method, in any case |
/// | `path:/pets/**` | the path template, as a glob in which `*` stays within a segment |
/// | `operation:list*` | the `operationId`, as a glob |
/// | `tag~…`, `path~…`, `operation~…` | the same, as a regular expression that matches anywhere |
/// | `deprecated` | operations that the document calls deprecated |
/// | `read-only`, `destructive`, `idempotent`, `open-world` | the tool's hint |
#[derive(Debug, Clone)]
pub struct Rule {
    text: String,
    condition: Condition,
}

#[derive(Debug, Clone)]
enum Condition {
    Tag(Pattern),
    Method(String),
    Path(Pattern),
    OperationId(Pattern),
    Deprecated,
    Hint(Hint),
}

#[derive(Debug, Clone)]
enum Pattern {
    Glob(GlobMatcher),
    Expression(Regex),
}

#[derive(Debug, Clone, Copy)]
enum Hint {
    ReadOnly,
    Destructive,
    Idempotent,
    OpenWorld,
}

/// Why a rule cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RuleError {
    /// It does not say what it is about.
    #[error(
        "`{0}` does not say what it selects by: write tag:NAME, method:METHOD, path:GLOB or operation:GLOB, \
         ~ instead of : for a regular expression, or deprecated, read-only, destructive, idempotent, open-world"
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
    /// Its pattern is not a regular expression.
    #[error("`{pattern}` is not a regular expression: {message}")]
    InvalidExpression {
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Pattern {
    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Glob(glob) => glob.is_match(text),
            Self::Expression(expression) => expression.is_match(text),
        }
    }
}

impl Hint {
    const fn holds(self, hints: Annotations) -> bool {
        match self {
            Self::ReadOnly => hints.read_only,
            Self::Destructive => hints.destructive,
            Self::Idempotent => hints.idempotent,
            Self::OpenWorld => hints.open_world,
        }
    }
}

impl Rule {
    /// Whether `operation`, whose tool has these hints, meets the condition.
    #[must_use]
    pub fn matches(&self, operation: &Operation, hints: Annotations) -> bool {
        match &self.condition {
            Condition::Tag(pattern) => operation.tags.iter().any(|tag| pattern.is_match(tag)),
            Condition::Method(method) => operation.method.eq_ignore_ascii_case(method),
            Condition::Path(pattern) => pattern.is_match(&operation.path),
            Condition::OperationId(pattern) => {
                operation.operation_id.as_ref().is_some_and(|id| pattern.is_match(id))
            }
            Condition::Deprecated => operation.deprecated,
            Condition::Hint(hint) => hint.holds(hints),
        }
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let condition = match word(text) {
            Some(condition) => condition,
            None => patterned(text)?,
        };
        Ok(Self { text: text.to_owned(), condition })
    }
}

/// A rule that is one word.
fn word(text: &str) -> Option<Condition> {
    Some(match text {
        "deprecated" => Condition::Deprecated,
        "read-only" => Condition::Hint(Hint::ReadOnly),
        "destructive" => Condition::Hint(Hint::Destructive),
        "idempotent" => Condition::Hint(Hint::Idempotent),
        "open-world" => Condition::Hint(Hint::OpenWorld),
        _ => return None,
    })
}

/// A rule with a glob behind `:`, or a regular expression behind `~`.
fn patterned(text: &str) -> Result<Condition, RuleError> {
    let unknown = || RuleError::UnknownKind(text.to_owned());
    let at = text.find([':', '~']).ok_or_else(unknown)?;
    let (kind, rest) = text.split_at(at);
    let is_expression = rest.starts_with('~');
    let pattern = rest.get(1..).unwrap_or_default();
    let read = |is_path| {
        if is_expression {
            expression(pattern).map(Pattern::Expression)
        } else {
            glob(pattern, is_path).map(Pattern::Glob)
        }
    };
    Ok(match kind {
        "tag" => Condition::Tag(read(false)?),
        "method" if !is_expression => Condition::Method(pattern.to_owned()),
        "path" => Condition::Path(read(true)?),
        "operation" | "operationId" => Condition::OperationId(read(false)?),
        _ => return Err(unknown()),
    })
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The most bytes that a compiled regular expression may take.
const EXPRESSION_BYTES: usize = 1 << 20;

fn expression(pattern: &str) -> Result<Regex, RuleError> {
    RegexBuilder::new(pattern).size_limit(EXPRESSION_BYTES).build().map_err(|error| {
        // The last line says what is wrong; those before it show where.
        let text = error.to_string();
        let message = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        RuleError::InvalidExpression { pattern: pattern.to_owned(), message }
    })
}

/// Braces are path variables here, not alternatives: `path:/pets/{petId}` means what it shows.
fn glob(pattern: &str, is_path: bool) -> Result<GlobMatcher, RuleError> {
    let escaped = pattern.replace('{', "[{").replace('}', "}]").replace("[{", "[{]").replace("}]", "[}]");
    GlobBuilder::new(&escaped).literal_separator(is_path).build().map(|glob| glob.compile_matcher()).map_err(
        |error| RuleError::InvalidGlob { pattern: pattern.to_owned(), message: error.kind().to_string() },
    )
}

/// Which operations become tools. The order of the rules does not matter:
///
/// 1. what the document's author left out is not chosen;
/// 2. with `include` rules, only what one of them matches is;
/// 3. what an `exclude` rule matches is not, whatever includes it;
/// 4. with `read_only`, only what changes nothing is, whatever includes it.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// What is chosen; everything where this is empty.
    pub include: Vec<Rule>,
    /// What is left out of that.
    pub exclude: Vec<Rule>,
    /// Whether only tools that are hinted to change nothing are chosen.
    pub read_only: bool,
}

impl Selection {
    /// Whether everything is chosen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty() && !self.read_only
    }

    /// Whether `operation`, whose tool has these hints, is chosen.
    #[must_use]
    pub fn selects(&self, operation: &Operation, hints: Annotations) -> bool {
        let any = |rules: &[Rule]| rules.iter().any(|rule| rule.matches(operation, hints));
        (self.include.is_empty() || any(&self.include))
            && !any(&self.exclude)
            && (!self.read_only || hints.read_only)
    }

    /// All rules.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.include.iter().chain(&self.exclude)
    }
}

#[cfg(test)]
mod tests;
