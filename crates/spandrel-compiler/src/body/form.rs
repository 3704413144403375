//! Form bodies: urlencoded and multipart.

use http::{HeaderName, HeaderValue};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use spandrel_openapi::{BodySchema, Bundle, Encoding, MediaType, Parameter, ParameterContent, SpecVersion};
use spandrel_plan::{
    BodyEncoding, FieldPlan, FormPlan, MultipartPlan, PartEncoding, PartPlan, Serialization, Style,
};

use super::{BodyContext, bundle};
use crate::file_schema::{ValueKind, file, value_kind};
use crate::media_type::{Kind, is_range, kind};
use crate::parameter;

/// The value and the plan of an `application/x-www-form-urlencoded` body.
pub(super) fn urlencoded(
    media_type: &MediaType,
    context: &mut BodyContext<'_, '_>,
) -> (Bundle, BodyEncoding) {
    if let BodySchema::Fields(fields) = &media_type.schema {
        let bundle = object_of(fields, context);
        let plans = fields
            .iter()
            .filter_map(|field| Some((field.name.clone(), FieldPlan { serialization: written(field)? })));
        return (bundle, BodyEncoding::Form(FormPlan { fields: plans.collect() }));
    }
    let bundle = bundle(&media_type.schema, context);
    let mut fields = IndexMap::new();
    for (name, kind) in properties(&bundle) {
        let encoding = media_type.encoding.get(&name);
        fields
            .insert(name, FieldPlan { serialization: field_serialization(encoding, kind, context.version) });
    }
    (bundle, BodyEncoding::Form(FormPlan { fields }))
}

/// How a field is written (OpenAPI 3.1.1, Encoding Object): a style where one is named, else by the
/// field's media type. 3.0 gave every field the style `form`, so objects come apart there.
fn field_serialization(encoding: Option<&Encoding>, kind: ValueKind, version: SpecVersion) -> Serialization {
    let form = Serialization::Style { style: Style::Form, explode: true, allow_reserved: false };
    if let Some(serialization) = encoding.and_then(|encoding| encoding.serialization) {
        return parameter::style(serialization);
    }
    if let Some(content_type) = encoding.and_then(|encoding| encoding.content_type.as_deref()) {
        return match first(content_type) {
            Some(name) if kind_of(name) == Kind::Json => {
                Serialization::Content { media_type: name.to_owned() }
            }
            _ => form,
        };
    }
    let is_structured = matches!(kind, ValueKind::Object | ValueKind::Objects);
    if is_structured && (version >= SpecVersion::V3_1 || kind == ValueKind::Objects) {
        return Serialization::Content { media_type: "application/json".to_owned() };
    }
    form
}

/// The value and the plan of a `multipart/*` body.
pub(super) fn multipart(media_type: &MediaType, context: &mut BodyContext<'_, '_>) -> (Bundle, BodyEncoding) {
    let fields = match &media_type.schema {
        BodySchema::Fields(fields) => fields.as_slice(),
        _ => &[],
    };
    let mut bundle = match &media_type.schema {
        BodySchema::Fields(fields) => object_of(fields, context),
        schema => bundle(schema, context),
    };
    let mut parts = IndexMap::new();
    for (name, kind) in properties(&bundle) {
        let kind = if has_file_type(media_type.encoding.get(&name), kind) { as_file(kind) } else { kind };
        let repeat = fields.iter().find(|field| field.name == name).is_none_or(is_multi);
        let part = part(media_type.encoding.get(&name), kind, repeat, context);
        rewrite_files(&mut bundle, &name, kind);
        parts.insert(name, part);
    }
    (bundle, BodyEncoding::Multipart(MultipartPlan { parts }))
}

/// A part whose media type is neither text nor JSON is a file, whatever its schema says.
fn has_file_type(encoding: Option<&Encoding>, kind: ValueKind) -> bool {
    let content_type = encoding.and_then(|encoding| encoding.content_type.as_deref()).and_then(first);
    let is_open = matches!(kind, ValueKind::Unknown | ValueKind::Scalar | ValueKind::Scalars);
    is_open && content_type.is_some_and(|name| kind_of(name) == Kind::Binary && !name.starts_with('*'))
}

fn as_file(kind: ValueKind) -> ValueKind {
    if kind == ValueKind::Scalars { ValueKind::Files } else { ValueKind::File }
}

