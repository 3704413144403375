//! The path of a request: what stands in a variable stays in its segment.

use serde_json::Value;

use super::content;
use super::list::Joined;
use super::shadowing::Brought;
use crate::arguments::{Arguments, invalid, value_of};
use crate::error::CallError;
use crate::percent_encode::{Escape, is_dot_segment};
use crate::plan::{ArgumentPath, ParameterPlan, PathPlan, PathSegment, Serialization, Style};
use crate::value_text::parameter_text;

/// Writes the path after the server's.
///
/// # Errors
/// When a value is missing, or would make its segment empty, `.` or `..`.
pub(super) fn write(path: &PathPlan, arguments: &Arguments, out: &mut String) -> Result<(), CallError> {
    if !matches!(path.segments.first(), Some(PathSegment::Literal(text)) if text.starts_with('/')) {
        out.push('/');
    }
    let mut segment = Segment { start: out.len(), argument: None, in_query: false };
    let mut brought = Brought::default();
    for piece in &path.segments {
        match piece {
            PathSegment::Literal(text) => {
                let mut encoded = String::with_capacity(text.len());
                Escape::Template.push(&mut encoded, text);
                segment.literal(&encoded, out)?;
            }
            PathSegment::Variable(parameter) => {
                let value = value_of(arguments, parameter)?.unwrap_or(&Value::Null);
                if is_matrix(parameter) {
                    brought.add(parameter, value, variables(path), std::iter::empty())?;
                }
                let before = out.len();
                variable(parameter, value, segment.in_query, out);
                if out.len() == before {
                    return Err(invalid(
                        &parameter.argument,
                        "part of the URL's path, so it must not be empty",
                    ));
                }
                segment.argument = Some(&parameter.argument);
            }
        }
    }
    segment.check(out)
}

fn variables(path: &PathPlan) -> impl Iterator<Item = &ParameterPlan> {
    path.segments.iter().filter_map(|piece| match piece {
        PathSegment::Literal(_) => None,
        PathSegment::Variable(parameter) => Some(parameter),
    })
}

/// Whether its value stands under a name, which of all styles of a path only this one writes.
fn is_matrix(parameter: &ParameterPlan) -> bool {
    matches!(parameter.serialization, Serialization::Style { style: Style::Matrix, .. })
}

/// The segment that is being written.
struct Segment<'a> {
    /// Where it begins in the URL.
    start: usize,
    /// The last argument in it.
    argument: Option<&'a ArgumentPath>,
    /// Whether the template's query has begun.
    in_query: bool,
}

impl Segment<'_> {
    fn literal(&mut self, text: &str, out: &mut String) -> Result<(), CallError> {
        let Some((end, _)) = text.split_once(['/', '?']) else {
            out.push_str(text);
            return Ok(());
        };
        out.push_str(end);
        self.check(out)?;
        out.push_str(text.get(end.len()..).unwrap_or_default());
        self.start = out.rfind('/').map_or(out.len(), |slash| slash + 1);
        self.argument = None;
        self.in_query |= text.contains('?');
        Ok(())
    }

    /// Whether nobody on the way can take the segment for a step in the path. URL parsers resolve
    /// `.` and `..`, also as `%2E`, and some servers cut at `;` before they do.
    fn check(&self, out: &str) -> Result<(), CallError> {
        let Some(argument) = self.argument else { return Ok(()) };
        let segment = out.get(self.start..).unwrap_or_default();
        let name = segment.split(';').next().unwrap_or_default();
        if is_dot_segment(name) {
            return Err(invalid(
                argument,
                "would make a segment of the URL's path `.` or `..`, which is a step to another path; give another value",
            ));
        }
        Ok(())
    }
}

/// Writes a variable (OAS 3.1.1, "Style Examples"; RFC 6570, sections 3.2.2, 3.2.5 and 3.2.7).
fn variable(parameter: &ParameterPlan, value: &Value, in_query: bool, out: &mut String) {
    let (style, explode, escape) = match &parameter.serialization {
        Serialization::Content { media_type } | Serialization::Querystring { media_type, .. } => {
            return Escape::Unreserved.push(out, &content::text(media_type, value));
        }
        Serialization::Style { style, explode, allow_reserved } => {
            let escape = match (*allow_reserved, in_query) {
                (false, _) => Escape::Unreserved,
                (true, false) => Escape::ReservedInPath,
                (true, true) => Escape::ReservedInQuery,
            };
            (*style, *explode, escape)
        }
    };
    match style {
        Style::Matrix => matrix(&parameter.name, value, explode, escape, out),
        Style::Label => {
            out.push('.');
            Joined::by_style(style, explode, escape).write(out, value);
        }
        // The styles of queries and cookies mean nothing in a path; `simple` is its default.
        _ => Joined::by_style(style, explode, escape).write(out, value),
    }
}

fn matrix(name: &str, value: &Value, explode: bool, escape: Escape, out: &mut String) {
    match value {
        Value::Array(items) if explode => {
            for item in items.iter().filter(|item| !item.is_null()) {
                matrix_pair(name, &parameter_text(item), escape, out);
            }
        }
        Value::Object(members) if explode => {
            for (member, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                matrix_pair(member, &parameter_text(value), escape, out);
            }
        }
        Value::Array(_) | Value::Object(_) => {
            matrix_pair(name, "", escape, out);
            let before = out.len();
            out.push('=');
            Joined::by_style(Style::Matrix, false, escape).write(out, value);
            if out.len() == before + 1 {
                out.truncate(before);
            }
        }
        scalar => matrix_pair(name, &parameter_text(scalar), escape, out),
    }
}

/// An empty value has no `=`.
fn matrix_pair(name: &str, value: &str, escape: Escape, out: &mut String) {
    out.push(';');
    Escape::Unreserved.push(out, name);
    if !value.is_empty() {
        out.push('=');
        escape.push(out, value);
    }
}
