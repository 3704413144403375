//! Form bodies: urlencoded and multipart.

use http::{HeaderName, HeaderValue};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use spandrel_openapi::{
    BodySchema, Bundle, Encoding, Location, MediaType, Parameter, ParameterContent, SpecVersion,
};
use spandrel_plan::{
    BodyEncoding, FieldPlan, FormPlan, MultipartPlan, PartEncoding, PartPlan, Serialization, Style, XmlPlan,
};

use super::{BodyContext, bundle, properties};
use crate::file_schema::{ValueKind, says_nothing, value_kind};
use crate::media_type::{Kind, is_range, kind};
use crate::parameter;
use crate::xml;

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
        return (bundle, BodyEncoding::Form(FormPlan { fields: plans.collect(), ..FormPlan::default() }));
    }
    let bundle = bundle(&media_type.schema, context);
    let mut plan = field_plans(media_type, &bundle, context.version);
    for (name, schema) in properties::of(&bundle) {
        let kind = value_kind(schema, &bundle.defs);
        let named = media_type.encoding.get(name).and_then(|encoding| encoding.content_type.as_deref());
        let is_content = plan.fields.get(name).is_some_and(|field| is_content(&field.serialization));
        if is_content && named.and_then(first).is_some_and(|named| kind_of(named) == Kind::Xml) {
            plan.xml.insert(name.to_owned(), xml_of_property(media_type, name, kind, context));
        }
    }
    (bundle, BodyEncoding::Form(plan))
}

/// How the members of an object are written in a form, or in a whole query.
pub(crate) fn field_plans(media_type: &MediaType, bundle: &Bundle, version: SpecVersion) -> FormPlan {
    let plans = properties::of(bundle).into_iter().map(|(name, schema)| {
        let kind = value_kind(schema, &bundle.defs);
        let encoding = media_type.encoding.get(name);
        (name.to_owned(), FieldPlan { serialization: field_serialization(encoding, kind, version) })
    });
    FormPlan { fields: plans.collect(), ..FormPlan::default() }
}

/// How a field is written (OpenAPI 3.1.1, Encoding Object): a style where one is named, else by the
/// field's media type. 3.0 gave every field the style `form`, so objects come apart there.
fn field_serialization(encoding: Option<&Encoding>, kind: ValueKind, version: SpecVersion) -> Serialization {
    let form = Serialization::Style { style: Style::Form, explode: true, allow_reserved: false };
    if let Some(serialization) = encoding.and_then(|encoding| encoding.serialization) {
        return parameter::style(serialization);
    }
    let is_structured = matches!(kind, ValueKind::Object | ValueKind::Objects);
    if let Some(content_type) = encoding.and_then(|encoding| encoding.content_type.as_deref()) {
        let is_content = |name: &str| match kind_of(name) {
            Kind::Json => true,
            Kind::Xml => is_structured,
            _ => false,
        };
        return match first(content_type).filter(|name| is_content(name)) {
            Some(name) => Serialization::Content { media_type: name.to_owned() },
            None => form,
        };
    }
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
    let mut files = IndexMap::new();
    for (name, schema) in properties::of(&bundle) {
        let encoding = media_type.encoding.get(name);
        let kind = value_kind(schema, &bundle.defs);
        let property = Property {
            media_type,
            name,
            schema: Some(schema),
            kind: kind_of_part(kind, Some(schema), encoding, context.version),
            field: fields.iter().find(|field| field.name == name),
            encoding,
        };
        if matches!(property.kind, ValueKind::File | ValueKind::Files) {
            files.insert(name.to_owned(), property.kind);
        }
        parts.extend(part(&property, context).map(|part| (name.to_owned(), part)));
    }
    properties::rewrite_files(&mut bundle, &files, context.file_paths);
    (bundle, BodyEncoding::Multipart(MultipartPlan { parts }))
}

/// A property of the object that a multipart body is.
struct Property<'a> {
    media_type: &'a MediaType,
    name: &'a str,
    schema: Option<&'a Value>,
    kind: ValueKind,
    /// The parameter of 2.0 that it stands for.
    field: Option<&'a Parameter>,
    encoding: Option<&'a Encoding>,
}

/// A part whose media type is neither text nor JSON nor XML is a file, whatever its schema says; and since
/// 3.1 one of which the schema says nothing (OpenAPI 3.1.1, "Working With Binary Data").
fn kind_of_part(
    kind: ValueKind,
    schema: Option<&Value>,
    encoding: Option<&Encoding>,
    version: SpecVersion,
) -> ValueKind {
    let content_type = encoding.and_then(|encoding| encoding.content_type.as_deref()).and_then(first);
    let is_open = matches!(kind, ValueKind::Unknown | ValueKind::Scalar | ValueKind::Scalars);
    let is_file =
        content_type.is_some_and(|name| kind_of(name) == Kind::Binary && !name.starts_with('*')) && is_open;
    let says_nothing = |schema: Option<&Value>| {
        version >= SpecVersion::V3_1 && content_type.is_none() && schema.is_some_and(says_nothing)
    };
    match kind {
        ValueKind::Scalars if is_file || says_nothing(schema.and_then(|schema| schema.get("items"))) => {
            ValueKind::Files
        }
        ValueKind::Scalar if is_file => ValueKind::File,
        ValueKind::Unknown if is_file || says_nothing(schema) => ValueKind::File,
        kind => kind,
    }
}

