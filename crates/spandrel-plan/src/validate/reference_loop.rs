//! Schemas that never end: a validator would follow their references for ever.
//!
//! A compiler writes none. Custom tools and lock files come with schemas of their own.

use std::collections::HashSet;

use serde_json::Value;

/// Keywords whose schemas apply to the same value.
const IN_PLACE: [&str; 8] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];
/// The most references and applicators from one value to the same value.
const LONGEST: usize = 64;

/// Whether `schema` has a chain of references and applicators to one value that never ends, is very long, or
/// cannot be followed.
pub(super) fn has_loop(schema: &Value) -> bool {
    let mut search = Search { root: schema, ended: HashSet::new(), open: Vec::new() };
    !search.ends_below(schema)
}

struct Search<'s> {
    root: &'s Value,
    /// Schemas whose chains all end, by their address.
    ended: HashSet<*const Value>,
    /// The chain that is followed.
    open: Vec<*const Value>,
}

impl<'s> Search<'s> {
    /// Whether the chains of every schema within `value` end. What is no schema is looked at like one: that
    /// costs time only.
    fn ends_below(&mut self, value: &'s Value) -> bool {
        match value {
            Value::Object(members) => {
                self.ends(value) && members.values().all(|member| self.ends_below(member))
            }
            Value::Array(items) => items.iter().all(|item| self.ends_below(item)),
            _ => true,
        }
    }

    fn ends(&mut self, schema: &'s Value) -> bool {
        let Value::Object(members) = schema else { return true };
        let address = std::ptr::from_ref(schema);
        if self.ended.contains(&address) {
            return true;
        }
        if self.open.contains(&address) || self.open.len() >= LONGEST || members.contains_key("$dynamicRef") {
            return false;
        }
        self.open.push(address);
        let applied = IN_PLACE.iter().filter_map(|keyword| members.get(*keyword));
        let ends = self.target_ends(members.get("$ref"))
            && applied.into_iter().all(|applied| match applied {
                Value::Array(schemas) => schemas.iter().all(|schema| self.ends(schema)),
                Value::Object(named) => {
                    self.ends(applied)
                        && named.values().all(|schema| !schema.is_object() || self.ends(schema))
                }
                _ => true,
            });
        self.open.pop();
        if ends {
            self.ended.insert(address);
        }
        ends
    }

    /// Whether the chain behind a reference ends; one that leads nowhere is for the validator to refuse.
    fn target_ends(&mut self, reference: Option<&Value>) -> bool {
        let Some(reference) = reference else { return true };
        let Some(pointer) = reference.as_str().and_then(|text| text.strip_prefix('#')) else { return false };
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return false;
        }
        let root = self.root;
        // A pointer in a fragment is percent-encoded.
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
        root.pointer(&pointer).is_none_or(|target| self.ends(target))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{LONGEST, has_loop};

    #[test]
    fn loops_are_told_from_recursion() {
        let table = [
            (json!({"$ref": "#"}), true),
            (json!({"allOf": [{"$ref": "#"}]}), true),
            (json!({"not": {"$ref": "#"}}), true),
            (
                json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{}, {"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}}),
                true,
            ),
            (
                json!({"$defs": {"a b": {"$ref": "#/$defs/a%20b"}}, "properties": {"x": {"$ref": "#/$defs/a%20b"}}}),
                true,
            ),
            (json!({"dependentSchemas": {"x": {"$ref": "#"}}}), true),
            (json!({"properties": {"x": {"$ref": "#"}}, "items": {"$ref": "#"}}), false),
            (json!({"anyOf": [{"type": "null"}, {"properties": {"next": {"$ref": "#"}}}]}), false),
            (json!({"$ref": "#/$defs/nowhere"}), false),
            (json!({"$ref": "https://elsewhere.example"}), true),
            (json!({"$ref": "#anchor", "$anchor": "anchor"}), true),
            (json!({"$dynamicRef": "#x"}), true),
            (json!(true), false),
        ];
        for (schema, expected) in table {
            assert_eq!(has_loop(&schema), expected, "{schema}");
        }
        let chain = |length: usize| {
            let link = |at: usize| (at.to_string(), json!({"$ref": format!("#/$defs/{}", at + 1)}));
            let mut links: serde_json::Map<String, Value> = (0..length).map(link).collect();
            links.insert(length.to_string(), json!({}));
            json!({"$ref": "#/$defs/0", "$defs": links})
        };
        assert!(!has_loop(&chain(LONGEST - 3)));
        assert!(has_loop(&chain(LONGEST + 3)));
    }
}
