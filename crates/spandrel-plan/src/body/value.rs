//! The body's value, found in the arguments and not copied from them.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::arguments::{Arguments, find, invalid, not_renderable};
use crate::error::CallError;
use crate::plan::{ArgumentPath, BodyPlan, BodySource, OperationPlan, ParameterPlan, PathSegment};
use crate::validate::ContentSchema;
use crate::value_text::text_of;

/// The body's value.
pub(super) enum BodyValue<'a> {
    /// One argument.
    Whole {
        /// Its value.
        value: &'a Value,
        /// Where it stands.
        argument: &'a ArgumentPath,
    },
    /// An object, put together from arguments.
    Members(Vec<Member<'a>>),
}

/// A property of the body.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its value.
    pub(super) value: &'a Value,
    /// Where it stands, or the whole body does.
    argument: Option<&'a ArgumentPath>,
    /// Whether it is a member of what stands there.
    nested: bool,
}

/// The argument, as messages name it.
impl fmt::Display for Member<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.argument {
            None => formatter.write_str(self.name),
            Some(argument) if self.nested => write!(formatter, "{argument}.{}", self.name),
            Some(argument) => write!(formatter, "{argument}"),
        }
    }
}

impl<'a> BodyValue<'a> {
    /// Finds the value; none where an optional body has no arguments. Null is no value for an
    /// optional body, and null for a required one.
    ///
    /// # Errors
    /// When a required body that is one argument is missing.
    pub(super) fn find(
        plan: &'a BodyPlan,
        operation: &OperationPlan,
        arguments: &'a Arguments,
    ) -> Result<Option<Self>, CallError> {
        match &plan.source {
            BodySource::Whole(argument) => match find(arguments, argument) {
                None if plan.required => Err(invalid(argument, "required, but missing")),
                Some(Value::Null) if !plan.required => Ok(None),
                value => Ok(value.map(|value| Self::Whole { value, argument })),
            },
            BodySource::Properties { properties, rest } => {
                let mut members: Vec<Member<'a>> = properties
                    .iter()
                    .filter_map(|(name, argument)| {
                        let value = find(arguments, argument)?;
                        Some(Member { name, value, argument: Some(argument), nested: false })
                    })
                    .collect();
                if *rest {
                    refuse_wire_names(properties, arguments, |key| !is_claimed(key, plan, operation))?;
                    let unclaimed = arguments.iter().filter(|(key, _)| !is_claimed(key, plan, operation));
                    members.extend(unclaimed.map(|(name, value)| Member {
                        name,
                        value,
                        argument: None,
                        nested: false,
                    }));
                }
                Ok((plan.required || !members.is_empty()).then_some(Self::Members(members)))
            }
        }
    }

    /// The properties, where the value is an object.
    pub(super) fn members(&self) -> Option<Cow<'_, [Member<'a>]>> {
        match self {
            Self::Members(members) => Some(Cow::Borrowed(members)),
            Self::Whole { value: Value::Object(members), argument } => Some(
                members
                    .iter()
                    .map(|(name, value)| Member { name, value, argument: Some(*argument), nested: true })
                    .collect(),
            ),
            Self::Whole { .. } => None,
        }
    }

    /// Compact JSON.
    pub(super) fn to_json(&self) -> Vec<u8> {
        // Writing JSON values to memory cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// JSON texts, each after `mark` and ended by a line feed.
    pub(super) fn to_json_texts(&self, mark: &[u8]) -> Vec<u8> {
        let mut texts = Vec::new();
        let mut push = |text: Vec<u8>| {
            texts.extend_from_slice(mark);
            texts.extend(text);
            texts.push(b'\n');
        };
        match self {
            Self::Whole { value: Value::Array(items), .. } => {
                for item in items {
                    push(serde_json::to_vec(item).unwrap_or_default());
                }
            }
            one => push(one.to_json()),
        }
        texts
    }

    /// The error for a value that cannot be sent as it is.
    pub(super) fn refused(&self, problem: String) -> CallError {
        match self {
            Self::Whole { argument, .. } => invalid(argument, problem),
            Self::Members(_) => not_renderable(format!("The body cannot be sent: {problem}.")),
        }
    }

    /// Whether the value satisfies `schema`.
    pub(super) fn fits(&self, schema: &ContentSchema) -> bool {
        match self {
            Self::Whole { value, .. } => schema.accepts(value),
            Self::Members(members) => {
                let members = members.iter().map(|member| (member.name.to_owned(), member.value.clone()));
                schema.accepts(&Value::Object(members.collect()))
            }
        }
    }

    /// A string as it is, anything else as JSON.
    pub(super) fn to_text(&self) -> Vec<u8> {
        match self {
            Self::Whole { value, .. } => text_of(value).into_owned().into_bytes(),
            Self::Members(_) => self.to_json(),
        }
    }
}

impl Serialize for BodyValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole { value, .. } => value.serialize(serializer),
            Self::Members(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for member in members {
                    map.serialize_entry(member.name, member.value)?;
                }
                map.end()
            }
        }
    }
}

/// Refuses an argument that is named as a property is in the body, where the property has an argument of
/// another name: it would be sent twice.
fn refuse_wire_names(
    properties: &[(String, ArgumentPath)],
    arguments: &Arguments,
    is_unclaimed: impl Fn(&str) -> bool,
) -> Result<(), CallError> {
    let twice = properties.iter().find(|(name, _)| arguments.contains_key(name) && is_unclaimed(name));
    match twice {
        Some((name, argument)) => {
            Err(invalid(name, format!("unknown; use the argument `{argument}` for that")))
        }
        None => Ok(()),
    }
}

/// Whether a key of the arguments belongs to a parameter, a named property or the choice of media
/// type.
fn is_claimed(key: &str, plan: &BodyPlan, operation: &OperationPlan) -> bool {
    let begins = |argument: &ArgumentPath| argument.0.first().is_some_and(|first| first == key);
    let claims = |parameter: &ParameterPlan| begins(&parameter.argument);
    let in_path = operation.path.segments.iter().any(|segment| match segment {
        PathSegment::Literal(_) => false,
        PathSegment::Variable(parameter) => claims(parameter),
    });
    let in_body = match &plan.source {
        BodySource::Whole(argument) => begins(argument),
        BodySource::Properties { properties, .. } => properties.iter().any(|(_, argument)| begins(argument)),
    };
    in_path
        || in_body
        || plan.choice.as_ref().is_some_and(begins)
        || [&operation.query, &operation.headers, &operation.cookies]
            .into_iter()
            .any(|parameters| parameters.iter().any(claims))
}
