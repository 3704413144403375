//! Parameters: their schema among the arguments, and how they are written.

use serde_json::{Value, json};
use spandrel_openapi::{
    BodySchema, Bundle, Direction, Parameter, ParameterContent, ParameterIn, SchemaCompiler, SpecVersion,
    prose,
};
use spandrel_plan::{ArgumentIn, ParameterPlan, Serialization, Style};

use crate::body::form;
use crate::input::Input;
use crate::security::KeyArgument;

/// Adds `parameter` to the arguments and plans how it is written.
pub(crate) fn bind(
    parameter: &Parameter,
    schemas: &mut SchemaCompiler<'_>,
    version: SpecVersion,
    input: &mut Input,
) -> ParameterPlan {
    let bundle = bundle(parameter, schemas);
    let serialization = serialization(parameter, &bundle, version);
    let mut schema = input.adopt(bundle);
    if parameter.allow_empty_value && parameter.place == ParameterIn::Query {
        allow_empty(&mut schema);
    }
    describe(&mut schema, parameter);
    if parameter.place == ParameterIn::Path {
        // An empty value would take the segment away.
        require_text(&mut schema);
    }
    let argument = input.add(argument_in(parameter.place), &parameter.name, parameter.required, schema);
    ParameterPlan { name: parameter.name.clone(), argument, required: parameter.required, serialization }
}

/// Adds the API key that the caller gives to the arguments, and plans how it is written.
pub(crate) fn bind_key(key: &KeyArgument<'_>, input: &mut Input) -> ParameterPlan {
    let description = format!("The API key of `{}`.", prose::plain(key.scheme, prose::SCHEMA_DESCRIPTION));
    let schema = json!({"type": "string", "minLength": 1, "description": description});
    let argument = input.add(argument_in(key.place), key.name, key.required, schema);
    let style = if key.place == ParameterIn::Header { Style::Simple } else { Style::Form };
    ParameterPlan {
        name: key.name.to_owned(),
        argument,
        required: key.required,
        serialization: Serialization::Style { style, explode: false, allow_reserved: false },
    }
}

/// The schema of `parameter`'s values; text where a path says nothing of its variable.
pub(crate) fn bundle(parameter: &Parameter, schemas: &mut SchemaCompiler<'_>) -> Bundle {
    let location = match &parameter.content {
        ParameterContent::Schema { schema, .. } => schema.as_ref(),
        ParameterContent::Media(media_type) => match &media_type.schema {
            BodySchema::Schema(location) => Some(location),
            BodySchema::Any | BodySchema::Fields(_) => None,
        },
    };
    match location {
        Some(location) => schemas.bundle(location, Direction::Request),
        None if parameter.place == ParameterIn::Path => {
            Bundle { schema: json!({"type": "string"}), ..Bundle::anything() }
        }
        None => Bundle::anything(),
    }
}

/// Puts the parameter's own description, deprecation and example onto its schema.
pub(crate) fn describe(schema: &mut Value, parameter: &Parameter) {
    let Value::Object(members) = schema else { return };
    let described =
        parameter.description.as_deref().map(|text| prose::plain(text, prose::SCHEMA_DESCRIPTION));
    if let Some(description) = described.filter(|text| !text.is_empty()) {
        members.shift_remove("title");
        members.insert("description".to_owned(), Value::String(description));
    }
    if parameter.deprecated {
        members.insert("deprecated".to_owned(), json!(true));
    }
    if let Some(example) = &parameter.example {
        let is_short = !example.is_object() && !example.is_null() && example.to_string().len() <= 80;
        if is_short && !members.contains_key("examples") && !members.contains_key("enum") {
            members.insert("examples".to_owned(), json!([example]));
        }
    }
}

/// `allowEmptyValue`: whatever the schema says, `name=` may be sent.
pub(crate) fn allow_empty(schema: &mut Value) {
    const BOUNDS: [&str; 6] = ["minLength", "pattern", "format", "enum", "const", "$ref"];
    let Value::Object(members) = schema else { return };
    let is_bounded = BOUNDS.iter().any(|keyword| members.contains_key(*keyword));
    let takes_text = members.get("type").is_none_or(|name| name == "string");
    if is_bounded || !takes_text || ["allOf", "anyOf", "oneOf"].iter().any(|key| members.contains_key(*key)) {
        let filled = std::mem::take(schema);
        *schema = json!({"anyOf": [filled, {"type": "string", "maxLength": 0}]});
    }
}

fn require_text(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    let is_text = members.get("type").and_then(Value::as_str) == Some("string");
    let is_bounded = ["minLength", "enum", "const"].iter().any(|keyword| members.contains_key(*keyword));
    if is_text && !is_bounded {
        members.insert("minLength".to_owned(), json!(1));
    }
}

pub(crate) fn argument_in(place: ParameterIn) -> ArgumentIn {
    match place {
        ParameterIn::Path => ArgumentIn::Path,
        ParameterIn::Query => ArgumentIn::Query,
        ParameterIn::Header => ArgumentIn::Header,
        ParameterIn::Cookie => ArgumentIn::Cookie,
        ParameterIn::Querystring => ArgumentIn::Querystring,
    }
}

fn serialization(parameter: &Parameter, bundle: &Bundle, version: SpecVersion) -> Serialization {
    match &parameter.content {
        ParameterContent::Schema { serialization, .. } => style(*serialization),
        ParameterContent::Media(media_type) if parameter.place == ParameterIn::Querystring => {
            let form = form::field_plans(media_type, bundle, version);
            Serialization::Querystring { media_type: media_type.name.clone(), form }
        }
        ParameterContent::Media(media_type) => Serialization::Content { media_type: media_type.name.clone() },
    }
}

/// The plan's words for OpenAPI's.
pub(crate) fn style(serialization: spandrel_openapi::Serialization) -> Serialization {
    use spandrel_openapi::Style as Written;
    let style = match serialization.style {
        Written::Matrix => Style::Matrix,
        Written::Label => Style::Label,
        Written::Simple => Style::Simple,
        Written::Form => Style::Form,
        Written::SpaceDelimited => Style::SpaceDelimited,
        Written::PipeDelimited => Style::PipeDelimited,
        Written::TabDelimited => Style::TabDelimited,
        Written::DeepObject => Style::DeepObject,
        Written::Cookie => Style::Cookie,
    };
    Serialization::Style {
        style,
        explode: serialization.explode,
        allow_reserved: serialization.allow_reserved,
    }
}