/// How the property is written; none where only its value can tell.
fn part(property: &Property<'_>, context: &BodyContext<'_, '_>) -> Option<PartPlan> {
    let listed = property.encoding.and_then(|encoding| encoding.content_type.as_deref());
    let named = listed.and_then(first).filter(|name| !is_range(name));
    let headers = property.encoding.map(|encoding| part_headers(encoding, context)).unwrap_or_default();
    let is_file = matches!(property.kind, ValueKind::File | ValueKind::Files);
    if let Some(encoding) = style_of_part(property, context.version).filter(|_| !is_file) {
        return Some(PartPlan { content_type: None, repeat: false, encoding, headers });
    }
    if property.kind == ValueKind::Unknown && property.encoding.is_none() {
        return None;
    }
    let is_array = matches!(property.kind, ValueKind::Scalars | ValueKind::Objects | ValueKind::Files);
    let is_json = named.is_some_and(|name| kind_of(name) == Kind::Json);
    let encoding = match property.kind {
        ValueKind::File | ValueKind::Files => PartEncoding::Binary,
        _ if is_json => PartEncoding::Json,
        ValueKind::Object | ValueKind::Objects if named.is_some_and(|name| kind_of(name) == Kind::Xml) => {
            PartEncoding::Xml(xml_of_property(property.media_type, property.name, property.kind, context))
        }
        ValueKind::Object | ValueKind::Objects => PartEncoding::Json,
        ValueKind::Scalar | ValueKind::Scalars | ValueKind::Unknown => PartEncoding::Text,
    };
    // Which of several a file is sent in depends on the file.
    let named = if is_file { listed } else { named };
    let content_type = named.or_else(|| is_encoded_bytes(property, context.version).then_some(OCTET_STREAM));
    Some(PartPlan {
        content_type: content_type.and_then(|name| HeaderValue::from_str(name).ok()),
        // What is said of an array's part holds for each item (OpenAPI 3.2, "Encoding By Name").
        repeat: is_array,
        encoding,
        headers,
    })
}

const OCTET_STREAM: &str = "application/octet-stream";

/// The style that the document names: `collectionFormat` of 2.0, and since 3.1 that of the Encoding
/// Object, which before counts in urlencoded forms only.
fn style_of_part(property: &Property<'_>, version: SpecVersion) -> Option<PartEncoding> {
    let named = match (property.field, property.encoding) {
        (Some(field), _) if property.kind == ValueKind::Scalars => written(field),
        (None, Some(encoding)) if version >= SpecVersion::V3_1 => {
            encoding.serialization.map(parameter::style)
        }
        _ => None,
    };
    match named? {
        Serialization::Style { style, explode, .. } => Some(PartEncoding::Style { style, explode }),
        Serialization::Content { .. } | Serialization::Querystring { .. } => None,
    }
}

/// Bytes that the caller gives as text in an encoding, which stays as it is.
fn is_encoded_bytes(property: &Property<'_>, version: SpecVersion) -> bool {
    let schema = match (property.schema, property.kind) {
        (schema, ValueKind::Scalar) => schema,
        (schema, ValueKind::Scalars) => schema.and_then(|schema| schema.get("items")),
        _ => None,
    };
    version >= SpecVersion::V3_0
        && schema.is_some_and(|schema| {
            schema.get("contentEncoding").is_some()
                || schema.get("format").and_then(Value::as_str) == Some("byte")
        })
}

/// How the property `name` of the body becomes an XML document; of an array, how each item does.
fn xml_of_property(
    media_type: &MediaType,
    name: &str,
    kind: ValueKind,
    context: &BodyContext<'_, '_>,
) -> XmlPlan {
    let BodySchema::Schema(location) = &media_type.schema else { return XmlPlan::default() };
    let behind =
        |location: Location| context.set.follow(location.clone()).map_or(location, |(target, _)| target);
    let whole = behind(location.clone());
    let own = properties::locate(&whole, name, context.set)
        .unwrap_or_else(|| whole.child("properties").child(name));
    let location = if kind == ValueKind::Objects { behind(own).child("items") } else { own };
    xml::plan_at(&location, name, context.set, context.version, context.schemas.allowed())
}

const fn is_content(serialization: &Serialization) -> bool {
    matches!(serialization, Serialization::Content { .. })
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

/// The object that the `formData` parameters of 2.0 make.
fn object_of(fields: &[Parameter], context: &mut BodyContext<'_, '_>) -> Bundle {
    let mut whole = Bundle::anything();
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let bundle = parameter::bundle(field, context.schemas);
        whole.defs.extend(bundle.defs);
        let mut schema = bundle.schema;
        if field.allow_empty_value && value_kind(&schema, &whole.defs) != ValueKind::File {
            parameter::allow_empty(&mut schema);
        }
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

/// The first of a list of media types.
fn first(content_type: &str) -> Option<&str> {
    content_type.split(',').next().map(str::trim).filter(|name| !name.is_empty())
}

fn kind_of(name: &str) -> Kind {
    if name.starts_with('*') { Kind::Binary } else { kind(name) }
}
