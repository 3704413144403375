//! Request bodies: which media type is sent, and which arguments it is made of.

pub(crate) mod form;
mod properties;

use std::collections::HashSet;

use http::HeaderValue;
use serde_json::{Map, Value, json};
use spandrel_openapi::{
    BodySchema, Bundle, Code, Diagnostic, Direction, DocumentSet, Location, MediaType, RequestBody,
    SchemaCompiler, SpecVersion, prose,
};
use spandrel_plan::{ArgumentIn, BodyEncoding, BodyPlan, BodySource, ContentSchema, JsonText, MediaTypePlan};

use crate::file_schema::{ValueKind, file, value_kind};
use crate::input::Input;
use crate::media_type::{Kind, essence, is_range, kind};
use crate::options::ArgumentLayout;
use crate::xml;

/// What binding a body needs to know of its document.
pub(crate) struct BodyContext<'c, 's> {
    pub(crate) set: &'s DocumentSet,
    pub(crate) version: SpecVersion,
    /// Whether files may be given by their path.
    pub(crate) file_paths: bool,
    pub(crate) schemas: &'c mut SchemaCompiler<'s>,
    pub(crate) diagnostics: &'c mut Vec<Diagnostic>,
}

/// A media type of the body, ready to be sent.
struct Candidate<'d> {
    media_type: &'d MediaType,
    kind: Kind,
    bundle: Bundle,
    plan: MediaTypePlan,
}

/// Adds the body to the arguments and plans how it is made. None where the document names no media
/// type, so that nothing can be sent.
pub(crate) fn bind(
    body: &RequestBody,
    context: &mut BodyContext<'_, '_>,
    input: &mut Input,
) -> Option<BodyPlan> {
    let mut candidates: Vec<Candidate<'_>> =
        body.content.iter().filter_map(|media_type| candidate(media_type, context)).collect();
    candidates.sort_by_key(|candidate| rank(candidate));
    keep_real_choices(&mut candidates, context.set);
    let (first, others) = candidates.split_first()?;
    if others.is_empty() {
        let source = bind_one(body, first, input);
        let plan = candidates.into_iter().map(|candidate| candidate.plan).collect();
        return Some(BodyPlan { required: body.required, source, media_types: plan, choice: None });
    }
    Some(bind_choice(body, candidates, input))
}

fn candidate<'d>(media_type: &'d MediaType, context: &mut BodyContext<'_, '_>) -> Option<Candidate<'d>> {
    let kind = kind_of_content(media_type);
    let (bundle, encoding) = shape(media_type, kind, context);
    let content_type = match &encoding {
        // What is sent in a range of files depends on the file.
        BodyEncoding::Binary => media_type.name.as_str(),
        _ if is_range(&media_type.name) => concrete(kind),
        _ => media_type.name.as_str(),
    };
    let Ok(header) = HeaderValue::from_str(content_type.trim()) else {
        let message = format!("`{}` is not a media type", prose::excerpt(&media_type.name, 80));
        context.diagnostics.push(Diagnostic::new(
            Code::MediaTypeUnsupported,
            media_type.location.clone(),
            message,
        ));
        return None;
    };
    Some(Candidate {
        media_type,
        kind,
        bundle,
        plan: MediaTypePlan { content_type: header, encoding, schema: None },
    })
}

/// A range says nothing of the content; `fields` only fit a form.
fn kind_of_content(media_type: &MediaType) -> Kind {
    match (&media_type.schema, kind(&media_type.name)) {
        (BodySchema::Fields(_), Kind::Multipart) => Kind::Multipart,
        (BodySchema::Fields(_), _) => Kind::Form,
        (_, kind) => kind,
    }
}

fn concrete(kind: Kind) -> &'static str {
    match kind {
        Kind::Json => "application/json",
        Kind::Multipart => "multipart/form-data",
        Kind::Form => "application/x-www-form-urlencoded",
        Kind::JsonLines => "application/x-ndjson",
        Kind::JsonSequence => "application/json-seq",
        Kind::Xml => "application/xml",
        Kind::Text => "text/plain",
        Kind::Binary => "application/octet-stream",
    }
}

