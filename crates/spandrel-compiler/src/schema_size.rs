//! A bound on how large a tool's schema may become.
//!
//! A request that reaches most of a large document brings all of it along, and so does the next
//! tool. Beyond the bound, definitions that are far from the arguments accept anything: the API
//! still judges what is sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

/// The most bytes of definitions that one tool carries, as JSON text. The largest request of the
/// documents that are known needs two thirds of it.
pub(crate) const MOST_BYTES: usize = 3_000_000;
/// The same, once the catalog as a whole has grown to [`LARGE_CATALOG`].
pub(crate) const MOST_BYTES_IN_LARGE_CATALOG: usize = 20_000;
/// The bytes of all schemas from which on tools are held to the smaller bound.
pub(crate) const LARGE_CATALOG: usize = 256_000_000;

/// The definitions that `root` reaches, nearest first, as far as `limit` goes; those beyond it are
/// replaced by the schema that accepts everything.
pub(crate) fn within(
    root: &Map<String, Value>,
    definitions: &BTreeMap<String, Arc<Value>>,
    limit: usize,
) -> BTreeMap<String, Arc<Value>> {
    let mut kept = BTreeMap::new();
    let mut left = limit;
    let mut queue = VecDeque::new();
    root.values().for_each(|member| references(member, &mut queue));
    let mut seen = BTreeSet::new();
    while let Some(name) = queue.pop_front() {
        let Some((name, definition)) = definitions.get_key_value(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        let size = definition.to_string().len();
        if size > left {
            kept.insert(name.clone(), Arc::new(Value::Object(Map::new())));
            continue;
        }
        left -= size;
        references(definition, &mut queue);
        kept.insert(name.clone(), Arc::clone(definition));
    }
    kept
}

/// The names of the definitions that `schema` refers to, in the order in which they stand there.
fn references<'v>(schema: &'v Value, names: &mut VecDeque<&'v str>) {
    match schema {
        Value::Object(members) => {
            for (keyword, member) in members {
                match (keyword.as_str(), member) {
                    ("$ref", Value::String(reference)) => names.extend(reference.strip_prefix("#/$defs/")),
                    // Data is not schema, whatever it looks like.
                    ("const" | "enum" | "default" | "examples", _) => {}
                    _ => references(member, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde_json::json;

    use super::within;

    #[test]
    fn the_nearest_definitions_are_kept() {
        let definitions: BTreeMap<_, _> = [
            ("Far", json!({"type": "string", "description": "a long description of this"})),
            ("Near", json!({"items": {"$ref": "#/$defs/Far"}, "const": {"$ref": "#/$defs/Unused"}})),
            ("Unused", json!({})),
        ]
        .map(|(name, schema)| (name.to_owned(), Arc::new(schema)))
        .into();
        let root = json!({"properties": {"a": {"$ref": "#/$defs/Near"}}});
        let root = root.as_object().cloned().unwrap_or_default();
        let names = |limit| {
            within(&root, &definitions, limit)
                .into_iter()
                .map(|(name, schema)| (name, schema.to_string().len() > 2))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(1_000), [("Far".to_owned(), true), ("Near".to_owned(), true)]);
        assert_eq!(names(90), [("Far".to_owned(), false), ("Near".to_owned(), true)]);
        assert_eq!(names(1), [("Near".to_owned(), false)]);
    }
}
