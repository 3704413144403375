//! What is wrong with the arguments, in words for a model.

use std::fmt::Write;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::discriminator::{self, Choice};
use super::expectation::{describe, describe_type, quoted};
use crate::value_text::truncated;

/// The most problems in one message.
const MAX_PROBLEMS: usize = 10;
/// The most errors looked at: many can say the same of one argument.
const MAX_ERRORS: usize = 200;
/// The most bytes of one problem, and of the message.
const MAX_LINE: usize = 1_000;
const MAX_MESSAGE: usize = 2_000;
/// The most known names in one message.
const MAX_NAMES: usize = 40;
/// How alike two names must be for the one to be meant by the other, 0 to 1.
const ALIKE: f64 = 0.7;

/// Problems, gathered from the validator's errors.
pub(super) struct Problems {
    schema: Value,
    seen: usize,
    lines: Vec<String>,
    more: bool,
}

impl Problems {
    pub(super) const fn new(schema: Value) -> Self {
        Self { schema, seen: 0, lines: Vec::new(), more: false }
    }

    /// Adds what `error` says. False once there is enough.
    pub(super) fn add(&mut self, error: &ValidationError<'_>) -> bool {
        self.seen += 1;
        for line in self.describe(error) {
            if self.lines.contains(&line) {
                continue;
            }
            if self.lines.len() == MAX_PROBLEMS {
                self.more = true;
                return false;
            }
            self.lines.push(line);
        }
        self.seen < MAX_ERRORS
    }

    /// The whole message; none where there was no problem.
    pub(super) fn into_message(self, tool: &str) -> Option<String> {
        if self.lines.is_empty() {
            return None;
        }
        let mut message = format!("The arguments of `{tool}` are not valid.");
        let mut more = self.more;
        for line in &self.lines {
            let line = truncated(line, MAX_LINE);
            if message.len() + line.len() > MAX_MESSAGE {
                more = true;
                break;
            }
            message.push_str("\n- ");
            message.push_str(&line);
        }
        if more {
            message.push_str("\n- and more");
        }
        Some(message)
    }

