//! Keywords that apply schemas: to the members and items of a value, or to the value itself.

use std::collections::BTreeSet;

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
                    self.apply_discriminator(keyword, value, discriminator, schemas, scope);
                }
            }
            "then" | "else" => {
                let schema = scope.place.member(keyword);
                let schema = self.lower_branch(value, &schema, scope);
                lowered.insert(keyword.to_owned(), schema);
            }
            "not" | "if" | "contains" | "propertyNames" => {
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
            let key = match self.pattern_verdict_of_key(keyword, name) {
                pattern::Verdict::Valid => name.clone(),
                pattern::Verdict::Repaired(repaired) => repaired,
                pattern::Verdict::Invalid => {
                    self.report(
                        Code::PatternInvalid,
                        place.member(name).location(),
                        "not a regular expression of ECMA-262; it was left out",
                    );
                    continue;
                }
            };
            let schema = self.lower(entry, &place.member(name), scope.direction, scope.references);
            match kept.get_mut(&key) {
                // Two patterns that are repaired to one hold both.
                Some(other) => *other = json!({"allOf": [other.take(), schema]}),
                None => {
                    kept.insert(key, schema);
                }
            }
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
        if !scope.hidden.is_empty() {
            ask_for_less(&mut schema, &scope.hidden);
        }
        schema
    }
}

/// Takes properties that this direction does not carry out of `required`, which may stand in a branch
/// beside them, or in a branch of that.
fn ask_for_less(schema: &mut Value, hidden: &BTreeSet<String>) {
    let Value::Object(members) = schema else { return };
    if let Some(Value::Array(required)) = members.get_mut("required") {
        required.retain(|name| name.as_str().is_none_or(|name| !hidden.contains(name)));
        if required.is_empty() {
            members.shift_remove("required");
        }
    }
    for keyword in ["allOf", "anyOf", "oneOf", "then", "else"] {
        match members.get_mut(keyword) {
            Some(Value::Array(branches)) => {
                for branch in branches {
                    ask_for_less(branch, hidden);
                }
            }
            Some(branch) => ask_for_less(branch, hidden),
            None => {}
        }
    }
}
