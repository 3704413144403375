//! Names that a value brings into a request: none may be read as another parameter's.
//!
//! An exploded object and a deep one stand in the request under names that the caller chose. Where
//! such a name is one that the document declares for something else, the server would read the
//! caller's value as that.

use std::borrow::Cow;
use std::fmt::Display;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::deep_object;
use crate::arguments::invalid;
use crate::error::CallError;
use crate::plan::{ParameterPlan, PathPlan, PathSegment, Serialization, Style};

/// Something that stands under a name beside the value that is checked.
pub(crate) struct Neighbour<'a> {
    /// Its name in the request.
    pub(crate) name: Cow<'a, str>,
    /// The argument that it is given by; none where the document fixes it.
    pub(crate) argument: Option<&'a dyn Display>,
}

/// Refuses a value with a member that a server would take for one of `neighbours`, or for a member of
/// a member. Gives the names that the value brings.
///
/// # Errors
/// For such a member.
pub(crate) fn refuse<'a>(
    name: &str,
    value: &Value,
    how: &Serialization,
    argument: &dyn Display,
    neighbours: impl Iterator<Item = Neighbour<'a>>,
) -> Result<Vec<String>, CallError> {
    let names = spread_names(name, value, how, argument)?;
    if names.is_empty() {
        return Ok(names);
    }
    for neighbour in neighbours {
        let Some(taken) = names.iter().find(|name| reads_as(name, &neighbour.name)) else { continue };
        let advice = match neighbour.argument {
            Some(argument) => format!("use the argument `{argument}` for that"),
            None => "leave it out".to_owned(),
        };
        return Err(invalid(
            argument,
            format!("its member `{taken}` would be read as another parameter; {advice}"),
        ));
    }
    Ok(names)
}

/// Whether a server that reads brackets takes `name` for `other` or a part of it.
fn reads_as(name: &str, other: &str) -> bool {
    name.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// The names of pairs that `value` brings beside its own.
fn spread_names(
    name: &str,
    value: &Value,
    how: &Serialization,
    argument: &dyn Display,
) -> Result<Vec<String>, CallError> {
    let Value::Object(members) = value else { return Ok(Vec::new()) };
    let own = || members.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.clone()).collect();
    Ok(match how {
        Serialization::Style { style: Style::DeepObject, .. } => {
            if let Some(member) = with_bracket(value) {
                let problem = format!(
                    "its member `{member}` holds a bracket, which would be read as a member of a member; \
                     write nested objects instead"
                );
                return Err(invalid(argument, problem));
            }
            let mut names = Vec::new();
            deep_object::each(name, value, &mut |name, _| names.push(name.to_owned()));
            names
        }
        Serialization::Style { explode: true, .. } => own(),
        Serialization::Querystring { media_type, form } if crate::media_type::is_form(media_type) => {
            let mut names = own();
            for (name, member) in members {
                if let Some(field) = form.fields.get(name) {
                    names.extend(spread_names(name, member, &field.serialization, argument)?);
                }
            }
            names
        }
        _ => Vec::new(),
    })
}

/// The first name of a member, at any depth, that holds a bracket.
fn with_bracket(value: &Value) -> Option<&str> {
    match value {
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            if name.contains(['[', ']']) { Some(name.as_str()) } else { with_bracket(value) }
        }),
        Value::Array(items) => items.iter().find_map(with_bracket),
        _ => None,
    }
}

/// The names that the values of one part of a request brought so far.
#[derive(Default)]
pub(super) struct Brought<'a> {
    names: Vec<(String, &'a ParameterPlan)>,
}

impl<'a> Brought<'a> {
    /// Adds the names that `value` brings, beside `parameters` and the names that are `fixed`.
    ///
    /// # Errors
    /// Where one of them would be read as something else.
    pub(super) fn add(
        &mut self,
        parameter: &'a ParameterPlan,
        value: &Value,
        parameters: impl Iterator<Item = &'a ParameterPlan>,
        fixed: impl Iterator<Item = Cow<'a, str>>,
    ) -> Result<(), CallError> {
        let declared = parameters.filter(|other| !std::ptr::eq(*other, parameter)).map(|other| Neighbour {
            name: Cow::Borrowed(&other.name),
            argument: Some(&other.argument as &dyn Display),
        });
        let brought = self.names.iter().map(|(name, other)| Neighbour {
            name: Cow::Borrowed(name),
            argument: Some(&other.argument as &dyn Display),
        });
        let fixed = fixed.map(|name| Neighbour { name, argument: None });
        let neighbours = declared.chain(brought).chain(fixed);
        let names =
            refuse(&parameter.name, value, &parameter.serialization, &parameter.argument, neighbours)?;
        self.names.extend(names.into_iter().map(|name| (name, parameter)));
        Ok(())
    }
}

/// The names of the pairs in the query that a path template holds.
pub(super) fn template_names(path: &PathPlan) -> impl Iterator<Item = Cow<'_, str>> {
    let mut in_query = false;
    let literals = path.segments.iter().filter_map(move |piece| {
        let PathSegment::Literal(text) = piece else { return None };
        if in_query {
            return Some(text.as_str());
        }
        let (_, query) = text.split_once('?')?;
        in_query = true;
        Some(query)
    });
    let pairs = literals.flat_map(|text| text.split('&'));
    let names = pairs.map(|pair| pair.split('=').next().unwrap_or_default());
    names.filter(|name| !name.is_empty()).map(|name| percent_decode_str(name).decode_utf8_lossy())
}
