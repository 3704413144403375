//! The arguments that a tool is called with.

use serde_json::{Map, Value};
use spandrel_mock::{Extent, sample};
use spandrel_plan::Tool;

use crate::{files, media_type, place};

/// What the arguments of a call were chosen to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sampling {
    /// The required arguments only.
    Required,
    /// Every argument.
    Everything,
    /// Every argument, with text that needs escaping, the largest numbers and more than one item.
    Edge,
    /// Every argument, with the body in another media type than the first.
    MediaType(String),
}

impl Sampling {
    /// A word for it: `required`, `everything`, `edge`, or the media type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Required => "required",
            Self::Everything => "everything",
            Self::Edge => "edge",
            Self::MediaType(name) => name,
        }
    }

    pub(crate) const fn extent(&self) -> Extent {
        match self {
            Self::Required => Extent::Required,
            Self::Everything | Self::MediaType(_) => Extent::Everything,
            Self::Edge => Extent::Edge,
        }
    }
}

/// Arguments for one call.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// What they were chosen to show.
    pub sampling: Sampling,
    /// The arguments; else why none could be made that the tool's schema accepts.
    pub arguments: Result<Map<String, Value>, String>,
}

/// The arguments that `tool` is called with, each different from those before.
#[must_use]
pub fn samples(tool: &Tool) -> Vec<Given> {
    let schema = without_bridge_arguments(tool, place::filled(&tool.plan, tool.input_schema.to_value()));
    let mut wanted = vec![Sampling::Required, Sampling::Everything, Sampling::Edge];
    wanted.extend(media_type::others(&tool.plan).map(Sampling::MediaType));
    let mut given: Vec<Given> = Vec::new();
    for sampling in wanted {
        let narrowed = match &sampling {
            Sampling::MediaType(name) => media_type::narrowed(&tool.plan, &schema, name),
            _ => schema.clone(),
        };
        let arguments = made(tool, narrowed, &sampling);
        let is_known =
            |known: &Given| known.arguments == arguments || known.arguments.is_err() && arguments.is_err();
        if !given.iter().any(is_known) {
            given.push(Given { sampling, arguments });
        }
    }
    given
}

/// Some arguments are for the bridge, and no part of a request.
fn without_bridge_arguments(tool: &Tool, mut schema: Value) -> Value {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        tool.bridge_arguments().for_each(|argument| drop(properties.shift_remove(argument)));
    }
    schema
}

fn made(tool: &Tool, schema: Value, sampling: &Sampling) -> Result<Map<String, Value>, String> {
    let sample = sample(schema, sampling.extent());
    match sample.value {
        Value::Object(mut arguments) if sample.verified => {
            files::fill(&tool.plan, sampling, &mut arguments);
            place::fit(&tool.plan, &mut arguments);
            Ok(arguments)
        }
        _ if sample.complaints.is_empty() => Err("the schema allows no value, or none that ends".to_owned()),
        _ => Err(sample.complaints.join("; ")),
    }
}
