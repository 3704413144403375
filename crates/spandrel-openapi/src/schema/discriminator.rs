//! What a discriminator says: which value of a member chooses which schema.
//!
//! It changes nothing that a validator decides (OpenAPI 3.1.1, 4.8.25), but without it a model cannot
//! know what to write, and the branches of many documents differ in nothing else, so that `oneOf`
//! would refuse what matches several. So each branch is given the values that choose it, unless it
//! names values itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::SchemaCompiler;
use super::annotation::add_to_description;
use super::lower::{Place, Scope};
use crate::location::Location;

/// The most `allOf` branches that are searched for what a branch says of its discriminator.
const MOST_BRANCHES: usize = 64;
/// The most values that a description lists, and how long each may be.
const MOST_VALUES: usize = 40;
const LONGEST_VALUE: usize = 60;

/// What the discriminator of one choice says.
struct Discriminator<'v> {
    property: &'v str,
    /// The values that the mapping gives to each schema.
    mapped: BTreeMap<Location, Vec<&'v str>>,
    /// The schema of values that nothing else is chosen by (3.2).
    default: Option<Location>,
}

/// What a branch says of the member that chooses it.
#[derive(Default)]
struct Member {
    /// It is no string.
    is_other: bool,
    is_required: bool,
    /// The values that it names itself.
    own: Option<Vec<Value>>,
}

impl Member {
    /// Leaves those of the values that the branch itself accepts; none where it needs no more than it
    /// says already.
    fn narrow(&self, values: &mut Vec<&str>) {
        match &self.own {
            _ if self.is_other => values.clear(),
            None => {}
            Some(own) if own.len() < 2 => values.clear(),
            Some(own) => values.retain(|value| own.iter().any(|own| own == value)),
        }
    }
}

impl SchemaCompiler<'_> {
    /// Gives each of the lowered branches of a `oneOf` or `anyOf` the values that choose it.
    pub(super) fn apply_discriminator(
        &self,
        keyword: &str,
        branches: &Value,
        discriminator: &Value,
        schemas: &mut [Value],
        scope: &Scope<'_, '_>,
    ) {
        let at = scope.place.location();
        let Some(discriminator) = self.discriminator(discriminator, &at) else { return };
        let property = discriminator.property;
        let mut chosen: Vec<&str> = Vec::new();
        let mut default = None;
        for (schema, branch) in schemas.iter_mut().zip(branches.as_array().into_iter().flatten()) {
            let Some(reference) = branch.get("$ref").and_then(Value::as_str) else { continue };
            let Value::Object(schema) = schema else { continue };
            let Ok(location) = self.set.resolve(&at, reference) else { continue };
            if !schema.contains_key("$ref") || schema.len() > 1 {
                continue;
            }
            if discriminator.default.as_ref() == Some(&location) {
                default = Some(schema);
                continue;
            }
            let name = reference.rsplit(['/', '#']).next().unwrap_or(reference);
            let mut values = discriminator.mapped.get(&location).cloned().unwrap_or_default();
            // A mapping may give the implicit name to another schema.
            let is_taken = || discriminator.mapped.values().flatten().any(|value| *value == name);
            if values.is_empty() && !is_taken() {
                values.push(name);
            }
            let member = self.member(branch, property, scope.place);
            member.narrow(&mut values);
            if values.is_empty() {
                continue;
            }
            chosen.extend(&values);
            schema.insert("properties".to_owned(), json!({ (property): {"enum": values} }));
            // `anyOf` accepts a value that says nothing of its kind, and so does each branch that
            // does not ask for it.
            if keyword == "oneOf" || member.is_required {
                schema.insert("required".to_owned(), json!([property]));
            }
        }
        if let Some(schema) = default.filter(|_| keyword == "oneOf" && !chosen.is_empty()) {
            let others = json!({"properties": { (property): {"enum": chosen} }, "required": [property]});
            schema.insert("not".to_owned(), others);
        }
    }

    fn discriminator<'v>(&self, discriminator: &'v Value, at: &Location) -> Option<Discriminator<'v>> {
        let property = discriminator.get("propertyName")?.as_str()?;
        let mut mapped = BTreeMap::<Location, Vec<&str>>::new();
        for (value, target) in mapping(discriminator) {
            if let Some(location) = target.as_str().and_then(|target| self.mapped_schema(target, at)) {
                mapped.entry(location).or_default().push(value);
            }
        }
        let default = discriminator.get("defaultMapping").and_then(Value::as_str);
        let default = default.and_then(|target| self.mapped_schema(target, at));
        Some(Discriminator { property, mapped, default })
    }

    /// The schema that a mapping names, by a URI or by the name of a component.
    fn mapped_schema(&self, target: &str, at: &Location) -> Option<Location> {
        let is_name =
            target.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        if is_name {
            let schemas =
                Location { source: at.source, ..Location::default() }.child("components").child("schemas");
            let named = schemas.child(target);
            if self.set.get(&named).is_some() {
                return Some(named);
            }
        }
        self.set.resolve(at, target).ok()
    }

    fn member(&self, branch: &Value, property: &str, place: &Place<'_>) -> Member {
        let mut member = Member::default();
        self.read_member(
            self.dereferenced(branch, place),
            property,
            place,
            &mut { MOST_BRANCHES },
            &mut member,
        );
        member
    }

    fn read_member(
        &self,
        schema: &Value,
        property: &str,
        place: &Place<'_>,
        left: &mut usize,
        member: &mut Member,
    ) {
        let required = schema.get("required").and_then(Value::as_array);
        member.is_required |= required.is_some_and(|names| names.iter().any(|name| name == property));
        if let Some(found) = schema.get("properties").and_then(|properties| properties.get(property)) {
            let found = self.dereferenced(found, place);
            let is_text = match found.get("type") {
                Some(Value::String(name)) => name == "string",
                Some(Value::Array(names)) => names.iter().any(|name| name == "string"),
                _ => true,
            };
            member.is_other |= !is_text;
            let own = found.get("const").map(std::slice::from_ref);
            let own = own.or_else(|| found.get("enum").and_then(Value::as_array).map(Vec::as_slice));
            if let Some(own) =
                own.filter(|own| member.own.as_ref().is_none_or(|known| own.len() < known.len()))
            {
                member.own = Some(own.to_vec());
            }
        }
        for branch in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let Some(rest) = left.checked_sub(1) else { return };
            *left = rest;
            self.read_member(self.dereferenced(branch, place), property, place, left, member);
        }
    }
}

/// A parent whose children take it over by `allOf` has no choice that could be shown: the description
/// of the member that tells them apart lists the values of the mapping.
pub(super) fn describe_mapping(members: &Map<String, Value>, lowered: &mut Map<String, Value>) {
    if members.contains_key("oneOf") || members.contains_key("anyOf") {
        return;
    }
    let Some(discriminator) = members.get("discriminator") else { return };
    let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else { return };
    let values: Vec<&str> = mapping(discriminator)
        .map(|(value, _)| value.as_str())
        .filter(|value| value.chars().count() <= LONGEST_VALUE)
        .take(MOST_VALUES)
        .collect();
    let member = lowered.get_mut("properties").and_then(|properties| properties.get_mut(property));
    let Some(Value::Object(member)) = member else { return };
    if values.is_empty() || member.contains_key("enum") || member.contains_key("const") {
        return;
    }
    add_to_description(member, format!("Known values: {}.", values.join(", ")));
}

fn mapping(discriminator: &Value) -> impl Iterator<Item = (&String, &Value)> {
    discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten()
}
