//! `application/x-www-form-urlencoded` content: bodies, and whole queries.

use serde_json::{Map, Value};
use spandrel_openapi::{
    BodySchema, Direction, Encoding, MediaType, Parameter, ParameterContent, Serialization, SpecVersion,
    Style,
};

use super::media::{self, Kind};
use super::xml;
use crate::check::{Check, Checks};
use crate::decode::pairs::{Owner, Pairs};
use crate::decode::{Coding, Form, Wire, accepted, forms, typed};
use crate::percent::Plus;
use crate::shape::{Kinds, Shapes, is_open, member, member_names};

/// How a field is written where the document does not say.
const DEFAULT: Serialization = Serialization { style: Style::Form, explode: true, allow_reserved: false };
const CODING: Coding = Coding::Percent(Plus::Space);

/// Reads `text` and checks it against `media`.
pub(crate) fn judge(text: &str, media: &MediaType, checks: &Checks) -> Result<Value, Vec<String>> {
    let mut pairs = Pairs::parse(text, CODING).map_err(|message| vec![message])?;
    match &media.schema {
        BodySchema::Any => rest(&mut pairs)
            .map(|members| typed::untyped(&Wire::Members(members)))
            .map_err(|error| vec![error]),
        BodySchema::Fields(fields) => judge_fields(&mut pairs, fields, checks),
        BodySchema::Schema(location) => {
            let check = checks.get(location, Direction::Request);
            judge_schema(&mut pairs, &check, media, checks.version())
        }
    }
}

fn judge_schema(
    pairs: &mut Pairs,
    check: &Check,
    media: &MediaType,
    version: SpecVersion,
) -> Result<Value, Vec<String>> {
    let shapes = check.shapes();
    let spread = shapes.spread(&[shapes.root()]);
    let (mut plain, mut full) = (Vec::new(), Vec::new());
    let mut has_xml = false;
    for name in member_names(&spread) {
        let guides = member(&spread, name);
        let encoding = media.encoding.get(name);
        let wrong = |error: String| vec![format!("`{name}`: {error}")];
        let wires = take(pairs, name, shapes, &guides, encoding, version).map_err(wrong)?;
        let (Some(first), Some(last)) = (wires.first(), wires.last()) else { continue };
        if is_xml(encoding) && !shapes.kinds_of_any(&guides).has(Kinds::STRING) {
            well_formed(first).map_err(wrong)?;
            has_xml = true;
        }
        plain.push((name.to_owned(), first.clone()));
        full.push((name.to_owned(), last.clone()));
    }
    // What the schema does not name is the schema's to refuse.
    let others = rest(pairs).map_err(|error| vec![error])?;
    plain.extend(others.iter().cloned());
    full.extend(others);
    if has_xml {
        // What the schema says of such a field is not said of its text, and a schema is checked as a whole.
        return Ok(typed::untyped(&Wire::Members(full)));
    }
    accepted(check, &[Wire::Members(plain), Wire::Members(full)])
}

fn is_xml(encoding: Option<&Encoding>) -> bool {
    let named = encoding.and_then(|encoding| encoding.content_type.as_deref());
    let first = named.and_then(|named| named.split(',').next());
    first.is_some_and(|first| Kind::of(&media::essence(first)) == Kind::Xml)
}

/// Whether a field is an XML document, or each of its items is one.
fn well_formed(wire: &Wire) -> Result<(), String> {
    match wire {
        Wire::Text(text) => xml::well_formed(text),
        Wire::List(items) => items.iter().try_for_each(well_formed),
        Wire::Members(_) | Wire::Value(_) => Err("it is no XML document".to_owned()),
    }
}

/// What the field `name` may hold; empty where it did not come.
fn take(
    pairs: &mut Pairs,
    name: &str,
    shapes: Shapes<'_>,
    guides: &[&Value],
    encoding: Option<&Encoding>,
    version: SpecVersion,
) -> Result<Vec<Wire>, String> {
    let declared = encoding.and_then(|encoding| encoding.serialization);
    // 3.0 gave every field without a media type of its own the style `form`.
    let has_media_type = encoding.is_some_and(|encoding| encoding.content_type.is_some());
    let is_styled = declared.is_some() || (version < SpecVersion::V3_1 && !has_media_type);
    let kinds = shapes.kinds_of_any(guides);
    let spread = shapes.spread(guides);
    let members = member_names(&spread);
    let owner = Owner {
        name,
        serialization: declared.unwrap_or(DEFAULT),
        coding: CODING,
        members: &members,
        open: declared.is_some() && kinds == Kinds::OBJECT && is_open(&spread),
    };
    let mut wires = Vec::new();
    let mut wrong = None;
    // Without a style, an object is one text of JSON.
    let tried = forms(kinds).into_iter().map(|form| match form {
        Form::Object if !is_styled => Form::Scalar,
        other => other,
    });
    for form in tried {
        match pairs.take(owner, form) {
            Ok(Some(wire)) if !wires.contains(&wire) => wires.push(wire),
            Ok(_) => {}
            Err(message) => wrong = Some(message),
        }
    }
    match wrong {
        Some(message) if wires.is_empty() => Err(message),
        _ => Ok(wires),
    }
}

/// Pairs that nothing owns, those of one name as a list.
fn rest(pairs: &mut Pairs) -> Result<Vec<(String, Wire)>, String> {
    let members = pairs.take_undeclared(CODING)?.into_iter();
    let wire = |mut items: Vec<Wire>| if items.len() == 1 { items.pop() } else { Some(Wire::List(items)) };
    Ok(members.filter_map(|(name, items)| Some((name, wire(items)?))).collect())
}

/// The form parameters of 2.0, each with a schema of its own.
fn judge_fields(pairs: &mut Pairs, fields: &[Parameter], checks: &Checks) -> Result<Value, Vec<String>> {
    let mut object = Map::new();
    let mut faults = Vec::new();
    for field in fields {
        let ParameterContent::Schema { schema, serialization } = &field.content else { continue };
        let location = schema.as_ref().unwrap_or(&field.location);
        let check = checks.get(location, Direction::Request);
        let kinds = check.shapes().kinds(check.schema());
        let owner = Owner {
            name: &field.name,
            serialization: *serialization,
            coding: CODING,
            members: &[],
            open: false,
        };
        let mut wires = Vec::new();
        for form in forms(kinds) {
            match pairs.take(owner, form) {
                Ok(wire) => wires.extend(wire),
                Err(message) => faults.push(format!("`{}`: {message}", field.name)),
            }
        }
        if wires.is_empty() {
            if field.required {
                faults.push(format!("the document requires the field `{}`, and it did not come", field.name));
            }
            continue;
        }
        if field.allow_empty_value && wires.contains(&Wire::Text(String::new())) {
            continue;
        }
        match accepted(&check, &wires) {
            Ok(value) => drop(object.insert(field.name.clone(), value)),
            Err(complaints) => {
                faults.extend(complaints.iter().map(|complaint| format!("`{}`: {complaint}", field.name)));
            }
        }
    }
    let undeclared = pairs.undeclared();
    faults.extend(undeclared.iter().map(|name| format!("the document declares no field `{name}`")));
    if faults.is_empty() { Ok(Value::Object(object)) } else { Err(faults) }
}