/// The schema of the body's value as an argument, and how it becomes bytes.
fn shape(media_type: &MediaType, kind: Kind, context: &mut BodyContext<'_, '_>) -> (Bundle, BodyEncoding) {
    match kind {
        Kind::Form => form::urlencoded(media_type, context),
        Kind::Multipart => form::multipart(media_type, context),
        Kind::Binary => (
            Bundle { schema: file(&json!({}), context.file_paths), ..Bundle::anything() },
            BodyEncoding::Binary,
        ),
        Kind::Text => (text(bundle(&media_type.schema, context)), BodyEncoding::Text),
        Kind::Json => {
            let bundle = bundle(&media_type.schema, context);
            // `*/*` with a binary schema is a file, whatever a range would prefer.
            if is_range(&media_type.name) && value_kind(&bundle.schema, &bundle.defs) == ValueKind::File {
                return (
                    Bundle { schema: file(&bundle.schema, context.file_paths), ..Bundle::anything() },
                    BodyEncoding::Binary,
                );
            }
            (bundle, BodyEncoding::Json)
        }
        Kind::JsonLines => (lines(media_type, context), BodyEncoding::JsonLines),
        Kind::JsonSequence => (lines(media_type, context), BodyEncoding::JsonSequence),
        Kind::Xml => {
            let plan = xml::plan(&media_type.schema, context.set, context.version, context.schemas.allowed());
            (bundle(&media_type.schema, context), BodyEncoding::Xml(plan))
        }
    }
}

fn bundle(schema: &BodySchema, context: &mut BodyContext<'_, '_>) -> Bundle {
    match schema {
        BodySchema::Schema(location) => context.schemas.bundle(location, Direction::Request),
        BodySchema::Any | BodySchema::Fields(_) => Bundle::anything(),
    }
}

/// A text body without a schema of its own is a string.
fn text(bundle: Bundle) -> Bundle {
    let says_nothing = bundle.schema.as_object().is_some_and(Map::is_empty);
    if says_nothing { Bundle { schema: json!({"type": "string"}), ..bundle } } else { bundle }
}

/// A sequence of JSON texts is an array of them.
fn lines(media_type: &MediaType, context: &mut BodyContext<'_, '_>) -> Bundle {
    let Some(location) = &media_type.item_schema else { return bundle(&media_type.schema, context) };
    let items = context.schemas.bundle(location, Direction::Request);
    Bundle { schema: json!({"type": "array", "items": items.schema}), defs: items.defs }
}

/// JSON before everything else, except where the content is files: those JSON cannot carry.
fn rank(candidate: &Candidate<'_>) -> (u8, u8) {
    let name = essence(&candidate.media_type.name);
    let has_files = candidate.kind == Kind::Multipart
        && properties::of(&candidate.bundle).values().any(|schema| is_file_argument(schema));
    let by_kind = if has_files { 0 } else { 1 + candidate.kind as u8 };
    (by_kind, u8::from(name != "application/json"))
}

fn is_file_argument(schema: &Value) -> bool {
    let is_file = |schema: &Value| schema.get("type") == Some(&json!(["string", "object"]));
    is_file(schema) || schema.get("items").is_some_and(is_file)
}

/// Keeps one media type of those that describe the same value: which of them carries it makes no
/// difference to a model. Patch formats are the exception: there the media type is the meaning.
fn keep_real_choices(candidates: &mut Vec<Candidate<'_>>, set: &DocumentSet) {
    let mut kept: Vec<Candidate<'_>> = Vec::new();
    for candidate in candidates.drain(..) {
        let is_same = kept.iter().any(|earlier| {
            // Two ranges may come to one media type, which can only be chosen once.
            earlier.plan.content_type == candidate.plan.content_type
                || (same_content(&earlier.media_type.schema, &candidate.media_type.schema, set)
                    && patch_format(earlier.media_type) == patch_format(candidate.media_type))
        });
        if !is_same {
            kept.push(candidate);
        }
    }
    *candidates = kept;
}

fn patch_format(media_type: &MediaType) -> Option<String> {
    let name = essence(&media_type.name);
    name.contains("patch").then_some(name)
}

fn same_content(one: &BodySchema, other: &BodySchema, set: &DocumentSet) -> bool {
    match (one, other) {
        // A media type of which nothing is said offers no choice that could be described.
        (BodySchema::Any, _) | (_, BodySchema::Any) | (BodySchema::Fields(_), BodySchema::Fields(_)) => true,
        (BodySchema::Schema(one), BodySchema::Schema(other)) => {
            let (one, other) = (target(one, set), target(other, set));
            one == other || set.get(&one) == set.get(&other)
        }
        _ => false,
    }
}

/// Where the schema at `location` really stands, behind its references.
fn target(location: &Location, set: &DocumentSet) -> Location {
    set.follow(location.clone()).map_or_else(|_| location.clone(), |(target, _)| target)
}

fn bind_one(body: &RequestBody, candidate: &Candidate<'_>, input: &mut Input) -> BodySource {
    let place = match candidate.plan.encoding {
        BodyEncoding::Form(_) | BodyEncoding::Multipart(_) => ArgumentIn::Form,
        _ => ArgumentIn::Body,
    };
    let mut schema = input.adopt(candidate.bundle.clone());
    if input.layout() == ArgumentLayout::Flat && is_flat(&schema, body.required) {
        return bind_properties(schema, place, input);
    }
    describe(&mut schema, body);
    BodySource::Whole(input.add_root("body", place, "", body.required, schema))
}

