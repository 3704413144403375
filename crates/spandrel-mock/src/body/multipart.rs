//! `multipart/*` bodies.

mod parse;

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use spandrel_openapi::{
    BodySchema, Direction, Encoding, MediaType, Parameter, ParameterContent, SpecVersion,
};

use super::media::{self, Kind};
use crate::check::Checks;
use crate::decode::pairs::{Owner, Pairs};
use crate::decode::{Coding, Form, Wire, accepted, delimited, forms};
use crate::shape::{Kinds, Shapes, member, member_names};
use parse::Part;

/// The parts of one name.
type Named<'p> = (&'p str, Vec<&'p Part<'p>>);

/// Reads a multipart body and checks its parts against `media`. Bodies other than `form-data` are
/// only taken apart.
pub(super) fn judge(
    bytes: &[u8],
    content_type: &str,
    media: &MediaType,
    checks: &Checks,
) -> Result<Option<Value>, Vec<String>> {
    let boundary = media::parameter(content_type, "boundary");
    let boundary = boundary.ok_or_else(|| vec![format!("`{content_type}` names no boundary")])?;
    let parts = parse::parts(bytes, &boundary).map_err(|message| vec![message])?;
    if media::essence(content_type) != "multipart/form-data" {
        return Ok(None);
    }
    let parts = grouped(&parts)?;
    match &media.schema {
        BodySchema::Any => Ok(None),
        BodySchema::Fields(fields) => judge_fields(&parts, fields, checks).map(Some),
        BodySchema::Schema(location) => {
            let check = checks.get(location, Direction::Request);
            let shapes = check.shapes();
            let spread = shapes.spread(&[shapes.root()]);
            let (mut members, read_already) =
                styled(&parts, shapes, &spread, media, checks.version()).map_err(|message| vec![message])?;
            for (name, parts) in parts.iter().filter(|(name, _)| !read_already.contains(*name)) {
                let wire = read(parts, shapes, &member(&spread, name), media.encoding.get(*name))
                    .map_err(|message| vec![format!("the part `{name}`: {message}")])?;
                members.push(((*name).to_owned(), wire));
            }
            accepted(&check, &[Wire::Members(members)]).map(Some)
        }
    }
}

/// The members of the object that the parts make.
type Members = Vec<(String, Wire)>;