    fn describe(&self, error: &ValidationError<'_>) -> Vec<String> {
        let path = error.instance_path().as_str();
        let name = name_of(path);
        match error.kind() {
            Kind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                let expected = self
                    .owner(error)
                    .and_then(|owner| owner.get("properties")?.get(property))
                    .map(|schema| format!(" (expected {})", describe(schema, &self.schema)))
                    .unwrap_or_default();
                vec![format!("{}: required, but missing{expected}", member_of(path, property))]
            }
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                let known = self.known_names(error);
                unexpected.iter().take(MAX_PROBLEMS).map(|one| unknown(path, one, &known)).collect()
            }
            Kind::PropertyNames { error } => {
                let key = error.instance().as_str().map(str::to_owned).unwrap_or_default();
                vec![format!("{}: a member may not have this name", member_of(path, &key))]
            }
            Kind::UniqueItems => vec![format!("{name}: its items must differ from each other")],
            Kind::OneOfMultipleValid { .. } => vec![format!(
                "{name}: expected {}, and only one of them at a time; got {} which fits several",
                self.expected(error),
                quoted(error.instance())
            )],
            Kind::Not { .. } | Kind::FalseSchema => {
                vec![format!("{name}: this value is not allowed: {}", quoted(error.instance()))]
            }
            Kind::Type { .. } => {
                let expected = self.owner(error).map(|owner| describe_type(owner, &self.schema));
                let expected = expected.unwrap_or_else(|| "another value".to_owned());
                vec![format!("{name}: expected {expected}, got {}", quoted(error.instance()))]
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => self.closest(error, context),
            _ => vec![format!("{name}: expected {}, got {}", self.expected(error), quoted(error.instance()))],
        }
    }

    /// Where all but one alternative want another type, what is wrong by that one; else all
    /// alternatives.
    fn closest(&self, error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) -> Vec<String> {
        if let Some(lines) = self.discriminated(error, context) {
            return lines;
        }
        let at_root = |errors: &&Vec<ValidationError<'static>>| {
            errors.iter().any(|inner| {
                matches!(inner.kind(), Kind::Type { .. } | Kind::Constant { .. } | Kind::Enum { .. })
                    && inner.instance_path() == error.instance_path()
            })
        };
        let mut fitting = context.iter().filter(|errors| !at_root(errors));
        if let (Some(only), None) = (fitting.next(), fitting.next()) {
            return only.iter().take(MAX_PROBLEMS).flat_map(|inner| self.describe(inner)).collect();
        }
        let name = name_of(error.instance_path().as_str());
        vec![format!("{name}: expected {}, got {}", self.expected(error), quoted(error.instance()))]
    }

    /// Where one property tells the alternatives apart, what is wrong by the one that it selects, or
    /// which values select one.
    fn discriminated(
        &self,
        error: &ValidationError<'_>,
        context: &[Vec<ValidationError<'static>>],
    ) -> Option<Vec<String>> {
        let instance = error.instance().as_object()?;
        let alternatives = self.owner(error)?.get(error.kind().keyword())?.as_array()?;
        match discriminator::choose(alternatives, &self.schema, instance)? {
            Choice::Selected(index) => {
                let errors = context.get(index)?.iter().take(MAX_PROBLEMS);
                let lines: Vec<String> = errors.flat_map(|inner| self.describe(inner)).collect();
                (!lines.is_empty()).then_some(lines)
            }
            Choice::Unknown { property, values } => {
                let member = member_of(error.instance_path().as_str(), property);
                let shown: Vec<String> = values.iter().take(MAX_NAMES).map(|value| quoted(value)).collect();
                let expected = format!("expected one of {}", shown.join(", "));
                Some(vec![match instance.get(property) {
                    Some(given) => format!("{member}: {expected}, got {}", quoted(given)),
                    None => format!("{member}: required, but missing ({expected})"),
                }])
            }
        }
    }

    /// The schema object that has the keyword which failed.
    fn owner(&self, error: &ValidationError<'_>) -> Option<&Value> {
        let pointer = error.schema_path().as_str();
        let keyword = format!("/{}", error.kind().keyword());
        // The path may go on below the keyword, as `/required/0` does.
        let end = pointer.rfind(&keyword)?;
        self.schema.pointer(pointer.get(..end)?)
    }

    fn expected(&self, error: &ValidationError<'_>) -> String {
        self.owner(error).map_or_else(|| "another value".to_owned(), |owner| describe(owner, &self.schema))
    }

    fn known_names(&self, error: &ValidationError<'_>) -> Vec<&str> {
        let properties = self.owner(error).and_then(|owner| owner.get("properties")?.as_object());
        properties.map(|properties| properties.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

fn unknown(path: &str, name: &str, known: &[&str]) -> String {
    let mut line = format!("{}: unknown", member_of(path, name));
    let closest = known
        .iter()
        .map(|known| (strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase()), *known))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    // Writing to a string cannot fail.
    let _ = match (closest, known.is_empty()) {
        (Some((_, closest)), _) => write!(line, "; did you mean `{closest}`?"),
        (None, true) => write!(line, "; none is allowed here"),
        (None, false) => write!(line, ";"),
    };
    if !known.is_empty() {
        let names: Vec<String> = known.iter().take(MAX_NAMES).map(|known| format!("`{known}`")).collect();
        let more = if known.len() > MAX_NAMES { " and more" } else { "" };
        let _ = write!(line, " known: {}{more}", names.join(", "));
    }
    line
}

/// `filter.tags[0]` for `/filter/tags/0`.
fn name_of(pointer: &str) -> String {
    let path = dotted(pointer);
    if path.is_empty() { "the arguments".to_owned() } else { format!("`{path}`") }
}

fn member_of(pointer: &str, member: &str) -> String {
    let path = dotted(pointer);
    let member = truncated(member, 100);
    if path.is_empty() { format!("`{member}`") } else { format!("`{path}.{member}`") }
}

fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for token in pointer.split('/').skip(1) {
        if !path.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) {
            let _ = write!(path, "[{token}]");
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&token.replace("~1", "/").replace("~0", "~"));
    }
    truncated(&path, 300).into_owned()
}