/// Whether the properties of the object that `schema` describes can be arguments of their own and
/// nothing is lost: no condition may hold between them, or on the object as a whole.
fn is_flat(schema: &Value, body_required: bool) -> bool {
    const PLAIN: &[&str] = &[
        "type",
        "properties",
        "required",
        "additionalProperties",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
    ];
    let Some(members) = schema.as_object() else { return false };
    let has_properties =
        members.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    let is_object = members.get("type").is_none_or(|name| name == "object");
    let required = members.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let listed = |name: &Value| {
        let properties = members.get("properties").and_then(Value::as_object);
        name.as_str().zip(properties).is_some_and(|(name, properties)| properties.contains_key(name))
    };
    has_properties
        && is_object
        && members.keys().all(|key| PLAIN.contains(&key.as_str()))
        // A body that may be left out, but not without these, is one argument that may be left out.
        && (body_required || required.is_empty())
        && required.iter().all(listed)
}

fn bind_properties(schema: Value, place: ArgumentIn, input: &mut Input) -> BodySource {
    let Value::Object(mut members) = schema else {
        return BodySource::Properties { properties: Vec::new(), rest: false };
    };
    let required = members.shift_remove("required").unwrap_or_default();
    let names = required.as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: HashSet<&str> = names.collect();
    let is_required = |name: &str| names.contains(name);
    let mut properties = Vec::new();
    if let Some(Value::Object(described)) = members.shift_remove("properties") {
        described.keys().for_each(|name| input.reserve(place, name));
        for (name, schema) in described {
            let argument = input.add(place, &name, is_required(&name), schema);
            properties.push((name, argument));
        }
    }
    // OpenAPI allows members that are not listed, unless the document forbids them.
    let rest = match members.shift_remove("additionalProperties") {
        Some(Value::Bool(false)) => None,
        Some(schema) => Some(schema),
        None => Some(json!({})),
    };
    let allows_rest = rest.is_some();
    if let Some(schema) = rest {
        input.allow_additional(schema);
    }
    BodySource::Properties { properties, rest: allows_rest }
}

/// Several media types with content of their own: the body is one argument, another chooses.
fn bind_choice(body: &RequestBody, candidates: Vec<Candidate<'_>>, input: &mut Input) -> BodyPlan {
    let names: Vec<String> = candidates
        .iter()
        .map(|candidate| candidate.plan.content_type.to_str().unwrap_or_default().to_owned())
        .collect();
    let mut branches: Vec<Value> = Vec::new();
    let mut plans = Vec::new();
    for (mut candidate, name) in candidates.into_iter().zip(&names) {
        candidate.plan.schema = Some(content_schema(&candidate.bundle));
        let mut schema = input.adopt(candidate.bundle);
        if let Value::Object(members) = &mut schema {
            members.shift_remove("title");
            let description = members.get("description").and_then(Value::as_str).unwrap_or_default();
            let description = format!("As {name}. {description}");
            members.insert("description".to_owned(), Value::String(description.trim_end().to_owned()));
        }
        branches.push(schema);
        plans.push(candidate.plan);
    }
    let mut schema = json!({"anyOf": branches});
    describe(&mut schema, body);
    let source = BodySource::Whole(input.add_root("body", ArgumentIn::Body, "", body.required, schema));
    let default = names.first().cloned().unwrap_or_default();
    let choice = json!({"type": "string", "enum": names, "default": default, "description": "Media type of the body."});
    let choice = input.add_root("content_type", ArgumentIn::Header, "Content-Type", false, choice);
    BodyPlan { required: body.required, source, media_types: plans, choice: Some(choice) }
}

/// The schema of a body's value with the definitions that it refers to.
fn content_schema(bundle: &Bundle) -> ContentSchema {
    let mut schema = bundle.schema.clone();
    if let (Value::Object(members), false) = (&mut schema, bundle.defs.is_empty()) {
        let definitions = bundle.defs.iter().map(|(name, schema)| (name.clone(), Value::clone(schema)));
        members.insert("$defs".to_owned(), Value::Object(definitions.collect()));
    }
    ContentSchema::new(JsonText::from_value(&schema))
}

fn describe(schema: &mut Value, body: &RequestBody) {
    let Value::Object(members) = schema else { return };
    let description = body.description.as_deref().map(|text| prose::plain(text, prose::SCHEMA_DESCRIPTION));
    if let Some(description) = description.filter(|text| !text.is_empty()) {
        members.entry("description").or_insert(Value::String(description));
    }
}
