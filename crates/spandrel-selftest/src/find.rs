//! Finding arguments, and their schemas.

use serde_json::{Map, Value};

/// The argument at `path`: its keys, outermost first.
pub(crate) fn find<'a>(arguments: &'a mut Map<String, Value>, path: &[String]) -> Option<&'a mut Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(arguments.get_mut(first)?, |value, key| value.get_mut(key))
}

/// The schema of the argument at `path`.
pub(crate) fn property<'a>(schema: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(schema, |schema, key| schema.get_mut("properties")?.get_mut(key))
}
