//! Keywords that apply schemas: to the members and items of a value, or to the value itself.

use serde_json::{Map, Value, json};

use super::lower::{Place, Scope};
use super::{SchemaCompiler, pattern};
use crate::diagnostic::Code;
use crate::model::SpecVersion;

impl SchemaCompiler<'_> {
    pub(super) fn lower_applicator(
        &mut self,
        keyword: &str,
        value: &Value,
        members: &Map<String, Value>,
        lowered: &mut Map<String, Value>,
        scope: &mut Scope<'_, '_>,
    ) {
        match keyword {
            "properties" => self.lower_properties(value, lowered, scope),
            "patternProperties" | "dependentSchemas" => self.lower_map(keyword, value, lowered, scope),
            "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems" => match value {
                Value::Bool(false) => {
                    lowered.insert(keyword.to_owned(), Value::Bool(false));
                }
                // What accepts everything is the default, unless `unevaluatedProperties` asks: it is
                // no keyword before 3.1.
                Value::Bool(true)
                    if keyword == "additionalProperties" && self.version <= SpecVersion::V3_0 => {}
                _ => {
                    let schema = self.lower_below(keyword, value, scope);
                    lowered.insert(keyword.to_owned(), schema);
                }
            },
            "items" => match value {
                // Before 2020-12, a list of schemas is a tuple.
                Value::Array(_) => {
                    self.lower_list(keyword, "prefixItems", value, lowered, scope);
                    match members.get("additionalItems") {
                        None | Some(Value::Bool(true)) => {}
                        Some(Value::Bool(false)) => {
                            lowered.insert("items".to_owned(), Value::Bool(false));
                        }
                        Some(rest) => {
                            let rest = self.lower_below("additionalItems", rest, scope);
                            lowered.insert("items".to_owned(), rest);
                        }
                    }
                }
                Value::Bool(false) => {
                    lowered.insert("items".to_owned(), Value::Bool(false));
                }
                _ => {
                    let schema = self.lower_below(keyword, value, scope);
                    lowered.insert("items".to_owned(), schema);
                }
            },
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                self.lower_list(keyword, keyword, value, lowered, scope);
                let discriminator =
                    members.get("discriminator").filter(|_| matches!(keyword, "oneOf" | "anyOf"));
                if let Some((discriminator, Value::Array(schemas))) =
                    discriminator.zip(lowered.get_mut(keyword))
                {
                    self.apply_discriminator(value, discriminator, schemas, scope);
                }
            }
            "not" | "if" | "then" | "else" | "contains" | "propertyNames" => {
                let schema = self.lower_below(keyword, value, scope);
                lowered.insert(keyword.to_owned(), schema);
            }
            // Everything else is no keyword of 2020-12 that says anything of a value here:
            // extensions, `xml`, `externalDocs`, `$defs` (reached by reference), `nullable` and
            // `discriminator` (read with the others), `readOnly` (read by the parent).
            _ => {}
        }
    }

    fn lower_below(&mut self, keyword: &str, value: &Value, scope: &mut Scope<'_, '_>) -> Value {
        let place = scope.place.member(keyword);
        self.lower(value, &place, scope.direction, scope.references)
    }

    fn lower_properties(
        &mut self,
        value: &Value,
        lowered: &mut Map<String, Value>,
        scope: &mut Scope<'_, '_>,
    ) {
        let Value::Object(properties) = value else {
            return self.invalid("properties", "must be an object", scope);
        };
        let place = scope.place.member("properties");
        let mut kept = Map::new();
        for (name, property) in properties {
            if scope.hidden.contains(name) {
                continue;
            }
            let schema = self.lower(property, &place.member(name), scope.direction, scope.references);
            kept.insert(name.clone(), schema);
        }
        lowered.insert("properties".to_owned(), Value::Object(kept));
    }

    fn lower_map(
        &mut self,
        keyword: &str,
        value: &Value,
        lowered: &mut Map<String, Value>,
        scope: &mut Scope<'_, '_>,
    ) {
        let Value::Object(entries) = value else {
            return self.invalid(keyword, "must be an object", scope);
        };
        let place = scope.place.member(keyword);
        let mut kept = Map::new();
        for (name, entry) in entries {
            let name = match (keyword, self.pattern_verdict_of_key(keyword, name)) {
                (_, pattern::Verdict::Valid) => name.clone(),
                (_, pattern::Verdict::Repaired(repaired)) => repaired,
                (_, pattern::Verdict::Invalid) => {
                    self.report(
                        Code::PatternInvalid,
                        place.member(name).location(),
                        "not a regular expression of ECMA-262; it was left out",
                    );
                    continue;
                }
            };
            let schema = self.lower(entry, &place.member(&name), scope.direction, scope.references);
            kept.insert(name, schema);
        }
        lowered.insert(keyword.to_owned(), Value::Object(kept));
    }

    fn pattern_verdict_of_key(&mut self, keyword: &str, name: &str) -> pattern::Verdict {
        if keyword == "patternProperties" { self.pattern_verdict(name) } else { pattern::Verdict::Valid }
    }

    fn lower_list(
        &mut self,
        keyword: &str,
        target: &str,
        value: &Value,
        lowered: &mut Map<String, Value>,
        scope: &mut Scope<'_, '_>,
    ) {
        let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
            return self.invalid(keyword, "must be a list with at least one schema", scope);
        };
        let place = scope.place.member(keyword);
        let schemas = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.lower_branch(item, &place.item(index), scope))
            .collect();
        lowered.insert(target.to_owned(), Value::Array(schemas));
    }

    fn lower_branch(&mut self, item: &Value, place: &Place<'_>, scope: &mut Scope<'_, '_>) -> Value {
        let mut schema = self.lower(item, place, scope.direction, scope.references);
        // A `required` beside the property that this direction does not carry may stand in a branch.
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|name| name.as_str().is_none_or(|name| !scope.hidden.contains(name)));
            if required.is_empty()
                && let Some(members) = schema.as_object_mut()
            {
                members.shift_remove("required");
            }
        }
        schema
    }
}

