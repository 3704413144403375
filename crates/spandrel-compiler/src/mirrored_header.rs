//! `x-mcp-header`: arguments that an MCP client repeats as headers of its own request
//! (MCP 2026-07-28, Tools). A client leaves out a whole tool over one that it does not allow, so
//! only those that it does are kept.

use std::collections::HashSet;

use http::HeaderName;
use serde_json::Value;
use spandrel_openapi::{
    BodySchema, Code, Diagnostic, DocumentSet, Location, Operation, Parameter, ParameterContent, prose,
};
use spandrel_plan::ArgumentIn;

use crate::input::Input;
use crate::parameter::argument_in;

const EXTENSION: &str = "x-mcp-header";
/// The places of a property of the body among the arguments.
const OF_BODY: [ArgumentIn; 2] = [ArgumentIn::Body, ArgumentIn::Form];

/// An argument, and the header that it is to be repeated in.
struct Wish<'d> {
    places: Vec<ArgumentIn>,
    argument: String,
    header: &'d Value,
    location: Location,
}

/// Puts the extension of parameters, and of properties of the body, onto the arguments they became.
pub(crate) fn mirror(
    operation: &Operation,
    set: &DocumentSet,
    input: &mut Input,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut taken = HashSet::new();
    let parameters = operation.parameters.iter().filter_map(|parameter| of_parameter(parameter, set));
    for wish in parameters.chain(of_body(operation, set)) {
        let property =
            wish.places.iter().find_map(|place| input.property(*place, &wish.argument).map(|_| *place));
        let Some(schema) = property.and_then(|place| input.property(place, &wish.argument)) else { continue };
        match allowed(wish.header, schema, &mut taken) {
            Ok(header) => {
                if let Value::Object(members) = schema {
                    members.insert(EXTENSION.to_owned(), Value::String(header));
                }
            }
            Err(reason) => {
                let message = format!("`{EXTENSION}` {reason}; it was left out");
                diagnostics.push(Diagnostic::new(Code::ExtensionInvalid, wish.location, message));
            }
        }
    }
}

fn of_parameter<'d>(parameter: &'d Parameter, set: &'d DocumentSet) -> Option<Wish<'d>> {
    let (header, location) = match (parameter.extensions.get(EXTENSION), &parameter.content) {
        (Some(header), _) => (header, parameter.location.clone()),
        (None, ParameterContent::Schema { schema: Some(schema), .. }) => of_schema(schema, set)?,
        _ => return None,
    };
    Some(Wish {
        places: vec![argument_in(parameter.place)],
        argument: parameter.name.clone(),
        header,
        location,
    })
}

fn of_schema<'d>(schema: &Location, set: &'d DocumentSet) -> Option<(&'d Value, Location)> {
    if let Some(header) = set.get(schema)?.get(EXTENSION) {
        return Some((header, schema.clone()));
    }
    let (location, value) = set.follow(schema.clone()).ok()?;
    Some((value.get(EXTENSION)?, location))
}

/// The properties of the bodies that have the extension, each once.
fn of_body<'d>(operation: &'d Operation, set: &'d DocumentSet) -> Vec<Wish<'d>> {
    let mut wishes: Vec<Wish<'d>> = Vec::new();
    let mut known = HashSet::new();
    for media_type in operation.request_body.iter().flat_map(|body| &body.content) {
        let found: Vec<(String, &Value, Location)> = match &media_type.schema {
            BodySchema::Any => Vec::new(),
            BodySchema::Fields(fields) => fields
                .iter()
                .filter_map(|field| {
                    Some((field.name.clone(), field.extensions.get(EXTENSION)?, field.location.clone()))
                })
                .collect(),
            BodySchema::Schema(schema) => of_properties(schema, set),
        };
        for (argument, header, location) in found {
            if known.insert(argument.clone()) {
                wishes.push(Wish { places: OF_BODY.to_vec(), argument, header, location });
            }
        }
    }
    wishes
}

fn of_properties<'d>(schema: &Location, set: &'d DocumentSet) -> Vec<(String, &'d Value, Location)> {
    let Ok((location, value)) = set.follow(schema.clone()) else { return Vec::new() };
    let properties = value.get("properties").and_then(Value::as_object);
    // Most properties have neither, and are many.
    let may_have = |schema: &Value| schema.get(EXTENSION).or_else(|| schema.get("$ref")).is_some();
    let properties = properties.into_iter().flatten().filter(|(_, schema)| may_have(schema));
    let names = properties.map(|(name, _)| name);
    let below = location.child("properties");
    names
        .filter_map(|name| {
            let (header, location) = of_schema(&below.child(name), set)?;
            Some((name.clone(), header, location))
        })
        .collect()
}

/// The header, if a client allows it for values of `schema`.
fn allowed(header: &Value, schema: &Value, taken: &mut HashSet<String>) -> Result<String, String> {
    let name = header.as_str().ok_or("must be a string")?;
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(format!("names no header: `{}`", prose::excerpt(name, 80)));
    }
    let is_primitive = schema
        .get("type")
        .and_then(Value::as_str)
        .is_some_and(|name| matches!(name, "string" | "integer" | "boolean"));
    if !is_primitive {
        return Err("stands on a value that is neither string, integer nor boolean".to_owned());
    }
    if !taken.insert(name.to_ascii_lowercase()) {
        return Err(format!("names `{name}`, as another argument does"));
    }
    Ok(name.to_owned())
}
