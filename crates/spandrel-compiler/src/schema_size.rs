//! A bound on how large a tool's schema may become.
//!
//! A request that reaches most of a large document brings all of it along, and so does the next
//! tool. Beyond the bound, definitions that are far from the arguments accept anything: the API
//! still judges what is sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::schema_text::SchemaTexts;

/// The most bytes of definitions that one tool carries, as JSON text. The largest request of the
/// documents that are known needs two thirds of it.
const MOST_BYTES: usize = 3_000_000;
/// The bytes of all tools from which on a catalog is large.
pub(crate) const LARGE_CATALOG: usize = 256_000_000;
/// How many times the bytes of a catalog its tools may take before each is held to less, and to how
/// much.
const IN_LARGE_CATALOG: [(usize, usize); 3] = [(3, 200), (2, 2_000), (1, 20_000)];
/// What an argument takes beside its schema, in bytes: its names, and its place in the plan.
const BYTES_OF_ARGUMENT: usize = 256;

/// What the tools of a catalog take so far.
#[derive(Debug)]
pub(crate) struct CatalogSize {
    bytes: usize,
    /// From how many bytes on a catalog is large.
    large: usize,
}

impl CatalogSize {
    /// Nothing yet, of a catalog that is large from `large` bytes on.
    pub(crate) const fn new(large: usize) -> Self {
        Self { bytes: 0, large }
    }

    /// The most bytes of schema that the next tool may carry.
    pub(crate) fn limit(&self) -> usize {
        let is_reached = |times: usize| self.bytes >= self.large.saturating_mul(times);
        let reached = IN_LARGE_CATALOG.into_iter().find(|(times, _)| is_reached(*times));
        reached.map_or(MOST_BYTES, |(_, limit)| limit)
    }

    /// Notes a tool with `schemas` bytes of schemas.
    pub(crate) fn add(&mut self, schemas: usize, arguments: usize) {
        let arguments = arguments.saturating_mul(BYTES_OF_ARGUMENT);
        self.bytes = self.bytes.saturating_add(schemas).saturating_add(arguments);
    }
}

/// Lets those properties of `root` accept anything that are beyond `limit` bytes of JSON text. No
/// property goes: there is an argument for each.
pub(crate) fn cut_properties(root: &mut Map<String, Value>, limit: usize) {
    let Some(Value::Object(properties)) = root.get_mut("properties") else { return };
    let mut left = limit;
    for schema in properties.values_mut() {
        match left.checked_sub(schema.to_string().len()) {
            Some(rest) => left = rest,
            None => *schema = Value::Object(Map::new()),
        }
    }
}

/// The definitions that `root` reaches, nearest first, as far as `limit` goes; those beyond it are
/// replaced by the schema that accepts everything.
pub(crate) fn within(
    root: &Map<String, Value>,
    definitions: &BTreeMap<String, Arc<Value>>,
    limit: usize,
    texts: &mut SchemaTexts,
) -> BTreeMap<String, Arc<Value>> {
    let anything = Arc::new(Value::Object(Map::new()));
    let mut kept = BTreeMap::new();
    let mut left = limit;
    let mut queue = VecDeque::new();
    root.values().for_each(|member| references(member, &mut queue));
    let mut seen = BTreeSet::new();
    while let Some(name) = queue.pop_front() {
        let Some((name, definition)) = definitions.get_key_value(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        let Some(rest) = left.checked_sub(texts.length_of(definition)) else {
            kept.insert(name.clone(), Arc::clone(&anything));
            continue;
        };
        left = rest;
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

    use super::{CatalogSize, LARGE_CATALOG, MOST_BYTES, cut_properties, within};
    use crate::schema_text::SchemaTexts;

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
            within(&root, &definitions, limit, &mut SchemaTexts::default())
                .into_iter()
                .map(|(name, schema)| (name, schema.to_string().len() > 2))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(1_000), [("Far".to_owned(), true), ("Near".to_owned(), true)]);
        assert_eq!(names(90), [("Far".to_owned(), false), ("Near".to_owned(), true)]);
        assert_eq!(names(1), [("Near".to_owned(), false)]);
    }

    #[test]
    fn properties_beyond_the_limit_accept_anything() {
        let mut root = json!({"properties": {"a": {"type": "string"}, "b": {"type": "integer"}, "c": {}}});
        let Some(members) = root.as_object_mut() else { return };
        cut_properties(members, 20);
        assert_eq!(root, json!({"properties": {"a": {"type": "string"}, "b": {}, "c": {}}}));
    }

    #[test]
    fn the_larger_the_catalog_the_smaller_its_next_tool() {
        let mut size = CatalogSize::new(LARGE_CATALOG);
        let mut limits = vec![size.limit()];
        for bytes in [255_999_743, 1, 256_000_000, 256_000_000] {
            size.add(bytes, usize::from(limits.len() == 1));
            limits.push(size.limit());
        }
        assert_eq!(limits, [MOST_BYTES, MOST_BYTES, 20_000, 2_000, 200]);
    }
}