fn part(
    encoding: Option<&Encoding>,
    kind: ValueKind,
    repeat: bool,
    context: &BodyContext<'_, '_>,
) -> PartPlan {
    let named = encoding
        .and_then(|encoding| encoding.content_type.as_deref())
        .and_then(first)
        .filter(|name| !is_range(name));
    let part_encoding = match kind {
        ValueKind::File | ValueKind::Files => PartEncoding::Binary,
        ValueKind::Object | ValueKind::Objects => PartEncoding::Json,
        ValueKind::Scalar | ValueKind::Scalars | ValueKind::Unknown => match named {
            Some(name) if kind_of(name) == Kind::Json => PartEncoding::Json,
            _ => PartEncoding::Text,
        },
    };
    let is_array = matches!(kind, ValueKind::Scalars | ValueKind::Objects | ValueKind::Files);
    // An array sent as one JSON text stays whole; otherwise each item is a part of its own.
    let whole = named.is_some_and(|name| kind_of(name) == Kind::Json);
    PartPlan {
        content_type: named.and_then(|name| HeaderValue::from_str(name).ok()),
        repeat: is_array && repeat && !whole,
        encoding: if whole && !matches!(kind, ValueKind::File | ValueKind::Files) {
            PartEncoding::Json
        } else {
            part_encoding
        },
        headers: encoding.map(|encoding| part_headers(encoding, context)).unwrap_or_default(),
    }
}

/// Headers of a part that the document gives a value for: a constant, a default or an example.
fn part_headers(encoding: &Encoding, context: &BodyContext<'_, '_>) -> Vec<(HeaderName, HeaderValue)> {
    let value_of = |header: &spandrel_openapi::Header| {
        let schema = header.schema.as_ref().and_then(|location| context.set.get(location));
        let fixed = schema.and_then(|schema| {
            let only = schema
                .get("enum")
                .and_then(Value::as_array)
                .filter(|values| values.len() == 1)
                .and_then(|values| values.first());
            schema.get("const").or(only).or_else(|| schema.get("default")).cloned()
        });
        fixed.or_else(|| header.required.then(|| header.example.clone()).flatten())
    };
    encoding
        .headers
        .iter()
        .filter(|header| !header.name.eq_ignore_ascii_case("content-type"))
        .filter_map(|header| {
            let value = value_of(header)?;
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((HeaderName::from_bytes(header.name.as_bytes()).ok()?, HeaderValue::from_str(&text).ok()?))
        })
        .collect()
}

/// The properties of the object that a form is, with the kind of their values.
fn properties(bundle: &Bundle) -> Vec<(String, ValueKind)> {
    let described = bundle.schema.get("properties").and_then(Value::as_object);
    described
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), value_kind(schema, &bundle.defs)))
        .collect()
}

fn rewrite_files(bundle: &mut Bundle, name: &str, kind: ValueKind) {
    let Some(schema) = bundle.schema.get_mut("properties").and_then(|properties| properties.get_mut(name))
    else {
        return;
    };
    match kind {
        ValueKind::File => *schema = file(schema),
        ValueKind::Files => {
            let items = schema.get("items").cloned().unwrap_or_default();
            let description = schema.get("description").cloned();
            let mut array = json!({"type": "array", "items": file(&items)});
            if let (Some(description), Value::Object(members)) = (description, &mut array) {
                members.insert("description".to_owned(), description);
            }
            *schema = array;
        }
        _ => {}
    }
}

/// The object that the `formData` parameters of 2.0 make.
fn object_of(fields: &[Parameter], context: &mut BodyContext<'_, '_>) -> Bundle {
    let mut whole = Bundle::anything();
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let bundle = parameter::bundle(field, context.schemas);
        whole.defs.extend(bundle.defs);
        let mut schema = bundle.schema;
        parameter::describe(&mut schema, field);
        properties.insert(field.name.clone(), schema);
        if field.required {
            required.push(Value::String(field.name.clone()));
        }
    }
    whole.schema = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    whole
}

fn written(field: &Parameter) -> Option<Serialization> {
    match &field.content {
        ParameterContent::Schema { serialization, .. } => Some(parameter::style(*serialization)),
        ParameterContent::Media(_) => None,
    }
}

/// Whether a field of 2.0 repeats for each item: `collectionFormat: multi`.
fn is_multi(field: &Parameter) -> bool {
    matches!(&field.content, ParameterContent::Schema { serialization, .. } if serialization.explode)
}

/// The first of a list of media types.
fn first(content_type: &str) -> Option<&str> {
    content_type.split(',').next().map(str::trim).filter(|name| !name.is_empty())
}

fn kind_of(name: &str) -> Kind {
    if name.starts_with('*') { Kind::Binary } else { kind(name) }
}