/// What is written by a style of queries, which since 3.1 parts can be, and the names of its parts.
fn styled(
    parts: &[Named<'_>],
    shapes: Shapes<'_>,
    spread: &[&Map<String, Value>],
    media: &MediaType,
    version: SpecVersion,
) -> Result<(Members, BTreeSet<String>), String> {
    let texts = parts.iter().flat_map(|(name, parts)| parts.iter().map(move |part| (*name, part)));
    let texts = texts.filter_map(|(name, part)| Some((name, std::str::from_utf8(part.body).ok()?)));
    let mut pairs = Pairs::parts(texts);
    let (mut members, mut names) = (Vec::new(), BTreeSet::new());
    let encodings = media.encoding.iter().filter(|_| version >= SpecVersion::V3_1);
    for (name, serialization) in encodings.filter_map(|(name, it)| Some((name, it.serialization?))) {
        let guides = member(spread, name);
        let inner = shapes.spread(&guides);
        let known = member_names(&inner);
        let owner = Owner { name, serialization, coding: Coding::Verbatim, members: &known, open: false };
        let before: BTreeSet<String> = pairs.undeclared().into_iter().map(str::to_owned).collect();
        let mut wire = None;
        for form in forms(shapes.kinds_of_any(&guides)) {
            wire =
                pairs.take(owner, form).map_err(|message| format!("the part `{name}`: {message}"))?.or(wire);
        }
        let after = pairs.undeclared();
        names.extend(before.into_iter().filter(|name| !after.contains(&name.as_str())));
        members.extend(wire.map(|wire| (name.clone(), wire)));
    }
    Ok((members, names))
}

/// Parts by name, in the order of the first of each.
fn grouped<'p>(parts: &'p [Part<'p>]) -> Result<Vec<Named<'p>>, Vec<String>> {
    let mut groups: Vec<Named<'p>> = Vec::new();
    for part in parts {
        let Some(name) = part.name.as_deref() else {
            return Err(vec!["a part has no `Content-Disposition: form-data` with a name".to_owned()]);
        };
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push(part),
            None => groups.push((name, vec![part])),
        }
    }
    Ok(groups)
}

/// The value of the parts of one name.
fn read(
    parts: &[&Part<'_>],
    shapes: Shapes<'_>,
    guides: &[&Value],
    encoding: Option<&Encoding>,
) -> Result<Wire, String> {
    let kinds = shapes.kinds_of_any(guides);
    let mut wires = Vec::with_capacity(parts.len());
    for part in parts {
        check_type(part, encoding)?;
        wires.push(read_part(part, kinds)?);
    }
    match wires.len() {
        1 => wires.pop().ok_or_else(String::new),
        several if !kinds.has(Kinds::ARRAY) => Err(format!("it is given once; it came {several} times")),
        _ => Ok(Wire::List(wires)),
    }
}

fn check_type(part: &Part<'_>, encoding: Option<&Encoding>) -> Result<(), String> {
    let (Some(wanted), Some(came)) =
        (encoding.and_then(|encoding| encoding.content_type.as_ref()), &part.content_type)
    else {
        return Ok(());
    };
    let essence = media::essence(came);
    if wanted.split(',').any(|range| media::in_range(&media::essence(range), &essence)) {
        Ok(())
    } else {
        Err(format!("the document wants it as {wanted}; it came as {came}"))
    }
}

fn read_part(part: &Part<'_>, kinds: Kinds) -> Result<Wire, String> {
    let kind = part.content_type.as_deref().map_or(Kind::Text, |name| Kind::of(&media::essence(name)));
    let structured = kinds.has(Kinds::ARRAY.or(Kinds::OBJECT)) || !kinds.has(Kinds::STRING);
    if kind == Kind::Json && structured {
        let value = serde_json::from_slice(part.body).map_err(|error| format!("it is not JSON: {error}"))?;
        return Ok(Wire::Value(value));
    }
    // A file may hold any bytes; what a schema says of strings is not said of them.
    match std::str::from_utf8(part.body) {
        Ok(text) if kind == Kind::Text && part.file_name.is_none() => Ok(Wire::Text(text.to_owned())),
        _ => Ok(Wire::Value(Value::String(String::from_utf8_lossy(part.body).into_owned()))),
    }
}

/// The form parameters of 2.0, each with a schema of its own.
fn judge_fields(parts: &[Named<'_>], fields: &[Parameter], checks: &Checks) -> Result<Value, Vec<String>> {
    let mut object = Map::new();
    let mut faults = Vec::new();
    for field in fields {
        let ParameterContent::Schema { schema, serialization } = &field.content else { continue };
        let Some((_, came)) = parts.iter().find(|(name, _)| *name == field.name) else {
            if field.required {
                faults.push(format!("the document requires the part `{}`, and it did not come", field.name));
            }
            continue;
        };
        let check = checks.get(schema.as_ref().unwrap_or(&field.location), Direction::Request);
        let is_list = check.shapes().kinds(check.schema()) == Kinds::ARRAY;
        let text = match came.as_slice() {
            [part] if is_list && !serialization.explode => std::str::from_utf8(part.body).ok(),
            _ => None,
        };
        let wire = match text {
            Some(text) => delimited::cut(&field.name, text, *serialization, Form::Array, Coding::Verbatim),
            None => read(came, check.shapes(), &[check.schema()], None),
        };
        let wire = wire.map_err(|message| vec![message]);
        match wire.and_then(|wire| accepted(&check, &[wire])) {
            Ok(value) => drop(object.insert(field.name.clone(), value)),
            Err(messages) => {
                faults.extend(messages.iter().map(|message| format!("the part `{}`: {message}", field.name)));
            }
        }
    }
    for (name, _) in parts {
        if !fields.iter().any(|field| field.name == *name) {
            faults.push(format!("the document declares no part `{name}`"));
        }
    }
    if faults.is_empty() { Ok(Value::Object(object)) } else { Err(faults) }
}