/// The most `allOf` branches that are searched for what a branch says of its discriminator.
const MOST_BRANCHES: usize = 64;

impl SchemaCompiler<'_> {
    /// A discriminator says which branch holds. Branches often differ in nothing else, so each is
    /// given the values that choose it: else `oneOf` would refuse what matches several. A branch
    /// that names its values itself keeps them, unless the mapping says otherwise.
    fn apply_discriminator(
        &self,
        branches: &Value,
        discriminator: &Value,
        schemas: &mut [Value],
        scope: &Scope<'_, '_>,
    ) {
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else { return };
        for (schema, branch) in schemas.iter_mut().zip(branches.as_array().into_iter().flatten()) {
            let Some(reference) = branch.get("$ref").and_then(Value::as_str) else { continue };
            let Value::Object(schema) = schema else { continue };
            let mapped = mapped_values(discriminator, reference);
            let target = self.dereferenced(branch, scope.place);
            if !schema.contains_key("$ref")
                || schema.len() > 1
                || (mapped.is_empty()
                    && self.names_values(target, property, scope.place, &mut { MOST_BRANCHES }))
            {
                continue;
            }
            let name = reference.rsplit('/').next().unwrap_or(reference).to_owned();
            let values = if mapped.is_empty() { vec![name] } else { mapped };
            schema.insert("properties".to_owned(), json!({ (property): {"enum": values} }));
            schema.insert("required".to_owned(), json!([property]));
        }
    }

    /// Whether `schema` itself says which values its member `property` may have.
    fn names_values(&self, schema: &Value, property: &str, place: &Place<'_>, left: &mut usize) -> bool {
        let member = schema.get("properties").and_then(|properties| properties.get(property));
        let member = member.map(|member| self.dereferenced(member, place));
        let named =
            member.is_some_and(|member| member.get("enum").is_some() || member.get("const").is_some());
        let mut branches = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        named
            || branches.any(|branch| {
                let Some(rest) = left.checked_sub(1) else { return false };
                *left = rest;
                self.names_values(self.dereferenced(branch, place), property, place, left)
            })
    }
}

/// The values that the mapping gives to the branch `reference`, by its URL or its name.
fn mapped_values(discriminator: &Value, reference: &str) -> Vec<String> {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let leads_here =
        |target: &Value| target.as_str().is_some_and(|target| target == reference || target == name);
    mapping
        .into_iter()
        .flatten()
        .filter(|(_, target)| leads_here(target))
        .map(|(value, _)| value.clone())
        .collect()
}
